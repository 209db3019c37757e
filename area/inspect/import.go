package inspect

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/web"
)

const (
	maxImport = 20 << 20 // bytes
	maxRows   = 20_000
)

// field is what a column of somebody else's list may mean to us.
type field struct {
	Name, Title string
	Heads       []string // under which it usually stands
	Needed      bool
}

// fields of a list of findings: the export of the national error-report platform
// and the lists of other inspectors carry them under many names.
func fields() []field {
	return []field{
		{"url", "网址", []string{"网址", "页面地址", "问题页面", "链接", "url", "URL", "页面链接", "错误链接", "网页地址"}, true},
		{"what", "问题", []string{"问题", "问题描述", "留言内容", "错误描述", "问题类型", "具体问题", "错误内容", "描述"}, true},
		{"seen", "详情", []string{"详情", "错误文字", "问题详情", "上下文", "原文", "备注"}, false},
		{"mend", "建议", []string{"建议", "修改建议", "整改建议", "建议修改", "推荐修改"}, false},
		{"indicator", "指标", []string{"指标", "指标编号", "检查指标", "类别"}, false},
		{"unit", "责任单位", []string{"责任单位", "承办单位", "整改单位", "办理单位", "单位"}, false},
		{"date", "发现日期", []string{"日期", "发现日期", "提交时间", "检查时间", "留言时间", "发现时间"}, false},
	}
}

// sheet is a list from outside: its heads and its rows.
type sheet struct {
	Heads []string
	Rows  [][]string
	First int // number of the first row in the file
}

// readSheet finds the first table with a row of heads.
func readSheet(ctx context.Context, docs document.Reader, name string, data []byte) (sheet, error) {
	doc, err := docs.Read(ctx, name, bytes.NewReader(data))
	if err != nil {
		return sheet{}, err
	}
	for _, b := range doc.Blocks {
		t := b.Table
		if t == nil || t.Rows < 2 || t.Cols < 2 {
			continue
		}
		rows := make([][]string, t.Rows)
		for i := range rows {
			rows[i] = make([]string, t.Cols)
		}
		for _, c := range t.Cells {
			rows[c.Row][c.Col] = textOf(c)
		}
		for i, row := range rows[:min(len(rows), 10)] { // a title may stand above the heads
			filled := 0
			for _, cell := range row {
				if cell != "" && len([]rune(cell)) <= 20 {
					filled++
				}
			}
			if filled < 2 || filled*2 < len(row) {
				continue
			}
			if len(rows)-i-1 > maxRows {
				return sheet{}, fault.Newf(fault.TooMany, "一次最多导入%d行，请把文件分成几份", maxRows)
			}
			return sheet{Heads: row, Rows: rows[i+1:], First: i + 2}, nil
		}
	}
	return sheet{}, fault.New(fault.Invalid, "文件里没有找到带列名的表格，请检查第一张工作表")
}

// textOf is what stands in a cell.
func textOf(c document.Cell) string {
	var parts []string
	for _, p := range c.Paras {
		if t := strings.TrimSpace(p.Text); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, "\n")
}

// head identifies lists of the same form.
func (s sheet) head() string {
	sum := sm3.Sum([]byte(strings.Join(s.Heads, "\x00")))
	return hex.EncodeToString(sum[:])
}

// guess tells which column is probably which field.
func (s sheet) guess() map[string]string {
	out := map[string]string{}
	used := map[string]bool{}
	for _, f := range fields() {
		for _, want := range f.Heads {
			i := slices.IndexFunc(s.Heads, func(h string) bool { return h == want && !used[h] })
			if i < 0 {
				i = slices.IndexFunc(s.Heads, func(h string) bool { return h != "" && strings.Contains(h, want) && !used[h] })
			}
			if i >= 0 {
				out[f.Name], used[s.Heads[i]] = s.Heads[i], true
				break
			}
		}
	}
	return out
}

// Imported says what came of a list.
type Imported struct {
	Added, Known int
	Bad          []string // Chinese: which row, and why
}

