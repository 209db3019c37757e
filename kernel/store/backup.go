package store

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"gongkai/kernel/fault"
)

// A backup is a tar archive:
//
//	head.json               what this is; read before anything else
//	table/NAME.jsonl.gz     first line the columns' names, then one row a line
//	file/HASH               every stored file
//	manifest.json           what must have been read, with digests
//
// It is the same for SQLite and PostgreSQL, so restoring it into the other
// kind is how a district moves. Keys (secret, audit) are not in it: whoever
// holds the backup alone cannot read personal data.
type head struct {
	Format int              `json:"format"`
	At     time.Time        `json:"at"`
	From   string           `json:"from"` // "sqlite" or "postgres"
	Rooms  map[string]int64 `json:"rooms"`
}

const backupFormat = 1

// Manifest is what a backup holds.
type Manifest struct {
	At     time.Time        `json:"at"`
	Tables map[string]Sum   `json:"tables"`
	Files  map[string]int64 `json:"files"` // sizes by hash
}

// Rows is the number of rows in all tables.
func (m Manifest) Rows() (n int64) {
	for _, s := range m.Tables {
		n += s.Rows
	}
	return n
}

// Backup writes the whole district to w as it is at one instant; others go on
// writing meanwhile.
func Backup(ctx context.Context, db *DB, files Files, w io.Writer) (Manifest, error) {
	m := Manifest{At: db.clock.Now(), Tables: map[string]Sum{}, Files: map[string]int64{}}
	out := tar.NewWriter(w)
	err := db.Snapshot(ctx, func(ctx context.Context, tx *sql.Tx) error {
		postgres := db.Postgres()
		h := head{Format: backupFormat, At: m.At, From: "sqlite"}
		if postgres {
			h.From = "postgres"
		}
		var err error
		if h.Rooms, err = versions(ctx, tx, postgres); err != nil {
			return err
		}
		if err := tarJSON(out, "head.json", m.At, h); err != nil {
			return err
		}
		tables, err := catalogue(ctx, tx, postgres)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if m.Tables[t.name], err = t.backup(ctx, tx, postgres, out, m.At); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	// A file is there before any row names it, so all that the snapshot names
	// are there now.
	err = files.Each(ctx, func(ref Ref) error {
		f, err := files.Open(ctx, ref.Hash)
		if fault.Is(err, fault.NotFound) {
			return nil // its retention ended meanwhile
		}
		if err != nil {
			return err
		}
		defer f.Close()
		if err := out.WriteHeader(&tar.Header{Name: "file/" + ref.Hash, Size: ref.Size, Mode: 0o440, ModTime: m.At}); err != nil {
			return err
		}
		h := sha256.New()
		n, err := io.Copy(out, io.TeeReader(io.LimitReader(f, ref.Size), h))
		if err != nil {
			return err
		}
		if sum(h, n) != ref {
			return fmt.Errorf("file %s is damaged in the store", ref.Hash)
		}
		m.Files[ref.Hash] = ref.Size
		return nil
	})
	if err == nil {
		err = tarJSON(out, "manifest.json", m.At, m)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, nil
}

// backup writes a table by way of a temporary file, because tar wants to know
// the size first.
func (t table) backup(ctx context.Context, tx *sql.Tx, postgres bool, out *tar.Writer, at time.Time) (s Sum, err error) {
	tmp, err := os.CreateTemp("", "gongkai-backup-")
	if err != nil {
		return s, DiskFault(err)
	}
	defer func() {
		_ = tmp.Close()
		_ = os.Remove(tmp.Name())
	}()
	zip := gzip.NewWriter(tmp)
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	first, err := json.Marshal(names)
	if err != nil {
		return s, err
	}
	if _, err := zip.Write(append(first, '\n')); err != nil {
		return s, DiskFault(err)
	}
	var a adder
	err = t.rows(ctx, tx, postgres, func(row []*string) error {
		line, err := json.Marshal(row)
		if err != nil {
			return err
		}
		a.add(line)
		_, err = zip.Write(append(line, '\n'))
		return DiskFault(err)
	})
	if err != nil {
		return s, err
	}
	if err := zip.Close(); err != nil {
		return s, DiskFault(err)
	}
	size, err := tmp.Seek(0, io.SeekCurrent)
	if err != nil {
		return s, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	if err := out.WriteHeader(&tar.Header{Name: "table/" + t.name + ".jsonl.gz", Size: size, Mode: 0o440, ModTime: at}); err != nil {
		return s, err
	}
	_, err = io.Copy(out, tmp)
	return a.sum(), err
}

func tarJSON(out *tar.Writer, name string, at time.Time, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o440, ModTime: at}); err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// Restore reads a backup into a database that is migrated and has never been
// written to, of either kind, and into files. What cannot be read whole, or is
// not what the manifest says, leaves the database as it was.
func Restore(ctx context.Context, db *DB, files Files, r io.Reader) (Manifest, error) {
	tx, err := db.write.DB.BeginTx(ctx, nil)
	if err != nil {
		return Manifest{}, Fault(err)
	}
	defer func() { _ = tx.Rollback() }()
	m, err := restore(ctx, tx, db.Postgres(), files, r)
	if err != nil {
		return m, Fault(err)
	}
	if err := tx.Commit(); err != nil {
		return m, Fault(fmt.Errorf("restore: %w", err))
	}
	return m, nil
}

func badBackup(cause error) error {
	return fault.Wrap(cause, fault.Invalid, "备份文件不完整或已损坏，没有恢复任何数据；请换一份备份")
}

func restore(ctx context.Context, tx *sql.Tx, postgres bool, files Files, r io.Reader) (m Manifest, err error) {
	var used int
	if err := tx.QueryRowContext(ctx, "select count(*) from store_clock").Scan(&used); err != nil {
		return m, fmt.Errorf("restore (is the database migrated?): %w", err)
	}
	if used > 0 {
		return m, fault.New(fault.Conflict, "目标数据库里已有数据；请恢复到新建的空数据库")
	}
	in := tar.NewReader(r)
	var h head
	if entry, err := in.Next(); err != nil || entry.Name != "head.json" {
		return m, badBackup(errors.New("restore: no head"))
	}
	if err := json.NewDecoder(in).Decode(&h); err != nil {
		return m, badBackup(err)
	}
	here, err := versions(ctx, tx, postgres)
	if err != nil {
		return m, err
	}
	if h.Format != backupFormat || !maps.Equal(h.Rooms, here) {
		return m, fault.Wrap(fmt.Errorf("restore: format %d rooms %v, here %d %v", h.Format, h.Rooms, backupFormat, here), fault.Conflict,
			"备份来自另一个版本的程序；请用做备份的那个版本恢复，再升级")
	}
	tables, err := catalogue(ctx, tx, postgres)
	if err != nil {
		return m, err
	}
	done, err := loosen(ctx, tx, postgres)
	if err != nil {
		return m, err
	}
	for _, t := range tables { // what migrations put there
		if _, err := tx.ExecContext(ctx, "delete from "+quoted(t.name)); err != nil {
			return m, fmt.Errorf("restore: empty %s: %w", t.name, err)
		}
	}
	seen := map[string]int64{}
	for {
		entry, err := in.Next()
		if err != nil {
			return m, badBackup(fmt.Errorf("restore: %w", err))
		}
		name := entry.Name
		if file, ok := strings.CutPrefix(name, "file/"); ok {
			ref, err := files.Put(ctx, in, math.MaxInt64)
			if err != nil {
				return m, cutShort(err)
			}
			if ref.Hash != file {
				return m, badBackup(fmt.Errorf("restore: file %s is %s", file, ref.Hash))
			}
			seen[ref.Hash] = ref.Size
			continue
		}
		if name == "manifest.json" {
			if err := json.NewDecoder(in).Decode(&m); err != nil {
				return m, badBackup(err)
			}
			break
		}
		name = strings.TrimSuffix(strings.TrimPrefix(name, "table/"), ".jsonl.gz")
		i := slices.IndexFunc(tables, func(t table) bool { return t.name == name })
		if i < 0 {
			return m, badBackup(fmt.Errorf("restore: unknown entry %q", entry.Name))
		}
		if err := tables[i].restore(ctx, tx, postgres, in); err != nil {
			return m, cutShort(fmt.Errorf("restore: %w", err))
		}
	}
	if err := done(); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	got, err := sums(ctx, tx, postgres)
	if err != nil {
		return m, err
	}
	if !maps.Equal(got, m.Tables) || !maps.Equal(seen, m.Files) {
		return m, badBackup(fmt.Errorf("restore: read %v and %d files, the manifest says %v and %d", got, len(seen), m.Tables, len(m.Files)))
	}
	return m, nil
}

// cutShort tells a backup that ends too early from a database that has gone: both
// are an unexpected end to whoever reads.
func cutShort(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return badBackup(err)
	}
	return err
}

// loosen lets rows come before those they name, until done is called.
func loosen(ctx context.Context, tx *sql.Tx, postgres bool) (done func() error, err error) {
	if !postgres {
		_, err := tx.ExecContext(ctx, "pragma defer_foreign_keys = on") // checked by the commit
		return func() error { return nil }, err
	}
	rows, err := tx.QueryContext(ctx, `select conrelid::regclass::text, quote_ident(conname) from pg_constraint
		where contype = 'f' and not condeferrable and conparentid = 0 and connamespace = 'public'::regnamespace`)
	if err != nil {
		return nil, err
	}
	var alter []string
	for rows.Next() {
		var table, name string
		if err := rows.Scan(&table, &name); err != nil {
			return nil, err
		}
		alter = append(alter, "alter table "+table+" alter constraint "+name)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	each := func(tail string) error {
		for _, a := range alter {
			if _, err := tx.ExecContext(ctx, a+tail); err != nil {
				return err
			}
		}
		return nil
	}
	if err := each(" deferrable initially deferred"); err != nil {
		return nil, err
	}
	return func() error {
		if _, err := tx.ExecContext(ctx, "set constraints all immediate"); err != nil {
			return err
		}
		return each(" not deferrable")
	}, nil
}

// restore reads the rows of a table.
func (t table) restore(ctx context.Context, tx *sql.Tx, postgres bool, r io.Reader) error {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return badBackup(err)
	}
	lines := bufio.NewReaderSize(zip, 1<<16)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return badBackup(err)
	}
	var names []string
	if err := json.Unmarshal(first, &names); err != nil {
		return badBackup(err)
	}
	if !slices.EqualFunc(names, t.columns, func(name string, c column) bool { return name == c.name }) {
		return badBackup(fmt.Errorf("columns of %s are %v", t.name, names))
	}
	// The databases take 65,535 and 32,766 values in one statement.
	most := min(500, max(1, 30_000/len(t.columns)))
	batch := make([][]*string, 0, most)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var row []*string
			if err := json.Unmarshal(line, &row); err != nil || len(row) != len(t.columns) {
				return badBackup(fmt.Errorf("a row of %s has %d values", t.name, len(row)))
			}
			batch = append(batch, row)
		}
		if len(batch) == most || err == io.EOF && len(batch) > 0 {
			if err := t.insert(ctx, tx, postgres, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return badBackup(err)
		}
	}
	for _, c := range t.serial {
		_, err := tx.ExecContext(ctx, fmt.Sprintf("select setval(pg_get_serial_sequence($1::text, $2::text), coalesce(max(%[1]s), 1), max(%[1]s) is not null) from %[2]s",
			quoted(c), quoted(t.name)), quoted(t.name), c)
		if err != nil {
			return err
		}
	}
	return nil
}

