package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

var now = time.Date(2022, 6, 1, 2, 30, 0, 0, time.UTC)

// names is a resolver that answers what the test says, a list a call.
type names struct {
	answers map[string][]string
	calls   map[string]int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	all := n.answers[host]
	if len(all) == 0 {
		return nil, nil
	}
	i := min(n.calls[host], len(all)-1)
	n.calls[host]++
	var out []netip.Addr
	for _, a := range strings.Fields(all[i]) {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

func resolve(answers map[string][]string) *names { return &names{answers, map[string]int{}} }

func client(t *testing.T, c fetch.Config) *fetch.Client {
	t.Helper()
	c.Clock = clock.At(now)
	f, err := fetch.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func serve(t *testing.T, h http.HandlerFunc) (url, host string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

func answer(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{kind}
		_, _ = w.Write(body)
	}
}

func want(t *testing.T, err error, reason fetch.Reason, text string) {
	t.Helper()
	if fetch.ReasonOf(err) != reason || !strings.Contains(fault.Text(err), text) {
		t.Errorf("got %q (%s, %v), want %s %q", fault.Text(err), fetch.ReasonOf(err), err, reason, text)
	}
}

const article = `<html><head><title>栏目 - 临江区人民政府</title><meta name="ArticleTitle" content="关于公布2022年公共服务清单的通知">
<meta name="PubDate" content="2022-03-05 10:21"><base href="/zwgk/"></head><body><script>var x="2001-01-01"</script>
<p>成文日期：2022年2月28日</p><p>各单位：请于二〇二二年六月三十日前<b>完</b>成。</p>
<a href="a.pdf#p2">附件</a> <a href="javascript:alert(1)">坏</a> <a href="a.pdf">附件</a></body></html>`

func TestPage(t *testing.T) {
	var agent string
	url, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		answer("text/html; charset=utf-8", []byte(article))(w, r)
	})
	p, err := client(t, fetch.Config{Allow: []string{host}, Version: "1.2", Site: "https://www.linjiang.gov.cn"}).Get(t.Context(), url+"/old#top")
	if err != nil {
		t.Fatal(err)
	}
	if agent != "gongkai/1.2 (+https://www.linjiang.gov.cn)" {
		t.Errorf("User-Agent %q", agent)
	}
	if p.URL != url+"/old" || p.Final != url+"/new" || p.Status != 200 || p.Fetched != now || p.Mime != "text/html" {
		t.Errorf("%+v", p)
	}
	if p.Title != "关于公布2022年公共服务清单的通知" || p.Published.String() != "2022-03-05" || p.PublishedFrom != "PubDate" {
		t.Errorf("%q %v %q", p.Title, p.Published, p.PublishedFrom)
	}
	if p.Text != "成文日期：2022年2月28日\n各单位：请于二〇二二年六月三十日前完成。\n附件 坏 附件" {
		t.Errorf("text %q", p.Text)
	}
	if fmt.Sprint(p.Dates) != "[2022-02-28 2022-06-30]" {
		t.Errorf("dates %v", p.Dates)
	}
	if len(p.Links) != 1 || p.Links[0] != (fetch.Link{Text: "附件", URL: url + "/zwgk/a.pdf"}) {
		t.Errorf("links %v", p.Links)
	}
}

func TestInternalAddressesAreRefused(t *testing.T) {
	f := client(t, fetch.Config{Resolver: resolve(map[string][]string{
		"inner.example": {"10.1.2.3"}, "mixed.example": {"93.184.216.34 192.168.0.1"}, "mapped.example": {"::ffff:127.0.0.1"},
	})})
	for _, address := range []string{
		"http://127.0.0.1/", "http://localhost.inner.example/", "http://10.0.0.8/", "http://172.20.1.1/", "http://192.168.1.1:8080/",
		"http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://100.64.0.1/", "http://0.0.0.0/", "http://224.0.0.1/",
		"http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[ff02::1]/",
		"http://inner.example/", "http://mixed.example/", "http://mapped.example./",
	} {
		_, err := f.Get(t.Context(), address)
		if strings.Contains(address, "localhost") {
			want(t, err, fetch.Name, "无法解析域名 localhost.inner.example")
			continue
		}
		want(t, err, fetch.Internal, "内网")
	}
	_, err := f.Get(t.Context(), "http://93.184.216.34:22/")
	want(t, err, fetch.Internal, "端口 22")
}

func TestRedirectInsideAndRebinding(t *testing.T) {
	hits := 0
	_, inner := serve(t, func(http.ResponseWriter, *http.Request) { hits++ })
	_, port, _ := strings.Cut(inner, ":")
	url, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})

	f := client(t, fetch.Config{Allow: []string{host}})
	_, err := f.Get(t.Context(), url+"/?to=http://"+inner)
	want(t, err, fetch.Internal, "内网")
	_, err = f.Get(t.Context(), url+"/?to=file:///etc/passwd")
	want(t, err, fetch.Address, "http 或 https")

	// The name is public when first asked and internal the second time: what is
	// dialled is what was checked, never a second answer.
	evil := resolve(map[string][]string{"rebind.example": {"192.0.2.1", "127.0.0.1"}, "turn.example": {"127.0.0.1"}})
	f = client(t, fetch.Config{Resolver: evil, Allow: []string{"192.0.2.0/24"}, Total: 50 * time.Millisecond})
	if _, err = f.Get(t.Context(), "http://rebind.example:"+port); err == nil {
		t.Error("a rebinding name was fetched")
	}
	if evil.calls["rebind.example"] != 1 {
		t.Errorf("resolved %d times in one dial", evil.calls["rebind.example"])
	}
	_, err = f.Get(t.Context(), "http://rebind.example:"+port)
	want(t, err, fetch.Internal, "内网")
	if hits != 0 {
		t.Errorf("the inner server was reached %d times", hits)
	}
}

