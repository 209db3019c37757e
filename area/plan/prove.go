package plan

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/area"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// record writes what somebody did into the audit chain, in the same unit of work.
func (s *Service) record(ctx context.Context, tx *store.Tx, who org.Actor, action, kind string, subject id.ID, what string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit,
		Action: action, Kind: kind, Subject: string(subject), Reason: what})
}

// SaveRule gives a measure a proof rule, or changes one (Rule.ID set).
func (s *Service) SaveRule(ctx context.Context, who org.Actor, r Rule) (id.ID, error) {
	kind, ok := s.kind(r.Kind)
	if !ok {
		return "", fault.Fields{"kind": "请选择佐证规则类型"}.Err()
	}
	if r.Title = strings.TrimSpace(r.Title); r.Title == "" {
		r.Title = kind.Title
	}
	if utf8.RuneCountInString(r.Title) > 100 {
		return "", fault.Fields{"title": "名称请不超过100字"}.Err()
	}
	values := map[string]string{} // only what the kind asks for is kept
	for _, p := range kind.Params {
		if v := strings.TrimSpace(r.Values[p.Name]); v != "" {
			values[p.Name] = v
		} else if p.Default != "" {
			values[p.Name] = p.Default
		}
	}
	r.Values = values
	if err := validRule(kind, values); err != nil {
		return "", err
	}
	return r.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := getMeasure(ctx, tx, r.Measure)
		if err != nil {
			return err
		}
		if err := s.coordinates(ctx, tx, who, m.Plan); err != nil {
			return err
		}
		r.Plan = m.Plan
		if r.ID != "" {
			if err := updateRule(ctx, tx, r); err != nil {
				return err
			}
		} else {
			r.ID, r.Version = id.New(), 1
			if err := insert(ctx, tx, []ruleRow{{Rule: r}}); err != nil {
				return fmt.Errorf("add a rule: %w", err)
			}
		}
		if err := s.k.Jobs.Insert(ctx, tx, proveMeasure{Measure: m.ID}); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.rule", "measure", m.ID, "佐证规则："+r.Title)
	})
}

// DropRule takes a rule from a measure, with what it found; evidence that it
// produced stays.
func (s *Service) DropRule(ctx context.Context, who org.Actor, key id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := getRule(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := s.coordinates(ctx, tx, who, r.Plan); err != nil {
			return err
		}
		if err := deleteRule(ctx, tx, key); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.rule", "measure", r.Measure, "删除佐证规则："+r.Title)
	})
}

// coordinates says whether the actor acts for the office that runs the plan.
func (s *Service) coordinates(ctx context.Context, tx *store.Tx, who org.Actor, plan id.ID) error {
	p, err := getPlan(ctx, tx, plan)
	if err != nil {
		return err
	}
	if who != org.System && (who.Unit != p.Office || !who.May(org.Coordinator)) {
		return fault.New(fault.Forbidden, "请由政府办公室的统筹人员办理")
	}
	return nil
}

