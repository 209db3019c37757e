package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/area/plan/reader"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// known is the directory of units as the reader asks it.
type known struct{ *org.Directory }

// Find implements reader.Directory.
func (k known) Find(name string) []string {
	m := k.Resolve(name)
	if !m.Sure {
		return nil
	}
	out := make([]string, len(m.Units))
	for i, u := range m.Units {
		out[i] = string(u)
	}
	return out
}

// Near implements reader.Directory.
func (k known) Near(name string) []string {
	var out []string
	for _, c := range k.Directory.Near(name, 4) {
		out = append(out, c.Name)
	}
	return out
}

// understand makes the sheet of a reading: units looked up, time limits typed,
// and a doubt for all that a person should see.
func understand(r *reader.Reading, dir *org.Directory) Sheet {
	s := Sheet{Title: r.Title, Number: r.Number, Issuer: r.Issuer, Date: r.Date, Year: r.Year, Letter: []string{}, Notes: r.Notes}
	for _, l := range r.Letter {
		s.Letter = append(s.Letter, letter(l))
	}
	for _, l := range r.Rest {
		s.Rest = append(s.Rest, Unused{l.Text, l.Why, l.Places})
	}
	keys := map[[3]int]int{} // of sections, items and measures by index; -1 for none
	for i, rs := range r.Sections {
		sec := SheetSection{Key: s.key(), Number: rs.Number, Title: rs.Title, Places: rs.Places}
		keys[[3]int{i, -1, -1}] = sec.Key
		for j, ri := range rs.Items {
			it := SheetItem{Key: s.key(), Number: ri.Number, Title: ri.Title, Places: ri.Places}
			keys[[3]int{i, j, -1}] = it.Key
			for k, rm := range ri.Measures {
				m := s.understood(rm, dir)
				keys[[3]int{i, j, k}] = m.Key
				it.Measures = append(it.Measures, m)
			}
			sec.Items = append(sec.Items, it)
		}
		s.Sections = append(s.Sections, sec)
	}
	for _, d := range r.Doubts {
		if d.What == aboutLead || d.What == aboutResp {
			continue // asked by understood, which knows whom the directory means
		}
		s.ask(Doubt{At: keys[[3]int{d.Section, d.Item, d.Measure}], What: d.What, Value: d.Value, Why: d.Why, Conf: d.Conf, Places: d.Places})
	}
	for _, missing := range []struct {
		is        bool
		what, why string
	}{
		{s.Title == "", aboutTitle, "没有在文件里找到标题，请填写"},
		{s.Date.IsZero(), aboutDate, "没有在文件里找到落款日期，各项期限从这一天起算，请填写"},
		{s.Year == 0, aboutYear, "没有读出是哪一年的计划，请填写"},
	} {
		if missing.is {
			s.ask(Doubt{What: missing.what, Why: missing.why, Conf: 0.1})
		}
	}
	s.settle()
	return s
}

// letter is one requirement of the cover letter in one text.
func letter(l reader.Requirement) string {
	head := l.Number + l.Title
	if head == "" || l.Text == "" {
		return head + l.Text
	}
	if last, _ := utf8.DecodeLastRuneInString(head); !strings.ContainsRune("。：；", last) {
		head += "。"
	}
	return head + l.Text
}

// understood is one measure of a reading.
func (s *Sheet) understood(r reader.Measure, dir *org.Directory) SheetMeasure {
	m := SheetMeasure{Key: s.key(), Row: r.Row, Number: r.Number, Text: r.Text, DueText: r.Due.Text, People: r.People, Places: r.Places,
		Lead: []SheetName{}, Resp: []SheetName{}, DuePlaces: r.Due.Places}
	if r.Under != "" {
		m.Text = r.Under + "\n" + m.Text
	}
	for _, n := range r.Lead {
		m.Lead = append(m.Lead, s.named(n, m.Key, aboutLead, dir)...)
	}
	for _, n := range r.Resp {
		m.Resp = append(m.Resp, s.named(n, m.Key, aboutResp, dir)...)
	}
	due, why := r.Due, ""
	if due.Text == "" && len(r.Deadlines) > 0 {
		due, why = first(r.Deadlines)
		m.DueText = due.Text
		m.DuePlaces = within(r.Places, due.Places)
		if due.Conf < 0.8 && due.Why != "" {
			why = due.Why
		}
	}
	if due.Text == "" {
		m.Due = Due{Kind: Ongoing}
		return m
	}
	var rough string
	if m.Due, rough = dueOf(due); rough != "" {
		why = rough
	}
	if s.Year != 0 {
		if err := m.Due.valid(s.Year); err != nil {
			why = err.Error()
		}
	}
	if why != "" {
		s.ask(Doubt{At: m.Key, What: aboutDue, Value: m.DueText, Why: why, Conf: 0.6, Places: m.DuePlaces})
	}
	return m
}

// within is places when there are any, else all of the text they are in.
func within(all, places []reader.Place) []reader.Place {
	if len(places) > 0 {
		return places
	}
	return all
}

// first chooses the time limit of a measure that names some in its text: a date
// goes before a period, a period before a clock that an event starts.
func first(list []reader.Deadline) (reader.Deadline, string) {
	rank := func(d reader.Deadline) int {
		if d.Kind == reader.PerEvent && !d.AtMost {
			return 9 // a shortest time limits nothing: anything else goes before it
		}
		return slices.Index([]reader.DueKind{reader.Once, reader.Recurring, reader.PerEvent, reader.Standing, reader.Unclear}, d.Kind)
	}
	best, why := list[0], ""
	for _, d := range list[1:] {
		if rank(d) < rank(best) {
			best = d
		}
	}
	for _, d := range list {
		if rank(d) == rank(best) && d.Text != best.Text && best.Kind != reader.PerEvent {
			why = fmt.Sprintf("举措中写有不止一个时限，按“%s”计算", best.Text)
		}
	}
	return best, why
}

