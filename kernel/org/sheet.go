package org

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

// Bad is a row that cannot be taken, and what to do about it.
type Bad struct {
	Sheet  string // 单位 or 人员
	Row    int    // as the spreadsheet counts, from 1
	Column string
	What   string
	Do     string
}

// Count tells what became of the rows of a sheet.
type Count struct{ Added, Changed, Same int }

// Report is the outcome of an import.
type Report struct {
	Units, People Count
	Bad           []Bad
	Saved         bool // false: bad rows, and only a whole file was wanted; nothing was changed
}

const (
	unitSheet   = "单位"
	peopleSheet = "人员"
)

var unitHead = []string{"单位名称", "全称", "简称", "类型", "序号", "别名", "曾用名", "启用日期", "停止日期", "承接单位",
	"公开机构名称", "公开机构负责人", "公开机构联系人", "公开机构电话", "公开机构地址"}

var peopleHead = []string{"姓名", "工号", "手机", "邮箱", "单位", "角色", "开始日期", "结束日期"}

var unitNotes = []string{
	"单位名称、类型必填；类型可填：政府办、部门、管委会、街道办事处、事业单位、企业、其他。多个别名用“、”分开。",
	"曾用名写作“旧名称（2020-07-01前）”，多个用“、”分开。停止日期是不再存在的第一天；并入别的单位时填写承接单位。",
}

var peopleNotes = []string{
	"姓名、单位、角色必填；一人在几个单位任职就写几行，工号相同。多个角色用“、”分开。没有工号时按姓名认人，重名的必须填工号。",
	"角色可填：" + allTitles() + "。手机、邮箱留空或带 * 号表示不改动；结束日期是不再任职的第一天。",
}

func allTitles() string {
	var out []string
	for _, r := range AllRoles() {
		out = append(out, r.Title())
	}
	return strings.Join(out, "、")
}

// Template writes the empty workbook to be filled in and imported.
func Template(w io.Writer) error {
	none := func(func([]any, error) bool) {}
	return document.WriteXLSX(w,
		document.Sheet{Name: unitSheet, Notes: unitNotes, Head: unitHead, Rows: none},
		document.Sheet{Name: peopleSheet, Notes: peopleNotes, Head: peopleHead, Rows: none})
}

// Export writes all units, and all people who have not left with their posts of
// today and later. Phones and e-mail addresses are masked.
func (s *Service) Export(ctx context.Context, who Actor, w io.Writer) error {
	units, err := allUnits(ctx, s.db.Read)
	if err != nil {
		return err
	}
	people, err := s.allPeople(ctx, s.db.Read)
	if err != nil {
		return err
	}
	posts, err := allPosts(ctx, s.db.Read)
	if err != nil {
		return err
	}
	names := map[id.ID]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	if err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return note(ctx, tx, who, "org.export", "org", "", fmt.Sprintf("单位 %d，人员 %d", len(units), len(people)), nil)
	}); err != nil {
		return err
	}
	return document.WriteXLSX(w,
		document.Sheet{Name: unitSheet, Notes: unitNotes, Head: unitHead, Rows: rows(func(yield func(...any) bool) {
			for _, u := range units {
				var former []string
				for _, f := range u.Former {
					former = append(former, fmt.Sprintf("%s（%s前）", f.Name, f.Until))
				}
				b := u.Bureau
				if !yield(u.Name, u.Full, u.Short, u.Type.Title(), u.Seq, strings.Join(u.Aliases, "、"), strings.Join(former, "、"),
					u.ValidFrom.String(), u.ValidTo.String(), names[u.Successor], b.Name, b.Head, b.Contact, b.Phone, b.Address) {
					return
				}
			}
		})},
		document.Sheet{Name: peopleSheet, Notes: peopleNotes, Head: peopleHead, Rows: rows(func(yield func(...any) bool) {
			for _, p := range people {
				for _, post := range posts {
					if p.Active && post.Person == p.ID && (post.To.IsZero() || post.To.After(s.today())) &&
						!yield(p.Name, p.Number, p.Phone.String(), p.Email.String(), names[post.Unit], post.Roles.Title(), post.From.String(), post.To.String()) {
						return
					}
				}
			}
		})})
}

