// Package judge says what a crawl shows of a site as a whole: its columns and
// items, and every indicator of the national tables (website-inspection 3, 5, 7)
// that follows from them. What one page shows by itself, and whether links
// answer, is found elsewhere and only added up here.
//
//	judge.go    Judge: one walk over the kept pages, then the questions in turn
//	site.go     what is remembered of the pages while they pass by; key.go addresses
//	column.go   columns: name, class, level, newest item
//	fresh.go    V3, V4, D1.4 to D1.6, D1.8: what was not updated
//	blank.go    V4.3: what is empty
//	forged.go   V1.5: days that cannot be
//	visit.go    V2 from the probes, D4.1, D4.5, D4.6
//	talk.go     V5, D3: channels, letters and their answers
//	late.go     NORM-30: answers that took too long
//	consult.go  B4, NORM-32, NORM-33: consultations, surveys, interviews
//	service.go  V6, D2: guides, statistics, forms
//	about.go    D1.1 to D1.3: overview, organs, leaders
//	platform.go PLAT-01 to PLAT-10: the disclosure platform
//	moment.go   further signs of V1.5; NORM-25: addresses given to another text
//	repeal.go   PLAT-22, NORM-21: documents that a later one repeals
//	pair.go     D1.7, PLAT-64: documents and their interpretations, doubles
//	look.go     what a browser showed: D4.8, NORM-17, NORM-23, NORM-26, NORM-51, NORM-52
//	scheme.go   Scheme: indicators, points and limits as data; Score
//	fold.go     one fault seen by two checks is one finding
//	line.go     a line with its reason for every indicator
package judge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// Crawl is what is read of a crawl; *crawl.Store is one.
type Crawl interface {
	Pages(ctx context.Context, part crawl.Part, do func(*fact.Page) error) error
	States(ctx context.Context, do func(*fact.Page, crawl.Part) error) error
	Notes(ctx context.Context) ([]crawl.Note, error)
}

// Input is what a judgement rests on. Crawl and T0 are needed.
type Input struct {
	Crawl  Crawl
	Site   fact.Site
	T0     time.Time                       // monitoring time point, to which all windows look back
	Round  int                             // of the crawl, 1 for the first
	Before *fact.Report                    // of the round before; nil = none. What is wrong in both is confirmed
	Probes fact.Probes                     // nil parts were not tried
	Probe  func() (fact.Probes, error)     // asked once all pages were seen, in place of Probes; may be nil
	Scheme Scheme                          // zero = National
	Page   func(*fact.Page) []fact.Finding // what one page shows by itself; nil = nobody looked
	Extra  []fact.Finding                  // found beside the pages: links, files
	// End is asked once all pages were seen, for what is known only then; may be nil.
	End func() ([]fact.Finding, error)
	// Answers are what people said of findings of earlier rounds, by ID: true = it
	// is so, false = it is not, or stays for a reason and counts no more.
	Answers map[string]bool
}

// Judge walks once over the pages of a crawl and fills in a report: Columns,
// Items, Findings, Decided, Result and Notes. The same input gives the same
// report (WEB-84). It keeps some hundred bytes of a page, never its text.
func Judge(ctx context.Context, in Input) (*fact.Report, error) {
	if in.Crawl == nil || in.T0.IsZero() {
		return nil, errors.New("judge: Input.Crawl or T0 is missing")
	}
	in.T0 = in.T0.In(calendar.Zone)
	if in.Scheme.Name == "" {
		in.Scheme = National()
	}
	s := newSite(in)
	if err := in.Crawl.Pages(ctx, crawl.Page, s.see); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	if err := in.Crawl.States(ctx, s.state); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	notes, err := in.Crawl.Notes(ctx)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	if in.Probe != nil {
		if s.in.Probes, err = in.Probe(); err != nil {
			return nil, fmt.Errorf("judge: %w", err)
		}
	}
	s.settle()
	for _, question := range []func(){
		s.visits, s.homePage, s.staleColumns, s.blankColumns, s.readings, s.forged, s.twins, s.pairs, s.repealed, s.reused,
		s.aboutSite, s.channel, s.unanswered, s.answers, s.lateAnswers, s.consultations, s.interviews, s.services, s.disclosure, s.address, s.search, s.ipv6, s.secured, s.looks,
	} {
		question()
	}
	if in.End != nil {
		late, err := in.End()
		if err != nil {
			return nil, fmt.Errorf("judge: %w", err)
		}
		in.Extra = append(slices.Clone(in.Extra), late...)
	}
	for _, f := range in.Extra {
		s.add(s.button(f))
	}
	s.foldPairs()
	r := &fact.Report{Site: in.Site.Start, Name: in.Site.Name, T0: in.T0, Round: in.Round, Pages: s.pages, Columns: s.columnFacts(), Items: s.itemFacts(), Guides: s.service.list, Decided: s.decided, Notes: s.notes}
	for _, n := range notes {
		r.Notes = append(r.Notes, note(n))
	}
	if r.Site == "" {
		r.Site = s.home.url
	}
	if r.Name == "" {
		r.Name = s.home.name
	}
	r.Findings = s.sorted()
	s.lines(r)
	r.Result = Score(r, in.Site, in.Scheme)
	for i := range in.Scheme.Indicators {
		each, _ := deduct(&in.Scheme.Indicators[i], r.Findings, r.Site)
		for n, p := range each {
			r.Findings[n].Points += p
		}
	}
	return r, nil
}

// note writes a note of the crawl as a line of the report.
func note(n crawl.Note) string {
	text := n.Text
	if n.URL != "" {
		text += "：" + n.URL
	}
	if n.Count > 1 {
		text += fmt.Sprintf("（%d 次）", n.Count)
	}
	return text
}

// severity orders findings: vetoes first, what is sure before what waits.
func severity(f fact.Finding) int {
	n := 0
	switch f.State {
	case fact.Fail:
	case fact.Proposed:
		n = 1
	default:
		n = 2
	}
	if len(f.Indicator) == 0 || f.Indicator[0] != 'V' {
		n += 3
	}
	return n
}

// sorted gives the findings in the order of the report.
func (s *site) sorted() []fact.Finding {
	out := make([]fact.Finding, 0, len(s.findings))
	for _, f := range s.findings {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b fact.Finding) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), cmp.Compare(a.URL, b.URL), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Key, b.Key))
	})
	return out
}
