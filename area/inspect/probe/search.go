package probe

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/read"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

const (
	shortTitle  = 8  // characters: shorter links of a results page are no results
	shortQuery  = 6  // shorter titles say too little
	pinyinChars = 8  // of a title that are asked for in pinyin
	likeChars   = 4  // neighbouring characters that make a result one for the query
	maxCut      = 10 // characters of a title that was cut off with dots
	giveUp      = 3  // questions without an answer, one after another
)

var (
	noResult = regexp.MustCompile(`(没有|未能?|无法|沒有)(找到|检索到|搜索到|查询到|搜到|查到|匹配)|找不到|(暂无|没有|无)(相关|符合|匹配|搜索|检索|查询)|暂无(数据|结果|信息|内容)|(共|约|找到|结果)[^0-9。]{0,12}\b0\s*(条|个|篇|项)`)

	// homophones are pairs of which one is often typed for the other.
	homophones = []string{
		"通同", "知支", "公工", "关观", "政证", "府付", "布部", "区曲", "会汇", "议义", "度渡", "划画", "服福", "务物", "管馆",
		"理里", "建件", "设社", "经京", "济际", "生声", "学雪", "企起", "业叶", "环还", "境竞", "保宝", "护互", "安按", "市事",
		"书数", "项向", "目木", "计记", "规归", "意易", "发法", "年念", "民名", "中钟", "心新", "工公", "作做", "报抱", "告高",
	}
)

// form is a search form that may be asked.
type form struct {
	action url.URL
	field  string
	values url.Values
	most   int  // characters the field takes; 0 = any number
	gbk    bool // texts are sent in GBK
	home   map[string]bool
}

// search puts the titles of recent items to the site's own search and finds at
// which rank they come (WEB-62), then one with a wrong character and one in
// pinyin (D4.5). Only search forms that are sent by GET to the site itself are
// used. nil: the site has no search form, or nothing to ask.
func (p *prober) search(ctx context.Context, q Questions) []fact.Asked {
	items := questions(q.Items)
	if len(items) == 0 {
		return nil
	}
	f, failed := p.searchForm(ctx, q.Home)
	if f == nil {
		if failed == "" || ctx.Err() != nil {
			return nil
		}
		return []fact.Asked{{Query: items[0].Query, Want: items[0].Want, Failed: failed}}
	}
	var out []fact.Asked
	mute := 0
	for _, a := range items {
		p.ask(ctx, f, &a)
		if ctx.Err() != nil {
			return out
		}
		out = append(out, a)
		if mute++; a.Failed == "" {
			mute = 0
		}
		if mute >= giveUp {
			return out
		}
	}
	for _, a := range out {
		if a.Rank == 0 || a.Rank > 3 {
			continue
		}
		for _, query := range []string{mistyped(a.Query), inPinyin(a.Query)} {
			loose := fact.Asked{Query: query, Want: a.Want, Loose: true}
			if query == "" {
				continue
			}
			p.ask(ctx, f, &loose)
			if ctx.Err() == nil {
				out = append(out, loose)
			}
		}
		break
	}
	return out
}

// questions are those that can be asked, each title once.
func questions(items []fact.Asked) []fact.Asked {
	seen := map[string]bool{}
	var out []fact.Asked
	for _, a := range items {
		title := strings.Join(strings.Fields(a.Query), " ")
		if utf8.RuneCountInString(title) >= shortQuery && !seen[title] && len(out) < maxTitles {
			seen[title] = true
			out = append(out, fact.Asked{Query: title, Want: a.Want})
		}
	}
	return out
}

// searchForm finds the search form of the home page, or of the search page that
// it links to. Without a form, failed says why there is one that cannot be used.
func (p *prober) searchForm(ctx context.Context, home *fact.Reading) (f *form, failed string) {
	pages := []string{p.start.String()}
	for i := 0; i < len(pages) && i < 2; i++ {
		page, err := p.get(ctx, p.web, pages[i])
		if err != nil {
			continue
		}
		r := reading(page, i == 0)
		if r == nil {
			continue
		}
		if i == 0 && home == nil {
			home = r
		}
		f, why := p.formOf(page, r)
		if f != nil {
			f.home = addresses(r)
			return f, ""
		}
		if why != "" {
			failed = why
		}
		for _, h := range []*fact.Reading{r, home} {
			if h == nil || len(pages) > 1 || h.Marks.Search == "" || h.Marks.Search == p.start.String() {
				continue
			}
			// The place a form is sent to is no page to look for forms on.
			target := slices.ContainsFunc(h.Forms, func(f fact.Form) bool { return f.Action == h.Marks.Search })
			if u, err := url.Parse(h.Marks.Search); err == nil && !target && p.own(u) {
				pages = append(pages, h.Marks.Search)
			}
		}
	}
	return nil, failed
}

