package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/probe"
	"gongkai/area/inspect/report"
	"gongkai/area/inspect/survey"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// roundJob is one inspection that was asked for.
type roundJob struct {
	Round id.ID `json:"round"`
}

// Kind names the job in the database.
func (roundJob) Kind() string { return "inspect.round" }

// longest bounds a run; what is left is fetched in the next one.
const longest = 5 * time.Hour

// runRound inspects a site and keeps what came of it. A run that the house's end
// broke off is taken up where it stopped.
func (s *Service) runRound(ctx context.Context, job roundJob) error {
	r, err := getRound(ctx, s.k.DB.Read, job.Round)
	if err != nil {
		return jobs.Hopeless(err)
	}
	if r.State == Done || r.State == Failed {
		return nil
	}
	site, err := getSite(ctx, s.k.DB.Read, r.Site)
	if err != nil {
		return jobs.Hopeless(err)
	}
	list, err := columns(ctx, s.k.DB.Read, site.ID)
	if err != nil {
		return err
	}
	engine, err := s.k.Checks.Engine(ctx)
	if err != nil {
		return err
	}
	seen, err := visits(ctx, s.k.DB.Read, site.ID, r.T0.Add(-7*24*time.Hour))
	if err != nil {
		return err
	}
	answers, err := s.answers(ctx, site.ID)
	if err != nil {
		return err
	}
	dir := s.folder(site.ID)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if r.State, r.Started = Running, s.k.Clock.Now(); r.Step == "" {
		r.Step = "正在逐页读取网站"
	}
	if err := s.keepRound(ctx, r); err != nil {
		return err
	}
	told := s.k.Clock.Now()
	conf := s.conf.Crawl
	if near(site.Start) && conf.RetryWait == 0 { // no line in between can be out for a while
		conf.RetryWait = 200 * time.Millisecond
	}
	conf.Clock = clock.System{} // pauses and time limits pass outside, whatever the house's clock says
	conf.IgnoreRobots, conf.MaxPages, conf.MaxTime, conf.Rate = site.IgnoreRobots, site.MaxPages, longest, site.Rate
	conf.Progress = func(st crawl.Stats) {
		if now := s.k.Clock.Now(); now.Sub(told) >= 5*time.Second {
			told = now
			r.Step, r.Pages = fmt.Sprintf("已读%d页，待读%d页", st.Pages, st.Queued), st.Pages
			_ = s.keepRound(ctx, r) // what is shown meanwhile; the end is kept with care
		}
	}
	out, err := survey.Run(ctx, survey.Config{
		Dir: dir, Site: site.facts(list), T0: r.T0, Engine: engine, Documents: s.k.Documents, Browser: s.conf.Browser, Pictures: true, Probe: true, Visits: seen, Answers: answers,
		Crawl: conf,
	})
	if err != nil {
		if fault.Text(err) == "" {
			return err
		}
		r.State, r.Ended, r.Stopped = Failed, s.k.Clock.Now(), fault.Text(err)
		return s.keepRound(ctx, r)
	}
	defer func() { _ = out.Close() }()
	if ctx.Err() != nil { // the house ends: go on at the next start
		return ctx.Err()
	}
	return s.absorb(ctx, site, r, out)
}

// near tells whether an address is one of this machine.
func near(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// keepRound writes how far a round is.
func (s *Service) keepRound(ctx context.Context, r Round) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return putRound(ctx, tx, r, false) })
}

