package process

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"gongkai/kernel/audit"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Actions names in Chinese what cases of a flow write into the audit record: its
// moves, and what the house knows for every flow.
func (f *Flow) Actions() map[string]string {
	out, c := map[string]string{}, &Case{flow: f}
	for _, kind := range []string{kindOpen, kindAssign, kindLend, kindTake, kindDue, kindParty} {
		out[f.Name+"."+kind] = f.Title + "：" + c.stepTitle(Step{Kind: kind})
	}
	for _, m := range f.Moves {
		out[f.Name+"."+m.Name] = f.Title + "：" + m.Title
	}
	return out
}

// record writes the audit entry of a step, in its unit of work. Free texts are
// counted, not copied: an audit entry can never be removed, a text with
// somebody's personal data must be, once its time is over.
func (s *Cases) record(ctx context.Context, tx *store.Tx, who org.Actor, c *Case, step Step) error {
	action := step.Kind
	if step.Move != "" {
		action = step.Move
	}
	e := audit.Entry{Actor: who.Person, Name: step.Name, Unit: who.Unit, Action: c.Flow + "." + action,
		Kind: c.Flow, Subject: string(c.Subject), Reason: step.Reason,
		Changes: []audit.Change{{Field: "case", New: string(c.ID)}}}
	if who.For != "" {
		e.Changes = append(e.Changes, audit.Change{Field: "for", New: string(who.For)})
	}
	if step.From != step.To {
		e.Changes = append(e.Changes, audit.Change{Field: "state", Old: step.From, New: step.To})
	}
	if step.Branch != "" {
		e.Changes = append(e.Changes, audit.Change{Field: "branch", New: step.Branch})
	}
	m, _ := c.flow.Move(step.Move)
	for _, key := range slices.Sorted(maps.Keys(step.Values)) {
		value := step.Values[key]
		if slices.ContainsFunc(m.Needs, func(n Need) bool { return n.Name == key && n.Kind == Text }) {
			value = strconv.Itoa(utf8.RuneCountInString(value)) + "字"
		}
		e.Changes = append(e.Changes, audit.Change{Field: key, New: value})
	}
	if err := audit.Write(ctx, tx, e); err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return nil
}
