package reader

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// Read understands a document as a plan. Errors are faults in Chinese: an empty
// document, one without any measure. What is doubtful is no error but a Doubt.
func Read(doc *document.Document, opt Options) (*Reading, error) {
	b := &builder{}
	parts := b.parts(doc)
	if blank(parts) {
		return nil, fault.New(fault.Invalid, "文件里没有文字。如果是扫描件，请先做文字识别（OCR），或换用 Word、网页、文本格式的原件")
	}
	f, body := b.open(parts)
	if f.only {
		return nil, fault.New(fault.Invalid, "这份文件只有印发通知，没有任务分工本身。任务分工一般在附件里，请提供附件或者合在一起的文件")
	}
	b.end(body)
	for _, l := range f.letter {
		b.declared = b.declared || saysFirst(l.folded())
	}
	b.body(body)
	b.finish()
	r := &Reading{
		Title: clean(f.title), Number: f.number, Issuer: f.issuer, Date: f.date, Year: f.year,
		Letter: requirements(b.src, f.letter), Layouts: b.layouts, Notes: b.notes,
	}
	if opt.Year != 0 {
		r.Year = opt.Year
	}
	for _, n := range doc.Notes {
		r.Notes = append(r.Notes, n.Text)
	}
	b.fill(r, opt)
	if len(r.Sections) == 0 {
		return nil, fault.New(fault.Invalid, "没有在文件里认出工作任务：既没有“工作任务、责任单位”一类表头的表格，也没有“一、”“（一）”“1.”编号的条目。请确认这是任务分工文件")
	}
	return r, nil
}

func blank(parts []part) bool {
	for _, p := range parts {
		for _, l := range p.lines {
			if !l.empty() {
				return false
			}
		}
		if p.grid != nil {
			for _, r := range p.grid.rows {
				for _, c := range r {
					if !c.text.empty() {
						return false
					}
				}
			}
		}
	}
	return true
}

// end notes how the document ends, and whether its preamble declares that the
// unit named first leads.
func (b *builder) end(parts []part) {
	var last, final text
	for _, p := range parts {
		for _, l := range trimEnd(p.lines) {
			if !l.empty() {
				last, b.lastTable = l, false
			}
		}
		for _, l := range p.lines {
			if !l.empty() {
				final = l
			}
		}
		if p.grid == nil {
			continue
		}
		for _, r := range p.grid.rows {
			for _, c := range r {
				if c.text.len() > 0 {
					last, b.lastTable = c.text, true
				}
			}
		}
	}
	done := ends(last)
	b.ended = &done
	b.signed = final.tight() != last.tight()
	b.fragment = !done && last.len() <= 16
	for _, p := range parts {
		for _, l := range p.lines {
			if m, ok := l.trim().number(0); ok && m.level <= arabic || p.grid != nil {
				return
			}
			b.declared = b.declared || saysFirst(l.folded())
		}
	}
}

// body reads the parts behind the letter.
func (b *builder) body(parts []part) {
	tables := 0
	for _, p := range parts {
		if p.grid != nil && (p.grid.stream || p.grid.found()) {
			tables++
		}
	}
	for i, p := range parts {
		if p.grid != nil {
			b.hasTable = b.table(p.grid) || b.hasTable
			continue
		}
		lines := trimEnd(p.lines)
		switch {
		case tables == 0 || notedLines(lines) || i+1 < len(parts) && ownParts(lines):
			n := len(b.all)
			b.prose(lines)
			if len(b.all) > n {
				b.layout("文字叙述，单位写在条目后面")
			}
		case i+1 < len(parts):
			// Headings between tables.
			for _, l := range headingsBefore(lines) {
				m, _ := l.trim().number(0)
				b.title(l, m.level)
			}
		}
	}
}

// notedLines reports whether prose carries notes behind numbered text.
func notedLines(lines []text) bool {
	numbered := false
	for _, l := range lines {
		if m, ok := l.trim().number(0); ok && m.level <= parened {
			numbered = true
		}
		if !numbered || l.len() < 4 {
			continue
		}
		for _, s := range segments(l.trim()) {
			if s.note != nil && (len(s.note.lead)+len(s.note.resp) > 0) {
				return true
			}
		}
	}
	return false
}

