package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/kernel/config"
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
	path := write(t, "listen = \"0.0.0.0:80\"\nsite = \"https://x.example\"\n[smtp]\nhost = \"mail.example\"\nport = 25\n")
	c, err := config.Load(path, []string{"GONGKAI_LISTEN=127.0.0.1:9", "GONGKAI_SMTP_TLS=none", "GONGKAI_TEST_SQLITE_ONLY=1", "HOME=/x"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:9" || c.Site != "https://x.example" || c.SMTP.Host != "mail.example" || c.SMTP.Port != 25 || c.SMTP.TLS != "none" || c.Data != "data" {
		t.Errorf("got %+v", c)
	}
	if got := c.DatabaseURL(); got != "sqlite:data/gongkai.db" {
		t.Errorf("database %s", got)
	}
}

func TestTheFileInTheDataFolder(t *testing.T) {
	path := write(t, "site = \"https://y.example\"\n")
	c, err := config.Load("", []string{"GONGKAI_DATA=" + filepath.Dir(path)})
	if err != nil || c.Site != "https://y.example" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := config.Load("", []string{"GONGKAI_DATA=" + t.TempDir()}); err != nil {
		t.Errorf("no file: %v", err)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"lissen = \"x\"\n":       "“lissen”",
		"[smtp]\nhosts = \"x\"":  "“smtp.hosts”",
		"listen = \n":            "语法错误",
		"[smtp]\nport = \"p\"":   "smtp.port 应当是整数",
		"[s3]\ntls = \"p\"":      "s3.tls 应当是true",
		"listen = [1]":           "配置有误",
		"database = \"mysql:x\"": "sqlite:文件",
		"[smtp]\ntls = \"ssl\"":  "请写 tls",
		"log = \"xml\"":          "text 或 json",
	} {
		if _, err := config.Load(write(t, text), nil); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := config.Load("/nowhere/gongkai.toml", nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestMailIsEncryptedAsIsUsualOnThePort(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "tls",
		"[smtp]\nport = 587":                "starttls",
		"[smtp]\nport = 25":                 "starttls",
		"[smtp]\nport = 587\ntls = \"tls\"": "tls",
		"[smtp]\nport = 25\ntls = \"none\"": "none",
	} {
		c, err := config.Load(write(t, text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.SMTP.Encryption(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestEveryKeyIsExplained(t *testing.T) {
	for _, k := range config.Keys() {
		if k.Help == "" || strings.Contains(k.Name, "_") {
			t.Errorf("key %+v", k)
		}
	}
	if !strings.Contains(config.Markdown(), "`GONGKAI_SMTP_HOST`") {
		t.Error("the table lacks a key")
	}
}
