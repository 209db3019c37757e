package org

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

type unitRow struct {
	bun.BaseModel `bun:"table:org_unit,alias:u"`
	Unit
}

type aliasRow struct {
	bun.BaseModel `bun:"table:org_alias,alias:a"`
	Unit          id.ID  `bun:",pk"`
	Folded        string `bun:",pk"`
	Name          string
}

type groupRow struct {
	bun.BaseModel `bun:"table:org_group,alias:g"`
	Group
}

type personRow struct {
	bun.BaseModel `bun:"table:org_person,alias:p"`
	Person
}

type postRow struct {
	bun.BaseModel `bun:"table:org_post,alias:t"`
	Post
}

type absenceRow struct {
	bun.BaseModel `bun:"table:org_absence,alias:b"`
	Absence
}

const (
	noUnit   = "没有找到这个单位，可能已被删除，请返回单位列表"
	noGroup  = "没有找到这个单位组，可能已被删除，请返回单位组列表"
	noPerson = "没有找到这个人员，可能已被删除，请返回人员列表"
	noPost   = "没有找到这项任职，可能已被取消，请刷新页面"
	noAway   = "没有找到这条外出记录，可能已被删除，请刷新页面"
)

// touch tells every node that its directory is stale.
func touch(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewRaw("update org_state set version = version + 1 where id = 'directory'").Exec(ctx)
	return err
}

func stateVersion(ctx context.Context, db bun.IDB) (n int64, err error) {
	err = db.NewRaw("select version from org_state where id = 'directory'").Scan(ctx, &n)
	return n, store.Fault(err)
}

func getUnit(ctx context.Context, db bun.IDB, key id.ID) (Unit, error) {
	var r unitRow
	if err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx); err != nil {
		return Unit{}, store.Found(err, noUnit)
	}
	err := withAliases(ctx, db, &r.Unit)
	return r.Unit, err
}

func withAliases(ctx context.Context, db bun.IDB, units ...*Unit) error {
	var rows []aliasRow
	q := db.NewSelect().Model(&rows).Order("a.name")
	if len(units) == 1 {
		q = q.Where("a.unit = ?", units[0].ID)
	}
	if err := q.Scan(ctx); err != nil {
		return store.Fault(err)
	}
	by := map[id.ID][]string{}
	for _, r := range rows {
		by[r.Unit] = append(by[r.Unit], r.Name)
	}
	for _, u := range units {
		u.Aliases = by[u.ID]
	}
	return nil
}

func allUnits(ctx context.Context, db bun.IDB) ([]Unit, error) {
	var rows []unitRow
	if err := db.NewSelect().Model(&rows).Order("u.seq", "u.name", "u.id").Scan(ctx); err != nil {
		return nil, store.Fault(err)
	}
	out := make([]Unit, len(rows))
	refs := make([]*Unit, len(rows))
	for i, r := range rows {
		out[i], refs[i] = r.Unit, &out[i]
	}
	if len(out) == 0 {
		return out, nil
	}
	return out, withAliases(ctx, db, append(refs, &Unit{})...) // never one alone: all aliases are wanted
}

func allGroups(ctx context.Context, db bun.IDB) ([]Group, error) {
	var rows []groupRow
	err := db.NewSelect().Model(&rows).Order("g.seq", "g.name").Scan(ctx)
	out := make([]Group, len(rows))
	for i, r := range rows {
		out[i] = r.Group
	}
	return out, store.Fault(err)
}

func getGroup(ctx context.Context, db bun.IDB, key id.ID) (Group, error) {
	var r groupRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Group, store.Found(err, noGroup)
}

func insertUnit(ctx context.Context, tx *store.Tx, u Unit) error {
	_, err := tx.NewInsert().Model(&unitRow{Unit: u}).Exec(ctx)
	return err
}

// updateUnit saves u over the version it was read with.
func updateUnit(ctx context.Context, tx *store.Tx, u Unit) error {
	read := u.Version
	u.Version++
	res, err := tx.NewUpdate().Model(&unitRow{Unit: u}).Where("id = ? and version = ?", u.ID, read).Exec(ctx)
	return store.Fresh(res, err, "单位“"+u.Name+"”")
}

