package plan

import (
	"fmt"
	"sort"
	"strings"

	"gongkai/area/plan/reader"
	"gongkai/kernel/document"
	"gongkai/kernel/org"
)

// Question is a doubt as it is asked: once for a name, however often it stands.
type Question struct {
	Doubt
	Times   int             // how often the name stands in the plan with this doubt
	Unknown bool            // the name means no unit yet
	Near    []org.Candidate // known names that look like it
	Can     bool            // it may be accepted as it stands
	Where   string          // the measure, item or section that it is about, in short
}

// questions lists the doubts of a sheet, the most doubtful first, then in the
// order of the plan.
func questions(s *Sheet, dir *org.Directory) []Question {
	order, where := map[int]int{}, map[int]string{0: "基本信息"}
	for _, sec := range s.Sections {
		order[sec.Key], where[sec.Key] = len(order)+1, sec.Number+cut(sec.Title, 20)
		for _, it := range sec.Items {
			order[it.Key], where[it.Key] = len(order)+1, it.Number+cut(it.Title, 20)
			for _, m := range it.Measures {
				order[m.Key], where[m.Key] = len(order)+1, it.Number+m.Number+cut(m.Text, 24)
			}
		}
	}
	var out []Question
	at := map[string]int{} // by name and reason
	for _, d := range s.Doubts {
		id := d.Value + "\x00" + d.Why
		if i, ok := at[id]; ok && d.Name != 0 {
			out[i].Times++
			continue
		}
		q := Question{Doubt: d, Times: 1, Can: s.acceptable(d) == nil, Where: where[d.At]}
		if d.Name != 0 {
			at[id] = len(out)
			if n, _ := s.name(d.Name); n != nil {
				q.Unknown = len(n.Units) == 0
			}
			if q.Unknown {
				q.Near = dir.Near(d.Value, 3)
			}
		}
		out = append(out, q)
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Conf != out[j].Conf {
			return out[i].Conf < out[j].Conf
		}
		return order[out[i].At] < order[out[j].At]
	})
	return out
}

// Marks says where values stand in the source, for the page's script: the
// paragraph's anchor and the characters, s-3:12-30 s-5-0-1:0-4.
func Marks(places []reader.Place) string {
	var out []string
	for _, p := range places {
		out = append(out, fmt.Sprintf("%s:%d-%d", anchor(p.Block, p.Cell, p.Para), p.From, p.To))
	}
	return strings.Join(out, " ")
}

// anchor is the fragment of a paragraph of the source.
func anchor(block, cell, para int) string {
	if cell < 0 {
		return fmt.Sprintf("s-%d", block)
	}
	return fmt.Sprintf("s-%d-%d-%d", block, cell, para)
}

// firstAnchor is where a value begins in the source, "" when it was typed.
func firstAnchor(places []reader.Place) string {
	if len(places) == 0 {
		return ""
	}
	return anchor(places[0].Block, places[0].Cell, places[0].Para)
}

// SourceBlock is a paragraph or a table of the file as the page shows it.
type SourceBlock struct {
	Para *SourcePara
	Rows [][]SourceCell
}

// SourcePara is a paragraph with its anchor.
type SourcePara struct {
	ID, Number, Text string
	Strong           bool
}

// SourceCell is a cell of a table.
type SourceCell struct {
	RowSpan, ColSpan int
	Paras            []SourcePara
}

// sourceOf is a document exactly as it is written, with anchors.
func sourceOf(doc *document.Document) []SourceBlock {
	para := func(p document.Paragraph, id string) SourcePara {
		return SourcePara{ID: id, Number: p.Number, Text: p.Text, Strong: p.Heading > 0 || p.Bold}
	}
	var out []SourceBlock
	for i, b := range doc.Blocks {
		switch {
		case b.Para != nil:
			if strings.TrimSpace(b.Para.Text+b.Para.Number) == "" {
				continue
			}
			p := para(*b.Para, anchor(i, -1, 0))
			out = append(out, SourceBlock{Para: &p})
		case b.Table != nil:
			rows := make([][]SourceCell, b.Table.Rows)
			for c, cell := range b.Table.Cells {
				sc := SourceCell{RowSpan: cell.RowSpan, ColSpan: cell.ColSpan}
				for k, p := range cell.Paras {
					sc.Paras = append(sc.Paras, para(p, anchor(i, c, k)))
				}
				if cell.Row >= 0 && cell.Row < len(rows) {
					rows[cell.Row] = append(rows[cell.Row], sc)
				}
			}
			out = append(out, SourceBlock{Rows: rows})
		}
	}
	return out
}

// Cut is a place where a measure may be split.
type Cut struct {
	At     int // characters before it
	Before string
	After  string
}

// cuts lists the places where a text can be cut behind one of the marks.
func cuts(text, marks string) []Cut {
	r := []rune(text)
	var out []Cut
	from := 0
	for i := 1; i < len(r); i++ {
		if !strings.ContainsRune(marks, r[i-1]) || strings.TrimSpace(string(r[from:i])) == "" || strings.TrimSpace(string(r[i:])) == "" {
			continue
		}
		out = append(out, Cut{At: i, Before: strings.TrimSpace(string(r[from:i])), After: strings.TrimSpace(string(r[i:]))})
		from = i
	}
	return out
}

// The marks behind which a measure is split: sentences first, then what is inside
// one.
const (
	sentenceMarks = "。；;\n"
	clauseMarks   = sentenceMarks + "，,、：:"
)

// Load is how much a plan gives one unit to do.
type Load struct {
	Name             string
	Lead, Resp, Both int
}

// loads counts the duties of each unit that an outline makes, in the order of
// the directory.
func loads(o Outline, dir *org.Directory) (out []Load, duties int) {
	count := map[string]*Load{}
	for _, it := range o.Items {
		for _, m := range it.Measures {
			for _, a := range m.units() {
				l := count[string(a.Unit)]
				if l == nil {
					l = &Load{Name: dir.NameOf(a.Unit)}
					count[string(a.Unit)] = l
				}
				if a.Role == Leading {
					l.Lead++
				} else {
					l.Resp++
				}
				l.Both++
				duties++
			}
		}
	}
	for _, u := range dir.Units() {
		if l := count[string(u.ID)]; l != nil {
			out = append(out, *l)
			delete(count, string(u.ID))
		}
	}
	for _, l := range count { // units that have ended since the draft was read
		out = append(out, *l)
	}
	return out, duties
}
