package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A portable value is a text or nothing, the same whichever database it comes
// from, so that a backup of one can be restored into the other and both can be
// compared.
type form int

const (
	asText form = iota
	asInt
	asBool
	asFloat
	asTime      // UTC, RFC 3339 with six decimals
	asJSON      // keys sorted, no white space
	asBytes     // hexadecimal
	asTextArray // PostgreSQL text[]: a JSON array
	asJSONArray // PostgreSQL jsonb[]: a JSON array
	asBits      // PostgreSQL bit(n): the number
)

const portableTime = "2006-01-02T15:04:05.000000Z"

// column is a column of a table, and how it is carried.
type column struct {
	name  string
	typ   string // as the database says it
	form  form
	rough bool // SQLite keeps River's times to the millisecond only
	jsonb bool // SQLite keeps River's JSON in its binary form
}

// table is a table whose rows belong to a backup.
type table struct {
	name    string
	columns []column
	serial  []string // PostgreSQL: columns that draw from a sequence
}

// stays names tables that tell of this database or this process, not of the
// district: versions of the tables, leases and queues of the job library.
func stays(name string) bool {
	switch name {
	case "river_migration", "river_leader", "river_client", "river_client_queue", "river_queue", "river_notification":
		return true
	}
	return strings.HasPrefix(name, "goose_") || strings.HasPrefix(name, "sqlite_")
}

// catalogue lists the tables of a backup in the order of their names, without
// generated columns.
func catalogue(ctx context.Context, tx *sql.Tx, postgres bool) ([]table, error) {
	query := `select m.name, c.name, c.type, '' from sqlite_schema m, pragma_table_xinfo(m.name) c
		where m.type = 'table' and m.sql not like 'create virtual%' and c.hidden = 0 order by 1, 2`
	if postgres {
		query = `select c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
				coalesce(pg_get_serial_sequence(quote_ident(c.relname), a.attname), '')
			from pg_class c join pg_attribute a on a.attrelid = c.oid
			where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
				and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
			order by c.relname::text collate "C", a.attname::text collate "C"`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []table
	for rows.Next() {
		var name, serial string
		var c column
		if err := rows.Scan(&name, &c.name, &c.typ, &serial); err != nil {
			return nil, err
		}
		if stays(name) {
			continue
		}
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, table{name: name})
		}
		t := &out[len(out)-1]
		c.form = formOf(c.typ)
		if name == "river_job" {
			c.rough = c.form == asTime
			switch {
			case postgres || c.form != asBytes || c.name == "unique_key":
			case c.name == "attempted_by" || c.name == "tags":
				c.form, c.jsonb = asTextArray, true
			case c.name == "errors":
				c.form, c.jsonb = asJSONArray, true
			default:
				c.form, c.jsonb = asJSON, true
			}
		}
		if serial != "" {
			t.serial = append(t.serial, c.name)
		}
		t.columns = append(t.columns, c)
	}
	return out, rows.Err()
}

func formOf(typ string) form {
	typ = strings.ToLower(typ)
	if strings.HasSuffix(typ, "[]") {
		if strings.HasPrefix(typ, "json") {
			return asJSONArray
		}
		return asTextArray
	}
	switch typ, _, _ := strings.Cut(typ, "("); {
	case strings.HasPrefix(typ, "timestamp"):
		return asTime
	case strings.HasPrefix(typ, "bool"):
		return asBool
	case typ == "jsonb":
		return asJSON
	case typ == "bytea", typ == "blob":
		return asBytes
	case typ == "bit":
		return asBits
	case typ == "double precision", typ == "real":
		return asFloat
	case strings.Contains(typ, "int"):
		return asInt
	}
	return asText
}

