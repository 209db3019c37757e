package document

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/fault"
)

const ns = ` xmlns:w="` + wordXML + `" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`

// word makes a .docx file of the inside of its body, and further parts.
func word(t testing.TB, body string, parts ...string) []byte {
	return documenttest.Zip(t, append([]string{"word/document.xml", "<w:document" + ns + "><w:body>" + body + "</w:body></w:document>"}, parts...)...)
}

func wp(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

func tc(props, text string) string {
	return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + wp(text) + "</w:tc>"
}

func tbl(rows ...string) string {
	return "<w:tbl><w:tr>" + strings.Join(rows, "</w:tr><w:tr>") + "</w:tr></w:tbl>"
}

func TestDocxText(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"tabs, breaks, soft hyphens": {
			`<w:p><w:r><w:tab/><w:t>甲</w:t><w:tab/><w:t xml:space="preserve">乙 </w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t><w:softHyphen/></w:r></w:p>`, "\t甲\t乙 \n丙-丁"},
		"links, tags, insertions stay, deletions go": {
			`<w:p><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag><w:ins><w:r><w:t>丙</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:sdt><w:sdtPr><w:t>属性</w:t></w:sdtPr><w:sdtContent><w:r><w:t>丁</w:t></w:r></w:sdtContent></w:sdt></w:p>`, "甲乙丙丁"},
		"fields keep their result": {
			`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:fldSimple w:instr="DATE"><w:r><w:t>日期</w:t></w:r></w:fldSimple></w:p>`, "3日期"},
		"a field's code is not read, nor that of a field in it": {
			`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>果</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>文</w:t></w:r></w:p>`, "果文"},
		"a deleted insertion goes, a moved text stays once": {
			`<w:p><w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:ins><w:del><w:r><w:t>误</w:t></w:r></w:del><w:moveTo><w:r><w:t>移</w:t></w:r></w:moveTo></w:p>`, "移"},
		"a paragraph whose mark was deleted is one with the next": {
			`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>` + wp("乙") + wp("丙"), "甲乙\n丙"},
		"a paragraph deleted with its mark leaves nothing": {
			wp("甲") + `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>` + wp("乙"), "甲\n乙"},
		"notes and comments leave the text alone": {
			`<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r><w:r><w:t>乙</w:t></w:r></w:p>`, "甲乙"},
		"hidden text goes": {`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>`, "显"},
		"ruby keeps its base": {
			`<w:p><w:r><w:ruby><w:rt><w:r><w:t>ruǎn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>阮</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "阮"},
		"a text box is read once": {
			`<w:p><w:r><w:t>外</w:t><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent>` + wp("框内") + `</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + wp("框内") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "外\n框内"},
		"content controls around paragraphs": {`<w:sdt><w:sdtContent>` + wp("甲") + `</w:sdtContent></w:sdt>`, "甲"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.TrimRight(plain(mustRead(t, word(t, c.body))), "\n"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDocxHiddenStyles(t *testing.T) {
	styles := `<w:styles` + ns + `><w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="c"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>`
	body := `<w:p><w:pPr><w:pStyle w:val="p"/></w:pPr><w:r><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p>` +
		`<w:p><w:r><w:rPr><w:rStyle w:val="c"/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>文</w:t></w:r></w:p>`
	wantPlain(t, mustRead(t, word(t, body, "word/styles.xml", styles)), "显\n文")
}

func TestDocxTables(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"merged both ways": {
			tbl(tc(`<w:gridSpan w:val="2"/>`, "甲")+tc(`<w:vMerge w:val="restart"/>`, "乙"), tc("", "丙")+tc("", "丁")+tc(`<w:vMerge/>`, ""), tc("", "戊")+tc("", "己")+tc(`<w:vMerge w:val="continue"/>`, "")),
			"甲|>|乙\n丙|丁|^\n戊|己|^"},
		"two merges below each other": {
			tbl(tc(`<w:vMerge w:val="restart"/>`, "甲")+tc("", "1"), tc(`<w:vMerge/>`, "")+tc("", "2"), tc(`<w:vMerge w:val="restart"/>`, "乙")+tc("", "3"), tc(`<w:vMerge/>`, "")+tc("", "4")),
			"甲|1\n^|2\n乙|3\n^|4"},
		"a block of two by two": {
			tbl(tc(`<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>`, "甲")+tc("", "1"), tc(`<w:gridSpan w:val="2"/><w:vMerge/>`, "")+tc("", "2")),
			"甲|>|1\n^|^|2"},
		"horizontal merge of old files": {
			tbl(tc(`<w:hMerge w:val="restart"/>`, "甲")+tc(`<w:hMerge/>`, "")+tc("", "乙"), tc("", "1")+tc("", "2")+tc("", "3")),
			"甲|>|乙\n1|2|3"},
		"a continued merge without a beginning is a cell": {
			tbl(tc(`<w:vMerge/>`, "甲") + tc("", "乙")), "甲|乙"},
		"grid before": {
			"<w:tbl><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + tc("", "乙") + "</w:tr><w:tr>" + tc("", "丙") + tc("", "丁") + "</w:tr></w:tbl>", "?|乙\n丙|丁"},
		"a deleted row goes": {
			"<w:tbl><w:tr>" + tc("", "甲") + tc("", "乙") + "</w:tr><w:tr><w:trPr><w:del/></w:trPr>" + tc("", "删") + tc("", "删") + "</w:tr><w:tr>" + tc("", "丙") + tc("", "丁") + "</w:tr></w:tbl>", "甲|乙\n丙|丁"},
		"a nested table is flattened": {
			tbl("<w:tc>" + wp("甲") + tbl(tc("", "乙")+tc("", "丙")) + wp("丁") + "</w:tc>" + tc("", "戊")), "甲/乙/丙/丁|戊"},
		"a frame around a table is no table": {
			tbl("<w:tc>" + wp("题") + tbl(tc("", "乙")+tc("", "丙")) + "</w:tc>"), "题\n乙|丙"},
		"line breaks, paragraphs and boxes in a cell are lines of it": {
			tbl("<w:tc><w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>" + wp("丙") + "<w:p><w:r><w:t>丁</w:t><w:pict><w:txbxContent>" + wp("框") + "</w:txbxContent></w:pict></w:r></w:p></w:tc>" + tc("", "戊")), "甲/乙/丙/丁/框|戊"},
		"an inserted row stays": {"<w:tbl><w:tr><w:trPr><w:ins/></w:trPr>" + tc("", "甲") + tc("", "乙") + "</w:tr></w:tbl>", "甲|乙"},
		"a mark deleted at a cell's end joins nothing of the next": {
			tbl(`<w:tc><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p></w:tc>` + "<w:tc>" + wp("乙") + wp("丙") + "</w:tc>"), "甲|乙/丙"},
		"several paragraphs and an empty cell": {
			tbl("<w:tc>" + wp("甲") + wp("") + wp("乙") + "</w:tc>" + tc("", "")), "甲//乙|"},
	} {
		t.Run(name, func(t *testing.T) { wantPlain(t, mustRead(t, word(t, c.body)), c.want) })
	}
}

// list makes numbering.xml with one abstract list of the given levels and a num
// per further argument (its lvlOverride elements).
func list(levels string, nums ...string) string {
	s := `<w:numbering` + ns + `><w:abstractNum w:abstractNumId="7">` + levels + `</w:abstractNum>`
	for i, over := range nums {
		s += fmt.Sprintf(`<w:num w:numId="%d"><w:abstractNumId w:val="7"/>%s</w:num>`, i+1, over)
	}
	return s + `</w:numbering>`
}

func level(i int, format, text, more string) string {
	return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/>%s</w:lvl>`, i, format, text, more)
}

func numbered(num, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, num, text)
}

func TestDocxNumbering(t *testing.T) {
	three := level(0, "chineseCountingThousand", "%1、", "") + level(1, "chineseCounting", "（%2）", "") + level(2, "decimal", "%3．", "")
	for name, c := range map[string]struct{ numbering, body, want string }{
		"levels restart below a higher one": {
			list(three, ""),
			numbered(1, 0, "章") + numbered(1, 1, "项") + numbered(1, 2, "条") + numbered(1, 2, "条") + numbered(1, 1, "项") + numbered(1, 2, "条") + numbered(1, 0, "章") + numbered(1, 1, "项"),
			"一、章\n（一）项\n1．条\n2．条\n（二）项\n1．条\n二、章\n（一）项"},
		"an item numbered through all chapters (lvlRestart 0)": {
			list(level(0, "upperRoman", "%1.", "")+level(1, "taiwaneseCountingThousand", "（%2）", `<w:lvlRestart w:val="0"/>`), ""),
			numbered(1, 0, "章") + numbered(1, 1, "项") + numbered(1, 0, "章") + numbered(1, 1, "项"), "I.章\n（一）项\nII.章\n（二）项"},
		"another list of the same kind goes on unless it says where to start": {
			list(three, "", "", `<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>`),
			numbered(1, 0, "甲") + numbered(2, 0, "乙") + numbered(3, 0, "丙") + numbered(3, 0, "丁"), "一、甲\n二、乙\n一、丙\n二、丁"},
		"isLgl writes all levels decimal": {
			list(level(0, "chineseCounting", "第%1章", "")+level(1, "decimal", "%1.%2", "<w:isLgl/>"), ""),
			numbered(1, 0, "章") + numbered(1, 1, "节") + numbered(1, 1, "节"), "第一章章\n1.1节\n1.2节"},
		"an overridden level": {
			list(three, `<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="5"/><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%1"/></w:lvl></w:lvlOverride>`),
			numbered(1, 0, "甲") + numbered(1, 0, "乙"), "⑤甲\n⑥乙"},
		"numId 0 switches numbering off": {list(three, ""), numbered(0, 0, "甲") + numbered(1, 0, "乙"), "甲\n一、乙"},
		"bullets of symbol fonts":        {list(level(0, "bullet", "\uf06c", ""), ""), numbered(1, 0, "甲"), "•甲"},
	} {
		t.Run(name, func(t *testing.T) {
			wantPlain(t, mustRead(t, word(t, c.body, "word/numbering.xml", c.numbering)), c.want)
		})
	}
	t.Run("numbering linked to styles", func(t *testing.T) {
		styles := `<w:styles` + ns + `><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="2"><w:name w:val="小节"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="1"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`
		numbering := list(level(0, "chineseCounting", "%1、", `<w:pStyle w:val="1"/>`)+level(1, "chineseCounting", "（%2）", `<w:pStyle w:val="2"/>`), "")
		p := func(style, text string) string {
			return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
		}
		doc := mustRead(t, word(t, p("1", "章")+p("2", "节")+p("2", "节")+wp("文"), "word/numbering.xml", numbering, "word/styles.xml", styles))
		wantPlain(t, doc, "一、章\n（一）节\n（二）节\n文")
		if a, b := doc.Blocks[0].Para, doc.Blocks[1].Para; a.Heading != 1 || !a.Center || !a.Bold || b.Heading != 2 || b.Center || b.Bold {
			t.Errorf("headings read as %+v %+v", a, b)
		}
	})
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		n      int
		format string
		want   string
	}{
		{0, "chineseCounting", "零"}, {10, "chineseCounting", "十"}, {11, "chineseCountingThousand", "十一"}, {20, "chineseCounting", "二十"},
		{105, "chineseCountingThousand", "一百零五"}, {110, "chineseCountingThousand", "一百一十"}, {105, "chineseCounting", "一〇五"},
		{10010, "chineseCountingThousand", "一万零一十"}, {12, "ideographDigital", "一二"}, {12, "chineseLegalSimplified", "壹拾贰"},
		{12, "decimalFullWidth", "１２"}, {21, "decimalEnclosedCircle", "㉑"}, {51, "decimalEnclosedCircle", "51"},
		{3, "ideographTraditional", "丙"}, {28, "upperLetter", "BB"}, {28, "lowerLetter", "bb"}, {1994, "upperRoman", "MCMXCIV"}, {4, "lowerRoman", "iv"},
		{7, "decimalZero", "07"}, {7, "none", ""}, {7, "unheardOf", "7"}, {-3, "chineseCounting", "-3"},
	} {
		if got := FormatNumber(c.n, c.format); got != c.want {
			t.Errorf("FormatNumber(%d, %q) = %q, want %q", c.n, c.format, got, c.want)
		}
	}
}

func TestDocxRefusals(t *testing.T) {
	deep := strings.Repeat("<w:smartTag>", 300) + strings.Repeat("</w:smartTag>", 300)
	refuses(t, word(t, "<w:p>"+deep+"</w:p>"), Limits{}, fault.Invalid, "「样本」", "嵌套超过 256 层")
	refuses(t, word(t, "<w:p><w:r><w:t>断"), Limits{}, fault.Invalid, "已损坏", "word/document.xml")
	refuses(t, word(t, ""), Limits{}, fault.Invalid, "没有文字")
	refuses(t, word(t, strings.Repeat(wp("甲"), 11)), Limits{Blocks: 10}, fault.TooMany, "超过 10 个段落")
	refuses(t, word(t, tbl(strings.Repeat(tc("", "甲"), 30))), Limits{Cols: 20}, fault.TooMany, "超过 20 列")
	refuses(t, word(t, tbl(tc(`<w:gridSpan w:val="99999999"/>`, "甲"))), Limits{}, fault.TooMany, "超过 1000 列")
	refuses(t, word(t, tbl(tc("", "甲")+tc("", "甲"), tc("", "甲")+tc("", "甲"))), Limits{Cells: 3}, fault.TooMany, "超过 3 个单元格")
	refuses(t, word(t, strings.Repeat(" ", 8<<20)), Limits{}, fault.TooMany, "压缩炸弹")
}