// ownParts reports whether the lines before a table are parts of the plan beside
// the one that the table fills: its heading is 二、 or later and goes on from
// theirs.
func ownParts(lines []text) bool {
	n, last := 0, -1
	for i, l := range lines {
		if m, ok := l.trim().number(0); ok && m.level == chinese {
			if m.n != n+1 {
				return false
			}
			n, last = m.n, i
		}
	}
	if n < 2 || lines[last].len() > 30 || endsSentence(lines[last]) {
		return false
	}
	return !slices.ContainsFunc(lines[last+1:], func(l text) bool { return !l.empty() })
}

// headingsBefore are the numbered short lines at the end of a run of lines.
func headingsBefore(lines []text) []text {
	var out []text
	for i := len(lines) - 1; i >= 0; i-- {
		t := lines[i].trim()
		if t.len() == 0 {
			continue
		}
		m, ok := t.number(0)
		if !ok || m.level > paren || t.len() > 50 {
			break
		}
		out = append([]text{lines[i]}, out...)
	}
	return out
}

// trimEnd drops the lines behind a plan: signature, date, foot of a web page.
// Numbered lines behind them are kept: a second plan, an attachment.
func trimEnd(lines []text) []text {
	var out []text
	stop := false
	started := false
	for i, l := range lines {
		s := l.tight()
		m, ok := l.trim().number(0)
		if ok && m.level <= arabic {
			started = true
			if stop && m.level != chinese {
				continue
			}
			stop = false
		}
		if started && !stop && s != "" && !ok {
			if tableEnd.MatchString(s) && l.len() < 60 {
				stop = true
			} else if issuerAlone.MatchString(s) && l.len() < 30 && dateNext(lines, i) {
				stop = true
			}
		}
		if !stop {
			out = append(out, l)
		}
	}
	return out
}

func dateNext(lines []text, i int) bool {
	for j := i + 1; j < min(i+4, len(lines)); j++ {
		if lines[j].empty() {
			continue
		}
		_, ok := readDate(lines[j].tight())
		return ok
	}
	return false
}

// finish settles what can only be known at the end: notes that speak for a
// block, the first-named unit that leads, parts that hold no measures, a file
// that ends in mid-sentence.
func (b *builder) finish() {
	b.sentences(inLast)
	b.blockNotes()
	b.inherit()
	b.sentences(inFirst)
	b.knownNames()
	b.firstLead()
	b.closing()
	b.cutEnd()
	b.general()
	b.lonely()
}

// sentences reads units where nothing but a sentence of a measure names them.
func (b *builder) sentences(read func(*draft) *note) {
	for _, d := range b.all {
		if d.note == nil && !d.asked {
			if n := read(d); n != nil {
				d.note, d.conf = n, min(d.conf, 0.85)
			}
		}
	}
}

// inLast takes the last sentence of a measure for its note.
func inLast(d *draft) *note {
	i := lastSentence(d.text)
	if i == 0 {
		return nil
	}
	n := saysWho(d.text.from(i))
	if n != nil {
		d.text = d.text.sub(0, i).trimAny("-~")
	}
	return n
}

// inFirst reads its first clauses, which stay.
func inFirst(d *draft) *note { return firstClauses(d.text) }

// blockNotes lets notes on lines of their own hold for all numbers before them
// where the document notes blocks and not every number.
func (b *builder) blockNotes() {
	told := false
	// By the kind of number: blocks that end with a note, and notes right behind a
	// sibling's own, which blocks would not have.
	var blocks, single [circled + 1]int
	for _, t := range b.tails {
		blocks[t.before[0].mark.level]++
	}
	for i, d := range b.all {
		if i > 0 && d.note != nil && b.all[i-1].note != nil && b.all[i-1].item == d.item && b.all[i-1].mark.level == d.mark.level {
			single[d.mark.level]++
		}
	}
	for _, t := range b.tails {
		if l := t.before[0].mark.level; single[l] > blocks[l] {
			continue
		}
		for _, d := range t.before {
			if d.note == nil {
				d.note = t.note
				d.conf = 0.8
			}
		}
		told = true
	}
	if told {
		b.notes = append(b.notes, "有的责任单位写在一组条目的最后，已当作这一组条目共有，请核对")
	}
}

