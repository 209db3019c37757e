package reader

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// note is what stands behind a measure about who does it and until when:
// （牵头单位：…；责任单位：…；完成时限：…）, （A牵头，B、C配合，6月底完成）, a line of
// its own, or the unit cells of a table row.
type note struct {
	lead, resp         []written
	saidLead, saidResp bool // the note has such a part, even if it is empty or —
	due                text
	people             []text // 责任领导 and the like
	first              bool   // it declares that the first-named unit leads
	commas             bool   // or those before the first comma
	both               bool   // its units stood in one cell for leading and responsible ones
	cut                bool   // its bracket is not closed: the file ends here
	all                text   // as it stands
}

func (n *note) empty() bool {
	return !n.saidLead && !n.saidResp && n.due.len() == 0 && len(n.people) == 0
}

// merge adds a later part: a second bracket or line behind the same measure.
func (n *note) merge(m note) {
	n.lead, n.resp = append(n.lead, m.lead...), append(n.resp, m.resp...)
	n.saidLead, n.saidResp = n.saidLead || m.saidLead, n.saidResp || m.saidResp
	if n.due.len() == 0 {
		n.due = m.due
	}
	n.people = append(n.people, m.people...)
	n.first, n.commas, n.cut = n.first || m.first, n.commas || m.commas, n.cut || m.cut
	n.all = n.all.line(m.all)
}

// parseNote reads the inside of a note. def is what units are that no label and
// no verb speaks for.
func parseNote(t text, def role) note {
	n := note{all: t}
	t = n.dropRules(t)
	ls := t.labels(false)
	if len(ls) == 0 {
		n.part(t, def, none)
		return n
	}
	if lead := t.sub(0, ls[0].from).trimAny("。;,、:"); lead.len() > 0 && unitness(lead) >= 0.5 { // no 预期性指标
		n.part(lead, def, none)
	}
	for i, l := range ls {
		end := t.len()
		if i+1 < len(ls) {
			end = ls[i+1].from
		}
		value := behind(t.sub(l.to, end))
		if divided.end(strings.TrimSuffix(t.sub(l.from, l.to).tight(), ":")) && unitness(value) < 0.9 {
			value = actors(value)
		}
		n.part(value, l.role, l.role)
	}
	return n
}

// divided ends a label whose units may be told with what each of them does.
const divided = endings("分解|分工")

// task begins what a unit does: 区司法局牵头做好审核工作, 各街道加强宣传.
var task = regexp.MustCompile(`(牵头)?(?:及时|认真|积极|具体|主动)*(?:负责|承担|配合|协助|做好|抓好|加强|组织|开展|按照|根据|在)[^部处科室办局委厅院]`)

// actors keeps the units of clauses that tell what each does.
func actors(t text) text {
	var out text
	for _, c := range t.ends(",;。") {
		f := c.folded()
		for _, at := range task.FindAllStringSubmatchIndex(f, -1) {
			who := c.sub(0, utf8.RuneCountInString(f[:at[0]]))
			names := who.ends("、")
			if len(names) == 0 || !isName(names[len(names)-1].folded()) {
				continue
			}
			verb := "负责，"
			if at[2] >= 0 {
				verb = "牵头，"
			}
			out = out.add(who).add(newText(verb, -1))
			break
		}
	}
	return out
}

// behind drops the mark that stands for the colon of a label: 责任单位/区司法局,
// 责任单位——区司法局.
func behind(t text) text {
	if u := t.trimAny(":/-|="); u.len() > 0 && !nothing(t.tight()) {
		return u
	}
	return t
}

// part reads the part of a note behind one label.
func (n *note) part(t text, def, label role) {
	t = t.trimAny("。;,、:")
	switch {
	case label == due:
		if n.due.len() == 0 {
			n.due = t
		}
		return
	case label == person && unitness(t) >= 0.9: // 责任人：办公室
		def, label = resp, resp
	case label == person:
		if t.len() > 0 {
			n.people = append(n.people, t)
		}
		return
	case label != none && !label.unit():
		return
	}
	u, any := parseUnits(t, def, label)
	n.lead, n.resp = append(n.lead, u.lead...), append(n.resp, u.resp...)
	n.people = append(n.people, u.people...)
	n.saidLead = n.saidLead || label == lead || len(u.lead) > 0
	n.saidResp = n.saidResp || label == resp || len(u.resp) > 0 || any && def == resp
	if n.due.len() == 0 {
		n.due = u.due
	}
}

