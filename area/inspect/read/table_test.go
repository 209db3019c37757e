package read

import (
	"slices"
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	row := `<tr><td>1</td><td>云岭大道改造</td><td>2,300</td><td>2026-03-01</td></tr><tr><td>2</td><td>青石小学扩建</td><td>1,800</td><td>2026-05-01</td></tr>`
	for _, c := range []struct{ name, table, want string }{
		{"a marked head", `<table><thead><tr><th>序号</th><th>项目 名称</th><th>投资<br>（万元）</th><th>开工日期</th></tr></thead><tbody>` + row + `</tbody></table>`, "序号 项目名称 投资（万元） 开工日期"},
		{"a head that nobody marked", `<table><tr><td>序号</td><td>项目名称</td><td>投资（万元）</td><td>开工日期</td></tr>` + row + `</table>`, "序号 项目名称 投资（万元） 开工日期"},
		{"under a title", `<table><tr><td colspan="4">2026年重大项目清单</td></tr><tr><td>序号</td><td>项目名称</td><td>投资</td><td>开工日期</td></tr>` + row + `</table>`, "序号 项目名称 投资 开工日期"},
		{"of two rows", `<table><tr><td rowspan="2">序号</td><td rowspan="2">项目名称</td><td colspan="2">进度</td></tr><tr><td>投资</td><td>开工日期</td></tr>` + row + `</table>`, "序号 项目名称 进度 投资 开工日期"},
		{"names at the side", `<table><tr><th>事项名称</th><td>就业补贴</td></tr><tr><th>受理电话</th><td>63310012</td></tr></table>`, "事项名称 受理电话"},
		{"no head at all", `<table>` + row + `</table>`, ""},
		{"a head and nothing under it", `<table><tr><th>序号</th><th>项目名称</th></tr></table>`, ""},
		{"a page laid out", `<table><tr><td><a href="a.html">一个链接</a></td><td><a href="b.html">又一个链接</a></td></tr><tr><td>文字</td><td>文字</td></tr></table>`, ""},
		{"within a table that lays out", `<table><tr><td>左</td><td><table><tr><th>名称</th><th>电话</th></tr><tr><td>一号窗口</td><td>63310012</td></tr></table></td></tr></table>`, "名称 电话"},
	} {
		r := page1(t, "http://www.yunling.example/zwgk/t20261101_1.html", doc("<title>清单</title>", `<h1>清单</h1><p>发布时间：2026-11-01</p><div class="content">`+long+c.table+`</div>`))
		got := ""
		if i := slices.IndexFunc(r.Tables, func(t []string) bool { return len(t) > 0 }); i >= 0 {
			got = strings.Join(r.Tables[i], " ")
		}
		if got != c.want || len(r.Tables) > 1 {
			t.Errorf("%s: %q, want %q", c.name, r.Tables, c.want)
		}
	}
}

func TestRowsOfTables(t *testing.T) {
	table := `<table><tr><td rowspan="2">姓名</td><td colspan="2">补助</td></tr><tr><td>月份</td><td>金额</td></tr><tr><td>周一文</td><td>3月</td><td>300</td></tr></table>`
	r := page1(t, "http://www.yunling.example/zwgk/t20261101_1.html", doc("<title>清单</title>", `<h1>清单</h1><p>发布时间：2026-11-01</p><div class="content">`+long+table+`</div>`))
	var lines []string
	for _, row := range r.Rows[0] {
		lines = append(lines, strings.Join(row, "|"))
	}
	if got := strings.Join(lines, " "); len(r.Rows) != 1 || got != "姓名|补助|补助 姓名|月份|金额 周一文|3月|300" {
		t.Errorf("%q", got)
	}
}
