package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
	"gongkai/kernel/jobs"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

type note struct {
	Text string `json:"text"`
}

func (note) Kind() string { return "test.note" }

func rooms() []store.Migration {
	return []store.Migration{things(), audit.Migration(), jobs.Migration()}
}

// queue is the job queue of a district in these tests.
func queue(t *testing.T, db *store.DB, heard *[]string) *jobs.Jobs {
	t.Helper()
	j := jobs.New(db, slog.New(slog.DiscardHandler))
	err := j.Register(jobs.On("记一笔", func(_ context.Context, n note) error { *heard = append(*heard, n.Text); return nil }))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// live writes rows of every kind of column, with entries in the record and jobs.
func live(t *testing.T, db *store.DB, j *jobs.Jobs, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		err := db.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			id := fmt.Sprintf("t%04d", i)
			var parent any
			if i > from {
				parent = fmt.Sprintf("t%04d", i-1)
			}
			_, err := tx.NewRaw("insert into thing (id, title, number, ready, at, body, raw, ratio, parent) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
				id, "标题\t\"引\" \\ "+id, int64(i)<<40, i%2 == 0, tx.Now.Add(time.Duration(i)*time.Microsecond),
				fmt.Sprintf(`{"z": %d, "a": [1.50, "é", null], "n": 12345678901234567}`, i), []byte{0, byte(i), 255}, float64(i)/3, parent).Exec(ctx)
			if err != nil {
				return err
			}
			if i%10 == 0 {
				if _, err := tx.NewRaw("insert into thing (id, title) values (?, ?)", "null"+id, "null"+id).Exec(ctx); err != nil {
					return err
				}
				if err := j.Insert(ctx, tx, note{id}); err != nil {
					return err
				}
			}
			if _, err := store.Sequence(ctx, tx, "件"); err != nil {
				return err
			}
			return audit.Write(ctx, tx, audit.Entry{Name: "王敏", Action: "thing.add", Kind: "thing", Subject: id,
				Changes: []audit.Change{{Field: "title", New: "换行\n<&>\u2028"}}})
		})
		if err != nil {
			t.Error(err)
			return
		}
	}
}

func TestBackupMovesADistrictAnywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, from *storetest.Kit) {
		ctx := t.Context()
		var heard []string
		db := from.Open(rooms()...)
		j := queue(t, db, &heard)
		files, err := store.NewFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			if _, err := files.Put(ctx, strings.NewReader(fmt.Sprint("佐证", i)), 100); err != nil {
				t.Fatal(err)
			}
		}
		live(t, db, j, 0, 600)

		// Others write on while the backup is made.
		var archive bytes.Buffer
		done := make(chan struct{})
		go func() {
			defer close(done)
			live(t, db, j, 1000, 1100)
		}()
		m, err := store.Backup(ctx, db, files, &archive)
		<-done
		if err != nil {
			t.Fatal(err)
		}
		if things := m.Tables["thing"].Rows; things < 660 || things > 770 || len(m.Files) != 5 {
			t.Fatal(m)
		}
		if whole, err := store.Inspect(bytes.NewReader(archive.Bytes())); err != nil || !maps.Equal(whole.Tables, m.Tables) {
			t.Fatal(err)
		}

		storetest.Each(t, func(t *testing.T, to *storetest.Kit) {
			dir, err := store.NewFolder(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			other := to.Open(rooms()...)
			restored, err := store.Restore(ctx, other, dir, bytes.NewReader(archive.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			sums, err := store.Sums(ctx, other)
			if err != nil || !maps.Equal(sums, m.Tables) || !maps.Equal(restored.Files, m.Files) {
				t.Fatalf("%v\n%v\n%v", err, sums, m.Tables)
			}
			r, err := audit.Verify(ctx, other, nil)
			if err != nil || !r.Whole() || r.Records != m.Tables["audit_entry"].Rows {
				t.Fatal(r, err)
			}
			// Life goes on: jobs that waited are done, new rows find their place.
			heard = nil
			k := queue(t, other, &heard)
			live(t, other, k, 2000, 2011)
			if err := k.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			if int64(len(heard)) != m.Tables["river_job"].Rows+2 {
				t.Fatal(len(heard), m.Tables["river_job"])
			}
			if r, err := audit.Verify(ctx, other, nil); err != nil || !r.Whole() {
				t.Fatal(r, err)
			}
			t.Run("into a database with data is refused", func(t *testing.T) {
				if _, err := store.Restore(ctx, other, dir, bytes.NewReader(archive.Bytes())); !fault.Is(err, fault.Conflict) {
					t.Fatal(err)
				}
			})
		})

		t.Run("what is damaged or of another version leaves nothing", func(t *testing.T) {
			empty := from.Open(rooms()...)
			before, err := store.Sums(ctx, empty)
			if err != nil {
				t.Fatal(err)
			}
			b := archive.Bytes()
			flipped := bytes.Clone(b)
			flipped[bytes.Index(b, []byte("file/"))+512+2] ^= 1
			forged := bytes.Replace(b, []byte(`"rows": `+fmt.Sprint(m.Tables["thing"].Rows)), []byte(`"rows": 111`), 1)
			for name, bad := range map[string][]byte{"cut": b[:len(b)*2/3], "flipped": flipped, "forged": forged, "empty": nil, "other": []byte("hello")} {
				if _, err := store.Restore(ctx, empty, files, bytes.NewReader(bad)); !fault.Is(err, fault.Invalid) {
					t.Error(name, err)
				}
				if _, err := store.Inspect(bytes.NewReader(bad)); !fault.Is(err, fault.Invalid) {
					t.Error(name, err)
				}
			}
			for at := len(b) / 40; at < len(b)*9/10; at += len(b) / 40 { // wherever it is cut, the backup is to blame
				if _, err := store.Restore(ctx, empty, files, bytes.NewReader(b[:at])); !fault.Is(err, fault.Invalid) {
					t.Errorf("cut at %d of %d: %v", at, len(b), err)
				}
			}
			after, err := store.Sums(ctx, empty)
			if err != nil || !maps.Equal(before, after) {
				t.Fatal(err)
			}
			old := from.Open(things(), audit.Migration())
			if _, err := store.Restore(ctx, old, files, bytes.NewReader(b)); !fault.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
			if _, err := store.Backup(ctx, empty, files, fullDisk{}); err == nil {
				t.Fatal("a full disk was not told")
			}
		})
	})
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
