package judge

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

const (
	maxPapers = 300_000 // documents and interpretations whose links are kept
	maxOut    = 60      // links of each
	twinsMost = 50      // doubles told one by one
)

// paper is a document or an interpretation with where it leads.
type paper struct {
	item   int32
	core   uint64 // of its title, so that a document and its interpretation have the same; 0 = none
	reads  bool   // an interpretation
	number string
	out    []int32
}

var (
	interpretName = regex.With("解读 读懂 图解", `解读|一图读懂|图解`)
	documentTitle = regex.With("关于 办法 规定 细则 方案 意见 条例 规划 预案 决定 印发", `关于.{2,}的(?:通知|意见|决定|通告|公告|批复|函)|(?:办法|规定|细则|方案|意见|条例|规划|预案|决定)(?:（[^）]{1,12}）)?$|印发`)
	bookTitle     = regex.New(`《([^《》]{4,120})》`)
	leadIn        = regex.New(`^(?:一图读懂|图解|图说|视频解读|文字解读|专家解读|政策解读|部门解读|解读)[:：丨|｜\s]*`)
	readEnd       = regex.New(`(?:的)?(?:政策|文字|图文|专家|部门|有关)?(?:解读|图解|问答|说明)(?:材料|稿)?(?:（[^）]{1,12}）)?$`)
	officeLead    = regex.New(`^.{0,60}?关于(?:印发|公布|发布|转发|颁布)?`)
	noticeEnd     = regex.New(`的?(?:通知|通告|公告)(?:（[^）]{1,16}）)?$`)
	fullNumber    = regex.New(`〔(?:19|20)\d{2}〕\d+号`)
	placeLead     = regex.New(`^[\p{Han}]{1,8}?(?:省|市|区|县|州|旗|镇|街道)`)
)

var (
	numberForm = strings.NewReplacer(" ", "", "[", "〔", "]", "〕", "［", "〔", "］", "〕")
	titleForm  = strings.NewReplacer("〈", "《", "〉", "》", "<", "《", ">", "》", "“", "", "”", "", "\"", "")
	trialForm  = strings.NewReplacer("（试行）", "", "(试行)", "", "（暂行）", "", "《", "", "》", "")
)

// coreOf is what a document and its interpretation have in common in their
// titles; "" where there is too little.
func coreOf(title string) string {
	t := titleForm.Replace(flat(title))
	t = leadIn.ReplaceAllString(t, "")
	if g := bookTitle.FindStringSubmatch(t); g != nil {
		t = g[1]
	} else {
		t = readEnd.ReplaceAllString(t, "")
	}
	t = officeLead.ReplaceAllString(t, "")
	t = noticeEnd.ReplaceAllString(t, "")
	t = trialForm.Replace(t)
	for range 2 {
		if cutPlace := placeLead.ReplaceAllString(t, ""); utf8.RuneCountInString(cutPlace) >= 5 {
			t = cutPlace
		}
	}
	if utf8.RuneCountInString(t) < 5 {
		return ""
	}
	return t
}

// seePaper keeps a document or an interpretation with its links, and a short
// form of the text of any item by which doubles are found.
func (s *site) seePaper(i int32, p *fact.Page) {
	r := p.Read
	l := &s.leaves[i]
	if l.item < 0 {
		return
	}
	it := &s.items[l.item]
	if r.Words >= 200 {
		it.sketch = sketch(r.Text)
		it.words = int32(r.Words)
	}
	last := ""
	if n := len(r.Breadcrumb); n > 0 {
		last = r.Breadcrumb[n-1]
	}
	reads := interpretName.MatchString(it.Title) || interpretName.MatchString(last) || interpretName.MatchString(it.tag)
	if !reads && r.Number == "" && !documentTitle.MatchString(it.Title) || len(s.papers) >= maxPapers {
		return
	}
	one := paper{item: l.item, reads: reads, number: numberForm.Replace(r.Number)}
	if c := coreOf(it.Title); c != "" {
		one.core = xxhash.Sum64String(c)
	}
	for k := range r.Links {
		a := &r.Links[k]
		if a.Element != "a" || a.Place == fact.InNav || a.Place == fact.InFooter || len(one.out) >= maxOut {
			continue
		}
		if j := s.leafOf(keyOf(a.URL)); j >= 0 {
			one.out = append(one.out, j)
		}
	}
	s.papers = append(s.papers, one)
}

