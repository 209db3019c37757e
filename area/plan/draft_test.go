package plan_test

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
)

const sample = `江澄区2022年政务公开工作要点任务分工
江澄府办〔2022〕24号
一、加强政策公开
（一）推进规范性文件公开
1．全面清理规范性文件并公布目录，2022年9月30日前完成。（牵头单位：区司法局；责任单位：各街道办事处）
2．每季度公布一次办理结果。同步更新专栏。（牵头单位：区司法局；责任单位：区发改委、区政数局）
二、夯实工作基础
（二）加强平台建设
3．持续改进政府网站栏目。（责任单位：区政府办公室、区政数局）
江州市江澄区人民政府办公室
2022年6月17日
`

// desk is a house where a plan is about to be imported.
type desk struct {
	*areatest.House
	s             *plan.Service
	office, other areatest.Visitor
	staff         areatest.Visitor
	unit          map[string]id.ID
}

func atDesk(t *testing.T, test func(t *testing.T, h *desk)) {
	t.Helper()
	var s *plan.Service
	build := func(k *area.Kernel) area.Area { s = plan.New(k); return s.Area() }
	areatest.Each(t, "2022-06-17", build, func(t *testing.T, house *areatest.House) {
		h := &desk{House: house, s: s, unit: map[string]id.ID{}}
		for _, name := range []string{"区政府办公室", "区司法局", "区发展改革委", "区大数据局", "区财政局", "东江街道办事处", "西山街道办事处"} {
			h.unit[name] = h.Unit(name)
		}
		if _, err := h.Org.PutGroup(context.Background(), org.System, org.Group{Name: "各街道办事处", Types: []org.Type{org.Street}}); err != nil {
			t.Fatal(err)
		}
		h.office = h.Person("赵敏", "区政府办公室", org.Coordinator)
		h.other = h.Person("钱亮", "区政府办公室", org.Coordinator)
		h.staff = h.Person("王芳", "区司法局", org.Disclosure)
		test(t, h)
	})
}

// upload sends a file as a browser does.
func uploadPlan(v areatest.Visitor, path, name, content string) areatest.Answer {
	body := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n--x--\r\n"
	return v.Send(path, "multipart/form-data; boundary=x", body)
}

func (h *desk) imported(t *testing.T, text string) id.ID {
	t.Helper()
	return uploadPlan(h.office, "/desk/plans/import", "分工.txt", text).Want(t, 303).Key()
}

// sheet is a draft and what it shows.
func (h *desk) sheet(t *testing.T, key id.ID) (plan.Draft, plan.Sheet) {
	t.Helper()
	d, s, err := h.s.Draft(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

func (h *desk) edit(t *testing.T, key id.ID, pairs ...string) areatest.Answer {
	t.Helper()
	d, _ := h.sheet(t, key)
	return h.office.Post("/desk/drafts/"+string(key)+"/edit", append([]string{"version", fmt.Sprint(d.Version)}, pairs...)...)
}

func TestAFileBecomesADraft(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		h.staff.Get("/desk/plans/import").Want(t, 403)
		h.office.Get("/desk/plans/import").Want(t, 200, "导入任务分工", "没有草稿")
		key := h.imported(t, sample)
		_, s := h.sheet(t, key)
		if s.Title != "江澄区2022年政务公开工作要点任务分工" || s.Number != "江澄府办〔2022〕24号" || s.Date.String() != "2022-06-17" || s.Year != 2022 {
			t.Errorf("head: %q %q %s %d", s.Title, s.Number, s.Date, s.Year)
		}
		if a, b, c := s.Counts(); a != 2 || b != 2 || c != 3 {
			t.Fatalf("%d sections, %d items, %d measures", a, b, c)
		}
		m := s.Sections[0].Items[0].Measures
		if m[0].Due != (plan.Due{Kind: plan.ByDate, On: calendar.MustParse("2022-09-30")}) || m[1].Due.Every != plan.Quarterly {
			t.Errorf("due: %+v, %+v", m[0].Due, m[1].Due)
		}
		if n := m[0].Resp[0]; len(n.Units) != 2 || n.Group == "" {
			t.Errorf("the group: %+v", n)
		}
		// Every value knows its place in the file.
		p := m[0].Lead[0].Places[0]
		lines := strings.Split(sample, "\n")
		if got := string([]rune(lines[p.Line-1])[p.From:p.To]); got != "区司法局" {
			t.Errorf("the place of 区司法局 holds %q", got)
		}
		// 区发改委 is an abbreviation; 区政数局, which stands twice, is not known.
		body := h.office.Get("/desk/drafts/"+string(key)).Want(t, 200, "还有 2 处待核对", "是简称", "出现 2 处", "不是单位，去掉", `list="units"`).Body
		if !strings.Contains(body, `data-places="s-`) || !strings.Contains(body, `id="s-4"`) {
			t.Error("no places in the page")
		}
		h.office.Get("/desk/plans/import").Want(t, 200, "分工.txt")
		h.office.Get("/desk/drafts/"+string(key)+"/file").Want(t, 200, "每季度公布一次办理结果")
	})
}