// setAliases makes names the aliases of the unit.
func setAliases(ctx context.Context, tx *store.Tx, unit id.ID, names []string) error {
	if _, err := tx.NewDelete().Model((*aliasRow)(nil)).Where("unit = ?", unit).Exec(ctx); err != nil {
		return err
	}
	for _, name := range names {
		if err := insertAlias(ctx, tx, unit, name); err != nil {
			return err
		}
	}
	return nil
}

func insertAlias(ctx context.Context, tx *store.Tx, unit id.ID, name string) error {
	_, err := tx.NewInsert().Model(&aliasRow{Unit: unit, Folded: fold(name), Name: name}).On("conflict do nothing").Exec(ctx)
	return err
}

func deleteAlias(ctx context.Context, tx *store.Tx, unit id.ID, name string) error {
	_, err := tx.NewDelete().Model((*aliasRow)(nil)).Where("unit = ? and folded = ?", unit, fold(name)).Exec(ctx)
	return err
}

func saveGroup(ctx context.Context, tx *store.Tx, g Group, isNew bool) error {
	if isNew {
		_, err := tx.NewInsert().Model(&groupRow{Group: g}).Exec(ctx)
		return err
	}
	read := g.Version
	g.Version++
	res, err := tx.NewUpdate().Model(&groupRow{Group: g}).Where("id = ? and version = ?", g.ID, read).Exec(ctx)
	return store.Fresh(res, err, "单位组“"+g.Name+"”")
}

func deleteGroup(ctx context.Context, tx *store.Tx, g Group) error {
	res, err := tx.NewDelete().Model((*groupRow)(nil)).Where("id = ? and version = ?", g.ID, g.Version).Exec(ctx)
	return store.Fresh(res, err, "单位组“"+g.Name+"”")
}

// secretColumns are the sealed columns of people, for Rotate.
func secretColumns() []secret.Column {
	return []secret.Column{{Table: "org_person", Column: "phone"}, {Table: "org_person", Column: "email"}}
}

// sealed is a person as it is stored: phone and e-mail encrypted.
func (s *Service) sealed(p Person) (personRow, error) {
	for _, c := range []struct {
		column string
		value  *secret.Text
	}{{"phone", &p.Phone}, {"email", &p.Email}} {
		if *c.value == "" {
			continue
		}
		text, err := s.keys.Seal(*c.value, secret.Place("org_person", c.column, p.ID))
		if err != nil {
			return personRow{}, err
		}
		*c.value = secret.Text(text)
	}
	return personRow{Person: p}, nil
}

// opened is a person as it was before sealed.
func (s *Service) opened(r personRow) (Person, error) {
	p := r.Person
	for _, c := range []struct {
		column string
		value  *secret.Text
	}{{"phone", &p.Phone}, {"email", &p.Email}} {
		if *c.value == "" {
			continue
		}
		var err error
		if *c.value, err = s.keys.Open(c.value.Reveal(), secret.Place("org_person", c.column, p.ID)); err != nil {
			return Person{}, err
		}
	}
	return p, nil
}

