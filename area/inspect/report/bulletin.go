package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/document"
)

// What a bulletin shows at most; findings.xlsx has the rest.
const (
	mostListed   = 300 // findings in the table
	mostOfOne    = 30  // of them, of one indicator
	mostExamples = 3   // in the text, of one indicator
)

// basis is what inspections rest on, as a document cites it.
const basis = "《国务院办公厅秘书局关于印发政府网站与政务新媒体检查指标、监管工作年度考核指标的通知》（国办秘函〔2019〕19号）"

// blankDay is a day that the office fills in.
const blankDay = "　　　　年　　月　　日"

// Bulletin writes bulletin.docx: a circular (通报) in the layout of an official
// document, with number, signature, date and deadline left to the office.
func Bulletin(w io.Writer, r *fact.Report, x Extra) error {
	v := newView(r, x)
	d := &document.Docx{}
	titled(d, "关于"+v.name(), "检查情况的通报")
	d.Text(document.Addressee, "各有关单位：")
	d.Text(document.Body, "根据"+basis+"，对"+v.name()+"进行了检查。现将有关情况通报如下：")

	d.Text(document.Heading1, "一、检查时间和范围")
	d.Text(document.Body, v.when())
	if r.Stopped != "" {
		d.Text(document.Body, "本次没有查完："+sentence(v.veil(r.Stopped)))
	}

	d.Text(document.Heading1, "二、总体情况")
	v.overall(d)

	d.Text(document.Heading1, "三、主要问题")
	listed := v.listed()
	v.kinds(d, listed)

	d.Text(document.Heading1, "四、整改要求")
	for i, p := range []string{
		"限期整改。请各责任单位对照附件逐条整改，于" + blankDay + "前完成，并将整改情况书面报送。",
		"逐条核实。标明待人工确认的问题，请先对照页面核实；属实的一并整改，不属实的说明理由。",
		"举一反三。请对同类栏目和页面全面自查，防止同样的问题再次发生。整改情况将在下一次检查时复查。",
	} {
		d.Text(document.Body, "（"+han(i+1)+"）"+p)
	}
	if len(listed) > 0 {
		d.Text(document.Body, "附件：问题清单")
	}
	d.Text(document.Signature, "（发文机关署名）")
	d.Text(document.Signature, blankDay)
	if len(listed) > 0 {
		d.EndSection(false)
		v.attach(d, listed)
	}
	if err := d.Write(w); err != nil {
		return fmt.Errorf("bulletin.docx: %w", err)
	}
	return nil
}

// when says when what was looked at.
func (v *view) when() string {
	r := v.Report
	out := ""
	if !r.T0.IsZero() {
		out = "监测时间点为" + momentText(r.T0) + "。"
	}
	if !r.Started.IsZero() && !r.Ended.IsZero() {
		out += "检查从" + momentText(r.Started) + "开始，到" + momentText(r.Ended) + "结束，"
	}
	return out + "共检查" + v.scope() + "。网站地址：" + plain(r.Site, mostAddress) + "。"
}

func (v *view) overall(d *document.Docx) {
	d.Text(document.Body, "检查结论："+strings.TrimSuffix(v.conclusion(), "。")+"。")
	if v.verdict.Mark == "bad" && len(v.Report.Result.Waiting) > 0 {
		d.Text(document.Body, "另有等待核实的情形："+strings.Join(v.texts(v.Report.Result.Waiting), "；")+"。")
	}
	for _, s := range v.sentences()[1:] {
		d.Text(document.Body, s)
	}
	if v.secret > 0 {
		d.Text(document.Body, "另有涉密标志疑点"+thousands(v.secret)+"处，请由保密人员查看，本通报不列。")
	}
}

// listed are the findings of the table: of each indicator some, so that a
// thousand dead links do not push out the rest.
func (v *view) listed() (out []*fact.Finding) {
	n := map[string]int{}
	for _, f := range v.shown {
		if !problem(f) || len(out) == mostListed {
			continue
		}
		if code := indicator(f); n[code] < mostOfOne {
			n[code]++
			out = append(out, f)
		}
	}
	return out
}

