package plan

import (
	"context"
	"fmt"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// canSubmit: a term is handed in with evidence, and after its unit broke the
// duty down into steps (P-十七-1).
func (s *Service) canSubmit(ctx context.Context, db process.Reader, c *process.Case, _ org.Actor) error {
	evidence, steps, err := grounds(ctx, db, c.Subject)
	if err != nil {
		return err
	}
	if !evidence {
		return fault.New(fault.Conflict, "还没有可用的佐证，请先添加链接、文件、文字或数据，再报送核查")
	}
	if !steps {
		return fault.New(fault.Conflict, "还没有任务清单，请先分解任务并写明责任人和时限，再报送核查")
	}
	return nil
}

// canConfirm: at least one piece of evidence holds.
func (s *Service) canConfirm(ctx context.Context, db process.Reader, c *process.Case, _ org.Actor) error {
	evidence, _, err := grounds(ctx, db, c.Subject)
	if err == nil && !evidence {
		err = fault.New(fault.Conflict, "所有佐证都未被采纳，不能确认完成，请退回补充")
	}
	return err
}

// confirmed accepts the evidence that the checker let stand.
func (s *Service) confirmed(ctx context.Context, tx *store.Tx, c *process.Case, _ process.Input) error {
	if err := acceptRest(ctx, tx, c.Subject); err != nil {
		return fmt.Errorf("accept evidence: %w", err)
	}
	return nil
}

// answers are the moves by which others answer a unit that waits: it is told.
var answers = map[string]bool{"return": true, "sendback": true, "keep": true, "release": true, "refuse": true}

// Move makes a move of the flow "duty" or "recheck" in the case of a term or a
// look-back.
func (s *Service) Move(ctx context.Context, who org.Actor, key id.ID, move string, in process.Input) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.k.Cases.Move(ctx, tx, key, move, who, in)
		if err != nil || !answers[move] {
			return err
		}
		flow, _ := s.k.Cases.Flow(c.Flow)
		m, _ := flow.Move(move)
		return s.k.Notify.Notify(ctx, tx, process.Notice{Unit: c.Unit, Role: org.Disclosure, Kind: "answer",
			Title: m.Title + "：" + c.Title, Text: in.Reason, Link: c.Link, Case: c.ID})
	})
}
