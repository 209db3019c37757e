package plan

import (
	"context"
	"fmt"

	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// fetchEvidence opens a link that was handed in and keeps its page.
type fetchEvidence struct {
	Evidence id.ID `json:"evidence"`
}

// Kind names the job in the database.
func (fetchEvidence) Kind() string { return "plan.fetch" }

func (s *Service) fetchEvidence(ctx context.Context, job fetchEvidence) error {
	return s.FetchEvidence(ctx, job.Evidence)
}

// proveMeasure asks the proof rules of one measure.
type proveMeasure struct {
	Measure id.ID `json:"measure"`
}

// Kind names the job in the database.
func (proveMeasure) Kind() string { return "plan.prove" }

func (s *Service) proveMeasure(ctx context.Context, job proveMeasure) error {
	return s.Prove(ctx, job.Measure)
}

// Round asks for the rules of every measure of the plans that run, each in a job
// of its own: one slow page does not hold up the others.
func (s *Service) Round(ctx context.Context) error {
	keys, err := measuresWithRules(ctx, s.k.DB.Read)
	if err != nil {
		return fmt.Errorf("find measures with rules: %w", err)
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, key := range keys {
			if err := s.k.Jobs.Insert(ctx, tx, proveMeasure{Measure: key}); err != nil {
				return err
			}
		}
		return nil
	})
}
