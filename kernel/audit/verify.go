package audit

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"gongkai/kernel/store"
)

// Report is what Verify found.
type Report struct {
	Records     int64 // read
	Lanes       int
	Checkpoints int       // whose signature was good and that were compared
	Problems    []Problem // empty when the record is whole
	More        int       // problems beyond the first 100
}

// Whole reports whether nothing is wrong.
func (r Report) Whole() bool { return len(r.Problems) == 0 }

// Problem is a place where the record is not what was written.
type Problem struct {
	Lane, Number int64  // Lane -1: the checkpoint of that number
	Text         string // Chinese: what is wrong there
}

func (p Problem) String() string {
	if p.Lane < 0 {
		return fmt.Sprintf("第 %d 个检查点：%s", p.Number, p.Text)
	}
	return fmt.Sprintf("第 %d 链第 %d 条：%s", p.Lane, p.Number, p.Text)
}

func (r *Report) add(lane, number int64, text string) {
	if len(r.Problems) == 100 {
		r.More++
		return
	}
	r.Problems = append(r.Problems, Problem{lane, number, text})
}

// link read from the database or an export.
type item struct {
	lane, number int64
	body         []byte
	hash         Hash
}

// batch are links that share one buffer.
type batch struct {
	items []item
	bytes []byte
}

const batchSize = 1024

// Verify reads the whole record and tells every entry that was changed,
// removed (also the last ones) or reordered since it was written, as far as
// chains, heads and checkpoints can tell: each key in trust checks the
// checkpoints in the database, and outside are checkpoints that were kept
// elsewhere. Somebody who may write to the database can make all chains anew;
// only a checkpoint kept elsewhere proves that this did not happen.
//
// An error means that it could not be read, not that it is not whole. Others
// go on writing meanwhile.
func Verify(ctx context.Context, db *store.DB, trust []Public, outside ...Checkpoint) (Report, error) {
	var c chain
	err := db.Snapshot(ctx, func(ctx context.Context, tx *sql.Tx) error {
		kept, err := checkpoints(ctx, tx)
		if err != nil {
			return err
		}
		c.expect(kept, outside, trust)
		heads, err := heads(ctx, tx)
		if err != nil {
			return err
		}
		full, empty := make(chan *batch, 4), make(chan *batch, 4)
		for range cap(empty) {
			empty <- &batch{}
		}
		done := make(chan struct{})
		go func() { // one reads, one hashes
			defer close(done)
			for b := range full {
				for _, it := range b.items {
					c.next(it)
				}
				empty <- b
			}
		}()
		err = read(ctx, tx, db.Postgres(), full, empty)
		close(full)
		<-done
		c.end(heads)
		return err
	})
	return c.report, err
}

// read streams the entries in order.
func read(ctx context.Context, tx *sql.Tx, postgres bool, full chan<- *batch, empty <-chan *batch) error {
	query := "select lane, number, body, hash from audit_entry order by lane, number"
	if postgres {
		query = "select lane, number, body::text, hash from audit_entry order by lane, number"
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	b := <-empty
	b.items, b.bytes = b.items[:0], b.bytes[:0]
	var (
		it         item
		body, hash sql.RawBytes
	)
	for rows.Next() {
		if err := rows.Scan(&it.lane, &it.number, &body, &hash); err != nil {
			return err
		}
		if len(b.items) == batchSize {
			full <- b
			b = <-empty
			b.items, b.bytes = b.items[:0], b.bytes[:0]
		}
		from := len(b.bytes)
		b.bytes = append(b.bytes, body...) // when it grows, older slices keep the old array
		it.body = b.bytes[from:len(b.bytes):len(b.bytes)]
		it.hash = Hash{}
		if len(hash) == len(it.hash) { // of another length is as wrong as another value
			copy(it.hash[:], hash)
		}
		b.items = append(b.items, it)
	}
	full <- b
	return rows.Err()
}

type place struct{ lane, number int64 }

// chain follows the links of all lanes in order.
type chain struct {
	report   Report
	expected map[place]Hash // by checkpoints
	reached  map[int64]item // last of each lane, without its body
	current  bool
	lane     int64
	number   int64
	before   Hash // as kept with the entry before
	computed Hash // as its body says; the same unless that entry was changed
	buf      []byte
}

func (c *chain) next(it item) {
	c.report.Records++
	if !c.current || it.lane != c.lane {
		c.turn()
		c.current, c.lane, c.number, c.before, c.computed = true, it.lane, 0, Hash{}, Hash{}
		c.report.Lanes++
	}
	whole := it.number == c.number+1
	if !whole {
		c.missing(c.number+1, it.number-1)
	}
	var want Hash
	want, c.buf = link(c.before, it.lane, it.number, it.body, c.buf)
	if want != it.hash && c.before != c.computed { // is it only the hash before that was changed?
		want, c.buf = link(c.computed, it.lane, it.number, it.body, c.buf)
	}
	if want != it.hash && whole { // behind a gap nothing can be said of the first
		c.report.add(it.lane, it.number, "内容、次序或校验值被改动")
	}
	if len(c.expected) > 0 {
		if hash, ok := c.expected[place{it.lane, it.number}]; ok {
			delete(c.expected, place{it.lane, it.number})
			if hash != it.hash {
				c.report.add(it.lane, it.number, "与已签名的检查点不一致，此条或之前的记录被整体重写")
			}
		}
	}
	c.number, c.before, c.computed = it.number, it.hash, want
	if !whole {
		c.computed = it.hash
	}
}

func (c *chain) missing(first, last int64) {
	text := "被删除"
	if last > first {
		text = fmt.Sprintf("至第 %d 条被删除", last)
	}
	c.report.add(c.lane, first, text)
}

// turn remembers where a lane ended.
func (c *chain) turn() {
	if !c.current {
		return
	}
	if c.reached == nil {
		c.reached = map[int64]item{}
	}
	c.reached[c.lane] = item{lane: c.lane, number: c.number, hash: c.before}
}

// end compares the ends of the lanes with their heads and what checkpoints
// still expect.
func (c *chain) end(heads map[int64]item) {
	c.turn()
	for _, lane := range sorted(heads) {
		head, last := heads[lane], c.reached[lane]
		switch {
		case last.number < head.number:
			c.lane = lane
			c.missing(last.number+1, head.number)
		case last.number > head.number:
			c.report.add(lane, head.number+1, "超出链头，链头被改动或记录是外加的")
		case last.hash != head.hash:
			c.report.add(lane, head.number, "与链头的校验值不一致")
		}
	}
	for _, lane := range sorted(c.reached) {
		if _, ok := heads[lane]; !ok && heads != nil {
			c.report.add(lane, c.reached[lane].number, "链头被删除")
		}
	}
	left := make([]place, 0, len(c.expected))
	for p := range c.expected {
		left = append(left, p)
	}
	slices.SortFunc(left, func(a, b place) int {
		if a.lane != b.lane {
			return int(a.lane - b.lane)
		}
		return int(a.number - b.number)
	})
	for _, p := range left {
		c.report.add(p.lane, p.number, "已签名的检查点证明曾有此条，现在没有")
	}
}

func sorted(m map[int64]item) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func heads(ctx context.Context, tx *sql.Tx) (map[int64]item, error) {
	rows, err := tx.QueryContext(ctx, "select lane, number, hash from audit_head")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]item{}
	for rows.Next() {
		var it item
		var hash []byte
		if err := rows.Scan(&it.lane, &it.number, &hash); err != nil {
			return nil, err
		}
		copy(it.hash[:], hash)
		out[it.lane] = it
	}
	return out, rows.Err()
}

