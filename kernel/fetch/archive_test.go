package fetch_test

import (
	"bytes"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

func sample() *fetch.Page {
	return &fetch.Page{URL: "http://www.linjiang.example/old", Final: "http://www.linjiang.example/zwgk/t20220305_1.html", Status: 200,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Server": {"x"}}, Fetched: now, Mime: "text/html",
		Body: []byte(`<html><title>通知</title><body onload="x()"><h1>通知</h1><script>alert(1)</script><p style="x" onclick="y">发布时间：2022-03-05</p>` +
			`<img src="http://track.example/a.png"><a href="b.html">附件</a><a href="javascript:z()">坏</a><form action="/x"><input name="q"></form><iframe src="//e.example"></iframe></body></html>`)}
}

func archive(t testing.TB, p *fetch.Page) []byte {
	t.Helper()
	kept, err := fetch.Archive(p)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestArchive(t *testing.T) {
	kept := archive(t, sample())
	if !bytes.Equal(kept, archive(t, sample())) {
		t.Error("the same page gives two records")
	}
	for _, line := range []string{"WARC/1.1\r\nWARC-Type: response\r\n", "\r\nWARC-Date: 2022-06-01T02:30:00Z\r\n", "\r\nWARC-Target-URI: http://www.linjiang.example/zwgk/t20220305_1.html\r\n", "\r\nContent-Type: application/http;msgtype=response\r\n", "\r\n\r\nHTTP/1.1 200 OK\r\n"} {
		if !bytes.Contains(kept, []byte(line)) {
			t.Errorf("no %q", line)
		}
	}
	p, err := fetch.ReadArchive(kept)
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "通知" || p.Published.String() != "2022-03-05" || p.Fetched != now || p.URL != sample().URL || p.Final != sample().Final || !bytes.Equal(p.Body, sample().Body) || !reflect.DeepEqual(p.Header, sample().Header) {
		t.Errorf("%+v", p)
	}
	for i := 0; i < len(kept); i += 7 { // any changed byte of the block is found
		bad := bytes.Clone(kept)
		bad[i] ^= 1
		if q, err := fetch.ReadArchive(bad); err == nil && !bytes.Equal(q.Body, p.Body) {
			t.Fatalf("byte %d changed and the body with it", i)
		}
	}
	for _, bad := range [][]byte{nil, []byte("WARC/1.1\r\n\r\n"), kept[:len(kept)-1], append(bytes.Clone(kept), 'x')} {
		if _, err := fetch.ReadArchive(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

func TestArchiveWithPicture(t *testing.T) {
	p := sample()
	p.Picture = []byte("\x89PNG\r\n\x1a\n\r\n\r\nWARC/1.1\r\n")
	kept := archive(t, p)
	q, err := fetch.ReadArchive(kept)
	if err != nil || !bytes.Equal(q.Picture, p.Picture) || !bytes.Equal(q.Body, p.Body) || q.Title != "通知" {
		t.Fatalf("%+v, %v", q, err)
	}
	if !bytes.HasPrefix(kept, archive(t, sample())) {
		t.Error("the picture changes the record of the page")
	}
	for i := len(archive(t, sample())); i < len(kept); i++ { // any changed byte of the picture is found
		bad := bytes.Clone(kept)
		bad[i] ^= 1
		if q, err := fetch.ReadArchive(bad); err == nil && !bytes.Equal(q.Picture, p.Picture) {
			t.Fatalf("byte %d changed and the picture with it", i)
		}
	}
	if _, err := fetch.ReadArchive(append(kept, archive(t, sample())...)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a third record: %v", err)
	}
}

func TestView(t *testing.T) {
	p, err := fetch.ReadArchive(archive(t, sample()))
	if err != nil {
		t.Fatal(err)
	}
	view := string(fetch.View(p))
	for _, good := range []string{"2022年6月1日 10:30", "http://www.linjiang.example/zwgk/t20220305_1.html", "<h1>通知</h1>", `href="http://www.linjiang.example/zwgk/b.html"`} {
		if !strings.Contains(view, good) {
			t.Errorf("no %q in %s", good, view)
		}
	}
	for _, bad := range []string{"script", "alert", "onclick", "style=", "<img", "<form", "<input", "iframe", "javascript"} {
		if strings.Contains(view, bad) {
			t.Errorf("%q in %s", bad, view)
		}
	}
	p = &fetch.Page{Final: `http://x.example/"><script>`, Fetched: now, Mime: "text/plain", Text: "<b>文</b>"}
	if view := string(fetch.View(p)); strings.Contains(view, "<script") || !strings.Contains(view, "&lt;b&gt;文") {
		t.Error(view)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(article), "text/html")
	f.Add([]byte("<meta charset=gbk><title>\xc4\xe3</title>发布时间：二〇二二年三月十五日"), "text/html; charset=latin1")
	f.Add([]byte("%PDF"), "")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		p := sample()
		p.Body, p.Header = body, http.Header{"Content-Type": {kind}}
		kept := archive(t, p)
		q, err := fetch.ReadArchive(kept)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(q.Body, body) {
			t.Fatal("body changed")
		}
		if view := strings.ToLower(string(fetch.View(q))); strings.Contains(view, "<script") || strings.Contains(view, "<iframe") {
			t.Fatal(view)
		}
		for _, d := range q.Dates {
			if y := d.Year(); y < 1949 || y > 2100 {
				t.Fatal(d)
			}
		}
	})
}

func FuzzReadArchive(f *testing.F) {
	f.Add(archive(f, sample()))
	pictured := sample()
	pictured.Picture = []byte("\x89PNG")
	f.Add(archive(f, pictured))
	f.Add([]byte("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := fetch.ReadArchive(data); err == nil {
			if _, err := fetch.ReadArchive(archive(t, p)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
