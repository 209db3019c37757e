package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/report"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
)

// written is a report as its files.
type written struct{ html, bulletin, sheets, json string }

func write(t *testing.T, r *fact.Report, x report.Extra) (dir string, w written) {
	t.Helper()
	dir = t.TempDir()
	if err := report.Write(dir, r, x); err != nil {
		t.Fatal(err)
	}
	return dir, readFiles(t, dir)
}

func readFiles(t *testing.T, dir string) (w written) {
	t.Helper()
	get := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	w.html, w.json = string(get(report.PageFile)), string(get(report.DataFile))
	w.bulletin = text(t, report.BulletinFile, get(report.BulletinFile))
	w.sheets = text(t, report.SheetFile, get(report.SheetFile))
	return w
}

// text is all that stands in an office file, cells of a row parted by bars.
func text(t *testing.T, name string, data []byte) string {
	t.Helper()
	doc, err := document.Read(t.Context(), name, data, document.DefaultLimits())
	if err != nil {
		t.Fatalf("%s cannot be read back: %v", name, err)
	}
	var b strings.Builder
	for _, block := range doc.Blocks {
		if block.Para != nil {
			b.WriteString(block.Para.Number + block.Para.Text + "\n")
			continue
		}
		fmt.Fprintf(&b, "[%s]\n", block.Table.Name)
		row := 0
		for _, c := range block.Table.Cells {
			if c.Row != row {
				b.WriteByte('\n')
				row = c.Row
			}
			for _, p := range c.Paras {
				b.WriteString(p.Text)
			}
			b.WriteByte('|')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func has(t *testing.T, where, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q", where, w)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func lacks(t *testing.T, where, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%s says %q", where, w)
		}
	}
}

