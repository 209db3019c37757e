package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

// Person returns a person, also one who has left.
func (s *Service) Person(ctx context.Context, key id.ID) (Person, error) {
	return s.getPerson(ctx, s.db.Read, key)
}

// People lists people, one page.
func (s *Service) People(ctx context.Context, ask PeopleAsk) (page.Of[Person], error) {
	return s.listPeople(ctx, s.db.Read, ask, s.today())
}

// Posts lists all posts of a person, past ones too, oldest first.
func (s *Service) Posts(ctx context.Context, person id.ID) ([]Post, error) {
	return postsOf(ctx, s.db.Read, person)
}

// Absences lists when the person is away, and whom the person stands in for.
func (s *Service) Absences(ctx context.Context, person id.ID) (own, covering []Absence, err error) {
	return absencesOf(ctx, s.db.Read, person)
}

// Holders lists who may act in any of the roles in a unit on a day: those who
// hold the post and are present, and the substitutes of those who are not. It
// is for telling people, never for deciding what one may do.
func (s *Service) Holders(ctx context.Context, unit id.ID, roles Role, on calendar.Date) ([]Person, error) {
	posts, err := postsIn(ctx, s.db.Read, unit)
	if err != nil {
		return nil, err
	}
	away, err := allAbsences(ctx, s.db.Read, on)
	if err != nil {
		return nil, err
	}
	var keys []id.ID
	for _, p := range posts {
		if !p.On(on) || !p.Roles.Any(roles) {
			continue
		}
		holder := p.Person
		for _, a := range away {
			if a.Person == p.Person && covered(p.Roles).Any(roles) {
				holder = a.Substitute
			}
		}
		if !slices.Contains(keys, holder) {
			keys = append(keys, holder)
		}
	}
	people, err := s.peopleOf(ctx, s.db.Read, keys)
	return slices.DeleteFunc(people, func(p Person) bool { return !p.Active }), err
}

func (s *Service) standing(ctx context.Context, person id.ID) (standing, error) {
	var st standing
	var err error
	if st.person, err = s.getPerson(ctx, s.db.Read, person); err != nil {
		return st, err
	}
	if st.posts, err = postsOf(ctx, s.db.Read, person); err != nil {
		return st, err
	}
	if _, st.covering, err = absencesOf(ctx, s.db.Read, person); err != nil {
		return st, err
	}
	var absent []id.ID
	for _, a := range st.covering {
		absent = append(absent, a.Person)
	}
	st.lent, err = postsOf(ctx, s.db.Read, absent...)
	return st, err
}

// ActorOf builds the Actor of a person in a unit on a day, with the roles of
// those the person stands in for. Forbidden when nothing is held there.
func (s *Service) ActorOf(ctx context.Context, person, unit id.ID, on calendar.Date) (Actor, error) {
	st, err := s.standing(ctx, person)
	if err != nil {
		return Actor{}, err
	}
	u, err := getUnit(ctx, s.db.Read, unit)
	if err != nil {
		return Actor{}, err
	}
	return st.actor(u, on)
}

// UnitsOf lists the units a person may act in on a day, own ones first.
func (s *Service) UnitsOf(ctx context.Context, person id.ID, on calendar.Date) ([]Unit, error) {
	st, err := s.standing(ctx, person)
	if err != nil || !st.person.Active {
		return nil, err
	}
	var out []Unit
	for _, key := range st.units(on) {
		u, err := getUnit(ctx, s.db.Read, key)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// PutPerson adds a person (without ID) or saves one over the version read.
// Whether a person is active is changed by Leave and Return alone.
func (s *Service) PutPerson(ctx context.Context, who Actor, p Person) (id.ID, error) {
	p.Name, p.Number = strings.TrimSpace(p.Name), strings.TrimSpace(p.Number)
	isNew := p.ID == ""
	if isNew {
		p.ID = id.New()
	}
	return p.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.putPerson(ctx, tx, who, p, isNew)
	})
}

func (s *Service) putPerson(ctx context.Context, tx *store.Tx, who Actor, p Person, isNew bool) error {
	if err := p.valid(); err != nil {
		return err
	}
	var before any
	if isNew {
		p.Version, p.Active = 1, true
	} else {
		old, err := s.getPerson(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		p.Active, before = old.Active, plain(old)
	}
	err := s.savePerson(ctx, tx, p, isNew)
	if store.Unique(err) {
		return fault.Fields{"number": "工号“" + p.Number + "”已经属于另一个人，请核对"}.Err()
	}
	if err != nil {
		return err
	}
	return note(ctx, tx, who, "person.save", "person", p.ID, p.Name, changes(before, plain(p)))
}

// Assign gives a person a post. The three administrators are kept apart, and
// nobody gives a post to themselves.
func (s *Service) Assign(ctx context.Context, who Actor, p Post) (id.ID, error) {
	if p.ID == "" {
		p.ID = id.New()
	}
	return p.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return s.assign(ctx, tx, who, p) })
}

