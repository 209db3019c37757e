package process

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// Case is one thing going through a flow.
type Case struct {
	ID          id.ID `bun:",pk"`
	Flow        string
	Subject     id.ID // what it is about, in the area's own table
	State       string
	Unit        id.ID // that answers for it
	Title, Link string
	Author      id.ID // who opened it
	AuthorFor   id.ID // for whom a substitute opened it, or ""
	Day0        calendar.Date
	Due         calendar.Date // earliest last day of the clocks that run; none while all wait
	OpenedAt    time.Time
	ClosedAt    time.Time `bun:",nullzero"` // zero while open
	Version     int64     // number of its last step
	Entered     int64     // number of the step that brought it into its state

	Last Step `bun:"-"` // in Move.Do: the move being made

	flow  *Flow
	seats map[string]id.ID // unit by party
	hands []hand
	steps []Step
	runs  []*run
}

// Party is the unit that has a part in the case, "" for none.
func (c *Case) Party(name string) id.ID { return c.seats[name] }

// Late reports whether a clock of the open case has run out.
func (c *Case) Late(today calendar.Date) bool {
	return c.ClosedAt.IsZero() && !c.Due.IsZero() && c.Due.Before(today)
}

// Kinds of steps.
const (
	kindOpen   = "open"
	kindMove   = "move"
	kindAssign = "assign"   // handed to a person who holds the role
	kindLend   = "delegate" // handed to a person who does not
	kindTake   = "take-back"
	kindDue    = "due"   // a last day set by hand, or moved by a new calendar
	kindParty  = "party" // a unit given a part
)

// Step is an entry of a case's history.
type Step struct {
	Seq      int64
	Kind     string // open, move, assign, delegate, take-back, due, party
	Move     string // for a move its name, for the opening Opened
	Branch   string // approved by it
	From     string `bun:"from_state"`
	To       string `bun:"to_state"`
	Person   id.ID  // who; "" for the house
	Name     string `bun:"person_name"`
	For      id.ID  `bun:"for_person"` // whose absence was covered, or ""
	Unit     id.ID
	UnitName string
	At       time.Time
	Day      calendar.Date // the legal day
	Reason   string
	Values   map[string]string `bun:"type:jsonb"`
}

// hand is a to-do in the hands of a named person.
type hand struct {
	Party      string
	Role       org.Role
	Person     id.ID
	PersonName string
	Lent       bool // the person need not hold the role
	ByPerson   id.ID
	ByName     string
}

// is reports whether the key is the actor or the person the actor stands in for.
func is(who org.Actor, key id.ID) bool {
	return key != "" && (key == who.Person || key == who.For)
}

// base are the roles the actor brings along.
func base(who org.Actor) org.Role {
	r := who.Roles | org.Public
	if who.Person != "" {
		r |= org.Staff
	}
	return r
}

// roles are the actor's roles in this case for a party: without those that are
// in somebody else's hands now, and with those lent to the actor.
func (c *Case) roles(who org.Actor, party string) org.Role {
	r := base(who)
	for _, h := range c.hands {
		switch {
		case h.Party != party:
		case !is(who, h.Person):
			r &^= h.Role
		case h.Lent:
			r |= h.Role
		}
	}
	return r
}

// holder is in whose hands the roles of a party are, "" for nobody in particular.
func (c *Case) holder(party string, roles org.Role) string {
	for _, h := range c.hands {
		if h.Party == party && h.Role.Any(roles) {
			return h.PersonName
		}
	}
	return ""
}

// approved reports whether the branch was approved since the case came into its state.
func (c *Case) approved(branch string) bool {
	return slices.ContainsFunc(c.steps, func(s Step) bool {
		return s.Branch == branch && s.Branch != "" && s.Seq > c.Entered
	})
}

// title is the Chinese name of a state.
func (c *Case) title(state string) string {
	s, _ := c.flow.State(state)
	return s.Title
}

// right says why the actor may not make a move now, as far as state, unit, role,
// hands and four eyes decide; guards and needs come after it. Todos asks the
// database the same question: keep the two alike (TestTodosAreWhatIsAllowed).
func (c *Case) right(m Move, who org.Actor) error {
	if err := c.post(m, who); err != nil || m.Auto {
		return err
	}
	return c.fourEyes(m, who)
}