func TestWrongFilesEachGetAMessage(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		for _, c := range []struct{ name, content, want string }{
			{"空.txt", "", "文件是空的"},
			{"图.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不能读出文字"},
			{"信.txt", "各位同事：\n今天下午三点开会。\n", "没有在文件里认出工作任务"},
			{"坏.docx", "PK\x03\x04坏了", "损坏"},
			{"扫描.pdf", "%PDF-1.4\n", "PDF"},
		} {
			uploadPlan(h.office, "/desk/plans/import", c.name, c.content).Want(t, 422, c.want)
		}
		h.office.Send("/desk/plans/import", "multipart/form-data; boundary=x", "--x--\r\n").Want(t, 422, "请选择任务分工文件")
		uploadPlan(h.office, "/desk/plans/import", "大.txt", strings.Repeat("字", 7_000_000)).Want(t, 422, "超过了 20 MB 的上限")
	})
}

func TestAnswersToUnknownNamesBecomeAliases(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, sample)
		_, s := h.sheet(t, key)
		name := s.Sections[0].Items[0].Measures[1].Resp[1]
		if name.Text != "区政数局" || name.Units != nil {
			t.Fatalf("%+v", name)
		}
		h.edit(t, key, "key", fmt.Sprint(name.Key), "op", "answer", "who_name", "没有的局").Want(t, 422, "请选择单位或单位组")
		h.edit(t, key, "key", fmt.Sprint(name.Key), "answer", "unit:"+string(h.unit["区大数据局"]), "alias", "1").Want(t, 303)
		_, s = h.sheet(t, key)
		if got := s.Sections[1].Items[0].Measures[0].Resp[1].Units; len(got) != 1 || got[0] != h.unit["区大数据局"] {
			t.Errorf("the same name elsewhere: %v", got)
		}
		dir, err := h.Org.Directory(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if m := dir.Resolve("区政数局"); !m.Sure || m.Units[0] != h.unit["区大数据局"] {
			t.Errorf("not remembered: %+v", m)
		}
		// The next file knows it.
		_, s = h.sheet(t, h.imported(t, sample))
		if n := s.Open(); n != 1 {
			t.Errorf("%d doubts, want the abbreviation alone: %+v", n, s.Doubts)
		}
	})
}

func TestReviewWithUndoAndRedo(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, sample)
		_, first := h.sheet(t, key)
		m := first.Sections[0].Items[0].Measures
		path := "/desk/drafts/" + string(key)
		at := fmt.Sprint(m[1].Key)
		h.office.Get(path+"?edit="+at).Want(t, 200, "举措内容", "区政数局")
		h.office.Get(path+"?split="+at).Want(t, 200, "在此处拆分", "同步更新专栏。")
		h.edit(t, key, "op", "split", "key", at, "at", "12").Want(t, 303)
		h.edit(t, key, "op", "measure", "key", at, "text", "", "due_kind", "ongoing").Want(t, 422, "请填写举措内容")
		h.edit(t, key, "op", "measure", "key", at, "text", "每月公布办理结果。", "lead", "区财政局\n区司法局", "resp", "各街道办事处", "due_kind", "repeat", "due_every", "month", "due_times", "1").Want(t, 303)
		h.edit(t, key, "op", "down", "key", at).Want(t, 303)
		h.edit(t, key, "op", "head", "title", "江澄区2022年任务分工", "date", "2022年6月16日", "year", "2022").Want(t, 303)
		_, now := h.sheet(t, key)
		list := now.Sections[0].Items[0].Measures
		if len(list) != 3 || list[1].Text != "同步更新专栏。" || list[2].Due.Every != plan.Monthly || len(list[2].Lead) != 2 || now.Date.String() != "2022-06-16" {
			t.Fatalf("after the corrections: %+v", list)
		}
		version := func() string { d, _ := h.sheet(t, key); return fmt.Sprint(d.Version) }
		for range 4 {
			h.office.Post(path+"/turn", "version", version(), "do", "undo").Want(t, 303)
		}
		h.office.Post(path+"/turn", "version", version(), "do", "undo").Want(t, 409, "没有可以撤销的修改")
		if _, s := h.sheet(t, key); !reflect.DeepEqual(s, first) {
			t.Error("undoing everything does not restore the reading")
		}
		for range 4 {
			h.office.Post(path+"/turn", "version", version(), "do", "redo").Want(t, 303)
		}
		if _, s := h.sheet(t, key); !reflect.DeepEqual(s, now) {
			t.Error("redoing everything does not restore the corrections")
		}
		h.office.Get(path).Want(t, 200, "撤销：修改标题等基本信息", "修改记录（13）", "赵敏")
		h.office.Post(path+"/turn", "version", version(), "do", "drop").Want(t, 303)
		h.edit(t, key, "op", "merge", "key", at).Want(t, 409, "已经放弃")
	})
}

