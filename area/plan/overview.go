package plan

import (
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
	"gongkai/web/chart"
)

// planLine is one year in the list of plans.
type planLine struct {
	Plan
	Figures
	Measures int
}

func (s *Service) plansPage(r *web.Request) (web.Reply, error) {
	all, err := s.Plans(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	var lines []planLine
	for _, p := range all {
		b, err := s.book(r.Context(), p.ID)
		if err != nil {
			return web.Reply{}, err
		}
		l := planLine{Plan: p, Measures: len(b.measures)}
		l.Figures = b.figures()
		lines = append(lines, l)
	}
	return web.View("plan/plans", lines), nil
}

// matrixPage is the year at a glance.
type matrixPage struct {
	yearHead
	Units   []MatrixUnit
	Total   int
	Figures Figures
	Legend  []legend
	Show    string // only cells with terms in this standing
	Chart   template.HTML
	Rows    []matrixRow
	Wide    string // how narrow the columns must be
}

type legend struct {
	Standing
	Count int
	Href  string
	Now   bool
}

type matrixRow struct {
	Item
	Place  int
	Cells  []matrixCell
	Counts []legend // for the list on a phone
	Terms  int
	List   string // address of the list of the item's terms
}

// Line draws the cells of the row. A page has thousands of them, which a template
// would take ten times as long to draw.
func (r matrixRow) Line() template.HTML {
	var b strings.Builder
	b.Grow(len(r.Cells) * 200)
	list := template.HTMLEscapeString(r.List + "&unit=")
	for i := range r.Cells {
		c := &r.Cells[i]
		switch {
		case c.Mark == "" && c.Tone == "":
			b.WriteString("<td></td>")
		case c.Mark == "":
			b.WriteString(`<td class="off">·</td>`)
		default:
			for _, part := range [...]string{`<td class="`, c.Tone, `"><a href="`, list, template.HTMLEscapeString(string(c.Unit)), `" aria-label="`} {
				b.WriteString(part)
			}
			c.Cell.says(&b) // titles of standings: our own words
			b.WriteString(`">`)
			b.WriteString(c.Mark)
			b.WriteString("</a></td>")
		}
	}
	return template.HTML(b.String())
}

// matrixCell is a cell as the page draws it.
type matrixCell struct {
	Tone, Mark string
	Unit       id.ID
	*Cell
}

func (s *Service) matrixPage(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	m, err := s.Matrix(r.Context(), key)
	if err != nil {
		return web.Reply{}, err
	}
	p := matrixPage{yearHead: s.head(r, m.Plan, ""), Units: m.Units, Total: m.Total, Figures: m.Figures}
	p.Excel = "/desk/plans/" + string(key) + "/matrix.xlsx"
	if st := StandingOf(r.Query("standing")); st.Code != "" {
		p.Show = st.Code
	}
	list := "/desk/plans/" + string(key) + "/list"
	for _, st := range AllStandings() {
		n := m.Sums[st.Code]
		if n == 0 && st.Code != p.Show {
			continue
		}
		l := legend{Standing: st, Count: n, Href: r.Changed("standing", st.Code), Now: st.Code == p.Show}
		if l.Now {
			l.Href = r.Changed("standing", "")
		}
		p.Legend = append(p.Legend, l)
	}
	rank := StandingOf(p.Show).Rank
	for i, it := range m.Items {
		row := matrixRow{Item: it, Place: i + 1, List: fmt.Sprintf("%s?item=%d", list, i+1), Cells: make([]matrixCell, len(m.Units))}
		if p.Show != "" {
			row.List += "&standing=" + p.Show
		}
		var sums [12]int
		for j := range m.Cells[i] {
			c := &m.Cells[i][j]
			row.Terms += c.Terms
			for k, n := range c.Counts {
				sums[k] += int(n)
			}
			if c.Terms == 0 {
				continue
			}
			st := c.Worst
			if rank > 0 {
				if c.Counts[rank-1] == 0 {
					row.Cells[j] = matrixCell{Tone: "off"}
					continue
				}
				st = StandingOf(p.Show)
			}
			row.Cells[j] = matrixCell{Tone: st.Tone, Mark: st.Mark, Unit: m.Units[j].ID, Cell: c}
		}
		for k, n := range sums {
			if n > 0 && (rank == 0 || k == rank-1) {
				st := standings[k]
				row.Counts = append(row.Counts, legend{Standing: st, Count: n, Href: fmt.Sprintf("%s?item=%d&standing=%s", list, i+1, st.Code)})
			}
		}
		p.Rows = append(p.Rows, row)
	}
	switch n := len(m.Units); {
	case n > 44:
		p.Wide = "many"
	case n > 24:
		p.Wide = "tight"
	}
	p.Chart = progressChart("各项任务进展", m.Items, m.Wholes, m.Figures)
	return web.View("plan/matrix", p), nil
}

// progressChart draws how far each item has come.
func progressChart(title string, items []Item, wholes []Whole, f Figures) template.HTML {
	c := chart.Chart{Title: title, Unit: "项", Says: fmt.Sprintf("共%d项，已办结%d项，逾期%d项。", f.Duties, f.Closed, f.Overdue),
		Series: []chart.Series{{Name: "已办结", Class: "done"}, {Name: "核查中", Class: "doing"}, {Name: "逾期", Class: "late"}, {Name: "临期或退回", Class: "slow"}, {Name: "其他", Class: "idle"}}}
	for i, it := range items {
		w := wholes[i]
		c.Labels = append(c.Labels, it.Number+it.Title)
		for j, n := range []int{w.Closed, w.Handed, w.Late, w.Near, w.Rest} {
			c.Series[j].Values = append(c.Series[j].Values, float64(n))
		}
	}
	return chart.Stacked(c)
}

func (s *Service) matrixXlsx(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	m, err := s.Matrix(r.Context(), key)
	if err != nil {
		return web.Reply{}, err
	}
	head := []string{"工作任务"}
	for _, u := range m.Units {
		head = append(head, u.Name)
	}
	rows := func(yield func([]any, error) bool) {
		for i, it := range m.Items {
			row := []any{it.Number + it.Title}
			for j := range m.Units {
				text := ""
				if c := &m.Cells[i][j]; c.Terms > 0 {
					text = c.Worst.Mark + " " + c.Says()
				}
				row = append(row, text)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return s.xlsx(r, fmt.Sprintf("%d年任务一览", m.Plan.Year), document.Sheet{Name: "一览", Title: m.Plan.Title + "进展一览", Notes: []string{"格内为该单位该项任务中最需要注意的状态和各状态的项数"}, Head: head, Rows: rows}), nil
}

// listPage is the list of terms.
type listPage struct {
	yearHead
	List    page.Of[Line]
	Filters []web.Filter
	Urge    bool // the visitor may urge
	Open    map[id.ID]bool
	Shows   Figures // of all that the filter leaves
}

func (s *Service) listPage(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	p := listPage{yearHead: s.head(r, b.plan, "/list"), Filters: b.filters(r)}
	if err := s.list(r, b, &p, id.ID("")); err != nil {
		return web.Reply{}, err
	}
	p.Excel = withQuery(r, "/desk/plans/"+string(b.plan.ID)+"/list.xlsx")
	p.Urge = r.Who.May(org.Lead | org.Coordinator)
	return web.View("plan/list", p), nil
}

// list fills a page of terms; unit narrows it to one unit when the address does not.
func (s *Service) list(r *web.Request, b *book, p *listPage, unit id.ID) error {
	f, err := b.filter(r)
	if err != nil {
		return err
	}
	if unit != "" {
		f.Unit = unit
	}
	found := b.find(f)
	for _, at := range found {
		p.Shows.add(&b.entries[at])
	}
	ask := r.Page().Clean()
	from := min(ask.Offset(), len(found))
	rows, err := s.fill(r.Context(), b, found[from:min(from+ask.Size, len(found))])
	p.List = page.Of[Line]{Rows: rows, Total: len(found), Ask: ask}
	p.Open = map[id.ID]bool{}
	for _, l := range rows {
		p.Open[l.Duty] = b.sees(r.Who, l.Unit, b.measure[l.Measure])
	}
	return err
}

// sees reports whether somebody may open the duty of a unit under a measure.
func (b *book) sees(who org.Actor, unit id.ID, measure int) bool {
	return sees(who, unit, b.plan.Office, b.leads[measure])
}

func (s *Service) listXlsx(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	f, err := b.filter(r)
	if err != nil {
		return web.Reply{}, err
	}
	lines, err := s.AllLines(r.Context(), f)
	if err != nil {
		return web.Reply{}, err
	}
	return s.xlsx(r, fmt.Sprintf("%d年任务清单", b.plan.Year), lineSheet(b.plan.Title+"任务清单", said(b.filters(r)), lines)), nil
}

// lineSheet is a list of terms as a sheet.
func lineSheet(title, note string, lines []Line) document.Sheet {
	return document.Sheet{Name: "任务清单", Title: title, Notes: []string{note},
		Head:   []string{"工作任务", "贯彻举措", "单位", "身份", "期次", "完成时限", "状态", "进展（%）", "佐证（件）", "报送日期", "逾期工作日", "最近办理"},
		Widths: []float64{24, 60, 18, 8, 8, 12, 10, 10, 10, 12, 12, 18},
		Rows: rowsOf(lines, func(l Line) []any {
			moved := ""
			if !l.Moved.IsZero() {
				moved = l.Moved.In(calendar.Zone).Format("2006-01-02 15:04")
			}
			return []any{l.ItemNumber + l.ItemTitle, l.MeasureNumber + l.MeasureText, l.UnitName, l.Role.Title(), l.Number, l.Due.String(),
				l.Standing.Title, l.Percent, l.Evidence, l.Handed.String(), l.Late, moved}
		})}
}

// urged is what became of urging one term.
type urged struct {
	Line
	Why string // "" when it was sent
}

// postUrgeMany urges several units at once and says what became of each.
func (s *Service) postUrgeMany(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	terms, text := f.Keys("term"), f.Text("text")
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	switch {
	case len(terms) == 0:
		return web.Reply{}, fault.New(fault.Invalid, "还没有选中任务，请返回清单勾选要催办的任务")
	case len(terms) > page.Max:
		return web.Reply{}, fault.Newf(fault.Invalid, "一次最多催办%d项任务，请分批选择", page.Max)
	}
	p := struct {
		yearHead
		Sent, Left []urged
	}{yearHead: s.head(r, b.plan, "/list")}
	for _, term := range terms {
		at, ok := b.at[term]
		if !ok {
			continue // not of this plan
		}
		lines, err := s.fill(r.Context(), b, []int{at})
		if err != nil {
			return web.Reply{}, err
		}
		err = s.Urge(r.Context(), r.Who, term, text)
		switch k := fault.KindOf(err); {
		case err == nil:
			p.Sent = append(p.Sent, urged{Line: lines[0]})
		case k == fault.Conflict || k == fault.Forbidden:
			p.Left = append(p.Left, urged{lines[0], err.Error()})
		default:
			return web.Reply{}, err
		}
	}
	return web.View("plan/overview-urged", p), nil
}

// deskCard is the year in a few figures, on the first page of the desk.
func (s *Service) deskCard(r *web.Request) (any, error) {
	p, err := planOfYear(r.Context(), s.k.DB.Read, r.Today().Year())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	b, err := s.book(r.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	card := struct {
		Plan      Plan
		All, Mine Figures
		Unit      string
	}{Plan: p, All: b.figures(), Unit: r.Who.UnitName}
	for i := range b.entries {
		if e := &b.entries[i]; e.Unit == r.Who.Unit {
			card.Mine.add(e)
		}
	}
	return card, nil
}

// myBook is the newest plan in which the visitor's own unit has duties, or the
// one of ?year=; nil when there is no plan.
func (s *Service) myBook(r *web.Request) (*book, error) {
	all, err := s.Plans(r.Context())
	if err != nil {
		return nil, err
	}
	year, _ := strconv.Atoi(r.Query("year"))
	var first *book
	for _, p := range all {
		if year != 0 && p.Year != year {
			continue
		}
		b, err := s.book(r.Context(), p.ID)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = b
		}
		if b.unit(r.Who.Unit).ID != "" {
			return b, nil
		}
	}
	return first, nil
}

// dutiesPage are the duties of the visitor's own unit.
func (s *Service) dutiesPage(r *web.Request) (web.Reply, error) {
	b, err := s.myBook(r)
	if err != nil {
		return web.Reply{}, err
	}
	p := struct {
		listPage
		Unit  string
		Years []web.Tab
	}{Unit: r.Who.UnitName}
	if b == nil {
		return web.View("plan/overview-mine", p), nil
	}
	p.yearHead = s.head(r, b.plan, "none")
	p.Filters = b.filters(r, "unit")
	if err := s.list(r, b, &p.listPage, r.Who.Unit); err != nil {
		return web.Reply{}, err
	}
	p.Excel = withQuery(r, "/desk/duties.xlsx")
	all, err := s.Plans(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	for _, one := range all {
		p.Years = append(p.Years, web.Tab{Title: fmt.Sprintf("%d年", one.Year), Href: fmt.Sprintf("/desk/duties?year=%d", one.Year), Now: one.ID == b.plan.ID})
	}
	return web.View("plan/overview-mine", p), nil
}

func (s *Service) dutiesXlsx(r *web.Request) (web.Reply, error) {
	b, err := s.myBook(r)
	if err != nil {
		return web.Reply{}, err
	}
	if b == nil {
		return web.Reply{}, fault.New(fault.NotFound, "还没有下发任务分工")
	}
	f, err := b.filter(r)
	if err != nil {
		return web.Reply{}, err
	}
	f.Unit = r.Who.Unit
	lines, err := s.AllLines(r.Context(), f)
	if err != nil {
		return web.Reply{}, err
	}
	title := fmt.Sprintf("%s%d年任务清单", r.Who.UnitName, b.plan.Year)
	return s.xlsx(r, title, lineSheet(title, said(b.filters(r, "unit")), lines)), nil
}

// planDocx is the plan as an official document.
func (s *Service) planDocx(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Download(b.plan.Title+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		func(w io.Writer) error { return b.written().Docx(w) }), nil
}

func (s *Service) planXlsx(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	return s.xlsx(r, b.plan.Title, b.written().Sheet()), nil
}
