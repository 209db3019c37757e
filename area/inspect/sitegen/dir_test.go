package sitegen

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSavedSite(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"index.html": "<title>首页</title>", "xw/index.html": "新闻", "list.aspx?cid=3": "列表",
		"truth.json": `{"t0":"2026-06-30T12:00:00+08:00","planted":[{"kind":"dead","checks":["WEB-60"],"url":"http://{{main}}/x.html","on":"http://{{main}}/"}]}`,
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := DirSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	address, shut, err := s.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer shut()
	for path, want := range map[string]string{"": "首页", "xw/": "新闻", "xw": "新闻", "list.aspx?cid=3": "列表"} {
		r, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != 200 || !strings.Contains(string(body), want) {
			t.Errorf("%q: %d %q %v", path, r.StatusCode, body, err)
		}
	}
	for _, path := range []string{"truth.json", "x.html", "../dir.go", "list.aspx?cid=4"} {
		r, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != 404 {
			t.Errorf("%q: %d", path, r.StatusCode)
		}
	}
	truth := s.Truth()
	if truth.Planted[0].URL != address+"x.html" || truth.Planted[0].Indicators[0] != "WEB-60" || truth.Site.Start != address {
		t.Errorf("%+v", truth)
	}
	if _, err := DirSite(t.TempDir()); err == nil {
		t.Error("a folder without truth.json is taken")
	}
}