// sketch is a 64-bit form of a text that like texts share but for few bits.
func sketch(text string) uint64 {
	var sum [64]int32
	var last [2]rune
	n := 0
	for _, c := range text {
		if c <= ' ' || c == '　' {
			continue
		}
		if n >= 2 {
			h := uint64(last[0])<<42 ^ uint64(last[1])<<21 ^ uint64(c)
			h *= 0x9e3779b97f4a7c15
			h ^= h >> 29
			h *= 0xbf58476d1ce4e5b9
			h ^= h >> 32
			if h>>62 == 0 { // a quarter of them is enough
				for b := range 64 {
					sum[b] += int32(h>>b&1)*2 - 1
				}
			}
		}
		last[0], last[1] = last[1], c
		if n++; n > 3000 {
			break
		}
	}
	var out uint64
	for b := range 64 {
		if sum[b] > 0 {
			out |= 1 << b
		}
	}
	return out
}

// leads tells whether a paper links to any of the items.
func (s *site) leads(from *paper, to []int) bool {
	for _, j := range from.out {
		e := s.end(j)
		for _, t := range to {
			if s.items[s.papers[t].item].leaf == e {
				return true
			}
		}
	}
	return false
}

// pairs is D1.7: a document and its interpretation lead to each other (WEB-46).
// They belong together by name, or because one of them leads to the other.
func (s *site) pairs() {
	if s.in.Site.Department {
		return
	}
	documents := map[uint64][]int{}
	byLeaf := map[int32]int{}
	for n := range s.papers {
		p := &s.papers[n]
		byLeaf[s.items[p.item].leaf] = n
		if !p.reads && p.core != 0 {
			documents[p.core] = append(documents[p.core], n)
		}
	}
	pairs, missing := 0, 0
	lacking := map[int]string{} // documents that lead to no interpretation, with its title
	answered := map[int]bool{}
	for n := range s.papers {
		p := &s.papers[n]
		if !p.reads {
			continue
		}
		group := slices.Clone(documents[p.core])
		if p.core == 0 {
			group = nil
		}
		byName := len(group) > 0
		if !byName {
			for _, j := range p.out {
				if d, ok := byLeaf[s.end(j)]; ok && !s.papers[d].reads && s.papers[d].number != "" {
					group = append(group, d)
				}
			}
		}
		if len(group) == 0 || len(group) > 5 {
			continue
		}
		pairs++
		it := &s.items[p.item]
		if byName && !s.leads(p, group) {
			missing++
			doc := s.items[s.papers[group[0]].item]
			s.add(fact.Finding{Check: "WEB-46", Also: []string{"NORM-28", "PLAT-25", "DEC-37"}, Indicator: "D1.7", URL: it.URL, On: cmp.Or(it.on, it.URL), Key: "文件", State: fact.Fail, At: it.seen, Proof: it.hash,
				What: "解读没有链接到所解读的文件", Seen: fmt.Sprintf("《%s》没有到《%s》（%s）的链接", it.Title, doc.Title, doc.URL), Mend: "在解读页面加上文件的链接"})
		}
		back := false
		for _, d := range group {
			back = back || s.leads(&s.papers[d], []int{n})
		}
		for _, d := range group {
			if back {
				answered[d] = true
			} else if byName || s.papers[d].number != "" {
				lacking[d] = it.Title
			}
		}
	}
	for _, d := range slices.Sorted(keys(lacking)) {
		if answered[d] || s.doubled[s.items[s.papers[d].item].leaf] {
			continue
		}
		missing++
		it := &s.items[s.papers[d].item]
		s.add(fact.Finding{Check: "WEB-46", Also: []string{"NORM-28", "PLAT-25", "DEC-37"}, Indicator: "D1.7", URL: it.URL, On: cmp.Or(it.on, it.URL), Key: "解读", State: fact.Fail, At: it.seen, Proof: it.hash,
			What: "文件没有链接到它的解读", Seen: fmt.Sprintf("《%s》没有到解读《%s》的链接", it.Title, lacking[d]), Mend: "在文件页面加上解读的链接"})
	}
	switch {
	case pairs == 0:
		s.decide("D1.7", fact.NotDecided, "没有找到能对上的文件和解读，由人抽查")
	case missing == 0:
		s.decide("D1.7", fact.Pass, fmt.Sprintf("%d 篇解读都与文件相互链接", pairs))
	}
}

