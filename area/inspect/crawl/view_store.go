package crawl

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/inorder"
)

const pageColumns = `a.id, a.url, a.depth, p.at, p.took, coalesce(p.end_status, p.status), coalesce(p.end_failure, p.failure), p.note, p.type, p.charset, p.declared,
	p.size, p.hash, p.etag, p.modified, coalesce(t.url, ''), coalesce(f.url, ''), r.facts`

const pageTables = ` from page p join address a on a.id = p.id left join address t on t.id = p.target left join address f on f.id = a.referrer left join reading r on r.id = p.id `

// scanPage reads pageColumns. Of a redirect, Status and Failure are those of the
// end of the chain, Final its first step.
func (s *Store) scanPage(scan func(...any) error) (id int64, p *fact.Page, err error) {
	id, p, facts, err := scanFacts(scan)
	if err == nil {
		p.Read, err = s.reading(facts)
	}
	return id, p, err
}

// scanFacts is scanPage with the reading still packed.
func scanFacts(scan func(...any) error) (id int64, p *fact.Page, facts []byte, err error) {
	p = &fact.Page{}
	var at, took int64
	var failure string
	if err = scan(&id, &p.URL, &p.Depth, &at, &took, &p.Status, &failure, &p.Note, &p.Type, &p.Charset, &p.Declared,
		&p.Size, &p.Hash, &p.ETag, &p.Modified, &p.Final, &p.Referrer, &facts); err != nil {
		return 0, nil, nil, err
	}
	p.At, p.Took, p.Failure = fromMicros(at), time.Duration(took)*time.Microsecond, fact.Failure(failure)
	return id, p, facts, nil
}

// Pages calls do for every address of a part that was fetched, in the order in
// which they were found: the home page first. What do returns ends it.
func (s *Store) Pages(ctx context.Context, part Part, do func(*fact.Page) error) error {
	return s.Prepared(ctx, part, func(*fact.Page) {}, do)
}

// ahead is how many pages are made ready before it is their turn.
const ahead = 64

// Prepared is Pages with something done to each page before it is its turn, by
// several goroutines at once.
func (s *Store) Prepared(ctx context.Context, part Part, prepare func(*fact.Page), do func(*fact.Page) error) error {
	rows, err := s.read.QueryContext(ctx, "select "+pageColumns+pageTables+"where p.part = ? order by p.id", int(part))
	if err != nil {
		return fmt.Errorf("crawl: pages: %w", err)
	}
	defer rows.Close()
	type kept struct {
		page  *fact.Page
		facts []byte
		err   error
	}
	all := func(yield func(kept) bool) {
		for rows.Next() {
			var k kept
			if _, k.page, k.facts, k.err = scanFacts(rows.Scan); !yield(k) {
				return
			}
		}
	}
	err = inorder.Do(all, runtime.GOMAXPROCS(0), ahead, func(k kept) error {
		if k.err == nil {
			k.page.Read, k.err = s.reading(k.facts)
		}
		if k.err == nil && ctx.Err() == nil {
			prepare(k.page)
		}
		return k.err
	}, func(k kept, err error) error {
		if err != nil {
			return fmt.Errorf("crawl: pages: %w", err)
		}
		return do(k.page)
	})
	return cmp.Or(err, rows.Err())
}

