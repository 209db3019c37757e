package reader

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/kernel/document"
)

// One plan in every format that can be made in code; each must be read as the same.

type formatRow struct {
	section, item  string // a section row, or an item that begins in this row
	measures       []string
	lead, resp, by string // "" goes on with the cell above
}

var formatPlan = []formatRow{
	{section: "围绕营商环境深化公开"},
	{item: "加强惠企政策公开", measures: []string{"汇总公开惠企政策，在区政府网站设置专栏，方便企业查询。", "开展政策解读，每季度至少组织1次线上访谈，回应企业关切。"}, lead: "区政府办公室、区发展改革委", resp: "区财政局、区税务局，各街道办事处", by: "2023年底前"},
	{measures: []string{"建立涉企政策文件库，集中发布现行有效的政策文件，动态更新。"}, resp: "区司法局", by: "持续推进"},
	{item: "公开重大项目信息", measures: []string{"公开重大建设项目清单及其实施情况，接受社会监督。"}, lead: "区发展改革委", resp: "—", by: "6月底前"},
	{section: "夯实公开工作基础"},
	{item: "规范依申请公开办理", measures: []string{"严格按照法定时限答复申请，提高答复文书的规范化水平。"}, lead: "区司法局", resp: "区政府各部门、管委会、街道办事处", by: "每月10日前"},
	{measures: []string{"完善登记、审核、办理、答复、归档等环节的工作流程。"}},
}

const formatTitle = "临江区2023年政务公开重点工作任务分工"

const formatWant = `围绕营商环境深化公开
 加强惠企政策公开
  汇总公开惠企政策，在区政府网站设置专栏，方便企业查询。 区政府办公室|区发展改革委 区财政局|区税务局|各街道办事处 2023年底前
  开展政策解读，每季度至少组织1次线上访谈，回应企业关切。 区政府办公室|区发展改革委 区财政局|区税务局|各街道办事处 2023年底前
  建立涉企政策文件库，集中发布现行有效的政策文件，动态更新。 区政府办公室|区发展改革委 区司法局 持续推进
 公开重大项目信息
  公开重大建设项目清单及其实施情况，接受社会监督。 区发展改革委  6月底前
夯实公开工作基础
 规范依申请公开办理
  严格按照法定时限答复申请，提高答复文书的规范化水平。 区司法局 区政府各部门、管委会、街道办事处 每月10日前
  完善登记、审核、办理、答复、归档等环节的工作流程。 区司法局 区政府各部门、管委会、街道办事处 每月10日前
`

// outline prints a reading as formatWant is written.
func outline(r *Reading) string {
	var b strings.Builder
	for _, s := range r.Wire().Sections {
		fmt.Fprintln(&b, s.Title)
		for _, it := range s.Items {
			fmt.Fprintln(&b, " "+it.Title)
			for _, m := range it.Measures {
				fmt.Fprintf(&b, "  %s %s %s %s\n", m.Text, strings.Join(m.Lead, "|"), strings.Join(m.Resp, "|"), m.Due)
			}
		}
	}
	return b.String()
}

var formatHead = []string{"工作任务", "贯彻举措", "牵头单位", "责任单位", "完成时限"}

// goesOn counts the rows that the cell of row i takes in.
func goesOn(i int, cell func(formatRow) string) int {
	n := 1
	for i+n < len(formatPlan) && formatPlan[i+n].section == "" && formatPlan[i+n].item == "" && cell(formatPlan[i+n]) == "" {
		n++
	}
	return n
}

func itemOf(r formatRow) string { return r.item }
func leadOf(r formatRow) string { return r.lead }
func respOf(r formatRow) string { return r.resp }
func byOf(r formatRow) string   { return r.by }

var unitCells = []func(formatRow) string{leadOf, respOf, byOf}

