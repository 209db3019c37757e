// Package secret keeps personal data: masked wherever it is printed, encrypted
// where it is stored, with keys that live outside the database.
//
//	sealed, err := ring.Seal(p.Phone, secret.Place("org_person", "phone", p.ID)) // before writing
//	phone, err := ring.Open(sealed, secret.Place("org_person", "phone", p.ID))   // after reading
//
// A Text shows itself only through Reveal, which whoever shows it must audit.
package secret

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"
)

// Text is personal data in memory. Printing, logging and JSON show a mask; the
// text itself comes only from Reveal.
type Text string

// Reveal is the text itself. Whoever shows it to a person records that in the
// audit chain; sending a message to the address it holds is no showing.
func (t Text) Reveal() string { return string(t) }

// Mask hides the middle: 138****5678, z***@example.cn, 张*.
func (t Text) Mask() string {
	text := string(t)
	if name, host, ok := strings.Cut(text, "@"); ok {
		first, _ := utf8.DecodeRuneInString(name)
		return string(first) + "***@" + host
	}
	r := []rune(text)
	switch n := len(r); {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case n <= 4:
		return string(r[:1]) + strings.Repeat("*", n-1)
	case n <= 7:
		return string(r[:1]) + strings.Repeat("*", n-2) + string(r[n-1:])
	default:
		return string(r[:3]) + strings.Repeat("*", n-7) + string(r[n-4:])
	}
}

// String is the mask.
func (t Text) String() string { return t.Mask() }

// GoString is the mask, for %#v.
func (t Text) GoString() string { return fmt.Sprintf("%q", t.Mask()) }

// Format prints the mask under every verb.
func (t Text) Format(f fmt.State, verb rune) { fmt.Fprintf(f, fmt.FormatString(f, verb), t.Mask()) }

// LogValue is the mask.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.Mask()) }

// MarshalJSON writes the mask: data for others is not made by accident.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.Mask()) }
