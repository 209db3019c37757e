package read

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

// The labels that pages of letters use (D3.3, D3.4). What a label stands for is
// told by the group that matches: asked, answered, state, unit, answer, question.
var (
	letterLabel = regex.With("时间 日期 状态 单位 部门 机构 内容 情况 结果 意见 回复 答复 正文", `^(?:`+
		`((?:来信|写信|提问|留言|咨询|投诉|诉求|反映|提交|信件|发信|建议|咨询提交|来件)(?:时间|日期))|`+
		`((?:回复|答复|办结|回答|反馈|处理)(?:时间|日期))|`+
		`((?:办理|处理|信件|回复|答复|当前|办件|受理)?状态)|`+
		`((?:回复|答复|办理|承办|处理|受理|回答)(?:单位|部门|机构))|`+
		`((?:回复|答复|处理|官方|回答)(?:内容|情况|结果|意见|正文)|办理(?:结果|情况|意见)|答复|回复)|`+
		`((?:来信|留言|咨询|信件|问题|诉求|投诉|提问|建议)(?:内容|正文))`+
		`)$`)
	openState = regex.New(`未(?:答复|回复|办结|处理|办理)|待(?:答复|回复|办理|处理|受理)|办理中|处理中|受理中|正在(?:办理|处理)`)
	doneState = regex.New(`已(?:答复|回复|办结|处理|办理|完成)|办结`)
)

const (
	letterAsked = iota + 1
	letterAnswered
	letterState
	letterUnit
	letterAnswer
	letterQuestion
)

// letterPart tells which label a text is; 0 = none.
func letterPart(s string) int {
	s = strings.Trim(strings.ReplaceAll(s, " ", ""), "　【】[]（）()：:*●■")
	if len(s) > 40 || s == "" {
		return 0
	}
	g := letterLabel.FindStringSubmatch(s)
	for i := 1; i < len(g); i++ {
		if g[i] != "" {
			return i
		}
	}
	return 0
}

// letters reads the messages of a page: the lines of its list where they say when
// each was written or answered or how it stands, else the one that the page shows.
func (p *page) letters() {
	if p.list != nil && p.r.Kind != fact.Home && p.r.Kind != fact.Section && len(p.list.rows) > 0 {
		var header []int
		for i := range p.list.rows {
			r := &p.list.rows[i]
			if len(r.entry) != 1 {
				continue
			}
			if header == nil && r.node.tag == atom.Tr {
				header = letterHeader(r.node)
			}
			l := fact.Letter{URL: r.entry[0].URL, Title: r.entry[0].Title}
			if r.node.tag == atom.Tr && len(header) > 0 {
				letterCells(&l, r.node, header)
			} else {
				p.letterRow(&l, r)
			}
			if (!l.Asked.IsZero() || !l.Answered.IsZero()) && len(p.r.Letters) < 500 {
				p.r.Letters = append(p.r.Letters, l)
			}
		}
		if len(p.r.Letters) > 0 {
			return
		}
	}
	if l, ok := p.letterPage(); ok {
		p.r.Letters = []fact.Letter{l}
	}
}

// letterHeader names the columns of a table of letters; nil where it has none
// that tells when they were written or answered.
func letterHeader(tr *node) []int {
	header := tr.parent.first
	if t := tr.parent.parent; t != nil && t.tag == atom.Table && t.first != nil && t.first.tag == atom.Thead && t.first.first != nil {
		header = t.first.first
	}
	if header == nil || header == tr || header.tag != atom.Tr {
		return []int{}
	}
	out, useful := []int{}, false
	for c := header.first; c != nil; c = c.next {
		if c.tag == atom.Td || c.tag == atom.Th {
			part := letterPart(c.whole())
			useful = useful || part == letterAsked || part == letterAnswered
			out = append(out, part)
		}
	}
	if !useful {
		return []int{}
	}
	return out
}

// letterCells reads a line of a table under its header.
func letterCells(l *fact.Letter, tr *node, header []int) {
	i := 0
	for c := tr.first; c != nil && i < len(header); c = c.next {
		if c.tag != atom.Td && c.tag != atom.Th {
			continue
		}
		letterSet(l, header[i], strings.TrimSpace(c.whole()))
		i++
	}
}

// letterSet keeps a value under its label.
func letterSet(l *fact.Letter, part int, value string) {
	switch part {
	case letterAsked:
		letterDay(&l.Asked, value)
	case letterAnswered:
		letterDay(&l.Answered, value)
	case letterState:
		if l.State == "" && runes(value) <= 20 {
			l.State = value
		}
	case letterUnit:
		if v, ok := unitValue(value); ok && l.Unit == "" {
			l.Unit = v
		}
	}
}