// absorb keeps a report: its files, columns, items and findings. Findings that
// were known keep what people said of them; those that a whole round no longer
// saw are mended, and orders of which nothing is left are closed.
func (s *Service) absorb(ctx context.Context, site Site, r Round, out *survey.Outcome) error {
	rep := out.Report
	files, err := s.files(ctx, out)
	if err != nil {
		return err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return err
	}
	items := make([]Item, 0, len(rep.Items))
	unitOf := map[string]id.ID{}
	for _, it := range rep.Items {
		items = append(items, Item{Site: site.ID, URL: cut(it.URL, 2000), Title: cut(it.Title, 500), Day: dayText(it.Date), Source: cut(it.Source, 200), Author: cut(it.Unit, 200),
			Unit: unitNamed(dir, unitOf, it.Unit, it.Source), Number: cut(it.Number, 100), Col: cut(it.Column, 200), Round: rep.Round})
	}
	for _, g := range rep.Guides { // one that stands counts for the day on which it was seen
		items = append(items, Item{Site: site.ID, URL: cut(g.URL, 2000), Title: cut(g.Title, 500), Day: dayText(calendar.Of(rep.T0)), Source: cut(g.Source, 200), Author: cut(g.Unit, 200),
			Unit: unitNamed(dir, unitOf, g.Unit, g.Source), Col: cut(g.Column, 200), Round: rep.Round})
	}
	const part = 2000
	for some := range slices.Chunk(items, part) { // not one transaction that holds up everybody
		if err := s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return putItems(ctx, tx, some) }); err != nil {
			return fmt.Errorf("keep the items of a site: %w", err)
		}
	}
	whole := rep.Stopped == ""
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if whole {
			if err := forget(ctx, tx, site.ID, rep.Round); err != nil {
				return err
			}
		}
		if err := s.meetColumns(ctx, tx, site.ID, rep); err != nil {
			return err
		}
		fresh, mended, open, err := s.meetFindings(ctx, tx, site.ID, rep, whole)
		if err != nil {
			return err
		}
		r.State, r.Number, r.Started, r.Ended, r.Stopped, r.Step = Done, rep.Round, rep.Started, tx.Now, rep.Stopped, ""
		r.Pages, r.Columns, r.Items, r.Open, r.Fresh, r.Mended = rep.Pages, len(rep.Columns), len(rep.Items), open, fresh, mended
		r.Result, r.Decided, r.Files = rep.Result, rep.Decided, files
		if err := putRound(ctx, tx, r, false); err != nil {
			return err
		}
		return s.k.Jobs.Emit(ctx, tx, fact.Inspected{Site: site.ID, Round: r.ID})
	})
}

func dayText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// unitNamed finds the unit that a page names as its author, or as its source.
func unitNamed(dir *org.Directory, known map[string]id.ID, names ...string) id.ID {
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		key, ok := known[name]
		if !ok {
			if m := dir.Resolve(name); len(m.Units) == 1 {
				key = m.Units[0]
			}
			known[name] = key
		}
		if key != "" {
			return key
		}
	}
	return ""
}

// meetColumns puts the columns that were seen beside those that are known.
func (s *Service) meetColumns(ctx context.Context, tx *store.Tx, site id.ID, rep *fact.Report) error {
	known, err := columns(ctx, tx, site)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, c := range known {
		at[c.URL] = i
	}
	met := map[string]bool{}
	for _, seen := range rep.Columns {
		if met[seen.URL] {
			continue
		}
		met[seen.URL] = true
		i, ok := at[seen.URL]
		c := Column{ID: id.New(), Site: site, URL: cut(seen.URL, 2000), Class: seen.Class, Version: 1}
		if ok {
			c = known[i]
		}
		if !c.Settled {
			c.Class = seen.Class
		}
		c.Name, c.Items, c.Blank, c.Level, c.Round, c.At = cut(seen.Name, 100), seen.Items, seen.Blank, seen.Level, rep.Round, tx.Now
		c.Latest = calendar.Date{}
		if !seen.Latest.IsZero() {
			c.Latest = calendar.Of(seen.Latest)
		}
		if err := putColumn(ctx, tx, c, !ok); err != nil {
			return err
		}
	}
	return nil
}

// meetFindings puts the findings of a round beside those that are known.
func (s *Service) meetFindings(ctx context.Context, tx *store.Tx, site id.ID, rep *fact.Report, whole bool) (fresh, mended, open int, err error) {
	known, err := marked(ctx, tx, site)
	if err != nil {
		return 0, 0, 0, err
	}
	wide, err := silenced(ctx, tx, site)
	if err != nil {
		return 0, 0, 0, err
	}
	var added []Finding
	met := map[string]bool{}
	touched := map[id.ID]bool{} // orders
	for _, seen := range rep.Findings {
		if met[seen.ID] {
			continue
		}
		met[seen.ID] = true
		f, ok := known[seen.ID]
		if !ok {
			one := found(site, seen, rep.Round, tx.Now)
			if wide[silence{seen.Check, seen.Key}] {
				one.Status, one.Reason = Wrong, "同类提示已判为误报"
			}
			added = append(added, one)
			f = &added[len(added)-1]
			if f.Counts() {
				fresh++
			}
		} else {
			f.meet(seen, rep.Round, tx.Now)
			if err := updateFinding(ctx, tx, *f); err != nil {
				return 0, 0, 0, err
			}
		}
		if f.Status == Open || f.Status == Handed {
			open++
		}
	}
	if err := insertFindings(ctx, tx, added); err != nil {
		return 0, 0, 0, err
	}
	for mark, f := range known {
		if met[mark] || !whole || f.Status != Open && f.Status != Handed {
			continue
		}
		mended++
		f.Status = Mended
		if f.Task != "" {
			touched[f.Task] = true
		}
		if err := updateFinding(ctx, tx, *f); err != nil {
			return 0, 0, 0, err
		}
	}
	for task := range touched {
		if err := s.verify(ctx, tx, task); err != nil {
			return 0, 0, 0, err
		}
	}
	return fresh, mended, open, nil
}