// rows adapts a plain generator to what a sheet wants.
func rows(each func(yield func(...any) bool)) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		each(func(cells ...any) bool { return yield(cells, nil) })
	}
}

// line is one row of a sheet by head.
type line struct {
	sheet string
	row   int
	cells map[string]string
}

func (l line) bad(column, what, do string) Bad { return Bad{l.sheet, l.row, column, what, do} }

// sheetLines finds the sheet by its head, wherever the head and its columns
// stand, and returns the rows below that are not empty.
func sheetLines(doc *document.Document, sheet string, head, must []string) ([]line, []Bad) {
	for _, block := range doc.Blocks {
		if block.Table == nil {
			continue
		}
		grid := block.Table.Grid()
		for r := range min(len(grid), 12) {
			columns := map[int]string{}
			for c, cell := range grid[r] {
				if name := strings.TrimRight(fold(cellText(cell)), "*"); slices.Contains(head, name) {
					columns[c] = name
				}
			}
			have := func(name string) bool {
				for _, n := range columns {
					if n == name {
						return true
					}
				}
				return false
			}
			if !have(must[0]) || len(columns) < 2 {
				continue
			}
			for _, name := range must {
				if !have(name) {
					return nil, []Bad{{sheet, r + 1, name, "缺少这一列", "请补上列名“" + name + "”，或下载模板重新填写"}}
				}
			}
			var out []line
			for row := r + 1; row < len(grid); row++ {
				l := line{sheet, row + 1, map[string]string{}}
				for c, name := range columns {
					if text := strings.TrimSpace(cellText(grid[row][c])); text != "" {
						l.cells[name] = text
					}
				}
				if len(l.cells) > 0 {
					out = append(out, l)
				}
			}
			return out, nil
		}
	}
	return nil, nil
}

func cellText(c *document.Cell) string {
	if c == nil {
		return ""
	}
	var out []string
	for _, p := range c.Paras {
		out = append(out, p.Text)
	}
	return strings.Join(out, "\n")
}

var dateForms = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)

// sheetDate reads a day in the forms people type.
func sheetDate(text string) (calendar.Date, bool) {
	if text == "" {
		return calendar.Date{}, true
	}
	m := dateForms.FindStringSubmatch(fold(text))
	if m == nil {
		return calendar.Date{}, false
	}
	y, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	d, err := calendar.Parse(fmt.Sprintf("%04d-%02d-%02d", y, month, day))
	return d, err == nil
}

func list(text string) []string {
	return cleanNames(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }))
}

var formerForm = regexp.MustCompile(`^(.+?)[（(]([0-9/.年月日-]+)前[)）]$`)

// plan is what an import will do.
type plan struct {
	units  []Unit // new ones have version 0
	people []Person
	isNew  map[id.ID]bool
	posts  []Post
	roles  map[id.ID]Role // of posts that exist, when they change
	report Report
}