// dropRules takes out what a note says about the notes themselves:
// 排在第一位的部门为牵头部门，下同. Of the first sentence, which may name units
// before it, only the clauses that say so; later sentences whole.
func (n *note) dropRules(t text) text {
	if s := t.folded(); !saysFirst(s) && !saysRule(s) {
		return t
	}
	if i := t.index("均为责任单位", 0); i > 0 { // 区教委负责。各街道均为责任单位，以下不再列出
		j := i
		for j > 0 && t.fold[j-1] != '。' {
			j--
		}
		named := t.sub(j, i).add(newText("。", -1)).add(t.from(i + 6))
		if j > 0 {
			named = t.sub(0, j-1).add(newText("；", -1)).add(named)
		}
		return n.dropRules(named)
	}
	var out text
	for i, s := range t.ends("。\n") {
		rule := saysFirst(s.folded())
		if !rule && !saysRule(s.folded()) {
			out = out.add(s)
			continue
		}
		n.first, n.commas = n.first || rule, n.commas || rule && strings.Contains(s.folded(), "逗号")
		if i > 0 && out.len() > 0 {
			continue
		}
		drop := false
		for _, c := range s.ends(",;") {
			c = n.dropBrackets(c)
			f := c.folded()
			switch {
			case saysFirst(f) || saysRule(f):
				drop = true
			case drop && !isName(strings.Trim(f, " ,;。")):
			default:
				drop = false
				out = out.add(c)
			}
		}
	}
	return out
}

// dropBrackets takes a rule in brackets out: A、B（排在第一位的为牵头单位）.
func (n *note) dropBrackets(t text) text {
	for i := 0; i < t.len(); i++ {
		if !opens(t.fold[i]) {
			continue
		}
		j := t.closing(i)
		if j < 0 {
			break
		}
		if f := t.sub(i, j).folded(); saysFirst(f) || saysRule(f) {
			t = t.without(i, j+1)
			i--
			continue
		}
		i = j
	}
	return t
}

var (
	noNote   = regexp.MustCompile(`^(以下|此件|简称|试行|暂行|含|包括|附件|附|见|详见|不含|一般|注|例如|如|即|或|修订|征求意见|[\p{Han}]{0,8}\[\d{4}\]|[\p{Han}]{2,10}(发|函|字)?\d{4,}|\d)`)
	noteVerb = regexp.MustCompile(`(分工|` + doing + `)(工作|` + doing + `)*[)\]]?[,。;]?$|牵头[,;、]`)
)

// tagged is a mark of leading behind a name: 区司法局（牵头）、区教委.
var tagged = regexp.MustCompile(`\p{Han}{2}[(\[](牵头|主办|主责|总牵头|牵头单位|牵头部门|牵头负责)[)\]]`)

// isNote reports whether the inside of a bracket is a note. ended says that a
// sentence ends before the bracket or the paragraph behind it.
func isNote(t text, ended bool) bool {
	s := strings.TrimSpace(t.folded())
	if s == "" || strings.HasPrefix(s, "《") {
		return false
	}
	for _, l := range t.labels(false) {
		if l.role.unit() || l.role == due || l.role == person && t.sub(l.from, l.to).len() > 3 {
			return true
		}
	}
	if noNote.MatchString(s) && !strings.HasPrefix(s, "以下") || strings.HasPrefix(s, "以下") || t.len() > 400 {
		return false
	}
	if saysFirst(s) {
		return true
	}
	if tagged.MatchString(s) {
		return unitness(t) >= 0.5
	}
	t = (&note{}).dropRules(t)
	for _, c := range t.ends(",;。") {
		if noteVerb.MatchString(strings.TrimSpace(c.folded())) {
			return unitness(t) >= 0.5
		}
	}
	return ended && t.len() >= 3 && unitness(t) >= 0.99 && manyRunes(t)
}

// mass is a body of the masses, whose name may begin with no level: 团市委, 妇联.
var mass = regexp.MustCompile(`^(?:(?:共青)?团[\p{Han}]{0,6}委|[\p{Han}]{0,6}(?:总工会|妇联|残联|工商联|科协|文联|侨联|社科联|台联|红十字会))$`)