// verify closes an order of which the inspection sees nothing any more.
func (s *Service) verify(ctx context.Context, tx *store.Tx, task id.ID) error {
	list, err := ofTask(ctx, tx, task)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(f Finding) bool { return f.Status == Handed }) {
		return nil
	}
	t, err := getTask(ctx, tx, task)
	if err != nil {
		return err
	}
	c, err := s.k.Cases.Get(ctx, t.Case)
	if err != nil || !c.ClosedAt.IsZero() {
		return err
	}
	_, err = s.k.Cases.Move(ctx, tx, t.Case, "verify", org.System, process.Input{Reason: "网站检查已看不到这些问题"})
	return err
}

// answers are what people said of findings, for the judge: what was confirmed
// counts, what was denied does not.
func (s *Service) answers(ctx context.Context, site id.ID) (map[string]bool, error) {
	known, err := marked(ctx, s.k.DB.Read, site)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for mark, f := range known {
		switch {
		case f.Status == Wrong || f.Status == Accepted:
			out[mark] = false
		case f.Answer == Confirmed:
			out[mark] = true
		}
	}
	return out, nil
}

// files writes the report as files of the house and returns their hashes.
func (s *Service) files(ctx context.Context, out *survey.Outcome) (map[string]string, error) {
	tmp, err := os.MkdirTemp("", "inspect-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if err := report.Write(tmp, out.Report, report.Extra{Before: out.Before, Now: s.k.Clock.Now()}); err != nil {
		return nil, err
	}
	hashes := map[string]string{}
	for name := range reportFiles {
		ref, err := s.put(ctx, tmp+"/"+name)
		if err != nil {
			return nil, err
		}
		hashes[name] = ref.Hash
	}
	return hashes, nil
}

func (s *Service) put(ctx context.Context, path string) (ref store.Ref, err error) {
	f, err := os.Open(path)
	if err != nil {
		return ref, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return ref, err
	}
	return s.k.Files.Put(ctx, io.Reader(f), info.Size())
}

// reportFiles are the files of a round with their media types.
var reportFiles = map[string]string{
	report.PageFile:     "text/html; charset=utf-8",
	report.SheetFile:    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	report.BulletinFile: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	report.DataFile:     "application/json",
}

// visitDue opens the home pages whose moment has come (V2): 24 moments a day,
// spread by chance and the same after a restart.
func (s *Service) visitDue(ctx context.Context) error {
	list, err := sites(ctx, s.k.DB.Read)
	if err != nil {
		return err
	}
	now := s.k.Clock.Now()
	for _, site := range list {
		if site.Every == Never {
			continue
		}
		seen, err := visits(ctx, s.k.DB.Read, site.ID, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		var last time.Time
		if len(seen) > 0 {
			last = seen[len(seen)-1].At
		}
		due := slices.ContainsFunc(probe.Plan(calendar.Of(now), string(site.ID)), func(at time.Time) bool {
			return !at.After(now) && at.After(last) && now.Sub(at) < 30*time.Minute
		})
		if !due {
			continue
		}
		v := probe.Visit(ctx, probe.Config{Start: site.Start, Allow: s.conf.Crawl.Allow, Clock: clock.System{}, Agent: s.conf.Crawl.Agent, Control: s.conf.Control})
		if err := s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return putVisit(ctx, tx, site.ID, v) }); err != nil {
			return err
		}
	}
	return nil
}