// Import reads a workbook with the sheets 单位 and 人员, either alone or both.
// A unit is known by its name, a person by number or else name, a post by
// person and unit; so importing the same file again changes nothing. With bad
// rows nothing is saved, unless goodOnly takes the others.
func (s *Service) Import(ctx context.Context, who Actor, name string, data []byte, goodOnly bool) (Report, error) {
	doc, err := document.Reader{}.Read(ctx, name, bytes.NewReader(data))
	if err != nil {
		return Report{}, err
	}
	unitLines, badUnits := sheetLines(doc, unitSheet, unitHead, []string{"单位名称", "类型"})
	peopleLines, badPeople := sheetLines(doc, peopleSheet, peopleHead, []string{"姓名", "单位", "角色"})
	bad := append(badUnits, badPeople...)
	if len(unitLines)+len(peopleLines)+len(bad) == 0 {
		return Report{}, fault.New(fault.Invalid, "文件里没有找到单位或人员：请下载模板，在“单位”表和“人员”表的列名下面填写后再导入")
	}
	var p plan
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Lock(ctx, "org:import"); err != nil {
			return err
		}
		p = plan{isNew: map[id.ID]bool{}, roles: map[id.ID]Role{}, report: Report{Bad: slices.Clone(bad)}}
		units, err := allUnits(ctx, tx)
		if err != nil {
			return err
		}
		units = p.readUnits(unitLines, units)
		people, err := s.allPeople(ctx, tx)
		if err != nil {
			return err
		}
		posts, err := allPosts(ctx, tx)
		if err != nil {
			return err
		}
		p.readPeople(peopleLines, NewDirectory(s.district, s.today(), units, nil), people, posts, s.today(), who)
		slices.SortStableFunc(p.report.Bad, func(a, b Bad) int { return cmp.Or(strings.Compare(a.Sheet, b.Sheet), a.Row-b.Row) })
		if len(p.report.Bad) > 0 && !goodOnly {
			return nil
		}
		p.report.Saved = true
		return s.save(ctx, tx, who, &p)
	})
	return p.report, err
}

// readUnits works out what the rows mean and returns all units as they will be.
func (p *plan) readUnits(lines []line, known []Unit) []Unit {
	all := slices.Clone(known)
	byName := map[string]int{}
	for i, u := range all {
		if old, taken := byName[u.Name]; !taken || !all[old].ValidTo.IsZero() {
			byName[u.Name] = i
		}
	}
	seen, heirs := map[string]int{}, map[string]line{}
	for _, l := range lines {
		u := Unit{ID: id.New()}
		at, exists := byName[l.cells["单位名称"]]
		if exists {
			u = all[at]
		}
		before := u
		bad := p.fillUnit(l, &u)
		if row := seen[u.Name]; row > 0 && u.Name != "" {
			bad = append(bad, l.bad("单位名称", fmt.Sprintf("与第 %d 行重复", row), "请删去其中一行"))
		}
		bad = append(bad, otherNames(l, u, all)...)
		if len(bad) > 0 {
			p.report.Bad = append(p.report.Bad, bad...)
			continue
		}
		seen[u.Name] = l.row
		if l.cells["承接单位"] != "" {
			heirs[u.Name] = l
		}
		if !exists {
			u.Version = 0
			byName[u.Name], all = len(all), append(all, u)
			p.report.Units.Added++
			p.units = append(p.units, u)
			continue
		}
		all[at] = u
		if heirs[u.Name].row == 0 && len(changes(before, u)) == 0 {
			p.report.Units.Same++
			continue
		}
		p.units = append(p.units, u)
	}
	p.heirs(heirs, byName, known, &all)
	return all
}

// otherNames reports aliases of a unit that are another unit's name or alias: who
// is meant by them could not be told any more.
func otherNames(l line, u Unit, all []Unit) (bad []Bad) {
	for _, alias := range u.Aliases {
		for _, o := range all {
			if o.ID == u.ID || !o.ValidTo.IsZero() || alias != o.Name && alias != o.Full && !slices.Contains(o.Aliases, alias) {
				continue
			}
			bad = append(bad, l.bad("别名", fmt.Sprintf("“%s”已经是“%s”的名称或别名", alias, o.Name), "请只写在一个单位上"))
		}
	}
	return bad
}