func TestAllow(t *testing.T) {
	url, host := serve(t, answer("text/plain", []byte("好")))
	_, port, _ := strings.Cut(host, ":")
	r := resolve(map[string][]string{"intra.example": {"127.0.0.1"}})
	for _, allow := range []string{host, "127.0.0.1", "127.0.0.0/8"} {
		if _, err := client(t, fetch.Config{Allow: []string{allow}}).Get(t.Context(), url); err != nil {
			t.Errorf("%s: %v", allow, err)
		}
	}
	if _, err := client(t, fetch.Config{Allow: []string{"intra.example:" + port}, Resolver: r}).Get(t.Context(), "http://Intra.example:"+port); err != nil {
		t.Error(err)
	}
	_, err := client(t, fetch.Config{Allow: []string{"intra.example:1"}, Resolver: r}).Get(t.Context(), "http://intra.example:"+port)
	want(t, err, fetch.Internal, "内网")
	if _, err := fetch.New(fetch.Config{Clock: clock.At(now), Allow: []string{"*.example"}}); err == nil {
		t.Error("a pattern was accepted")
	}
}

func TestLimits(t *testing.T) {
	gate := make(chan struct{})
	defer close(gate)
	url, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large":
			_, _ = w.Write(bytes.Repeat([]byte("好"), 4<<20/3))
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 8<<20))
			_ = z.Close()
		case "/loop":
			http.Redirect(w, r, "/loop?"+r.URL.RawQuery+"x", http.StatusFound)
		case "/silent":
			<-gate
		case "/stops":
			_, _ = w.Write([]byte("<html>"))
			w.(http.Flusher).Flush()
			<-gate
		case "/drips":
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("x"))
				w.(http.Flusher).Flush()
			}
		case "/breaks":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
		}
	})
	f := client(t, fetch.Config{Allow: []string{host}, MaxBytes: 1 << 20})
	get := func(f *fetch.Client, path string) error { _, err := f.Get(t.Context(), url+path); return err }
	want(t, get(f, "/large"), fetch.Large, "页面过大，超过 1 MB")
	want(t, get(f, "/bomb"), fetch.Large, "页面过大")
	want(t, get(f, "/loop"), fetch.Redirects, "跳转次数过多")
	want(t, get(f, "/breaks"), fetch.Connect, "连接中断")
	quick := client(t, fetch.Config{Allow: []string{host}, Idle: 40 * time.Millisecond})
	want(t, get(quick, "/silent"), fetch.Timeout, "超时")
	want(t, get(quick, "/stops"), fetch.Timeout, "中途停止响应")
	short := client(t, fetch.Config{Allow: []string{host}, Total: 60 * time.Millisecond, MaxBytes: 1 << 40})
	want(t, get(short, "/drips"), fetch.Timeout, "太慢")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Get(ctx, url); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	f := client(t, fetch.Config{Resolver: resolve(nil)})
	for address, text := range map[string]string{
		"": "请填写", "ftp://a.example/": "http 或 https", "http://": "写法不对", "http://u:p@a.example/": "用户名和密码",
		"https://" + strings.Repeat("a", 2100): "太长", "http://a b/": "写法不对",
	} {
		_, err := f.Get(t.Context(), address)
		want(t, err, fetch.Address, text)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: kind %v", address, fault.KindOf(err))
		}
	}
	_, err := f.Get(t.Context(), "www.没有.example")
	want(t, err, fetch.Name, "无法解析域名")
}

