package plan_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/org"
)

// upload sends evidence with a file.
func upload(t *testing.T, v areatest.Visitor, path, name string, content []byte, pairs ...string) areatest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return v.Send(path, w.FormDataContentType(), body.String())
}

// TestTwoPeopleEditAStep shows the second what the first did and keeps what the
// second typed; a step of another unit is out of reach.
func TestTwoPeopleEditAStep(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		l := h.line(t, h.eUnit, "清理")
		h.move(t, h.east, l, "accept")
		duty := "/desk/duties/" + string(l.Duty)
		me := string(h.east.Who.Person)
		h.east.Post(duty+"/steps", "step_text", "梳理目录", "person", me, "step_due", "2022-09-30", "product", "目录").Want(t, 303)
		found := regexp.MustCompile(`step=([0-9a-f-]{36})`).FindStringSubmatch(h.east.Get(duty).Body)
		if found == nil {
			t.Fatal("the page offers no change of the step")
		}
		step := found[1]
		h.east.Get(duty+"?step="+step).Want(t, 200, "修改步骤", `value="梳理目录"`, `value="2022-09-30"`)
		edit := func(version, text string) areatest.Answer {
			return h.east.Post(duty+"/steps", "step", step, "version", version, "step_text", text, "person", me, "step_due", "2022-09-30")
		}
		edit("1", "梳理规范性文件目录").Want(t, 303)
		edit("1", "梳理并公布目录").Want(t, 409, "梳理规范性文件目录", `value="梳理并公布目录"`, `name="version" value="2"`)
		edit("2", "x").Want(t, 422, `name="version" value="2"`, "修改步骤")
		edit("2", "梳理并公布目录").Want(t, 303)
		h.east.Get(duty).Want(t, 200, "梳理并公布目录")

		other := h.line(t, h.eUnit, "每季度")
		h.east.Post("/desk/duties/"+string(other.Duty)+"/steps", "step", step, "version", "3", "step_text", "别的任务", "person", me, "step_due", "2022-09-30").Want(t, 409)
		h.east.Post("/desk/steps/"+step+"/drop").Want(t, 303)
		edit("3", "再次修改").Want(t, 409, "已经删除", `value="再次修改"`)
	})
}

func TestTheDutyPage(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		l := h.line(t, h.eUnit, "清理")
		duty, term := "/desk/duties/"+string(l.Duty), "/desk/terms/"+string(l.Term)
		other := h.Person("吴江", "区教委", org.Disclosure)
		h.Public().Get(duty).Want(t, 303)
		other.Get(duty).Want(t, 404)
		h.lead.Get(duty).Want(t, 200, "催办", "还没有任务清单")
		h.east.Get(duty).Want(t, 200, "每年至少清理一次规范性文件", "认领", "为什么是这一天", "2022年12月31日")
		h.east.Post(term+"/move", "move", "accept", "version", "1").Want(t, 303)
		h.east.Post(term+"/move", "move", "accept", "version", "1").Want(t, 409, "周燕")
		h.east.Post("/desk/duties/"+string(l.Duty)+"/steps", "step_text", "梳理", "person", string(h.east.Who.Person), "step_due", "2023-01-31", "product", "目录").
			Want(t, 422, "不能晚于任务分工规定的", "梳理", "目录")
		h.east.Post("/desk/duties/"+string(l.Duty)+"/steps", "step_text", "梳理", "person", string(h.justice.Who.Person), "step_due", "2022-09-30").
			Want(t, 422, "应是本单位人员")
		h.east.Post("/desk/duties/"+string(l.Duty)+"/steps", "step_text", "梳理", "person", string(h.east.Who.Person), "step_due", "2022-09-30").Want(t, 303)
		h.east.Post(term+"/progress", "percent", "150", "progress", "已梳理一半").Want(t, 422, "0至100", "已梳理一半")
		h.east.Post(term+"/progress", "percent", "50", "progress", "已梳理一半").Want(t, 303)
		h.east.Post(term+"/evidence", "kind", "link", "url", "javascript:alert(1)", "title", "公告").Want(t, 422, "完整网址", "公告")
		h.east.Post(term+"/evidence", "kind", "figure", "amount", "许多", "title", "件数").Want(t, 422, "请填写数字")
		h.east.Post(term+"/evidence", "kind", "figure", "amount", "1,280", "measured", "件", "source", "文件系统", "title", "清理件数", "dated_on", "2022-06-17").Want(t, 303)
		upload(t, h.east, term+"/evidence", "a.pdf.exe", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), "kind", "file", "title", "目录", "dated_on", "2022-06-17").
			Want(t, 422, "不能上传")
		refusesFiles(t, h.east, term)
		upload(t, h.east, term+"/evidence", "目录.txt", []byte("规范性文件目录：甲、乙、丙。"), "kind", "file", "title", "目录<b>", "dated_on", "2022-06-17").Want(t, 303)
		page := h.east.Get(duty).Want(t, 200, "清理件数", "1280件", "目录&lt;b&gt;", "报送核查", "50%")
		if strings.Contains(page.Body, "目录<b>") {
			t.Error("a title is not escaped")
		}
		h.east.Post(term+"/move", "move", "submit").Want(t, 303)
		h.east.Post(term+"/move", "move", "close", "reason", "x").Want(t, 409)
		h.lead.Post(term+"/move", "move", "return", "reason", "").Want(t, 422, "请说明理由")
		h.lead.Post(term+"/urge", "urge", "请补充目录").Want(t, 303)
		h.lead.Post(term+"/move", "move", "confirm").Want(t, 303)
		h.office.Post(term+"/move", "move", "close", "reason", "属实").Want(t, 303)
		h.office.Get(duty).Want(t, 200, "已销号", "向社会公开", "属实")
	})
}

