package crawl

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"HTTP://WWW.Example.GOV.cn:80":                        "http://www.example.gov.cn/",
		"https://a.cn:443/x#top":                              "https://a.cn/x",
		"https://a.cn:8443/x":                                 "https://a.cn:8443/x",
		"http://a.cn./b/../c/./d/":                            "http://a.cn/c/d/",
		"http://a.cn/../../x":                                 "http://a.cn/x",
		"http://a.cn/a/..":                                    "http://a.cn/",
		"http://a.cn/%7euser/%e4%b8%ad":                       "http://a.cn/~user/%E4%B8%AD",
		"http://a.cn/中 文.html":                                "http://a.cn/%E4%B8%AD%20%E6%96%87.html",
		"http://a.cn/100%":                                    "http://a.cn/100%25",
		"http://a.cn/a%2Fb":                                   "http://a.cn/a%2Fb",
		`http:\\a.cn\b\c.html`:                                "http://a.cn/b/c.html",
		"http://a.cn/x;jsessionid=0A1B.node1?b=1":             "http://a.cn/x?b=1",
		"http://a.cn/x?PHPSESSID=abc&id=3&utm_source=wx":      "http://a.cn/x?id=3",
		"http://a.cn/x?sid=12&id=3":                           "http://a.cn/x?sid=12&id=3",
		"http://a.cn/x?sid=8f3a9c0b7d6e5f4a3b2c&id=3":         "http://a.cn/x?id=3",
		"http://a.cn/x?id=3&sid=1090c00706269778":             "http://a.cn/x?id=3",
		"http://a.cn/x?id=3&sid=7dcebdcfcaecdacb":             "http://a.cn/x?id=3",
		"http://a.cn/x?sid=2026112309300017":                  "http://a.cn/x?sid=2026112309300017",
		"http://a.cn/x?id=3&_=1712345678901":                  "http://a.cn/x?id=3",
		"http://a.cn/x?t=0.123456789":                         "http://a.cn/x",
		"http://a.cn/x?t=5":                                   "http://a.cn/x?t=5",
		"http://a.cn/x?":                                      "http://a.cn/x",
		"http://a.cn?q=1":                                     "http://a.cn/?q=1",
		"http://a.cn/x?b=2&a=1":                               "http://a.cn/x?b=2&a=1",
		"http://a.cn/x?q=%d6%d0":                              "http://a.cn/x?q=%D6%D0",
		"http://user:secret@a.cn/x":                           "http://a.cn/x",
		"http://[2001:DB8::1]:80/":                            "http://[2001:db8::1]/",
		"http://测试.政务/":                                       "http://xn--0zwm56d.xn--zfr164b/",
		" http://a.cn/\n b":                                   "http://a.cn/%20b",
		"http://a.cn//x//":                                    "http://a.cn//x//",
		"http://a.cn/x?url=http://b.cn/?a=1":                  "http://a.cn/x?url=http://b.cn/?a=1",
		"javascript:void(0)":                                  "",
		"mailto:a@b.cn":                                       "",
		"file:///c:/x":                                        "",
		"http://":                                             "",
		"http:///x":                                           "",
		"//a.cn/x":                                            "",
		"http://a b.cn/":                                      "",
		"http://a.cn/" + strings.Repeat("x", maxAddress):      "",
		"http://a.cn:99999/":                                  "http://a.cn:99999/",
		"https://a.cn/x.do;jsessionid=12?jsessionid=34&a=%zz": "https://a.cn/x.do?a=%25zz",
	} {
		got, ok := Canonical(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"http://a.cn/x?b=%2;jsessionid=1#y", "HTTPS://中.cn:443//../%2e%2E/;sid=1;sid=2", `http:\\a\..\?&&=&sid=%`, "http://[::1]:80/%", "http://a.cn/;jsession;jsessionid=xid=1", "http://a.cn/..%2f../x?&utm_x=1&"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Canonical(s)
		if !ok {
			return
		}
		again, ok := Canonical(got)
		if !ok || again != got {
			t.Fatalf("%q became %q, then %q", s, got, again)
		}
		u, err := url.Parse(got)
		if err != nil || u.Host == "" || u.Fragment != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.ContainsAny(got, " \t\r\n#\\") {
			t.Fatalf("%q: %q %v", s, got, err)
		}
		if !strings.HasPrefix(got, origin(got)) || parent(got) == "" {
			t.Fatalf("%q: origin %q", got, origin(got))
		}
		traps := newTraps(time.Unix(1.7e9, 0))
		traps.admit(got, 1)
		looksLikeList(got)
		groupOf(got)
		if _, ok := Canonical(strangeAddress(got)); !ok && len(got) < maxAddress-40 {
			t.Fatalf("%q: strange address %q", got, strangeAddress(got))
		}
	})
}

