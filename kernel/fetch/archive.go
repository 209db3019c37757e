package fetch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/http/httpguts"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
)

const (
	warcVersion = "WARC/1.1"
	maxHead     = 512 << 10 // bytes of a record's head or of the HTTP head in it
	maxArchive  = 256 << 20 // bytes of a record that ReadArchive looks at
	pictureType = "image/png"
)

// Archive writes a page as one WARC/1.1 response record (ISO 28500), which any
// web archive tool reads. The same page gives the same bytes, so that it can be
// kept by its content. The body stands decompressed and the headers that spoke
// of its transport are left out; the address first asked for is kept as
// WARC-Requested-URI when it was redirected. A picture of the page follows as a
// conversion record. A page that does not come from a web address is an error.
func Archive(p *Page) ([]byte, error) {
	for _, address := range []string{p.URL, p.Final} {
		if !webAddress(address) {
			return nil, fmt.Errorf("fetch: archive %q: no web address", address)
		}
	}
	var block bytes.Buffer
	fmt.Fprintf(&block, "HTTP/1.1 %03d %s\r\n", p.Status, http.StatusText(p.Status))
	header := p.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for _, name := range []string{"Content-Encoding", "Transfer-Encoding", "Content-Length", "Connection", "Set-Cookie", "Trailer"} {
		header.Del(name)
	}
	for name, values := range header { // what no HTTP head may hold would make the record unreadable
		header[name] = slices.DeleteFunc(values, func(v string) bool {
			return !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(v)
		})
	}
	header.Set("Content-Length", strconv.Itoa(len(p.Body)))
	_ = header.Write(&block) // sorted; a Buffer does not fail
	block.WriteString("\r\n")
	block.Write(p.Body)

	var out bytes.Buffer
	field := func(name, value string) { fmt.Fprintf(&out, "%s: %s\r\n", name, oneLine(value)) }
	name := func(content []byte) string {
		return "<urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, append([]byte(p.Final+"\n"+p.Fetched.Format(time.RFC3339Nano)+"\n"), content...)).String() + ">"
	}
	out.WriteString(warcVersion + "\r\n")
	field("WARC-Type", "response")
	field("WARC-Record-ID", name(block.Bytes()))
	field("WARC-Date", p.Fetched.UTC().Format(time.RFC3339Nano))
	field("WARC-Target-URI", p.Final)
	if p.URL != p.Final {
		field("WARC-Requested-URI", p.URL)
	}
	field("WARC-Identified-Payload-Type", p.Mime)
	field("WARC-Payload-Digest", digest(p.Body))
	field("WARC-Block-Digest", digest(block.Bytes()))
	field("Content-Type", "application/http;msgtype=response")
	field("Content-Length", strconv.Itoa(block.Len()))
	out.WriteString("\r\n")
	out.Write(block.Bytes())
	out.WriteString("\r\n\r\n")
	if len(p.Picture) > 0 {
		out.WriteString(warcVersion + "\r\n")
		field("WARC-Type", "conversion")
		field("WARC-Record-ID", name(p.Picture))
		field("WARC-Refers-To", name(block.Bytes()))
		field("WARC-Date", p.Fetched.UTC().Format(time.RFC3339Nano))
		field("WARC-Target-URI", p.Final)
		field("WARC-Block-Digest", digest(p.Picture))
		field("Content-Type", pictureType)
		field("Content-Length", strconv.Itoa(len(p.Picture)))
		out.WriteString("\r\n")
		out.Write(p.Picture)
		out.WriteString("\r\n\r\n")
	}
	return out.Bytes(), nil
}

func webAddress(address string) bool {
	u, err := url.Parse(address) // refuses line breaks
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
}

// ReadArchive reads what Archive wrote, and reads the page's title, text and
// dates anew. A record that is damaged or was changed is refused.
func ReadArchive(data []byte) (*Page, error) {
	p, err := readArchive(data)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "存档的网页已损坏或被改动，不能显示")
	}
	p.read()
	return p, nil
}

