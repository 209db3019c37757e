package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// Op names one kind of correction.
type Op string

const (
	OpHead       Op = "head"        // title, number, issuer, date, year, letter
	OpSection    Op = "section"     // number and title of section Key
	OpItem       Op = "item"        // number and title of item Key
	OpMeasure    Op = "measure"     // everything of measure Key
	OpMerge      Op = "merge"       // measure Key with the one behind it
	OpSplit      Op = "split"       // measure Key before character At, or where Text begins in it
	OpUp         Op = "up"          // measure Key before the one above it
	OpDown       Op = "down"        // measure Key behind the one below it
	OpMove       Op = "move"        // measure Key to the end of item To
	OpAdd        Op = "add"         // a measure behind measure Key, or at the end of item Key
	OpAddItem    Op = "add-item"    // an item behind item Key, or at the end of section Key
	OpAddSection Op = "add-section" // a section behind section Key, or the first
	OpDelete     Op = "delete"      // measure, item or section Key with all that is in it
	OpAnswer     Op = "answer"      // name Key, wherever it stands, means Units or Group
	OpIgnore     Op = "ignore"      // name Key is none of a unit, wherever it stands
	OpAccept     Op = "accept"      // doubt Key: it is right as it stands
	OpAcceptSure Op = "accept-sure" // all doubts that the reading is fairly sure about
)

// fairlySure is from where doubts are accepted together.
const fairlySure = 0.55

// Edit is one correction.
type Edit struct {
	Op     Op
	Key    int
	At, To int

	Number, Title, Text string
	Lead, Resp          []string // names as typed, one each
	DueText             string
	Due                 Due
	Issuer              string // OpHead
	Date                calendar.Date
	Year                int
	Letter              []string

	Units []id.ID // OpAnswer: one or several units, or a group
	Group id.ID
}

// Apply makes a correction and says in Chinese what was done. The sheet itself
// stays as it was. Errors are faults for the person.
func (s Sheet) Apply(e Edit, dir *org.Directory) (Sheet, string, error) {
	s = s.clone()
	what, err := s.apply(e, dir)
	if err != nil {
		return Sheet{}, "", err
	}
	s.settle()
	return s, what, nil
}

func (s *Sheet) apply(e Edit, dir *org.Directory) (string, error) {
	switch e.Op {
	case OpHead:
		return s.setHead(e)
	case OpSection, OpItem:
		return s.setTitle(e)
	case OpMeasure:
		return s.setMeasure(e, dir)
	case OpAdd:
		return s.addMeasure(e, dir)
	case OpAddItem:
		return s.addItem(e)
	case OpAddSection:
		return s.addSection(e)
	case OpDelete:
		return s.delete(e.Key)
	case OpAnswer, OpIgnore:
		return s.answer(e, dir)
	case OpAccept:
		return s.accept(e.Key)
	case OpAcceptSure:
		return s.acceptSure()
	}
	m, p := s.measure(e.Key)
	if m == nil {
		return "", gone()
	}
	it := s.at(p)
	switch e.Op {
	case OpMerge:
		return s.merge(it, p.measure)
	case OpSplit:
		if begins := tidy(e.Text); e.At == 0 && begins != "" {
			before, _, ok := strings.Cut(m.Text, begins)
			if !ok {
				return "", fault.Fields{"text": "这条举措里没有这几个字，请照原文填写"}.Err()
			}
			e.At = utf8.RuneCountInString(before)
		}
		return s.split(it, p.measure, e.At)
	case OpUp, OpDown:
		return s.shift(*m, p, e.Op == OpDown)
	case OpMove:
		to, _ := s.item(e.To)
		if to == nil {
			return "", fault.New(fault.NotFound, "没有找到要移入的工作任务，可能已被删除")
		}
		moved := *m
		it.Measures = slices.Delete(it.Measures, p.measure, p.measure+1)
		to.Measures = append(to.Measures, moved)
		return fmt.Sprintf("把“%s”移到%s", cut(moved.Text, 15), to.Number+cut(to.Title, 15)), nil
	}
	return "", fault.New(fault.Invalid, "没有这种修改方式，请刷新页面后再试")
}

