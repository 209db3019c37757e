package check

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
)

// Text is what is checked: the words of a draft or a file in reading order, one
// paragraph a line; the cells of a table row are parted by a tab, rows by a line
// feed. Make it with Plain or Extract.
type Text struct {
	File   string        // name of the file, for messages; "" for typed text
	Body   string        // valid UTF-8
	Date   calendar.Date // day the text bears; zero = unknown, rules then judge by today
	Today  calendar.Date // day of the check
	Lines  []Line
	Tables []Table

	fold   sync.Once
	folded Folded
	day    sync.Once
	latest calendar.Date // see Dated
}

// Span is a stretch of Text.Body in bytes.
type Span struct{ Start, End int }

// Line is one paragraph or one table cell.
type Line struct {
	Span
	Heading int    // 1–9 for headings, 0 for text
	Cell    bool   // stands in a table
	Hidden  bool   // not seen by a reader of the file (kept for rules that ask)
	Place   string // Chinese, where it stands in the file; "" in plain text
}

// Table is the grid of a table of the text: a merged cell stands at each of its
// places, a place without a cell is the zero Span.
type Table struct {
	Name string
	Rows [][]Span
}

// Plain makes a Text of typed characters.
func Plain(body string) *Text {
	body = strings.ToValidUTF8(body, "\uFFFD")
	t := &Text{Body: body}
	for start := 0; start <= len(body); {
		end := strings.IndexByte(body[start:], '\n')
		if end < 0 {
			end = len(body) - start
		}
		t.Lines = append(t.Lines, Line{Span: Span{start, start + end}})
		start += end + 1
	}
	return t
}

// Extract makes a Text of a document that was read.
func Extract(file string, d *document.Document) *Text {
	t := &Text{File: file}
	var body strings.Builder
	put := func(text string) Span {
		start := body.Len()
		body.WriteString(strings.ToValidUTF8(text, "\uFFFD"))
		return Span{start, body.Len()}
	}
	paged := d.Format == "pdf"
	for _, b := range d.Blocks {
		switch {
		case b.Para != nil:
			p := b.Para
			line := Line{Span: put(p.Number + p.Text), Heading: p.Heading}
			if paged {
				line.Place = fmt.Sprintf("第%d页", p.Page)
			}
			t.Lines = append(t.Lines, line)
			body.WriteByte('\n')
		case b.Table != nil:
			t.table(b.Table, &body, put)
		}
	}
	t.Body = body.String()
	return t
}

// table writes the cells of a table, each once, at its first row and column.
func (t *Text) table(from *document.Table, body *strings.Builder, put func(string) Span) {
	grid := from.Grid()
	spans := map[*document.Cell]Span{}
	out := Table{Name: from.Name, Rows: make([][]Span, len(grid))}
	number := len(t.Tables) + 1
	for r, row := range grid {
		out.Rows[r] = make([]Span, len(row))
		for c, cell := range row {
			if c > 0 {
				body.WriteByte('\t')
			}
			if cell == nil {
				continue
			}
			if _, written := spans[cell]; !written {
				parts := make([]string, len(cell.Paras))
				for i, p := range cell.Paras {
					parts[i] = p.Number + p.Text
				}
				spans[cell] = put(strings.Join(parts, " "))
				name := from.Name
				if name == "" {
					name = fmt.Sprintf("表%d", number)
				}
				t.Lines = append(t.Lines, Line{
					Span: spans[cell], Cell: true,
					Place: fmt.Sprintf("%s第%d行%s列", name, r+1, column(c)),
				})
			}
			out.Rows[r][c] = spans[cell]
		}
		body.WriteByte('\n')
	}
	t.Tables = append(t.Tables, out)
}

// column is the letter name of a 0-based column: A … Z, AA …
func column(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}

// Of is the text of a span.
func (t *Text) Of(s Span) string { return t.Body[s.Start:s.End] }

// LineAt is the line that holds a byte offset, or the last line before it.
func (t *Text) LineAt(at int) *Line {
	i := sort.Search(len(t.Lines), func(i int) bool { return t.Lines[i].Start > at })
	if i == 0 {
		return &Line{}
	}
	return &t.Lines[i-1]
}

// When is the day by which names and titles are judged: the text's own, else the
// latest day it speaks of that has come, else today. A text that only speaks of
// 2019 is judged by what was right then.
func (t *Text) When() calendar.Date {
	if day, known := t.Dated(); known {
		return day
	}
	return t.Today
}

// Dated is the day of the text where it says one itself.
func (t *Text) Dated() (day calendar.Date, known bool) {
	if !t.Date.IsZero() {
		return t.Date, true
	}
	t.day.Do(func() { t.latest = latestDay(t.Body, t.Today) })
	return t.latest, !t.latest.IsZero()
}

var (
	wholeDay  = regexp.MustCompile(`((?:19|20)\d\d)[年-](\d{1,2})[月-](\d{1,2})`)
	wholeYear = regexp.MustCompile(`((?:19|20)\d\d)年`)
)

// latestDay is the latest day of a text that is not after today; where it names
// years only, the last day of the latest.
func latestDay(body string, today calendar.Date) (latest calendar.Date) {
	later := func(text string) {
		if d, err := calendar.Parse(text); err == nil && (today.IsZero() || !d.After(today)) && d.After(latest) {
			latest = d
		}
	}
	for _, m := range wholeDay.FindAllStringSubmatch(body, -1) {
		later(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
	}
	for _, m := range wholeYear.FindAllStringSubmatch(body, -1) {
		if y := latest; y.IsZero() || m[1] > y.String()[:4] {
			later(m[1] + "-12-31")
		}
	}
	return latest
}

// Characters counts the text.
func (t *Text) Characters() int { return utf8.RuneCountInString(t.Body) }

// Folded is a text with full-width letters, digits and marks made half-width,
// and invisible characters taken out, so that patterns need to know one form only.
type Folded struct {
	Body string
	at   []int32 // byte of Body → byte of the original; one longer than Body
}

// Original turns a span of the folded text into one of the text it came from.
func (f *Folded) Original(start, end int) Span {
	return Span{int(f.at[start]), int(f.at[end])}
}

// Folded is the folded form of the text, made once.
func (t *Text) Folded() *Folded {
	t.fold.Do(func() { t.folded = fold(t.Body) })
	return &t.folded
}

func fold(body string) Folded {
	out := make([]byte, 0, len(body))
	at := make([]int32, 0, len(body)+1)
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			out, at = append(out, body[i]), append(at, int32(i))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(body[i:])
		switch {
		case r >= '！' && r <= '～': // the full-width twins of ASCII
			out, at = append(out, byte(r-'！'+'!')), append(at, int32(i))
		case r == '\u3000' || r == '\u00a0':
			out, at = append(out, ' '), append(at, int32(i))
		case r >= '\u200b' && r <= '\u200f', r == '\u2060', r == '\ufeff', r == '\u00ad':
			// zero-width: out
		default:
			for k := range size {
				out, at = append(out, body[i+k]), append(at, int32(i+k))
			}
		}
		i += size
	}
	return Folded{Body: string(out), at: append(at, int32(len(body)))}
}
