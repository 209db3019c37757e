package process

import (
	"context"
	"fmt"
	"slices"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Hand gives the to-do of a role to a named person of the same unit, until it is
// taken back or the case leaves its state.
type Hand struct {
	Party  string   // in whose unit; Own for the case's own
	Role   org.Role // one role: its to-do
	Person id.ID
	Name   string
	Reason string
}

// never are roles that nobody else may be given (assessment 6.1; the three
// administrators are separate persons).
const never = org.Principal | org.Admin

// Assign hands a to-do to a person who holds the role: colleagues no longer see
// it. The person needs the role in the unit all the same.
func (s *Cases) Assign(ctx context.Context, tx *store.Tx, key id.ID, who org.Actor, h Hand) error {
	return s.hand(ctx, tx, key, who, h, kindAssign)
}

// Delegate hands a to-do to a person who need not hold the role. Four eyes look
// at that person, and at whom they stand in for.
func (s *Cases) Delegate(ctx context.Context, tx *store.Tx, key id.ID, who org.Actor, h Hand) error {
	return s.hand(ctx, tx, key, who, h, kindLend)
}

func (s *Cases) hand(ctx context.Context, tx *store.Tx, key id.ID, who org.Actor, h Hand, kind string) error {
	c, err := s.load(ctx, tx, key)
	if err != nil {
		return err
	}
	title := "交办"
	if kind == kindLend {
		title = "委托"
	}
	single := len(h.Role.Split()) == 1
	switch {
	case !single || h.Person == "":
		return fmt.Errorf("process: hand one role to one person")
	case h.Role.Any(never) && kind == kindLend:
		return fault.Newf(fault.Forbidden, "%s的事项不能委托他人办理", h.Role.Title())
	case h.Role.Any(org.Public | org.Staff):
		return fault.Newf(fault.Invalid, "这一步任何人都可以办理，不需要%s", title)
	case h.Party == Any || c.seats[h.Party] == "" || c.seats[h.Party] != who.Unit:
		return fault.Newf(fault.Forbidden, "不是本单位的待办，不能%s", title)
	case !slices.ContainsFunc(c.flow.movesFrom(c.State), func(m Move) bool { return m.In == h.Party && m.By.Any(h.Role) }):
		return fault.Newf(fault.Conflict, "现在没有要由%s办理的事项：%s", h.Role.Title(), c.since())
	case !c.roles(who, h.Party).Any(h.Role):
		if name := c.holder(h.Party, h.Role); name != "" {
			return fault.Newf(fault.Conflict, "此件已交%s办理，请先收回", name)
		}
		return fault.Newf(fault.Forbidden, "须由%s%s", h.Role.Title(), title)
	case !base(who).Any(h.Role):
		return fault.New(fault.Forbidden, "受托办理的事项不能再转交他人，请退回委托人")
	case kind == kindLend && is(who, h.Person):
		return fault.New(fault.Invalid, "不能委托给本人")
	}
	step := stepOf(who, tx, kind)
	step.Reason = h.Reason
	step.Values = map[string]string{"party": h.Party, "role": h.Role.Code(), "person": string(h.Person), "name": h.Name}
	if err := s.note(ctx, tx, who, c, step); err != nil {
		return err
	}
	row := hand{Party: h.Party, Role: h.Role, Person: h.Person, PersonName: h.Name, Lent: kind == kindLend, ByPerson: who.Person, ByName: who.Name}
	if err := c.insertHand(ctx, tx, row); err != nil {
		return fmt.Errorf("hand case %s over: %w", c.ID, err)
	}
	return s.notify.Notify(ctx, tx, Notice{Person: h.Person, Unit: who.Unit, Kind: NoticeHanded, Case: c.ID, Link: c.Link,
		Title: c.Title, Text: fmt.Sprintf("%s将“%s”（%s）%s给您办理", who.Name, c.Title, c.title(c.State), title)})
}

// TakeBack ends a hand: by who holds the role in the unit, by who handed it over,
// or by the person who has it.
func (s *Cases) TakeBack(ctx context.Context, tx *store.Tx, key id.ID, who org.Actor, party string, role org.Role, reason string) error {
	c, err := s.load(ctx, tx, key)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(c.hands, func(h hand) bool { return h.Party == party && h.Role == role })
	if at < 0 {
		return fault.New(fault.Conflict, "此件没有交给他人办理，或已被收回")
	}
	h := c.hands[at]
	if c.seats[party] != who.Unit || !base(who).Any(role) && !is(who, h.ByPerson) && !is(who, h.Person) {
		return fault.Newf(fault.Forbidden, "此件由%s交给%s办理，您不能收回", h.ByName, h.PersonName)
	}
	step := stepOf(who, tx, kindTake)
	step.Reason = reason
	step.Values = map[string]string{"party": party, "role": role.Code(), "person": string(h.Person), "name": h.PersonName}
	if err := s.note(ctx, tx, who, c, step); err != nil {
		return err
	}
	return c.deleteHand(ctx, tx, h)
}