func (s *Service) openedAll(rows []personRow) ([]Person, error) {
	out := make([]Person, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = s.opened(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) getPerson(ctx context.Context, db bun.IDB, key id.ID) (Person, error) {
	var r personRow
	if err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx); err != nil {
		return Person{}, store.Found(err, noPerson)
	}
	return s.opened(r)
}

func (s *Service) savePerson(ctx context.Context, tx *store.Tx, p Person, isNew bool) error {
	read := p.Version
	if !isNew {
		p.Version++
	}
	row, err := s.sealed(p)
	if err != nil {
		return err
	}
	if isNew {
		_, err := tx.NewInsert().Model(&row).Exec(ctx)
		return err
	}
	res, err := tx.NewUpdate().Model(&row).Where("id = ? and version = ?", p.ID, read).Exec(ctx)
	return store.Fresh(res, err, "人员“"+p.Name+"”的信息")
}

func postsOf(ctx context.Context, db bun.IDB, people ...id.ID) ([]Post, error) {
	if len(people) == 0 {
		return nil, nil
	}
	var rows []postRow
	err := db.NewSelect().Model(&rows).Where("person in (?)", bun.List(people)).Order("t.id").Scan(ctx)
	return posts(rows), store.Fault(err)
}

func allPosts(ctx context.Context, db bun.IDB) ([]Post, error) {
	var rows []postRow
	err := db.NewSelect().Model(&rows).Order("t.id").Scan(ctx)
	return posts(rows), store.Fault(err)
}

func posts(rows []postRow) []Post {
	out := make([]Post, len(rows))
	for i, r := range rows {
		out[i] = r.Post
	}
	return out
}

func postsIn(ctx context.Context, db bun.IDB, unit id.ID) ([]Post, error) {
	var rows []postRow
	err := db.NewSelect().Model(&rows).Where("unit = ?", unit).Order("t.id").Scan(ctx)
	return posts(rows), store.Fault(err)
}

func getPost(ctx context.Context, db bun.IDB, key id.ID) (Post, error) {
	var r postRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Post, store.Found(err, noPost)
}

func insertPost(ctx context.Context, tx *store.Tx, p Post) error {
	_, err := tx.NewInsert().Model(&postRow{Post: p}).Exec(ctx)
	return err
}

// cutPost ends a post on a day; one that had not begun goes away.
func cutPost(ctx context.Context, tx *store.Tx, p Post, on calendar.Date) error {
	if !p.From.Before(on) && !p.From.IsZero() {
		_, err := tx.NewDelete().Model((*postRow)(nil)).Where("id = ?", p.ID).Exec(ctx)
		return err
	}
	_, err := tx.NewUpdate().Model((*postRow)(nil)).Set("to_day = ?", on).Where("id = ?", p.ID).Exec(ctx)
	return err
}

func setRoles(ctx context.Context, tx *store.Tx, post id.ID, roles Role) error {
	_, err := tx.NewUpdate().Model((*postRow)(nil)).Set("roles = ?", roles).Where("id = ?", post).Exec(ctx)
	return err
}

// absencesOf lists the absences of a person, and those the person covers.
func absencesOf(ctx context.Context, db bun.IDB, person id.ID) (own, covering []Absence, err error) {
	var rows []absenceRow
	err = db.NewSelect().Model(&rows).Where("person = ? or substitute = ?", person, person).Order("b.from_day", "b.id").Scan(ctx)
	for _, r := range rows {
		if r.Person == person {
			own = append(own, r.Absence)
		} else {
			covering = append(covering, r.Absence)
		}
	}
	return own, covering, store.Fault(err)
}

func allAbsences(ctx context.Context, db bun.IDB, on calendar.Date) ([]Absence, error) {
	var rows []absenceRow
	err := db.NewSelect().Model(&rows).Where("from_day <= ? and to_day > ?", on, on).Order("b.id").Scan(ctx)
	out := make([]Absence, len(rows))
	for i, r := range rows {
		out[i] = r.Absence
	}
	return out, store.Fault(err)
}

func getAbsence(ctx context.Context, db bun.IDB, key id.ID) (Absence, error) {
	var r absenceRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Absence, store.Found(err, noAway)
}

func insertAbsence(ctx context.Context, tx *store.Tx, a Absence) error {
	_, err := tx.NewInsert().Model(&absenceRow{Absence: a}).Exec(ctx)
	return err
}

// cutAbsence ends an absence on a day; one that had not begun goes away.
func cutAbsence(ctx context.Context, tx *store.Tx, a Absence, on calendar.Date) error {
	if !a.From.Before(on) {
		_, err := tx.NewDelete().Model((*absenceRow)(nil)).Where("id = ?", a.ID).Exec(ctx)
		return err
	}
	_, err := tx.NewUpdate().Model((*absenceRow)(nil)).Set("to_day = ?", on).Where("id = ?", a.ID).Exec(ctx)
	return err
}

// UnitAsk filters the list of units.
type UnitAsk struct {
	Text string // in a name or alias
	Type Type   // "" for all
	Past bool   // also units that no longer exist
	Page page.Ask
}

func listUnits(ctx context.Context, db bun.IDB, ask UnitAsk, today calendar.Date) (page.Of[Unit], error) {
	out := page.Of[Unit]{Ask: ask.Page.Clean()}
	var rows []unitRow
	q := db.NewSelect().Model(&rows)
	if ask.Text != "" {
		p := store.Like(ask.Text)
		q = q.Where(`(u.name like ? escape '\' or u.full_name like ? escape '\' or u.short_name like ? escape '\' or exists
			(select 1 from org_alias a where a.unit = u.id and a.name like ? escape '\'))`, p, p, p, p)
	}
	if ask.Type != "" {
		q = q.Where("u.type = ?", ask.Type)
	}
	if !ask.Past {
		q = q.Where("u.valid_to is null or u.valid_to > ?", today)
	}
	total, err := q.Order("u.seq", "u.name", "u.id").Limit(int64(out.Ask.Size)).Offset(int64(out.Ask.Offset())).ScanAndCount(ctx)
	if err != nil {
		return out, store.Fault(err)
	}
	out.Total, out.Rows = int(total), make([]Unit, len(rows))
	refs := []*Unit{{}}
	for i, r := range rows {
		out.Rows[i] = r.Unit
		refs = append(refs, &out.Rows[i])
	}
	return out, withAliases(ctx, db, refs...)
}

// PeopleAsk filters the list of people.
type PeopleAsk struct {
	Text string // in the name, or the whole number
	Unit id.ID  // who hold a post there now
	Role Role   // who hold any of these now; 0 for all
	Left bool   // also those who have left
	Page page.Ask
}

func (s *Service) listPeople(ctx context.Context, db bun.IDB, ask PeopleAsk, today calendar.Date) (page.Of[Person], error) {
	out := page.Of[Person]{Ask: ask.Page.Clean()}
	var rows []personRow
	q := db.NewSelect().Model(&rows)
	if ask.Text != "" {
		q = q.Where(`(p.name like ? escape '\' or p.number = ?)`, store.Like(ask.Text), ask.Text)
	}
	if !ask.Left {
		q = q.Where("p.active = ?", true)
	}
	if ask.Unit != "" || ask.Role != 0 {
		post := db.NewSelect().Model((*postRow)(nil)).ColumnExpr("1").Where("t.person = p.id").
			Where("t.from_day is null or t.from_day <= ?", today).Where("t.to_day is null or t.to_day > ?", today)
		if ask.Unit != "" {
			post = post.Where("t.unit = ?", ask.Unit)
		}
		if ask.Role != 0 {
			post = post.Where("t.roles & ? <> 0", ask.Role)
		}
		q = q.Where("exists (?)", post)
	}
	total, err := q.Order("p.name", "p.id").Limit(int64(out.Ask.Size)).Offset(int64(out.Ask.Offset())).ScanAndCount(ctx)
	if err != nil {
		return out, store.Fault(err)
	}
	out.Total = int(total)
	out.Rows, err = s.openedAll(rows)
	return out, err
}

func (s *Service) allPeople(ctx context.Context, db bun.IDB) ([]Person, error) {
	var rows []personRow
	err := db.NewSelect().Model(&rows).Order("p.name", "p.id").Scan(ctx)
	if err != nil {
		return nil, store.Fault(err)
	}
	return s.openedAll(rows)
}

// peopleOf returns the people with the given keys, by name.
func (s *Service) peopleOf(ctx context.Context, db bun.IDB, keys []id.ID) ([]Person, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []personRow
	err := db.NewSelect().Model(&rows).Where("p.id in (?)", bun.List(slices.Compact(keys))).Order("p.name", "p.id").Scan(ctx)
	if err != nil {
		return nil, store.Fault(err)
	}
	return s.openedAll(rows)
}

func (s *Service) personNumbered(ctx context.Context, db bun.IDB, number string) (Person, error) {
	var r personRow
	if err := db.NewSelect().Model(&r).Where("p.number = ? and p.active = ?", number, true).Scan(ctx); err != nil {
		return Person{}, store.Found(err, noPerson)
	}
	return s.opened(r)
}