func TestServersThatFail(t *testing.T) {
	s := httptest.NewTLSServer(answer("text/html", []byte(article)))
	defer s.Close()
	s.Config.ErrorLog = nil
	host := strings.TrimPrefix(s.URL, "https://")
	_, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), s.URL)
	want(t, err, fetch.Secure, "证书无效")
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	if _, err := client(t, fetch.Config{Allow: []string{host}, Roots: roots}).Get(t.Context(), s.URL); err != nil {
		t.Error(err)
	}
	_, port, _ := strings.Cut(host, ":")
	other := resolve(map[string][]string{"other.test": {"127.0.0.1"}})
	_, err = client(t, fetch.Config{Allow: []string{"other.test"}, Roots: roots, Resolver: other}).Get(t.Context(), "https://other.test:"+port)
	want(t, err, fetch.Secure, "不是发给 other.test")

	url, plain := serve(t, func(w http.ResponseWriter, r *http.Request) {
		code := 0
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &code)
		w.WriteHeader(code)
	})
	f := client(t, fetch.Config{Allow: []string{plain}})
	_, err = f.Get(t.Context(), "https://"+plain)
	want(t, err, fetch.Secure, "不支持 https")
	for code, temporary := range map[int]bool{404: false, 410: false, 403: false, 429: true, 500: true, 503: true} {
		p, err := f.Get(t.Context(), fmt.Sprintf("%s/%d", url, code))
		want(t, err, fetch.Status, fmt.Sprintf("返回状态 %d", code))
		if p == nil || p.Status != code || fetch.Temporary(err) != temporary {
			t.Errorf("%d: page %v temporary %v", code, p, fetch.Temporary(err))
		}
	}
	dead := httptest.NewServer(nil)
	dead.Close()
	_, err = client(t, fetch.Config{Allow: []string{"127.0.0.1"}}).Get(t.Context(), dead.URL)
	want(t, err, fetch.Connect, "拒绝连接")
}

func TestSoft404(t *testing.T) {
	long := strings.Repeat("政务公开工作人员应当及时处理群众反映的问题。", 40)
	for body, missing := range map[string]bool{
		"<title>页面不存在</title>" + long: true,
		"<title>404</title>":          true,
		"<title>404错误提示</title>":      true,
		"<title>临江区</title><p>抱歉，您访问的页面不存在或已删除":                        true,
		"<title>临江区</title><p>很抱歉，找不到您要的页面":                            true,
		"<title>关于404路公交线路调整的公告</title><p>自6月1日起调整。":                   false,
		"<title>网站规范</title><p>" + long + "出现页面不存在时应当提示。":              false,
		"<title>通知</title><p>正文":                                       false,
		"<title>答复</title><p>您好，您反映的办事页面打不开、提示页面不存在的问题，已于当日修复。感谢您的监督。": false,
		"<title>关于网站部分栏目页面不存在问题的通报</title><p>请各单位整改。":                  false,
		"<title>问答</title><p>打开链接时出现“页面不存在”怎么办？请检查网址。":                 false,
		"<title>提示信息</title><p>温馨提示：您访问的页面不存在，3秒后返回首页":                 true,
		"<title>出错了</title><p>可能的原因有：网址写错。页面已删除。":                      true,
	} {
		url, host := serve(t, answer("text/html; charset=utf-8", []byte("<html>"+body)))
		_, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url)
		if (fetch.ReasonOf(err) == fetch.Missing) != missing {
			t.Errorf("%q: %v", body[:40], err)
		}
	}
}

