package report

import "gongkai/area/inspect/fact"

type proofs struct{}

func writeProofs(dir string, r *fact.Report, x Extra) (*proofs, error) { return nil, nil }
func (p *proofs) sweep(dir string) error                               { return nil }
