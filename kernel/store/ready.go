package store

import (
	"context"
	"database/sql"
	"reflect"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ExecReady runs a statement that PostgreSQL keeps prepared. It is for the few
// that run hundreds of times a second, where reading and planning the text costs
// more than doing it: the text is always the same, and each ? in it stands for
// one of args, in their order.
func (tx *Tx) ExecReady(ctx context.Context, text string, args ...any) (sql.Result, error) {
	text, args = tx.ready(text, args)
	return tx.sql.ExecContext(ctx, text, args...)
}

// QueryReady is ExecReady for a statement that answers with one row, which goes
// into dest; sql.ErrNoRows when there is none.
func (tx *Tx) QueryReady(ctx context.Context, dest []any, text string, args ...any) error {
	text, args = tx.ready(text, args)
	return tx.sql.QueryRowContext(ctx, text, args...).Scan(dest...)
}

func (tx *Tx) ready(text string, args []any) (string, []any) {
	if !tx.Postgres() {
		return text, args
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String(), append([]any{pgx.QueryExecModeCacheStatement}, args...)
		}
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}

// InsertReady is ExecReady for adding one row of a bun model, whose columns are
// texts, numbers, days and instants.
func (tx *Tx) InsertReady(ctx context.Context, row any) error {
	v := reflect.Indirect(reflect.ValueOf(row))
	table := tx.db.write.Table(v.Type())
	var text strings.Builder
	text.WriteString("insert into " + string(table.SQLName) + " (")
	args := make([]any, len(table.Fields))
	for i, f := range table.Fields {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(string(f.SQLName))
		if !f.NullZero || !f.HasZeroValue(v) {
			args[i] = f.Value(v).Interface()
		}
	}
	text.WriteString(") values (?" + strings.Repeat(", ?", len(args)-1) + ")")
	_, err := tx.ExecReady(ctx, text.String(), args...)
	return err
}