func TestASentenceIsSplitWhereThePersonWants(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, strings.Replace(sample, "3．持续改进政府网站栏目。", "3．持续改进政府网站栏目，管好政务新媒体。", 1))
		path := "/desk/drafts/" + string(key)
		list := func() []plan.SheetMeasure {
			_, s := h.sheet(t, key)
			return s.Sections[1].Items[0].Measures
		}
		at := fmt.Sprint(list()[0].Key)
		h.office.Get(path+"?split="+at).Want(t, 200, `value="11">在此处拆分`, "管好政务新媒体。", "或者填写后一条开头的几个字", `data-draft="review-`+string(key)+`-split-`+at+`"`)
		h.edit(t, key, "op", "split", "key", at, "text", "没有的字").Want(t, 422, "没有这几个字")
		h.edit(t, key, "op", "split", "key", at).Want(t, 422, "请选择拆分的位置")
		h.edit(t, key, "op", "split", "key", at, "at", "11").Want(t, 303)
		h.edit(t, key, "op", "split", "key", at, "text", "栏目").Want(t, 303)
		if m := list(); len(m) != 3 || m[0].Text != "持续改进政府网站" || m[1].Text != "栏目，" || m[2].Text != "管好政务新媒体。" || len(m[2].Resp) != 2 {
			t.Errorf("split into %+v", m)
		}
		// The end of a sentence is a place, too.
		_, s := h.sheet(t, key)
		h.office.Get(path+"?split="+fmt.Sprint(s.Sections[0].Items[0].Measures[1].Key)).Want(t, 200, `value="12">在此处拆分`)
	})
}