// Import takes the findings of somebody else's list. A line that was imported
// before is not taken again.
func (s *Service) Import(ctx context.Context, who org.Actor, site id.ID, source string, list sheet, mapping map[string]string) (Imported, error) {
	var out Imported
	wrong := fault.Fields{}
	at := map[string]int{}
	for _, f := range fields() {
		i := slices.Index(list.Heads, mapping[f.Name])
		if mapping[f.Name] == "" {
			i = -1
		}
		if i < 0 && f.Needed {
			wrong["field-"+f.Name] = "请选择哪一列是" + f.Title
		}
		at[f.Name] = i
	}
	if source = strings.TrimSpace(source); source == "" || len([]rune(source)) > 40 {
		wrong["source"] = "请写明来源，例如 我为政府网站找错平台，不超过40个字"
	}
	if err := wrong.Err(); err != nil {
		return out, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return out, err
	}
	return out, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		out = Imported{}
		if _, err := getSite(ctx, tx, site); err != nil {
			return err
		}
		known, err := everyFinding(ctx, tx, wanted{Site: site, Secrets: true})
		if err != nil {
			return err
		}
		marks := map[string]bool{}
		for _, f := range known {
			marks[f.Mark] = true
		}
		var added []Finding
		for n, row := range list.Rows {
			get := func(name string) string {
				if i := at[name]; i >= 0 {
					return row[i]
				}
				return ""
			}
			if strings.Join(row, "") == "" {
				continue
			}
			address, ok := crawl.Canonical(get("url"))
			switch {
			case !ok:
				out.Bad = append(out.Bad, fmt.Sprintf("第%d行：网址“%s”写法不对", list.First+n, cut(get("url"), 60)))
				continue
			case get("what") == "":
				out.Bad = append(out.Bad, fmt.Sprintf("第%d行：没有写明问题", list.First+n))
				continue
			}
			f := Finding{ID: id.New(), Site: site, Source: source, Code: "导入", Indicator: cut(get("indicator"), 40), URL: cut(address, 2000), Also: []string{},
				State: fact.Fail, Confirmed: true, What: cut(get("what"), 500), Seen: cut(get("seen"), 2000), Mend: cut(get("mend"), 500), Pages: 1, FirstAt: tx.Now, LastAt: tx.Now,
				Status: Open, Answer: Confirmed, By: who.Person, Version: 1}
			if day, ok := dayIn(get("date")); ok && !day.Start().After(tx.Now) {
				f.FirstAt = day.Start()
			}
			if m := dir.Resolve(get("unit")); len(m.Units) == 1 {
				f.Unit = m.Units[0]
			}
			sum := sm3.Sum([]byte(source + "\x00" + f.URL + "\x00" + f.What + "\x00" + f.Seen))
			f.Mark = hex.EncodeToString(sum[:12])
			if marks[f.Mark] {
				out.Known++
				continue
			}
			marks[f.Mark] = true
			added = append(added, f)
		}
		out.Added = len(added)
		if err := insertFindings(ctx, tx, added); err != nil {
			return err
		}
		if err := remember(ctx, tx, importRow{ID: id.New(), Head: list.head(), Fields: mapping, By: who.Person, At: tx.Now}); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "inspect.import", "site", site, fmt.Sprintf("导入%s的问题%d个", source, out.Added))
	})
}

// writtenDay is a day as lists write it, a time of day behind it or not.
var writtenDay = regexp.MustCompile(`(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})`)

func dayIn(text string) (calendar.Date, bool) {
	g := writtenDay.FindStringSubmatch(text)
	if g == nil {
		return calendar.Date{}, false
	}
	day, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", g[1], g[2], g[3]))
	return day, err == nil
}

type importView struct {
	*web.Form
	Tabs   []web.Tab
	Sites  []web.Option
	Fields []field
	Heads  []web.Option // of the file that was handed in
	File   string       // its hash
	Name   string
	Rows   int
	Done   *Imported
}

func (s *Service) importView(r *web.Request, f *web.Form) (importView, error) {
	v := importView{Form: f, Tabs: tabs(r, "findings"), Fields: fields()}
	list, err := sites(r.Context(), s.k.DB.Read)
	for _, site := range list {
		v.Sites = append(v.Sites, web.Option{Value: string(site.ID), Text: site.Name})
	}
	return v, err
}

func (s *Service) importForm(r *web.Request) (web.Reply, error) {
	v, err := s.importView(r, web.Fill())
	return web.View("inspect/import", v), err
}

// importFile takes a file and asks what its columns mean; with the answers it
// takes the rows.
func (s *Service) importFile(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v, err := s.importView(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	refuse := func(err error) (web.Reply, error) { return f.Refused(err, "inspect/import", v) }
	v.File, v.Name = f.Text("file"), f.Text("name")
	if v.File == "" {
		up, err := s.k.Take(r, "list", maxImport)
		if err != nil {
			return refuse(err)
		}
		if up == nil {
			return refuse(fault.Fields{"list": "请选择要导入的文件"}.Err())
		}
		v.File, v.Name = up.Hash, up.Name
	}
	file, err := s.k.Files.Open(r.Context(), v.File)
	if err != nil {
		v.File = ""
		return refuse(fault.Fields{"list": "请重新选择文件"}.Err())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxImport))
	if err = errors.Join(err, file.Close()); err != nil {
		return web.Reply{}, err
	}
	list, err := readSheet(r.Context(), s.k.Documents, v.Name, data)
	if err != nil {
		v.File = ""
		if fault.Is(err, fault.Invalid) {
			err = fault.Fields{"list": fault.Text(err)}.Err()
		}
		return refuse(err)
	}
	v.Heads, v.Rows = []web.Option{{Text: "（没有）"}}, len(list.Rows)
	for _, h := range list.Heads {
		if h != "" {
			v.Heads = append(v.Heads, web.Option{Value: h, Text: h})
		}
	}
	if f.Text("do") != "import" {
		mapping, err := remembered(r.Context(), s.k.DB.Read, list)
		if err != nil {
			return web.Reply{}, err
		}
		if mapping == nil {
			mapping = list.guess()
		}
		pairs := []any{"site", f.Text("site"), "source", f.Text("source")}
		for name, head := range mapping {
			pairs = append(pairs, "field-"+name, head)
		}
		v.Form = web.Fill(pairs...)
		return web.View("inspect/import", v), nil
	}
	mapping := map[string]string{}
	for _, one := range fields() {
		mapping[one.Name] = f.Text("field-" + one.Name)
	}
	done, err := s.Import(r.Context(), r.Who, f.Key("site"), f.Text("source"), list, mapping)
	if err != nil {
		return refuse(err)
	}
	v.Done, v.File = &done, ""
	return web.View("inspect/import", v), nil
}
