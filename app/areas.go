package app

import (
	"path/filepath"
	"strings"

	"gongkai/area"
	"gongkai/area/assess"
	"gongkai/area/inspect"
	"gongkai/area/inspect/crawl"
	"gongkai/area/lexicon"
	"gongkai/area/plan"
	"gongkai/kernel/config"
)

// areas is the list of areas. What one area offers another is handed over here;
// the ledger is returned beside them because the command line imports plans.
func areas(k *area.Kernel, c config.Config) (all []area.Area, ledger *plan.Service) {
	registers := assess.New(k)
	sites := inspect.New(k, inspect.Settings{
		Dir: filepath.Join(c.Data, "inspect"), Browser: c.Browser, Control: strings.Fields(c.Control),
		Crawl: crawl.Config{Allow: strings.Fields(c.Allow), Agent: visitor(c)},
	})
	ledger = plan.New(k, append(registers.Proofs(), sites.Proofs()...)...)
	return []area.Area{
		ledger.Area(),
		registers.Area(),
		sites.Area(),
		lexicon.New(k).Area(),
	}, ledger
}

// visitor is the one name under which the house visits websites, with the address
// at which it can be asked about it.
func visitor(c config.Config) string {
	name := "gongkai"
	if c.Site != "" {
		name += " (+" + c.Site + ")"
	}
	return name
}