func TestFilesSayWhatWasFound(t *testing.T) {
	_, w := write(t, sample(), report.Extra{Before: round(), Now: at("2026-06-30 13:00")})
	has(t, "report.html", w.html, "示例区人民政府门户网站", "待核实", "得分 86.5 ※", "1,234个页面、4个栏目、2条信息",
		"发现问题3处，其中可以确定的2处，需要人工确认的1处", "与上次（2026年5月30日）相比，已整改1处，新增2处，仍未整改1处",
		"涉密标志疑点 1 处，请由保密人员查看", "D4.3 可用性", "未与文件核对", "链接打不开，已换", "2026-04-30", "共12个页面", "超期", "空白",
		"有 3 个地址因 robots.txt 没有访问。", `href="http://www.example.gov.cn/gone.html" rel="noreferrer noopener"`)
	has(t, "bulletin.docx", w.bulletin, "关于示例区人民政府门户网站检查情况的通报", "国办秘函〔2019〕19号", "监测时间点为2026年6月30日 12:00", "一、检查时间和范围",
		"二、总体情况", "三、主要问题", "（二）发布解读", "1. 可用性（D4.3）：1处。如：链接打不开（附件第3项）。", "四、整改要求", "年　　月　　日前完成", "附件：问题清单",
		"3|D4.3|链接打不开：锚文本“办事大厅”，状态码 404|/gone.html|/|已复核|", "涉密标志疑点1处")
	has(t, "findings.xlsx", w.sheets, "[问题清单]", "[指标]", "[栏目]", "[信息条目]", "3|D4.3|可用性|已复核|链接打不开|锚文本“办事大厅”，状态码 404|"+home+"gone.html|"+home+"|12|改正地址或去掉这个链接。|2026-04-30|仍未整改|WEB-60|1|※未核对|",
		"D4.3|可用性|功能设计|不达标|5|1|※未核对|", "通知公告|"+home+"gg/|通知公告|1|2025-12-01|211|超期|20|", "全区防汛工作会议召开|2026-06-29|示例要闻|区融媒体中心|区应急管理局|http")
	t.Run("WEB-11 no file shows what the secrecy officer alone may see", func(t *testing.T) {
		for name, s := range map[string]string{"html": w.html, "docx": w.bulletin, "xlsx": w.sheets, "json": w.json} {
			lacks(t, name, s, "jimi.doc", "机密★10年", "附件带密级标志", "立即下线")
		}
	})
	t.Run("WEB-11 the option opens report.json alone", func(t *testing.T) {
		dir, w := write(t, sample(), report.Extra{Secret: true})
		has(t, "json", w.json, "jimi.doc")
		for name, s := range map[string]string{"html": w.html, "docx": w.bulletin, "xlsx": w.sheets} {
			lacks(t, name, s, "jimi.doc", "机密★10年")
		}
		if info, err := os.Stat(filepath.Join(dir, report.DataFile)); err != nil || info.Mode().Perm() != 0o600 {
			t.Error("others can read the secret file")
		}
	})
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*fact.Report)
		want string
	}{
		{"WEB-01 a confirmed veto ends it", func(r *fact.Report) {
			r.Result.Unqualified, r.Result.Scored = []string{"V4.3：空白栏目 6 个"}, false
		}, "不合格"},
		{"WEB-02 59.9 is unqualified", func(r *fact.Report) { r.Result.Waiting, r.Result.Score = nil, 59.9 }, "不合格"},
		{"WEB-02 60.0 is not", func(r *fact.Report) { r.Result.Waiting, r.Result.Score = nil, 60 }, "未发现不合格情形"},
		{"WEB-10 what waits is not unqualified", func(r *fact.Report) {}, "待核实"},
		{"all vetoes decided", func(r *fact.Report) {
			r.Result.Waiting, r.Decided = nil, nil
			for i := range r.Result.Lines[:3] {
				r.Result.Lines[i].State = fact.Pass
			}
		}, "合格"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sample()
			c.set(r)
			got, _ := asJSON(t, r, report.Extra{})
			if got["verdict"] != c.want {
				t.Errorf("%v, want %s", got["verdict"], c.want)
			}
		})
	}
	r := sample()
	r.Result.Unqualified, r.Result.Waiting, r.Result.Scored = []string{"V4.3：空白栏目 6 个"}, []string{"V1.1：待确认"}, false
	_, w := write(t, r, report.Extra{})
	has(t, "WEB-01 html", w.html, "不合格", "V4.3：空白栏目 6 个", "另有以下情形等待核实", "扣分指标和加分指标不计分")
	lacks(t, "WEB-07 html", w.html, "得分", "扣0.5分", `data-label="分值"`)
	lacks(t, "WEB-07 docx", w.bulletin, "得分")
	lacks(t, "WEB-07 xlsx", w.sheets, "扣分")
}

func TestWhatAStoppedRunDidNotSeeIsNotMended(t *testing.T) {
	r := sample()
	r.Stopped = "到了页数上限 1000"
	got, _ := asJSON(t, r, report.Extra{Before: round()})
	if n := len(got["mended"].([]any)); n != 0 {
		t.Errorf("%d mended", n)
	}
	_, w := write(t, r, report.Extra{Before: round()})
	has(t, "html", w.html, "本次检查到此为止的原因：", "到了页数上限 1000", "已整改0处", "上次的问题有1处本次没有查到，不能算作已整改", "本次没有查到")
	has(t, "docx", w.bulletin, "本次没有查完：到了页数上限 1000。")
	r = sample()
	r.Decided["D4.3"] = fact.NotDecided
	if got, _ := asJSON(t, r, report.Extra{Before: round()}); len(got["mended"].([]any)) != 0 {
		t.Error("an indicator that was not decided mends nothing")
	}
}

