package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/report"
	"gongkai/kernel/calendar"
)

// at reads an instant of China's time.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// finding is an identified finding.
func finding(f fact.Finding) fact.Finding {
	f.Identify()
	return f
}

const home = "http://www.example.gov.cn/"

// sample is a run over a portal with something of every kind in it.
func sample() *fact.Report {
	return &fact.Report{
		Site: home, Name: "示例区人民政府门户网站", T0: at("2026-06-30 12:00"), Round: 2, Pages: 1234,
		Started: at("2026-06-30 12:00"), Ended: at("2026-06-30 12:41"),
		Columns: []fact.Column{
			{Name: "示例要闻", URL: home + "xw/", Class: fact.News, Level: 1, Latest: at("2026-06-29 08:00"), Items: 40},
			{Name: "通知公告", URL: home + "gg/", Class: fact.NoticeList, Level: 1, Latest: at("2025-12-01 08:00"), Items: 20},
			{Name: "规划计划", URL: home + "gh/", Level: 2, Blank: true, Site: "www.example.gov.cn"},
			{Name: "机构职能", URL: home + "jg/", Class: fact.Static, Level: 1},
		},
		Items: []fact.Item{
			{URL: home + "xw/1.html", Title: "全区防汛工作会议召开", Date: calendar.MustParse("2026-06-29"), Source: "区融媒体中心", Unit: "区应急管理局", Column: "示例要闻"},
			{URL: home + "gg/2.html", Title: "关于端午节放假的通知", Number: "示政办〔2026〕8号", Column: "通知公告"},
		},
		Findings: []fact.Finding{
			finding(fact.Finding{Check: "WEB-60", Indicator: "D4.3", URL: home + "gone.html", On: home, State: fact.Fail, Confirmed: true, What: "链接打不开", Seen: "锚文本“办事大厅”，状态码 404", Mend: "改正地址或去掉这个链接。", Count: 12, Points: 1, At: at("2026-06-30 12:05"), Proof: strings.Repeat("ab", 32)}),
			finding(fact.Finding{Check: "WEB-10", Indicator: "V1.1", URL: home + "xw/1.html", On: home + "xw/", Key: "病句", State: fact.Proposed, What: "疑似严重表述错误", Seen: "“……”", At: at("2026-06-30 12:06")}),
			finding(fact.Finding{Check: "WEB-47", Also: []string{"WEB-23"}, Indicator: "D1.8", URL: home + "gh/", On: home, State: fact.Fail, What: "栏目空白", Seen: "暂无数据", Mend: "补上内容，或者撤掉栏目。", Points: 0.5, At: at("2026-06-30 12:07")}),
			finding(fact.Finding{Check: "NORM-03", URL: home, On: home, Key: "SiteDomain", State: fact.NotDecided, What: "缺少页面标签 SiteDomain", At: at("2026-06-30 12:08")}),
			finding(fact.Finding{Check: "WEB-11", Indicator: "V1.2", URL: home + "files/jimi.doc", On: home + "gk/", State: fact.Proposed, Secret: true, What: "附件带密级标志", Seen: "机密★10年", Mend: "立即下线", Proof: strings.Repeat("cd", 32), At: at("2026-06-30 12:09")}),
		},
		Decided: map[string]fact.State{"V1.1": fact.Proposed, "V1.2": fact.Proposed, "V2": fact.NotDecided, "D4.3": fact.Fail, "D1.8": fact.Fail},
		Result: fact.Result{
			Scheme: "2019-04 试用", Waiting: []string{"V1.1：疑似严重表述错误 1 处", "V1.2：" + home + "files/jimi.doc 带密级标志"}, Scored: true, Score: 86.5,
			Lines: []fact.Line{
				{Indicator: "V1.1", Title: "严重表述错误", State: fact.Proposed, Reason: "1 处待确认"},
				{Indicator: "V1.2", Title: "泄露国家秘密", State: fact.Proposed, Reason: "机密★10年"},
				{Indicator: "V2", Title: "站点无法访问", State: fact.NotDecided, Reason: "需要连续7天的访问记录"},
				{Indicator: "D1.8", Title: "其他栏目", Points: 5, Lost: 0.5, State: fact.Fail, Unconfirmed: true},
				{Indicator: "D4.3", Title: "可用性", Points: 5, Lost: 1, State: fact.Fail, Unconfirmed: true},
			},
		},
		Notes: []string{"有 3 个地址因 robots.txt 没有访问。"},
	}
}

