// Package audit is the record of everything that changed: who, when, what, why
// and from what to what. It is append-only and every entry is chained to the
// one before it with SM3, so that a changed, removed or reordered entry is
// found, also by somebody who only has an export.
//
//	err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
//		…
//		return audit.Write(ctx, tx, audit.Entry{
//			Actor: who.ID, Name: who.Name, Unit: who.Unit,
//			Action: "measure.close", Kind: "measure", Subject: string(m.ID), Reason: reason,
//			Changes: []audit.Change{{Field: "state", Old: "open", New: "closed"}},
//		})
//	})
//
// Never put personal data of applicants into an entry: it cannot be removed
// when its retention ends. Name the row and the field instead.
//
// # Format
//
// Entries stand in lanes, each a chain of its own, so that PostgreSQL's many
// writers do not wait for one another. Lane and number (from 1, without gaps)
// name an entry. Its body is one JSON object in UTF-8 with exactly these keys in
// this order and no white space:
//
//	{"at":"2026-05-06T02:00:00.000000Z","actor":"…","name":"…","unit":"…",
//	"action":"…","kind":"…","subject":"…","reason":"…","from":"…",
//	"changes":[["field","old","new"],…]}
//
// (one line in truth). The instant is UTC with six decimals. In a text the
// characters " and \ are escaped with \, those below U+0020 as \u00xx with
// lower-case digits, nothing else; what is not UTF-8, and U+0000, becomes U+FFFD.
//
//	hash(lane, 0) = 32 zero bytes
//	hash(lane, n) = SM3(hash(lane, n-1) ‖ lane ‖ n ‖ body)
//
// with lane and n as 8 bytes, the highest first.
package audit

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/kernel/id"
)

// Entry is one thing that happened.
type Entry struct {
	At      time.Time // set by Write to the instant of the unit of work
	Actor   id.ID     // the person; "" for the system itself
	Name    string    // the person's name then, or which part of the system
	Unit    id.ID     // for which unit the person acted
	Action  string    // "measure.close"
	Kind    string    // of the subject: "measure"
	Subject string    // its id
	Reason  string    // in the person's words
	From    string    // network address the request came from
	Changes []Change
}

// Change is one field that got another value.
type Change struct{ Field, Old, New string }

// Record is an entry in its place.
type Record struct {
	Lane, Number int64
	Entry
}

// timeLayout keeps six decimals, so that text sorts like time.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Hash is SM3's value.
type Hash [sm3.Size]byte

// encode writes the canonical body of e.
func encode(e Entry) []byte {
	b := make([]byte, 0, 320)
	b = append(b, `{"at":"`...)
	b = e.At.UTC().AppendFormat(b, timeLayout)
	b = append(b, '"')
	for _, f := range [...]struct{ key, value string }{
		{"actor", string(e.Actor)}, {"name", e.Name}, {"unit", string(e.Unit)}, {"action", e.Action},
		{"kind", e.Kind}, {"subject", e.Subject}, {"reason", e.Reason}, {"from", e.From},
	} {
		b = append(append(append(b, `,"`...), f.key...), `":`...)
		b = quote(b, f.value)
	}
	b = append(b, `,"changes":[`...)
	for i, c := range e.Changes {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(append(b, '['), c.Field)
		b = quote(append(b, ','), c.Old)
		b = append(quote(append(b, ','), c.New), ']')
	}
	return append(b, "]}"...)
}

func quote(b []byte, text string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:]) // U+FFFD for what is not UTF-8
			b = utf8.AppendRune(b, r)
			i += size
			continue
		}
		i++
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == 0:
			b = utf8.AppendRune(b, utf8.RuneError)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// decode reads a body.
func decode(body []byte) (Entry, error) {
	var raw struct {
		At                                                     string
		Actor, Name, Unit, Action, Kind, Subject, Reason, From string
		Changes                                                [][3]string
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return Entry{}, fmt.Errorf("audit entry: %w", err)
	}
	at, err := time.Parse(timeLayout, raw.At)
	if err != nil {
		return Entry{}, fmt.Errorf("audit entry: %w", err)
	}
	e := Entry{At: at, Actor: id.ID(raw.Actor), Name: raw.Name, Unit: id.ID(raw.Unit), Action: raw.Action,
		Kind: raw.Kind, Subject: raw.Subject, Reason: raw.Reason, From: raw.From}
	for _, c := range raw.Changes {
		e.Changes = append(e.Changes, Change{c[0], c[1], c[2]})
	}
	return e, nil
}

// link is one link of the chain.
func link(before Hash, lane, number int64, body []byte, buf []byte) (Hash, []byte) {
	buf = append(buf[:0], before[:]...)
	buf = binary.BigEndian.AppendUint64(buf, uint64(lane))
	buf = binary.BigEndian.AppendUint64(buf, uint64(number))
	buf = append(buf, body...)
	return sm3.Sum(buf), buf
}

// valid refuses an entry that would tell nothing.
func (e Entry) valid() error {
	if e.Action == "" || e.Kind == "" || e.Name == "" {
		return errors.New("audit: an entry needs Name, Action and Kind: " + strings.Join([]string{e.Name, e.Action, e.Kind}, "/"))
	}
	return nil
}