func gone() error {
	return fault.New(fault.NotFound, "没有找到要修改的内容，可能已被合并或删除，请刷新页面")
}

// tidy is typed text without characters that no database keeps.
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\x00", ""))
}

func (s *Sheet) setHead(e Edit) (string, error) {
	wrong := fault.Fields{}
	for _, f := range []struct {
		name, value string
		most        int
		text        string
	}{{"title", e.Title, 200, "标题"}, {"number", e.Number, 60, "发文字号"}, {"issuer", e.Issuer, 100, "印发机关"}} {
		if n := utf8.RuneCountInString(f.value); n > f.most {
			wrong[f.name] = fmt.Sprintf("%s请不超过%d字", f.text, f.most)
		}
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	s.Title, s.Number, s.Issuer, s.Date, s.Year = tidy(e.Title), tidy(e.Number), tidy(e.Issuer), e.Date, e.Year
	s.Letter = []string{}
	for _, l := range e.Letter {
		if l = tidy(l); l != "" {
			s.Letter = append(s.Letter, l)
		}
	}
	s.forget(0)
	return "修改标题等基本信息", nil
}

// forget drops the doubts about one part that a person has just looked at; a
// name without a unit is asked about again by settle.
func (s *Sheet) forget(at int) {
	s.Doubts = slices.DeleteFunc(s.Doubts, func(d Doubt) bool { return d.At == at && d.Name == 0 })
}

const maxTitle = 200

func (s *Sheet) setTitle(e Edit) (string, error) {
	title, number := tidy(e.Title), tidy(e.Number)
	if err := titled(title, number); err != nil {
		return "", err
	}
	if e.Op == OpSection {
		sec, _ := s.section(e.Key)
		if sec == nil {
			return "", gone()
		}
		sec.Number, sec.Title = number, title
	} else {
		it, _ := s.item(e.Key)
		if it == nil {
			return "", gone()
		}
		it.Number, it.Title = number, title
	}
	s.forget(e.Key)
	return "修改标题“" + cut(number+title, 20) + "”", nil
}

func titled(title, number string) error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(title); n > maxTitle {
		wrong["title"] = fmt.Sprintf("标题请不超过%d字", maxTitle)
	}
	if n := utf8.RuneCountInString(number); n > 20 {
		wrong["number"] = "编号请不超过20字"
	}
	return wrong.Err()
}

func (s *Sheet) setMeasure(e Edit, dir *org.Directory) (string, error) {
	m, _ := s.measure(e.Key)
	if m == nil {
		return "", gone()
	}
	if err := s.write(m, e, dir); err != nil {
		return "", err
	}
	s.forget(m.Key)
	return "修改举措“" + cut(m.Text, 20) + "”", nil
}

// write puts what was typed into a measure.
func (s *Sheet) write(m *SheetMeasure, e Edit, dir *org.Directory) error {
	wrong := fault.Fields{}
	text := tidy(e.Text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		wrong["text"] = "请填写举措内容；不需要这一条时请删除"
	case n > maxText:
		wrong["text"] = fmt.Sprintf("有%d字，超过%d字，请拆分", n, maxText)
	}
	if n := utf8.RuneCountInString(e.Number); n > 20 {
		wrong["number"] = "编号请不超过20字"
	}
	if n := utf8.RuneCountInString(e.DueText); n > 100 {
		wrong["due_text"] = "时限原文请不超过100字"
	}
	due := e.Due
	if due.Kind == "" {
		due = Due{Kind: Ongoing}
	}
	year := s.Year
	if year == 0 {
		year = due.On.Year()
	}
	for name, text := range fault.FieldsOf(due.valid(year)) {
		wrong[name] = text
	}
	for name, list := range map[string][]string{"lead": e.Lead, "resp": e.Resp} {
		for _, one := range list {
			if utf8.RuneCountInString(one) > 100 {
				wrong[name] = "单位名称请不超过100字，一行写一个"
			}
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	had := map[string]SheetName{}
	for _, n := range m.names() {
		had[n.Text] = *n
	}
	m.Number, m.Text, m.DueText, m.Due = tidy(e.Number), text, tidy(e.DueText), due
	used := map[int]bool{}
	m.Lead, m.Resp = s.typed(e.Lead, had, used, dir), s.typed(e.Resp, had, used, dir)
	return nil
}

// typed makes names of what was typed; those that stood there before keep all
// that is known of them, and their keys where they are not used yet. A line with
// several known names becomes several.
func (s *Sheet) typed(lines []string, had map[string]SheetName, used map[int]bool, dir *org.Directory) []SheetName {
	out := []SheetName{}
	add := func(text string) {
		text = tidy(text)
		if text == "" || slices.ContainsFunc(out, func(n SheetName) bool { return n.Text == text }) {
			return
		}
		n, ok := had[text]
		if !ok {
			n = s.lookUp(text, dir)
		} else if used[n.Key] {
			n.Key = s.key()
		}
		used[n.Key] = true
		out = append(out, n)
	}
	for _, line := range lines {
		line = tidy(line)
		_, ok := had[line]
		if ok || !strings.ContainsAny(line, "、，,；;") || len(s.lookUp(line, dir).Units) > 0 {
			add(line)
			continue
		}
		parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("、，,；;", r) })
		if !slices.ContainsFunc(parts, func(p string) bool { return len(dir.Resolve(p).Units) > 0 }) {
			add(line)
			continue
		}
		for _, p := range parts {
			add(p)
		}
	}
	return out
}

