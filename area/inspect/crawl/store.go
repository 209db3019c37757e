package crawl

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
)

//go:embed schema.sql
var schema string

const maxNotes = 1000

// Store is the folder of a site: crawl.db with every known address, what came
// of it, what stood there and pages as they came; kept/ with files and pictures.
// Both are found by their hash. One process at a time may hold it open for
// crawling.
type Store struct {
	dir   string
	write *sql.DB // one connection
	read  *sql.DB
	lock  *sql.DB
	conn  *sql.Conn // of write
	stmt  statements
	pack  *zstd.Encoder
}

type statements struct{ addHost, addAddress, done, page, facts, noFacts, body, unchanged *sql.Stmt }

// Note is a line for the report that belongs to no page: a pattern of addresses
// that was left out, a host that went away.
type Note struct {
	URL   string
	Text  string // Chinese
	Count int    // addresses it stands for; 0 = none
}

// Open opens the folder of a site and makes it if need be. A folder in which
// another process crawls is refused.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	s := &Store{dir: dir}
	var err error
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	// A lock that ends with the process, however it ends.
	if s.lock, err = database(filepath.Join(dir, "crawl.lock"), "journal_mode(DELETE)", "locking_mode(EXCLUSIVE)"); err != nil {
		return nil, err
	}
	if _, err = s.lock.Exec("begin exclusive; create table if not exists held (by integer); delete from held; commit"); err != nil {
		err = fault.Wrap(err, fault.Conflict, "目录 "+dir+" 正被另一次检查使用，请等它结束，或换一个目录")
		return nil, err
	}
	file := filepath.Join(dir, "crawl.db")
	// NORMAL: the crawl survives the death of the process; after a power failure
	// the last seconds may be fetched again.
	if s.write, err = database(file, "journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "cache_size(-65536)", "wal_autocheckpoint(4000)"); err != nil {
		return nil, err
	}
	if _, err = s.write.Exec(schema); err != nil {
		return nil, fmt.Errorf("crawl: %s: %w", file, err)
	}
	if s.read, err = database(file, "query_only(1)", "busy_timeout(10000)"); err != nil {
		return nil, err
	}
	s.read.SetMaxOpenConns(4)
	if s.conn, err = s.write.Conn(context.Background()); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	if s.pack, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(4), zstd.WithWindowSize(128<<10)); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&s.stmt.addHost, `insert into host (id, origin, inside) values (?, ?, ?) on conflict (id) do update set inside = excluded.inside`},
		{&s.stmt.addAddress, `insert into address (id, url, host, part, state, rank, depth, referrer, hops) values (?, ?, ?, ?, 0, ?, ?, ?, ?)`},
		{&s.stmt.done, `update address set state = 1 where id = ?`},
		{&s.stmt.page, `insert into page (id, part, at, took, status, failure, note, target, type, charset, declared, size, hash, etag, modified, swift, published, since, round, misses, tries, links)
			values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) on conflict (id) do update set
			at = excluded.at, took = excluded.took, status = excluded.status, failure = excluded.failure, note = excluded.note, target = excluded.target,
			type = excluded.type, charset = excluded.charset, declared = excluded.declared, size = excluded.size, hash = excluded.hash, etag = excluded.etag,
			modified = excluded.modified, swift = excluded.swift, published = excluded.published, round = excluded.round,
			misses = case when excluded.tries = '' then 0 else page.misses + 1 end,
			tries = case when excluded.tries = '' then '' else substr(page.tries || excluded.tries, -220) end, links = excluded.links, end_status = null, end_failure = null`},
		{&s.stmt.facts, `insert into reading (id, facts) values (?, ?) on conflict (id) do update set facts = excluded.facts`},
		{&s.stmt.noFacts, `delete from reading where id = ?`},
		{&s.stmt.body, `insert into body (hash, packed) values (?, ?) on conflict (hash) do nothing`},
		{&s.stmt.unchanged, `update page set at = ?, took = ?, round = ? where id = ?`},
	} {
		if *p.to, err = s.conn.PrepareContext(context.Background(), p.text); err != nil {
			return nil, fmt.Errorf("crawl: %w", err)
		}
	}
	return s, nil
}