func TestTwoPeopleReviewTheSameDraft(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, sample)
		d, s := h.sheet(t, key)
		m := s.Sections[0].Items[0].Measures[0]
		path, seen := "/desk/drafts/"+string(key)+"/edit", fmt.Sprint(d.Version)
		h.other.Post(path, "version", seen, "op", "measure", "key", fmt.Sprint(m.Key), "text", "钱亮改的文字。", "lead", "区司法局", "due_kind", "ongoing").Want(t, 303)
		body := h.office.Post(path, "version", seen, "op", "measure", "key", fmt.Sprint(m.Key), "text", "赵敏改的文字。", "lead", "区财政局", "due_kind", "ongoing").
			Want(t, 409, "其他人的改动", "钱亮", "钱亮改的文字。", "赵敏改的文字。", "仍然保存我的修改").Body
		again := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)[1]
		h.office.Post(path, "version", again, "op", "measure", "key", fmt.Sprint(m.Key), "text", "赵敏改的文字。", "lead", "区财政局", "due_kind", "ongoing").Want(t, 303)
		// A typed form is kept by the browser under one name until it is saved.
		if !strings.Contains(body, fmt.Sprintf(`data-draft="review-%s-measure-%d"`, key, m.Key)) {
			t.Error("the browser does not know which draft the form is")
		}
		h.office.Get(fmt.Sprintf("/desk/drafts/%s?edit=%d", key, m.Key)).Want(t, 200, fmt.Sprintf(`data-draft="review-%s-measure-%d"`, key, m.Key))
		// What the other deleted meanwhile is not lost either.
		d, _ = h.sheet(t, key)
		seen = fmt.Sprint(d.Version)
		h.other.Post(path, "version", seen, "op", "delete", "key", fmt.Sprint(m.Key)).Want(t, 303)
		h.office.Post(path, "version", seen, "op", "measure", "key", fmt.Sprint(m.Key), "text", "再改一次。", "due_kind", "ongoing").Want(t, 409, "删除举措", "再改一次。")
		// A button is said in words: what it was about to do, and whether it still can.
		var short plan.Doubt
		for _, d := range s.Doubts {
			if d.Value == "区发改委" {
				short = d
			}
		}
		h.office.Post(path, "version", seen, "op", "accept", "doubt", fmt.Sprint(short.Key)).Want(t, 409, "删除举措", "您要办理的", "确认责任单位“区发改委”", "仍然办理")
		gone := h.office.Post(path, "version", seen, "op", "merge", "key", fmt.Sprint(m.Key)).Want(t, 409, "合并举措“赵敏改的文字。”与下一条", "没有找到要修改的内容").Body
		if strings.Contains(gone, "仍然办理") {
			t.Error("what cannot be done any more is offered again")
		}
		h.office.Post(path, "version", seen, "op", "answer", "key", fmt.Sprint(s.Sections[1].Items[0].Measures[0].Resp[1].Key), "who_name", "区大数据局").
			Want(t, 409, "“区政数局”是区大数据局", "仍然办理")
		h.office.Post(path, "version", seen, "op", "add-item", "key", fmt.Sprint(s.Sections[0].Key), "title", "新任务").Want(t, 409, "您的修改", "新增工作任务“新任务”", "仍然办理")
		turn := strings.TrimSuffix(path, "edit") + "turn"
		h.office.Post(turn, "version", seen, "do", "undo").Want(t, 409, "撤销：修改举措", "查看现在的草稿")
		h.office.Post(turn, "version", seen, "do", "drop").Want(t, 409, "放弃这份草稿")
	})
}

func TestADraftIsIssued(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		ctx := context.Background()
		key, doubts, err := h.s.ImportFile(ctx, h.office.Who, "分工.txt", []byte(sample))
		if err != nil || doubts != 2 {
			t.Fatalf("%d doubts, %v", doubts, err)
		}
		path := "/desk/drafts/" + string(key) + "/issue"
		h.office.Get(path).Want(t, 200, "还有 2 处待核对", "区政数局", "东江街道办事处", "3条举措")
		d, _ := h.sheet(t, key)
		h.office.Post(path, "version", fmt.Sprint(d.Version)).Want(t, 409, "还有2处待核对")
		if _, err := h.s.IssueDraft(ctx, h.office.Who, key, h.unit["区政府办公室"], false); !fault.Is(err, fault.Conflict) {
			t.Errorf("issued with open doubts: %v", err)
		}
		to := h.office.Post(path, "version", fmt.Sprint(d.Version), "sure", "1").Want(t, 303)
		lines, err := h.s.AllLines(ctx, plan.Filter{Plan: to.Key()})
		if err != nil || len(lines) != 6 {
			t.Fatalf("%d terms, %v", len(lines), err)
		}
		h.office.Get("/desk/drafts/"+string(key)).Want(t, 200, "这份草稿已经下发", "未列入不认识的单位：区政数局")
		h.edit(t, key, "op", "accept-sure").Want(t, 409, "已经下发")
		// Another plan of the year is a new version.
		again := h.imported(t, sample)
		h.office.Get("/desk/drafts/"+string(again)+"/issue").Want(t, 200, "还不能下发", "/desk/plans/"+string(to.Key())+"/revise")
	})
}

// revised is the sample in a new version: the first measure in other words, by
// another date and with another unit, the second gone, a new one.
var revised = strings.NewReplacer("全面清理规范性文件并公布目录，2022年9月30日前完成。（牵头单位：区司法局；责任单位：各街道办事处）",
	"全面清理规范性文件并集中公布目录，2022年10月31日前完成。（牵头单位：区司法局；责任单位：东江街道办事处、区财政局）",
	"2．每季度公布一次办理结果。同步更新专栏。（牵头单位：区司法局；责任单位：区发改委、区政数局）",
	"2．建立预算公开统一平台，方便群众查阅。（牵头单位：区财政局）",
	"、区政数局", "").Replace(sample)

