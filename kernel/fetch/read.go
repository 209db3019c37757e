package fetch

import (
	"bytes"
	mimetypes "mime"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"

	"gongkai/kernel/document"
	"gongkai/kernel/regex"
)

const maxLinks = 5000 // of one page; what is beyond is left out

var (
	gone = regex.New(`页面不存在|页面已删除|页面找不到|页面丢失|页面走丢|页面已失效|内容不存在|内容已删除|文件不存在|信息不存在|` +
		`(访问|浏览|查看|查找|请求|打开)的(页面|网页|内容|文件|信息|网址)(暂时)?(不存在|已删除|已被删除|找不到|不可用|已失效)|` +
		`(找不到|无法找到|没有找到|未找到)(该|此|这个|您|你|相关|要)?[^，。\s]{0,8}(页面|网页)|(?i)page not found|404 not found`)
	reporting = regex.New(`[“"「‘'](?:.{0,20}(?:不存在|已删除|找不到|已失效|404).{0,20})[”"」’']|(?:提示|显示)(?:的?是?)(?:页面|内容|文件|信息)|反映|反馈的|出现.{0,12}(?:问题|情况|现象)|(?:不存在|找不到|打不开|失效|丢失|已删除)(?:的?(?:问题|情况|现象)|的(?:页面|链接|网页))|已(?:于.{0,12})?(?:修复|恢复|整改)|关于.{2,40}的(?:通知|公告|通告|回复|答复|说明|函|通报|情况)|怎么办|如何处理|专项(?:检查|整治)|排查|整改`)
	code404   = regex.New(`(?i)^\s*(error|错误)?\s*[:：]?\s*404\s*($|[-_—|,，。!！:：]|错误|页面|找不到|error|not found)`)

	metaCharset = regex.New(`(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)`)
)

// read fills in what the body says.
func (p *Page) read() {
	switch {
	case p.HTML():
		p.readHTML()
	case strings.HasPrefix(p.Mime, "text/"), strings.HasSuffix(p.Mime, "json"), strings.HasSuffix(p.Mime, "xml"):
		p.Title, p.Text = p.fileName(), strings.TrimSpace(p.decode())
		p.Dates = dates(p.Text)
	default:
		p.Title = p.fileName()
	}
	if p.Published.IsZero() {
		p.Published, p.PublishedFrom = fromAddress(p.Final, p.day())
	}
}

// decode turns the body into UTF-8. Valid UTF-8 is believed whatever the label
// says, and a label of UTF-8, GBK or Latin-1 is never believed against the
// bytes: those are what servers say of everything (an unlabelled or mislabelled
// page is mostly GBK). Other labels are followed.
func (p *Page) decode() string {
	if text, err := document.DecodeText(p.Body); err == nil && (utf8.Valid(p.Body) || marked(p.Body)) {
		return text
	}
	_, params, _ := mimetypes.ParseMediaType(p.Header.Get("Content-Type"))
	labels := []string{params["charset"]}
	if m := metaCharset.FindSubmatch(p.Body[:min(len(p.Body), 4096)]); m != nil {
		labels = append(labels, string(m[1]))
	}
	latin := false
	for _, label := range labels {
		enc, name := charset.Lookup(label)
		switch name {
		case "", "utf-8", "gbk", "gb18030", "replacement":
			continue
		case "windows-1252":
			latin = true
			continue
		}
		if text, err := enc.NewDecoder().Bytes(p.Body); err == nil && bytes.Count(text, []byte("\uFFFD"))*100 <= len(text) {
			return string(text)
		}
	}
	text, err := document.DecodeText(p.Body)
	if err != nil && latin {
		if enc, e := htmlindex.Get("windows-1252"); e == nil {
			if b, e := enc.NewDecoder().Bytes(p.Body); e == nil {
				return string(b)
			}
		}
	}
	if err != nil {
		return strings.ToValidUTF8(string(p.Body), "\uFFFD")
	}
	return text
}

func marked(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
}

func (p *Page) readHTML() {
	root, err := html.Parse(strings.NewReader(p.decode()))
	if err != nil { // nested too deeply to be a page; its plain words remain
		p.Text = words(p.decode())
		p.Dates = dates(p.Text)
		return
	}
	base, err := url.Parse(p.Final)
	if err != nil {
		base = &url.URL{}
	}
	r := reader{page: p, base: base, seen: map[string]bool{}, meta: map[string]string{}}
	r.walk(root)
	p.Text = r.text.String()
	p.Title = first(clean(r.meta["articletitle"]), clean(r.meta["og:title"]), r.title, r.heading, p.fileName())
	p.Dates = dates(p.Text)
	p.Published, p.PublishedFrom = published(r.meta, r.times, p.Text, p.day())
}

