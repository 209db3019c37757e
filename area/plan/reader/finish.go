package reader

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

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
	for _, it := range b.sharedLast() {
		last := it.ms[len(it.ms)-1]
		for _, d := range it.ms[:len(it.ms)-1] {
			d.note, d.conf = last.note, 0.8
		}
		told = true
	}
	if told {
		b.notes = append(b.notes, "有的责任单位写在一组条目的最后，已当作这一组条目共有，请核对")
	}
}

// sharedLast are the items whose last number alone has a note, where that is the
// rule of the document, or the marks say that they are one sentence: 1.…；2.…。（…）.
func (b *builder) sharedLast() []*draftItem {
	var found []*draftItem
	one := true
	for _, s := range b.sections {
		for _, it := range s.items {
			n := len(it.ms)
			if n < 2 || it.note != nil || it.ms[n-1].note == nil {
				continue
			}
			for _, d := range it.ms[:n-1] {
				if d.note != nil || d.table || d.mark.n == 0 {
					return nil
				}
				one = one && strings.HasSuffix(d.text.tight(), ";")
			}
			found = append(found, it)
		}
	}
	if len(found) < 3 && !one {
		return nil
	}
	return found
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
					if d.note == nil && n != nil && !d.asked && !d.loose {
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

// firstLead applies a declaration that the unit named first leads, or those before
// the first comma, from the note that makes it on.
func (b *builder) firstLead() {
	on, commas := b.declared, false
	done := map[*note]bool{}
	for _, d := range b.all {
		n := d.note
		if n == nil || done[n] {
			continue
		}
		done[n] = true
		on, commas = on || n.first, commas || n.commas
		k := 1 // units that lead
		if commas {
			k = 1 + slices.IndexFunc(n.resp, func(w written) bool { return w.comma })
		}
		if on && len(n.lead) == 0 && !n.saidLead && len(n.resp) > 0 && !n.resp[0].each {
			n.lead, n.resp = n.resp[:k:k], n.resp[k:]
		}
		if all := slices.Concat(n.lead, n.resp); on && n.both && len(all) > 1 {
			n.lead, n.resp, n.both = all[:1:1], all[1:], false
		}
	}
}

// closing drops paragraphs behind a closed measure that no note made a measure, and
// the last words of a document that notes all others.
func (b *builder) closing() {
	if n := len(b.all); n > 3 {
		d := b.all[n-1]
		d.loose = d.loose || d.mark.n == 0 && !d.table && b.all[n-2].item == d.item && !slices.ContainsFunc(b.all[:n-1], func(o *draft) bool { return o.note == nil })
	}
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
	asks := func(d *draft) bool {
		return d.table || d.note != nil && (d.note.saidLead || d.note.saidResp || d.note.due.len() > 0)
	}
	units := slices.ContainsFunc(b.all, asks) // or dates
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
// document names no units at all, and drops items without title and measures. A
// document that has no more than sentences with 一、 holds its measures there.
func (b *builder) lonely() {
	units := b.noted() > 0
	if len(b.all) == 0 && !slices.ContainsFunc(b.sections, func(s *draftSection) bool { return len(s.items) > 0 || !endsSentence(s.from) }) {
		top := &draftSection{}
		for _, s := range b.sections {
			top.items = append(top.items, &draftItem{mark: s.mark, title: s.title, from: s.from, note: s.note})
		}
		b.sections = []*draftSection{top}
	}
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
			if len(it.ms) == 0 && it.note == nil && !units && it.title.len() > 0 && !b.lastTable && !b.hasTable &&
				(endsSentence(it.from) || bare > full && it.title.len() >= 8) {
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
		if len(s.items) > 0 || s.title.len() > 0 && !s.plan {
			sections = append(sections, s)
		}
	}
	b.sections = sections
}
