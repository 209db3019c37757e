package plan

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"gongkai/area/plan/reader"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/web"
)

// draftRoutes are the pages from a file to an issued plan.
func (s *Service) draftRoutes() []web.Route {
	const file = maxFile + 1<<20
	return []web.Route{
		web.GET("/desk/plans/import", org.Coordinator, s.importPage),
		web.POST("/desk/plans/import", org.Coordinator, s.postImport).Body(file).Within(2 * time.Minute),
		web.GET("/desk/plans/{id}/revise", org.Coordinator, s.importPage),
		web.POST("/desk/plans/{id}/revise", org.Coordinator, s.postImport).Body(file).Within(2 * time.Minute),
		web.GET("/desk/drafts", org.Coordinator, s.importPage),
		web.GET("/desk/drafts/{id}", org.Coordinator, s.reviewPage),
		web.GET("/desk/drafts/{id}/file", org.Coordinator, s.draftFile),
		web.POST("/desk/drafts/{id}/edit", org.Coordinator, s.postEdit),
		web.POST("/desk/drafts/{id}/turn", org.Coordinator, s.postTurn),
		web.GET("/desk/drafts/{id}/issue", org.Coordinator, s.issuePage),
		web.GET("/desk/drafts/{id}/compare", org.Coordinator, s.comparePage),
		web.POST("/desk/drafts/{id}/issue", org.Coordinator, s.postIssue).Within(2 * time.Minute),
	}
}

func draftPath(key id.ID) string { return "/desk/drafts/" + string(key) }

// importView is the page that takes a file.
type importView struct {
	*web.Form
	Drafts []Draft
	Plan   *Plan // of which a new version is given, or nil
	Most   int64
}

func (s *Service) importData(r *web.Request, f *web.Form) (importView, error) {
	v := importView{Form: f, Most: maxFile}
	var err error
	if r.PathValue("id") != "" {
		key, err := r.Key("id")
		if err != nil {
			return v, err
		}
		p, err := getPlan(r.Context(), s.k.DB.Read, key)
		if err != nil {
			return v, err
		}
		v.Plan = &p
	}
	all, err := s.Drafts(r.Context())
	for _, d := range all {
		if v.Plan == nil || d.Plan == v.Plan.ID {
			v.Drafts = append(v.Drafts, d)
		}
	}
	return v, err
}

func (s *Service) importPage(r *web.Request) (web.Reply, error) {
	v, err := s.importData(r, web.Fill())
	return web.View("plan/import", v), err
}