// round is the round before sample: the broken link was there, another is gone.
func round() *fact.Report {
	r := sample()
	r.T0, r.Round = at("2026-05-30 12:00"), 1
	r.Findings = []fact.Finding{r.Findings[0], finding(fact.Finding{Check: "WEB-60", Indicator: "D4.3", URL: home + "old.html", On: home, State: fact.Fail, What: "链接打不开，已换", At: at("2026-05-30 12:01")}), r.Findings[4]}
	r.Findings[0].At = at("2026-04-30 12:01")
	return r
}

func asJSON(t *testing.T, r *fact.Report, x report.Extra) (map[string]any, string) {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r, x); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return out, b.String()
}

func TestJSONHoldsWhatWasPromised(t *testing.T) {
	got, text := asJSON(t, sample(), report.Extra{Before: round()})
	if got["site"] != home || got["pages"] != 1234.0 || got["t0"] != "2026-06-30T12:00:00+08:00" || got["verdict"] != "待核实" {
		t.Errorf("head: %v", got)
	}
	columns, items, findings := got["columns"].([]any), got["items"].([]any), got["findings"].([]any)
	if c := columns[0].(map[string]any); c["name"] != "示例要闻" || c["url"] != home+"xw/" || c["kind"] != "news" || c["latest"] != "2026-06-29" {
		t.Errorf("column: %v", c)
	}
	if c := columns[2].(map[string]any); c["kind"] != "other" || c["latest"] != "" || c["blank"] != true {
		t.Errorf("column without class and date: %v", c)
	}
	if i := items[0].(map[string]any); i["url"] != home+"xw/1.html" || i["title"] != "全区防汛工作会议召开" || i["date"] != "2026-06-29" || i["source"] != "区融媒体中心" || i["unit"] != "区应急管理局" || i["number"] != "" || i["column"] != "示例要闻" {
		t.Errorf("item: %v", i)
	}
	if i := items[1].(map[string]any); i["date"] != "" || i["number"] != "示政办〔2026〕8号" {
		t.Errorf("item without date: %v", i)
	}
	byCheck := map[string]map[string]any{}
	for _, f := range findings {
		byCheck[f.(map[string]any)["check"].(string)] = f.(map[string]any)
	}
	f := byCheck["WEB-60"]
	if f["indicator"] != "D4.3" || f["url"] != home+"gone.html" || f["on"] != home || f["state"] != "FAIL" || f["what"] != "链接打不开" || f["seen"] != "锚文本“办事大厅”，状态码 404" || f["unconfirmed"] != true {
		t.Errorf("finding: %v", f)
	}
	if f["since"] != "2026-04-30T12:01:00+08:00" {
		t.Errorf("a finding seen before is as old as it was then: %v", f["since"])
	}
	if also := byCheck["NORM-03"]["also"].([]any); len(also) != 0 || byCheck["NORM-03"]["count"] != 1.0 {
		t.Errorf("empty lists and counts: %v", byCheck["NORM-03"])
	}
	if m := got["mended"].([]any); len(m) != 1 || m[0].(map[string]any)["url"] != home+"old.html" {
		t.Errorf("mended: %v", m)
	}
	if strings.Contains(text, "null") {
		t.Errorf("null in %s", text)
	}
}

func TestJSONOfNothing(t *testing.T) {
	got, text := asJSON(t, &fact.Report{}, report.Extra{})
	for _, key := range []string{"columns", "items", "findings", "notes", "mended"} {
		if list, ok := got[key].([]any); !ok || len(list) != 0 {
			t.Errorf("%s: %v", key, got[key])
		}
	}
	if strings.Contains(text, "null") || got["t0"] != "" {
		t.Error(text)
	}
	if got["verdict"] != "未发现不合格情形" {
		t.Errorf("a run that decided nothing says %v", got["verdict"])
	}
}