func TestTraps(t *testing.T) {
	now := time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC)
	t.Run("paths that repeat themselves", func(t *testing.T) {
		tr := newTraps(now)
		for url, want := range map[string]bool{
			"http://a.cn/news/news/1.html":                     true,
			"http://a.cn/a/b/a/b/a/b/1.html":                   false,
			"http://a.cn/zwgk/zwgk/zwgk/x.html":                false,
			"http://a.cn/2024/11/11/11/x.html":                 true,
			"http://a.cn/" + strings.Repeat("d/", 30):          false,
			"http://a.cn/art/2024/11/25/art_123_456789.html":   true,
			"http://a.cn/a/x/b/x/c/x/d/x/e/x/f.html":           false,
			"http://a.cn/zfxxgk/fdzdgknr/zcwj/qtwj/2024/x.htm": true,
		} {
			if tr.admit(url, 1) != want {
				t.Errorf("%s: %v", url, !want)
			}
		}
	})
	t.Run("a calendar ends", func(t *testing.T) {
		tr := newTraps(now)
		n := 0
		for y := 2026; y < 2400; y++ {
			for m := range 12 {
				if tr.admit("http://a.cn/activity?month="+time.Date(y, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), 1) {
					n++
				}
			}
		}
		if n != 24 || len(tr.left) != 1 {
			t.Errorf("%d months, notes %v", n, tr.left)
		}
	})
	t.Run("a calendar without contents is left early, one with contents is read on", func(t *testing.T) {
		for fruit, want := range map[bool]int{false: dated0, true: 72} {
			tr := newTraps(now)
			n := 0
			for i := range 72 {
				url := fmt.Sprintf("http://a.cn/rili/index.php?y=%d&m=%d", 2021+i/12, i%12+1)
				if tr.admit(url, 1) {
					n++
					tr.fetched(url, 1, uint64(i), fruit)
				}
			}
			if n != want {
				t.Errorf("contents %v: %d months, want %d", fruit, n, want)
			}
		}
	})
	t.Run("a site that hangs on one number is read whole", func(t *testing.T) {
		tr := newTraps(now)
		for i := range 5000 {
			url := fmt.Sprintf("http://a.cn/Show.asp?ID=%d", i)
			if !tr.admit(url, 2) || tr.shut(url, 2) {
				t.Fatal(i)
			}
			tr.fetched(url, 2, uint64(i), false)
		}
	})
	t.Run("numbered items have no end, combinations have", func(t *testing.T) {
		tr := newTraps(now)
		items, facets := 0, 0
		for i := range 20000 {
			n := string(rune('0'+i%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i/100%10)) + string(rune('0'+i/1000%10)) + string(rune('0'+i/10000))
			if tr.admit("http://a.cn/art_"+n+".html", 1) {
				items++
			}
			if tr.admit("http://a.cn/list?sort="+n+"&area="+n+"&kind=x", 1) {
				facets++
			}
		}
		if items != 20000 || facets != maxCombined {
			t.Errorf("%d items, %d combinations", items, facets)
		}
	})
	t.Run("pages that only repeat themselves", func(t *testing.T) {
		tr := newTraps(now)
		for i := range trapTrial {
			tr.fetched("http://a.cn/x?p="+strings.Repeat("1", i%7+1), 1, uint64(i%3), false)
		}
		if tr.admit("http://a.cn/x?p=99", 1) || !tr.shut("http://a.cn/x?p=2", 1) || !tr.admit("http://a.cn/y?p=99", 1) {
			t.Error("the shape is still open, or another is shut")
		}
	})
}