func TestTheMeasurePage(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		l := h.line(t, h.eUnit, "清理")
		path := "/desk/measures/" + string(l.Measure)
		h.Person("吴江", "区教委", org.Disclosure).Get(path).Want(t, 404)
		h.east.Get(path).Want(t, 200, "东江街道办事处")
		h.office.Get(path+"?kind=count").Want(t, 200, "区司法局", "东江街道办事处", "件数")
		h.east.Post(path+"/rules", "kind", "count", "value-n", "1").Want(t, 403)
		h.office.Post(path+"/rules", "kind", "count", "value-n", "一", "title", "每单位一件").Want(t, 422, "件数请填不小于1的整数", "每单位一件")
		for _, n := range []string{"0", "-1", "0.5"} { // nothing would stand as met for everyone
			h.office.Post(path+"/rules", "kind", "count", "value-n", n).Want(t, 422, "件数请填不小于1的整数")
			h.office.Post(path+"/rules", "kind", "staff", "value-n", n).Want(t, 422, "人数请填不小于1的整数")
		}
		h.office.Post(path+"/rules", "kind", "count", "value-n", "1").Want(t, 303)
		h.Settle()
		h.office.Get(path).Want(t, 200, "未达标 2")
		h.office.Post(path+"/prove").Want(t, 303)
	})
}

func TestTheLookbackPages(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		h.office.Get("/desk/plans/"+string(h.plan)+"/lookback").Want(t, 200, "没有上一年的任务分工")
		this := nextYear(t, h)
		page := "/desk/plans/" + string(this) + "/lookback"
		h.east.Post(page).Want(t, 403)
		h.office.Get(page).Want(t, 200, "启动回头看")
		h.office.Post(page).Want(t, 303)
		body := h.office.Get(page).Want(t, 200, "列入工作台账", "每年至少清理一次").Body
		at := strings.Index(body, "/desk/rechecks/")
		recheck := body[at : at+len("/desk/rechecks/")+36]
		h.office.Get(recheck).Want(t, 200, "上年办理情况", "未销号")
		h.office.Post(recheck+"/move", "move", "mend", "reason", "x").Want(t, 403)
		for _, unit := range []areatest.Visitor{h.justice, h.east} {
			if unit.Get(recheck).Code == 200 {
				unit.Post(recheck+"/move", "move", "mend", "reason", "").Want(t, 422, "请说明理由")
				unit.Post(recheck+"/move", "move", "mend", "reason", "已补做").Want(t, 303)
				break
			}
		}
		h.office.Post(recheck+"/move", "move", "close", "reason", "核实").Want(t, 303)
		h.office.Get(page+"?state=closed").Want(t, 200, "台账销号")
	})
}

