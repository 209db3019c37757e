// Package config is the only place that reads the environment: defaults, then a
// TOML file, then GONGKAI_* variables, into one value.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"gongkai/kernel/fault"
)

// Config is everything that can be set. A key is the path of the names in
// lower case joined by dots (smtp.host); its variable is GONGKAI_SMTP_HOST. The
// tag "help" is printed in docs/config.md.
type Config struct {
	Listen   string `koanf:"listen" help:"监听地址"`
	Data     string `koanf:"data" help:"数据目录：数据库、文件、密钥"`
	Database string `koanf:"database" help:"数据库地址：sqlite:文件 或 postgres://…；缺省为数据目录下的 gongkai.db"`
	Keyring  string `koanf:"keyring" help:"密钥文件；缺省为数据目录下的 keys/keyring，正式使用时请放到另一块磁盘"`
	Site     string `koanf:"site" help:"对外网址，例如 https://zwgk.example.gov.cn；写入邮件和消息中的链接"`
	Proxies  string `koanf:"proxies" help:"可信的反向代理地址段，空格分开"`
	Allow    string `koanf:"allow" help:"允许抓取的内部地址（主机:端口 或地址段），空格分开"`
	Control  string `koanf:"control" help:"定时打开网站首页时的对照网址，空格分开；至少两个，本机线路中断时不记为网站故障"`
	Browser  bool   `koanf:"browser" help:"检查网站时，服务器上装有 Chromium 就用它打开由脚本填充的页面、留存截图"`
	Rate     int    `koanf:"rate" help:"同一网络地址每秒请求数上限，瞬时可达十倍"`
	Log      string `koanf:"log" help:"日志格式：text 或 json"`

	District District `koanf:"district"`
	Account  Account  `koanf:"account"`

	S3   S3   `koanf:"s3"`
	SMTP SMTP `koanf:"smtp"`
	SMS  SMS  `koanf:"sms"`
	OIDC OIDC `koanf:"oidc"`
}

// District is whose platform this is, and what the foot of a government site
// must say of it.
type District struct {
	Name       string `koanf:"name" help:"区县名称，例如 江澄区"`
	Parent     string `koanf:"parent" help:"上级行政区名称，例如 重庆市；用于识别单位全称"`
	Government string `koanf:"government" help:"政府名称；缺省为区县名称加“人民政府”"`
	Office     string `koanf:"office" help:"统筹政务公开的单位名称"`
	Sponsor    string `koanf:"sponsor" help:"主办单位"`
	Keeper     string `koanf:"keeper" help:"承办单位"`
	Code       string `koanf:"code" help:"政府网站标识码"`
	ICP        string `koanf:"icp" help:"网站备案号"`
	Police     string `koanf:"police" help:"公安备案号"`
	Contact    string `koanf:"contact" help:"联系方式"`
}

// Account is how people sign in.
type Account struct {
	TOTP bool `koanf:"totp" help:"三员登录必须使用动态口令；只有演示和开发时才可关闭"`
}

// S3 is a store of files on an S3 protocol; without an endpoint files are kept
// in the data folder.
type S3 struct {
	Endpoint string `koanf:"endpoint" help:"S3 服务地址（主机:端口）；不填则文件存放在数据目录"`
	Bucket   string `koanf:"bucket" help:"存储桶"`
	Key      string `koanf:"key" help:"访问标识"`
	Secret   string `koanf:"secret" help:"访问密钥"`
	TLS      bool   `koanf:"tls" help:"使用 HTTPS"`
}

// SMTP is the mail server; without a host no mail is sent.
type SMTP struct {
	Host string `koanf:"host" help:"邮件服务器；不填则不发邮件"`
	Port int    `koanf:"port" help:"端口"`
	User string `koanf:"user" help:"账号"`
	Pass string `koanf:"pass" help:"密码"`
	From string `koanf:"from" help:"发件人地址"`
	TLS  string `koanf:"tls" help:"加密方式：tls（一开始就加密，常用端口 465）、starttls（先连接再加密，常用端口 587）或 none（不加密，只用于本机）；不填则端口 465 用 tls，其他端口用 starttls"`
}

// Encryption is how the connection is encrypted: TLS as set, else what is usual on
// the port.
func (s SMTP) Encryption() string {
	switch {
	case s.TLS != "":
		return s.TLS
	case s.Port == 465:
		return "tls"
	}
	return "starttls"
}

// SMS is a gateway for text messages; without a base no message is sent.
type SMS struct {
	Base     string `koanf:"base" help:"短信服务网址；不填则不发短信"`
	Key      string `koanf:"key" help:"访问标识"`
	Secret   string `koanf:"secret" help:"访问密钥"`
	Sign     string `koanf:"sign" help:"短信签名"`
	Template string `koanf:"template" help:"短信模板代码"`
}

// OIDC is a provider for single sign-on; without an issuer there is none.
type OIDC struct {
	Issuer string `koanf:"issuer" help:"单点登录服务网址；不填则只用本平台账号"`
	Client string `koanf:"client" help:"客户端标识"`
	Secret string `koanf:"secret" help:"客户端密钥"`
	Title  string `koanf:"title" help:"登录按钮上的名称"`
	Number string `koanf:"number" help:"身份信息中存放工号的字段名称，例如 employee_number；填写后，首次登录的人员按工号自动关联，不填则由安全管理员逐个关联"`
}