func (s *Service) postImport(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v, err := s.importData(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	refused := func(err error) (web.Reply, error) {
		if fault.Is(err, fault.TooMany) || fault.Is(err, fault.Unavailable) { // a file beyond a limit, not too many requests
			err = fault.Fields{"file": fault.Text(err)}.Err()
		} else if fault.Is(err, fault.Invalid) && len(fault.FieldsOf(err)) == 0 {
			err = fault.Fields{"file": fault.Text(err)}.Err()
		}
		return f.Refused(err, "plan/import", v)
	}
	up, err := f.File("file", maxFile)
	if err != nil {
		return refused(err)
	}
	if up == nil {
		return refused(fault.Fields{"file": "请选择任务分工文件"}.Err())
	}
	defer up.Close()
	data, err := io.ReadAll(up)
	if err != nil {
		return web.Reply{}, fmt.Errorf("read an upload: %w", err)
	}
	var key id.ID
	var n int
	if v.Plan != nil {
		key, n, err = s.ReviseFile(r.Context(), r.Who, v.Plan.ID, up.Name, data)
	} else {
		key, n, err = s.ImportFile(r.Context(), r.Who, up.Name, data)
	}
	if err != nil {
		return refused(err)
	}
	said := "文件已读取，没有疑问，请核对后下发"
	if n > 0 {
		said = fmt.Sprintf("文件已读取，有%d处需要核对", n)
	}
	return web.Redirect(draftPath(key)).Flash(said), nil
}

// draftFile gives back the file as it was given.
func (s *Service) draftFile(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := getDraft(r.Context(), s.k.DB.Read, key, false)
	if err != nil {
		return web.Reply{}, err
	}
	content, err := s.k.Files.Open(r.Context(), d.Hash)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Download(d.Name, "application/octet-stream", func(w io.Writer) error {
		defer content.Close()
		_, err := io.Copy(w, content)
		return err
	}), nil
}

// reviewView is the page where a draft is reviewed.
type reviewView struct {
	*web.Form
	Draft     Draft
	Sheet     Sheet
	Questions []Question
	Source    []SourceBlock
	History   []DraftStep
	Undo      string // what would be undone, "" for nothing
	Redo      string
	Sure      int // doubts that can be accepted together
	Units     []string
	Op        Op // the form that is open, and of which part
	Key       int
	Cuts      []Cut // the ends of sentences in the measure to split
	Fine      []Cut // and of their parts, nil when there are none
	Open      bool
	First     int    // the measure that cannot move up
	Last      int    // the measure that cannot move down
	Here      string // the fragment of what was refused, "" elsewhere

	dir *org.Directory
}

// Is reports whether a part or a question is the one that was refused.
func (v reviewView) Is(kind string, key int) bool { return v.Here == kind+strconv.Itoa(key) }

// On reports whether the form for one part is open.
func (v reviewView) On(op string, key int) bool { return v.Op == Op(op) && v.Key == key }

// Marks says where a value stands in the source.
func (v reviewView) Marks(places []reader.Place) string { return Marks(places) }

// At is the fragment of the place where a value stands first.
func (v reviewView) At(places []reader.Place) string { return firstAnchor(places) }

// Whom says whom a name means when that is not what is written.
func (v reviewView) Whom(n SheetName) string {
	switch {
	case len(n.Units) == 0:
		return ""
	case n.Group != "" || len(n.Units) > 1:
		return fmt.Sprintf("%d个单位", len(n.Units))
	}
	if name := v.dir.NameOf(n.Units[0]); name != n.Text {
		return name
	}
	return ""
}

// Items are the choices of an item to move a measure to.
func (v reviewView) Items() []web.Option {
	var out []web.Option
	for _, sec := range v.Sheet.Sections {
		for _, it := range sec.Items {
			out = append(out, web.Option{Value: strconv.Itoa(it.Key), Text: it.Number + cut(it.Title, 24)})
		}
	}
	return out
}

// Counted says how large the sheet is.
func (v reviewView) Counted() string {
	sections, items, measures := v.Sheet.Counts()
	return fmt.Sprintf("%d个部分、%d项任务、%d条举措", sections, items, measures)
}

func (s *Service) reviewData(r *web.Request, key id.ID) (reviewView, error) {
	v := reviewView{Form: web.Fill()}
	var err error
	if v.Draft, v.Sheet, err = s.Draft(r.Context(), key); err != nil {
		return v, err
	}
	if v.dir, err = s.k.Org.Directory(r.Context()); err != nil {
		return v, err
	}
	if v.History, err = s.History(r.Context(), key, 0); err != nil {
		return v, err
	}
	v.Open = v.Draft.State == DraftOpen
	v.First, v.Last = v.Sheet.borders()
	v.Questions, v.Source = questions(&v.Sheet, v.dir), sourceOf(&v.Draft.Document)
	now := shown(v.Draft, v.History)
	if now.Before != 0 {
		v.Undo = now.What
	}
	if next, ok := redoable(now, v.History); ok {
		v.Redo = next.What
	}
	for _, q := range v.Questions {
		if q.Conf >= fairlySure && q.Can {
			v.Sure++
		}
	}
	for _, u := range v.dir.Units() {
		v.Units = append(v.Units, u.Name)
	}
	for _, g := range v.dir.Groups() {
		v.Units = append(v.Units, g.Name)
	}
	return v, nil
}

// reviewPage shows a draft; ?edit= opens the form of one part, ?split= the places
// where a measure can be split, ?add= and ?add-item= and ?add-section= an empty form.
func (s *Service) reviewPage(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	v, err := s.reviewData(r, key)
	if err != nil {
		return web.Reply{}, err
	}
	for _, name := range []string{"edit", "split", "add", "add-item", "add-section"} {
		if !r.URL.Query().Has(name) || !v.Open {
			continue
		}
		v.Key, _ = strconv.Atoi(r.Query(name))
		v.Op = Op(name)
		v.open()
	}
	return web.View("plan/draft-review", v), nil
}

// open fills the form that is open.
func (v *reviewView) open() {
	switch v.Op {
	case OpSplit:
		if m, _ := v.Sheet.measure(v.Key); m != nil {
			v.Cuts, v.Fine = cuts(m.Text, sentenceMarks), cuts(m.Text, clauseMarks)
			if len(v.Fine) == len(v.Cuts) { // nothing more than the sentences
				v.Fine = nil
			}
		}
	case OpAdd:
		v.Form = web.Fill("due_kind", Ongoing)
	case "edit":
		if m, _ := v.Sheet.measure(v.Key); m != nil {
			v.Op, v.Form = OpMeasure, fillMeasure(*m)
		} else if it, _ := v.Sheet.item(v.Key); it != nil {
			v.Op, v.Form = OpItem, web.Fill("number", it.Number, "title", it.Title)
		} else if sec, _ := v.Sheet.section(v.Key); sec != nil {
			v.Op, v.Form = OpSection, web.Fill("number", sec.Number, "title", sec.Title)
		} else if v.Key == 0 {
			h, year := v.Sheet, ""
			if h.Year != 0 {
				year = strconv.Itoa(h.Year)
			}
			v.Op = OpHead
			v.Form = web.Fill("title", h.Title, "number", h.Number, "issuer", h.Issuer, "date", h.Date.String(), "year", year, "letter", strings.Join(h.Letter, "\n"))
		}
	}
}

func fillMeasure(m SheetMeasure) *web.Form {
	lines := func(list []SheetName) string {
		var out []string
		for _, n := range list {
			out = append(out, n.Text)
		}
		return strings.Join(out, "\n")
	}
	some := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return web.Fill("number", m.Number, "text", m.Text, "lead", lines(m.Lead), "resp", lines(m.Resp), "due_text", m.DueText,
		"due_kind", m.Due.Kind, "due_on", m.Due.On.String(), "due_every", m.Due.Every, "due_times", some(m.Due.Times), "due_month", some(m.Due.Month), "due_day", some(m.Due.Day), "due_period", m.Due.Period)
}

// editOf reads a correction from a form.
func editOf(f *web.Form, dir *org.Directory) (e Edit, alias bool) {
	e = Edit{Op: Op(f.Text("op")), Key: f.Int("key"), At: f.Int("at"), To: f.Int("to"),
		Number: f.Text("number"), Title: f.Text("title"), Text: f.Text("text"), Lead: f.Lines("lead"), Resp: f.Lines("resp"),
		DueText: f.Text("due_text"), Issuer: f.Text("issuer"), Letter: f.Lines("letter")}
	if e.Op == "" && f.Text("answer") != "" { // the button of a near name
		e.Op = OpAnswer
	}
	switch e.Op {
	case OpHead:
		e.Date, e.Year = f.Date("date"), f.Int("year")
	case OpMeasure, OpAdd:
		// Of the fields of a time limit only those of its kind are read.
		e.Due.Kind = DueKind(f.Text("due_kind"))
		switch e.Due.Kind {
		case ByDate:
			e.Due.On = f.Date("due_on")
		case Recurring:
			e.Due.Every, e.Due.Times, e.Due.Month, e.Due.Day = Every(f.Text("due_every")), f.Int("due_times"), f.Int("due_month"), f.Int("due_day")
		case PerEvent, AtLeast:
			e.Due.Period = f.Text("due_period")
		}
	case OpAccept:
		e.Key = f.Int("doubt")
	case OpAnswer:
		alias = f.Bool("alias")
		if kind, key, ok := strings.Cut(f.Text("answer"), ":"); ok {
			if kind == "group" {
				e.Group = id.ID(key)
			} else {
				e.Units = []id.ID{id.ID(key)}
			}
			break
		}
		for _, name := range strings.FieldsFunc(f.Text("who_name"), func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
			m := dir.Resolve(name)
			if m.Group != "" && e.Group == "" && len(e.Units) == 0 {
				e.Group = m.Group
				continue
			}
			if m.Sure {
				e.Units = append(e.Units, m.Units...)
			}
		}
		if e.Group != "" && len(e.Units) > 0 { // a group and others: all of them one by one
			e.Units, e.Group = append(dir.Members(e.Group), e.Units...), ""
		}
	}
	return e, alias
}

// postEdit makes a correction and shows the part that was corrected.
func (s *Service) postEdit(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	e, alias := editOf(f, dir)
	doubt := f.Int("doubt")
	_, before, err := s.Draft(r.Context(), key)
	if err != nil {
		return web.Reply{}, err
	}
	var after Sheet
	if err = f.Err(); err == nil {
		after, err = s.EditDraft(r.Context(), r.Who, key, int64(f.Int("version")), e, alias)
	}
	if err != nil {
		return s.refusedEdit(r, f, key, e, err)
	}
	to := web.Redirect(draftPath(key) + "#" + goesOn(e, doubt, &before, &after, dir))
	switch e.Op {
	case OpHead, OpSection, OpItem, OpMeasure, OpAdd, OpAddItem, OpAddSection, OpSplit, OpAnswer:
		to = to.Flash("修改已保存") // what the browser kept of the form may go
	}
	return to, nil
}

// refusedEdit shows what was typed again: in its place, or, when somebody else
// was faster, beside what the other did.
func (s *Service) refusedEdit(r *web.Request, f *web.Form, key id.ID, e Edit, err error) (web.Reply, error) {
	var late stale
	if errors.As(err, &late) {
		return s.clash(r, f, key, late.now)
	}
	v, derr := s.reviewData(r, key)
	if derr != nil {
		return web.Reply{}, derr
	}
	v.Form, v.Key, v.Here = f, e.Key, v.place(e, f.Int("doubt"))
	switch e.Op {
	case OpHead, OpSection, OpItem, OpMeasure, OpAdd, OpAddItem, OpAddSection:
		v.Op = e.Op
	case OpSplit:
		v.Op = e.Op
		v.open()
	}
	if m, _ := v.Sheet.measure(e.Key); m == nil && e.Op == OpMeasure { // gone: what was typed still stands below
		return s.clash(r, f, key, v.Draft)
	}
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Conflict, fault.Text(err))
	}
	return f.Refused(err, "plan/draft-review", v)
}