// inherit gives notes behind headings, and units that a heading itself names, to
// the measures below them.
func (b *builder) inherit() {
	named := 0
	for _, s := range b.sections {
		if onlyUnits(s.title) {
			named++
		}
	}
	for _, s := range b.sections {
		of := s.note
		if of == nil {
			of = titleUnits(s.title, named > 1 && named*2 > len(b.sections))
		}
		for _, it := range s.items {
			from := it.note
			if from == nil {
				from = titleUnits(it.title, false)
			}
			for _, n := range []*note{from, of} {
				for _, d := range it.ms {
					if d.note == nil && n != nil && !d.asked {
						d.note = n
						if n != it.note && n != s.note {
							d.conf = min(d.conf, 0.85)
						}
					}
				}
			}
		}
	}
}

// workOf ends a heading that says whose work follows: 区司法局牵头负责的工作.
var workOf = regexp.MustCompile(`的?(?:重点|主要|具体)?(?:工作|任务|事项|工作任务|目标任务|重点任务|责任)?$`)

// titleUnits reads the units that a heading names: with what they do, or alone
// where the headings of most sections are names.
func titleUnits(t text, alone bool) *note {
	if t.len() > 0 && closes(t.fold[t.len()-1]) { // 区司法局（3项）
		for i := t.len() - 1; i > 0; i-- {
			if opens(t.fold[i]) {
				t = t.sub(0, i)
				break
			}
		}
	}
	f := t.folded()
	at := workOf.FindStringIndex(f)
	if clause := t.sub(0, utf8.RuneCountInString(f[:at[0]])); noteVerb.MatchString(clause.folded()) {
		return saysWho(clause)
	}
	if alone && onlyUnits(t) {
		return saysWho(t)
	}
	return nil
}

// onlyUnits reports whether a heading is the names of units and nothing else.
func onlyUnits(t text) bool {
	return t.len() > 0 && !action.MatchString(t.folded()) && saysWho(t) != nil
}

// knownNames parts a name that is two names of the document without the mark
// between them, as files lose it at the end of a line: 财政部商务部.
func (b *builder) knownNames() {
	known := map[string]int{}
	each := func(visit func(list *[]written)) {
		done := map[*note]bool{}
		for _, d := range b.all {
			if d.note != nil && !done[d.note] {
				done[d.note] = true
				visit(&d.note.lead)
				visit(&d.note.resp)
			}
		}
	}
	each(func(list *[]written) {
		for _, w := range *list {
			known[w.text.tight()]++
		}
	})
	each(func(list *[]written) {
		var out []written
		for _, w := range *list {
			left, right, ok := w.text, text{}, false
			if known[w.text.tight()] == 1 && !w.group {
				left, right, ok = twoOf(w.text, known)
			}
			if !ok {
				out = append(out, w)
				continue
			}
			first := w
			first.text, first.open, first.why = left, false, "原文中两个单位名称之间没有标点，请核对"
			first.conf, w.conf, w.why = 0.7, 0.7, first.why
			w.text = right
			out = append(out, first, w)
		}
		*list = out
	})
}

// ownPart is what may follow a name as a part of it: 区政府办公室.
var ownPart = regexp.MustCompile(`^(办公室|办$|党|各|督查|信息|政研|机关)`)

// twoOf parts t where both sides are known names.
func twoOf(t text, known map[string]int) (left, right text, ok bool) {
	for i := 3; i <= t.len()-3; i++ {
		left, right = t.sub(0, i), t.from(i)
		if known[left.tight()] > 0 && known[right.tight()] > 0 && !ownPart.MatchString(right.folded()) {
			return left, right, true
		}
	}
	return text{}, text{}, false
}

// firstLead applies a declaration that the unit named first leads, from the note
// that makes it on.
func (b *builder) firstLead() {
	on := b.declared
	done := map[*note]bool{}
	for _, d := range b.all {
		n := d.note
		if n == nil || done[n] {
			continue
		}
		done[n] = true
		on = on || n.first
		if on && len(n.lead) == 0 && !n.saidLead && len(n.resp) > 0 && !n.resp[0].each {
			n.lead, n.resp = n.resp[:1:1], n.resp[1:]
		}
	}
}