// Files calls do for every address of the site that answered with something other
// than a page, whatever it was taken for, in the order in which they were found.
func (s *Store) Files(ctx context.Context, do func(*fact.Page) error) error {
	rows, err := s.read.QueryContext(ctx, "select "+pageColumns+pageTables+"where p.part <> ? and p.target = 0 and r.id is null and p.status between 200 and 299 order by p.id", int(Outside))
	if err != nil {
		return fmt.Errorf("crawl: files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		_, p, err := s.scanPage(rows.Scan)
		if err != nil {
			return fmt.Errorf("crawl: files: %w", err)
		}
		if err := do(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// States calls do for every fetched address with what is needed to say whether
// a link to it is good; Read is nil. It is quick where Pages is thorough.
func (s *Store) States(ctx context.Context, do func(*fact.Page, Part) error) error {
	rows, err := s.read.QueryContext(ctx, `select a.url, p.part, a.depth, p.at, coalesce(p.end_status, p.status), coalesce(p.end_failure, p.failure), p.note, p.type, p.size, coalesce(t.url, '')
		from page p join address a on a.id = p.id left join address t on t.id = p.target order by p.id`)
	if err != nil {
		return fmt.Errorf("crawl: states: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		p := &fact.Page{}
		var part Part
		var at int64
		var failure string
		if err := rows.Scan(&p.URL, &part, &p.Depth, &at, &p.Status, &failure, &p.Note, &p.Type, &p.Size, &p.Final); err != nil {
			return fmt.Errorf("crawl: states: %w", err)
		}
		p.At, p.Failure = fromMicros(at), fact.Failure(failure)
		if err := do(p, part); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Dead is an address that does not answer, or not with what it should.
type Dead struct {
	Page  *fact.Page
	Part  Part
	Tries []time.Time // of the failures since it last answered, at most the last 20
	Count int         // pages that name it
	On    []Referrer  // some of them, nearest to the home page first
}

// Confirmed tells whether an address failed three times in two different hours
// or more (section 6 of the handbook); until then it may be a passing trouble.
func (d Dead) Confirmed() bool {
	hours := map[int64]bool{}
	for _, t := range d.Tries {
		hours[t.Unix()/3600] = true
	}
	return len(d.Tries) >= 3 && len(hours) >= 2
}

// Referrer is a page that names an address.
type Referrer struct {
	URL   string
	Depth int
	Link  fact.Link // as it stands there; empty where a reading is no longer there
}

// Dead returns the dead addresses with at most so many referrers each. Addresses
// that no page names any more are left out.
func (s *Store) Dead(ctx context.Context, referrers int) ([]Dead, error) {
	var out []Dead
	at := map[int64]int{}
	sends := map[int64]int64{} // redirects, whose failures are those of the end
	rows, err := s.read.QueryContext(ctx, "select "+pageColumns+", p.part, p.tries, p.target"+pageTables+"where "+deadWhere+" order by p.id")
	if err != nil {
		return nil, fmt.Errorf("crawl: dead: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Dead
		var tries string
		var target int64
		id, p, err := s.scanPage(func(to ...any) error { return rows.Scan(append(to, &d.Part, &tries, &target)...) })
		if err != nil {
			return nil, fmt.Errorf("crawl: dead: %w", err)
		}
		d.Page, d.Tries = p, times(tries)
		if len(d.Tries) == 0 && target != 0 {
			sends[id] = target
		}
		at[id] = len(out)
		out = append(out, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("crawl: dead: %w", err)
	}
	_ = rows.Close()
	for id, target := range sends {
		for range maxHops {
			var tries string
			if err := s.read.QueryRowContext(ctx, `select tries, target from page where id = ?`, target).Scan(&tries, &target); err != nil {
				break // the end was not fetched
			}
			if d := &out[at[id]]; tries != "" {
				d.Tries = times(tries)
				break
			}
		}
	}
	if err := s.refer(ctx, out, at, referrers); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out, func(d Dead) bool { return d.Count == 0 && d.Page.Depth > 0 }), nil
}

// times reads seconds that end with commas; the first may have been cut.
func times(list string) (out []time.Time) {
	for _, t := range strings.Split(list, ",") {
		if n, err := strconv.ParseInt(t, 10, 64); err == nil && n > 1e8 {
			out = append(out, time.Unix(n, 0).UTC())
		}
	}
	return out
}

// refer finds the pages that name the dead addresses, in one walk over what
// every page names.
func (s *Store) refer(ctx context.Context, out []Dead, at map[int64]int, most int) error {
	if len(out) == 0 {
		return nil
	}
	type from struct{ page, to int64 }
	var found []from
	rows, err := s.read.QueryContext(ctx, `select p.id, p.links from page p join address a on a.id = p.id where p.part = 0 and length(p.links) > 0 order by a.depth, p.id`)
	if err != nil {
		return fmt.Errorf("crawl: referrers: %w", err)
	}
	defer rows.Close()
	var links sql.RawBytes
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id, &links); err != nil {
			return fmt.Errorf("crawl: referrers: %w", err)
		}
		for b := links; len(b) > 0; {
			to, n := binary.Uvarint(b)
			if n <= 0 {
				break
			}
			b = b[n:]
			i, isDead := at[int64(to)]
			if !isDead {
				continue
			}
			if out[i].Count++; out[i].Count <= most {
				found = append(found, from{id, int64(to)})
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("crawl: referrers: %w", err)
	}
	_ = rows.Close()
	slices.SortStableFunc(found, func(a, b from) int { return cmp.Compare(a.page, b.page) })
	var page *fact.Page
	for i, f := range found {
		if i == 0 || found[i-1].page != f.page {
			if page, err = s.page(ctx, f.page); err != nil {
				return err
			}
		}
		d := &out[at[f.to]]
		ref := Referrer{URL: page.URL, Depth: page.Depth}
		if page.Read != nil {
			for _, l := range page.Read.Links {
				if u, ok := Canonical(l.URL); ok && (u == d.Page.URL || otherScheme(u) == d.Page.URL) {
					ref.Link = l
					break
				}
			}
		}
		d.On = append(d.On, ref)
	}
	for i := range out {
		slices.SortStableFunc(out[i].On, func(a, b Referrer) int { return cmp.Compare(a.Depth, b.Depth) })
	}
	return nil
}

func (s *Store) page(ctx context.Context, id int64) (*fact.Page, error) {
	_, p, err := s.scanPage(s.read.QueryRowContext(ctx, "select "+pageColumns+pageTables+"where p.id = ?", id).Scan)
	if err != nil {
		return nil, fmt.Errorf("crawl: page %d: %w", id, err)
	}
	return p, nil
}

// Page returns a fetched address; fs.ErrNotExist when it was not.
func (s *Store) Page(ctx context.Context, address string) (*fact.Page, error) {
	var found *fact.Page
	err := s.Some(ctx, []string{address}, func(p *fact.Page) error { found = p; return nil })
	if err == nil && found == nil {
		err = fmt.Errorf("crawl: page %s: %w", address, fs.ErrNotExist)
	}
	return found, err
}

// Some calls do for those of some canonical addresses that were fetched. It walks
// over every known address once for each 500: they have no index, which crawling
// would pay for.
func (s *Store) Some(ctx context.Context, addresses []string, do func(*fact.Page) error) error {
	for some := range slices.Chunk(addresses, 500) {
		args := make([]any, len(some))
		for i, a := range some {
			args[i] = a
		}
		rows, err := s.read.QueryContext(ctx, "select "+pageColumns+pageTables+"where a.url in (?"+strings.Repeat(", ?", len(some)-1)+")", args...)
		if err != nil {
			return fmt.Errorf("crawl: some pages: %w", err)
		}
		for rows.Next() {
			_, p, err := s.scanPage(rows.Scan)
			if err == nil {
				err = do(p)
			}
			if err != nil {
				return errors.Join(err, rows.Close())
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("crawl: some pages: %w", err)
		}
	}
	return nil
}

// Notes returns the lines for the report that belong to no page.
func (s *Store) Notes(ctx context.Context) ([]Note, error) {
	rows, err := s.read.QueryContext(ctx, `select url, text, count from note order by count desc, url, text`)
	if err != nil {
		return nil, fmt.Errorf("crawl: notes: %w", err)
	}
	defer rows.Close()
	var out []Note
	for rows.Next() {
		var n Note
		if err := rows.Scan(&n.URL, &n.Text, &n.Count); err != nil {
			return nil, fmt.Errorf("crawl: notes: %w", err)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Round is what is known of a round.
type Round struct {
	Number  int
	Start   string
	Started time.Time
	Ended   time.Time // zero: broken off without a word
	Stopped string    // Chinese, why it ended before everything was seen
	Whole   bool
}

// Last returns the last round; Number 0 when there was none.
func (s *Store) Last(ctx context.Context) (Round, error) {
	var r Round
	var started, ended int64
	err := s.read.QueryRowContext(ctx, `select round, start, started, ended, stopped, whole from run order by round desc limit 1`).Scan(&r.Number, &r.Start, &started, &ended, &r.Stopped, &r.Whole)
	if errors.Is(err, sql.ErrNoRows) {
		return Round{}, nil
	}
	if err != nil {
		return Round{}, fmt.Errorf("crawl: round: %w", err)
	}
	r.Started, r.Ended = fromMicros(started), fromMicros(ended)
	return r, nil
}