// heirs fills in the successors, once all rows are known, and counts changes.
func (p *plan) heirs(lines map[string]line, byName map[string]int, known []Unit, all *[]Unit) {
	before := map[id.ID]Unit{}
	for _, u := range known {
		before[u.ID] = u
	}
	kept := p.units[:0]
	for _, u := range p.units {
		if l := lines[u.Name]; l.row > 0 {
			at, ok := byName[l.cells["承接单位"]]
			if !ok || (*all)[at].ID == u.ID {
				p.report.Bad = append(p.report.Bad, l.bad("承接单位", "没有叫“"+l.cells["承接单位"]+"”的其他单位", "请写承接单位现在的名称，并保证它也在系统或本表中"))
				if u.Version == 0 {
					p.report.Units.Added--
				}
				continue
			}
			u.Successor = (*all)[at].ID
			(*all)[byName[u.Name]] = u
		}
		if old, exists := before[u.ID]; exists {
			if len(changes(old, u)) == 0 {
				p.report.Units.Same++
				continue
			}
			p.report.Units.Changed++
		}
		kept = append(kept, u)
	}
	// A successor must be there before the unit that names it.
	slices.SortStableFunc(kept, func(a, b Unit) int {
		switch {
		case a.Successor == b.ID:
			return 1
		case b.Successor == a.ID:
			return -1
		}
		return strings.Compare(string(a.Successor), string(b.Successor))
	})
	p.units = kept
}

// fillUnit takes the cells of a row into u. Empty cells leave what is known.
func (p *plan) fillUnit(l line, u *Unit) (bad []Bad) {
	for column, to := range map[string]*string{"单位名称": &u.Name, "全称": &u.Full, "简称": &u.Short, "公开机构名称": &u.Bureau.Name,
		"公开机构负责人": &u.Bureau.Head, "公开机构联系人": &u.Bureau.Contact, "公开机构电话": &u.Bureau.Phone, "公开机构地址": &u.Bureau.Address} {
		if text := l.cells[column]; text != "" {
			*to = text
		}
	}
	if u.Name == "" {
		bad = append(bad, l.bad("单位名称", "没有填写", "请填写单位名称"))
	}
	t, ok := TypeOf(l.cells["类型"])
	if !ok {
		bad = append(bad, l.bad("类型", "不认识“"+l.cells["类型"]+"”", "请填：政府办、部门、管委会、街道办事处、事业单位、企业或其他"))
	}
	u.Type = t
	if text := l.cells["序号"]; text != "" {
		n, err := strconv.Atoi(fold(text))
		if err != nil {
			bad = append(bad, l.bad("序号", "“"+text+"”不是整数", "请填数字，如 10；不排序可留空"))
		}
		u.Seq = n
	}
	for column, to := range map[string]*calendar.Date{"启用日期": &u.ValidFrom, "停止日期": &u.ValidTo} {
		d, ok := sheetDate(l.cells[column])
		if !ok {
			bad = append(bad, l.bad(column, "“"+l.cells[column]+"”不是日期", "请写成 2022-06-30"))
		} else if !d.IsZero() {
			*to = d
		}
	}
	if text := l.cells["别名"]; text != "" {
		u.Aliases = list(text)
	}
	if text := l.cells["曾用名"]; text != "" {
		var former []Former
		for _, one := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
			m := formerForm.FindStringSubmatch(strings.TrimSpace(one))
			if m == nil {
				bad = append(bad, l.bad("曾用名", "看不懂“"+one+"”", "请写成：旧名称（2020-07-01前）"))
				continue
			}
			until, ok := sheetDate(m[2])
			if !ok || until.IsZero() {
				bad = append(bad, l.bad("曾用名", "“"+m[2]+"”不是日期", "请写成：旧名称（2020-07-01前）"))
				continue
			}
			f := Former{Name: m[1], Until: until}
			for _, old := range u.Former { // its full name is not in the sheet
				if old.Name == f.Name && old.Until == f.Until {
					f.Full = old.Full
				}
			}
			former = append(former, f)
		}
		slices.SortFunc(former, func(a, b Former) int { return a.Until.Compare(b.Until) })
		u.Former = former
	}
	if len(bad) > 0 {
		return bad
	}
	whole := *u
	if l.cells["承接单位"] != "" && whole.Successor == "" {
		whole.Successor = "named" // only so that valid asks for the day
	}
	return append(bad, ruleOf(l, whole.valid(), map[string]string{"name": "单位名称", "full": "全称", "short": "简称", "valid_to": "停止日期", "successor": "承接单位"})...)
}