// closing drops paragraphs behind a closed measure that no note made a measure.
func (b *builder) closing() {
	b.keep(func(d *draft) bool {
		if d.loose && d.note == nil {
			b.rest = append(b.rest, left{d.text, "条目之后的文字，没有编号也没有单位，未作为举措"})
			return false
		}
		return true
	})
}

// keep drops the measures for which ok is false.
func (b *builder) keep(ok func(*draft) bool) {
	var all []*draft
	for _, s := range b.sections {
		for _, it := range s.items {
			var ms []*draft
			for _, d := range it.ms {
				if ok(d) {
					ms = append(ms, d)
				}
			}
			it.ms = ms
			all = append(all, ms...)
		}
	}
	b.all = all
}

// noted counts measures that somebody is named for.
func (b *builder) noted() int {
	n := 0
	for _, d := range b.all {
		if d.note != nil && len(d.note.lead)+len(d.note.resp) > 0 {
			n++
		}
	}
	return n
}

// cutEnd looks at the last measure: where the file ends in mid-sentence and its
// units are lost it is left out, and said so; a name that was cut is left out.
func (b *builder) cutEnd() {
	if len(b.all) == 0 || len(b.sections) == 0 {
		return
	}
	s := b.sections[len(b.sections)-1]
	if len(s.items) == 0 {
		return
	}
	it := s.items[len(s.items)-1]
	if len(it.ms) == 0 {
		if it.from.len() > 0 && it.alone && !ends(it.from) && it.title.len() > 0 && b.ended != nil && !*b.ended && !b.lastTable {
			b.rest = append(b.rest, left{it.from, "文件在这里中断"})
			b.notes = append(b.notes, "文件末尾的标题“"+clean(it.title)+"”不完整，未列入")
			s.items = s.items[:len(s.items)-1]
		}
		return
	}
	d := it.ms[len(it.ms)-1]
	n := d.note
	if n != nil && len(n.lead)+len(n.resp) > 0 {
		if !n.cut && (d.table && n.due.len() > 0 || ends(n.all) || b.ended == nil || *b.ended) {
			return
		}
		b.cutName(d)
		return
	}
	if n == nil && !b.signed && b.allBelow(d) {
		b.rest = append(b.rest, left{d.text, "文件在这里中断，单位没有了"})
		b.notes = append(b.notes, fmt.Sprintf("文件在“%s”处结束，别的举措下面都有单位，这一条没有，像是被截断了，未列入", short(d.text)))
		it.ms, b.all = it.ms[:len(it.ms)-1], b.all[:len(b.all)-1]
		return
	}
	if ends(d.text) && !b.fragment || b.noted() == 0 && !d.asked || b.ended == nil || *b.ended {
		if !ends(d.text) && b.ended != nil && !*b.ended {
			d.cut = true
		}
		return
	}
	b.rest = append(b.rest, left{d.text, "文件在这里中断，单位没有了"})
	b.notes = append(b.notes, fmt.Sprintf("文件在“%s”处中断，最后一条举措和它的单位不完整，未列入", short(d.text)))
	for n := len(it.ms); n > 0 && (it.ms[n-1] == d || d.table && it.ms[n-1].note == d.note && it.ms[n-1].row == d.row); n-- {
		it.ms = it.ms[:n-1]
		b.all = b.all[:len(b.all)-1]
	}
	if len(it.ms) == 0 && !it.alone && it.from.len() > 0 && !d.table {
		s.items = s.items[:len(s.items)-1]
	}
}

// cutName drops the last name of a note that the end of the file cut.
func (b *builder) cutName(d *draft) {
	n := *d.note
	list := &n.resp
	if len(n.resp) == 0 {
		list = &n.lead
	}
	if len(*list) == 0 {
		return
	}
	last := (*list)[len(*list)-1].text.tight()
	whole := isName(last) && len([]rune(last)) > 2
	known := false
	for _, o := range b.all {
		if o == d || o.note == nil {
			continue
		}
		for _, w := range append(append([]written(nil), o.note.lead...), o.note.resp...) {
			s := w.text.tight()
			known = known || s == last
			if rest, ok := strings.CutPrefix(s, last); ok && rest != "" && !strings.HasSuffix(last, "局") && !strings.HasPrefix(rest, "(") {
				whole = false
			}
		}
	}
	d.cut = n.cut
	if !whole && !known {
		d.cut = true
		b.notes = append(b.notes, "文件在单位名称“"+last+"”处中断，这个名称不完整，未列入")
		*list = (*list)[:len(*list)-1]
	}
	// The verb was cut off, too; elsewhere it is always 牵头.
	if len(n.lead) == 0 && b.onlyLeads(d) {
		n.lead, n.resp = n.resp, nil
	}
	d.note = &n
}