func TestRobots(t *testing.T) {
	r := parseRobots("User-agent: *\nDisallow: /\n\nUser-Agent: Gongkai\nUser-agent: other\nDisallow: /private\nAllow: /private/open$\nDisallow: /*.php$\nDisallow: /a*b*c\nCrawl-delay: 2 # slow\nDisallow:\n", "gongkai/1.0 (+https://x)")
	for path, want := range map[string]bool{
		"/": true, "/private": false, "/private/x": false, "/private/open": true, "/private/opener": false, "/x.php": false, "/x.php?a": true, "/aXbYc": false, "/aXcYb": true, "/robots.txt": true,
	} {
		if r.allows("http://a.cn"+path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	if r.delay != 2*time.Second {
		t.Error(r.delay)
	}
	if r := parseRobots("User-agent: *\nDisallow: /x", "gongkai"); r.allows("http://a.cn/x1") || !r.allows("http://a.cn/y") {
		t.Error("the group for all")
	}
	if r := parseRobots("<html>not found</html>", "gongkai"); !r.allows("http://a.cn/x") {
		t.Error("no robots.txt at all")
	}
}

func TestDecode(t *testing.T) {
	gbk := "\xb9\xd8\xd3\xda\xd3\xa1\xb7\xa2\xb5\xc4\xcd\xa8\xd6\xaa" // 关于印发的通知
	utf := "关于印发的通知"
	for _, c := range []struct{ name, body, header, text, used, note string }{
		{"UTF-8 as declared", utf, "text/html; charset=utf-8", utf, "utf-8", ""},
		{"UTF-8 undeclared", utf, "text/html", utf, "utf-8", ""},
		{"GBK as declared", gbk, "text/html; charset=gb2312", utf, "gbk", ""},
		{"GBK undeclared", gbk, "text/html", utf, "gb18030", ""},
		{"GBK declared as UTF-8", gbk, "text/html; charset=utf-8", utf, "gb18030", "与实际不符"},
		{"GBK declared as Latin", gbk, "text/html; charset=iso-8859-1", utf, "gb18030", "与实际不符"},
		{"UTF-8 declared as GBK", utf, "text/html; charset=gbk", utf, "utf-8", "与实际不符"},
		{"header against page", "<meta charset=gbk>" + utf, "text/html; charset=utf-8", "<meta charset=gbk>" + utf, "utf-8", "页面声明的是 gbk"},
		{"declared in the page", "<meta http-equiv=Content-Type content='text/html; charset=gb18030'>" + gbk, "text/html", "<meta http-equiv=Content-Type content='text/html; charset=gb18030'>" + utf, "gb18030", ""},
		{"byte order mark", "\xef\xbb\xbf" + utf, "text/html; charset=gbk", utf, "utf-8", "与实际不符"},
		{"UTF-16", "\xff\xfe\x73\x51", "text/html", "关", "utf-16le", ""},
		{"Big5", "<meta charset=big5>\xa4\xa4\xa4\xe5", "text/html", "<meta charset=big5>中文", "big5", ""},
		{"cut in the middle", utf[:len(utf)-1], "text/html; charset=utf-8", "关于印发的通", "utf-8", ""},
		{"a broken byte in long UTF-8", strings.Repeat(utf, 20) + "\xff" + utf, "text/html; charset=utf-8", strings.Repeat(utf, 20) + "\uFFFD" + utf, "utf-8", ""},
		{"ASCII", "plain", "text/html; charset=gbk", "plain", "gbk", ""},
	} {
		text, used, _, note := decode([]byte(c.body), c.header)
		if text != c.text || used != c.used || !strings.Contains(note, c.note) || c.note == "" && note != "" {
			t.Errorf("%s: %q %s %q", c.name, text, used, note)
		}
	}
}

func TestSketch(t *testing.T) {
	r := newRun(nil, &Config{Clock: fixed{}}, nil, nil)
	base := ""
	for i := range 40 {
		base += "第" + string(rune('甲'+i)) + "条本办法自发布之日起施行各有关部门应当认真组织实施" + string(rune('丁'+i*7))
	}
	a, b := sketchOf(r.seed, base+" /x/1.html"), sketchOf(r.seed, base+" /y/22.html")
	if s := a.similar(b); s != 1 {
		t.Errorf("an address told back makes a difference: %v", s)
	}
	if s := a.similar(sketchOf(r.seed, strings.Repeat("全然不同的另一篇文章讲的是防汛抗旱", 30))); s > 0.1 {
		t.Error(s)
	}
	half := sketchOf(r.seed, base[:len(base)/2])
	if s := a.similar(half); s < 0.3 || s > 0.7 {
		t.Errorf("half the text is alike by %v", s)
	}
}

type fixed struct{}

func (fixed) Now() time.Time { return time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC) }