// ruleOf turns the field messages of a rule into bad cells.
func ruleOf(l line, err error, columns map[string]string) (bad []Bad) {
	if err == nil {
		return nil
	}
	for field, text := range fault.FieldsOf(err) {
		bad = append(bad, l.bad(columns[field], text, "请改正后重新导入"))
	}
	if len(bad) == 0 {
		bad = append(bad, l.bad("", fault.Text(err), "请改正后重新导入"))
	}
	slices.SortFunc(bad, func(a, b Bad) int { return strings.Compare(a.Column, b.Column) })
	return bad
}

// readPeople works out people and posts.
func (p *plan) readPeople(lines []line, dir *Directory, people []Person, posts []Post, today calendar.Date, who Actor) {
	people, posts = slices.Clone(people), slices.Clone(posts)
	changed := map[id.ID]bool{}
	for _, l := range lines {
		person, isNew, bad := findPerson(l, people)
		old := person
		if text := l.cells["手机"]; text != "" && !strings.Contains(text, "*") {
			person.Phone = secret.Text(text)
		}
		if text := l.cells["邮箱"]; text != "" && !strings.Contains(text, "*") {
			person.Email = secret.Text(text)
		}
		if bad == nil {
			bad = ruleOf(l, person.valid(), map[string]string{"name": "姓名", "number": "工号", "phone": "手机", "email": "邮箱"})
		}
		post := Post{ID: id.New(), Person: person.ID, From: today}
		match := dir.Resolve(l.cells["单位"])
		if len(match.Units) == 1 && match.Sure {
			post.Unit = match.Units[0]
		} else {
			do := "请写单位的完整名称，或先在“单位”表里加上它"
			if near := dir.Near(l.cells["单位"], 2); len(near) > 0 {
				do = "是不是“" + near[0].Name + "”？" + do
			}
			bad = append(bad, l.bad("单位", "没有找到单位“"+l.cells["单位"]+"”", do))
		}
		for _, text := range list(l.cells["角色"]) {
			role, ok := RoleOf(text)
			if !ok {
				bad = append(bad, l.bad("角色", "没有角色“"+text+"”", "可填的角色："+allTitles()))
			}
			post.Roles |= role
		}
		if l.cells["角色"] == "" {
			bad = append(bad, l.bad("角色", "没有填写", "可填的角色："+allTitles()))
		}
		for column, to := range map[string]*calendar.Date{"开始日期": &post.From, "结束日期": &post.To} {
			d, ok := sheetDate(l.cells[column])
			if !ok {
				bad = append(bad, l.bad(column, "“"+l.cells[column]+"”不是日期", "请写成 2022-06-30"))
			} else if !d.IsZero() {
				*to = d
			}
		}
		if !post.To.IsZero() && !post.From.Before(post.To) {
			bad = append(bad, l.bad("结束日期", "不晚于开始日期", "请核对两个日期"))
		}
		if who.Person != "" && who.Person == person.ID {
			bad = append(bad, l.bad("姓名", "不能给自己分配角色", "请由另一位管理员导入这一行"))
		}
		if len(bad) > 0 {
			p.report.Bad = append(p.report.Bad, bad...)
			continue
		}
		// The same person in the same unit: one post, whose roles become those given.
		at := slices.IndexFunc(posts, func(o Post) bool {
			return o.Person == post.Person && o.Unit == post.Unit && meet(o.From, o.To, post.From, post.To)
		})
		next := slices.Clone(posts)
		if at >= 0 {
			next[at].Roles = post.Roles
		} else {
			next = append(next, post)
		}
		if err := separated(person.Name, slices.DeleteFunc(slices.Clone(next), func(o Post) bool { return o.Person != post.Person })); err != nil {
			p.report.Bad = append(p.report.Bad, l.bad("角色", fault.Text(err), "请改正角色后重新导入"))
			continue
		}
		moved := isNew || old != person || at < 0 || posts[at].Roles != post.Roles
		switch {
		case at < 0:
			p.posts = append(p.posts, post)
		case posts[at].Roles != post.Roles:
			if i := slices.IndexFunc(p.posts, func(o Post) bool { return o.ID == posts[at].ID }); i >= 0 {
				p.posts[i].Roles = post.Roles
			} else {
				p.roles[posts[at].ID] = post.Roles
			}
		}
		posts = next
		if isNew {
			people = append(people, person)
			p.isNew[person.ID] = true
		} else {
			people[slices.IndexFunc(people, func(o Person) bool { return o.ID == person.ID })] = person
		}
		if isNew || old != person {
			p.people = slices.DeleteFunc(p.people, func(o Person) bool { return o.ID == person.ID })
			p.people = append(p.people, person)
		}
		switch {
		case isNew:
			p.report.People.Added++
		case p.isNew[person.ID]: // another row of somebody counted as added
		case moved && !changed[person.ID]:
			p.report.People.Changed++
			changed[person.ID] = true
		case !moved:
			p.report.People.Same++
		}
	}
}