func TestANewVersionIsComparedAndApplied(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		ctx := context.Background()
		key, _, err := h.s.ImportFile(ctx, h.office.Who, "分工.txt", []byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.s.IssueDraft(ctx, h.office.Who, key, h.unit["区政府办公室"], true)
		if err != nil {
			t.Fatal(err)
		}
		east := h.Person("周燕", "东江街道办事处", org.Disclosure)
		term := func(unit, words string) plan.Line {
			t.Helper()
			list, err := h.s.Lines(ctx, plan.Filter{Plan: p, Unit: h.unit[unit], Words: words}, page.Ask{})
			if err != nil || len(list.Rows) == 0 {
				t.Fatalf("%s has nothing with %q: %v", unit, words, err)
			}
			return list.Rows[0]
		}
		l, west := term("东江街道办事处", "清理"), term("西山街道办事处", "清理")
		if err := h.s.Move(ctx, east.Who, l.Case, "accept", process.Input{}); err != nil {
			t.Fatal(err)
		}
		if err := h.s.Report(ctx, east.Who, l.Term, 40, "已梳理"); err != nil {
			t.Fatal(err)
		}
		h.Day("2022-08-01")
		uploadPlan(h.staff, "/desk/plans/"+string(p)+"/revise", "分工2.txt", revised).Want(t, 403)
		h.office.Get("/desk/plans/"+string(p)+"/revise").Want(t, 200, "新版本")
		next := uploadPlan(h.office, "/desk/plans/"+string(p)+"/revise", "分工2.txt", revised).Want(t, 303).Key()
		path := "/desk/drafts/" + string(next)
		h.office.Get(path+"/issue").Want(t, 303)
		h.office.Get(path+"/compare").Want(t, 200, "新增 <strong>1</strong>", "删除 <strong>1</strong>", "<ins>集中</ins>", "西山街道办事处（责任）", "区财政局（责任）", "2022年9月30日前", "2022年10月31日前")
		d, _ := h.sheet(t, next)
		h.office.Post(path+"/issue", "version", fmt.Sprint(d.Version), "sure", "1").Want(t, 303)

		after := term("东江街道办事处", "清理")
		if after.Term != l.Term || after.Percent != 40 || after.Due.String() != "2022-10-31" || after.Standing.Code != "accepted" {
			t.Errorf("the duty that stays: %+v", after)
		}
		c, err := h.Cases.Get(ctx, l.Case)
		if err != nil || c.Due.String() != "2022-10-31" {
			t.Errorf("its clock: %v %v", c.Due, err)
		}
		if c, err := h.Cases.Get(ctx, west.Case); err != nil || c.State != "cancelled" {
			t.Errorf("the unit that is gone: %s %v", c.State, err)
		}
		if got := term("区财政局", "清理"); got.Standing.Code != "issued" || got.Due.String() != "2022-10-31" {
			t.Errorf("the unit that came: %+v", got)
		}
		if got := term("区财政局", "预算"); got.Role != plan.Leading {
			t.Errorf("the new measure: %+v", got)
		}

		// And back to the first version: what was retired is restored.
		h.Day("2022-09-01")
		back, _, err := h.s.ReviseFile(ctx, h.office.Who, p, "分工.txt", []byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.s.IssueDraft(ctx, h.staff.Who, back, "", true); !fault.Is(err, fault.Forbidden) {
			t.Errorf("applied by another unit: %v", err)
		}
		if _, err := h.s.IssueDraft(ctx, h.office.Who, back, "", true); err != nil {
			t.Fatal(err)
		}
		if got := term("西山街道办事处", "清理"); got.Term != west.Term || got.Standing.Code != "accepted" {
			t.Errorf("restored: %+v", got)
		}
		h.Settle()
	})
}