// twins is PLAT-64: one thing stands there twice, by number and title, or word
// for word.
func (s *site) twins() {
	numbers := map[string]int32{}
	byNumber := map[int32]string{}
	for n := range s.papers {
		if p := &s.papers[n]; !p.reads && p.number != "" {
			byNumber[p.item] = p.number
		}
	}
	titles := map[uint64][]int32{}
	texts := map[uint64]int32{}
	var fs []fact.Finding
	double := func(a, b int32, why string) {
		older, newer := &s.items[a], &s.items[b]
		if s.doubled[newer.leaf] || s.redated[newer.leaf] && s.redated[older.leaf] || s.end(newer.leaf) == s.end(older.leaf) || sameBut(newer.URL, older.URL) {
			return
		}
		s.doubled[newer.leaf] = true
		fs = append(fs, fact.Finding{Check: "PLAT-64", URL: newer.URL, On: cmp.Or(newer.on, newer.URL), State: fact.Proposed, At: newer.seen, Proof: newer.hash,
			What: "疑似重复发布：" + newer.Title, Seen: fmt.Sprintf("与 %s %s", older.URL, why), Mend: "只保留一处，其他栏目引用同一个地址"})
	}
	for i := range s.items {
		n := int32(i)
		it := &s.items[i]
		l := &s.leaves[it.leaf]
		if num := byNumber[n]; num != "" && !strings.HasSuffix(num, "令") {
			if o, ok := numbers[num]; !ok {
				numbers[num] = n
			} else if alike(s.items[o].Title, it.Title) {
				double(o, n, "文号相同（"+num+"）")
				continue
			} else if other := &s.items[o]; documentTitle.MatchString(it.Title) && documentTitle.MatchString(other.Title) && !sameBut(it.URL, other.URL) && fullNumber.MatchString(num) {
				s.add(fact.Finding{Check: "PLAT-12", Also: []string{"PLAT-64"}, URL: it.URL, On: cmp.Or(it.on, it.URL), Key: "文号重复", State: fact.Proposed, At: it.seen, Proof: it.hash,
					What: "两份不同的文件用了同一个文号：" + num, Seen: fmt.Sprintf("《%s》与《%s》（%s）", it.Title, other.Title, other.URL), Mend: "核对原件，改正错误的文号"})
			}
		}
		if o, ok := texts[l.text]; ok && l.text != 0 && (it.words >= 200 || alike(s.items[o].Title, it.Title) || nearly(s.items[o].Title, it.Title)) {
			if newer := &s.items[o]; newer.Date.After(it.Date) { // the copy is the newer one
				o, n = n, o
			}
			double(o, n, "文字完全相同")
			continue
		}
		if l.text != 0 {
			texts[l.text] = n
		}
		if it.words < 200 {
			continue
		}
		k := xxhash.Sum64String(flat(it.Title))
		for _, o := range titles[k] {
			other := &s.items[o]
			if bits.OnesCount64(other.sketch^it.sketch) <= 3 && it.words >= 300 && other.words*20 >= it.words*19 && it.words*20 >= other.words*19 {
				double(o, n, "标题相同、文字几乎相同")
				break
			}
		}
		if len(titles[k]) < 20 {
			titles[k] = append(titles[k], n)
		}
	}
	if len(fs) > twinsMost {
		f := fs[0]
		f.URL, f.On, f.Count, f.Proof = s.home.url, s.home.url, len(fs), s.home.hash
		f.What = fmt.Sprintf("疑似重复发布 %d 篇，同一篇文章在不同栏目有不同的地址", len(fs))
		f.Seen = "如 " + fs[0].URL + " " + fs[0].Seen
		fs = []fact.Finding{f}
	}
	for _, f := range fs {
		s.add(f)
	}
}

// sameBut tells whether two addresses are one page: they differ in what one of
// them adds to the query, as session ids are.
func sameBut(a, b string) bool {
	pa, qa, _ := strings.Cut(a, "?")
	pb, qb, _ := strings.Cut(b, "?")
	if pa != pb {
		return false
	}
	if len(qa) > len(qb) {
		qa, qb = qb, qa
	}
	have := map[string]int{}
	for _, pair := range strings.Split(qb, "&") {
		have[pair]++
	}
	for _, pair := range strings.Split(qa, "&") {
		if pair != "" && have[pair] == 0 {
			return differOnlyBySession(qa, qb)
		}
	}
	return true
}

// differOnlyBySession: the parameters that differ hold long numbers in both.
func differOnlyBySession(a, b string) bool {
	mine := map[string]string{}
	for _, pair := range strings.Split(a, "&") {
		name, value, _ := strings.Cut(pair, "=")
		mine[name] = value
	}
	for _, pair := range strings.Split(b, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if old, ok := mine[name]; ok && old != value && (len(old) < 12 || len(value) < 12) {
			return false
		}
	}
	return true
}

// nearly tells whether one title is the other but for a few characters put in.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	a, b = flat(a), flat(b)
	return len(a) >= 24 && len(a)*5 >= len(b)*4 && within(a, b)
}

// alike tells whether two titles are of one document.
func alike(a, b string) bool {
	if flat(a) == flat(b) {
		return true
	}
	x, y := coreOf(a), coreOf(b)
	return x != "" && x == y
}