// OpenRead opens the folder of a site to look at what was found there, while
// others may crawl. fs.ErrNotExist when nothing was ever crawled there.
func OpenRead(dir string) (*Store, error) {
	file := filepath.Join(dir, "crawl.db")
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	read, err := database(file, "query_only(1)", "busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	return &Store{dir: dir, read: read}, nil
}

func database(file string, pragmas ...string) (*sql.DB, error) {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Close ends the use of the folder.
func (s *Store) Close() error {
	var errs []error
	st := &s.stmt
	for _, q := range []*sql.Stmt{st.addHost, st.addAddress, st.done, st.page, st.facts, st.noFacts, st.body, st.unchanged} {
		if q != nil {
			errs = append(errs, q.Close()) // open ones would keep the journal from being folded in
		}
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	for _, db := range []*sql.DB{s.read, s.write, s.lock} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.pack != nil {
		errs = append(errs, s.pack.Close())
	}
	return errors.Join(errs...)
}

// entry is an address of the frontier.
type entry struct {
	id       int64
	host     int64
	url      string
	part     Part
	rank     int
	depth    int
	referrer int64
	hops     int  // redirects on the way here
	again    bool // tried before in this run
	etag     string
	modified string
}

// record is what came of an address.
type record struct {
	entry  entry
	page   *fact.Page
	target int64 // where a redirect or refresh leads
	dead   bool
	swift  bool // may change any day: home page, lists
	links  []int64
	facts  []byte // packed reading; nil = none
	body   []byte // packed, to be kept; nil = not
	same   bool   // the server said it is unchanged
}

// batch is what is written together.
type batch struct {
	hosts   []*host
	entries []entry
	records []record
	round   int
	saved   chan error // answered when it is written, if not nil
}

func (b *batch) empty() bool { return b == nil || len(b.hosts)+len(b.entries)+len(b.records) == 0 }

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// save writes a batch, all or nothing.
func (s *Store) save(b *batch) (err error) {
	ctx := context.Background()
	if _, err = s.conn.ExecContext(ctx, "begin immediate"); err != nil {
		return fmt.Errorf("crawl: begin: %w", err)
	}
	defer func() {
		if err != nil {
			_, _ = s.conn.ExecContext(ctx, "rollback")
			err = fmt.Errorf("crawl: save: %w", err)
		}
	}()
	for _, h := range b.hosts {
		if _, err = s.stmt.addHost.Exec(h.id, h.origin, h.inside); err != nil {
			return err
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		if _, err = s.stmt.addAddress.Exec(e.id, e.url, e.host, int(e.part), e.rank, e.depth, e.referrer, e.hops); err != nil {
			return err
		}
	}
	links := make([]byte, 0, 1024)
	for i := range b.records {
		r := &b.records[i]
		id, p := r.entry.id, r.page
		if _, err = s.stmt.done.Exec(id); err != nil {
			return err
		}
		if r.same {
			if _, err = s.stmt.unchanged.Exec(micros(p.At), p.Took.Microseconds(), b.round, id); err != nil {
				return err
			}
			continue
		}
		links = links[:0]
		for _, l := range r.links {
			links = binary.AppendUvarint(links, uint64(l))
		}
		tries, misses := "", 0
		if r.dead {
			tries, misses = strconv.FormatInt(p.At.Unix(), 10)+",", 1
		}
		var published int64
		if p.Read != nil {
			published = micros(p.Read.Published)
		}
		if _, err = s.stmt.page.Exec(id, int(r.entry.part), micros(p.At), p.Took.Microseconds(), p.Status, string(p.Failure), p.Note, r.target, p.Type, p.Charset, p.Declared,
			p.Size, p.Hash, p.ETag, p.Modified, r.swift, published, micros(p.At), b.round, misses, tries, links); err != nil {
			return err
		}
		if r.facts != nil {
			_, err = s.stmt.facts.Exec(id, r.facts)
		} else if !r.entry.fresh() {
			_, err = s.stmt.noFacts.Exec(id)
		}
		if err != nil {
			return err
		}
		if r.body != nil {
			if _, err = s.stmt.body.Exec(hashBytes(p.Hash), r.body); err != nil {
				return err
			}
		}
	}
	_, err = s.conn.ExecContext(ctx, "commit")
	return err
}

// fresh: never fetched before, so that there is nothing of it to remove.
func (e entry) fresh() bool { return e.etag == "" && e.modified == "" && !e.again }

// addresses calls do for every known address.
func (s *Store) addresses(do func(id int64, url string, part Part)) error {
	rows, err := s.read.Query("select id, url, part from address")
	if err != nil {
		return fmt.Errorf("crawl: addresses: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var url sql.RawBytes
		var part Part
		if err := rows.Scan(&id, &url, &part); err != nil {
			return fmt.Errorf("crawl: addresses: %w", err)
		}
		do(id, string(url), part)
	}
	return rows.Err()
}

// hosts returns the known hosts with the number of addresses queued at each.
func (s *Store) hosts() ([]*host, error) {
	rows, err := s.read.Query(`select h.id, h.origin, h.inside, (select count(*) from address a where a.host = h.id and a.state <> 1) from host h order by h.id`)
	if err != nil {
		return nil, fmt.Errorf("crawl: hosts: %w", err)
	}
	defer rows.Close()
	var out []*host
	for rows.Next() {
		h := &host{}
		if err := rows.Scan(&h.id, &h.origin, &h.inside, &h.more); err != nil {
			return nil, fmt.Errorf("crawl: hosts: %w", err)
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// window returns the next queued addresses of a host; without pages only those
// that are none, or wait to be tried again.
func (s *Store) window(host int64, pages bool, limit int) ([]entry, error) {
	rows, err := s.read.Query(`select a.id, a.url, a.part, a.state, a.rank, a.depth, a.referrer, a.hops, coalesce(p.etag, ''), coalesce(p.modified, '')
		from address a left join page p on p.id = a.id and p.failure = '' and p.status = 200
		where a.host = ? and a.state <> 1 and (? or a.state = 2 or a.part <> 0) order by a.rank, a.id limit ?`, host, pages, limit)
	if err != nil {
		return nil, fmt.Errorf("crawl: window: %w", err)
	}
	defer rows.Close()
	var out []entry
	for rows.Next() {
		e := entry{host: host}
		var state int
		if err := rows.Scan(&e.id, &e.url, &e.part, &state, &e.rank, &e.depth, &e.referrer, &e.hops, &e.etag, &e.modified); err != nil {
			return nil, fmt.Errorf("crawl: window: %w", err)
		}
		e.again = state == 2
		out = append(out, e)
	}
	return out, rows.Err()
}

// deadWhere is the rule of section 6 of the handbook: no answer, or one that the
// page is not there. A server that asks to be left alone is not dead (WEB-81),
// nor is a page of the site whose certificate is bad but which could be read.
const deadWhere = `(coalesce(p.end_failure, p.failure) in ('no-host', 'no-connect', 'too-slow', 'redirects', 'soft-404', 'broken')
	or coalesce(p.end_failure, p.failure) = 'bad-cert' and (p.part = 2 or coalesce(p.end_status, p.status) not between 200 and 399)
	or coalesce(p.end_failure, p.failure) = '' and (coalesce(p.end_status, p.status) in (404, 410) or coalesce(p.end_status, p.status) >= 500))`

// dead is the same rule for a page in hand.
func dead(p *fact.Page, part Part) bool {
	gone := p.Status == 404 || p.Status == 410 || p.Status >= 500
	switch p.Failure {
	case fact.NoHost, fact.NoConnect, fact.TooSlow, fact.TooFar, fact.SoftMissing, fact.Broken:
		return true
	case fact.BadCert:
		return part == Outside || p.Status < 200 || p.Status > 399
	case "":
		return gone
	}
	return false
}

const maxRetries = 20000 // dead addresses tried again in a run

// requeueDead queues what failed in this round for another try, and pages of the
// site whose server asked to be called less, and says how many at which host.
func (s *Store) requeueDead(round, tries int) (map[int64]int, error) {
	ctx := context.Background()
	_, err := s.conn.ExecContext(ctx, `update address set state = 2 where state = 1 and id in (select p.id from page p where p.round = ? and p.misses between 1 and ? and
		(p.failure in ('no-host', 'no-connect', 'too-slow', 'soft-404', 'broken') or p.failure = '' and (p.status in (404, 410) or p.status >= 500)) order by p.part, p.id limit ?)
		or state = 1 and id in (select id from page where round = ? and failure = 'refused' and status in (429, 503) and part <> 2 limit ?)`, round, tries-1, maxRetries, round, maxRetries)
	if err != nil {
		return nil, fmt.Errorf("crawl: requeue: %w", err)
	}
	return s.waiting(2)
}

// requeueDue queues what may have changed since it was last seen, of what was
// seen before a time; a fresh round counts its failures anew.
func (s *Store) requeueDue(now, before time.Time, fresh bool) error {
	month := now.AddDate(0, 0, -31).UnixMicro()
	old := now.AddDate(0, 0, -30).UnixMicro()
	_, err := s.conn.ExecContext(context.Background(), `update address set state = 0 where state = 1 and id in (select p.id from page p where p.at < ? and
		(p.failure not in ('', 'internal', 'too-large') and (p.failure <> 'refused' or p.status <> 0) or p.status >= 400 or p.at < ?
		or p.part = 0 and (p.swift or p.published >= ? or p.published = 0 and p.since >= ?)))`, micros(before), old, month, month)
	if err == nil && fresh {
		_, err = s.conn.ExecContext(context.Background(), `update page set misses = 0 where misses > 0`)
	}
	if err != nil {
		return fmt.Errorf("crawl: requeue: %w", err)
	}
	return nil
}

// homeText is the title and text of the home page as last read, "" before.
func (s *Store) homeText() (string, error) {
	var packed []byte
	err := s.read.QueryRow(`select r.facts from address a join reading r on r.id = a.id where a.id <= ? and a.depth = 0 and a.part = 0 order by a.id limit 1`, maxHops).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("crawl: home page: %w", err)
	}
	r, err := s.reading(packed)
	if err != nil {
		return "", err
	}
	return r.Title + "\n" + r.Text, nil
}

// elsewhere returns the hosts of other sites with the addresses known of each.
func (s *Store) elsewhere(do func(origin string, addresses int)) error {
	rows, err := s.read.Query(`select h.origin, count(*) from address a join host h on h.id = a.host where a.part = 2 group by h.id`)
	if err != nil {
		return fmt.Errorf("crawl: elsewhere: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var origin string
		var n int
		if err := rows.Scan(&origin, &n); err != nil {
			return fmt.Errorf("crawl: elsewhere: %w", err)
		}
		do(origin, n)
	}
	return rows.Err()
}

// waiting counts addresses in a state by host.
func (s *Store) waiting(state int) (map[int64]int, error) {
	rows, err := s.read.Query(`select host, count(*) from address where state <> 1 and state = ? group by host`, state)
	if err != nil {
		return nil, fmt.Errorf("crawl: waiting: %w", err)
	}
	defer rows.Close()
	out := map[int64]int{}
	for rows.Next() {
		var host int64
		var n int
		if err := rows.Scan(&host, &n); err != nil {
			return nil, fmt.Errorf("crawl: waiting: %w", err)
		}
		out[host] = n
	}
	return out, rows.Err()
}

// resolve gives every redirect the end of its chain; a chain without end is a
// failure.
func (s *Store) resolve() error {
	ctx := context.Background()
	exec := func(text string) (int64, error) {
		res, err := s.conn.ExecContext(ctx, text)
		if err != nil {
			return 0, fmt.Errorf("crawl: resolve: %w", err)
		}
		return res.RowsAffected()
	}
	if _, err := exec(`update page set end_status = null, end_failure = null where target <> 0 and end_status is not null`); err != nil {
		return err
	}
	const sendsOn = ` from page t where t.id = page.target and page.target <> 0 and page.end_status is null and page.failure = '' and page.status between 300 and 399`
	for range maxHops + 1 {
		n, err := exec(`update page set end_status = coalesce(t.end_status, t.status), end_failure = coalesce(t.end_failure, t.failure)` + sendsOn +
			` and (t.end_status is not null or t.failure <> '' or t.status not between 300 and 399)`)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	_, err := exec(`update page set end_status = page.status, end_failure = 'redirects'` + sendsOn)
	return err
}

// begin opens a round, or goes on with the one that was not finished.
func (s *Store) begin(start string, now time.Time) (round int, fresh bool, err error) {
	ctx := context.Background()
	var whole bool
	var site string
	err = s.read.QueryRow(`select round, whole, start from run order by round desc limit 1`).Scan(&round, &whole, &site)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		round, fresh = 1, true
	case err != nil:
		return 0, false, fmt.Errorf("crawl: begin: %w", err)
	case site != start:
		return 0, false, fault.Newf(fault.Conflict, "目录 %s 中已有 %s 的检查结果，请换一个目录", s.dir, site)
	case whole:
		round, fresh = round+1, true
	}
	if fresh {
		_, err = s.conn.ExecContext(ctx, `insert into run (round, start, started) values (?, ?, ?)`, round, start, micros(now))
	}
	if err == nil {
		_, err = s.conn.ExecContext(ctx, `update run set stopped = '', ended = 0 where round = ?`, round)
	}
	if err != nil {
		return 0, false, fmt.Errorf("crawl: begin: %w", err)
	}
	return round, fresh, nil
}

// end notes how a run ended.
func (s *Store) end(st Stats, notes []*Note) error {
	ctx := context.Background()
	_, err := s.conn.ExecContext(ctx, `update run set ended = ?, stopped = ?, whole = ? where round = ?`, micros(st.Ended), st.Stopped, st.Stopped == "", st.Round)
	for _, n := range notes {
		if err == nil {
			_, err = s.conn.ExecContext(ctx, `insert into note (round, url, text, count) values (?, ?, ?, ?) on conflict (round, url, text) do update set count = note.count + excluded.count`, st.Round, n.URL, n.Text, n.Count)
		}
	}
	if err == nil {
		_, err = s.conn.ExecContext(ctx, `delete from note where round < ?`, st.Round)
	}
	if err != nil {
		return fmt.Errorf("crawl: end: %w", err)
	}
	return nil
}
