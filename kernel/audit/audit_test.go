package audit

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/kernel/page"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

func sample(n int) Entry {
	return Entry{Actor: "p1", Name: "王敏", Unit: "u1", Action: "measure.close", Kind: "measure",
		Subject: fmt.Sprint("m", n%7), Reason: "已全部完成，佐证齐全", From: "10.1.2.3",
		Changes: []Change{{"state", "open", "closed"}, {"note", "", fmt.Sprint("第", n, "次")}}}
}

// fill writes n entries, some together, from several writers at once.
func fill(t testing.TB, db *store.DB, n int) {
	t.Helper()
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for i := w; i < n; i += 4 {
				err := db.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
					return Write(ctx, tx, sample(i))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

func verify(t testing.TB, db *store.DB, trust []Public, outside ...Checkpoint) Report {
	t.Helper()
	r, err := Verify(context.Background(), db, trust, outside...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEncodingIsFixed(t *testing.T) {
	e := sample(1)
	e.At = time.Date(2026, 5, 6, 2, 0, 0, 1000, time.UTC)
	e.Reason = "引号\"斜\\线\n行\x00零\xff坏<>&\u2028"
	const want = `{"at":"2026-05-06T02:00:00.000001Z","actor":"p1","name":"王敏","unit":"u1","action":"measure.close",` +
		`"kind":"measure","subject":"m1","reason":"引号\"斜\\线\u000a行�零�坏<>&` + "\u2028" + `","from":"10.1.2.3",` +
		`"changes":[["state","open","closed"],["note","","第1次"]]}`
	got := encode(e)
	if string(got) != want {
		t.Fatalf("\n%s\n%s", got, want)
	}
	hash, _ := link(Hash{}, 3, 1, got, nil)
	// Computed apart: SM3 of 32 zero bytes, two numbers and the line above.
	if hex.EncodeToString(hash[:]) != fixedHash {
		t.Fatalf("%x", hash)
	}
}

const fixedHash = "ad80946e992c4286050a4cf22fcf1457862196bbffba87039cc25f3e7d0a30da"

func TestEncodingRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.String(), func(s string) string {
			return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
		})
		e := Entry{At: time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC(), Name: text.Draw(t, "name"),
			Action: text.Draw(t, "action"), Kind: text.Draw(t, "kind"), Subject: text.Draw(t, "subject"), Reason: text.Draw(t, "reason")}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			e.Changes = append(e.Changes, Change{text.Draw(t, "field"), text.Draw(t, "old"), text.Draw(t, "new")})
		}
		body := encode(e)
		if !json.Valid(body) {
			t.Fatalf("%s", body)
		}
		back, err := decode(body)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(e) {
			t.Fatalf("%v\n%v\n%v", err, back, e)
		}
	})
}

func TestRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := t.Context()
		db := k.Open(Migration())
		fill(t, db, 200)

		t.Run("whole", func(t *testing.T) {
			r := verify(t, db, nil)
			if !r.Whole() || r.Records != 200 {
				t.Fatal(r)
			}
			if k.Postgres && r.Lanes < 2 {
				t.Error("writers share", r.Lanes, "lane")
			}
		})
		t.Run("two processes write to the same chains", func(t *testing.T) {
			url := k.URL(Migration())
			one, two := k.Reopen(url), k.Reopen(url)
			for range 3 {
				fill(t, one, 5)
				fill(t, two, 5)
			}
			var both sync.WaitGroup
			for _, db := range []*store.DB{one, two} {
				both.Go(func() { fill(t, db, 100) })
			}
			both.Wait()
			if r := verify(t, one, nil); !r.Whole() || r.Records != 230 {
				t.Fatal(r)
			}
		})
		t.Run("what is undone is not recorded", func(t *testing.T) {
			undone := errors.New("undone")
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(Write(ctx, tx, sample(1)), undone)
			})
			if r := verify(t, db, nil); !errors.Is(err, undone) || !r.Whole() || r.Records != 200 {
				t.Fatal(err, r)
			}
		})
		t.Run("an entry that tells nothing is refused", func(t *testing.T) {
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return Write(ctx, tx, Entry{Kind: "x"}) })
			if err == nil {
				t.Fatal("written")
			}
		})
		t.Run("history and pages", func(t *testing.T) {
			all, err := History(ctx, db.Read, "measure", "m3")
			if err != nil || len(all) != 29 || all[0].Name != "王敏" || all[0].Changes[0] != (Change{"state", "open", "closed"}) {
				t.Fatal(len(all), err)
			}
			p, err := List(ctx, db.Read, Filter{Subject: "m3", From: "2026-05-06", Before: "2026-05-07"}, page.Ask{Number: 2, Size: 20})
			if err != nil || p.Total != 29 || len(p.Rows) != 9 {
				t.Fatal(p, err)
			}
			p, err = List(ctx, db.Read, Filter{Actor: "nobody"}, page.Ask{})
			if err != nil || p.Total != 0 {
				t.Fatal(p, err)
			}
		})
		t.Run("the database refuses to change or remove", func(t *testing.T) {
			for _, statement := range []string{
				"update audit_entry set number = 1000 where number = 1",
				"delete from audit_entry where number = 1",
			} {
				if _, err := db.SQL().ExecContext(ctx, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
					t.Fatal(statement, err)
				}
			}
		})
		t.Run("an export is verified alone", func(t *testing.T) {
			var out bytes.Buffer
			if err := Export(ctx, db, &out); err != nil {
				t.Fatal(err)
			}
			r, err := VerifyExport(bytes.NewReader(out.Bytes()), nil)
			if err != nil || !r.Whole() || r.Records != 200 {
				t.Fatal(r, err)
			}
			changed := bytes.Replace(out.Bytes(), []byte("齐全"), []byte("不全"), 1)
			if r, err = VerifyExport(bytes.NewReader(changed), nil); err != nil || len(r.Problems) != 1 {
				t.Fatal(r, err)
			}
			lines := bytes.SplitAfter(bytes.TrimSpace(out.Bytes()), []byte("\n"))
			last := len(lines) - 1
			for name, cut := range map[string][][]byte{"the end": lines[:last], "the last record": append(slices.Clone(lines[:last-1]), lines[last])} {
				if r, err = VerifyExport(bytes.NewReader(bytes.Join(cut, nil)), nil); err != nil || r.Whole() {
					t.Errorf("an export without %s is whole: %+v, %v", name, r, err)
				}
			}
		})
	})
}

// disarm takes the triggers away, as somebody with the database's password could.
func disarm(t *testing.T, db *store.DB) {
	t.Helper()
	statements := []string{"drop trigger audit_entry_update", "drop trigger audit_entry_delete",
		"drop trigger audit_checkpoint_update", "drop trigger audit_checkpoint_delete"}
	if db.Postgres() {
		statements = []string{"alter table audit_entry disable trigger all", "alter table audit_checkpoint disable trigger all"}
	}
	for _, s := range statements {
		exec(t, db, s)
	}
}

func exec(t *testing.T, db *store.DB, statement string) {
	t.Helper()
	if _, err := db.SQL().ExecContext(context.Background(), statement); err != nil {
		t.Fatal(statement, err)
	}
}

