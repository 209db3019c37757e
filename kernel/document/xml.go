package document

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"gongkai/kernel/fault"
)

// tokens walks XML with a bound on depth and an eye on the context.
type tokens struct {
	ctx   context.Context
	d     *xml.Decoder
	depth int
	limit int
	count int
}

func newTokens(ctx context.Context, r io.Reader, limit int) *tokens {
	d := xml.NewDecoder(r)
	d.Strict = true
	return &tokens{ctx: ctx, d: d, limit: limit}
}

// next returns the next start, end or characters; io.EOF at the end.
func (t *tokens) next() (xml.Token, error) {
	for {
		if t.count++; t.count%4096 == 0 && t.ctx.Err() != nil {
			return nil, t.ctx.Err()
		}
		tok, err := t.d.Token()
		if err != nil {
			return nil, err
		}
		switch tok.(type) {
		case xml.StartElement:
			if t.depth++; t.depth > t.limit {
				return nil, tooDeep(t.limit)
			}
			return tok, nil
		case xml.EndElement:
			t.depth--
			return tok, nil
		case xml.CharData:
			return tok, nil
		}
	}
}

// each calls f for every child element until the end of the present one; f must
// consume the child whole.
func (t *tokens) each(f func(xml.StartElement) error) error {
	for {
		tok, err := t.next()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if err := f(tok); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip passes over the present element.
func (t *tokens) skip() error {
	for level := 1; level > 0; {
		tok, err := t.next()
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			level++
		case xml.EndElement:
			level--
		}
	}
	return nil
}

// text returns the characters of the present element and those inside it.
func (t *tokens) text() (string, error) {
	var b strings.Builder
	for level := 1; level > 0; {
		tok, err := t.next()
		if err != nil {
			return "", err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			level++
		case xml.EndElement:
			level--
		case xml.CharData:
			b.Write(tok)
		}
	}
	return b.String(), nil
}

// attr returns an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on reads a toggle such as <w:b/>: present means true unless it says otherwise.
func on(e xml.StartElement) bool {
	switch attr(e, "val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// orDamaged lets faults and the context's end pass and turns every other error
// of a part into the message for a damaged file.
func orDamaged(err error, where string) error {
	var told *fault.Error
	if err == nil || errors.As(err, &told) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return damaged(err, where)
}