// merge puts measure i+1 of an item behind measure i. Its number goes into the
// text, so that nothing written is lost; its units come along.
func (s *Sheet) merge(it *SheetItem, i int) (string, error) {
	if i+1 >= len(it.Measures) {
		return "", fault.New(fault.Conflict, "这是本项任务的最后一条举措，后面没有可以合并的")
	}
	m, next := &it.Measures[i], it.Measures[i+1]
	text := strings.TrimRight(m.Text, " \n") + "\n" + next.Number + next.Text
	if utf8.RuneCountInString(text) > maxText {
		return "", fault.Newf(fault.Invalid, "合并后超过%d字，不能合并", maxText)
	}
	what := "合并举措“" + cut(m.Text, 20) + "”与下一条"
	m.Text = text
	add := func(to []SheetName, from []SheetName) []SheetName {
		for _, n := range from {
			if !slices.ContainsFunc(to, func(o SheetName) bool { return o.Text == n.Text }) {
				to = append(to, n)
			}
		}
		return to
	}
	m.Lead, m.Resp = add(m.Lead, next.Lead), add(m.Resp, next.Resp)
	if m.DueText == "" && m.Due.Kind == Ongoing {
		m.DueText, m.Due, m.DuePlaces = next.DueText, next.Due, next.DuePlaces
	}
	m.Places = slices.Concat(m.Places, next.Places)
	for i := range s.Doubts {
		if s.Doubts[i].At == next.Key {
			s.Doubts[i].At = m.Key
		}
	}
	it.Measures = slices.Delete(it.Measures, i+1, i+2)
	return what, nil
}

// numbered is the number that a paragraph begins with: 2． （3） 4、
var numbered = regexp.MustCompile(`^(?:[（(]\d{1,3}[）)]|\d{1,3}[．.、)）])\s*`)

// split cuts a measure before a character. Both parts keep the units and the
// time limit; a number before the second becomes its number.
func (s *Sheet) split(it *SheetItem, i, at int) (string, error) {
	m := &it.Measures[i]
	r := []rune(m.Text)
	if at <= 0 || at >= len(r) {
		return "", fault.New(fault.Invalid, "请选择拆分的位置，应在文字中间")
	}
	head, tail := strings.TrimSpace(string(r[:at])), strings.TrimSpace(string(r[at:]))
	if head == "" || tail == "" {
		return "", fault.New(fault.Invalid, "拆分后有一条没有文字，请选择文字中间的位置")
	}
	second := *m
	second.Key = s.key()
	second.Number = strings.TrimSpace(numbered.FindString(tail))
	second.Text = strings.TrimSpace(strings.TrimPrefix(tail, numbered.FindString(tail)))
	if second.Text == "" {
		second.Number, second.Text = "", tail
	}
	second.Lead, second.Resp = s.again(m.Lead), s.again(m.Resp)
	m.Text = head
	it.Measures = slices.Insert(it.Measures, i+1, second)
	return "在“" + cut(tail, 10) + "”处拆分举措", nil
}