// place is the fragment on the page of what a correction is about, "" when it is
// gone: there the message stands and the focus goes.
func (v reviewView) place(e Edit, doubt int) string {
	if slices.ContainsFunc(v.Questions, func(q Question) bool { return doubt != 0 && q.Key == doubt }) {
		return anchorOfDoubt(doubt)
	}
	if m, _ := v.Sheet.measure(e.Key); m != nil {
		return anchorOf(e.Key)
	}
	return ""
}

// clashView shows what somebody else did to a draft and what this person wanted.
type clashView struct {
	reviewView
	Since []DraftStep
	Typed []web.Pair
	Kept  []web.Pair // all that was posted, to be posted again
	Now   *SheetMeasure
	Would string // what it would have done to the draft that was seen
	Never string // why it cannot be done to the draft as it is now, "" when it can
}

// typedNames are the fields of a correction that a person reads.
var typedNames = []struct{ name, title string }{
	{"number", "编号"}, {"title", "标题"}, {"text", "举措内容"}, {"lead", "牵头单位"}, {"resp", "责任单位"}, {"due_text", "时限原文"}, {"due_on", "完成日期"},
	{"issuer", "印发机关"}, {"date", "印发日期"}, {"year", "计划年度"}, {"letter", "通知要求"}, {"who_name", "单位"},
}