// manyRunes keeps words such as （室） or （区县） from being notes.
func manyRunes(t text) bool {
	u, _ := parseUnits(t, resp, resp)
	for i, w := range append(u.lead, u.resp...) {
		f := w.text.folded()
		if i > 0 && generic.MatchString(f) {
			continue // 各乡镇、街道
		}
		if mass.MatchString(f) {
			continue
		}
		if w.text.len() < 3 || !levelRune(w.text.fold[0]) && !vague(f) && !whole.end(f) {
			return false
		}
	}
	return true
}

// cutNote reports whether the file ends in a note without labels that opens at i:
// …机制。（市政府办公室牵头，各县.
func cutNote(t text, i int) bool {
	inside := t.from(i + 1).trim()
	if k := lastSentence(inside); k > 0 && inside.has("。", k-1) {
		inside = inside.sub(0, k) // (A牵头，B负责。各区政府均为责任单
	}
	if i == 0 || !strings.ContainsRune("。;", t.fold[i-1]) || inside.len() < 4 || inside.len() > 300 || noNote.MatchString(inside.folded()) {
		return false
	}
	u, _ := parseUnits(inside, resp, none)
	switch all := append(u.lead, u.resp...); len(all) {
	case 0:
		return false
	case 1: // the first name is all that is left
		name := all[0].text
		return name.len() > 3 && levelRune(name.fold[0]) && isName(name.folded())
	}
	return unitness(inside) >= 0.6
}

// segment is a stretch of text and the note that closes it, if one does.
type segment struct {
	text text
	note *note
}

// segments cuts a paragraph at its notes.
func segments(t text) []segment {
	var out []segment
	start := 0
	put := func(end int, n note, next int) {
		body := t.sub(start, end).trim()
		if len(out) > 0 && body.trimAny("。;,.、").len() == 0 && out[len(out)-1].note != nil {
			out[len(out)-1].note.merge(n)
		} else {
			out = append(out, segment{body, &n})
		}
		start = next
		for start < t.len() && strings.ContainsRune("。;,. ", t.fold[start]) {
			start++
		}
	}
	ls := t.labels(true)
	for i := 0; i < t.len(); i++ {
		for len(ls) > 0 && ls[0].from < max(i, start) {
			ls = ls[1:]
		}
		if len(ls) > 0 && ls[0].from == i && (i == start || ended(t, i) || t.fold[i-1] == ' ') {
			end := labelled(t, ls)
			n := parseNote(t.sub(i, end), resp)
			if !n.empty() {
				if end < t.len() && closes(t.fold[end]) {
					end++
				}
				put(i, n, end)
				i = start - 1
				continue
			}
		}
		if j := t.quoteEnd(i); j > 0 && (i == start || ended(t, i) && t.fold[i-1] != ':') && !hanAt(t, j+1) && quotedNote(t.sub(i+1, j)) {
			put(i, parseNote(t.sub(i+1, j), resp), j+1)
			i = start - 1
			continue
		}
		if !opens(t.fold[i]) {
			continue
		}
		j := t.closing(i)
		inside, next := text{}, 0
		if j < 0 && t.len()-i > 600 {
			continue
		}
		if j < 0 {
			// The file may end inside a note.
			inside, next = t.from(i+1), t.len()
			has := inside.labels(false)
			if named := len(has) > 0 && has[0].role.unit(); !named && !cutNote(t, i) {
				continue
			}
		} else {
			inside, next = t.sub(i+1, j), j+1
		}
		behind := t.from(next).trimAny("。;")
		stop := i > 0 && strings.ContainsRune("。;", t.fold[i-1])
		within := !stop && hanAt(t, next) && len(inside.labels(false)) == 0 // “四个一网”（一网通办、一网协同）布局
		if j >= 0 && (within || !isNote(inside, stop || behind.len() == 0)) {
			if j > 0 {
				i = j
			}
			continue
		}
		n := parseNote(inside, resp)
		n.cut = j < 0
		put(i, n, next)
		i = start - 1
	}
	rest := t.from(start).trim()
	if len(out) > 0 && rest.len() < 40 && strings.HasPrefix(rest.folded(), "以下") && saysRule(rest.folded()) {
		return out // 以下均需各区政府落实，不再列出 speaks about the notes, it is no measure
	}
	if rest.len() > 0 || len(out) == 0 {
		out = append(out, segment{rest, nil})
	}
	return out
}