// findPerson finds whom a row means, by number or else by name.
func findPerson(l line, people []Person) (person Person, isNew bool, bad []Bad) {
	name, number := l.cells["姓名"], l.cells["工号"]
	if name == "" {
		return person, false, []Bad{l.bad("姓名", "没有填写", "请填写姓名")}
	}
	if number != "" {
		for _, p := range people {
			if p.Number == number {
				if p.Name != name {
					return p, false, []Bad{l.bad("工号", "工号“"+number+"”属于“"+p.Name+"”", "请核对工号和姓名")}
				}
				return p, false, left(l, p)
			}
		}
		return Person{ID: id.New(), Name: name, Number: number, Active: true, Version: 1}, true, nil
	}
	var found []Person
	for _, p := range people {
		if p.Name == name && p.Active {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return Person{ID: id.New(), Name: name, Active: true, Version: 1}, true, nil
	case 1:
		return found[0], false, nil
	}
	return person, false, []Bad{l.bad("姓名", fmt.Sprintf("有 %d 个人叫“%s”", len(found), name), "请填写工号以便区分")}
}

func left(l line, p Person) []Bad {
	if p.Active {
		return nil
	}
	return []Bad{l.bad("姓名", p.Name+"已离岗", "请先在人员页面办理返岗，再导入这一行")}
}

// save writes what was planned.
func (s *Service) save(ctx context.Context, tx *store.Tx, who Actor, p *plan) error {
	for _, u := range p.units {
		if err := putUnit(ctx, tx, who, u); err != nil {
			return err
		}
	}
	for _, person := range p.people {
		if err := s.putPerson(ctx, tx, who, person, p.isNew[person.ID]); err != nil {
			return err
		}
	}
	for _, post := range p.posts {
		if err := s.assign(ctx, tx, who, post); err != nil {
			return err
		}
	}
	for key, roles := range p.roles {
		old, err := getPost(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := setRoles(ctx, tx, key, roles); err != nil {
			return err
		}
		after := old
		after.Roles = roles
		if err := note(ctx, tx, who, "post.add", "person", old.Person, "导入："+roles.Title(), changes(old, after)); err != nil {
			return err
		}
	}
	r := p.report
	return note(ctx, tx, who, "org.import", "org", "", fmt.Sprintf("单位新增 %d、修改 %d；人员新增 %d、修改 %d",
		r.Units.Added, r.Units.Changed, r.People.Added, r.People.Changed), nil)
}