func readArchive(data []byte) (*Page, error) {
	if len(data) > maxArchive {
		return nil, errors.New("archive: too large")
	}
	head, block, rest, err := cutRecord(data)
	if err != nil {
		return nil, err
	}
	if head.Get("WARC-Type") != "response" {
		return nil, errors.New("archive: no response record")
	}
	var picture []byte
	if len(rest) > 0 {
		second, content, more, err := cutRecord(rest)
		if err != nil {
			return nil, err
		}
		if len(more) > 0 || second.Get("WARC-Type") != "conversion" || second.Get("WARC-Refers-To") != head.Get("WARC-Record-ID") || second.Get("Content-Type") != pictureType {
			return nil, errors.New("archive: no picture of the page")
		}
		picture = content
	}
	p := &Page{Final: head.Get("WARC-Target-URI"), Mime: head.Get("WARC-Identified-Payload-Type"), Picture: picture}
	p.URL = first(head.Get("WARC-Requested-URI"), p.Final)
	for _, address := range []string{p.URL, p.Final} {
		if !webAddress(address) {
			return nil, errors.New("archive: target is no web address")
		}
	}
	if p.Fetched, err = time.Parse(time.RFC3339Nano, head.Get("WARC-Date")); err != nil {
		return nil, fmt.Errorf("archive: date: %w", err)
	}
	p.Fetched = p.Fetched.UTC()
	status, rest, found := bytes.Cut(block, []byte("\r\n"))
	code, hasCode := strings.CutPrefix(string(status), "HTTP/1.1 ")
	if !found || !hasCode || len(code) < 3 {
		return nil, errors.New("archive: no HTTP status")
	}
	if p.Status, err = strconv.Atoi(code[:3]); err != nil || p.Status < 0 {
		return nil, errors.New("archive: status is no number")
	}
	header, body, err := splitHead(rest)
	if err != nil {
		return nil, err
	}
	if head.Get("WARC-Payload-Digest") != digest(body) {
		return nil, errors.New("archive: payload digest does not fit")
	}
	p.Header, p.Body = http.Header(header), body
	p.Header.Del("Content-Length")
	return p, nil
}

// cutRecord takes the first record off an archive.
func cutRecord(data []byte) (head textproto.MIMEHeader, block, rest []byte, err error) {
	version, data, found := bytes.Cut(data, []byte("\r\n"))
	if !found || string(version) != warcVersion {
		return nil, nil, nil, errors.New("archive: not a WARC/1.1 record")
	}
	if head, data, err = splitHead(data); err != nil {
		return nil, nil, nil, err
	}
	size, err := strconv.Atoi(head.Get("Content-Length"))
	if err != nil || size < 0 || size > len(data)-4 || string(data[size:size+4]) != "\r\n\r\n" {
		return nil, nil, nil, errors.New("archive: length does not fit")
	}
	if head.Get("WARC-Block-Digest") != digest(data[:size]) {
		return nil, nil, nil, errors.New("archive: digest does not fit")
	}
	return head, data[:size], data[size+4:], nil
}

// splitHead parses the named fields before the first empty line.
func splitHead(data []byte) (textproto.MIMEHeader, []byte, error) {
	end := bytes.Index(data, []byte("\r\n\r\n"))
	if end < 0 || end > maxHead {
		return nil, nil, errors.New("archive: head without end")
	}
	head, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(data[:end+4]))).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("archive: head: %w", err)
	}
	return head, data[end+4:], nil
}

// View is what an archived page may show inside a page of the house: a banner
// with its address and time, and its content without scripts, styles, forms
// and pictures, so that nothing is loaded from outside. Links lead to where
// they led.
func View(p *Page) template.HTML {
	var out strings.Builder
	at := p.Fetched.In(calendar.Zone)
	address := template.HTMLEscapeString(p.Final)
	fmt.Fprintf(&out, `<p class="archived-banner" role="note">这是 <time datetime="%s">%s %02d:%02d</time> 保存的网页副本，原网址：<a href="%s" rel="nofollow noreferrer noopener">%s</a>。样式、图片和脚本没有保留。</p>`,
		at.Format(time.RFC3339), p.day().Chinese(), at.Hour(), at.Minute(), address, address)
	out.WriteString(`<div class="archived-page">`)
	switch {
	case p.HTML():
		out.WriteString(p.Safe())
	case p.Text != "":
		out.WriteString("<pre>" + template.HTMLEscapeString(p.Text) + "</pre>")
	default:
		fmt.Fprintf(&out, "<p>这是一个文件（%s，%d 字节），请下载后查看。</p>", template.HTMLEscapeString(p.Mime), len(p.Body))
	}
	out.WriteString("</div>")
	return template.HTML(out.String()) // sanitised and escaped above
}

// Safe is the page's content through a policy that lets only text structure
// and absolute links pass; "" for what is no web page.
func (p *Page) Safe() string {
	if !p.HTML() {
		return ""
	}
	plain := "<pre>" + template.HTMLEscapeString(p.Text) + "</pre>"
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.decode()))
	if err != nil { // nested too deeply
		return plain
	}
	base, err := url.Parse(p.Final)
	if err != nil {
		base = &url.URL{}
	}
	doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		if u, err := base.Parse(strings.TrimSpace(href)); err == nil {
			a.SetAttr("href", u.String())
		} else {
			a.RemoveAttr("href")
		}
	})
	body, err := doc.Find("body").Html()
	if err != nil {
		return plain
	}
	policy := bluemonday.NewPolicy()
	policy.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd",
		"blockquote", "pre", "b", "strong", "i", "em", "u", "sub", "sup", "section", "article",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
	policy.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowURLSchemes("http", "https")
	policy.RequireParseableURLs(true)
	policy.RequireNoFollowOnLinks(true)
	policy.RequireNoReferrerOnLinks(true)
	return policy.Sanitize(body)
}