// again is a list of names with keys of their own.
func (s *Sheet) again(list []SheetName) []SheetName {
	out := slices.Clone(list)
	for i := range out {
		out[i].Key = s.key()
	}
	return out
}

// shift moves a measure one place up or down, over the border of its item too.
func (s *Sheet) shift(m SheetMeasure, p spot, down bool) (string, error) {
	it := s.at(p)
	i, j := p.measure, p.measure-1
	what := "上移"
	if down {
		j, what = i+1, "下移"
	}
	if j >= 0 && j < len(it.Measures) {
		it.Measures[i], it.Measures[j] = it.Measures[j], it.Measures[i]
		return what + "举措“" + cut(m.Text, 20) + "”", nil
	}
	var all []*SheetItem
	at := 0
	for a := range s.Sections {
		for b := range s.Sections[a].Items {
			if a == p.section && b == p.item {
				at = len(all)
			}
			all = append(all, &s.Sections[a].Items[b])
		}
	}
	switch {
	case !down && at == 0:
		return "", fault.New(fault.Conflict, "已经是第一条，不能再上移")
	case down && at == len(all)-1:
		return "", fault.New(fault.Conflict, "已经是最后一条，不能再下移")
	}
	it.Measures = slices.Delete(it.Measures, i, i+1)
	if down {
		all[at+1].Measures = slices.Insert(all[at+1].Measures, 0, m)
	} else {
		all[at-1].Measures = append(all[at-1].Measures, m)
	}
	return what + "举措“" + cut(m.Text, 20) + "”到相邻的任务", nil
}

func (s *Sheet) addMeasure(e Edit, dir *org.Directory) (string, error) {
	m := SheetMeasure{Key: s.key(), Lead: []SheetName{}, Resp: []SheetName{}}
	at := -1
	it, _ := s.item(e.Key)
	if it == nil {
		before, p := s.measure(e.Key)
		if before == nil {
			return "", gone()
		}
		it, at, m.Row = s.at(p), p.measure+1, before.Row
	} else {
		at = len(it.Measures)
	}
	if err := s.write(&m, e, dir); err != nil {
		return "", err
	}
	it.Measures = slices.Insert(it.Measures, at, m)
	return "新增举措“" + cut(m.Text, 20) + "”", nil
}

func (s *Sheet) addItem(e Edit) (string, error) {
	title, number := tidy(e.Title), tidy(e.Number)
	if title == "" {
		return "", fault.Fields{"title": "请填写工作任务的标题"}.Err()
	}
	if err := titled(title, number); err != nil {
		return "", err
	}
	it := SheetItem{Key: s.key(), Number: number, Title: title, Measures: []SheetMeasure{}}
	if sec, _ := s.section(e.Key); sec != nil {
		sec.Items = append(sec.Items, it)
	} else if before, p := s.item(e.Key); before != nil {
		sec := &s.Sections[p.section]
		sec.Items = slices.Insert(sec.Items, p.item+1, it)
	} else {
		return "", gone()
	}
	return "新增工作任务“" + cut(number+title, 20) + "”", nil
}

func (s *Sheet) addSection(e Edit) (string, error) {
	title, number := tidy(e.Title), tidy(e.Number)
	if err := titled(title, number); err != nil {
		return "", err
	}
	at := 0
	if before, p := s.section(e.Key); before != nil {
		at = p.section + 1
	} else if e.Key != 0 {
		return "", gone()
	}
	s.Sections = slices.Insert(s.Sections, at, SheetSection{Key: s.key(), Number: number, Title: title, Items: []SheetItem{}})
	return "新增部分“" + cut(number+title, 20) + "”", nil
}

func (s *Sheet) delete(key int) (string, error) {
	if m, p := s.measure(key); m != nil {
		what := "删除举措“" + cut(m.Text, 20) + "”"
		it := s.at(p)
		it.Measures = slices.Delete(it.Measures, p.measure, p.measure+1)
		return what, nil
	}
	if it, p := s.item(key); it != nil {
		what := fmt.Sprintf("删除工作任务“%s”及其%d条举措", cut(it.Number+it.Title, 20), len(it.Measures))
		sec := &s.Sections[p.section]
		sec.Items = slices.Delete(sec.Items, p.item, p.item+1)
		return what, nil
	}
	if sec, p := s.section(key); sec != nil {
		what := fmt.Sprintf("删除部分“%s”及其%d项任务", cut(sec.Number+sec.Title, 20), len(sec.Items))
		s.Sections = slices.Delete(s.Sections, p.section, p.section+1)
		return what, nil
	}
	return "", gone()
}

