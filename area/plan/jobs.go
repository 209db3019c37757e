package plan

import (
	"context"

	"gongkai/kernel/id"
)

// fetchEvidence opens a link that was handed in and keeps its page.
type fetchEvidence struct {
	Evidence id.ID `json:"evidence"`
}

// Kind names the job in the database.
func (fetchEvidence) Kind() string { return "plan.fetch" }

// proveMeasure asks the proof rules of one measure.
type proveMeasure struct {
	Measure id.ID `json:"measure"`
}

// Kind names the job in the database.
func (proveMeasure) Kind() string { return "plan.prove" }

// ProveAll asks every rule of the plans that run, a measure at a time.
func (s *Service) ProveAll(ctx context.Context) error {
	keys, err := measuresWithRules(ctx, s.k.DB.Read)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := s.Prove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