// Inspect reads a backup without restoring it and reports whether it is whole.
func Inspect(r io.Reader) (m Manifest, err error) {
	in := tar.NewReader(r)
	tables, files := map[string]Sum{}, map[string]int64{}
	for {
		entry, err := in.Next()
		if err != nil {
			return m, badBackup(err)
		}
		kind, name, _ := strings.Cut(entry.Name, "/")
		switch kind {
		case "head.json":
		case "table":
			zip, err := gzip.NewReader(in)
			if err != nil {
				return m, badBackup(err)
			}
			var a adder
			lines := bufio.NewReaderSize(zip, 1<<16)
			for n := 0; ; n++ {
				line, err := lines.ReadBytes('\n')
				if n > 0 && len(line) > 0 {
					a.add(bytes.TrimSuffix(line, []byte("\n")))
				}
				if err == io.EOF {
					break
				}
				if err != nil {
					return m, badBackup(err)
				}
			}
			tables[strings.TrimSuffix(name, ".jsonl.gz")] = a.sum()
		case "file":
			h := sha256.New()
			n, err := io.Copy(h, in)
			if err != nil {
				return m, badBackup(err)
			}
			files[hex.EncodeToString(h.Sum(nil))] = n
		case "manifest.json":
			if err := json.NewDecoder(in).Decode(&m); err != nil {
				return m, badBackup(err)
			}
			if !maps.Equal(tables, m.Tables) || !maps.Equal(files, m.Files) {
				return m, badBackup(errors.New("backup: not what its manifest says"))
			}
			return m, nil
		default:
			return m, badBackup(fmt.Errorf("backup: unknown entry %q", entry.Name))
		}
	}
}