func TestEveryTamperingIsFound(t *testing.T) {
	key, err := NewKey(filepath.Join(t.TempDir(), "audit.key"))
	if err != nil {
		t.Fatal(err)
	}
	trust := []Public{key.Public()}
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open(Migration())
		for i := range 12 { // one writer, so one lane has them all
			err := db.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(Write(ctx, tx, sample(i)), Write(ctx, tx, sample(i+1)))
			})
			if err != nil {
				t.Fatal(err)
			}
			if i%4 == 3 {
				if _, err := Check(t.Context(), db, key); err != nil {
					t.Fatal(err)
				}
			}
		}
		kept, err := Check(t.Context(), db, key)
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, db, trust, kept); !r.Whole() || r.Records != 24 || r.Checkpoints != 5 {
			t.Fatal(r)
		}
		disarm(t, db)
		var lane int64
		if err := db.Read.NewRaw("select max(lane) from audit_entry").Scan(t.Context(), &lane); err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		if err := db.Read.NewRaw("select max(number) from audit_entry where lane = ?", lane).Scan(t.Context(), &last); err != nil {
			t.Fatal(err)
		}

		body := func(from, to string) string {
			if k.Postgres {
				return fmt.Sprintf("body = replace(body::text, '%s', '%s')::json", from, to)
			}
			return fmt.Sprintf("body = replace(body, '%s', '%s')", from, to)
		}
		at := func(number int64) string { return fmt.Sprintf(" where lane = %d and number = %d", lane, number) }
		mid := last / 2
		swap := func(a, b int64) []string {
			move := "update audit_entry set number = %d" + " where lane = %d and number = %d"
			return []string{fmt.Sprintf(move, 9999, lane, a), fmt.Sprintf(move, a, lane, b), fmt.Sprintf(move, b, lane, 9999)}
		}
		type tamper struct {
			name       string
			statements []string
			lane       int64
			number     int64 // where the first problem must be
		}
		var cases []tamper
		for _, f := range [][2]string{{`"at":"2026`, `"at":"2025`}, {"p1", "p2"}, {"王敏", "李敏"}, {"u1", "u2"}, {"measure.close", "measure.opens"},
			{`"kind":"measure"`, `"kind":"plan"`}, {`"subject":"m`, `"subject":"x`}, {"齐全", "不全"}, {"10.1.2.3", "10.1.2.4"}, {"closed", "moved"},
			{`"note"`, `"mote"`}, {`"changes":[`, `"changes":[ `}} {
			for _, n := range []int64{1, mid, last} {
				cases = append(cases, tamper{fmt.Sprintf("%s of %d", f[0], n),
					[]string{"update audit_entry set " + body(f[0], f[1]) + at(n)}, lane, n})
			}
		}
		for _, n := range []int64{1, mid, last} {
			cases = append(cases,
				tamper{fmt.Sprint("removed ", n), []string{"delete from audit_entry" + at(n)}, lane, n},
				tamper{fmt.Sprint("moved away ", n), []string{"update audit_entry set lane = 77" + at(n)}, lane, n},
				tamper{fmt.Sprint("hash of ", n), []string{"update audit_entry set hash = " + zero(k.Postgres) + at(n)}, lane, n})
		}
		cases = append(cases,
			tamper{"swapped", swap(mid, mid+1), lane, mid},
			tamper{"swapped far", swap(2, last), lane, 2},
			tamper{"head back", []string{fmt.Sprintf("update audit_head set number = number - 1 where lane = %d", lane)}, lane, last},
			tamper{"head removed", []string{fmt.Sprintf("delete from audit_head where lane = %d", lane)}, lane, last},
			tamper{"end removed with the head", []string{"delete from audit_entry" + at(last),
				fmt.Sprintf("update audit_head set number = %d, hash = (select hash from audit_entry%s) where lane = %d", last-1, at(last-1), lane)}, lane, last},
			tamper{"all removed with the head", []string{fmt.Sprintf("delete from audit_entry where lane = %d", lane),
				fmt.Sprintf("update audit_head set number = 0, hash = %s where lane = %d", zero(k.Postgres), lane)}, lane, 0},
			tamper{"checkpoint removed", []string{"delete from audit_checkpoint where number = 2"}, -1, 3},
			tamper{"checkpoint changed", []string{"update audit_checkpoint set body = replace(body, '2026', '2025') where number = 2"}, -1, 2},
		)
		for _, c := range cases {
			tx, err := db.SQL().Begin()
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.statements {
				if _, err := tx.Exec(s); err != nil {
					t.Fatal(c.name, s, err)
				}
			}
			// Look inside the transaction, then undo it.
			var ch chain
			all, err := checkpoints(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			ch.expect(all, []Checkpoint{kept}, trust)
			ends, err := heads(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			full, empty := make(chan *batch, 1), make(chan *batch, 1)
			empty <- &batch{}
			if err := read(t.Context(), tx, k.Postgres, full, empty); err != nil {
				t.Fatal(err)
			}
			for _, it := range (<-full).items {
				ch.next(it)
			}
			ch.end(ends)
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
			where := ""
			for _, p := range ch.report.Problems {
				where += p.String() + "；"
			}
			if ch.report.Whole() {
				t.Errorf("%s: not found", c.name)
			} else if !slices.ContainsFunc(ch.report.Problems, func(p Problem) bool {
				return p.Lane == c.lane && (c.number == 0 || p.Number == c.number)
			}) {
				t.Errorf("%s: found at %s, want lane %d number %d", c.name, where, c.lane, c.number)
			}
		}
		if r := verify(t, db, trust, kept); !r.Whole() {
			t.Fatal("after all was undone", r)
		}

		t.Run("a chain made anew is found by a checkpoint kept elsewhere", func(t *testing.T) {
			exec(t, db, "update audit_entry set "+body("齐全", "不全")+at(2))
			rehash(t, db, lane)
			exec(t, db, "delete from audit_checkpoint")
			if r := verify(t, db, trust); !r.Whole() {
				t.Fatal("the forger made a mistake", r)
			}
			r := verify(t, db, trust, kept)
			if r.Whole() || r.Problems[0].Lane != lane {
				t.Fatal(r)
			}
		})
		t.Run("a stranger's signature is not believed", func(t *testing.T) {
			other, err := NewKey(filepath.Join(t.TempDir(), "other.key"))
			if err != nil {
				t.Fatal(err)
			}
			if r := verify(t, db, []Public{other.Public()}, kept); r.Whole() || r.Checkpoints != 0 {
				t.Fatal(r)
			}
		})
	})
}

