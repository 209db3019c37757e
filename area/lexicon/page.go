package lexicon

import (
	"fmt"
	"io"
	"strings"

	"gongkai/kernel/check"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

// Limits of what is checked on a page.
const (
	maxFile = 64 << 20 // bytes
	maxText = 1 << 20  // bytes
)

// tabs of the two rooms of the area.
func tabs(at string) []web.Tab {
	return []web.Tab{{Title: "检查", Href: "/desk/check", Now: at == "check"}, {Title: "本区规则", Href: "/desk/lexicon", Now: at == "lexicon"}}
}

type checkView struct {
	*web.Form
	Tabs       []web.Tab
	Done       bool
	File       string
	Characters int
	Segments   []check.Segment
	Hits       []check.Hit
}

// Worst is the gravest severity among some hits, for the colour of a mark.
func (v checkView) Worst(hits []int) check.Severity {
	worst := check.Hint
	for _, i := range hits {
		switch v.Hits[i].Severity {
		case check.Block:
			return check.Block
		case check.Confirm:
			worst = check.Confirm
		}
	}
	return worst
}

// Instead is the proposal of a hit, where its message does not say it already.
func (v checkView) Instead(h check.Hit) string {
	if strings.Contains(h.Message, "“"+h.Replace+"”") {
		return ""
	}
	return h.Replace
}

// Own is the key of the house's rule that a hit is of, "" for a built-in one.
func (v checkView) Own(h check.Hit) string {
	key, own := strings.CutPrefix(h.Rule, "OWN-")
	if !own {
		return ""
	}
	return key
}

// Count is how many hits have a severity.
func (v checkView) Count(s string) (n int) {
	for _, h := range v.Hits {
		if string(h.Severity) == s {
			n++
		}
	}
	return n
}

func (s *Service) checkForm(*web.Request) (web.Reply, error) {
	return web.View("lexicon/check", checkView{Form: web.Fill(), Tabs: tabs("check")}), nil
}

// handed takes what was handed in: a file, or typed words.
func handed(f *web.Form) (name string, data []byte, err error) {
	up, err := f.File("file", maxFile)
	if err != nil {
		return "", nil, err
	}
	if up != nil {
		defer up.Close()
		data, err = io.ReadAll(io.LimitReader(up, maxFile))
		return up.Name, data, err
	}
	text := f.Text("text")
	switch {
	case text == "":
		return "", nil, fault.Fields{"text": "请粘贴文字，或者选择一个文件"}.Err()
	case len(text) > maxText:
		return "", nil, fault.Fields{"text": "文字超过1MB，请存成文件再检查"}.Err()
	}
	return "", []byte(text), nil
}

func (s *Service) checkNow(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v := checkView{Form: f, Tabs: tabs("check")}
	day := f.Date("date")
	err := f.Err()
	var data []byte
	if err == nil {
		v.File, data, err = handed(f)
	}
	var t *check.Text
	if err == nil {
		if t, v.Hits, err = s.Check(r.Context(), v.File, data, day); fault.Is(err, fault.Invalid) && v.File != "" {
			err = fault.Fields{"file": fault.Text(err)}.Err()
		}
	}
	if err != nil {
		return f.Refused(err, "lexicon/check", v)
	}
	v.Done = true
	if t != nil {
		v.Characters, v.Segments = t.Characters(), check.Segments(t.Body, v.Hits)
	}
	return web.View("lexicon/check", v), nil
}

// checkAPI answers what `gongkai check --json` prints.
func (s *Service) checkAPI(r *web.Request) (web.Reply, error) {
	f := r.Form()
	day := f.Date("date")
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	name, data, err := handed(f)
	if err != nil {
		return web.Reply{}, err
	}
	t, hits, err := s.Check(r.Context(), name, data, day)
	if err != nil {
		return web.Reply{}, err
	}
	out := struct {
		File       string      `json:"file"`
		Characters int         `json:"characters"`
		Hits       []check.Hit `json:"hits"`
	}{File: name, Hits: append([]check.Hit{}, hits...)}
	if t != nil {
		out.Characters = t.Characters()
	}
	return web.JSON(out), nil
}

type listView struct {
	Tabs    []web.Tab
	Filters []web.Filter
	List    page.Of[Rule]
}

func (s *Service) list(r *web.Request) (web.Reply, error) {
	w := wanted{Kind: Kind(r.Query("kind")), Live: r.Query("live"), Text: r.Query("q")}
	kinds := web.Filter{Name: "kind", Title: "类型", Value: string(w.Kind)}
	for _, k := range Kinds() {
		kinds.Options = append(kinds.Options, web.Option{Value: string(k), Text: k.Title()})
	}
	v := listView{Tabs: tabs("lexicon"), Filters: []web.Filter{kinds,
		{Name: "live", Title: "状态", Value: w.Live, Options: []web.Option{{Value: "1", Text: "已启用"}, {Value: "0", Text: "未启用"}}},
		{Name: "q", Title: "词语", Value: w.Text},
	}}
	if r.Query("as") == "xlsx" {
		return s.sheet(r, w), nil
	}
	var err error
	v.List, err = listed(r.Context(), s.k.DB.Read, w, r.Page())
	return web.View("lexicon/list", v), err
}

// sheet is the list as an Excel file.
func (s *Service) sheet(r *web.Request, w wanted) web.Reply {
	rows := page.Sheet(func(ask page.Ask) (page.Of[Rule], error) { return listed(r.Context(), s.k.DB.Read, w, ask) }, func(x Rule) []any {
		state := "未启用"
		if x.Live {
			state = "已启用"
		}
		return []any{x.Kind.Title(), x.Form, x.Right, x.Severity.Title(), x.When, dayOf(x.From), dayOf(x.Until), x.Source, state}
	})
	return web.Xlsx("本区检查规则.xlsx", func(out io.Writer) error {
		return document.WriteXLSX(out, document.Sheet{Name: "检查规则", Title: "本区检查规则", Notes: []string{"数据时间：" + r.Today().Chinese()},
			Head: []string{"类型", "词语或职务", "改为或姓名", "级别", "条件", "起", "止", "依据", "状态"}, Rows: rows})
	})
}

type formView struct {
	*web.Form
	Tabs       []web.Tab
	Kinds      []web.Option
	Severities []web.Option
	Rule       Rule // as it is kept; its ID is "" while it is new
	May        bool
}

func (s *Service) view(r *web.Request, f *web.Form, rule Rule) formView {
	v := formView{Form: f, Tabs: tabs("lexicon"), Rule: rule, May: r.Who.May(org.Coordinator)}
	for _, k := range Kinds() {
		v.Kinds = append(v.Kinds, web.Option{Value: string(k), Text: k.Title()})
	}
	for _, x := range []check.Severity{check.Confirm, check.Block, check.Hint} {
		v.Severities = append(v.Severities, web.Option{Value: string(x), Text: x.Title()})
	}
	return v
}

// fields is the form of a rule as it stands.
func fields(r Rule) *web.Form {
	return web.Fill("kind", string(r.Kind), "form", r.Form, "right", r.Right, "severity", string(r.Severity), "when", r.When,
		"from", r.From, "until", r.Until, "source", r.Source, "hits", strings.Join(r.Hits, "\n"), "passes", strings.Join(r.Passes, "\n"), "version", r.Version)
}

func (s *Service) form(r *web.Request) (web.Reply, error) {
	rule := Rule{Kind: Word, Severity: check.Confirm}
	if r.PathValue("id") != "" {
		key, err := r.Key("id")
		if err != nil {
			return web.Reply{}, err
		}
		if rule, err = get(r.Context(), s.k.DB.Read, key); err != nil {
			return web.Reply{}, err
		}
	}
	return web.View("lexicon/edit", s.view(r, fields(rule), rule)), nil
}

func (s *Service) save(r *web.Request) (web.Reply, error) {
	f := r.Form()
	rule := Rule{
		Kind: Kind(f.Text("kind")), Form: f.Text("form"), Right: f.Text("right"), Severity: check.Severity(f.Text("severity")), When: f.Text("when"),
		From: f.Date("from"), Until: f.Date("until"), Source: f.Text("source"), Hits: f.Lines("hits"), Passes: f.Lines("passes"), Version: f.Int("version"),
	}
	var old Rule
	var now *web.Form
	if r.PathValue("id") != "" {
		key, err := r.Key("id")
		if err != nil {
			return web.Reply{}, err
		}
		if old, err = get(r.Context(), s.k.DB.Read, key); err != nil {
			return web.Reply{}, err
		}
		rule.ID, now = key, fields(old)
	}
	err := f.Err()
	key := rule.ID
	if err == nil {
		key, err = s.Save(r.Context(), r.Who, rule)
	}
	if err != nil {
		v := s.view(r, f, old)
		return f.Refused(f.Clash(err, now, v.Kinds, v.Severities), "lexicon/edit", v)
	}
	return web.Redirect("/desk/lexicon/" + string(key)).Flash("规则已保存"), nil
}

// act is a button of the rule's page.
func (s *Service) act(r *web.Request, done, to string, how func(key id.ID) error) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	err = how(key)
	if fault.Is(err, fault.Invalid) {
		rule, e := get(r.Context(), s.k.DB.Read, key)
		if e != nil {
			return web.Reply{}, e
		}
		f := fields(rule)
		return f.Refused(err, "lexicon/edit", s.view(r, f, rule))
	}
	if err != nil {
		return web.Reply{}, err
	}
	if to == "" {
		to = fmt.Sprintf("/desk/lexicon/%s", key)
	}
	return web.Redirect(to).Flash(done), nil
}

func (s *Service) goLive(r *web.Request) (web.Reply, error) {
	return s.act(r, "规则已启用", "", func(key id.ID) error { return s.GoLive(r.Context(), r.Who, key) })
}

func (s *Service) stop(r *web.Request) (web.Reply, error) {
	return s.act(r, "规则已停用", "", func(key id.ID) error { return s.Stop(r.Context(), r.Who, key) })
}

func (s *Service) drop(r *web.Request) (web.Reply, error) {
	return s.act(r, "规则已删除", "/desk/lexicon", func(key id.ID) error { return s.Drop(r.Context(), r.Who, key) })
}