// post is right without four eyes.
func (c *Case) post(m Move, who org.Actor) error {
	switch {
	case !has(m.From, c.State):
		return c.elsewhere(m)
	case m.Branch != "" && c.approved(m.Branch):
		return c.elsewhere(m)
	case m.Auto != (who == org.System):
		if m.Auto {
			return fault.Newf(fault.Forbidden, "“%s”由系统自动办理", m.Title)
		}
		return fault.Newf(fault.Forbidden, "“%s”须由工作人员办理", m.Title)
	case m.Auto:
		return nil
	case m.In != Any && (c.seats[m.In] == "" || c.seats[m.In] != who.Unit):
		return fault.Newf(fault.Forbidden, "“%s”不由本单位办理", m.Title)
	}
	if !m.By.Any(c.roles(who, m.In)) {
		if name := c.holder(m.In, m.By); name != "" && m.By.Any(base(who)) {
			return fault.Newf(fault.Forbidden, "“%s”已交%s办理，收回后方可操作", m.Title, name)
		}
		return fault.Newf(fault.Forbidden, "“%s”须由%s办理", m.Title, roleTitle(m.By))
	}
	return nil
}

func roleTitle(r org.Role) string {
	if t := r.Title(); t != "" {
		return t
	}
	return "登录人员"
}

// fourEyes refuses who has, in person, for somebody or through a substitute, made
// a step that the move excludes (REV-02: nobody reviews what they wrote).
func (c *Case) fourEyes(m Move, who org.Actor) error {
	eyes := m.eyes()
	for _, s := range c.steps {
		if s.Move == "" || !slices.Contains(eyes, s.Move) || !is(who, s.Person) && !is(who, s.For) {
			continue
		}
		done := "发起"
		if before, ok := c.flow.Move(s.Move); ok {
			done = "办理“" + before.Title + "”"
		}
		return fault.Newf(fault.Forbidden, "%s已%s，不能再办理“%s”，请由其他人员办理", s.Name, done, m.Title)
	}
	return nil
}

// elsewhere tells that the state does not allow a move, and whose doing that is.
func (c *Case) elsewhere(m Move) error {
	return fault.Newf(fault.Conflict, "现在不能“%s”：%s", m.Title, c.since())
}

// since is the sentence about the latest move: 王芳已于5月6日 10:00“送审”，现为“待审”.
func (c *Case) since() string {
	for _, s := range slices.Backward(c.steps) {
		if s.Kind == kindOpen || s.Kind == kindMove {
			return fmt.Sprintf("%s已于%s“%s”，现为“%s”", s.Name, when(s.At), c.stepTitle(s), c.title(c.State))
		}
	}
	return fmt.Sprintf("现为“%s”", c.title(c.State))
}

// stale tells what others did after the version that the person saw.
func (c *Case) stale(version int64) error {
	var did []string
	for _, s := range c.steps {
		if s.Seq > version {
			did = append(did, fmt.Sprintf("%s于%s“%s”", s.Name, when(s.At), c.stepTitle(s)))
		}
	}
	return fault.Newf(fault.Conflict, "打开页面后此件已有变化：%s；现为“%s”，请核对后再办理", strings.Join(did, "，"), c.title(c.State))
}

func when(t time.Time) string {
	t = t.In(calendar.Zone)
	return fmt.Sprintf("%d月%d日 %s", int(t.Month()), t.Day(), t.Format("15:04"))
}

// stepTitle is what a step is called on pages.
func (c *Case) stepTitle(s Step) string {
	switch s.Kind {
	case kindOpen:
		return "发起"
	case kindMove:
		if m, ok := c.flow.Move(s.Move); ok {
			return m.Title
		}
		return s.Move // of an earlier declaration
	case kindAssign:
		return "交办"
	case kindLend:
		return "委托"
	case kindTake:
		return "收回"
	case kindDue:
		return "调整期限"
	case kindParty:
		return "确定单位"
	}
	return s.Kind
}

// visited lists the states, other than the present one, that the case can be
// sent back to: those it has been in, in the order of the first visit.
func (c *Case) visited() []State {
	var out []State
	for _, s := range c.steps {
		st, ok := c.flow.State(s.To)
		if !ok || st.Final || st.Name == c.State || s.Kind != kindOpen && s.Kind != kindMove {
			continue
		}
		if !slices.ContainsFunc(out, func(o State) bool { return o.Name == st.Name }) {
			out = append(out, st)
		}
	}
	return out
}

// next is the state that a move leads to, and whether it leaves the present one.
// The approval of a branch leaves only when its siblings are approved.
func (c *Case) next(m Move, in Input) (to string, err error) {
	switch {
	case m.Back:
		for _, s := range c.visited() {
			if s.Name == in.To {
				return in.To, nil
			}
		}
		return "", fault.Fields{toKey: "请选择退回到哪一环节"}.Err()
	case m.Branch != "":
		s, _ := c.flow.State(c.State)
		for _, b := range s.Needs {
			if b.Name != m.Branch && !c.approved(b.Name) {
				return c.State, nil
			}
		}
	}
	return m.target(c.State), nil
}