func letterDay(at *time.Time, value string) {
	if m, ok := firstMoment(value); ok && at.IsZero() && m.start < 12 {
		*at = m.time()
	}
}

// letterRow reads a line of a list that labels its days.
func (p *page) letterRow(l *fact.Letter, r *row) {
	text := plainDigits(apart(r.node))
	if r.node.tag == atom.A || r.node.anchors == 1 && len(moments(text, 1)) == 0 {
		if q := r.node.parent; q != nil && q.anchors == 1 {
			text = plainDigits(apart(q))
		}
	}
	for _, m := range moments(text, 4) {
		before := text[:m.start]
		before = strings.TrimRight(before, " :：")
		if i := strings.LastIndexAny(before, " |丨:：，,"); i >= 0 {
			before = before[i:]
		}
		switch letterPart(strings.Trim(before, " |丨:：，,")) {
		case letterAsked:
			l.Asked = m.time()
		case letterAnswered:
			l.Answered = m.time()
		}
	}
	if s := openState.FindString(text); s != "" {
		l.State = s
	} else if s := doneState.FindString(text); s != "" {
		l.State = s
	}
}

// letterPage reads the one letter that a page shows: it names when it was
// written, or its words and what was answered.
func (p *page) letterPage() (l fact.Letter, ok bool) {
	question, answerAt := false, -1
	var firstDay time.Time
	for i := range p.text {
		t := &p.text[i]
		if t.hidden || t.region == nav || t.region == foot || t.region == crumb || t.region == side {
			continue
		}
		for _, f := range letterFields(plainDigits(t.text)) {
			value := f.value
			if value == "" && i+1 < len(p.text) && letterPart(p.text[i+1].text) == 0 {
				value = strings.TrimSpace(plainDigits(p.text[i+1].text))
			}
			switch f.part {
			case letterQuestion:
				question = true
			case letterAnswer:
				if answerAt < 0 {
					answerAt = i
					l.Answer = p.letterAnswer(i, f.value)
				}
			default:
				letterSet(&l, f.part, value)
			}
		}
		if m, found := firstMoment(plainDigits(t.text)); found && firstDay.IsZero() && answerAt < 0 && t.chars < 120 {
			firstDay = m.time()
		}
	}
	if l.Asked.IsZero() && question && (answerAt >= 0 || l.State != "" || !l.Answered.IsZero()) {
		l.Asked = firstDay
	}
	if runes(l.Answer) < 8 && (doneState.MatchString(l.Answer) || openState.MatchString(l.Answer)) { // 办理结果：已办结
		l.State, l.Answer = cmp.Or(l.State, l.Answer), ""
	}
	l.Title = p.r.Heading
	return l, !l.Asked.IsZero() && (question || answerAt >= 0 || l.State != "" || !l.Answered.IsZero())
}

type letterField struct {
	part  int
	value string
}

var letterSplit = regex.New(`[:：]`)

// letterFields are the labelled values of a line: several where the line holds
// several labels, one without a value where it is a label alone.
func letterFields(line string) (out []letterField) {
	if part := letterPart(line); part != 0 {
		return []letterField{{part: part}}
	}
	if !strings.ContainsAny(line, ":：") {
		return nil
	}
	found := letterSplit.FindAllStringIndex(line, 12)
	type mark struct{ part, from, to int }
	var marks []mark
	for _, at := range found {
		start := 0
		if i := strings.LastIndexAny(line[:at[0]], " |丨　;；，,。】)）"); i >= 0 {
			_, n := utf8.DecodeRuneInString(line[i:])
			start = i + n
		}
		if part := letterPart(line[start:at[0]]); part != 0 {
			marks = append(marks, mark{part, start, at[1]})
		}
	}
	for i, m := range marks {
		end := len(line)
		if i+1 < len(marks) {
			end = marks[i+1].from
		}
		out = append(out, letterField{m.part, strings.Trim(line[m.to:end], " 　|丨")})
	}
	return out
}

// letterAnswer is the text behind the label of the answer, up to the next label.
func (p *page) letterAnswer(at int, value string) string {
	var b strings.Builder
	b.WriteString(value)
	for i := at + 1; i < len(p.text) && b.Len() < 2400; i++ {
		t := &p.text[i]
		if t.region != plain || furnitureLine(t) {
			if t.region == foot {
				break
			}
			continue
		}
		if fs := letterFields(t.text); len(fs) > 0 {
			if b.Len() == 0 && fs[0].part != letterQuestion {
				continue
			}
			break
		}
		if t.linked*2 > t.chars || b.Len() > 0 && t.chars < 20 && hotWords.MatchString(t.text) {
			break
		}
		b.WriteString(t.text)
	}
	return cutRunes(strings.TrimSpace(b.String()), 600)
}
