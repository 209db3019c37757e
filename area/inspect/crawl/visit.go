package crawl

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fetch"
)

// stopped marks an answer that was cut off because the run ends; it is not kept.
const stopped fact.Failure = "stopped"

const bigPage = 512 << 10 // bytes of a page from which on only one is read at a time: its tree is many times larger

const glanceBytes = 3000 // of another site's words that are kept

const fewWords = 20 // characters of its own from which on a page can be told by them

// task is one call.
type task struct {
	kind  taskKind
	host  *host
	entry entry
	group *group
	sure  bool // how missing pages look here is known: need not be compared
}

type taskKind int

const (
	visit      taskKind = iota
	askRobots           // the rules of a host
	askMissing          // an address that does not exist, to learn how the server says so
)

// result is what came of a task.
type result struct {
	task
	answer  *answer
	page    *fact.Page
	facts   []byte
	body    []byte // packed, to be kept; nil = not
	targets []target
	refresh string
	crowded bool // names more addresses than are taken
	sketch  sketch
	words   int    // characters of the page's own words
	print   uint64 // of its words
	bare    string // hash of a page of few words without its own address
	text    string // of robots.txt
	err     error  // the machine's, not the site's
}

// target is an address a page names.
type target struct {
	url  string
	file bool
	list bool // probably lists something
	item bool // stands in a list
	jump bool // a redirect, refresh or frame: belongs to this page, no click further
}

// do carries a task out; it runs in a goroutine of its own and touches nothing
// of the run that changes.
func (r *run) do(ctx context.Context, t task) *result {
	res := &result{task: t}
	switch t.kind {
	case askRobots:
		at := t.host.origin + "/robots.txt"
		for range 3 {
			res.answer = r.client.get(ctx, ask{url: at, part: Page, limit: maxRobots})
			if at = res.answer.location; at == "" {
				break
			}
		}
		if res.answer.status == http.StatusOK && !isHTML(res.answer.kind) {
			res.text, _, _, _ = decode(res.answer.body, "")
		}
		res.answer.body = nil
		return res
	case askMissing:
		e := t.entry
		e.url, e.etag, e.modified = strangeAddress(e.url), "", ""
		res.entry = e
	}
	e := res.entry
	q := ask{url: e.url, part: e.part, etag: e.etag, modified: e.modified, limit: r.conf.MaxPage}
	if e.part != Page {
		q.limit = sniffBytes
	}
	a := r.client.get(ctx, q)
	res.answer = a
	if ctx.Err() != nil && (a.failure != "" || a.status == 0) {
		a.failure = stopped
	}
	p := &fact.Page{
		URL: e.url, Depth: e.depth, At: a.at, Took: a.took, Status: a.status, Failure: a.failure, Note: a.note,
		Type: a.kind, Size: max(a.size, 0), Final: a.location,
	}
	res.page = p
	if a.header != nil {
		p.ETag, p.Modified = bounded(a.header.Get("ETag")), bounded(a.header.Get("Last-Modified"))
	}
	if a.failure == stopped || a.status == 0 {
		return res
	}
	if p.Failure == "" && a.status == http.StatusBadRequest && onlySecure(a.body) {
		p.Failure, p.Note = fact.NoConnect, "只能加密（https）访问，不能用 http 打开"
	}
	if p.Failure == "" && a.challenged() {
		p.Failure, p.Note = fact.Refused, fmt.Sprintf("服务器要求先通过人机验证（状态 %d），未判定", a.status)
	}
	if e.part == Outside && p.Failure == "" && (a.status == 401 || a.status == 403 || a.status == 405 || a.status == 406) {
		p.Failure, p.Note = fact.Refused, fmt.Sprintf("对方网站不接受程序访问（状态 %d），未判定", a.status)
	}
	html := e.part == Page && isHTML(a.kind) && a.location == ""
	if a.whole && len(a.body) > 0 {
		p.Hash = Hash(a.body)
	}
	if html && len(a.body) > 0 && (a.status == 200 || t.kind == askMissing || a.status >= 400) {
		r.read(res)
	}
	if e.part == Outside && isHTML(a.kind) && len(a.body) > 0 && p.OK() && a.location == "" {
		r.glance(res)
	}
	if t.kind == visit && !html && p.OK() && a.location == "" && r.conf.Keep != nil && r.conf.Keep(p) {
		r.keepFile(ctx, res, q)
	}
	a.body = nil
	return res
}

