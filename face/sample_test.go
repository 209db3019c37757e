package face_test

import (
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/face/desk"
	"gongkai/face/portal"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
	"gongkai/web"
	"gongkai/web/chart"
)

// TestMain serves the sample house instead of testing it when GONGKAI_SAMPLE
// names an address; the browser tests beside it and people who change the
// styles look at it so.
func TestMain(m *testing.M) {
	address := os.Getenv("GONGKAI_SAMPLE")
	if address == "" {
		os.Exit(m.Run())
	}
	handler, err := sample(slog.New(slog.DiscardHandler))
	if err == nil {
		server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		err = server.ListenAndServe()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

var now = time.Date(2026, 6, 17, 1, 30, 0, 0, time.UTC)

// house answers what the faces ask of the kernel, with invented things.
type house struct{}

func (house) Mine(context.Context, org.Actor) ([]desk.Todo, error) {
	day := calendar.Of(now)
	return []desk.Todo{
		{Title: "建立行政规范性文件动态更新机制", Kind: "核查佐证", Href: "/desk/components", Unit: "云岭区司法局", Due: day.Add(1), Clock: "明天截止", Action: "去核查"},
		{Title: "规范财政预决算公开", Kind: "补充佐证", Href: "/desk/components", Due: day.Add(-3), Clock: "已逾期 3 个工作日", Action: "补充佐证"},
		{Title: "开展政府开放日活动", Kind: "确认任务", Href: "/desk/components", Due: day, Clock: "今天 18:00 截止", Action: "确认任务"},
		{Title: "完善政策问答库", Kind: "等待区信访办答复", Href: "/desk/components", Unit: "云岭区信访办", Others: true, Clock: "还有 4 个工作日", Action: "催办"},
		{Title: "上报工作人员配备情况", Kind: "填报", Href: "/desk/components", Action: "去填报"},
	}, nil
}

func (house) Count(context.Context, org.Actor) (int, int, error) { return 4, 1, nil }

func (house) Search(_ context.Context, _ org.Actor, ask desk.Ask) (desk.Found, error) {
	if ask.Text == "无" {
		return desk.Found{}, nil
	}
	return desk.Found{
		Kinds: []desk.Kind{{Name: "measure", Title: "举措", Count: 21}, {Name: "unit", Title: "单位", Count: 2}},
		Results: page.Of[desk.Result]{Total: 23, Ask: ask.Page, Rows: []desk.Result{
			{Title: "完善行政规范性文件集中公开", Href: "/desk/components", Kind: "举措", Unit: "云岭区司法局", On: calendar.Of(now), Parts: []desk.Part{{Text: "建立"}, {Text: ask.Text, Hit: true}, {Text: "的动态更新机制，每年至少清理一次。"}}},
		}},
	}, nil
}

func (house) SearchPublic(_ context.Context, text string, ask page.Ask) (page.Of[portal.Result], error) {
	return page.Of[portal.Result]{Total: 1, Ask: ask, Rows: []portal.Result{{Title: "关于做好端午值班工作的通知", Href: "/document", Kind: "文件", On: calendar.Of(now), Parts: []portal.Part{{Text: text, Hit: true}, {Text: "工作的通知"}}}}}, nil
}

func (house) List(_ context.Context, _ org.Actor, ask page.Ask) (page.Of[desk.Notice], error) {
	return page.Of[desk.Notice]{Total: 45, Ask: ask, Rows: []desk.Notice{
		{ID: id.New(), At: now, Title: "您的佐证被退回", Text: "链接打不开，请换成正式页面。", Href: "/desk/components", Unread: true},
		{ID: id.New(), At: now.Add(-time.Hour), Title: "云岭区司法局已确认任务"},
	}}, nil
}
func (house) Unread(context.Context, org.Actor) (int, error)     { return 2, nil }
func (house) MarkRead(context.Context, org.Actor, []id.ID) error { return nil }

type line struct {
	On          calendar.Date
	Title, Unit string
}

type matrixRow struct {
	Title string
	Cells []string
}

// components is the data of the page with all of them.
func components(f *web.Form) any {
	day := calendar.Of(now)
	states := []string{"done", "doing", "late", "slow", "", "closed", "doubt", "idle"}
	units := []string{"云岭区司法局", "云岭区财政局", "云岭区教委", "云岭区卫生健康委", "云岭区人力社保局", "云岭区民政局", "云岭区交通局", "青石街道办事处", "柳溪街道办事处", "桥头街道办事处", "云岭区信访办", "云岭区文化旅游委"}
	var matrix []matrixRow
	for i, title := range []string{"规范政务信息管理", "推进政策集中公开", "深化政策解读", "回应社会关切"} {
		row := matrixRow{Title: title}
		for j := range units {
			row.Cells = append(row.Cells, states[(i*3+j*5)%len(states)])
		}
		matrix = append(matrix, row)
	}
	rows := []web.Row{}
	for i, title := range []string{"完善行政规范性文件集中公开", "规范财政预决算公开", "开展政府开放日活动"} {
		rows = append(rows, web.Row{Key: string(id.New()), Cells: []web.Cell{
			{Text: title, Href: "/desk/components", Sub: "推进政策集中公开"}, {Text: units[i]}, {Text: day.Add(i * 9).String()}, {State: states[i]}, {Text: fmt.Sprint(30 * i)}}})
	}
	series := func(name, class string, v ...float64) chart.Series {
		return chart.Series{Name: name, Class: class, Values: v}
	}
	return struct {
		*web.Form
		Steps                       []web.Step
		Offers                      []area.Offer
		Due, Late                   web.Due
		Tabs                        []web.Tab
		Filters                     []web.Filter
		Table                       web.Table
		List                        page.Of[int]
		Units                       []string
		Matrix                      []matrixRow
		Pairs                       []web.Pair
		Events                      []web.Event
		Bars, Stacked, Lines, Spark template.HTML
	}{
		Form:  f,
		Steps: []web.Step{{Title: "下发", On: day.Add(-60), Past: true}, {Title: "确认", On: day.Add(-55), Past: true}, {Title: "办理中", Now: true}, {Title: "核查"}, {Title: "销号"}},
		Offers: []area.Offer{
			{Offer: process.Offer{Move: process.Move{Name: "confirm", Title: "确认完成"}}, Main: true},
			{Offer: process.Offer{Move: process.Move{Name: "return", Title: "退回补充", NeedReason: true}}},
			{Offer: process.Offer{Move: process.Move{Name: "close", Title: "销号"}, Why: "确认完成的人不能销号"}}},
		Due: web.Due{Sentence: "还有 6 个工作日，6 月 26 日 18:00 截止", State: "slow", Why: "自收到之日起 10 个工作日，当日不计（CAL-03）。", Days: []web.DueDay{
			{Day: day, Note: "收到当日，不计"}, {Day: day.Add(1), Counts: true, Note: "第 1 个工作日"}, {Day: day.Add(2), Note: "端午节放假"}}},
		Late:    web.Due{Sentence: "已逾期 3 个工作日，原定 6 月 12 日截止", State: "late"},
		Tabs:    []web.Tab{{Title: "全部", Href: "?", Count: 52, Now: true}, {Title: "我牵头的", Href: "?lead=1", Count: 12}, {Title: "回头看", Href: "?back=1"}},
		Filters: []web.Filter{{Name: "lead", Title: "牵头单位", Value: "a", Options: []web.Option{{Value: "a", Text: "云岭区司法局"}}}, {Name: "state", Title: "状态", Value: "late", Options: []web.Option{{Value: "late", Text: "逾期"}}}, {Name: "q", Title: "标题含"}},
		Table: web.Table{Caption: "举措", Select: "duty", Rows: rows, Columns: []web.Column{
			{Title: "举措", Name: "title"}, {Title: "单位"}, {Title: "期限", Name: "due"}, {Title: "状态"}, {Title: "进度（%）", Num: true}}},
		List: page.Of[int]{Total: 1234, Ask: page.Ask{Number: 3, Size: 20}}, Units: units, Matrix: matrix,
		Pairs: []web.Pair{{Name: "文号", Value: "云岭府办〔2026〕24号", Href: "/document"}, {Name: "牵头单位", Value: "云岭区司法局"}, {Name: "成文日期", Value: day.Chinese()}, {Name: "空的不显示"}},
		Events: []web.Event{
			{At: now, Title: "退回补充", By: "王某某，云岭区司法局", Note: "链接打不开，请换成正式页面。", State: "doubt"},
			{At: now.Add(-48 * time.Hour), Title: "提交佐证 2 件", By: "李某某，云岭区财政局"},
			{At: now.Add(-400 * time.Hour), Title: "下发", By: "系统", State: "done"}},
		Bars:    chart.Bars(chart.Chart{Title: "各单位逾期数", Says: "青石街道最多。", Unit: "项", Labels: units[:4], Series: []chart.Series{series("逾期", "late", 9, 4, 2, 0)}}),
		Stacked: chart.Stacked(chart.Chart{Title: "各牵头单位进展", Says: "司法局完成过半。", Unit: "项", Labels: units[:3], Series: []chart.Series{series("达标", "done", 12, 5, 8), series("办理中", "doing", 6, 3, 4), series("逾期", "late", 1, 2, 0)}}),
		Lines:   chart.Lines(chart.Chart{Title: "每周完成", Says: "六月加快。", Unit: "项", Labels: []string{"5月1周", "5月2周", "5月3周", "5月4周", "6月1周", "6月2周"}, Series: []chart.Series{series("今年", "", 2, 5, 9, 14, 22, 31), series("去年", "idle", 1, 3, 8, 12, 17, 20)}}),
		Spark:   chart.Spark([]float64{1, 2, 2, 5, 4, 6, 9, 8}, "近八周每周完成数，由 1 升到 8"),
	}
}

// sample is a house with frames, components and nothing behind them. The cookie
// "as" signs a person in: staff for anyone.
func sample(log *slog.Logger) (http.Handler, error) {
	home := func(title string, roles org.Role, order int, lines ...line) web.Home {
		return web.Home{Title: title, View: "sample/card", Roles: roles, Order: order, Load: func(*web.Request) (any, error) { return lines, nil }}
	}
	day := calendar.Of(now)
	d := desk.New(desk.Options{
		Name: "云岭区政务公开", Todos: house{}, Search: house{}, Notices: house{},
		Menu: []web.Menu{
			{Title: "我的待办", Href: "/desk", Mark: "待", Roles: org.Staff, Order: 1},
			{Title: "工作台账", Href: "/desk/components", Mark: "账", Roles: org.Staff, Order: 2, Count: func(*web.Request) (int, error) { return 7, nil }},
			{Title: "年度矩阵", Href: "/desk/matrix", Mark: "阵", Roles: org.Staff, Order: 3},
			{Title: "安全管理", Href: "/desk/security", Mark: "安", Roles: org.SecurityAdmin, Order: 9}},
		Home: []web.Home{home("本周动态", org.Staff, 1, line{day, "规范财政预决算公开：提交佐证", "云岭区财政局"}, line{day.Add(-1), "深化政策解读：确认达标", "云岭区司法局"})},
		Units: func(context.Context, org.Actor) ([]desk.Unit, error) {
			return []desk.Unit{{ID: "u1", Name: "云岭区政府办公室"}, {ID: "u2", Name: "云岭区大数据局"}}, nil
		},
	})
	p := portal.New(portal.Options{Government: "云岭区人民政府", Name: "政务公开", Search: house{},
		Doors: []web.Menu{{Title: "公开", Href: "/open", Roles: org.Public, Order: 1}, {Title: "政策", Href: "/document", Roles: org.Public, Order: 2}, {Title: "互动", Href: "/talk", Roles: org.Public, Order: 3}, {Title: "数据", Href: "/data", Roles: org.Public, Order: 4}},
		Sections: []web.Home{
			home("新近公开", org.Public, 1, line{day, "关于做好端午值班工作的通知", "区政府办公室"}, line{day.Add(-4), "云岭区城市更新实施办法", "区住房城乡建委"}, line{day.Add(-9), "2025年度部门决算", "区财政局"}),
			home("正在听取意见", org.Public, 2, line{day.Add(12), "云岭区养犬管理办法（征求意见稿）", "还有 12 天"})},
		Site: portal.Site{Sponsor: "云岭区人民政府办公室", Keeper: "云岭区大数据局", Code: "0000000001", ICP: "示例备 00000000 号", Contact: "地址：云岭区人民路 1 号"},
	})
	page := func(r *web.Request) (web.Reply, error) {
		return web.View("sample/components", components(web.Fill("title", "端午", "attribute", "1", "formed_on", day))).Part("rows"), nil
	}
	refuse := func(r *web.Request) (web.Reply, error) {
		f := r.Form()
		return f.Refused(fault.Fields{"title": "标题请写 4 至 60 个字", "attribute": "请选择公开属性"}.Err(), "sample/components", components(f))
	}
	return web.New(web.Options{
		Log: log, Clock: clock.At(now),
		Templates: map[string]fs.FS{"desk": d.Files(), "portal": p.Files(), "sample": os.DirFS("testdata")},
		Routes: append(append(d.Routes(), p.Routes()...),
			web.GET("/desk/components", org.Staff, page),
			web.POST("/desk/sample", org.Staff, refuse),
			web.GET("/desk/security", org.SecurityAdmin, page),
			web.GET("/document", org.Public, func(*web.Request) (web.Reply, error) { return web.View("sample/document", components(nil)), nil }),
			web.GET("/gone", org.Public, func(*web.Request) (web.Reply, error) {
				return web.Reply{}, fault.New(fault.Gone, "这份文件已于 2026年5月1日撤回，原因是内容有误。")
			}),
			web.GET("/broken", org.Public, func(*web.Request) (web.Reply, error) { return web.Reply{}, fmt.Errorf("disk on fire") })),
		WhoIs: func(r *http.Request) (org.Actor, error) {
			if c, err := r.Cookie("as"); err == nil && c.Value == "staff" {
				return org.Actor{Person: id.ID("01970000-0000-7000-8000-000000000001"), Name: "王小云", Unit: "u1", UnitName: "云岭区政府办公室", Roles: org.Coordinator}, nil
			}
			return org.Actor{}, nil
		},
		Frame: func(r *web.Request, pg *web.Page) (string, error) {
			if d.Owns(r) {
				return d.Frame(r, pg)
			}
			return p.Frame(r, pg)
		},
	})
}