// kinds tells of the problems by part and indicator, with examples that name
// their place in the table.
func (v *view) kinds(d *document.Docx, listed []*fact.Finding) {
	type example struct {
		what string
		at   []string // places in the table
	}
	type kind struct {
		code            string
		failed, waiting int
		examples        []example
	}
	parts := make([][]*kind, len(groups))
	byCode := map[string]*kind{}
	for _, f := range v.shown {
		if !problem(f) {
			continue
		}
		code := indicator(f)
		k := byCode[code]
		if k == nil {
			k = &kind{code: code}
			byCode[code] = k
			g := groupOf(code)
			parts[g] = append(parts[g], k)
		}
		if f.State == fact.Fail {
			k.failed++
		} else {
			k.waiting++
		}
	}
	for i, f := range listed {
		k := byCode[indicator(f)]
		what := strings.TrimRight(plain(f.What, 60), "。；，")
		if n := len(k.examples); n > 0 && k.examples[n-1].what == what {
			if e := &k.examples[n-1]; len(e.at) < mostExamples {
				e.at = append(e.at, strconv.Itoa(i+1))
			}
		} else if n < mostExamples {
			k.examples = append(k.examples, example{what, []string{strconv.Itoa(i + 1)}})
		}
	}
	at := 0
	for g, part := range parts {
		if len(part) == 0 {
			continue
		}
		at++
		d.Text(document.Heading2, "（"+han(at)+"）"+groups[g].Title)
		for i, k := range part {
			name := k.code
			if title := plain(v.titles[k.code], 40); title != "" {
				name = title + "（" + k.code + "）"
			}
			text := strconv.Itoa(i+1) + ". " + plain(name, 80) + "：" + thousands(k.failed+k.waiting) + "处"
			switch {
			case k.failed == 0:
				text += "，均待人工确认"
			case k.waiting > 0:
				text += "，其中" + thousands(k.waiting) + "处待人工确认"
			}
			if len(k.examples) > 0 {
				words := make([]string, len(k.examples))
				for n, e := range k.examples {
					words[n] = e.what + "（附件第" + strings.Join(e.at, "、") + "项）"
				}
				text += "。如：" + strings.Join(words, "；")
			}
			d.Text(document.Body, text+"。")
		}
	}
	if at == 0 {
		d.Text(document.Body, "没有发现需要整改的问题。")
	}
}

// attach writes the table of findings on pages that lie on their side.
func (v *view) attach(d *document.Docx, listed []*fact.Finding) {
	d.Text(document.Addressee, "附件")
	d.Text(document.Title, "问题清单")
	base := strings.TrimSuffix(v.Report.Site, "/") + "/"
	d.Text(document.Small, "地址中省略了 "+plain(base, 200)+"，本表写作“/”。")
	t := newTable([]string{"序号", "指标", "问题", "地址", "所在页面", "状态"})
	for i, f := range listed {
		text, on := plain(f.What, 120), short(f.On, base)
		if seen := plain(f.Seen, 160); seen != "" {
			text = strings.TrimRight(text, "。：") + "：" + seen
		}
		if f.On == f.URL {
			on = "同左"
		}
		t.row(strconv.Itoa(i+1), plain(indicator(f), 40), text, short(f.URL, base), on, findingState(f))
	}
	d.Table(&t.Table, document.TableLook{Widths: []float64{6, 9, 30, 30, 17, 8}, Head: 1})
	if c := v.count(); c.problems() > len(listed) {
		d.Text(document.Small, "每项指标最多列"+strconv.Itoa(mostOfOne)+"处，全部"+thousands(c.problems())+"处见 findings.xlsx。")
	}
	d.EndSection(true)
}

// short is an address without the part that all addresses of the site share.
func short(address, base string) string {
	if rest, ok := strings.CutPrefix(address, base); ok {
		address = "/" + rest
	}
	return plain(address, 200)
}

// titleLine is how many characters of 2号 stand in a line.
const titleLine = 20

// titled sets a title; one that is too long for a line is broken where its sense
// allows.
func titled(d *document.Docx, head, rest string) {
	d.Name = head + rest
	if utf8.RuneCountInString(d.Name) > titleLine {
		head += "\n"
	}
	d.Text(document.Title, head+rest)
}

// grid is a table that is written row by row.
type grid struct{ document.Table }

func newTable(head []string) *grid {
	t := &grid{document.Table{Merges: true, Cols: len(head)}}
	t.row(head...)
	return t
}

func (t *grid) row(cells ...string) {
	for i, text := range cells {
		t.Cells = append(t.Cells, document.Cell{Row: t.Rows, Col: i, RowSpan: 1, ColSpan: 1, Header: t.Rows == 0, Paras: []document.Paragraph{{Text: text}}})
	}
	t.Rows++
}

// han writes a number as paragraphs of a document are numbered.
func han(n int) string { return document.FormatNumber(n, "chineseCounting") }

// sentence ends a text with a full stop.
func sentence(s string) string {
	s = strings.TrimRight(plain(s, mostWords), "。；，、 ")
	return cmp.Or(s, "原因没有记录") + "。"
}