// exported is one line of an export. The last line has Heads alone: how far each
// lane goes, so that an export that was cut short shows it.
type exported struct {
	Lane   int64           `json:"lane,omitempty"`
	Number int64           `json:"number,omitempty"`
	Hash   string          `json:"hash,omitempty"` // hexadecimal
	Body   json.RawMessage `json:"body,omitempty"` // byte for byte as hashed
	Heads  []exported      `json:"heads,omitempty"`
}

// item is a line as the chain reads it.
func (e exported) item() item {
	it := item{lane: e.Lane, number: e.Number, body: e.Body}
	if hash, err := hex.DecodeString(e.Hash); err == nil {
		copy(it.hash[:], hash)
	}
	return it
}

// Export writes all entries as JSON lines, lane by lane, and a last line with the
// heads, so that anybody can verify the chains with the format in this package's
// description.
func Export(ctx context.Context, db *store.DB, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	err := db.Snapshot(ctx, func(ctx context.Context, tx *sql.Tx) error {
		full, empty := make(chan *batch, 1), make(chan *batch, 1)
		empty <- &batch{}
		result := make(chan error, 1)
		go func() {
			var failed error
			heads := []exported{}
			for b := range full {
				for _, it := range b.items {
					if n := len(heads) - 1; n < 0 || heads[n].Lane != it.lane {
						heads = append(heads, exported{Lane: it.lane})
					}
					heads[len(heads)-1].Number, heads[len(heads)-1].Hash = it.number, hex.EncodeToString(it.hash[:])
					if failed == nil {
						_, failed = fmt.Fprintf(out, `{"lane":%d,"number":%d,"hash":"%x","body":%s}`+"\n", it.lane, it.number, it.hash, it.body)
					}
				}
				empty <- b
			}
			if failed == nil {
				var line []byte
				if line, failed = json.Marshal(exported{Heads: heads}); failed == nil {
					_, failed = fmt.Fprintf(out, "%s\n", line)
				}
			}
			result <- failed
		}()
		err := read(ctx, tx, db.Postgres(), full, empty)
		close(full)
		if failed := <-result; err == nil {
			err = failed
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("audit: export: %w", err)
	}
	return out.Flush()
}

// VerifyExport is Verify for an export: chains, the heads of its last line, and
// checkpoints.
func VerifyExport(r io.Reader, trust []Public, outside ...Checkpoint) (Report, error) {
	var c chain
	c.expect(nil, outside, trust)
	var heads map[int64]item
	in := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var e exported
			if err := json.Unmarshal(line, &e); err != nil {
				return c.report, fmt.Errorf("audit: export line %d: %w", n, err)
			}
			if e.Heads == nil {
				c.next(e.item())
			} else {
				heads = map[int64]item{}
				for _, h := range e.Heads {
					heads[h.Lane] = h.item()
				}
			}
		}
		if err == io.EOF {
			c.end(heads)
			if heads == nil && c.report.Records > 0 {
				c.report.add(0, 0, "导出文件没有结尾一行，可能被截断")
			}
			return c.report, nil
		}
		if err != nil {
			return c.report, err
		}
	}
}
