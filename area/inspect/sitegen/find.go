package sitegen

import (
	"net/http"
	"net/url"
	"sort"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/mozillazg/go-pinyin"
)

// finder is the search of a site: titles of all items, and how they sound.
type finder struct {
	nodes  []node
	titles []string
	sounds map[rune]string
}

func (s *Site) finder() *finder {
	s.once.Do(func() {
		f := &finder{sounds: map[rune]string{}}
		for _, c := range s.columns {
			for i := range c.count {
				if s.hidden[node{c.n, i, 0}] {
					continue
				}
				title := s.entry("main", c, i).text
				f.nodes, f.titles = append(f.nodes, node{c.n, i, 0}), append(f.titles, title)
				for _, r := range title {
					if _, known := f.sounds[r]; !known {
						if p := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(p) > 0 {
							f.sounds[r] = p[0]
						} else {
							f.sounds[r] = strings.ToLower(string(r))
						}
					}
				}
			}
		}
		s.found = f
	})
	return s.found
}

// ask returns the best ten items for a question: exact titles first, then
// those that share most characters, or sound alike.
func (f *finder) ask(query string) []int {
	type hit struct {
		n    int
		rank float64
	}
	var hits []hit
	plain := strings.Trim(strings.ToLower(query), " ")
	latin := plain != "" && strings.IndexFunc(plain, func(r rune) bool { return r > 127 }) < 0
	wanted := map[rune]bool{}
	for _, r := range plain {
		wanted[r] = true
	}
	plainSound := strings.ReplaceAll(plain, " ", "")
	for i, title := range f.titles {
		rank := 0.0
		switch {
		case title == query:
			rank = 100
		case latin:
			var b strings.Builder
			for _, r := range title {
				b.WriteString(f.sounds[r])
			}
			if strings.Contains(b.String(), plainSound) {
				rank = 50
				if b.String() == plainSound {
					rank = 90
				}
			}
		case strings.Contains(title, query):
			rank = 60
		default:
			same, all := 0, 0
			for _, r := range title {
				all++
				if wanted[r] {
					same++
				}
			}
			if share := float64(same) / float64(max(all, len(wanted))); share > 0.5 {
				rank = 40 * share
			}
		}
		if rank > 0 {
			hits = append(hits, hit{i, rank})
		}
	}
	sort.SliceStable(hits, func(a, b int) bool { return hits[a].rank > hits[b].rank })
	var list []int
	for _, h := range hits[:min(len(hits), 10)] {
		list = append(list, h.n)
	}
	return list
}

// searchFor fills a search page with what was asked for.
func (s *Site) searchFor(p *page, r *http.Request) {
	query := r.URL.Query().Get("q")
	if s.plan.Charset == "gbk" && query != "" && strings.ContainsRune(query, '\uFFFD') {
		query = ""
	}
	if s.plan.Charset == "gbk" { // a browser sends a form in the page's own charset
		if raw, err := url.QueryUnescape(rawValue(r.URL.RawQuery, "q")); err == nil {
			if text, err := simplifiedchinese.GBK.NewDecoder().String(raw); err == nil && !validUTF8(raw) {
				query = text
			}
		}
	}
	if len(query) > 300 {
		query = query[:300]
	}
	if query == "" {
		p.text("请输入标题、文号或者关键词进行检索，支持按相关度和时间排序。")
		return
	}
	p.title = "“" + query + "”的检索结果"
	f := s.finder()
	list := f.ask(query)
	if s.flags["search-miss"] { // always the same, whatever is asked
		list = nil
		for i := range min(5, len(f.nodes)) {
			list = append(list, i)
		}
	}
	for _, i := range list {
		n := f.nodes[i]
		p.entries = append(p.entries, s.entry("main", s.columns[n.column], n.item))
	}
	if len(list) == 0 {
		p.text("没有检索到与“" + query + "”相关的结果，请更换关键词后重试。")
	}
}

func rawValue(query, name string) string {
	for _, pair := range strings.Split(query, "&") {
		if k, v, ok := strings.Cut(pair, "="); ok && k == name {
			return v
		}
	}
	return ""
}

func validUTF8(s string) bool { return strings.ToValidUTF8(s, "") == s }
