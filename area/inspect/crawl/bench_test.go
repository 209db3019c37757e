package crawl_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"gongkai/area/inspect/crawl"
)

// large is a site of any size whose pages are made when they are asked for: a
// home page, columns of 20 items a page, items with a text and a navigation.
type large struct{ columns, lists, items int } // lists of a column, items of a list

func (l large) pages() int { return 1 + l.columns*l.lists*(1+l.items) }

func (l large) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	name := strings.TrimPrefix(strings.TrimSuffix(r.URL.Path, ".html"), "/")
	b.WriteString("<!doctype html><html><head><meta charset=utf-8><title>" + name + " 测试市人民政府</title></head><body><nav>")
	for c := range l.columns {
		fmt.Fprintf(&b, "<a href=\"/c%d/index.html\">栏目第%d号</a>", c, c)
	}
	b.WriteString("</nav>")
	parts := strings.Split(name, "/")
	column, _ := strconv.Atoi(strings.TrimPrefix(parts[0], "c"))
	switch {
	case name == "":
	case len(parts) == 2 && strings.HasPrefix(parts[1], "index"):
		n, _ := strconv.Atoi(strings.TrimPrefix(parts[1], "index_"))
		for i := range l.items {
			id := (column*l.lists+n)*l.items + i
			fmt.Fprintf(&b, "<li><a href=\"/c%d/art_%d.html\">关于第%d件事情的通知</a> 2024-03-01</li>", column, id, id)
		}
		if n+1 < l.lists {
			fmt.Fprintf(&b, "<a href=\"/c%d/index_%d.html\">下一页</a>", column, n+1)
		}
	case len(parts) == 2 && strings.HasPrefix(parts[1], "art_"):
		for i := range 12 {
			fmt.Fprintf(&b, "<p>%s第%d段：各县（市、区）人民政府，市政府各部门，现将有关事项通知如下，请结合实际认真贯彻落实，确保各项工作取得实效。</p>", name, i)
		}
	default:
		http.NotFound(w, r)
		return
	}
	b.WriteString("<footer>主办单位：测试市人民政府办公室</footer></body></html>")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}

// BenchmarkSite crawls a local site of about 5,000 pages, server and crawler in
// one process.
func BenchmarkSite(b *testing.B) {
	l := large{columns: 25, lists: 10, items: 19}
	s := httptest.NewServer(l)
	defer s.Close()
	for b.Loop() {
		st, err := crawl.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		got, err := crawl.Run(b.Context(), st, quick(s.URL), plain{})
		if err != nil || got.Pages != l.pages() || got.Bad != 0 {
			b.Fatalf("%+v %v, want %d pages", got, err, l.pages())
		}
		b.ReportMetric(float64(got.Pages)/got.Ended.Sub(got.Started).Seconds(), "pages/s")
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