// Default is what holds when nothing is set.
func Default() Config {
	return Config{Listen: "127.0.0.1:8080", Data: "data", Log: "text", Browser: true, Rate: 50, Control: "https://www.gov.cn https://www.miit.gov.cn",
		District: District{Office: "区政府办公室"}, Account: Account{TOTP: true},
		SMTP: SMTP{Port: 465}, OIDC: OIDC{Title: "单点登录"}}
}

// Load reads the configuration. path is the file given by hand, which must
// exist; "" takes gongkai.toml in the data folder when there is one. Keys nobody
// knows are refused: a typing mistake must not be silent.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	known := map[string]bool{}
	for _, k := range Keys() {
		known[k.Name] = true
	}
	vars := koanf.New(".")
	if err := vars.Load(env.Provider(".", env.Opt{Prefix: prefix, EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, prefix)), "_", ".")
			if !known[key] {
				return "", nil // GONGKAI_CONFIG, GONGKAI_TEST_…: not ours to refuse
			}
			return key, value
		}}), nil); err != nil {
		return c, err
	}
	must := path != ""
	if !must {
		data := c.Data
		if d := vars.String("data"); d != "" {
			data = d
		}
		path = filepath.Join(data, "gongkai.toml")
	}
	all := koanf.New(".")
	switch err := all.Load(file.Provider(path), toml.Parser()); {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && !must:
	case errors.Is(err, fs.ErrNotExist):
		return c, fault.Wrap(err, fault.NotFound, "找不到配置文件 "+path)
	default:
		return c, fault.Wrap(err, fault.Invalid, fmt.Sprintf("配置文件 %s 有语法错误：%v", path, err))
	}
	for _, key := range all.Keys() {
		if !known[key] {
			return c, fault.Newf(fault.Invalid, "配置文件 %s 中没有“%s”这一项，请检查拼写；全部配置项见 docs/config.md", path, key)
		}
	}
	if err := all.Merge(vars); err != nil {
		return c, err
	}
	if err := all.UnmarshalWithConf("", &c, koanf.UnmarshalConf{Tag: "koanf"}); err != nil {
		return c, fault.Wrap(err, fault.Invalid, misread(err))
	}
	return c, c.valid()
}

// unread is how koanf's decoder says that a value is not of its kind.
var unread = regexp.MustCompile(`'([a-z0-9.]+)' (?:cannot parse value as|expected type) '(\w+)'`)

// misread says in Chinese which value could not be read.
func misread(err error) string {
	m := unread.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Sprintf("配置有误：%v", err)
	}
	kind := map[string]string{"int": "整数", "bool": "true 或 false", "string": "带引号的文字"}[m[2]]
	return fmt.Sprintf("配置有误：配置项 %s 应当是%s", m[1], kind)
}

// valid refuses words that no room understands.
func (c Config) valid() error {
	scheme, _, _ := strings.Cut(c.DatabaseURL(), ":")
	switch {
	case scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql":
		return fault.New(fault.Invalid, "配置项 database 没有看懂，请写 sqlite:文件 或 postgres://用户@主机/库名") // without its value, which may hold a password
	case c.SMTP.TLS != "" && c.SMTP.TLS != "tls" && c.SMTP.TLS != "starttls" && c.SMTP.TLS != "none":
		return fault.Newf(fault.Invalid, "配置项 smtp.tls 是“%s”，请写 tls（一开始就加密，常用端口 465）、starttls（先连接再加密，常用端口 587）或 none（不加密，只用于本机的邮件服务）", c.SMTP.TLS)
	case c.Log != "text" && c.Log != "json":
		return fault.Newf(fault.Invalid, "配置项 log 是“%s”，请写 text 或 json", c.Log)
	}
	return nil
}

// FromEnvironment is Load with the environment of the process.
func FromEnvironment(path string) (Config, error) { return Load(path, os.Environ()) }

const prefix = "GONGKAI_"

// DatabaseURL is where the database is.
func (c Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "gongkai.db")
}

// KeyringPath is where the keys are.
func (c Config) KeyringPath() string {
	if c.Keyring != "" {
		return c.Keyring
	}
	return filepath.Join(c.Data, "keys", "keyring")
}

// Key is one thing that can be set.
type Key struct {
	Name, Variable, Default, Help string
}

// Keys lists everything that can be set, in the order of Config.
func Keys() []Key {
	var out []Key
	collect(reflect.ValueOf(Default()), "", &out)
	return out
}

func collect(v reflect.Value, path string, out *[]Key) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := path + f.Tag.Get("koanf")
		if f.Type.Kind() == reflect.Struct {
			collect(v.Field(i), name+".", out)
			continue
		}
		def := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).IsZero() {
			def = ""
		}
		*out = append(*out, Key{name, prefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_")), def, f.Tag.Get("help")})
	}
}

// Markdown is the table of docs/config.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| 配置项 | 环境变量 | 缺省 | 说明 |\n| --- | --- | --- | --- |\n")
	for _, k := range Keys() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", k.Name, k.Variable, k.Default, k.Help)
	}
	return b.String()
}
