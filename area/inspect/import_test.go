package inspect_test

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/inspect"
	"gongkai/kernel/document"
	"gongkai/kernel/org"
)

// workbook is a list from outside: a title over it, heads, rows.
func workbook(t *testing.T, title string, heads []string, rows ...[]any) []byte {
	t.Helper()
	var out bytes.Buffer
	err := document.WriteXLSX(&out, document.Sheet{Name: "清单", Title: title, Head: heads, Rows: func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func handIn(t *testing.T, v areatest.Visitor, name string, data []byte, pairs ...string) areatest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("list", name)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return v.Send("/desk/findings/import", w.FormDataContentType(), body.String())
}

// chosen is what a list of choices shows as chosen.
func chosen(t *testing.T, page, name string) string {
	t.Helper()
	_, field, found := strings.Cut(page, `name="`+name+`"`)
	field, _, _ = strings.Cut(field, "</select>")
	before, rest, any := strings.Cut(field, " selected>")
	if !found {
		t.Fatalf("no field %s", name)
	}
	if !any {
		return ""
	}
	_ = before
	text, _, _ := strings.Cut(rest, "<")
	return text
}

// TestListsFromOutside takes the lists of others: their columns are asked for
// once, remembered, and found again when columns come or move; a line is taken
// once; what was taken is handed on like any finding, and no round of ours
// settles it.
func TestListsFromOutside(t *testing.T) {
	build := func(k *area.Kernel) area.Area { return inspect.New(k, inspect.Settings{Dir: t.TempDir()}).Area() }
	areatest.Each(t, "2026-05-06", build, func(t *testing.T, h *areatest.House) {
		zhao := h.Person("赵敏", "区政府办公室", org.Coordinator)
		wang := h.Person("王芳", "区司法局", org.Disclosure)
		wang.Get("/desk/findings/import").Want(t, 403)
		site := string(zhao.Post("/desk/sites", "name", "江州市江澄区人民政府", "start", "https://www.jiangcheng.example/", "every", "", "due", "5", "kind", "portal").Want(t, 303).Key())

		heads := []string{"编号", "所在页", "网民说了什么", "改成什么", "谁办", "哪天"}
		rows := [][]any{
			{1, "https://www.jiangcheng.example/a.html", "链接打不开", "换成新地址", "区司法局", "2026/4/30"},
			{2, "https://www.jiangcheng.example/b.html", "错别字", "", "没有这个单位", ""},
			{3, "不是网址", "图片不显示", "", "", ""},
			{4, "https://www.jiangcheng.example/c.html", "", "", "", ""},
		}
		list := workbook(t, "网民找错汇总表", heads, rows...)
		handIn(t, zhao, "坏.xlsx", []byte("这不是表格"), "site", site, "source", "找错平台").Want(t, 422)
		asked := handIn(t, zhao, "找错.xlsx", list, "site", site, "source", "找错平台").Want(t, 200, "找错.xlsx", "4行", "请核对每一项")
		file := between(t, asked.Body, `name="file" value="`, `"`)
		for _, name := range []string{"field-url", "field-what"} {
			if got := chosen(t, asked.Body, name); got != "" && got != "（没有）" {
				t.Errorf("%s is taken for %q", name, got)
			}
		}
		send := func(file string, pairs ...string) areatest.Answer {
			return zhao.Post("/desk/findings/import", append([]string{"do", "import", "file", file, "name", "找错.xlsx", "site", site, "source", "找错平台"}, pairs...)...)
		}
		mapping := []string{"field-url", "所在页", "field-what", "网民说了什么", "field-mend", "改成什么", "field-unit", "谁办", "field-date", "哪天"}
		send(file, "field-what", "网民说了什么").Want(t, 422, "请选择哪一列是网址")
		done := send(file, mapping...).Want(t, 200, "导入2个问题，0个以前已经导入", "不是网址", "没有写明问题")
		if !strings.Contains(done.Body, "第5行") || !strings.Contains(done.Body, "第6行") { // as Excel counts them, title and heads above
			t.Errorf("the rows are not named: %s", done.Body)
		}
		page := zhao.Get("/desk/findings?q=a.html").Want(t, 200, "链接打不开")
		key := between(t, page.Body, `<th scope="row"><a href="/desk/findings/`, `"`)
		zhao.Get("/desk/findings/"+key).Want(t, 200, "找错平台", "换成新地址", "区司法局", "2026年4月30日")
		wang.Get("/desk/findings/"+key).Want(t, 200) // it names the unit

		// the same form again: the columns are known, and no line is taken twice
		again := handIn(t, zhao, "五月.xlsx", workbook(t, "网民找错汇总表", heads, append(rows[:2:2], []any{5, "https://www.jiangcheng.example/d.html", "电话有误", "", "区司法局", "2026/5/3"})...), "site", site, "source", "找错平台").Want(t, 200)
		for i := 0; i < len(mapping); i += 2 {
			if got := chosen(t, again.Body, mapping[i]); got != mapping[i+1] {
				t.Errorf("%s: %q is chosen, want %q", mapping[i], got, mapping[i+1])
			}
		}
		send(between(t, again.Body, `name="file" value="`, `"`), mapping...).Want(t, 200, "导入1个问题，2个以前已经导入")

		// columns came and moved: still known
		moved := handIn(t, zhao, "六月.xlsx", workbook(t, "", []string{"网民说了什么", "渠道", "所在页", "哪天", "谁办", "改成什么"}, []any{"按钮点不动", "网站", "https://www.jiangcheng.example/e.html", "", "", ""}), "site", site, "source", "找错平台").Want(t, 200)
		if got := chosen(t, moved.Body, "field-url"); got != "所在页" {
			t.Errorf("after the columns moved: %q", got)
		}
		// a list of another kind: guessed by its heads
		other := handIn(t, zhao, "市级.xlsx", workbook(t, "", []string{"序号", "问题描述", "页面地址", "指标编号"}, []any{1, "栏目空白", "https://www.jiangcheng.example/f/", "D1.8"}), "site", site, "source", "市级检查").Want(t, 200)
		for name, want := range map[string]string{"field-url": "页面地址", "field-what": "问题描述", "field-indicator": "指标编号"} {
			if got := chosen(t, other.Body, name); got != want {
				t.Errorf("%s: guessed %q, want %q", name, got, want)
			}
		}
		// what was taken goes its way like any finding
		zhao.Post("/desk/findings/hand", "unit", string(h.Unit("区司法局")), "finding", key).Want(t, 303)
		wang.Get("/desk/findings/"+key).Want(t, 200, "已交办")
	})
}