// Prove asks every rule of a measure about every open term of its duties, and
// keeps what they say. Questions are asked outside of units of work: they read
// much and may wait for the network.
func (s *Service) Prove(ctx context.Context, measure id.ID) error {
	rules, err := rulesOf(ctx, s.k.DB.Read, measure)
	if err != nil || len(rules) == 0 {
		return err
	}
	terms, err := openTerms(ctx, s.k.DB.Read, measure)
	if err != nil {
		return err
	}
	for _, r := range rules {
		kind, ok := s.kind(r.Kind)
		if !ok {
			continue // of an area that this installation does not have
		}
		alike := kind.Alike != nil && kind.Alike(r.Values)
		said := map[Span]area.Answer{}
		for _, t := range terms {
			in := area.Question{Unit: t.Unit, Measure: t.Measure, Duty: t.Duty, Term: t.ID,
				From: t.opens(), Until: t.Until, Today: s.today(), Values: r.Values}
			span := Span{From: in.From, Until: in.Until}
			a, known := said[span]
			if !known || !alike {
				if a, err = s.ask(ctx, kind, in); err != nil {
					return fmt.Errorf("rule %s of term %s: %w", r.ID, t.ID, err)
				}
				said[span] = a
			}
			if err := s.found(ctx, r, t, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask puts one question, within a time that one slow page cannot stretch.
func (s *Service) ask(ctx context.Context, kind area.Proof, in area.Question) (area.Answer, error) {
	limit := 10 * time.Second
	if kind.Slow {
		limit = time.Minute
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a, err := kind.Ask(within, in)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return area.Answer{Verdict: area.CannotTell, Why: fmt.Sprintf("%d秒内没有得到结果，下次再试", int(limit.Seconds()))}, nil
	}
	return a, err
}

// found keeps the verdict of a rule, and makes evidence of it while it is met.
func (s *Service) found(ctx context.Context, r Rule, t asked, a area.Answer) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		f := Finding{ID: id.New(), Rule: r.ID, Term: t.ID, Plan: r.Plan, Verdict: a.Verdict, Why: a.Why, Rows: a.Rows, At: tx.Now, Since: tx.Now}
		if f.Rows == nil {
			f.Rows = []area.Row{}
		}
		before, err := saveFinding(ctx, tx, f)
		if err != nil {
			return fmt.Errorf("keep a finding: %w", err)
		}
		if a.Verdict == area.Met {
			e := Evidence{ID: id.New(), Term: t.ID, Duty: t.Duty, Plan: r.Plan, Kind: Proved, Title: r.Title, Text: a.Why,
				Rule: r.ID, DatedOn: calendar.Of(tx.Now), At: tx.Now}
			if a.Archive != nil {
				e.URL, e.Hash, e.Size, e.Mime = a.Archive.URL, a.Archive.Hash, a.Archive.Size, archiveType
				e.Fetch, e.FetchAt = "ok", tx.Now
			}
			if err := saveProved(ctx, tx, e); err != nil {
				return fmt.Errorf("keep proved evidence: %w", err)
			}
		}
		if before == a.Verdict {
			return nil // the chain records changes, not every look
		}
		return s.record(ctx, tx, org.System, "plan.proof", "term", t.ID, verdictTitle(a.Verdict)+"："+r.Title+"（"+a.Why+"）")
	})
}

func verdictTitle(v area.Verdict) string {
	switch v {
	case area.Met:
		return "达标"
	case area.NotMet:
		return "未达标"
	}
	return "无法判断"
}

// archiveType is the type of kept pages.
const archiveType = "application/warc"

// FetchEvidence opens the address of a link that was handed in, and keeps its
// title, date and page. An address that does not answer says why; the job tries
// again until it gives up, and the reason stands beside the evidence.
func (s *Service) FetchEvidence(ctx context.Context, key id.ID) error {
	e, err := getEvidence(ctx, s.k.DB.Read, key)
	if fault.Is(err, fault.NotFound) {
		return nil // taken back meanwhile
	}
	if err != nil {
		return err
	}
	if e.Hash != "" {
		return nil // kept as it was seen; the process died before it could say so
	}
	t, err := getTerm(ctx, s.k.DB.Read, e.Term)
	if err != nil {
		return err
	}
	page, failed := s.k.Fetch.Get(ctx, e.URL)
	if failed != nil {
		if e.Fetch = fault.Text(failed); e.Fetch == "" {
			return failed
		}
	} else {
		kept, err := s.k.Archive(ctx, page)
		if err != nil {
			return err
		}
		e.Fetch, e.Hash, e.Size, e.Mime = "ok", kept.Hash, kept.Size, archiveType
		if e.Title == "" {
			e.Title = cut(page.Title, 200)
		}
		if e.DatedOn.IsZero() {
			e.DatedOn = page.Published
		}
		switch {
		case e.DatedOn.IsZero(): // assessment, section 4: a page without date proves nothing
			e.Fetch = "页面没有注明日期，请补充能看到日期的页面"
		case e.DatedOn.Before(t.opens()):
			e.Fetch = fmt.Sprintf("页面日期%s早于本任务期间（%s起）", e.DatedOn, t.opens())
		}
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		e.FetchAt = tx.Now
		if err := updateFetched(ctx, tx, e); err != nil {
			return err
		}
		return s.record(ctx, tx, org.System, "plan.fetch", "term", e.Term, "抓取佐证页面："+e.name()+"："+e.Fetch)
	})
}

// AskProof puts the rules of a measure to the test now, instead of waiting for
// the daily round.
func (s *Service) AskProof(ctx context.Context, who org.Actor, measure id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := getMeasure(ctx, tx, measure)
		if err != nil {
			return err
		}
		if err := s.coordinates(ctx, tx, who, m.Plan); err != nil {
			return err
		}
		return s.k.Jobs.Insert(ctx, tx, proveMeasure{Measure: measure})
	})
}
