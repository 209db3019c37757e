package app

import (
	"gongkai/area"
	"gongkai/area/assess"
	"gongkai/area/lexicon"
	"gongkai/area/plan"
)

// areas is the list of areas. What one area offers another is handed over here;
// the ledger is returned beside them because the command line imports plans.
func areas(k *area.Kernel) (all []area.Area, ledger *plan.Service) {
	registers := assess.New(k)
	ledger = plan.New(k, registers.Proofs()...)
	return []area.Area{
		ledger.Area(),
		registers.Area(),
		lexicon.New(k).Area(),
	}, ledger
}