func (s *Service) clash(r *web.Request, f *web.Form, key id.ID, now Draft) (web.Reply, error) {
	v, err := s.reviewData(r, key)
	if err != nil {
		return web.Reply{}, err
	}
	c := clashView{reviewView: v}
	c.Form, c.Op, c.Key = f, Op(f.Text("op")), f.Int("key")
	if c.Op == "" && f.Text("answer") != "" {
		c.Op = OpAnswer
	}
	if c.Since, err = s.History(r.Context(), key, int64(f.Int("version"))); err != nil {
		return web.Reply{}, err
	}
	c.Now, _ = v.Sheet.measure(c.Key)
	for _, t := range typedNames {
		if text := f.Text(t.name); text != "" {
			c.Typed = append(c.Typed, web.Pair{Name: t.title, Value: text})
		}
	}
	c.Kept = posted(r.PostForm)
	if err := s.meant(r, f, &c); err != nil {
		return web.Reply{}, err
	}
	return web.View("plan/draft-clash", c).Status(409), nil
}

// meant says what somebody was about to do in the draft that they saw, in the
// words of the history, and whether the draft as it is now still lets them.
func (s *Service) meant(r *web.Request, f *web.Form, c *clashView) error {
	ctx, key := r.Context(), c.Draft.ID
	seen := int64(f.Int("version"))
	i := slices.IndexFunc(c.History, func(st DraftStep) bool { return st.N == seen })
	if i < 0 {
		return nil
	}
	shows := shown(Draft{Cursor: c.History[i].Shows}, c.History)
	switch f.Text("do") {
	case "undo":
		c.Would = "撤销：" + shows.What
	case "redo":
		if next, ok := redoable(shows, c.History[i:]); ok {
			c.Would = "恢复：" + next.What
		}
	case "drop":
		c.Would = "放弃这份草稿"
	}
	if c.Op == "" {
		return nil
	}
	was, err := sheetOf(ctx, s.k.DB.Read, key, shows.N)
	if err != nil {
		return err
	}
	e, _ := editOf(f, c.dir)
	if _, c.Would, err = was.Apply(e, c.dir); err != nil {
		c.Would = ""
	}
	if _, _, err = c.Sheet.Apply(e, c.dir); err != nil && len(fault.FieldsOf(err)) == 0 { // what is wrong at a field is said when it is sent again
		c.Never = fault.Text(err)
	}
	return nil
}

