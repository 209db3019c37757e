package app

import (
	"gongkai/area"
	"gongkai/area/plan"
)

// areas is the list of areas. What one area offers another is handed over here;
// the ledger is returned beside them because the command line imports plans.
func areas(k *area.Kernel) (all []area.Area, ledger *plan.Service) {
	ledger = plan.New(k)
	return []area.Area{
		ledger.Area(),
	}, ledger
}
