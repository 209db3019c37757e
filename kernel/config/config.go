// Package config is what an administrator may set. A later source wins:
// defaults, a TOML file, environment variables GONGKAI_*, flags. A key that
// nobody knows is refused, so that a slip of the pen is not silently ignored.
//
//	c, err := config.Load(config.Sources{File: cli.Config, Environ: os.Environ(), Flags: map[string]string{"listen": cli.Listen}})
//
// Keys have no underscore: GONGKAI_S3_BUCKET is s3.bucket. docs/config.md is
// printed by Table from the tags below.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"gongkai/kernel/fault"
	"gongkai/kernel/secret"
)

// Config is everything that can be set.
type Config struct {
	Listen   string        `koanf:"listen" default:"127.0.0.1:8080" doc:"监听地址和端口"`
	Address  string        `koanf:"address" doc:"对外的网址，如 https://gk.example.gov.cn；邮件、消息里的链接由它开头。缺省由监听地址得出"`
	Proxies  string        `koanf:"proxies" doc:"前置代理的地址或网段，逗号分隔；只相信它们转来的访问者地址"`
	Data     string        `koanf:"data" default:"data" doc:"数据目录：数据库、文件、密钥等的缺省位置"`
	Database string        `koanf:"database" doc:"数据库：sqlite:文件 或 postgres://用户:口令@主机/库。缺省为数据目录下的 gongkai.db"`
	Deadline time.Duration `koanf:"deadline" default:"30s" doc:"一次保存最长用时，超过即放弃并提示重试"`
	Files    string        `koanf:"files" doc:"附件存放：一个目录，或 s3（见 s3.*）。缺省为数据目录下的 files"`

	S3 struct {
		Endpoint string      `koanf:"endpoint" doc:"S3 存储的主机和端口"`
		Bucket   string      `koanf:"bucket" doc:"桶，须已建好"`
		Region   string      `koanf:"region" doc:"区域"`
		Access   string      `koanf:"access" doc:"访问标识"`
		Secret   secret.Text `koanf:"secret" doc:"访问密钥"`
		Plain    bool        `koanf:"plain" default:"false" doc:"true 时用 http 而不是 https"`
		Prefix   string      `koanf:"prefix" doc:"名称前缀，与他人共用一个桶时填写"`
	} `koanf:"s3"`

	Keys struct {
		Ring  string `koanf:"ring" doc:"个人信息加密的密钥文件，应与数据库分开备份。缺省为数据目录下的 keys/ring"`
		Audit string `koanf:"audit" doc:"审计检查点的签名私钥（SM2）。缺省为数据目录下的 keys/audit.pem"`
	} `koanf:"keys"`

	SMTP struct {
		Host     string      `koanf:"host" doc:"邮件服务器；空则不发邮件"`
		Port     int         `koanf:"port" default:"465" doc:"邮件服务器端口"`
		Security string      `koanf:"security" default:"tls" doc:"tls（一开始就加密）、starttls 或 none"`
		User     string      `koanf:"user" doc:"登录名；空则不登录"`
		Password secret.Text `koanf:"password" doc:"登录口令"`
		From     string      `koanf:"from" doc:"发件人地址"`
	} `koanf:"smtp"`

	Webhook struct {
		URL    string      `koanf:"url" doc:"群机器人（企业微信、钉钉等）的推送地址；空则不推送"`
		Secret secret.Text `koanf:"secret" doc:"推送的签名密钥"`
	} `koanf:"webhook"`

	SMS struct {
		URL      string      `koanf:"url" doc:"短信网关的网址；空则不发短信"`
		User     string      `koanf:"user" doc:"短信网关账号"`
		Password secret.Text `koanf:"password" doc:"短信网关口令"`
		Sign     string      `koanf:"sign" doc:"短信签名"`
	} `koanf:"sms"`

	OIDC struct {
		Issuer string      `koanf:"issuer" doc:"统一身份认证（OpenID Connect）的签发者网址；空则只用本地账号"`
		Client string      `koanf:"client" doc:"在认证平台登记的客户端标识"`
		Secret secret.Text `koanf:"secret" doc:"客户端密钥"`
		Title  string      `koanf:"title" default:"统一身份认证" doc:"登录页按钮上的文字"`
	} `koanf:"oidc"`

	Log struct {
		Level  string `koanf:"level" default:"info" doc:"debug、info、warn 或 error"`
		Format string `koanf:"format" default:"text" doc:"text 或 json"`
	} `koanf:"log"`
}

// Sources are where values come from, besides the defaults.
type Sources struct {
	File    string            // a TOML file that must exist; "" for gongkai.toml in the data folder, if it is there
	Environ []string          // "NAME=value" of the process
	Flags   map[string]string // by key; an empty value counts as not given
}

const prefix = "GONGKAI_"

// reserved are variables that are no settings: the file's own path, and what
// tests and benchmarks look at.
func reserved(name string) bool {
	return name == "CONFIG" || strings.HasPrefix(name, "TEST_") || strings.HasPrefix(name, "BENCH_")
}

