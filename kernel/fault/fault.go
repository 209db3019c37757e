// Package fault holds the errors a person may see. Everything else is internal
// and is shown as 「系统出错，编号…」 at the edge.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind says what went wrong in terms every face understands; web turns it into
// an HTTP status in one place, the command line into an exit code.
type Kind int

const (
	Internal    Kind = iota // a defect or a broken machine; never shown in words
	Invalid                 // the input breaks a rule; Fields may say where
	NotFound                // no such thing, or not for this person
	Forbidden               // the person may not do this
	Conflict                // somebody else changed it, or the state does not allow it
	Gone                    // it was here and has been withdrawn
	TooMany                 // a limit of tries, size or speed
	Unavailable             // a part of the system cannot answer now
)

// Error is a message for a person: what, where, and what to do. The text is Chinese.
type Error struct {
	Kind   Kind
	Text   string
	Fields Fields // by form field name, for Invalid
	Cause  error  // for the log, never shown
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Text
	}
	return strings.TrimPrefix(e.Text+"："+e.Fields.String(), "：")
}

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error that a person may see.
func New(kind Kind, text string) error { return &Error{Kind: kind, Text: text} }

// Newf is New with a format.
func Newf(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// Wrap keeps the cause for the log and shows text to the person.
func Wrap(cause error, kind Kind, text string) error {
	return &Error{Kind: kind, Text: text, Cause: cause}
}

// KindOf returns the kind of the first Error in the chain, or Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err carries the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Text returns what a person may read of err; "" when it is internal.
func Text(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		return e.Error()
	}
	return ""
}

// Fields are the messages of an invalid input by field name.
type Fields map[string]string

// Err returns nil when nothing is wrong.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Text: "有内容需要修改", Fields: f}
}

// String lists the messages in the order of their fields' names.
func (f Fields) String() string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = f[name]
	}
	return strings.Join(texts, "；")
}

// FieldsOf returns the field messages of err, or nil.
func FieldsOf(err error) Fields {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