// formOf finds a search form among those of a page.
func (p *prober) formOf(page *fetch.Page, r *fact.Reading) (out *form, failed string) {
	wanted := false
	for i := range r.Forms {
		switch f := &r.Forms[i]; {
		case !f.Search:
		case f.Method != "GET":
			failed = "搜索框不是用 GET 方式提交的，没有代为查询"
		default:
			wanted = true
		}
	}
	if !wanted {
		return nil, failed
	}
	text := decode(page.Body)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	base, err2 := url.Parse(page.Final)
	if err != nil || err2 != nil {
		return nil, failed
	}
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := base.Parse(strings.TrimSpace(href)); err == nil {
			base = u
		}
	}
	doc.Find("form").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		var why string
		if out, why = p.usable(s, base, r); why != "" {
			failed = why
		}
		return out == nil
	})
	if out == nil && failed == "" {
		failed = "搜索框由脚本提交，程序不能代为查询"
	}
	if out != nil {
		charset := strings.ToLower(out.values.Get("\x00"))
		out.values.Del("\x00")
		out.gbk = strings.HasPrefix(charset, "gb") || charset == "" && !utf8.Valid(page.Body)
	}
	return out, failed
}

// usable turns a form element into a form if the reader of pages took it for a
// search sent by GET. The value under the name "\x00" is the encoding it asks for.
func (p *prober) usable(s *goquery.Selection, base *url.URL, r *fact.Reading) (*form, string) {
	action, err := base.Parse(strings.TrimSpace(s.AttrOr("action", "")))
	if err != nil || strings.EqualFold(s.AttrOr("method", "get"), "post") {
		return nil, ""
	}
	f := &form{action: *action, values: url.Values{}}
	s.Find("input, select").Each(func(_ int, in *goquery.Selection) {
		name := in.AttrOr("name", "")
		if name == "" || in.Is("[disabled]") {
			return
		}
		if in.Is("select") {
			option := in.Find("option[selected]").First()
			if option.Length() == 0 {
				option = in.Find("option").First()
			}
			f.values.Set(name, option.AttrOr("value", strings.TrimSpace(option.Text())))
			return
		}
		switch strings.ToLower(in.AttrOr("type", "text")) {
		case "", "text", "search":
			if f.field == "" {
				f.field = name
				f.most, _ = strconv.Atoi(in.AttrOr("maxlength", "0"))
				return
			}
			f.values.Set(name, in.AttrOr("value", ""))
		case "hidden":
			f.values.Add(name, in.AttrOr("value", ""))
		case "radio", "checkbox":
			if in.Is("[checked]") {
				f.values.Add(name, in.AttrOr("value", "on"))
			}
		}
	})
	if f.field == "" {
		return nil, ""
	}
	known := false
	for i := range r.Forms {
		g := &r.Forms[i]
		for _, field := range g.Fields {
			name, _, _ := strings.Cut(field, " ")
			known = known || g.Search && g.Method == "GET" && name == f.field
		}
	}
	switch {
	case !known:
		return nil, ""
	case action.Scheme != "http" && action.Scheme != "https":
		return nil, "搜索框由脚本提交，程序不能代为查询"
	case !p.own(action):
		return nil, "搜索框提交到其他网站（" + action.Host + "），没有代为查询"
	}
	f.values.Set("\x00", s.AttrOr("accept-charset", ""))
	return f, ""
}

// address is where a question is asked.
func (f *form) address(query string) string {
	if r := []rune(query); f.most > 0 && len(r) > f.most {
		query = string(r[:f.most])
	}
	values := url.Values{}
	for name, list := range f.values {
		for _, v := range list {
			values.Add(name, f.encode(v))
		}
	}
	values.Set(f.field, f.encode(query))
	u := f.action
	u.RawQuery, u.Fragment, u.RawFragment = values.Encode(), "", ""
	return u.String()
}

func (f *form) encode(s string) string {
	if f.gbk {
		if b, err := simplifiedchinese.GB18030.NewEncoder().String(s); err == nil {
			return b
		}
	}
	return s
}

