package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