func TestApplyingLosesNothing(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		ctx := context.Background()
		key, _, err := h.s.ImportFile(ctx, h.office.Who, "分工.txt", []byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.s.IssueDraft(ctx, h.office.Who, key, h.unit["区政府办公室"], true)
		if err != nil {
			t.Fatal(err)
		}
		done := func() string { // everything that units have done, by its own rows
			var out []string
			for _, q := range []string{"select term || ' ' || percent || ' ' || text from plan_progress order by 1",
				"select term || ' ' || title || ' ' || verdict from plan_evidence order by 1", "select duty || ' ' || text || ' ' || due from plan_step order by 1"} {
				rows, err := h.DB.SQL().QueryContext(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				for rows.Next() {
					var line string
					if err := rows.Scan(&line); err != nil {
						t.Fatal(err)
					}
					out = append(out, line)
				}
				if err := rows.Close(); err != nil {
					t.Fatal(err)
				}
			}
			return strings.Join(out, "\n")
		}
		people := map[id.ID]areatest.Visitor{}
		for name, key := range h.unit {
			people[key] = h.Person("经办"+name, name, org.Disclosure)
		}
		lines, err := h.s.AllLines(ctx, plan.Filter{Plan: p})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			who := people[l.Unit].Who
			if err := h.s.Move(ctx, who, l.Case, "accept", process.Input{}); err != nil {
				t.Fatal(err)
			}
			if err := h.s.Report(ctx, who, l.Term, 30, "推进"); err != nil {
				t.Fatal(err)
			}
			if _, err := h.s.SaveStep(ctx, who, plan.Step{Duty: l.Duty, Text: "梳理目录", Person: who.Person, Due: calendar.MustParse("2022-08-31")}); err != nil {
				t.Fatal(err)
			}
			if _, err := h.s.AddEvidence(ctx, who, plan.Evidence{Term: l.Term, Kind: plan.Note, Title: "目录", Text: string(l.Term), DatedOn: calendar.MustParse("2022-06-17")}); err != nil {
				t.Fatal(err)
			}
		}
		before := done()
		names := []string{"区政府办公室", "区司法局", "区发展改革委", "区大数据局", "区财政局", "各街道办事处"}
		applied := 0
		check := func(rt *rapid.T) bool {
			next, _, err := h.s.ReviseFile(ctx, h.office.Who, p, "新版.txt", []byte(sample))
			if err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(1, 4).Draw(rt, "edits") {
				d, s, err := h.s.Draft(ctx, next)
				if err != nil {
					t.Fatal(err)
				}
				m := anyMeasure(rt, s)
				if m == nil {
					break
				}
				e := anyEdit(rt, s, *m, names)
				if _, err := h.s.EditDraft(ctx, h.office.Who, next, d.Version, e, false); err != nil && fault.KindOf(err) == fault.Internal {
					t.Fatal(err)
				}
			}
			_, err = h.s.IssueDraft(ctx, h.office.Who, next, "", true)
			if err != nil && fault.KindOf(err) == fault.Internal {
				t.Fatal(err)
			}
			if after := done(); after != before {
				t.Fatalf("lost by applying:\n%s\nbefore:\n%s", after, before)
			}
			if err == nil {
				applied++
			}
			return err == nil
		}
		for seed := range 12 { // each builds on what the one before left
			rapid.Custom(check).Example(seed)
		}
		if applied < 3 {
			t.Errorf("only %d versions could be applied", applied)
		}
	})
}