// onlyLeads reports whether all other measures name leading units only, though
// no column or label says so.
func (b *builder) onlyLeads(but *draft) bool {
	n := 0
	for _, d := range b.all {
		if d == but || d.note == nil {
			continue
		}
		if len(d.note.resp) > 0 || len(d.note.lead) == 0 || d.note.saidLead && !d.table {
			return false
		}
		n++
	}
	return n > 1
}

// allBelow reports whether all measures but one have their units on a line below.
func (b *builder) allBelow(but *draft) bool {
	n := 0
	for _, d := range b.all {
		if d == but {
			continue
		}
		if !d.below {
			return false
		}
		n++
	}
	return n > 2
}

// ends reports whether a text is complete.
func ends(t text) bool {
	t = t.trim()
	return t.len() == 0 || strings.ContainsRune("。;!?)]》”:|", t.fold[t.len()-1])
}

func short(t text) string {
	r := []rune(clean(t))
	if len(r) > 20 {
		return "…" + string(r[len(r)-20:])
	}
	return string(r)
}

// general drops the parts that ask nothing of a unit: aims, principles, and in a
// document with units the closing demands that name none.
func (b *builder) general() {
	units := b.noted() > 0
	asks := func(d *draft) bool { return d.note != nil && !d.note.empty() || d.table }
	drop := func(it *draftItem, part text) {
		for _, d := range it.ms {
			b.rest = append(b.rest, left{d.text, "“" + clean(part) + "”部分没有写明单位，未作为举措"})
		}
	}
	for _, s := range b.sections {
		whole := s.title.len() > 0 && (isOpening(s.title) || units && (isGeneral(s.title) || b.onlyIntro(s)))
		for _, it := range s.items {
			whole = whole && !slices.ContainsFunc(it.ms, asks)
		}
		s.items = slices.DeleteFunc(s.items, func(it *draftItem) bool {
			switch {
			case whole:
				drop(it, s.title)
			case units && isOpening(it.title) && !slices.ContainsFunc(it.ms, asks):
				drop(it, it.title)
			default:
				return false
			}
			return true
		})
	}
	b.keep(func(*draft) bool { return true })
}

// onlyIntro reports whether a section holds nothing but unnumbered text, in a
// document where others have numbered measures with units.
func (b *builder) onlyIntro(s *draftSection) bool {
	for _, it := range s.items {
		if it.title.len() > 0 {
			return false
		}
		for _, d := range it.ms {
			if d.mark.level != plain {
				return false
			}
		}
	}
	return true
}

// lonely makes measures of items that are nothing but a sentence, where a
// document names no units at all, and drops items without title and measures.
func (b *builder) lonely() {
	units := b.noted() > 0
	for _, s := range b.sections {
		bare, full := 0, 0
		for _, it := range s.items {
			if len(it.ms) == 0 {
				bare++
			} else {
				full++
			}
		}
		var items []*draftItem
		for _, it := range s.items {
			if len(it.ms) == 0 && it.note == nil && !units && bare > full && it.title.len() >= 8 && !b.lastTable && !b.hasTable {
				d := &draft{text: it.title, mark: it.mark, item: it, conf: 0.7}
				it.ms = append(it.ms, d)
			}
			if len(it.ms) > 0 || it.title.len() > 0 {
				items = append(items, it)
			}
		}
		s.items = items
	}
	b.keep(func(*draft) bool { return true })
	var sections []*draftSection
	for _, s := range b.sections {
		if len(s.items) > 0 || s.title.len() > 0 {
			sections = append(sections, s)
		}
	}
	b.sections = sections
}

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
		if si > 0 && s.mark.level == chinese && s.mark.n == 1 && b.sections[si-1].mark.n > 1 {
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
