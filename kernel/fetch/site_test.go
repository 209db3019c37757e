package fetch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/kernel/fetch"
)

// A saved page of a real site, read when the folder of shared data is there.
func TestSavedPageOfARealSite(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	body, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", "site", "handan-details.html"))
	if os.IsNotExist(err) {
		return // not part of the repository
	}
	if err != nil {
		t.Fatal(err)
	}
	url, host := serve(t, answer("text/html", body))
	p, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url+"/zfxx/details.html")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.Title, "邯郸市教育局关于印发") || p.Published.String() != "2020-08-02" || p.PublishedFrom != "PubDate" || len(p.Links) < 5 || len(p.Dates) == 0 {
		t.Errorf("%q %v %s, %d links, dates %v", p.Title, p.Published, p.PublishedFrom, len(p.Links), p.Dates)
	}
	if view := string(fetch.View(p)); strings.Contains(view, "<img") || !strings.Contains(view, "教育系统安全专项整治") {
		t.Error("the view does not show the page")
	}
}
