package document

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"gongkai/kernel/fault"
)

// makePDF writes a .pdf file of the given page contents in a Chinese font that
// readers bring along; trailer is put into the trailer dictionary.
func makePDF(trailer string, pages ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.7\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 6+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), strings.Join(kids, " ")))
	object("<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>")
	object("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>")
	object("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nA\nendstream")
	for i, content := range pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> >> >>", 7+2*i))
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, start)
	return b.Bytes()
}

// show writes text at a place.
func show(x, y, size int, s string) string {
	var hex strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&hex, "%04X", u)
	}
	return fmt.Sprintf("BT /F %d Tf %d %d Td <%s> Tj ET\n", size, x, y, hex.String())
}

func rule(x0, y0, x1, y1 int) string { return fmt.Sprintf("%d %d m %d %d l S\n", x0, y0, x1, y1) }

// startPDF starts a reader whose compiled code outlives the test: making it takes seconds.
func startPDF(t testing.TB) *PDF {
	pdf := NewPDF(filepath.Join(os.TempDir(), "gongkai-test-pdfium"))
	t.Cleanup(func() {
		if err := pdf.Close(); err != nil {
			t.Error(err)
		}
	})
	return pdf
}

func TestPDF(t *testing.T) {
	pdf := startPDF(t)
	read := func(data []byte) (*Document, error) {
		return Reader{PDF: pdf}.ReadBytes(context.Background(), "样本", data)
	}
	long := "现将全年任务分工印发给你们请结合实际认真抓好落实并按时报送" // 28 letters of 16 pt: 448 pt
	one := show(150, 760, 20, "关于印发工作要点的通知") + show(104, 700, 16, long[:78]) + show(72, 672, 16, long) + show(72, 644, 16, "进展情况。") + show(104, 616, 16, "第二段文字。") +
		show(280, 40, 12, "— 1 —") +
		// A table whose last row is cut by the page's end; the first column is merged.
		rule(72, 500, 520, 500) + rule(72, 470, 520, 470) + rule(172, 430, 520, 430) + rule(72, 380, 520, 380) +
		rule(72, 500, 72, 380) + rule(172, 500, 172, 380) + rule(372, 500, 372, 380) + rule(520, 500, 520, 380) +
		show(80, 480, 14, "工作任务") + show(180, 480, 14, "贯彻举措") + show(380, 480, 14, "牵头单位") +
		show(80, 450, 14, "公开规划") + show(180, 450, 14, "1．公开文本。") + show(380, 450, 14, "区发展改革委") +
		show(175, 410, 14, "2．及时公开规划文本和解读材") + show(380, 410, 14, "区司法局")
	two := rule(72, 800, 520, 800) + rule(72, 770, 520, 770) + rule(72, 740, 520, 740) + rule(72, 710, 520, 710) +
		rule(72, 800, 72, 710) + rule(172, 800, 172, 710) + rule(372, 800, 372, 710) + rule(520, 800, 520, 710) +
		show(80, 780, 14, "工作任务") + show(180, 780, 14, "贯彻举措") + show(380, 780, 14, "牵头单位") +
		show(180, 750, 14, "料。") +
		show(80, 720, 14, "公开政策") + show(180, 720, 14, "3．归集。") + show(380, 720, 14, "区档案局") +
		show(104, 600, 16, "完。")
	doc, err := read(makePDF("", one, two))
	if err != nil {
		t.Fatal(err)
	}
	wantPlain(t, doc, "关于印发工作要点的通知\n"+long[:78]+long+"进展情况。\n第二段文字。\n"+
		"工作任务|贯彻举措|牵头单位\n公开规划|1．公开文本。|区发展改革委\n^|2．及时公开规划文本和解读材料。|区司法局\n公开政策|3．归集。|区档案局\n完。")
	if p := doc.Blocks[len(doc.Blocks)-1].Para; p.Page != 2 {
		t.Errorf("last paragraph on page %d", p.Page)
	}

	// A page printed by a browser: its head and foot on every page, no line where
	// the page cuts the table.
	web := func(n int, rest string) string {
		return show(30, 815, 9, "11/25/26") + show(250, 815, 9, "任务分工") + show(30, 20, 9, "https://www.example.gov.cn/a.html") + show(540, 20, 9, fmt.Sprintf("%d/2", n)) + rest
	}
	up := web(1, rule(72, 500, 520, 500)+rule(72, 470, 520, 470)+
		rule(72, 500, 72, 60)+rule(172, 500, 172, 60)+rule(372, 500, 372, 60)+rule(520, 500, 520, 60)+
		show(80, 480, 14, "工作任务")+show(180, 480, 14, "贯彻举措")+show(380, 480, 14, "牵头单位")+
		show(80, 450, 14, "公开规划")+show(180, 450, 14, "1．公开文本。")+show(380, 450, 14, "区司法局"))
	down := web(2, rule(72, 700, 520, 700)+rule(72, 640, 520, 640)+
		rule(72, 780, 72, 640)+rule(172, 780, 172, 640)+rule(372, 780, 372, 640)+rule(520, 780, 520, 640)+
		show(180, 740, 14, "2．公开解读。")+
		show(80, 670, 14, "公开政策")+show(180, 670, 14, "归集。")+show(380, 670, 14, "区档案局"))
	doc, err = read(makePDF("", up, down))
	if err != nil {
		t.Fatal(err)
	}
	wantPlain(t, doc, "11/25/26\n任务分工\n工作任务|贯彻举措|牵头单位\n公开规划|1．公开文本。/2．公开解读。|区司法局\n公开政策|归集。|区档案局")

	picture := "q 500 0 0 700 40 40 cm /I Do Q"
	for name, c := range map[string]struct {
		data []byte
		word string
	}{
		"scanned":   {makePDF("", picture, picture), "没有文字层"},
		"empty":     {makePDF("", ""), "没有文字层"},
		"encrypted": {makePDF("/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"+strings.Repeat("41", 32)+"> /U <"+strings.Repeat("42", 32)+"> >> /ID [<41><41>]", one), "密码"},
		"damaged":   {[]byte("%PDF-1.7\nrubbish"), "已损坏"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(c.data); !strings.Contains(fault.Text(err), c.word) {
				t.Errorf("got %v, want %q", err, c.word)
			}
		})
	}
	t.Run("one page of two is a picture", func(t *testing.T) {
		doc, err := read(makePDF("", two, picture))
		if err != nil || len(doc.Notes) != 1 || doc.Notes[0].Where != "第 2 页" {
			t.Errorf("%+v, %v", doc, err)
		}
	})
	t.Run("too many pages", func(t *testing.T) {
		_, err := Reader{PDF: pdf, Limits: Limits{Pages: 1}}.ReadBytes(context.Background(), "样本", makePDF("", two, two))
		if !fault.Is(err, fault.TooMany) {
			t.Error(err)
		}
	})
	refuses(t, makePDF("", one), Limits{}, fault.Unavailable, "没有启用 PDF 读取")
}