func TestJSONCannotBeBroken(t *testing.T) {
	r := sample()
	r.Findings[0].Points, r.Result.Score = math.NaN(), math.Inf(1)
	r.Findings[0].Seen = "\xff\x00\u2028</script>"
	if _, text := asJSON(t, r, report.Extra{}); strings.Contains(text, "\u2028") {
		t.Error("a line separator stands bare")
	}
}

func TestJSONSecret(t *testing.T) {
	t.Run("WEB-11 the text of a secrecy finding is left out, also where others repeat it", func(t *testing.T) {
		got, text := asJSON(t, sample(), report.Extra{Before: round()})
		if got["secret"] != 1.0 {
			t.Errorf("count: %v", got["secret"])
		}
		for _, s := range []string{"jimi.doc", "机密★10年", "附件带密级标志", "WEB-11", strings.Repeat("cd", 32)} {
			if strings.Contains(text, s) {
				t.Errorf("report.json says %q", s)
			}
		}
	})
	t.Run("WEB-11 who runs it on his own machine may see it", func(t *testing.T) {
		got, text := asJSON(t, sample(), report.Extra{Secret: true})
		if len(got["findings"].([]any)) != 5 || !strings.Contains(text, "jimi.doc") || !strings.Contains(text, "机密★10年") {
			t.Error(text)
		}
	})
}

func TestJSONScore(t *testing.T) {
	r := sample()
	r.Result.Scored = false
	if _, text := asJSON(t, r, report.Extra{}); strings.Contains(text, `"points"`) || strings.Contains(text, `"score":`) {
		t.Error("WEB-07 a site that is not scored has points")
	}
}

func TestReadGivesBackARound(t *testing.T) {
	var b bytes.Buffer
	if err := report.JSON(&b, sample(), report.Extra{Before: round()}); err != nil {
		t.Fatal(err)
	}
	got, err := report.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := sample()
	if got.Site != want.Site || !got.T0.Equal(want.T0) || got.Pages != want.Pages || len(got.Columns) != 4 || len(got.Findings) != 4 || len(got.Result.Lines) != 5 {
		t.Fatalf("%+v", got)
	}
	i := slices.IndexFunc(got.Findings, func(f fact.Finding) bool { return f.Check == "WEB-60" })
	if f := got.Findings[i]; f.ID != want.Findings[0].ID || !f.At.Equal(at("2026-04-30 12:01")) || !f.Confirmed || f.Points != 1 {
		t.Errorf("%+v", f)
	}
	if _, err := report.Read(strings.NewReader("{")); err == nil {
		t.Error("half a file is read")
	}
	if r, err := report.Last(t.TempDir()); r != nil || err != nil {
		t.Errorf("an empty folder: %v %v", r, err)
	}
}

func TestJSONStreams(t *testing.T) {
	r := sample()
	r.Items = make([]fact.Item, 200_000)
	for i := range r.Items {
		r.Items[i] = fact.Item{URL: home + "xw/" + strings.Repeat("1", 40), Title: "全区防汛工作会议召开", Date: calendar.MustParse("2026-06-29"), Column: "示例要闻"}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := &watch{from: before.HeapAlloc}
	if err := report.JSON(peak, r, report.Extra{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if peak.most > 16<<20 {
		t.Errorf("200,000 items need %d MB more while they are written", peak.most>>20)
	}
	if peak.bytes < 30<<20 {
		t.Errorf("only %d bytes", peak.bytes)
	}
}

// watch counts bytes and looks at the heap every few megabytes.
type watch struct {
	from, most  uint64
	bytes, next int
}

func (w *watch) Write(p []byte) (int, error) {
	if w.bytes += len(p); w.bytes >= w.next {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > w.from {
			w.most = max(w.most, m.HeapAlloc-w.from)
		}
		w.next = w.bytes + 8<<20
	}
	return len(p), nil
}