// Hash is the name by which a body is kept (fact.Page.Hash).
func Hash(b []byte) string {
	sum := sm3.Sum(b)
	return hex.EncodeToString(sum[:])
}

func bounded(s string) string {
	if len(s) > 300 || !utf8.ValidString(s) {
		return ""
	}
	return s
}

// keepFile keeps a file; what was read of it so far may be only its beginning.
func (r *run) keepFile(ctx context.Context, res *result, q ask) {
	a := res.answer
	if a.whole && len(a.body) == 0 {
		return
	}
	if !a.whole {
		if a.size > r.conf.MaxFile {
			res.page.Note = join(res.page.Note, "文件过大，未保存")
			return
		}
		select { // several, but not a hundred, are held in memory at once
		case r.files <- struct{}{}:
			defer func() { <-r.files }()
		case <-ctx.Done():
		}
		q.part, q.limit, q.etag, q.modified = File, r.conf.MaxFile, "", ""
		full := r.client.get(ctx, q)
		if ctx.Err() != nil {
			a.failure = stopped // the run goes on with it
			return
		}
		if !full.whole {
			res.page.Note = join(res.page.Note, "文件没有完整下载："+cmp.Or(full.note, "未读取完"))
			return
		}
		a.body, res.page.Size, res.page.Hash = full.body, full.size, Hash(full.body)
	}
	res.err = r.store.keep(res.page.Hash, a.body)
}

// read lets the reader read a page and takes out what the crawl needs.
func (r *run) read(res *result) {
	a, p := res.answer, res.page
	if len(a.body) > bigPage {
		r.big.Lock()
		defer r.big.Unlock()
	}
	var text, note string
	text, p.Charset, p.Declared, note = decode(a.body, a.header.Get("Content-Type"))
	p.Note = join(p.Note, note)
	found, err := r.reading(p, text)
	if err != nil {
		if p.Failure == "" {
			p.Failure = fact.Broken
		}
		p.Note = join(p.Note, "页面结构无法解析")
		return
	}
	said := text
	if found.Reading != nil {
		said = found.Reading.Title + "\n" + found.Reading.Text
		res.words = utf8.RuneCountInString(found.Reading.Text)
	}
	if res.kind == askMissing || r.mayBeMissing(res) {
		res.sketch = sketchOf(r.seed, said)
	}
	if res.kind == askMissing {
		res.bare = Hash(withoutOwn(a.body, res.entry.url))
		return
	}
	if res.words < fewWords && res.sketch != nil {
		res.bare = Hash(withoutOwn(a.body, res.entry.url))
	}
	if p.Failure == "" && p.Status == 200 && found.Reading != nil && res.entry.depth > 0 && fetch.SaysMissing(found.Reading.Title, found.Reading.Text) {
		p.Failure, p.Note = fact.SoftMissing, join(p.Note, "页面提示不存在，但返回状态 200")
	}
	if a.status != 200 || found.Reading == nil {
		return // an error page names nothing of the site worth following
	}
	p.Read = found.Reading
	if watched(p.URL, p.Depth) {
		res.print = maphash.String(r.seed, said)
	}
	res.targets = r.targets(res, found)
	if res.facts, err = r.store.facts(found.Reading); err != nil {
		res.err = fmt.Errorf("crawl: facts of %s: %w", p.URL, err)
		return
	}
	if p.Hash != "" && r.conf.Keep != nil && r.conf.Keep(p) {
		res.body = r.store.pack.EncodeAll(a.body, nil)
	}
}

