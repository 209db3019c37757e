package reader

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// fill turns the drafts into the reading and asks about what is doubtful.
func (b *builder) fill(r *Reading, opt Options) {
	known := newResolver(opt.Directory)
	row, lastRow := 0, -1
	for si, s := range b.sections {
		sec := Section{Number: s.mark.text, Title: clean(s.title), Places: b.src.places(s.title)}
		for ii, it := range s.items {
			item := Item{Number: it.mark.text, Title: clean(it.title), Places: b.src.places(it.title)}
			for mi, d := range it.ms {
				if !d.table || d.row == 0 || d.row != lastRow {
					row++
				}
				lastRow = -1
				if d.table {
					lastRow = d.row
				}
				at := Doubt{Section: si, Item: ii, Measure: mi}
				m := b.measured(d, row, r, known, at)
				item.Measures = append(item.Measures, m)
			}
			sec.Items = append(sec.Items, item)
		}
		r.Sections = append(r.Sections, sec)
	}
	b.numbering(r)
	for _, l := range b.rest {
		if t := clean(l.text); t != "" {
			r.Rest = append(r.Rest, Left{t, l.why, b.src.places(l.text)})
		}
	}
	units := 0
	for _, m := range r.Measures() {
		units += len(m.Lead) + len(m.Resp)
	}
	switch n := len(r.Measures()); {
	case n == 0:
		r.Notes = append(r.Notes, "只认出标题，没有认出一条举措。表格的内容可能在转换时丢失，请换用原始文件")
	case units == 0:
		r.Notes = append(r.Notes, "文件没有写明任何牵头单位或责任单位，下发前需要逐条补上")
	}
	sort.SliceStable(r.Doubts, func(i, j int) bool { return r.Doubts[i].Conf < r.Doubts[j].Conf })
}

// measured makes a Measure of a draft.
func (b *builder) measured(d *draft, row int, r *Reading, known *resolver, at Doubt) Measure {
	m := Measure{
		Row: row, Number: d.mark.text, Text: paragraphs(d.text), Under: clean(d.under),
		Lead: []Name{}, Resp: []Name{}, LeadState: NotStated, RespState: NotStated, DueState: NotStated,
		Places: b.src.places(d.text), Conf: d.conf, Cut: d.cut,
	}
	ask := func(what, value, why string, conf float64, places []Place, choices ...string) {
		q := at
		q.What, q.Value, q.Why, q.Conf, q.Places, q.Choices = what, value, why, conf, places, choices
		r.Doubts = append(r.Doubts, q)
	}
	if n := d.note; n != nil {
		m.Lead = b.names(n.lead, "牵头单位", known, ask)
		m.Resp = b.names(n.resp, "责任单位", known, ask)
		m.LeadState, m.RespState = state(n.saidLead, len(n.lead)), state(n.saidResp, len(n.resp))
		if n.due.len() > 0 {
			m.Due = typed(n.due, r.Year)
			m.Due.Places = b.src.places(n.due)
			m.DueState = Stated
			if m.Due.Conf < 0.8 {
				ask("完成时限", m.Due.Text, m.Due.Why, m.Due.Conf, m.Due.Places)
			}
		}
		if names := append(slices.Clone(m.Lead), m.Resp...); n.both && len(names) > 1 {
			said, places := []string{}, []Place{}
			for _, name := range names {
				said, places = append(said, name.Text), append(places, name.Places...)
			}
			ask("单位", strings.Join(said, "、"), "牵头、责任两栏在这里合并成一格，没有写明谁牵头，请核对", 0.5, places)
		}
		for _, p := range n.people {
			m.People = append(m.People, clean(p))
		}
	}
	if d.table && d.states[0] != "" {
		m.LeadState, m.RespState, m.DueState = d.states[0], d.states[1], d.states[2]
	}
	if m.LeadState == NotStated && m.RespState == NotStated {
		ask("单位", "", "没有写明由哪个单位做", 0.3, m.Places)
	}
	if d.conf < 0.9 {
		ask("归属", short(d.text), "单位写在一组条目之后，是否也管这一条", d.conf, m.Places)
	}
	if d.cut {
		ask("内容", short(d.text), "文件在这里中断，内容或单位可能不全", 0.35, m.Places)
	}
	if n := d.text.len(); n > 5000 {
		ask("内容", fmt.Sprintf("%d 字", n), "一条举措特别长，可能有几条没有分开", 0.45, m.Places)
	}
	m.Cited, m.Quoted = cited(d.text), quoted(d.text)
	m.Deadlines = deadlines(d.text, r.Year, true)
	return m
}

func state(said bool, n int) State {
	switch {
	case n > 0:
		return Stated
	case said:
		return None
	}
	return NotStated
}

