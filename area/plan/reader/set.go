package reader

import (
	"regexp"
	"slices"
	"strings"
)

// Text copied out of a printed page comes in lines as wide as the page, and often
// with further breaks behind or before a mark in the middle of a line. Its
// paragraphs are put together again before anything else reads it.

const closers = "。;:!?)]”"

// width is how wide a text is in print: 2 for a Han character, 1 for a Latin one.
func width(t text) int {
	n := 0
	for _, r := range t.raw {
		if n++; r >= 0x2000 {
			n++
		}
	}
	return n
}

// printed returns the width of the page that lines were broken at, 0 when they
// were not: many end in mid-sentence at about the same width, and hardly any is
// wider.
func printed(lines []text) int {
	if slices.ContainsFunc(lines, func(l text) bool { return tabbed(l) || inBox(l) || l.index("|", 0) >= 0 }) {
		return 0
	}
	var at [120]int // lines that end in mid-sentence, by their width
	long, broken, most, page := 0, 0, 0, 0
	for _, l := range lines {
		t := l.trim()
		if t.len() < 18 {
			if t.len() > 0 && strings.ContainsRune("、,", t.fold[t.len()-1]) {
				broken++ // behind a mark in the middle of a line
			}
			continue
		}
		long++
		if w := width(t); w < len(at) && !strings.ContainsRune(closers, t.fold[t.len()-1]) {
			at[w]++
		}
	}
	for w := range at {
		n := 0
		for _, k := range at[max(w-7, 0) : w+1] {
			n += k
		}
		if n > most {
			most, page = n, w
		}
	}
	wider := 0
	for _, l := range lines {
		if width(l.trim()) > page+8 {
			wider++
		}
	}
	if few := most < 8 && broken < 3; most < 4 || few && most*2 <= long || most*5 < long || wider*20 > long {
		return 0
	}
	return page
}

// unset joins the lines of a printed page to paragraphs, but for a table with a
// cell a line.
func unset(lines []text) []text {
	if i := slices.IndexFunc(lines, func(l text) bool { return roleOf(l.tight()) == serial }); i >= 0 && headerAt(lines, i) {
		return append(unset(lines[:i]), lines[i:]...)
	}
	page := printed(lines)
	if page == 0 {
		return lines
	}
	var out []text
	used := 0 // of the printed line that the last one ends in
	for _, l := range lines {
		t := l.trim()
		if t.len() == 0 {
			continue
		}
		w := width(t)
		if len(out) > 0 {
			last := out[len(out)-1]
			fits := used+w <= page+4
			if carriesOn(last, t, fits, used >= page-10) {
				out[len(out)-1] = last.add(t)
				if fits {
					w += used
				}
				used = w
				continue
			}
		}
		out, used = append(out, t), w
	}
	return out
}

// openly is the line that says how a document is made public.
var openly = regexp.MustCompile(`^\(此件.{1,8}\)$`)

// carriesOn reports whether the paragraph that ends in last goes on in next. fits
// says that both stood in one printed line, full that the line ended with last.
func carriesOn(last, next text, fits, full bool) bool {
	if m, ok := last.number(0); ok && m.end == last.len() {
		return true // its number stands alone
	}
	end, open := last.fold[last.len()-1], openBracket(last)
	if strings.ContainsRune("、,(“《", end) || strings.ContainsRune("、,。;:)”》", next.fold[0]) {
		return true
	}
	if n, ok := next.number(0); ok && (!open || follows(last, n)) {
		return false
	}
	if ls := last.labels(true); len(ls) > 0 && ls[len(ls)-1].to == last.len() {
		return true
	}
	if ls := next.labels(true); len(ls) > 0 && ls[0].from == 0 && !open {
		return false
	}
	if _, ok := readDate(next.tight()); ok || openly.MatchString(last.tight()) || issuerAlone.MatchString(last.tight()) || tableEnd.MatchString(next.tight()) {
		return false
	}
	switch {
	case open:
		return true
	case endsNote(last):
		return false
	case strings.ContainsRune(closers+"》", end), strings.ContainsRune("《“([", next.fold[0]):
		return fits && end != ':' || full
	}
	return full
}

// follows reports whether number n starts a new paragraph behind last though a
// bracket of it was never closed: it goes on counting from the number of last, or a
// sentence ended since.
func follows(last text, n mark) bool {
	m, ok := last.number(0)
	return ok && m.level == n.level && n.n == m.n+1 || last.fold[last.len()-1] == '。'
}

// endsNote reports whether a paragraph ends with its units: in brackets, or as the
// line that it is.
func endsNote(t text) bool {
	n := t.len()
	if t.fold[n-1] == '。' {
		ls := t.labels(true)
		return len(ls) > 0 && ls[0].from == 0
	}
	for i := n - 1; i >= 0 && closes(t.fold[n-1]); i-- {
		if opens(t.fold[i]) && t.closing(i) == n-1 {
			return isNote(t.sub(i+1, n-1), ended(t, i))
		}
	}
	return false
}

// openBracket reports whether a line ends inside a bracket.
func openBracket(t text) bool {
	for i := t.len() - 1; i >= 0; i-- {
		if closes(t.fold[i]) {
			return false
		}
		if opens(t.fold[i]) {
			return true
		}
	}
	return false
}