func (s *Service) assign(ctx context.Context, tx *store.Tx, who Actor, p Post) error {
	wrong := fault.Fields{}
	if p.Roles&^(business|Admin) != 0 || p.Roles == 0 {
		wrong["roles"] = "请至少选择一个角色"
	}
	if !p.To.IsZero() && !p.From.Before(p.To) {
		wrong["to"] = "结束日期必须晚于开始日期"
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if who.Person != "" && who.Person == p.Person {
		return fault.New(fault.Forbidden, "不能给自己分配角色，请由另一位管理员办理")
	}
	if err := tx.Lock(ctx, "org:"+string(p.Person)); err != nil { // two posts at once must see each other
		return err
	}
	person, err := s.getPerson(ctx, tx, p.Person)
	if err != nil {
		return err
	}
	if !person.Active {
		return fault.Newf(fault.Conflict, "%s已离岗，请先办理返岗", person.Name)
	}
	unit, err := getUnit(ctx, tx, p.Unit)
	if err != nil {
		return err
	}
	if !meet(p.From, p.To, unit.ValidFrom, unit.ValidTo) {
		return fault.Newf(fault.Conflict, "%s在这段时间不存在，请核对任职的起止日期", unit.Name)
	}
	posts, err := postsOf(ctx, tx, p.Person)
	if err != nil {
		return err
	}
	if err := separated(person.Name, append(posts, p)); err != nil {
		return err
	}
	if p.Roles.Any(Admin) {
		if _, covering, err := absencesOf(ctx, tx, p.Person); err != nil {
			return err
		} else if slices.ContainsFunc(covering, func(a Absence) bool { return meet(a.From, a.To, p.From, p.To) }) {
			return fault.Newf(fault.Conflict, "三员分立：%s正在代理别人的业务，不能担任%s，请先结束代理", person.Name, (p.Roles & Admin).Title())
		}
	}
	if err := insertPost(ctx, tx, p); err != nil {
		return err
	}
	return note(ctx, tx, who, "post.add", "person", p.Person, fmt.Sprintf("%s：%s（%s）", person.Name, unit.Name, p.Roles.Title()), changes(nil, p))
}

// EndPost ends a post on a day: the first on which it is no longer held.
func (s *Service) EndPost(ctx context.Context, who Actor, post id.ID, on calendar.Date) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := getPost(ctx, tx, post)
		if err != nil {
			return err
		}
		return s.endPost(ctx, tx, who, p, on)
	})
}

func (s *Service) endPost(ctx context.Context, tx *store.Tx, who Actor, p Post, on calendar.Date) error {
	person, err := s.getPerson(ctx, tx, p.Person)
	if err != nil {
		return err
	}
	if err := cutPost(ctx, tx, p, on); err != nil {
		return err
	}
	after := p
	after.To = on
	return note(ctx, tx, who, "post.end", "person", p.Person, fmt.Sprintf("%s：%s", person.Name, p.Roles.Title()), changes(p, after))
}

// PutAbsence records that a person is away and who stands in.
func (s *Service) PutAbsence(ctx context.Context, who Actor, a Absence) (id.ID, error) {
	a.ID = id.New()
	wrong := fault.Fields{}
	if a.From.IsZero() || a.To.IsZero() || !a.From.Before(a.To) {
		wrong["to"] = "请填写外出的起止日期，结束日期必须晚于开始日期"
	}
	if a.Substitute == "" || a.Substitute == a.Person {
		wrong["substitute"] = "请选择另一个人代理"
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	return a.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		names := []id.ID{a.Person, a.Substitute}
		slices.Sort(names) // one order for everybody, so that two cannot wait for each other
		for _, key := range names {
			if err := tx.Lock(ctx, "org:"+string(key)); err != nil {
				return err
			}
		}
		person, err := s.getPerson(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		sub, err := s.getPerson(ctx, tx, a.Substitute)
		if err != nil {
			return err
		}
		if !sub.Active {
			return fault.Fields{"substitute": sub.Name + "已离岗，不能代理"}.Err()
		}
		own, _, err := absencesOf(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		for _, b := range own {
			if meet(a.From, a.To, b.From, b.To) {
				return fault.Fields{"from": fmt.Sprintf("%s在 %s 至 %s 已登记外出，请先结束那一条", person.Name, b.From, b.To)}.Err()
			}
		}
		away, _, err := absencesOf(ctx, tx, a.Substitute)
		if err != nil {
			return err
		}
		for _, b := range away {
			if meet(a.From, a.To, b.From, b.To) {
				return fault.Fields{"substitute": fmt.Sprintf("%s在 %s 至 %s 也外出，请另选代理人", sub.Name, b.From, b.To)}.Err()
			}
		}
		posts, err := postsOf(ctx, tx, a.Substitute)
		if err != nil {
			return err
		}
		for _, p := range posts {
			if p.Roles.Any(Admin) && meet(a.From, a.To, p.From, p.To) {
				return fault.Fields{"substitute": fmt.Sprintf("三员分立：%s担任%s，不能代理业务，请另选代理人", sub.Name, (p.Roles & Admin).Title())}.Err()
			}
		}
		if err := insertAbsence(ctx, tx, a); err != nil {
			return err
		}
		return note(ctx, tx, who, "absence.add", "person", a.Person, person.Name+"，由"+sub.Name+"代理", changes(nil, a))
	})
}

// EndAbsence ends an absence on a day: the first on which the person is back.
func (s *Service) EndAbsence(ctx context.Context, who Actor, absence id.ID, on calendar.Date) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := getAbsence(ctx, tx, absence)
		if err != nil {
			return err
		}
		person, err := s.getPerson(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		if err := cutAbsence(ctx, tx, a, on); err != nil {
			return err
		}
		after := a
		after.To = on
		return note(ctx, tx, who, "absence.end", "person", a.Person, person.Name, changes(a, after))
	})
}