// wordPlan is a .docx whose numbers the word processor makes and whose cells
// are merged downwards.
func wordPlan(t *testing.T) []byte {
	const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	para := func(text string, num, level int) string {
		props := ""
		if num > 0 {
			props = fmt.Sprintf(`<w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>`, level, num)
		}
		return "<w:p>" + props + "<w:r><w:t>" + text + "</w:t></w:r></w:p>"
	}
	cell := func(props, inside string) string { return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + inside + "</w:tc>" }
	var b strings.Builder
	b.WriteString(para(formatTitle, 0, 0) + "<w:tbl><w:tr>")
	for _, h := range formatHead {
		b.WriteString(cell("", para(h, 0, 0)))
	}
	b.WriteString("</w:tr>")
	list := 2
	for _, r := range formatPlan {
		b.WriteString("<w:tr>")
		if r.section != "" {
			b.WriteString(cell(`<w:gridSpan w:val="5"/>`, para(r.section, 1, 0)) + "</w:tr>")
			continue
		}
		merged := func(text, inside string) {
			switch {
			case text == "":
				b.WriteString(cell(`<w:vMerge/>`, "<w:p/>"))
			default:
				b.WriteString(cell(`<w:vMerge w:val="restart"/>`, inside))
			}
		}
		merged(r.item, para(r.item+"。", 1, 1))
		inside := ""
		if len(r.measures) > 1 {
			list++
		}
		for _, m := range r.measures {
			if len(r.measures) > 1 {
				inside += para(m, list, 0)
			} else {
				inside += para(m, 0, 0)
			}
		}
		b.WriteString(cell("", inside))
		for _, c := range unitCells {
			merged(c(r), para(c(r), 0, 0))
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	level := func(i int, format, text string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, i, format, text)
	}
	numbering := `<w:numbering ` + w + `><w:abstractNum w:abstractNumId="0">` + level(0, "chineseCounting", "%1、") +
		strings.Replace(level(1, "chineseCounting", "（%2）"), `<w:numFmt`, `<w:lvlRestart w:val="0"/><w:numFmt`, 1) + `</w:abstractNum>
<w:abstractNum w:abstractNumId="1">` + level(0, "decimal", "%1．") + `</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num></w:numbering>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"word/document.xml", "<w:document " + w + "><w:body>" + b.String() + "</w:body></w:document>"},
		{"word/numbering.xml", numbering},
	} {
		f, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pagePlan is a saved page of a government site, its navigation around the plan.
func pagePlan(charset string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="` + charset + `"><title>` + formatTitle + `_临江区人民政府</title><style>td{border:1px solid}</style></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/zwfw">政务服务</a></li></ul></div>
<div class="where">当前位置：首页 &gt; 政务公开 &gt; 政策文件</div><h1>` + formatTitle + `</h1>
<p>发布时间：2023-05-08 来源：区政府办公室 字体：大 中 小 打印</p><script>var t = "责任单位：区财政局";</script><table><thead><tr>`)
	for _, h := range formatHead {
		b.WriteString("<th>" + h + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	sections, items := 0, 0
	for i, r := range formatPlan {
		b.WriteString("<tr>")
		if r.section != "" {
			sections++
			fmt.Fprintf(&b, `<td colspan="5">%s、%s</td></tr>`, hanDigit(sections), r.section)
			continue
		}
		if r.item != "" {
			items++
			fmt.Fprintf(&b, `<td rowspan="%d">（%s）%s。</td>`, goesOn(i, itemOf), hanDigit(items), r.item)
		}
		b.WriteString("<td>")
		for k, m := range r.measures {
			if len(r.measures) > 1 {
				m = fmt.Sprintf("%d．%s", k+1, m)
			}
			b.WriteString("<p>" + m + "</p>")
		}
		b.WriteString("</td>")
		for _, c := range unitCells {
			if c(r) != "" {
				fmt.Fprintf(&b, `<td rowspan="%d">%s</td>`, goesOn(i, c), c(r))
			}
		}
		b.WriteString("</tr>")
	}
	b.WriteString(`</tbody></table><div class="foot">版权所有：临江区人民政府办公室 网站标识码：5001030001</div></body></html>`)
	return b.String()
}

func hanDigit(n int) string { return string([]rune("一二三四五六七八九")[n-1]) }

// sheetPlan is a workbook with merged cells.
func sheetPlan(t *testing.T) []byte {
	f := excelize.NewFile()
	defer f.Close()
	set := func(col, row int, text string, cols, rows int) {
		from, _ := excelize.CoordinatesToCellName(col, row)
		to, _ := excelize.CoordinatesToCellName(col+cols-1, row+rows-1)
		if err := f.SetCellValue("Sheet1", from, text); err != nil {
			t.Fatal(err)
		}
		if from != to {
			if err := f.MergeCell("Sheet1", from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(1, 1, formatTitle, 5, 1)
	for i, h := range formatHead {
		set(i+1, 2, h, 1, 1)
	}
	sections, items := 0, 0
	for i, r := range formatPlan {
		row := i + 3
		if r.section != "" {
			sections++
			set(1, row, hanDigit(sections)+"、"+r.section, 5, 1)
			continue
		}
		if r.item != "" {
			items++
			set(1, row, "（"+hanDigit(items)+"）"+r.item, 1, goesOn(i, itemOf))
		}
		var text []string
		for k, m := range r.measures {
			if len(r.measures) > 1 {
				m = fmt.Sprintf("%d.%s", k+1, m)
			}
			text = append(text, m)
		}
		set(2, row, strings.Join(text, "\n"), 1, 1)
		for k, c := range unitCells {
			if c(r) != "" {
				set(3+k, row, c(r), 1, goesOn(i, c))
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// textPlan is prose, as a .txt file holds it.
func textPlan() string {
	var b strings.Builder
	b.WriteString(formatTitle + "\r\n")
	sections, items := 0, 0
	var up formatRow
	for _, r := range formatPlan {
		switch {
		case r.section != "":
			sections++
			fmt.Fprintf(&b, "%s、%s\r\n", hanDigit(sections), r.section)
			continue
		case r.item != "":
			items++
			fmt.Fprintf(&b, "（%s）%s\r\n", hanDigit(items), r.item)
			up = r
		}
		for _, c := range []struct{ now, old *string }{{&r.lead, &up.lead}, {&r.resp, &up.resp}, {&r.by, &up.by}} {
			if *c.now == "" {
				*c.now = *c.old
			}
			*c.old = *c.now
		}
		for k, m := range r.measures {
			fmt.Fprintf(&b, "%d．%s（牵头单位：%s；责任单位：%s；完成时限：%s）\r\n", k+1, m, r.lead, r.resp, r.by)
		}
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(pagePlan("gb2312"))
	if err != nil {
		t.Fatal(err)
	}
	gbText, err := simplifiedchinese.GB18030.NewEncoder().String(textPlan())
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(textPlan())) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, data := range map[string][]byte{
		"numbered.docx": wordPlan(t),
		"page.html":     []byte(pagePlan("utf-8")),
		"gb2312.html":   []byte(gb),
		"merged.xlsx":   sheetPlan(t),
		"utf8.txt":      []byte(textPlan()),
		"bom.txt":       append([]byte("\ufeff"), textPlan()...),
		"gb18030.txt":   []byte(gbText),
		"utf16.txt":     wide,
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := document.Reader{}.ReadBytes(context.Background(), name, data)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(doc, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Title != formatTitle {
				t.Errorf("title %q", r.Title)
			}
			if got := outline(r); got != formatWant {
				out, _ := json.Marshal(doc)
				t.Errorf("read as\n%s\nfrom %.2000s", got, out)
			}
		})
	}
}