func TestCharsets(t *testing.T) {
	text := "<html><head><title>临江区政务公开工作要点</title>%s</head><p>镕、㛃等人参加会议，请各单位认真落实。</p></html>"
	gb := func(s string) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(b)
	}
	big5, err := traditionalchinese.Big5.NewEncoder().String("<html><title>政府資訊公開</title><p>請各單位落實")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kind  string
		body  []byte
		title string
	}{
		"utf-8":               {"text/html; charset=utf-8", []byte(text), ""},
		"gbk unlabelled":      {"text/html", gb(text), ""},
		"gbk by header":       {"text/html; charset=GBK", gb(text), ""},
		"gbk by meta":         {"text/html", gb(fmt.Sprintf(text, `<meta charset="gb2312">`)), ""},
		"header lies utf-8":   {"text/html; charset=utf-8", gb(text), ""},
		"header lies latin-1": {"text/html; charset=ISO-8859-1", gb(text), ""},
		"header lies gbk":     {"text/html; charset=gbk", []byte(text), ""},
		"meta lies gbk":       {"text/html", []byte(fmt.Sprintf(text, `<meta charset="gb2312">`)), ""},
		"bom":                 {"text/html; charset=gbk", append([]byte("\xef\xbb\xbf"), text...), ""},
		"big5 by header":      {"text/html; charset=big5", []byte(big5), "政府資訊公開"},
		"no type":             {"", gb(text), ""},
	} {
		url, host := serve(t, answer(c.kind, c.body))
		p, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.title == "" {
			c.title = "临江区政务公开工作要点"
		}
		if p.Title != c.title || strings.Contains(p.Text, "\uFFFD") {
			t.Errorf("%s: %q %q (%s)", name, p.Title, p.Text, p.Mime)
		}
	}
}

func TestPublished(t *testing.T) {
	for _, c := range []struct{ path, html, day, from string }{
		{"/", `<meta name="PubDate" content="2022年3月5日"><p>发布时间：2022-01-01`, "2022-03-05", "PubDate"},
		{"/", `<meta name="PubDate" content="null"><meta property="article:published_time" content="2022-03-06T08:00:00+08:00">`, "2022-03-06", "article:published_time"},
		{"/", `<meta name="publishdate" content="20220307102100">`, "2022-03-07", "publishdate"},
		{"/", `<p>成文日期：2022年2月1日 发布日期：2022年2月8日`, "2022-02-08", "发布日期"},
		{"/", `<p>日期：2022-01-09</p><p>【发布时间：２０２２－０１－１０】`, "2022-01-10", "发布时间"},
		{"/", `<p>成文日期：2022-01-09</p><p>活动时间：2022年5月1日`, "", ""},
		{"/", `<p>2022-04-02 10:21 来源：区政府办`, "2022-04-02", "页面日期"},
		{"/", `<p><time datetime="2022-04-03T01:00">昨天</time>`, "2022-04-03", "页面日期"},
		{"/zwgk/202204/t20220405_1234.html", `<p>正文`, "2022-04-05", "网址"},
		{"/art/2022-04/06/c_1.htm", `<p>正文`, "2022-04-06", "网址"},
		{"/t20990101_1.html", `<p>发布时间：2099-01-01`, "", ""},
		{"/", `<p>发布时间：2022-02-30`, "", ""},
		{"/", `<p>发布时间：二〇二二年十一月三日 更新时间：二〇二二年五月二十一日`, "2022-05-21", "更新时间"},
	} {
		url, host := serve(t, answer("text/html; charset=utf-8", []byte("<html><body>"+c.html)))
		p, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url+c.path)
		if err != nil {
			t.Fatal(err)
		}
		if p.Published.String() != c.day || p.PublishedFrom != c.from {
			t.Errorf("%s %s: %v from %q", c.path, c.html, p.Published, p.PublishedFrom)
		}
	}
}

func TestFiles(t *testing.T) {
	url, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Disposition", `attachment; filename="`+`清单.pdf`+`"`)
		_, _ = w.Write([]byte("%PDF-1.7\n\x00\x01"))
	})
	p, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url+"/d?id=3")
	if err != nil || p.Mime != "application/pdf" || p.Title != "清单.pdf" || p.Text != "" {
		t.Errorf("%v %+v", err, p)
	}
}

func TestDeepPageKeepsItsWords(t *testing.T) {
	url, host := serve(t, answer("text/html", []byte("<html>"+strings.Repeat("<div>", 600)+"发布时间 2022-03-04<script>x</script>")))
	p, err := client(t, fetch.Config{Allow: []string{host}}).Get(t.Context(), url)
	if err != nil || p.Text != "发布时间 2022-03-04" || len(p.Dates) != 1 {
		t.Errorf("%v %q", err, p.Text)
	}
}