func zero(postgres bool) string {
	if postgres {
		return "decode(repeat('00', 32), 'hex')"
	}
	return "zeroblob(32)"
}

// rehash is what a forger with all rights would do.
func rehash(t *testing.T, db *store.DB, lane int64) {
	t.Helper()
	rows, err := db.SQL().Query(fmt.Sprintf("select number, body from audit_entry where lane = %d order by number", lane))
	if err != nil {
		t.Fatal(err)
	}
	var hash Hash
	var statements []string
	for rows.Next() {
		var n int64
		var body []byte
		if err := rows.Scan(&n, &body); err != nil {
			t.Fatal(err)
		}
		hash, _ = link(hash, lane, n, body, nil)
		value := fmt.Sprintf("x'%x'", hash)
		if db.Postgres() {
			value = fmt.Sprintf("decode('%x', 'hex')", hash)
		}
		statements = append(statements, fmt.Sprintf("update audit_entry set hash = %s where lane = %d and number = %d", value, lane, n),
			fmt.Sprintf("update audit_head set hash = %s where lane = %d", value, lane))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		exec(t, db, s)
	}
}

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.key")
	key, err := NewKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewKey(path); err == nil {
		t.Fatal("a key was overwritten")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	again, err := LoadKey(path)
	if err != nil || !again.private.Equal(key.private) {
		t.Fatal(err)
	}
	text, err := key.Public().PEM()
	if err != nil {
		t.Fatal(err)
	}
	public, err := ParsePublic(text)
	if err != nil || !public.key.Equal(key.Public().key) {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "hello", strings.Replace(text, "PUBLIC", "PRIVATE", 2)} {
		if _, err := ParsePublic(bad); err == nil {
			t.Fatal(bad)
		}
	}
}