// ask puts one question and fills in what came.
func (p *prober) ask(ctx context.Context, f *form, a *fact.Asked) {
	a.Page = f.address(a.Query)
	page, err := p.get(ctx, p.web, a.Page)
	if err != nil && fetch.ReasonOf(err) != fetch.Missing {
		a.Failed = "搜索没有答复：" + fault.Text(err)
		return
	}
	r := reading(page, false)
	if r == nil {
		a.Failed = "搜索返回的不是网页"
		return
	}
	var sure bool
	if a.Rank, sure = rank(f, r, page.Text, a); sure {
		return
	}
	if p.conf.Render != nil {
		if body, err := p.conf.Render(ctx, a.Page); err == nil {
			if r, err := read.Page(page.Final, body, read.Hints{Rendered: true}); err == nil {
				if a.Rank, sure = rank(f, r, r.Text, a); sure {
					return
				}
			}
		}
	}
	a.Failed = "搜索结果读不出来，可能由脚本显示"
}

// rank finds the wanted item among the results: by address, also inside the
// address of a counter of clicks, or by its title. sure is false when the page
// cannot be taken for an answer: then nobody knows.
func rank(f *form, r *fact.Reading, text string, a *fact.Asked) (n int, sure bool) {
	if echo(f, r) {
		return 0, false
	}
	var entries, body []fact.Link
	for _, e := range r.Entries {
		entries = append(entries, fact.Link{URL: e.URL, Text: e.Title})
	}
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InNav && l.Place != fact.InFooter {
			body = append(body, l)
		}
	}
	like := false
	for _, list := range [][]fact.Link{entries, body} {
		place, seen := 0, map[string]bool{}
		for _, l := range list {
			hit := isItem(l, a)
			if seen[l.URL] || !hit && utf8.RuneCountInString(l.Text) < shortTitle {
				continue
			}
			seen[l.URL] = true
			place++
			if hit {
				return place, true
			}
			like = like || alike(l.Text, a.Query)
		}
	}
	return 0, like || noResult.MatchString(text)
}

// echo recognises the page the form stands on, which comes back when only a
// script would have searched.
func echo(f *form, r *fact.Reading) bool {
	links := addresses(r)
	known := 0
	for l := range links {
		if f.home[l] {
			known++
		}
	}
	return len(links) > 0 && known*20 >= len(links)*19 && len(links)*10 >= len(f.home)*9
}

func addresses(r *fact.Reading) map[string]bool {
	out := map[string]bool{}
	for _, l := range r.Links {
		if l.Element == "a" {
			out[l.URL] = true
		}
	}
	return out
}

// isItem tells whether a result is the wanted item.
func isItem(l fact.Link, a *fact.Asked) bool {
	want := bare(a.Want)
	if want != "" {
		if got := bare(l.URL); got == want {
			return true
		} else if _, query, found := strings.Cut(l.URL, "?"); found && !strings.Contains(want, "?") {
			if query, err := url.QueryUnescape(query); err == nil && strings.Contains(query, want) {
				return true
			}
		}
	}
	if a.Loose {
		return false
	}
	title, got := plain(a.Query), plain(l.Text)
	if got == title {
		return true
	}
	cut := strings.TrimRight(strings.TrimSpace(l.Text), ".…")
	return cut != strings.TrimSpace(l.Text) && utf8.RuneCountInString(cut) >= maxCut && strings.HasPrefix(title, plain(cut))
}

// bare is an address without what may differ between two ways of writing it.
func bare(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	return strings.TrimPrefix(strings.TrimSuffix(rest, "/"), "www.")
}

// plain are the letters and digits of a title.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// alike tells whether two titles share some neighbouring characters.
func alike(a, b string) bool {
	a = plain(a)
	r := []rune(plain(b))
	for i := 0; i+likeChars <= len(r); i++ {
		if strings.Contains(a, string(r[i:i+likeChars])) {
			return true
		}
	}
	return false
}

// mistyped is a title with one character that sounds like the right one; "" when
// there is none to mistake.
func mistyped(title string) string {
	r := []rune(title)
	for i := len(r) / 3; i < len(r); i++ {
		for _, pair := range homophones {
			if two := []rune(pair); r[i] == two[0] {
				r[i] = two[1]
				return string(r)
			}
		}
	}
	return ""
}

// inPinyin is the beginning of a title as somebody types who forgot to choose
// characters.
func inPinyin(title string) string {
	var b strings.Builder
	n := 0
	for _, r := range title {
		if s := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(s) > 0 && n < pinyinChars {
			b.WriteString(s[0])
			n++
		}
	}
	return b.String()
}
