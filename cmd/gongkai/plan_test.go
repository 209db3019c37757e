package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/app"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/document"
	"gongkai/kernel/id"
)

const samplePlan = "临江区2023年政务公开工作要点任务分工\n一、公开预算\n（一）部门预算。按期公开部门预算。（牵头单位：区财政局；责任单位：各部门；完成时限：6月底前）\n（二）决算。按期公开部门决算。（牵头单位：区财政局；责任单位：区审计局等；完成时限：每年9月底前）\n"

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPlanParse(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "计划.txt", samplePlan)
	code, out, errs := call(t, "plan", "parse", file, "--json")
	if code != exitOK {
		t.Fatal(errs)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"title", "number", "issuer", "date", "sections"} {
		if _, ok := got[key]; !ok {
			t.Errorf("no %s in %s", key, out)
		}
	}
	m := got["sections"].([]any)[0].(map[string]any)["items"].([]any)[0].(map[string]any)["measures"].([]any)[0].(map[string]any)
	for _, key := range []string{"row", "text", "lead", "resp", "due"} {
		if _, ok := m[key]; !ok {
			t.Errorf("no %s in %v", key, m)
		}
	}
	code, out, _ = call(t, "plan", "parse", file)
	for _, part := range []string{"标题：临江区2023年政务公开工作要点任务分工", "牵头：区财政局", "责任：区审计局等", "时限：6月底前", "2 条举措", "需要核对"} {
		if code != exitOK || !strings.Contains(out, part) {
			t.Errorf("%d: %q is not in\n%s", code, part, out)
		}
	}
	for name, text := range map[string]string{"空.txt": "", "天气.txt": "今天晴，最高气温二十度。", "图.txt": "\x00\x01\x02\x03"} {
		if code, _, errs := call(t, "plan", "parse", write(t, dir, name, text)); code != exitInvalid || !strings.Contains(errs, "请") {
			t.Errorf("%s: %d %s", name, code, errs)
		}
	}
	if code, _, errs := call(t, "plan", "parse", filepath.Join(dir, "没有.txt")); code == exitOK || !strings.Contains(errs, "打不开文件") {
		t.Errorf("a missing file: %d %s", code, errs)
	}
}

func TestPlanEval(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "甲.txt", samplePlan)
	write(t, dir, "甲.html", "<html><body><p>"+strings.ReplaceAll(samplePlan, "\n", "</p><p>")+"</p></body></html>")
	write(t, dir, "甲.json", `{"title":"","sections":[{"title":"公开预算","items":[{"title":"部门预算","measures":[{"text":"按期公开部门预算。","lead":["区财政局"],"resp":["各部门"],"due":"6月底前"}]},{"title":"决算","measures":[{"text":"按期公开部门决算。","lead":["区财政局"],"resp":["区审计局"],"due":"每年9月底前"}]}]}]}`)
	write(t, dir, "乙.txt", samplePlan)
	write(t, dir, "丙.json", `{}`)
	code, out, errs := call(t, "plan", "eval", dir)
	if code != exitOK {
		t.Fatal(errs)
	}
	for _, part := range []string{"甲.txt", "甲.html", "合计", "单位合计", "跳过 乙.txt：没有标注文件 乙.json", "跳过 丙.json：没有同名的文件"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
	total := out[strings.Index(out, "\n合计")+1:]
	if n := strings.Count(strings.SplitN(total, "\n", 2)[0], "100.0"); n != 18 {
		t.Errorf("not all is right:\n%s", out)
	}
	if code, _, errs := call(t, "plan", "eval", t.TempDir()); code == exitOK || !strings.Contains(errs, "没有成对的文件") {
		t.Errorf("an empty folder: %d %s", code, errs)
	}
}

// TestAFirstPlan takes a new house from nothing to its first plan by the command
// line alone.
func TestAFirstPlan(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GONGKAI_DATA", filepath.Join(dir, "data"))
	must := func(code int, part string, args ...string) string {
		t.Helper()
		got, out, errs := call(t, args...)
		if got != code || !strings.Contains(out+errs, part) {
			t.Fatalf("gongkai %v: %d, want %d with %q\n%s%s", args, got, code, part, out, errs)
		}
		return out
	}
	file := write(t, dir, "计划.txt", samplePlan)
	must(exitInvalid, "还没有建立平台", "plan", "import", file, "--as", "zhaomin")
	must(exitOK, "sysadmin", "init", "--name", "临江区", "--full", "江州市临江区")
	var book bytes.Buffer
	err := document.WriteXLSX(&book,
		document.Sheet{Name: "单位", Head: []string{"单位名称", "类型"}, Rows: func(yield func([]any, error) bool) {
			_ = yield([]any{"区财政局", "部门"}, nil) && yield([]any{"区审计局", "部门"}, nil)
		}},
		document.Sheet{Name: "人员", Head: []string{"姓名", "工号", "手机", "邮箱", "单位", "角色"}, Rows: func(yield func([]any, error) bool) {
			_ = yield([]any{"赵敏", "LJ0001", "", "", "区政府办公室", "政府办统筹"}, nil) &&
				yield([]any{"钱进", "LJ0002", "", "", "区财政局", "编辑"}, nil)
		}})
	if err != nil {
		t.Fatal(err)
	}
	must(exitOK, "单位：新增 2、修改 0、不变 0；人员：新增 2", "org", "import", write(t, dir, "单位.xlsx", book.String()))
	must(exitOK, "初始密码", "user", "add", "zhaomin", "--person", "LJ0001")
	must(exitOK, "初始密码", "user", "add", "qianjin", "--person", "钱进")

	must(exitUsage, "缺少选项 --as", "plan", "import", file)
	must(exitInvalid, "没有账号", "plan", "import", file, "--as", "nobody")
	must(exitInvalid, "没有政府办统筹的角色", "plan", "import", file, "--as", "qianjin")
	must(exitInvalid, "打不开文件", "plan", "import", filepath.Join(dir, "没有.txt"), "--as", "zhaomin")
	must(exitInvalid, "空的", "plan", "import", write(t, dir, "空.txt", ""), "--as", "zhaomin")
	must(exitInvalid, "文件夹", "plan", "parse", dir)
	out := must(exitOK, "处需要核对：/desk/drafts/", "plan", "import", file, "--as", "zhaomin")
	must(exitOK, "审计链完整", "audit", "verify")

	cfg, err := config.FromEnvironment("")
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	_, key, _ := strings.Cut(strings.TrimSpace(out), "/desk/drafts/")
	d, sheet, err := a.Plan.Draft(t.Context(), id.ID(key))
	if err != nil || d.ByName != "赵敏" || sheet.Title != "临江区2023年政务公开工作要点任务分工" {
		t.Errorf("the draft is %+v %q, %v", d, sheet.Title, err)
	}
}