// rows calls fn with every row in its portable form. A nil value is null.
func (t table) rows(ctx context.Context, tx *sql.Tx, postgres bool, fn func([]*string) error) error {
	exprs := make([]string, len(t.columns))
	for i, c := range t.columns {
		exprs[i] = c.selected(postgres)
	}
	rows, err := tx.QueryContext(ctx, "select "+strings.Join(exprs, ", ")+" from "+quoted(t.name))
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range into {
		into[i] = &values[i]
	}
	out := make([]*string, len(t.columns))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if v == nil {
				out[i] = nil
				continue
			}
			text, err := t.columns[i].portable(v)
			if err != nil {
				return fmt.Errorf("%s.%s: %w", t.name, t.columns[i].name, err)
			}
			out[i] = &text
		}
		if err := fn(out); err != nil {
			return err
		}
	}
	return rows.Err()
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// selected is the column in a select.
func (c column) selected(postgres bool) string {
	name := quoted(c.name)
	switch {
	case !postgres && c.jsonb:
		return "json(" + name + ")"
	case !postgres:
		// The plus takes the declared type away, which the driver would act on.
		return "+" + name
	case c.form == asBytes:
		return name
	case c.form == asTime:
		return "to_char(" + name + ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	case c.form == asTextArray, c.form == asJSONArray:
		return "to_jsonb(" + name + ")::text"
	}
	return name + "::text"
}

// portable turns a value that was read into its portable form.
func (c column) portable(v any) (string, error) {
	text := ""
	switch v := v.(type) {
	case string:
		text = v
	case []byte:
		if c.form == asBytes {
			return hex.EncodeToString(v), nil
		}
		text = string(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case float64:
		text = strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		text = strconv.FormatBool(v)
	case time.Time:
		text = v.UTC().Format(portableTime)
	default:
		return "", fmt.Errorf("cannot carry a %T", v)
	}
	switch c.form {
	case asBool:
		b, err := strconv.ParseBool(text)
		return strconv.FormatBool(b), err
	case asFloat:
		f, err := strconv.ParseFloat(text, 64)
		return strconv.FormatFloat(f, 'g', -1, 64), err
	case asTime:
		t, err := readTime(text)
		if c.rough {
			t = t.Round(time.Millisecond)
		}
		return t.UTC().Format(portableTime), err
	case asJSON, asTextArray, asJSONArray:
		return sameJSON(text)
	case asBits:
		n, err := strconv.ParseUint(text, 2, 64)
		return strconv.FormatUint(n, 10), err
	}
	return text, nil
}

func readTime(text string) (time.Time, error) {
	for _, layout := range []string{portableTime, "2006-01-02 15:04:05.999999-07:00", "2006-01-02 15:04:05", time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no instant", text)
}

// sameJSON writes JSON one way: keys sorted, numbers as short as they go.
func sameJSON(text string) (string, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(plainNumbers(v)); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func plainNumbers(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainNumbers(v[k])
		}
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return v
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	}
	return v
}

// insert writes rows in their portable form.
func (t table) insert(ctx context.Context, tx *sql.Tx, postgres bool, rows [][]*string) error {
	var b strings.Builder
	b.WriteString("insert into " + quoted(t.name) + " (")
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoted(c.name))
	}
	b.WriteString(") values ")
	args := make([]any, 0, len(rows)*len(t.columns))
	for i, row := range rows {
		for j, c := range t.columns {
			switch {
			case j > 0:
				b.WriteString(", ")
			case i > 0:
				b.WriteString(", (")
			default:
				b.WriteByte('(')
			}
			v, err := c.native(row[j], postgres)
			if err != nil {
				return fmt.Errorf("%s.%s: %w", t.name, c.name, err)
			}
			args = append(args, v)
			b.WriteString(c.placed(len(args), postgres))
		}
		b.WriteByte(')')
	}
	if _, err := tx.ExecContext(ctx, b.String(), args...); err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return nil
}