// showRun writes letters of one baseline, each at its own x, in the order given, as
// programs draw them that take one font after the other.
func showRun(y, size int, letters ...any) string {
	var b strings.Builder
	for i := 0; i < len(letters); i += 2 {
		b.WriteString(show(letters[i].(int), y, size, letters[i+1].(string)))
	}
	return b.String()
}

// lattice draws a table: the places of its columns and rows.
func lattice(xs, ys []int) string {
	var b strings.Builder
	for _, y := range ys {
		b.WriteString(rule(xs[0], y, xs[len(xs)-1], y))
	}
	for _, x := range xs {
		b.WriteString(rule(x, ys[0], x, ys[len(ys)-1]))
	}
	return b.String()
}

func TestPDFOrder(t *testing.T) {
	pdf := startPDF(t)
	full := func(n int) string { return strings.Repeat("政", n) }
	three := show(72, 700, 16, full(28)) + show(72, 672, 16, full(28)) + show(72, 644, 16, full(27)+"。") // shows how wide the page is
	for name, c := range map[string]struct {
		pages []string
		want  string
	}{
		"letters drawn in any order stand where they are": {
			[]string{showRun(700, 16, 72, "满足", 184, "的基础上", 104, "《", 168, "》", 120, "八要素") + show(72, 728, 16, "先")}, "先\n满足《八要素》的基础上"},
		"cells of a narrow table whose rows are drawn one line at a time": {
			[]string{lattice([]int{72, 136, 200, 264}, []int{500, 420}) +
				show(76, 480, 16, "公开区") + show(140, 480, 16, "区财政") + show(204, 480, 16, "六月底") +
				show(76, 460, 16, "级预算") + show(140, 460, 16, "局") + show(204, 460, 16, "前") + show(76, 440, 16, "。")}, "公开区级预算。|区财政局|六月底前"},
		"numbered paragraphs of a cell begin after a full line": {
			[]string{lattice([]int{72, 224, 288}, []int{500, 400}) +
				show(76, 480, 16, "1．公开预算。") + show(76, 460, 16, "2．公开决算文件。") + show(76, 440, 16, "3．公开。") + show(228, 480, 16, "甲")}, "1．公开预算。/2．公开决算文件。/3．公开。|甲"},
		"gaps stay, also at a line's end before a label": {
			[]string{show(72, 700, 16, "牵头单位：甲") + show(200, 700, 16, "责任单位：乙") + show(72, 672, 16, "牵头单位："+full(23)) + show(72, 644, 16, "责任单位：丙")},
			"牵头单位：甲　责任单位：乙\n牵头单位：" + full(23) + "\n责任单位：丙"},
		"spread letters have no gaps between them": {
			[]string{showRun(700, 16, 72, "江", 112, "州", 152, "区")}, "江州区"},
		"a bold letter printed twice is one": {
			[]string{showRun(700, 16, 72, "通知", 73, "通知")}, "通知"},
		"page numbers go, a sentence goes on over the page": {
			[]string{three + show(72, 616, 16, full(28)) + show(280, 60, 12, "— 1 —"), show(72, 780, 16, "完成。") + show(260, 60, 12, "第2页 共3页"), show(72, 780, 16, "年。") + show(280, 60, 12, "- 3 -")},
			full(28) + full(28) + full(27) + "。" + full(28) + "完成。\n年。"},
		"an indented line begins a paragraph, a full one ends none": {
			[]string{three + show(104, 616, 16, "段。")}, full(28) + full(28) + full(27) + "。\n段。"},
		"wider steps part paragraphs that fill their lines": {
			[]string{three + show(72, 600, 16, full(28))}, full(28) + full(28) + full(27) + "。\n" + full(28)},
		"a table that stands open at its sides": {
			[]string{rule(72, 500, 360, 500) + rule(72, 470, 360, 470) + rule(72, 440, 360, 440) + rule(160, 500, 160, 440) + rule(260, 500, 260, 440) +
				show(76, 480, 14, "任务") + show(170, 480, 14, "单位") + show(270, 480, 14, "时限") + show(76, 450, 14, "公开") + show(170, 450, 14, "甲") + show(270, 450, 14, "年底")},
			"任务|单位|时限\n公开|甲|年底"},
		"a column of one merged cell parts the lines, not the table": {
			[]string{lattice([]int{72, 120}, []int{500, 460, 420}) + lattice([]int{240, 400}, []int{500, 460, 420}) +
				show(80, 475, 14, "子") + show(80, 435, 14, "丑") + show(140, 475, 14, "项目") + show(250, 475, 14, "甲") + show(250, 435, 14, "乙")},
			"子|项目|甲\n丑|^|乙"},
		"a cell that a printed page leaves open goes on, the closed one does not": {
			[]string{
				rule(72, 200, 400, 200) + rule(72, 160, 400, 160) + rule(160, 100, 400, 100) + rule(72, 200, 72, 100) + rule(160, 200, 160, 100) + rule(400, 200, 400, 100) +
					show(80, 175, 14, "任务") + show(170, 175, 14, "举措") + show(80, 130, 14, "（一）公开") + show(170, 130, 14, "甲。") + show(80, 105, 14, "预决算信息") + show(80, 84, 14, "。"),
				rule(72, 760, 400, 760) + rule(72, 720, 400, 720) + rule(72, 800, 72, 720) + rule(160, 800, 160, 720) + rule(400, 800, 400, 720) +
					show(170, 775, 14, "乙。") + show(80, 735, 14, "（二）") + show(170, 735, 14, "丙。")},
			"任务|举措\n（一）公开预决算信息。|甲。\n^|乙。\n（二）|丙。"},
		"a row that begins at a page's end without a line of text is one row": {
			[]string{
				rule(72, 200, 400, 200) + rule(72, 160, 400, 160) + rule(72, 120, 400, 120) + rule(72, 200, 72, 95) + rule(160, 200, 160, 95) + rule(400, 200, 400, 95) +
					show(80, 175, 14, "任务") + show(170, 175, 14, "举措") + show(80, 135, 14, "（一）") + show(170, 135, 14, "甲。"),
				rule(72, 760, 400, 760) + rule(72, 800, 72, 760) + rule(160, 800, 160, 760) + rule(400, 800, 400, 760) + rule(72, 720, 400, 720) + rule(72, 760, 72, 720) + rule(160, 760, 160, 720) + rule(400, 760, 400, 720) +
					show(80, 775, 14, "（二）") + show(170, 775, 14, "乙。") + show(80, 735, 14, "（三）") + show(170, 735, 14, "丙。")},
			"任务|举措\n（一）|甲。\n（二）|乙。\n（三）|丙。"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Reader{PDF: pdf}.ReadBytes(context.Background(), "样本", makePDF("", c.pages...))
			if err != nil {
				t.Fatal(err)
			}
			wantPlain(t, doc, c.want)
		})
	}
	t.Run("a page that lies on its side is read upright", func(t *testing.T) {
		side := "q 0 1 -1 0 595 0 cm\n" + show(100, 500, 16, "上面一行") + show(100, 470, 16, "下面") +
			lattice([]int{100, 200, 300}, []int{400, 360}) + show(110, 375, 14, "甲") + show(210, 375, 14, "乙") + "Q"
		doc, err := Reader{PDF: pdf}.ReadBytes(context.Background(), "样本", makePDF("", side))
		if err != nil {
			t.Fatal(err)
		}
		wantPlain(t, doc, "上面一行\n下面\n甲|乙")
	})
	t.Run("a slanted stamp is no text", func(t *testing.T) {
		stamp := "q 0.7 0.7 -0.7 0.7 200 200 cm\n" + show(0, 0, 40, "内部资料") + "Q\n"
		doc, err := Reader{PDF: pdf}.ReadBytes(context.Background(), "样本", makePDF("", stamp+show(72, 700, 16, "正文第一行文字")))
		if err != nil {
			t.Fatal(err)
		}
		wantPlain(t, doc, "正文第一行文字")
	})
}
