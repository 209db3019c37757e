package document

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb18030(t testing.TB, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sitePage is a page as sites of governments have them: frames of navigation
// around a plan whose table stands in a layout table.
func sitePage() string {
	var links strings.Builder
	for _, s := range []string{"首页", "机构职责", "领导分工", "规划计划", "财政财务", "政府采购", "应急管理", "公共资源配置"} {
		links.WriteString(`<li><a href="/` + s + `">` + s + `</a></li>`)
	}
	body := strings.Repeat("<p>　　为做好全年政务公开工作，现将任务分工印发给你们，请结合实际，认真抓好落实，并按时报送进展情况。</p>", 8)
	return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>青山区人民政府办公室关于印发工作要点任务分工的通知_青山区人民政府</title>
<style>p{color:red}</style><script>document.write("脚本")</script></head><body>
<div class="header"><img src="logo.png"><ul>` + links.String() + `</ul></div>
<div class="breadcrumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a></div>
<table width="1000" align="center"><tr><td width="200"><div class="sideMenu"><ul>` + links.String() + `</ul></div></td><td>
 <h1 class="tit">青山区人民政府办公室关于印发<br>工作要点任务分工的通知</h1>
 <div class="info"><span>发布日期：2022-06-01</span> <span>来源：区政府办公室</span></div>
 <div id="zoom">` + body + `
 <table><tr><td>
 <table border="1"><thead><tr><th>工作任务</th><th>贯彻举措</th><th>牵头单位</th><th>责任单位</th></tr></thead>
 <tr><td colspan="4">一、扩大公开</td></tr>
 <tr><td rowspan="2">（一）公开规划。</td><td><p>1．公开规划文本。</p><p>2．公开
解读。</p></td><td rowspan="2">区发展改革委</td><td>区各部门</td></tr>
 <tr><td>3．归集规划。</td><td>区司法局<br>区档案馆</td></tr></table>
 </td></tr></table>
 <ol><li>及时报送</li><li value="5">按时总结</li></ol>
 <p style="display:none">看不见的字</p><p align="center"><b>2022年6月1日</b></p></div>
</td></tr></table>
<div class="footer"><ul>` + links.String() + `</ul><p>主办单位：青山区人民政府办公室 网站标识码 0000000000</p></div></body></html>`
}

func TestSitePageGivesTitleAndBody(t *testing.T) {
	want := "青山区人民政府办公室关于印发\n工作要点任务分工的通知\n发布日期：2022-06-01 来源：区政府办公室\n" +
		strings.Repeat("为做好全年政务公开工作，现将任务分工印发给你们，请结合实际，认真抓好落实，并按时报送进展情况。\n", 8) +
		"工作任务|贯彻举措|牵头单位|责任单位\n一、扩大公开|>|>|>\n（一）公开规划。|1．公开规划文本。/2．公开解读。|区发展改革委|区各部门\n^|3．归集规划。|^|区司法局/区档案馆\n1.及时报送\n5.按时总结\n2022年6月1日"
	doc := mustRead(t, []byte(sitePage()))
	wantPlain(t, doc, want)
	if p := doc.Blocks[0].Para; p.Heading != 1 || !p.Bold {
		t.Errorf("title read as %+v", p)
	}
	if p := doc.Blocks[len(doc.Blocks)-1].Para; !p.Center || !p.Bold {
		t.Errorf("last line read as %+v", p)
	}
	for _, b := range doc.Blocks {
		if b.Table != nil && (!b.Table.Cells[0].Header || b.Table.Cells[5].Header || !b.Table.Merges) {
			t.Errorf("heads and merges of %s", dump(b.Table))
		}
	}
	// The same page without a word about its encoding, in GBK.
	gbk := mustRead(t, gb18030(t, strings.Replace(sitePage(), `<meta charset="utf-8">`, "", 1)))
	wantPlain(t, gbk, want)
	// And with a declaration that is wrong.
	wantPlain(t, mustRead(t, gb18030(t, sitePage())), want)
}

func TestHTMLTables(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"spans past the end are cut": {
			`<table><tr><td rowspan=9>甲</td><td colspan=2>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>`, "甲|乙|>\n^|丙|丁"},
		"a span meets a cell from above": {
			`<table><tr><td>甲</td><td rowspan=2>乙</td></tr><tr><td colspan=2>丙</td></tr></table>`, "甲|乙\n丙|^"},
		"short rows leave places empty": {
			`<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>`, "甲|乙\n丙|?"},
		"rowspan 0 reaches the end": {
			`<table><tr><td rowspan=0>甲</td><td>乙</td></tr><tr><td>丙</td></tr><tr><td>丁</td></tr></table>`, "甲|乙\n^|丙\n^|丁"},
		"a frame around paragraphs is no table": {
			`<table><tr><td></td><td><p>一</p><p>二</p></td></tr></table>`, "一\n二"},
		"a table in a cell is flattened": {
			`<table><tr><td>甲甲甲甲甲甲</td><td>乙<table><tr><td>丙</td><td>丁</td></tr></table></td></tr><tr><td>戊戊戊戊戊戊</td><td>己</td></tr></table>`, "甲甲甲甲甲甲|乙/丙/丁\n戊戊戊戊戊戊|己"},
		"line breaks, paragraphs and boxes in a cell are lines of it": {
			`<table><tr><td>甲<br>乙</td><td><p>丙</p><p>丁</p></td></tr><tr><td><div>戊</div><div>己</div></td><td>庚&nbsp;</td></tr></table>`, "甲/乙|丙/丁\n戊/己|庚"},
		"what is not shown is not read": {
			`<p style="display:none">隐</p><p hidden>藏</p><p>文<span style="DISPLAY: none;">隐</span></p><table><tr><td>甲</td><td>乙</td></tr><tr style="display:none"><td>隐</td><td>隐</td></tr><tr><td>1</td><td>2</td></tr></table>`, "文\n甲|乙\n1|2"},
		"deleted text and readings go": {
			`<p>甲<del>删</del><ins>乙</ins><ruby>阮<rp>(</rp><rt>ruǎn</rt><rp>)</rp></ruby></p>`, "甲乙阮"},
		"pre keeps its lines": {"<p>头</p><pre>甲\t乙\n  丙</pre>", "头\n甲\t乙\n  丙"},
	} {
		t.Run(name, func(t *testing.T) { wantPlain(t, mustRead(t, []byte("<html><body>"+c.page+"</body></html>")), c.want) })
	}
}