func anyMeasure(rt *rapid.T, s plan.Sheet) *plan.SheetMeasure {
	var all []plan.SheetMeasure
	for _, sec := range s.Sections {
		for _, it := range sec.Items {
			all = append(all, it.Measures...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &all[rapid.IntRange(0, len(all)-1).Draw(rt, "measure")]
}

// anyEdit is a correction of a measure, possible or not.
func anyEdit(rt *rapid.T, s plan.Sheet, m plan.SheetMeasure, names []string) plan.Edit {
	e := plan.Edit{Op: rapid.SampledFrom([]plan.Op{plan.OpMeasure, plan.OpMerge, plan.OpSplit, plan.OpUp, plan.OpDown, plan.OpMove, plan.OpAdd, plan.OpDelete}).Draw(rt, "op"), Key: m.Key}
	e.At = rapid.IntRange(0, len([]rune(m.Text))).Draw(rt, "at")
	e.To = s.Sections[len(s.Sections)-1].Items[0].Key
	e.Number = rapid.SampledFrom([]string{"", "1．", "（2）"}).Draw(rt, "number")
	e.Text = m.Text + rapid.SampledFrom([]string{"", "并公开。", "做好宣传"}).Draw(rt, "text")
	e.Lead = rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 2, rapid.ID).Draw(rt, "lead")
	e.Resp = rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID).Draw(rt, "resp")
	e.Due = rapid.SampledFrom([]plan.Due{m.Due, {Kind: plan.Ongoing}, {Kind: plan.ByDate, On: calendar.MustParse("2022-11-30")},
		{Kind: plan.Recurring, Every: plan.Monthly, Times: 1}}).Draw(rt, "due")
	return e
}

func TestReviewGoesOnWhereTheWorkIs(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, sample)
		path := "/desk/drafts/" + string(key)
		_, s := h.sheet(t, key)
		m, last := s.Sections[0].Items[0].Measures, s.Sections[1].Items[0].Measures[0]
		to := func(want int, fragment string, pairs ...string) {
			t.Helper()
			a := h.edit(t, key, pairs...).Want(t, want)
			if got := a.Header.Get("Location"); want == 303 && got != path+"#"+fragment {
				t.Errorf("%v leads to %s, want #%s", pairs, got, fragment)
			}
		}
		of := func(key int) string { return fmt.Sprint(key) }
		undo := func(do, fragment string) {
			t.Helper()
			d, _ := h.sheet(t, key)
			if got := h.office.Post(path+"/turn", "version", of(int(d.Version)), "do", do).Want(t, 303).Header.Get("Location"); got != path+"#"+fragment {
				t.Errorf("%s leads to %s, want #%s", do, got, fragment)
			}
		}
		// What cannot be done is not offered.
		body := h.office.Get(path).Want(t, 200).Body
		acts := func(key int) string {
			_, rest, _ := strings.Cut(body, fmt.Sprintf(`<li class="measure" id="m%d"`, key))
			row, _, _ := strings.Cut(rest, "</li>")
			return row
		}
		for _, c := range []struct {
			key   int
			op    string
			offer bool
		}{{m[0].Key, "merge", true}, {m[1].Key, "merge", false}, {last.Key, "merge", false}, {m[0].Key, "up", false}, {m[1].Key, "up", true}, {last.Key, "up", true},
			{m[1].Key, "down", true}, {last.Key, "down", false}} {
			if got := strings.Contains(acts(c.key), fmt.Sprintf(`value="%s"`, c.op)); got != c.offer {
				t.Errorf("%s of measure %d is offered: %v", c.op, c.key, got)
			}
		}
		// What is refused says so where it was tried, and keeps what was typed.
		refused := h.edit(t, key, "op", "merge", "key", of(m[1].Key)).Want(t, 409, "后面没有可以合并的").Body
		if _, row, _ := strings.Cut(refused, fmt.Sprintf(`id="m%d"`, m[1].Key)); !strings.Contains(row[:strings.Index(row, "</li>")], "后面没有可以合并的") || !strings.Contains(row[:60], "data-here") {
			t.Error("the refused merge is not said at its measure")
		}
		unknown, short := s.Doubts[0], s.Doubts[1]
		for _, d := range s.Doubts {
			if d.Value == "区政数局" && unknown.Value != d.Value {
				unknown = d
			}
			if d.Value == "区发改委" {
				short = d
			}
		}
		h.edit(t, key, "op", "answer", "key", of(unknown.Name), "doubt", of(unknown.Key), "who_name", "没有的局").
			Want(t, 422, fmt.Sprintf(`id="d%d" tabindex="-1" data-here`, unknown.Key), `value="没有的局"`)
		// The next question comes behind an answer, the measure behind a deletion.
		to(303, "d"+of(short.Key), "op", "answer", "key", of(unknown.Name), "doubt", of(unknown.Key), "answer", "unit:"+string(h.unit["区大数据局"]))
		undo("undo", "d"+of(unknown.Key))
		undo("redo", "m"+of(m[1].Key))
		to(303, "doubts", "op", "accept", "doubt", of(short.Key))
		undo("undo", "d"+of(short.Key))
		to(303, "m"+of(m[1].Key), "op", "delete", "key", of(m[0].Key))
		undo("undo", "m"+of(m[0].Key))
		to(303, "m"+of(m[0].Key), "op", "delete", "key", of(m[1].Key))
		to(303, "m"+of(s.Sections[1].Items[0].Key), "op", "delete", "key", of(last.Key))
		to(303, "m"+of(s.Sections[1].Key), "op", "delete", "key", of(s.Sections[1].Items[0].Key))
		to(303, "m"+of(s.Sections[0].Key), "op", "delete", "key", of(s.Sections[1].Key))
		to(303, "m"+of(m[0].Key), "op", "split", "key", of(m[0].Key), "at", "5")
	})
}