// placed is the n-th value in an insert.
func (c column) placed(n int, postgres bool) string {
	at := "$" + strconv.Itoa(n)
	switch {
	case !postgres && c.jsonb:
		return "jsonb(?)"
	case !postgres:
		return "?"
	case c.form == asBytes:
		return "decode(" + at + "::text, 'hex')"
	case c.form == asTextArray:
		return "case when " + at + "::text is null then null else array(select jsonb_array_elements_text(" + at + "::text::jsonb)) end"
	case c.form == asJSONArray:
		return "case when " + at + "::text is null then null else array(select jsonb_array_elements(" + at + "::text::jsonb)) end"
	}
	return at + "::text::" + c.typ
}

// native turns a portable value into what the insert takes.
func (c column) native(v *string, postgres bool) (any, error) {
	if v == nil {
		return nil, nil
	}
	if c.form == asBits {
		n, err := strconv.ParseUint(*v, 10, 8)
		return fmt.Sprintf("%08b", n), err
	}
	if postgres {
		return *v, nil
	}
	switch c.form {
	case asInt:
		return strconv.ParseInt(*v, 10, 64)
	case asBool:
		return strconv.ParseBool(*v)
	case asFloat:
		return strconv.ParseFloat(*v, 64)
	case asBytes:
		return hex.DecodeString(*v)
	case asTime:
		t, err := readTime(*v)
		if c.rough {
			return t.Format("2006-01-02 15:04:05.000"), err // as River writes it
		}
		return t.Format("2006-01-02 15:04:05.999999-07:00"), err // as bun writes it
	}
	return *v, nil
}

// Sum is what is in a table: its rows and a digest that does not depend on
// their order.
type Sum struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"` // of all rows, hexadecimal
}

// adder adds up the SHA-256 of rows, modulo 2²⁵⁶.
type adder struct {
	rows  int64
	words [4]uint64
}

func (a *adder) add(line []byte) {
	a.rows++
	h := sha256.Sum256(line)
	carry := uint64(0)
	for i := 3; i >= 0; i-- {
		w := binary.BigEndian.Uint64(h[i*8:])
		s := a.words[i] + w
		over := uint64(0)
		if s < w {
			over = 1
		}
		s += carry
		if s < carry {
			over = 1
		}
		a.words[i], carry = s, over
	}
}

func (a *adder) sum() Sum {
	var b []byte
	for _, w := range a.words {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return Sum{a.rows, hex.EncodeToString(b)}
}

// Sums digests every table of the district; two databases with equal sums hold
// the same, whatever their kind.
func Sums(ctx context.Context, db *DB) (map[string]Sum, error) {
	out := map[string]Sum{}
	err := db.Snapshot(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		out, err = sums(ctx, tx, db.Postgres())
		return err
	})
	return out, err
}

func sums(ctx context.Context, tx *sql.Tx, postgres bool) (map[string]Sum, error) {
	tables, err := catalogue(ctx, tx, postgres)
	if err != nil {
		return nil, err
	}
	out := map[string]Sum{}
	for _, t := range tables {
		var a adder
		err := t.rows(ctx, tx, postgres, func(row []*string) error {
			line, err := json.Marshal(row)
			a.add(line)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("digest %s: %w", t.name, err)
		}
		out[t.name] = a.sum()
	}
	return out, nil
}

// versions tells how far the tables of each room are.
func versions(ctx context.Context, tx *sql.Tx, postgres bool) (map[string]int64, error) {
	query := "select name from sqlite_schema where type = 'table' and (name like 'goose!_%' escape '!' or name = 'river_migration')"
	if postgres {
		query = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and (relname like 'goose!_%' escape '!' or relname = 'river_migration')"
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	slices.Sort(names)
	out := map[string]int64{}
	for _, name := range names {
		column := "version_id"
		if name == "river_migration" {
			column = "version"
		}
		var version int64
		if err := tx.QueryRowContext(ctx, "select max("+column+") from "+quoted(name)).Scan(&version); err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(name, "goose_")] = version
	}
	return out, nil
}
