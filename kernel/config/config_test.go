package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/fault"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gongkai.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLaterSourcesWin(t *testing.T) {
	path := write(t, "listen = '0.0.0.0:1'\ndeadline = '5s'\n[smtp]\nport = 25\nhost = 'mail.example.cn'\nfrom = 'gk@example.cn'\nsecurity = 'starttls'\n[log]\nlevel = 'warn'\n")
	c, err := Load(Sources{File: path,
		Environ: []string{"GONGKAI_LISTEN=0.0.0.0:2", "GONGKAI_LOG_LEVEL=error", "GONGKAI_S3_PLAIN=true", "GONGKAI_TEST_SQLITE_ONLY=1", "GONGKAI_CONFIG=x", "PATH=/bin"},
		Flags:   map[string]string{"listen": "0.0.0.0:3", "data": ""}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "0.0.0.0:3" || c.Log.Level != "error" || c.SMTP.Port != 25 || c.SMTP.Host != "mail.example.cn" ||
		c.Deadline != 5*time.Second || !c.S3.Plain || c.Log.Format != "text" {
		t.Fatalf("%+v", c)
	}
}

func TestNothingSetIsEnough(t *testing.T) {
	c, err := Load(Sources{Flags: map[string]string{"data": t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Address != "http://127.0.0.1:8080" || c.Database != "sqlite:"+c.Data+"/gongkai.db" ||
		c.Files != c.Data+"/files" || c.Keys.Ring != c.Data+"/keys/ring" {
		t.Fatalf("%+v", c)
	}
}

func TestTheFileInTheDataFolderIsRead(t *testing.T) {
	path := write(t, "listen = '0.0.0.0:9'\n")
	c, err := Load(Sources{Environ: []string{"GONGKAI_DATA=" + filepath.Dir(path)}})
	if err != nil || c.Listen != "0.0.0.0:9" {
		t.Fatal(c.Listen, err)
	}
}

func TestWrongInputIsNamed(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, file, env, want string }{
		{"unknown key in the file", "lisen = 'x'", "", "没有叫 lisen 的配置项（环境变量 GONGKAI_LISEN），是不是 listen"},
		{"unknown key in a table", "[smtp]\nhots = 'x'", "", "smtp.hots"},
		{"unknown variable", "", "GONGKAI_DATABSE=x", "是不是 database"},
		{"no TOML", "listen =", "", "不是正确的 TOML"},
		{"wrong type", "[smtp]\nport = 'many'", "", "配置的值不对"},
		{"wrong word", "[log]\nlevel = 'loud'", "", "log.level"},
		{"wrong database", "database = 'mysql://x'", "", "sqlite: 或 postgres://"},
		{"s3 without a bucket", "files = 's3'", "", "s3.bucket"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(Sources{File: write(t, c.file), Environ: []string{c.env, "GONGKAI_DATA=" + dir}})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Fatal(err)
			}
		})
	}
	if _, err := Load(Sources{File: dir + "/none.toml"}); !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
}

func TestEveryKeyIsDescribedAndSecretsStayMasked(t *testing.T) {
	for _, s := range settings() {
		if s.doc == "" || strings.Contains(s.key, "_") {
			t.Error(s.key)
		}
		if !strings.Contains(Table(), variable(s.key)) {
			t.Error("not in the table:", s.key)
		}
	}
	c, err := Load(Sources{Environ: []string{"GONGKAI_S3_SECRET=hunter2hunter2", "GONGKAI_DATA=" + t.TempDir()}})
	if err != nil || c.S3.Secret.Reveal() != "hunter2hunter2" {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(text, "hunter2hunter2") {
		t.Fatal(text)
	}
}