// reader walks a page once. The parser bounds the depth to 512.
type reader struct {
	page    *Page
	base    *url.URL
	seen    map[string]bool
	meta    map[string]string // first value of each name, lower case
	times   []string          // datetime of <time>
	title   string
	heading string
	text    lines
}

func (r *reader) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.text.add(n.Data)
		return
	case html.ElementNode:
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Select, atom.Textarea:
			return
		case atom.Title:
			if r.title == "" {
				r.title = clean(inner(n))
			}
			return
		case atom.Meta:
			name := strings.ToLower(first(attr(n, "name"), attr(n, "property"), attr(n, "itemprop")))
			if _, known := r.meta[name]; name != "" && !known {
				r.meta[name] = attr(n, "content")
			}
			return
		case atom.Base:
			if u, err := r.base.Parse(strings.TrimSpace(attr(n, "href"))); err == nil {
				r.base = u
			}
			return
		case atom.H1:
			if r.heading == "" {
				r.heading = clean(inner(n))
			}
		case atom.Time:
			r.times = append(r.times, attr(n, "datetime"))
		case atom.A, atom.Area:
			r.link(n)
		}
	}
	block := n.Type == html.ElementNode && !inline[n.DataAtom]
	if block {
		r.text.end()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
	if block {
		r.text.end()
	}
}

// inline are the elements that do not begin a line of their own.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Span: true, atom.B: true, atom.Strong: true, atom.I: true, atom.Em: true, atom.Font: true, atom.U: true,
	atom.Small: true, atom.Big: true, atom.Sub: true, atom.Sup: true, atom.Mark: true, atom.Time: true, atom.Label: true,
	atom.Code: true, atom.Img: true, atom.Abbr: true, atom.Cite: true, atom.Q: true, atom.S: true, atom.Ins: true, atom.Del: true,
}

func (r *reader) link(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" || len(href) > maxAddress || len(r.page.Links) >= maxLinks {
		return
	}
	u, err := r.base.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return
	}
	u.Fragment, u.RawFragment = "", ""
	if s := u.String(); !r.seen[s] {
		r.seen[s] = true
		r.page.Links = append(r.page.Links, Link{Text: first(clean(inner(n)), clean(attr(n, "title"))), URL: s})
	}
}

// lines collects text, blanks collapsed, a line per block.
type lines struct {
	b       strings.Builder
	written bool // something stands on the current line
	gap     bool
}

func (l *lines) add(s string) {
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f', '\u00a0', '\u3000':
			l.gap = true
			continue
		case '\u200b', '\ufeff', utf8.RuneError:
			continue
		}
		if l.gap && l.written {
			l.b.WriteByte(' ')
		}
		l.gap = false
		if !l.written && l.b.Len() > 0 {
			l.b.WriteByte('\n')
		}
		l.written = true
		l.b.WriteRune(r)
	}
}

func (l *lines) end() { l.written, l.gap = false, false }

func (l *lines) String() string { return l.b.String() }

func clean(s string) string { return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ") }

// words drops the tags of a page that cannot be parsed.
func words(source string) string {
	var l lines
	skip := false
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return l.String()
		case html.TextToken:
			if !skip {
				l.add(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			skip = (a == atom.Script || a == atom.Style) && z.Raw()[1] != '/'
			if !inline[a] {
				l.end()
			}
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func inner(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// first returns the first value that says something; templates that were not
// filled in leave "null".
func first(values ...string) string {
	for _, v := range values {
		if v != "" && v != "null" && v != "undefined" {
			return v
		}
	}
	return ""
}

// fileName is the name under which a server offers a file, else the end of its
// address.
func (p *Page) fileName() string {
	if _, params, err := mimetypes.ParseMediaType(p.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		name := params["filename"]
		if text, err := document.DecodeText([]byte(name)); err == nil { // raw GBK is common
			name = text
		}
		return clean(path.Base(strings.ReplaceAll(name, `\`, "/")))
	}
	u, err := url.Parse(p.Final)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return ""
	}
	return clean(path.Base(u.Path))
}