// paragraphs is the text of a measure, one line a paragraph.
func paragraphs(t text) string {
	var out []string
	for _, l := range splitLines(t) {
		if s := strings.TrimSpace(l.String()); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

// names makes Names of written ones.
func (b *builder) names(in []written, what string, known *resolver, ask func(what, value, why string, conf float64, places []Place, choices ...string)) []Name {
	out := []Name{}
	for _, w := range in {
		for _, t := range known.split(w.text) {
			n := Name{Text: clean(t), Group: w.group, Open: w.open, Each: w.each, Places: b.src.places(t), Conf: w.conf, Why: w.why}
			var near []string
			if known.dir != nil {
				if n.Units = known.find(n.Text); len(n.Units) == 0 {
					near = known.dir.Near(n.Text)
					n.Conf, n.Why = min(n.Conf, 0.5), "单位名录里没有这个名称"
				} else {
					if !n.Open {
						n.Conf, n.Why = 1, ""
					}
				}
			}
			if n.Conf < 0.9 {
				ask(what, n.Text, n.Why, n.Conf, n.Places, near...)
			}
			out = append(out, n)
		}
	}
	return out
}

// numbering asks about numbers that occur twice in a row of siblings, and tells
// of a second plan in the file.
func (b *builder) numbering(r *Reading) {
	for si, s := range b.sections {
		seen := map[int]bool{}
		for ii, it := range s.items {
			if it.mark.n > 0 && it.mark.level == paren {
				if seen[it.mark.n] {
					r.Doubts = append(r.Doubts, Doubt{Section: si, Item: ii, Measure: -1, What: "编号", Value: it.mark.text, Why: "同一部分里编号重复", Conf: 0.6, Places: b.src.places(it.title)})
				}
				seen[it.mark.n] = true
			}
			ms := map[int]bool{}
			for mi, d := range it.ms {
				if d.mark.n > 0 && ms[d.mark.n] && (mi == 0 || it.ms[mi-1].mark.n != d.mark.n || it.ms[mi-1].row == d.row) {
					r.Doubts = append(r.Doubts, Doubt{Section: si, Item: ii, Measure: mi, What: "编号", Value: d.mark.text, Why: "同一项任务里编号重复", Conf: 0.65, Places: b.src.places(d.text)})
				}
				ms[d.mark.n] = d.mark.n > 0
			}
		}
		if !b.several && si > 0 && s.mark.level == chinese && s.mark.n == 1 && b.sections[si-1].mark.n > 1 {
			r.Notes = append(r.Notes, "文件里“一、”重新开始编号（“"+clean(s.title)+"”处），可能有两份方案，请确认要不要一起下发")
		}
	}
}

// resolver finds names in the directory.
type resolver struct {
	dir   Directory
	names map[string]bool
}

func newResolver(dir Directory) *resolver {
	k := &resolver{dir: dir}
	if dir != nil {
		k.names = map[string]bool{}
		for _, n := range dir.Names() {
			k.names[newText(n, -1).tight()] = true
		}
	}
	return k
}

// split cuts a name that the directory does not know where it is two or more
// known names without a mark between them.
func (k *resolver) split(t text) []text {
	if k.dir == nil || t.len() < 4 || t.len() > 80 || k.names[t.tight()] || len(k.dir.Find(t.String())) > 0 {
		return []text{t}
	}
	// best[i] is the fewest names that end at rune i.
	best := make([]int, t.len()+1)
	from := make([]int, t.len()+1)
	for i := 1; i <= t.len(); i++ {
		best[i] = 1 << 20
		for j := max(0, i-26); j < i; j++ {
			if best[j] < best[i] && (j == 0 || from[j] >= 0) && k.names[string(t.fold[j:i])] && best[j]+1 < best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
	}
	if best[t.len()] >= 1<<20 || best[t.len()] < 2 {
		return []text{t}
	}
	var out []text
	for i := t.len(); i > 0; i = from[i] {
		out = append([]text{t.sub(from[i], i)}, out...)
	}
	return out
}

var (
	joint  = regexp.MustCompile(`以及|及|和|与`)
	others = regexp.MustCompile(`等(有关|相关|市|区|县|各|单位|部门|机构|成员|职能|责任).*$`)
)

// find looks a name up, also as several joined by 及 or 和, and without 等….
func (k *resolver) find(name string) []string {
	if u := k.dir.Find(name); len(u) > 0 {
		return u
	}
	if s := others.ReplaceAllString(name, ""); s != name && s != "" {
		return k.dir.Find(s)
	}
	parts := joint.Split(name, -1)
	if len(parts) < 2 {
		return nil
	}
	var out []string
	for _, p := range parts {
		u := k.dir.Find(p)
		if len(u) == 0 {
			return nil
		}
		out = append(out, u...)
	}
	return out
}

var citation = regexp.MustCompile(`《([^《》]*(?:《[^《》]*》[^《》]*|<[^<>]*>[^《》]*)*)》(?:\(([^()]*?[\[(]\d{4}[\])]\d+号)\))?`)

func cited(t text) []Cited {
	if t.index("《", 0) < 0 {
		return nil
	}
	var out []Cited
	s := t.folded()
	for _, at := range citation.FindAllStringSubmatchIndex(s, -1) {
		c := Cited{Title: oneLine(cutRunes(t, s, at[2], at[3]))}
		if at[4] >= 0 {
			c.Number = oneLine(cutRunes(t, s, at[4], at[5]))
		}
		out = append(out, c)
	}
	return out
}

// cutRunes is the text as written at bytes i to j of its folded form.
func cutRunes(t text, folded string, i, j int) string {
	from := len([]rune(folded[:i]))
	return t.sub(from, from+len([]rune(folded[i:j]))).String()
}

var (
	quotation = regexp.MustCompile(`“([^“”]{1,40})”([\p{Han}]{0,6})`)
	quoteKind = regexp.MustCompile(`^(?:等)?(栏目|专栏|专区|专题|栏|库|平台|系统|网站|公众号|小程序|专线|热线|活动|原则|行动|窗口|机制|制度)`)
	nameKind  = regexp.MustCompile(`(库|平台|系统|专栏|栏目|专区|热线)$`)
)

func quoted(t text) []Quoted {
	if t.index("“", 0) < 0 {
		return nil
	}
	var out []Quoted
	s := t.folded()
	for _, at := range quotation.FindAllStringSubmatchIndex(s, -1) {
		q := Quoted{Text: oneLine(cutRunes(t, s, at[2], at[3]))}
		if m := quoteKind.FindStringSubmatch(s[at[4]:at[5]]); m != nil {
			q.Kind = m[1]
		} else if m := nameKind.FindStringSubmatch(s[at[2]:at[3]]); m != nil {
			q.Kind = m[1]
		}
		out = append(out, q)
	}
	return out
}