// nasty are texts as a hostile site sends them.
var nasty = []string{
	`"><script>alert(1)</script>`, `javascript:alert(1)`, `JaVaScRiPt://x/%0aalert(1)`, `data:text/html,<script>1</script>`, "http://evil.example/\"onmouseover=alert(1) x=\"",
	"=cmd|'/c calc'!A1", "+1+1", "-1", "@SUM(1)", "\x00\x01\x1b[31m", "\xff\xfe\xc3", "\u202egpj.exe", "\u2066x\u2069\u200b", "</style><img src=x onerror=1>", "{{.Secret}}", "]]>&amp;&lt;",
	strings.Repeat("长", 50_000), "http://" + strings.Repeat("a", 5000) + ".example/", "https://user:pw@www.example.gov.cn/", "//evil.example/x", "vbscript:x", "\ufffe\uffff", "file:///etc/passwd", "http:\\\\evil.example",
}

func hostile(i int) *fact.Report {
	at := func(n int) string { return nasty[(i*7+n)%len(nasty)] }
	r := sample()
	r.Site, r.Name, r.Stopped, r.Notes = at(0), at(1), at(2), []string{at(3)}
	for n := range 6 {
		r.Findings = append(r.Findings, finding(fact.Finding{Check: at(n), Indicator: at(n + 1), URL: at(n + 2), On: at(n + 3), Key: at(n + 4), What: at(n + 5), Seen: at(n + 6), Mend: at(n + 7), Also: []string{at(n + 8)}, State: fact.State(at(n)), Proof: "../../" + at(n)}))
		r.Columns = append(r.Columns, fact.Column{Name: at(n + 9), URL: at(n + 10), Class: fact.Class(at(n + 11)), Site: at(n + 12)})
		r.Items = append(r.Items, fact.Item{URL: at(n + 13), Title: at(n + 14), Source: at(n + 15), Unit: at(n + 16), Number: at(n + 17), Column: at(n + 18)})
		r.Result.Lines = append(r.Result.Lines, fact.Line{Indicator: at(n + 1), Title: at(n + 19), Reason: at(n + 20), State: fact.State(at(n + 21))})
	}
	r.Result.Waiting, r.Result.Scheme = []string{at(4)}, at(5)
	return r
}

func TestHostileSitesRunNothing(t *testing.T) {
	for i := range nasty {
		dir, w := write(t, hostile(i), report.Extra{Before: hostile(i + 1), Proof: func(string) ([]byte, error) { return []byte(nasty[i]), nil }})
		safe(t, w.html)
		lacks(t, "html", w.html, "\u202e", "\u2066", "\x1b", "ZgotmplZ")
		lacks(t, "docx", w.bulletin, "\u202e", "\x1b")
		if strings.Contains(string(unzipped(t, filepath.Join(dir, report.SheetFile))), "<f>") {
			t.Error("a cell of the sheet is computed")
		}
	}
}

// safe parses a page and looks for what could run or load.
func safe(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"html", "head", "meta", "title", "style", "body", "a", "header", "main", "nav", "section", "footer", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
		"span", "i", "small", "strong", "fieldset", "legend", "label", "input", "pre", "mark", "details", "summary", "br"}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowed, n.Data) {
			t.Errorf("the page has a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if a.Key == "href" {
				web := strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://")
				if !web && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "proof/") && a.Val != "../report.html" && !strings.HasPrefix(a.Val, "pictures/") && !strings.HasPrefix(a.Val, "../pictures/") {
					t.Errorf("a link to %q", a.Val)
				}
				if web && !slices.Contains(n.Attr, html.Attribute{Key: "rel", Val: "noreferrer noopener"}) {
					t.Errorf("%q opens with a referrer", a.Val)
				}
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		r := sample()
		r.Name, r.Notes, r.Findings[0].URL, r.Findings[0].What, r.Findings[1].Seen, r.Columns[0].URL, r.Columns[1].Name, r.Result.Lines[0].Title = a, []string{b}, b, a, b, a, b, a
		var page bytes.Buffer
		if err := report.HTML(&page, r, report.Extra{}); err != nil {
			t.Fatal(err)
		}
		safe(t, page.String())
	})
}