// answer says whom a name means, or that it is no unit, wherever it stands.
func (s *Sheet) answer(e Edit, dir *org.Directory) (string, error) {
	name, _ := s.name(e.Key)
	if name == nil {
		return "", gone()
	}
	text := name.Text
	same := func(n SheetName) bool { return n.Text == text }
	var keys []int
	s.each(func(m *SheetMeasure) {
		for _, n := range m.names() {
			if same(*n) {
				keys = append(keys, n.Key)
			}
		}
	})
	s.Doubts = slices.DeleteFunc(s.Doubts, func(d Doubt) bool { return slices.Contains(keys, d.Name) })
	if e.Op == OpIgnore {
		s.each(func(m *SheetMeasure) {
			m.Lead, m.Resp = slices.DeleteFunc(m.Lead, same), slices.DeleteFunc(m.Resp, same)
		})
		return "“" + text + "”不是单位，不列入", nil
	}
	units, whom := e.Units, ""
	if e.Group != "" {
		units, whom = dir.Members(e.Group), dir.NameOf(e.Group)
	}
	if len(units) == 0 {
		return "", fault.Fields{"who": "请选择单位或单位组"}.Err()
	}
	for i, u := range units {
		if e.Group != "" {
			break
		}
		if _, ok := dir.Unit(u); !ok {
			return "", fault.Fields{"who": "没有找到所选的单位，请重新选择"}.Err()
		}
		if i > 0 {
			whom += "、"
		}
		whom += dir.NameOf(u)
	}
	s.each(func(m *SheetMeasure) {
		for _, n := range m.names() {
			if same(*n) {
				n.Units, n.Group, n.How = units, e.Group, org.Alias
			}
		}
	})
	return fmt.Sprintf("“%s”是%s", text, whom), nil
}

// accept drops a doubt, and the same one about the same name elsewhere.
func (s *Sheet) accept(key int) (string, error) {
	i := slices.IndexFunc(s.Doubts, func(d Doubt) bool { return d.Key == key })
	if i < 0 {
		return "", fault.New(fault.NotFound, "这处疑问已经处理过了")
	}
	d := s.Doubts[i]
	if err := s.acceptable(d); err != nil {
		return "", err
	}
	s.Doubts = slices.DeleteFunc(s.Doubts, func(o Doubt) bool {
		return o.Key == key || d.Name != 0 && o.Name != 0 && o.Value == d.Value && o.Why == d.Why
	})
	return fmt.Sprintf("确认%s“%s”", d.What, cut(d.Value, 20)), nil
}

// acceptable refuses to accept what would leave a hole in the plan.
func (s *Sheet) acceptable(d Doubt) error {
	if d.Name != 0 {
		if n, _ := s.name(d.Name); n != nil && len(n.Units) == 0 {
			return fault.Newf(fault.Conflict, "请先指明“%s”是哪个单位；不是单位时请选“不是单位”", n.Text)
		}
	}
	switch d.What {
	case aboutUnits:
		return fault.New(fault.Conflict, "这条举措还没有单位，请先填写牵头单位或责任单位，或删除这条举措")
	case aboutTitle, aboutDate, aboutYear:
		return fault.Newf(fault.Conflict, "请先填写%s", d.What)
	}
	return nil
}

func (s *Sheet) acceptSure() (string, error) {
	before := s.Open()
	s.Doubts = slices.DeleteFunc(s.Doubts, func(d Doubt) bool { return d.Conf >= fairlySure && s.acceptable(d) == nil })
	n := before - s.Open()
	if n == 0 {
		return "", fault.New(fault.Conflict, "没有把握较大的疑问，请逐处核对")
	}
	return fmt.Sprintf("一次确认%d处把握较大的疑问", n), nil
}