// Leave ends all posts of a person on a day and makes the person inactive. Who
// holds a role that nobody else holds in that unit must be replaced: the heir
// takes over those posts. Without an heir the error lists them.
func (s *Service) Leave(ctx context.Context, who Actor, person, heir id.ID, on calendar.Date) error {
	if on.IsZero() {
		return fault.Fields{"on": "请填写离岗日期"}.Err()
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := s.getPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		if !p.Active {
			return fault.Newf(fault.Conflict, "%s已经离岗", p.Name)
		}
		if heir == person {
			return fault.Fields{"heir": "接替人不能是本人"}.Err()
		}
		all, err := postsOf(ctx, tx, person)
		if err != nil {
			return err
		}
		var posts, only []Post
		names := map[id.ID]string{}
		for _, post := range all {
			if !meet(post.From, post.To, on, calendar.Date{}) {
				continue
			}
			posts = append(posts, post)
			unit, err := getUnit(ctx, tx, post.Unit)
			if err != nil {
				return err
			}
			names[post.Unit] = unit.Name
			others, err := postsIn(ctx, tx, post.Unit)
			if err != nil {
				return err
			}
			left := post
			for _, o := range others {
				if o.Person != person && o.On(on) {
					left.Roles &^= o.Roles
				}
			}
			if left.Roles != 0 {
				only = append(only, left)
			}
		}
		if len(only) > 0 && heir == "" {
			return fault.Fields{"heir": fmt.Sprintf("%s还独自担任：%s。请指定接替的人，或先把这些角色分配给别人",
				p.Name, held(only, func(u id.ID) string { return names[u] }))}.Err()
		}
		for _, post := range posts {
			if err := s.endPost(ctx, tx, who, post, on); err != nil {
				return err
			}
		}
		for _, post := range only {
			next := Post{ID: id.New(), Person: heir, Unit: post.Unit, Roles: post.Roles, From: on, To: post.To}
			if err := s.assign(ctx, tx, who, next); err != nil {
				return err
			}
		}
		own, covering, err := absencesOf(ctx, tx, person)
		if err != nil {
			return err
		}
		for _, a := range covering {
			if meet(a.From, a.To, on, calendar.Date{}) {
				absent, err := s.getPerson(ctx, tx, a.Person)
				if err != nil {
					return err
				}
				return fault.Newf(fault.Conflict, "%s正在代理%s（%s 至 %s），请先结束代理或另选代理人", p.Name, absent.Name, a.From, a.To)
			}
		}
		for _, a := range own {
			if meet(a.From, a.To, on, calendar.Date{}) {
				if err := cutAbsence(ctx, tx, a, on); err != nil {
					return err
				}
			}
		}
		before := plain(p)
		p.Active = false
		if err := s.savePerson(ctx, tx, p, false); err != nil {
			return err
		}
		return note(ctx, tx, who, "person.leave", "person", person, p.Name, changes(before, plain(p)))
	})
}

// Return makes a person who left active again, without posts.
func (s *Service) Return(ctx context.Context, who Actor, person id.ID) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := s.getPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		if p.Active {
			return fault.Newf(fault.Conflict, "%s在岗，不需要返岗", p.Name)
		}
		before := plain(p)
		p.Active = true
		if err := s.savePerson(ctx, tx, p, false); err != nil {
			return err
		}
		return note(ctx, tx, who, "person.return", "person", person, p.Name, changes(before, plain(p)))
	})
}

// Reveal shows a person's phone and e-mail to somebody, with the reason, and
// records that.
func (s *Service) Reveal(ctx context.Context, who Actor, person id.ID, why string) (phone, email string, err error) {
	if strings.TrimSpace(why) == "" {
		return "", "", fault.Fields{"why": "请填写查看联系方式的事由"}.Err()
	}
	p, err := s.getPerson(ctx, s.db.Read, person)
	if err != nil {
		return "", "", err
	}
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return note(ctx, tx, who, "person.reveal", "person", person, why, nil)
	})
	if err != nil {
		return "", "", err
	}
	return p.Phone.Reveal(), p.Email.Reveal(), nil
}

// PersonNumbered returns the active person with an employee number.
func (s *Service) PersonNumbered(ctx context.Context, number string) (Person, error) {
	return s.personNumbered(ctx, s.db.Read, number)
}
