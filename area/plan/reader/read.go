package reader

import (
	"slices"

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
	parts, err := b.unruled(doc, parts)
	if err != nil {
		return nil, err
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

// unruled takes the tables out of a PDF file that nothing divides into cells: its
// text comes line by line over all columns, so that pieces of neighbouring cells
// would be read as one. Where no other table is, that is an error.
func (b *builder) unruled(doc *document.Document, parts []part) ([]part, error) {
	guessed := func(p part) bool { return p.grid != nil && p.grid.guessed }
	if doc.Format != "pdf" || !slices.ContainsFunc(parts, guessed) {
		return parts, nil
	}
	if !slices.ContainsFunc(parts, func(p part) bool { return p.grid != nil && !p.grid.guessed && p.grid.found() }) {
		return nil, fault.New(fault.Invalid, "PDF 里的表格没有画出框线，分不清哪些文字在同一格，没有读取。请换用 Word、Excel、网页格式的原件，或者给表格加上框线后重新导出 PDF")
	}
	b.notes = append(b.notes, "PDF 里有一个表格没有画出框线，分不清哪些文字在同一格，没有读取。请换用 Word、Excel、网页格式的原件，或者给表格加上框线后重新导出 PDF")
	return slices.DeleteFunc(parts, guessed), nil
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
	_, dated := readDate(final.tight())
	b.signed = dated || final.tight() != last.tight()
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
		if p.plan.len() > 0 {
			b.second(p.plan)
			continue
		}
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