// glance keeps of another site's page what it says of itself at its beginning: that
// is how one can tell later that a domain has come into other hands (WEB-12).
func (r *run) glance(res *result) {
	text, _, _, _ := decode(trimCut(res.answer.body), res.answer.header.Get("Content-Type"))
	found, err := r.reading(res.page, text)
	if err != nil || found.Reading == nil {
		return
	}
	from := found.Reading
	short := "" // only a page that is short as a whole is judged by its words
	if res.answer.whole {
		short = from.Text
	}
	if res.page.Status == 200 && fetch.SaysMissing(from.Title, short) {
		res.page.Failure, res.page.Note = fact.SoftMissing, "页面提示不存在，但返回状态 200"
	}
	said := &fact.Reading{Kind: fact.Other, Title: from.Title, Text: strings.ToValidUTF8(from.Text[:min(len(from.Text), glanceBytes)], ""), Meta: map[string]string{}}
	for name, value := range from.Meta {
		if low := strings.ToLower(name); low == "keywords" || low == "description" {
			said.Meta[low] = value
		}
	}
	if res.facts, err = r.store.facts(said); err != nil {
		res.err = fmt.Errorf("crawl: facts of %s: %w", res.page.URL, err)
	}
}

// reading asks the reader; what it chokes on is the page's fault.
func (r *run) reading(p *fact.Page, text string) (f Found, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("crawl: reading %s: %v", p.URL, v)
		}
	}()
	return r.reader.Read(p, text), nil
}

// targets are the addresses a page names, each once, in one form.
func (r *run) targets(res *result, f Found) []target {
	seen := map[string]bool{}
	var out []target
	left := 0
	add := func(address string, t target) {
		if len(out) >= r.conf.MaxLinks {
			left++
			return
		}
		if seen[address] {
			return
		}
		seen[address] = true
		f := r.forms.of(address)
		if f.url == "" || f.url != address && seen[f.url] {
			return
		}
		seen[f.url] = true
		t.url, t.file, t.list = f.url, t.file || f.file, t.list || f.list
		out = append(out, t)
	}
	if f.Refresh != "" {
		add(f.Refresh, target{jump: true})
		if len(out) == 1 && out[0].url != res.entry.url {
			res.refresh = out[0].url
		}
	}
	for _, a := range f.Reading.Frames {
		add(a, target{jump: true, list: true})
	}
	for _, a := range f.Reading.Next {
		add(a, target{list: true})
	}
	for _, e := range f.Reading.Entries {
		add(e.URL, target{item: true})
	}
	for _, l := range f.Reading.Links {
		switch l.Element {
		case "img", "script", "link", "source", "object", "embed", "video", "audio", "input", "track":
			add(l.URL, target{file: true})
		case "form":
			// never submitted; whether its address answers is not asked either
		case "iframe", "frame":
			add(l.URL, target{jump: true, list: true})
		default:
			add(l.URL, target{list: l.Place == fact.InNav})
		}
	}
	if left > 0 {
		res.crowded = true
		res.page.Note = join(res.page.Note, fmt.Sprintf("页面上的链接过多，只检查了前 %d 个", r.conf.MaxLinks))
	}
	return out
}

// mayBeMissing: pages that could be a server's way of saying "not there".
func (r *run) mayBeMissing(res *result) bool {
	return !res.sure && res.entry.part == Page && res.page.Status == 200 && res.page.Failure == "" && res.entry.depth > 0
}

// strangeAddress is an address in the same directory and of the same kind that
// does not exist. It is the same in every run (WEB-84).
func strangeAddress(canonical string) string {
	name := "gongkai-" + Hash([]byte(parent(canonical)))[:12]
	if ext := extension(canonical); ext != "" && len(ext) <= 5 {
		name += "." + ext
	}
	return parent(canonical) + name
}

// groupOf is the part of a host to which an address belongs when answers for
// missing pages are compared.
func groupOf(canonical string) string {
	p := canonical[len(origin(canonical)):]
	p, _, _ = strings.Cut(p, "?")
	segment := ""
	if i := strings.IndexByte(p[1:], '/'); i >= 0 {
		segment = p[1 : 1+i]
	}
	return segment + "." + extension(canonical)
}

// withoutOwn takes an answer's own address out of it: many tell it back.
func withoutOwn(body []byte, canonical string) []byte {
	s := string(body)
	for _, own := range []string{canonical, canonical[len(origin(canonical)):], strings.TrimPrefix(canonical, parent(canonical))} {
		if len(own) > 4 {
			s = strings.ReplaceAll(s, own, "")
		}
	}
	return []byte(s)
}