func unzipped(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := document.OpenZip(data, document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func TestManyFindingsAreBounded(t *testing.T) {
	r := sample()
	for i := range 2000 {
		r.Findings = append(r.Findings, finding(fact.Finding{Check: "WEB-60", Indicator: "D4.3", URL: fmt.Sprintf("%sdead/%04d.html", home, i), On: home, State: fact.Fail, What: "链接打不开", Mend: "改正地址或去掉这个链接。"}))
	}
	_, w := write(t, r, report.Extra{})
	if n := strings.Count(w.html, "dead/"); n > 200 {
		t.Errorf("report.html names %d addresses", n)
	}
	has(t, "html", w.html, "还有1961处，见 findings.xlsx", "怎样整改：改正地址或去掉这个链接。")
	has(t, "docx", w.bulletin, "1. 可用性（D4.3）：2,001处", "全部2,003处见 findings.xlsx", "链接打不开（附件第3、4、5项）")
	has(t, "xlsx", w.sheets, "dead/1999.html")
}

func TestWriteReplacesWholeFilesOrNone(t *testing.T) {
	dir, first := write(t, sample(), report.Extra{Before: round(), Proof: func(string) ([]byte, error) {
		return []byte(`<html><body><p>去<a href="/x">办事大厅</a></p><script>alert(1)</script></body></html>`), nil
	}})
	hash := strings.Repeat("ab", 32)
	proof, err := os.ReadFile(filepath.Join(dir, report.ProofFolder, hash+".html"))
	if err != nil {
		t.Fatal(err)
	}
	safe(t, string(proof))
	has(t, "proof", string(proof), `<mark id="seen">办事大厅</mark>`, "alert(1)&lt;/script&gt;")
	has(t, "html", first.html, `href="proof/`+hash+`.html#seen"`)
	if _, err := os.Stat(filepath.Join(dir, report.ProofFolder, strings.Repeat("cd", 32)+".html")); err == nil {
		t.Error("WEB-11 the page of a secrecy finding was copied")
	}

	last, err := report.Last(dir)
	if err != nil || len(last.Findings) != 4 {
		t.Fatalf("%v %v", last, err)
	}
	broken := errors.New("the disk of kept pages is broken")
	if err := report.Write(dir, &fact.Report{Findings: sample().Findings}, report.Extra{Proof: func(string) ([]byte, error) { return nil, broken }}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if got := readFiles(t, dir); got != first {
		t.Error("a failed run changed the files of the run before")
	}

	if err := report.Write(dir, &fact.Report{Site: home, Name: "新的一轮"}, report.Extra{Before: last, Proof: func(string) ([]byte, error) { return nil, fs.ErrNotExist }}); err != nil {
		t.Fatal(err)
	}
	has(t, "html", readFiles(t, dir).html, "新的一轮", "已整改3处")
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	if want := []string{"bulletin.docx", "findings.xlsx", "proof", "report.html", "report.json"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, report.ProofFolder)); len(left) != 0 {
		t.Errorf("copies of the run before are left: %v", left)
	}
}

// The pictures that findings name stand in a folder of their own, beside the report
// that links to them.
func TestPictures(t *testing.T) {
	home, gone, secret, text := strings.Repeat("01", 32), strings.Repeat("02", 32), strings.Repeat("03", 32), strings.Repeat("04", 32)
	r := sample()
	r.Findings[0].Picture, r.Findings[1].Picture = home, "../"+home
	for i := range r.Findings {
		if r.Findings[i].Secret {
			r.Findings[i].Picture = secret
		}
	}
	r.Findings = append(r.Findings,
		finding(fact.Finding{Check: "WEB-47", URL: r.Site + "kong/", State: fact.Fail, What: "栏目空白", Picture: gone}),
		finding(fact.Finding{Check: "WEB-47", URL: r.Site + "kong2/", State: fact.Fail, What: "栏目空白", Picture: text}))
	dir := t.TempDir()
	write := func(r *fact.Report) {
		t.Helper()
		err := report.Write(dir, r, report.Extra{Proof: func(hash string) ([]byte, error) {
			switch hash {
			case home, secret:
				return []byte("\xff\xd8\xff\xe0 a picture"), nil
			case text:
				return []byte("<script>no picture</script>"), nil
			}
			return nil, fs.ErrNotExist
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	names := func() (out []string) {
		list, _ := os.ReadDir(filepath.Join(dir, report.PictureFolder))
		for _, e := range list {
			out = append(out, e.Name())
		}
		return out
	}
	write(r)
	if got := names(); !slices.Equal(got, []string{home + ".jpg"}) {
		t.Errorf("%v", got)
	}
	page := readFiles(t, dir).html
	safe(t, page)
	has(t, "html", page, `<a href="pictures/`+home+`.jpg">截图</a>`)
	if strings.Count(page, "pictures/") != 1 {
		t.Error("WEB-11 only the picture that is there, and is no secret's, is linked")
	}
	back, err := report.Last(dir)
	if err != nil || back.Findings[0].Picture == "" {
		t.Errorf("%v %+v", err, back.Findings[0])
	}
	write(&fact.Report{Site: r.Site, Name: r.Name})
	if got := names(); len(got) != 0 {
		t.Errorf("pictures of the run before are left: %v", got)
	}
}

func TestAHundredThousandItemsFit(t *testing.T) {
	r := sample()
	r.Items = make([]fact.Item, 100_000)
	for i := range r.Items {
		r.Items[i] = fact.Item{URL: fmt.Sprintf("%sxw/%d.html", home, i), Title: "全区防汛工作会议召开", Date: calendar.MustParse("2026-06-29"), Column: "示例要闻", Source: "区融媒体中心"}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	peak := &watch{from: m.HeapAlloc}
	if err := report.Excel(peak, r, report.Extra{}); err != nil {
		t.Fatal(err)
	}
	if peak.most > 96<<20 {
		t.Errorf("%d MB more while the sheet is written", peak.most>>20)
	}
	t.Logf("%d MB more, %d kB written", peak.most>>20, peak.bytes>>10)
}

func TestQuarterly(t *testing.T) {
	bad := sample()
	bad.Site, bad.Name = "http://jyj.example.gov.cn/", "示例区教育局网站"
	bad.Result.Unqualified, bad.Result.Waiting, bad.Result.Scored = []string{"V4.1：栏目不更新 6 个"}, nil, false
	fine := sample()
	fine.Site, fine.Name, fine.Findings, fine.Result, fine.Decided = "http://tjj.example.gov.cn/", "示例区统计局网站", nil, fact.Result{Lines: []fact.Line{{Indicator: "V3", State: fact.Pass}}}, nil
	var b bytes.Buffer
	err := report.Quarterly(&b, []*fact.Report{sample(), bad, fine}, report.Quarter{Period: "2026年第二季度", Running: 4, Before: []*fact.Report{round()}, Deadline: calendar.MustParse("2026-07-31"),
		Accounts: &report.Accounts{Running: 10, Checked: 5, Qualified: 4}, Messages: &report.Messages{Received: 9, Closed: 8, Late: 1}})
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, "q.docx", b.Bytes())
	has(t, "circular", got, "2026年第二季度政府网站", "正在运行的政府网站4个，检查政府网站3个，检查比例75.0%。其中合格1个，不合格1个", "合格率33.3%，未发现不合格情形的占66.7%",
		"1|示例区教育局网站|http://jyj.example.gov.cn/|V4.1：栏目不更新 6 个|", "功能设计|D4.3 可用性|2|2|0|", "共发现问题6处，其中2处待人工确认",
		"对上次检查过的1个网站进行了复查：已整改1处，仍未整改1处", "正在办理1条，超期办结1条", "检查5个，检查比例50.0%；合格4个，合格率80.0%", "2026年7月31日前完成整改", "示例区人民政府门户网站|2026-06-30|待核实|86.5※|", "涉密标志疑点2处")
	lacks(t, "circular", got, "jimi.doc", "机密★10年")
	if err := report.Quarterly(io.Discard, nil, report.Quarter{}); err != nil {
		t.Errorf("a quarter without checks: %v", err)
	}
}