// Load reads and checks all sources. Wrong input is a fault.Invalid that names
// the key and what to do.
func Load(from Sources) (Config, error) {
	k := koanf.New(".")
	known := settings()
	for _, s := range known {
		if s.standard != "" {
			if err := k.Set(s.key, s.standard); err != nil {
				return Config{}, err
			}
		}
	}
	path := from.File
	if path == "" {
		path = filepath.Join(dataFolder(from), "gongkai.toml")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			path = ""
		}
	}
	if path != "" {
		if err := k.Load(file.Provider(path), toml.Parser()); errors.Is(err, fs.ErrNotExist) {
			return Config{}, fault.Newf(fault.Invalid, "找不到配置文件 %s", path)
		} else if err != nil {
			return Config{}, fault.Newf(fault.Invalid, "配置文件 %s 不是正确的 TOML：%v", path, err)
		}
	}
	err := k.Load(env.Provider(".", env.Opt{Prefix: prefix,
		EnvironFunc: func() []string { return from.Environ },
		TransformFunc: func(name, value string) (string, any) {
			name = strings.TrimPrefix(name, prefix)
			if reserved(name) || value == "" {
				return "", nil
			}
			return strings.ReplaceAll(strings.ToLower(name), "_", "."), value
		}}), nil)
	if err != nil {
		return Config{}, err
	}
	for key, value := range from.Flags {
		if value != "" {
			if err := k.Set(key, value); err != nil {
				return Config{}, err
			}
		}
	}
	for _, key := range k.Keys() {
		if !slices.ContainsFunc(known, func(s setting) bool { return s.key == key }) {
			return Config{}, fault.Newf(fault.Invalid, "没有叫 %s 的配置项（环境变量 %s）%s", key, variable(key), nearest(key, known))
		}
	}
	var c Config
	err = k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &c, TagName: "koanf", WeaklyTypedInput: true, DecodeHook: mapstructure.StringToTimeDurationHookFunc(),
	}})
	if err != nil {
		return Config{}, fault.Newf(fault.Invalid, "配置的值不对：%v", err)
	}
	c.derive()
	return c, c.valid()
}

// dataFolder looks for the data folder before anything is loaded: the file
// stands in it.
func dataFolder(from Sources) string {
	if d := from.Flags["data"]; d != "" {
		return d
	}
	for _, v := range from.Environ {
		if d, ok := strings.CutPrefix(v, prefix+"DATA="); ok && d != "" {
			return d
		}
	}
	return "data"
}

// derive fills what follows from other values.
func (c *Config) derive() {
	fill := func(value *string, standard string) {
		if *value == "" {
			*value = standard
		}
	}
	fill(&c.Address, "http://"+c.Listen)
	c.Address = strings.TrimSuffix(c.Address, "/")
	fill(&c.Database, "sqlite:"+filepath.Join(c.Data, "gongkai.db"))
	fill(&c.Files, filepath.Join(c.Data, "files"))
	fill(&c.Keys.Ring, filepath.Join(c.Data, "keys", "ring"))
	fill(&c.Keys.Audit, filepath.Join(c.Data, "keys", "audit.pem"))
}

// valid holds the rules that one value alone or two together must keep.
func (c Config) valid() error {
	wrong := fault.Fields{}
	one := func(key, value string, of ...string) {
		if !slices.Contains(of, value) {
			wrong[key] = fmt.Sprintf("%s 是 %q，应为 %s 之一", key, value, strings.Join(of, "、"))
		}
	}
	one("log.level", c.Log.Level, "debug", "info", "warn", "error")
	one("log.format", c.Log.Format, "text", "json")
	one("smtp.security", c.SMTP.Security, "tls", "starttls", "none")
	if !strings.HasPrefix(c.Database, "sqlite:") && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		wrong["database"] = "database 应以 sqlite: 或 postgres:// 开头"
	}
	if c.Files == "s3" && (c.S3.Endpoint == "" || c.S3.Bucket == "") {
		wrong["s3"] = "files 为 s3 时须填写 s3.endpoint 和 s3.bucket"
	}
	if c.SMTP.Host != "" && c.SMTP.From == "" {
		wrong["smtp.from"] = "填写了 smtp.host，还须填写 smtp.from"
	}
	if c.OIDC.Issuer != "" && c.OIDC.Client == "" {
		wrong["oidc.client"] = "填写了 oidc.issuer，还须填写 oidc.client"
	}
	if c.Deadline <= 0 {
		wrong["deadline"] = "deadline 应大于零，如 30s"
	}
	return wrong.Err()
}

// setting is one key as the tags describe it.
type setting struct{ key, standard, doc string }

// settings lists all keys in the order of Config.
func settings() []setting { return collect(reflect.TypeFor[Config](), "") }

func collect(t reflect.Type, before string) (out []setting) {
	for i := range t.NumField() {
		f := t.Field(i)
		key := before + f.Tag.Get("koanf")
		if f.Type.Kind() == reflect.Struct {
			out = append(out, collect(f.Type, key+".")...)
			continue
		}
		out = append(out, setting{key, f.Tag.Get("default"), f.Tag.Get("doc")})
	}
	return out
}

func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// nearest offers the known key that looks most like the unknown one.
func nearest(key string, known []setting) string {
	best, most := "", 0
	for _, s := range known {
		n := 0
		for n < len(key) && n < len(s.key) && key[n] == s.key[n] {
			n++
		}
		for m := 0; m < len(key)-n && m < len(s.key)-n && key[len(key)-1-m] == s.key[len(s.key)-1-m]; m++ {
			n++
		}
		if n > most {
			best, most = s.key, n
		}
	}
	if most < 3 {
		return ""
	}
	return "，是不是 " + best
}

// Table is the list of all keys as Markdown, for docs/config.md.
func Table() string {
	var b strings.Builder
	b.WriteString("| 配置项 | 环境变量 | 缺省 | 说明 |\n| --- | --- | --- | --- |\n")
	for _, s := range settings() {
		standard := s.standard
		if standard != "" {
			standard = "`" + standard + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.key, variable(s.key), standard, s.doc)
	}
	return b.String()
}