// posted is a form as it was sent, but for the version that was seen.
func posted(values url.Values) []web.Pair {
	var out []web.Pair
	for name, list := range values {
		if name == "version" {
			continue
		}
		for _, v := range list {
			out = append(out, web.Pair{Name: name, Value: v})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// postTurn undoes, redoes or puts a draft away.
func (s *Service) postTurn(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	version := int64(f.Int("version"))
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	_, before, err := s.Draft(r.Context(), key)
	if err != nil {
		return web.Reply{}, err
	}
	to, said := "", ""
	switch f.Text("do") {
	case "undo":
		err, said = s.Undo(r.Context(), r.Who, key, version), "已撤销上一步修改"
	case "redo":
		err, said = s.Redo(r.Context(), r.Who, key, version), "已恢复撤销的修改"
	case "drop":
		err, to, said = s.DropDraft(r.Context(), r.Who, key, version), "/desk/plans/import", "草稿已放弃"
	default:
		err = fault.New(fault.Invalid, "没有这种操作，请刷新页面后再试")
	}
	var late stale
	switch {
	case errors.As(err, &late):
		return s.clash(r, f, key, late.now)
	case err != nil:
		v, derr := s.reviewData(r, key)
		if derr != nil {
			return web.Reply{}, derr
		}
		v.Form = f
		return f.Refused(err, "plan/draft-review", v)
	case to == "":
		_, after, err := s.Draft(r.Context(), key)
		if err != nil {
			return web.Reply{}, err
		}
		dir, err := s.k.Org.Directory(r.Context())
		if err != nil {
			return web.Reply{}, err
		}
		to = draftPath(key) + "#" + changed(&before, &after, dir)
	}
	return web.Redirect(to).Flash(said), nil
}

// issueView is the page before a plan is issued.
type issueView struct {
	*web.Form
	Draft   Draft
	Sheet   Sheet
	Counted string
	Open    int
	Unknown []string
	Blocks  []string
	Loads   []Load
	Duties  int
	Year    *Plan // already issued for that year
}

func (s *Service) issueData(r *web.Request, f *web.Form) (issueView, error) {
	v := issueView{Form: f}
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	if v.Draft, v.Sheet, err = s.Draft(r.Context(), key); err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return v, err
	}
	o := v.Sheet.Outline()
	v.Counted = reviewView{Sheet: v.Sheet}.Counted()
	v.Open, v.Unknown = v.Sheet.Open(), v.Sheet.unknown()
	if err := o.valid(r.Today()); err != nil {
		for _, text := range fault.FieldsOf(err) {
			v.Blocks = append(v.Blocks, text)
		}
		slices.Sort(v.Blocks)
	}
	if p, err := planOfYear(r.Context(), s.k.DB.Read, o.Year); err == nil && v.Draft.Plan == "" {
		v.Year = &p
		v.Blocks = append(v.Blocks, fmt.Sprintf("%d年的任务分工已经下发；如有调整，请在该计划中导入新版本", o.Year))
	} else if err != nil && !fault.Is(err, fault.NotFound) {
		return v, err
	}
	v.Loads, v.Duties = loads(o, dir)
	return v, nil
}

func (s *Service) issuePage(r *web.Request) (web.Reply, error) {
	v, err := s.issueData(r, web.Fill())
	if err == nil && v.Draft.Plan != "" && v.Draft.State == DraftOpen {
		return web.Redirect(draftPath(v.Draft.ID) + "/compare"), nil
	}
	return web.View("plan/draft-issue", v), err
}

// compareView shows what a new version changes.
type compareView struct {
	*web.Form
	Draft Draft
	Open  int
	Revision
	Shown []MeasureChange // without those that stay as they are
	dir   *org.Directory
}

// Unit is a unit's name.
func (v compareView) Unit(key id.ID) string { return v.dir.NameOf(key) }

// Count is how many measures change in a way.
func (v compareView) Count(kind string) int { return v.Counts[reader.ChangeKind(kind)] }

func (s *Service) compareData(r *web.Request, f *web.Form) (compareView, error) {
	v := compareView{Form: f}
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	d, sheet, err := s.Draft(r.Context(), key)
	if err != nil {
		return v, err
	}
	v.Draft, v.Open = d, sheet.Open()
	if d.Plan == "" || d.State != DraftOpen {
		return v, fault.New(fault.NotFound, "这份草稿没有要比对的任务分工")
	}
	if v.dir, err = s.k.Org.Directory(r.Context()); err != nil {
		return v, err
	}
	if v.Revision, err = s.Revision(r.Context(), d, sheet); err != nil {
		return v, err
	}
	for _, c := range v.Changes {
		if c.Kind != reader.Same {
			v.Shown = append(v.Shown, c)
		}
	}
	return v, nil
}

func (s *Service) comparePage(r *web.Request) (web.Reply, error) {
	v, err := s.compareData(r, web.Fill())
	return web.View("plan/revise-compare", v), err
}

// postIssue issues a draft, or applies a new version.
func (s *Service) postIssue(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	v, err := s.issueData(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	version := int64(f.Int("version"))
	if v.Draft.State == DraftOpen && version != v.Draft.Version {
		err = fault.New(fault.Conflict, "您打开本页以后，其他人又修改了草稿，请看过现在的内容再提交")
	}
	revised := v.Draft.Plan != ""
	var plan id.ID
	if err == nil {
		plan, err = s.IssueDraft(r.Context(), r.Who, key, r.Who.Unit, f.Bool("sure"))
	}
	if err != nil && revised && v.Draft.State == DraftOpen {
		c, derr := s.compareData(r, f)
		if derr != nil {
			return web.Reply{}, derr
		}
		return f.Refused(err, "plan/revise-compare", c)
	}
	if err != nil {
		return f.Refused(err, "plan/draft-issue", v)
	}
	said := "任务分工已下发"
	if revised {
		said = "新版本已应用到任务分工"
	}
	return web.Redirect("/desk/plans/" + string(plan)).Flash(said), nil
}