// quotedNote reports whether what stands in quotation marks is a note: with a label,
// a verb, several names or one beyond doubt: “省内通办” is a slogan.
func quotedNote(t text) bool {
	return isNote(t, true) && (len(t.labels(false)) > 0 || noteVerb.MatchString(t.folded()) && t.len() > 5 || manyRunes(t) && (t.index("、", 0) > 0 || whole.end(t.folded())))
}

// unitsEnd ends the units of a note by what they do.
var unitsEnd = regexp.MustCompile(`(参与|参加|配合|协助|协同|负责|落实|牵头)$`)

// labelled returns where a note without brackets ends: at the end of the line or
// sentence that the last of its labels stands in.
func labelled(t text, ls []label) int {
	i := ls[0].to
	depth := 0
	for ; i < t.len(); i++ {
		r := t.fold[i]
		switch {
		case opens(r):
			depth++
		case closes(r) && depth == 0 && (i+1 == t.len() || strings.ContainsRune("。;\n", t.fold[i+1])):
			return i // the bracket that opened the note was lost
		case closes(r):
			depth = max(depth-1, 0)
		}
		if depth == 0 && r == ' ' && i+1 < t.len() && unicode.Is(unicode.Han, t.fold[i+1]) && unitsEnd.MatchString(t.sub(ls[0].to, i).folded()) {
			return i // A牵头，B等参与 and the text goes on behind a space
		}
		if depth > 0 || r != '。' && r != '\n' {
			continue
		}
		next := i + 1
		for next < t.len() && (t.fold[next] == ' ' || t.fold[next] == '\n') {
			next++
		}
		again := false
		for _, l := range ls {
			again = again || l.from == next
		}
		if !again {
			if r == '\n' && next < t.len() && i > 0 && strings.ContainsRune("、,:", t.fold[i-1]) {
				continue // names go on in the next line
			}
			return i
		}
	}
	return i
}

// byWhom starts a sentence that says who does what stands before it.
var byWhom = regexp.MustCompile(`^(?:(?:以上|此项|该项|上述|这项|本项)(?:工作|任务|事项)?)?(?:具体)?由`)

// saysWho reads a sentence, or what stands behind a dash, that is nothing but
// units and what they do: ——区司法局, 由区司法局牵头，区财政局配合.
func saysWho(t text) *note {
	t = t.trimAny("-~*:;。,、")
	told := false // 此项工作由…负责 says itself what it is; its names may be unknown
	if at := byWhom.FindStringIndex(t.folded()); at != nil {
		said := t.sub(0, utf8.RuneCountInString(t.folded()[:at[1]]))
		t = t.from(said.len())
		told = said.len() > 2 && noteVerb.MatchString(t.folded())
	}
	if t.len() < 3 || t.len() > 200 || !isNote(t, true) || !told && (unitness(t) < 0.99 || !manyRunes(t)) {
		return nil
	}
	n := parseNote(t, resp)
	return &n
}

// firstClauses reads the clauses that a measure begins with when they say who does
// what the others tell: 由省水利厅牵头，省财政厅配合，加快灌区改造.
func firstClauses(t text) *note {
	end := 0
	for _, c := range t.ends(",") {
		f := strings.TrimRight(c.folded(), ", ")
		if !noteVerb.MatchString(f) && !strings.HasPrefix(f, "会同") || saysWho(c) == nil {
			break
		}
		end += c.len()
	}
	if end == 0 || t.len()-end < 6 {
		return nil
	}
	return saysWho(t.sub(0, end))
}

// lastSentence is where the last sentence, line or part behind a dash or wide
// space of t begins; 0 when there is only one.
func lastSentence(t text) int {
	end := t.len()
	for end > 0 && strings.ContainsRune("。;", t.fold[end-1]) {
		end--
	}
	depth := 0
	for i := end - 1; i > 0; i-- {
		r := t.fold[i]
		switch {
		case closes(r) || r == '》' || r == '”':
			depth++
		case opens(r) || r == '《' || r == '“':
			depth--
		case depth == 0 && (strings.ContainsRune("。;!?\n", r) || (r == '-' || r == ' ') && t.fold[i-1] == r):
			return i + 1
		}
	}
	return 0
}