// dueOf is the value of a time limit that was read; why says in what it is less
// than what was written, "" when it is the same.
func dueOf(d reader.Deadline) (due Due, why string) {
	switch d.Kind {
	case reader.Once:
		return Due{Kind: ByDate, On: d.By}, ""
	case reader.Recurring:
		due = Due{Kind: Recurring, Times: max(1, d.Times), Month: d.Month, Day: d.Day}
		switch d.Per {
		case "year":
			due.Every = Yearly
		case "half":
			due.Every = HalfYearly
		case "quarter":
			due.Every = Quarterly
		case "month":
			due.Every = Monthly
		case "week":
			due.Every, due.Times = Monthly, 4*due.Times
			why = "每周的要求按每月4次计算"
		default:
			return Due{Kind: Ongoing}, "每日的要求按全年持续推进计算"
		}
		return due, why
	case reader.PerEvent:
		kind, n, unit := PerEvent, d.N, "日"
		if !d.AtMost {
			kind = AtLeast
		}
		switch d.Unit {
		case "workday":
			unit = "个工作日"
		case "week":
			n *= 7
		case "month":
			unit = "个月"
		case "year":
			n, unit = 12*n, "个月"
		case "hour":
			n, why = max(1, (n+23)/24), "以小时写的时限按日计算"
		}
		return Due{Kind: kind, Period: fmt.Sprintf("%d%s", n, unit)}, why
	}
	return Due{Kind: Ongoing}, ""
}

// named looks a name up that was read, and asks about what is not sure. Names
// run together become several.
func (s *Sheet) named(r reader.Name, measure int, what string, dir *org.Directory) []SheetName {
	var out []SheetName
	for _, part := range apart(r.Text, dir) {
		n := s.lookUp(part.text, dir)
		n.Open, n.Places = r.Open, cutPlaces(r.Places, part.from, part.to, utf8.RuneCountInString(r.Text))
		d := Doubt{At: measure, Name: n.Key, What: what, Value: n.Text, Conf: r.Conf, Why: r.Why, Places: n.Places}
		switch sure := n.How != org.Abbreviated && len(n.Units) > 0; {
		case len(n.Units) == 0:
			// settle asks
		case !sure:
			d.Conf, d.Why = 0.5, "是简称，按“"+dir.NameOf(n.Units[0])+"”理解"
			s.ask(d)
		case n.Open:
			d.Conf, d.Why = 0.6, "“等”后面可能还有其他单位"
			s.ask(d)
		case r.Conf < 0.9 && r.Why != "" && len(r.Units) > 0:
			s.ask(d)
		}
		out = append(out, n)
	}
	return out
}

// piece is a name inside a run of names, by characters.
type piece struct {
	text     string
	from, to int
}

// apart cuts a text that the directory does not know where it is several known
// names without a mark between them.
func apart(text string, dir *org.Directory) []piece {
	whole := []piece{{text, 0, utf8.RuneCountInString(text)}}
	if len(dir.Resolve(text).Units) > 0 {
		return whole
	}
	parts := dir.Split(text)
	if len(parts) < 2 || slices.ContainsFunc(parts, func(p org.Part) bool { return !p.Known }) {
		return whole
	}
	var out []piece
	at := 0
	for _, p := range parts {
		i := strings.Index(text[at:], p.Text)
		if i < 0 {
			return whole
		}
		from := utf8.RuneCountInString(text[:at+i])
		out = append(out, piece{p.Text, from, from + utf8.RuneCountInString(p.Text)})
		at += i + len(p.Text)
	}
	return out
}

// cutPlaces is the part of places from one character to another, when they are
// one run as long as the text; otherwise all of them.
func cutPlaces(places []reader.Place, from, to, length int) []reader.Place {
	if len(places) != 1 || places[0].To-places[0].From != length {
		return places
	}
	p := places[0]
	p.From, p.To = p.From+from, p.From+to
	return []reader.Place{p}
}

var (
	joint  = regexp.MustCompile(`、|以及|及|和|与`)
	others = regexp.MustCompile(`等(?:有关|相关|市|区|县|各|单位|部门|机构|成员|职能|责任).*$`)
)

// lookUp asks the directory whom a name means: the name as it stands, without
// 等有关部门 behind it, or as several joined by 、 and 和. An abbreviation counts
// when only one unit has it.
func (s *Sheet) lookUp(text string, dir *org.Directory) SheetName {
	n := SheetName{Key: s.key(), Text: text}
	for _, name := range []string{text, others.ReplaceAllString(text, "")} {
		m := dir.Resolve(name)
		if m.Sure || m.How == org.Abbreviated && len(m.Units) == 1 {
			n.Units, n.Group, n.How = m.Units, m.Group, m.How
			return n
		}
	}
	parts := joint.Split(text, -1)
	if len(parts) < 2 {
		return n
	}
	var units []id.ID
	for _, p := range parts {
		m := dir.Resolve(p)
		if !m.Sure { // 街道办事处 among others is 各街道办事处
			m = dir.Resolve("各" + p)
		}
		if !m.Sure {
			return n
		}
		for _, u := range m.Units {
			if !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
	}
	n.Units, n.How = units, org.Normalised
	return n
}