// TestPublicEvidence holds that what was released reaches everyone, and nothing
// of a kept page that could run or load in the browser.
func TestPublicEvidence(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, `<html><head><title>清理公告</title><script>alert(1)</script></head><body onload="alert(2)"><h1>清理公告</h1><p>本年清理规范性文件12件。</p><img src="https://example.org/track.png"><form action="/x"><input name="y"></form><a href="javascript:alert(3)">更多</a></body></html>`)
		}))
		defer site.Close()
		l := h.line(t, h.eUnit, "清理")
		term := "/desk/terms/" + string(l.Term)
		h.move(t, h.east, l, "accept")
		h.ready(t, h.east, l)
		h.east.Post(term+"/evidence", "kind", "link", "url", site.URL+"/a.html", "title", "清理公告", "dated_on", "2022-06-17").Want(t, 303)
		text := []byte("规范性文件目录：甲、乙、丙。")
		refusesFiles(t, h.east, term)
		upload(t, h.east, term+"/evidence", "目录.txt", text, "kind", "file", "title", "文件目录", "dated_on", "2022-06-17").Want(t, 303)
		h.Settle()
		h.move(t, h.east, l, "submit")
		list, err := h.s.Evidence(t.Context(), l.Term)
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]string{}
		for _, e := range list {
			keys[e.Title] = string(e.ID)
			if err := h.s.Judge(t.Context(), h.lead.Who, e.ID, plan.Accepted, ""); err != nil {
				t.Fatal(err)
			}
		}
		public := h.Public()
		for _, title := range []string{"清理公告", "文件目录"} {
			public.Get("/plans/evidence/"+keys[title]).Want(t, 404)
			public.Get("/plans/files/"+keys[title]).Want(t, 404)
			h.office.Post("/desk/evidence/"+keys[title]+"/public", "public", "1").Want(t, 303)
		}
		page := public.Get("/plans/evidence/"+keys["清理公告"]).Want(t, 200, "留存的页面", "本年清理规范性文件12件", "保存的网页副本", site.URL)
		_, kept, _ := strings.Cut(page.Body, "archived-page")
		for _, bad := range []string{"<script", "alert", "onload", "<img", "track.png", "<form", "javascript:"} {
			if strings.Contains(kept, bad) {
				t.Errorf("the kept page holds %s", bad)
			}
		}
		public.Get("/plans/files/"+keys["清理公告"]).Want(t, 404) // the archive itself is for the staff
		public.Get("/plans/evidence/"+keys["文件目录"]).Want(t, 200, "下载 目录.txt")
		file := public.Get("/plans/files/"+keys["文件目录"]).Want(t, 200)
		if file.Body != string(text) {
			t.Errorf("the file holds %q", file.Body)
		}
		for name, want := range map[string]string{"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
			"Content-Disposition": "attachment; filename*=UTF-8''%E7%9B%AE%E5%BD%95.txt"} {
			if got := file.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		h.office.Post("/desk/evidence/"+keys["文件目录"]+"/public").Want(t, 303)
		public.Get("/plans/files/"+keys["文件目录"]).Want(t, 404)
	})
}

// refusesFiles hands in what may not be evidence, whatever it is called.
func refusesFiles(t *testing.T, who areatest.Visitor, term string) {
	t.Helper()
	docx := string(documenttest.Zip(t, "word/document.xml", "<w:document/>"))
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"run.bat", "@echo off\r\ndel *.*", []string{"程序或脚本", "不能上传"}},
		{"说明.bat", "请看附件", []string{"程序或脚本", "不能上传"}},
		{"说明.txt", "@echo off\r\ndel *.*", []string{"是程序或脚本"}},
		{"a.html", "<script>alert(1)</script>", []string{"“a.html”是网页"}},
		{"a.svg", "<svg><script>alert(1)</script></svg>", []string{"SVG 图片"}},
		{"pic.jpg", docx, []string{"的内容是 Word 文档，与名称的结尾 .jpg 不符", "“pic.docx”"}},
		{"a.exe", "MZ\x90" + strings.Repeat("\x00", 2000), []string{"程序或脚本"}},
		{"a.pdf", "MZ\x90" + strings.Repeat("\x00", 2000), []string{"程序或脚本"}},
		{"b.pdf", "%PDF-1.4\n" + strings.Repeat("0", 1<<20), []string{"“b.pdf”已损坏或不完整（PDF 结构）"}},
		{"a.docm", string(documenttest.Zip(t, "word/document.xml", "x", "word/vbaProject.bin", "x")), []string{"“a.docm”含有 VBA 宏", ".docx 再上传"}},
		{"js.pdf", "%PDF-1.4\n1 0 obj\n<< /S /JavaScript /JS (a) >>\nendobj\nstartxref\n0\n%%EOF", []string{"“js.pdf”含有脚本", "另存为新的 PDF"}},
		{"空.txt", " \n", []string{"“空.txt”是空的"}},
	} {
		upload(t, who, term+"/evidence", c.name, []byte(c.content), "kind", "file", "title", "目录", "dated_on", "2022-06-17").Want(t, 422, c.want...)
	}
}
