package app

import (
	"bytes"
	"context"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// upload sends a form with one file.
func (b *browser) upload(code int, path, text, name string, data []byte, pairs ...string) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	file, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write(data)
	}
	for i := 0; err == nil && i+1 < len(pairs); i += 2 {
		err = w.WriteField(pairs[i], pairs[i+1])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	b.handler.ServeHTTP(answer, r)
	if answer.Code != code || !strings.Contains(answer.Body.String(), text) {
		b.t.Fatalf("POST %s: %d, want %d with %q: %.3000s", path, answer.Code, code, text, answer.Body.String())
	}
}

// people is a workbook with one good row and one of a unit nobody knows.
func people(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	err := document.WriteXLSX(&out, document.Sheet{Name: "人员", Head: []string{"姓名", "工号", "手机", "邮箱", "单位", "角色"},
		Rows: func(yield func([]any, error) bool) {
			_ = yield([]any{"柳依依", "JC7101", "19900007101", "", "区财政局", "编辑"}, nil) &&
				yield([]any{"石磊", "JC7102", "19900007102", "", "区不存在局", "编辑"}, nil)
		}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnitsAndPeopleOnTheirPages(t *testing.T) {
	a := house(t)
	ctx := context.Background()
	sys := a.browser(t)
	sys.signIn("sysadmin", DemoPassword)
	number := func(n string) org.Person {
		t.Helper()
		p, err := a.Org.PersonNumbered(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}

	t.Run("a workbook with a bad row saves nothing, or the good rows when told so", func(t *testing.T) {
		sys.upload(422, "/desk/org/import", "人员表第 3 行", "人员.xlsx", people(t))
		if _, err := a.Org.PersonNumbered(ctx, "JC7101"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the good row: %v", err)
		}
		sys.upload(200, "/desk/org/import", "人员：新增 1", "人员.xlsx", people(t), "good", "1")
		number("JC7101")
		sys.upload(422, "/desk/org/import", "", "人员.xlsx", []byte("not a workbook"))
		sys.want(422, "POST", "/desk/org/import", "请选择要导入的 Excel 文件")
	})
	t.Run("the disclosure office is kept by its own people", func(t *testing.T) {
		units, err := a.Org.Units(ctx, org.UnitAsk{Text: "区司法局"})
		if err != nil {
			t.Fatal(err)
		}
		at := "/desk/units/" + string(units.Rows[0].ID)
		own, other := a.browser(t), a.browser(t)
		own.signIn("sifa", DemoPassword)
		other.signIn("caizheng", DemoPassword)
		other.want(403, "GET", at+"/office", "")
		page := own.want(200, "GET", at+"/office", "").Body.String()
		version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)[1]
		form := []string{"version", version, "name", "政务公开科", "head", "徐永刚", "phone", "00000000", "person-0", "徐永刚", "post-0", "科长",
			"full-0", "1", "from-0", "2021-01-01", "trained-0", "2022-05-10、2022-06-01"}
		own.want(422, "POST", at+"/office", "培训日期请写成", append([]string{"trained-0", "昨天"}, form...)...)
		own.want(303, "POST", at+"/office", "", form...)
		own.want(200, "GET", at, "政务公开科")
		own.want(200, "GET", at+"/office", "2022-05-10、2022-06-01")
		own.want(409, "POST", at+"/office", "", form...) // its version is past
	})
	t.Run("an absence is entered and ended", func(t *testing.T) {
		who, stand := number("JC0201"), number("JC0202")
		at := "/desk/people/" + string(who.ID)
		sys.want(422, "POST", at+"/absences", "", "substitute", "", "away_from", "2022-06-17", "away_to", "2022-06-24")
		sys.want(303, "POST", at+"/absences", "", "substitute", string(stand.ID), "away_from", "2022-06-17", "away_to", "2022-06-24", "reason", "出差")
		sys.want(200, "GET", at, stand.Name)
		own, _, err := a.Org.Absences(ctx, who.ID)
		if err != nil || len(own) != 1 {
			t.Fatalf("%v, %v", own, err)
		}
		sys.want(303, "POST", at+"/absences/"+string(own[0].ID)+"/end", "")
	})
	t.Run("who leaves cannot sign in, and may come back", func(t *testing.T) {
		who, heir := number("JC0301"), number("JC0302")
		at := "/desk/people/" + string(who.ID)
		gone := a.browser(t)
		gone.signIn("caizheng", DemoPassword)
		sys.want(303, "POST", at+"/leave", "", "heir", string(heir.ID), "leave_on", "2022-06-17")
		gone.want(303, "GET", "/desk", "")
		gone.want(403, "POST", "/sign-in", "", "login", "caizheng", "password", DemoPassword)
		sys.want(200, "GET", at, "离岗")
		sys.want(303, "POST", at+"/return", "")
		sys.want(200, "GET", "/desk/people?q=JC0301", who.Name)
	})
	t.Run("a group is saved, changed, and dropped", func(t *testing.T) {
		sys.want(422, "POST", "/desk/groups", "", "name", "")
		sys.want(303, "POST", "/desk/groups", "", "name", "各园区", "aliases", "园区\n各开发区", "types", "committee")
		dir, err := a.Org.Directory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range dir.Groups() {
			if g.Name != "各园区" {
				continue
			}
			at := "/desk/groups/" + string(g.ID)
			sys.want(200, "GET", at, "各开发区")
			sys.want(303, "POST", at, "", "name", "各产业园区", "types", "committee", "version", "1")
			sys.want(409, "POST", at, "已被别人改为：各产业园区", "name", "园区", "types", "committee", "version", "1")
			sys.want(303, "POST", at+"/drop", "", "version", "2")
			return
		}
		t.Error("the group is not there")
	})
	t.Run("days off of the district wait for a second person", func(t *testing.T) {
		sys.want(422, "POST", "/desk/calendar/2022/local", "写法不对", "local", "建区纪念日")
		sys.want(422, "POST", "/desk/calendar/2022/local", "日期不对", "local", "2023-11-18 建区纪念日")
		sys.want(303, "POST", "/desk/calendar/2022/local", "", "local", "2022-11-17 至 2022-11-18 建区纪念日\n2022-12-20 冬至放假")
		sys.want(409, "POST", "/desk/calendar/2022/local", "等待核对", "local", "2022-11-18 建区纪念日")
		other := a.browser(t)
		other.signIn("sysadmin2", DemoPassword)
		page := other.want(200, "GET", "/desk/calendar/2022/confirm", "建区纪念日").Body.String()
		hidden := regexp.MustCompile(`name="version" value="(\d+)"><input type="hidden" name="seen" value="(\d+)"`).FindStringSubmatch(page)
		if hidden == nil {
			t.Fatalf("no form in %s", page)
		}
		sys.want(403, "POST", "/desk/calendar/2022/confirm", "", "version", hidden[1], "seen", hidden[2])
		other.want(303, "POST", "/desk/calendar/2022/confirm", "", "version", hidden[1], "seen", hidden[2])
		if free := a.Days().Year(2022).Local; len(free) != 2 || a.Days().Working(free[0].To) {
			t.Errorf("in force: %v", free)
		}
		sys.want(200, "GET", "/desk/calendar/2022/local", "2022-11-17 至 2022-11-18 建区纪念日")
		sys.want(303, "POST", "/desk/calendar/2022/local", "", "local", "")
		sys.want(303, "POST", "/desk/calendar/2022/discard", "")
	})
}

func TestRobotsAndWhatCouldNotBeDelivered(t *testing.T) {
	heard, answer := []string{}, http.StatusNotFound
	group := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		heard = append(heard, string(text))
		w.WriteHeader(answer)
		_, _ = io.WriteString(w, `{"errcode":0}`)
	}))
	t.Cleanup(group.Close)
	cfg := demoData(t)
	cfg.Allow = "127.0.0.0/8"
	a := houseOn(t, cfg)
	ctx := context.Background()
	sys := a.browser(t)
	sys.signIn("sysadmin", DemoPassword)
	office, err := a.Org.PersonNumbered(ctx, "JC0001")
	if err != nil {
		t.Fatal(err)
	}
	units, err := a.Org.UnitsOf(ctx, office.ID, a.today())
	if err != nil {
		t.Fatal(err)
	}
	unit := units[0].ID
	sys.want(200, "GET", "/desk/system/robots", "还没有群机器人")
	sys.want(200, "GET", "/desk/system/robots/new", "企业微信")
	sys.want(422, "POST", "/desk/system/robots", "https://", "title", "工作群", "format", "wecom", "mode", "urgent", "address", "group")
	sys.want(303, "POST", "/desk/system/robots", "", "title", "工作群", "format", "wecom", "mode", "urgent", "unit", string(unit), "address", group.URL+"/key-0001", "secret", "sign-0001")
	list, err := a.Notices.Robots(ctx)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	at := "/desk/system/robots/" + string(list[0].ID)
	for _, path := range []string{at, "/desk/system/robots"} {
		if page := sys.want(200, "GET", path, "工作群").Body.String(); strings.Contains(page, "key-0001") || strings.Contains(page, "sign-0001") {
			t.Errorf("%s shows the address or the secret", path)
		}
	}
	sys.want(303, "POST", at, "", "title", "政务公开工作群", "format", "wecom", "mode", "urgent", "unit", string(unit), "version", "1", "no_secret", "1")
	sys.want(409, "POST", at, "已被别人改为：政务公开工作群", "title", "旧名称", "format", "wecom", "mode", "urgent", "version", "1")
	if list, err = a.Notices.Robots(ctx); err != nil || list[0].Address.Reveal() != group.URL+"/key-0001" || list[0].Secret != "" || list[0].Title != "政务公开工作群" {
		t.Errorf("saved: %v, %v", list, err)
	}

	// What the group does not take stands in the list, and goes out again by hand.
	if err := a.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return a.Notices.Send(ctx, tx, notify.Message{Kind: "urge", Title: "台账催办", Urgent: true, Link: "/desk", To: []notify.Recipient{{Unit: unit, Role: org.Coordinator}}})
	}); err != nil {
		t.Fatal(err)
	}
	settle := func() {
		t.Helper()
		if err := a.Jobs.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	settle()
	sys.want(200, "GET", "/desk/system/deliveries", "群机器人返回状态 404")
	failed, err := a.Notices.Deliveries(ctx, notify.DeliveryAsk{State: notify.Failed})
	if err != nil || len(failed.Rows) != 1 {
		t.Fatalf("%+v, %v", failed, err)
	}
	answer = http.StatusOK
	a.DB.Clock().(interface{ Advance(time.Duration) }).Advance(time.Minute)
	sys.want(303, "POST", "/desk/system/deliveries/"+string(failed.Rows[0].ID)+"/retry", "")
	settle()
	sys.want(200, "GET", "/desk/system/deliveries?state=sent", "台账催办")
	if len(heard) != 2 || !strings.Contains(heard[1], "台账催办") {
		t.Errorf("the group heard %q", heard)
	}
	sys.want(303, "POST", at+"/drop", "")
	sys.want(404, "GET", at, "")
}

func TestMailToAServerThatCannotBeTrustedStandsOnTheDesk(t *testing.T) {
	server := httptest.NewTLSServer(nil) // of an authority that no machine trusts
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	cfg := demoData(t)
	cfg.SMTP.Host, cfg.SMTP.Port, cfg.SMTP.TLS, cfg.SMTP.From = "127.0.0.1", server.Listener.Addr().(*net.TCPAddr).Port, "tls", "zwgk@jiangcheng.example"
	a := houseOn(t, cfg)
	ctx := context.Background()
	person, err := a.Org.PutPerson(ctx, org.System, org.Person{Name: "秦晓月", Email: "qin@jiangcheng.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return a.Notices.Send(ctx, tx, notify.Message{Kind: "urge", Title: "台账催办", Urgent: true, Link: "/desk", To: []notify.Recipient{{Person: person}}})
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Jobs.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	sys := a.browser(t)
	sys.signIn("sysadmin", DemoPassword)
	sys.want(200, "GET", "/desk/system/deliveries?state=again", "邮件服务器的证书不能核实")
}
