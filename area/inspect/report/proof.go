package report

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/document"
)

//go:embed proof.html
var proofSource string

// What is copied of kept pages.
const (
	mostProofs    = 200     // pages
	mostProofText = 200_000 // characters of a page's words, and of its source
	mostProofBody = 8 << 20 // bytes of a body that is looked at
	mostMarked    = 200     // words marked in one text
)

var hashName = regexp.MustCompile(`^[0-9a-f]{32,128}$`)

// proofs are the copies of pages that stand in a report's folder.
type proofs struct {
	pages    map[string]bool // by hash
	pictures map[string]bool
}

// link is the address of a finding's page inside the folder; "" = none.
func (p *proofs) link(f *fact.Finding) string {
	if p == nil || !p.pages[f.Proof] {
		return ""
	}
	return ProofFolder + "/" + f.Proof + ".html#seen"
}

// proofPage is one copy as the template prints it.
type proofPage struct {
	Hash         string
	Findings     []findingView
	Text, Source []piece
	Cut          bool
}

// piece is a stretch of text, marked where it is what a finding saw.
type piece struct {
	Text          string
	Marked, First bool
}

// writeProofs copies the pages that findings name as text, so that they can be
// read without the site, its scripts or its pictures. A page that a secret
// finding names is never copied (WEB-11).
func writeProofs(dir string, r *fact.Report, x Extra) (*proofs, error) {
	out := &proofs{pages: map[string]bool{}, pictures: map[string]bool{}}
	v := newView(r, x)
	banned := map[string]bool{}
	for _, f := range v.all {
		if secret(f) {
			banned[f.Proof] = true
		}
	}
	var hashes []string
	by := map[string][]*fact.Finding{}
	for _, f := range v.shown {
		switch {
		case f.Proof == "" || banned[f.Proof] || !wrong(f):
		case x.Proof != nil && hashName.MatchString(f.Proof):
			if by[f.Proof] == nil {
				hashes = append(hashes, f.Proof)
			}
			by[f.Proof] = append(by[f.Proof], f)
		}
	}
	if err := out.writePictures(dir, v, x); err != nil || len(hashes) == 0 {
		return out, err
	}
	t, err := template.New("proof").Parse(proofSource)
	if err != nil {
		return nil, fmt.Errorf("report: proof.html: %w", err)
	}
	folder := filepath.Join(dir, ProofFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	for _, hash := range hashes {
		if len(out.pages) == mostProofs {
			break
		}
		body, err := x.Proof(hash)
		if errors.Is(err, fs.ErrNotExist) {
			continue // not every page is kept
		} else if err != nil {
			return nil, fmt.Errorf("report: proof %s: %w", hash, err)
		}
		page, ok := v.proofPage(hash, body, by[hash], out)
		if !ok {
			continue
		}
		f, err := temporary(folder, hash+".html", 0o644, func(w io.Writer) error { return t.Execute(w, page) })
		if err != nil {
			return nil, err
		}
		if err := os.Rename(f.Name(), filepath.Join(folder, hash+".html")); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		out.pages[hash] = true
	}
	return out, nil
}

// proofPage is a copy of a page; not ok when it repeats what a secret finding says.
func (v *view) proofPage(hash string, body []byte, of []*fact.Finding, kept *proofs) (p proofPage, ok bool) {
	p.Hash = hash
	var words []string
	for _, f := range of {
		if len(p.Findings) < mostFindings {
			p.Findings = append(p.Findings, v.findingView(f, kept))
		}
		words = append(words, seenWords(f)...)
	}
	if len(body) > mostProofBody {
		body, p.Cut = body[:mostProofBody], true
	}
	source, err := document.DecodeText(body)
	if err != nil {
		source = "" // a picture, an office file: there are no words to copy
	}
	text := visible(source)
	if v.veil(source) != source || v.veil(text) != text {
		return p, false
	}
	text, cut := bounded(text, mostProofText)
	p.Text = marked(text, words)
	p.Cut = p.Cut || cut
	source, cut = bounded(source, mostProofText)
	p.Source = marked(source, words)
	p.Cut = p.Cut || cut
	return p, true
}

// seenWords are the words of a finding that may stand on its page as they are:
// what it quotes, else all that it saw, and its key.
func seenWords(f *fact.Finding) (out []string) {
	add := func(s string) {
		if s = strings.TrimSpace(s); utf8.RuneCountInString(s) > 1 && len(s) <= 2000 {
			out = append(out, s)
		}
	}
	add(f.Seen)
	for rest := f.Seen; ; {
		_, after, ok := strings.Cut(rest, "“")
		if !ok {
			break
		}
		quote, left, ok := strings.Cut(after, "”")
		if !ok {
			break
		}
		add(quote)
		rest = left
	}
	add(f.Key)
	return out
}

// marked cuts a text at the first places where the words stand.
func marked(text string, words []string) (out []piece) {
	type place struct{ from, to int }
	var places []place
	for _, w := range words {
		for at, n := 0, 0; n < 20 && len(places) < mostMarked; n++ {
			i := strings.Index(text[at:], w)
			if i < 0 {
				break
			}
			places = append(places, place{at + i, at + i + len(w)})
			at += i + len(w)
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	at := 0
	for _, p := range places {
		if p.from < at {
			continue
		}
		if p.from > at {
			out = append(out, piece{Text: text[at:p.from]})
		}
		out = append(out, piece{Text: text[p.from:p.to], Marked: true, First: at == 0 || !slices.ContainsFunc(out, func(x piece) bool { return x.Marked })})
		at = p.to
	}
	if at < len(text) {
		out = append(out, piece{Text: text[at:]})
	}
	return out
}

// bounded cuts a text and drops the characters that hide or turn others.
func bounded(s string, most int) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, s)
	n := 0
	for at := range s {
		if n++; n > most {
			return s[:at], true
		}
	}
	return s, false
}

// visible is the text of an HTML source, a line a block; what is no HTML stays
// as it is. The tokenizer keeps no tree, so no nesting can hurt.
func visible(source string) string {
	if !strings.Contains(source, "<") {
		return source
	}
	var b strings.Builder
	z := html.NewTokenizer(bytes.NewReader([]byte(source)))
	z.SetMaxBuf(1 << 20)
	skip := atom.Atom(0)
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return tidy(b.String())
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			switch {
			case kind == html.EndTagToken && a == skip:
				skip = 0
			case skip == 0 && kind == html.StartTagToken && (a == atom.Script || a == atom.Style || a == atom.Template):
				skip = a
			case !slices.Contains(inline, a):
				b.WriteByte('\n')
			}
		}
	}
}

// inline are the elements inside which a line goes on.
var inline = []atom.Atom{atom.A, atom.Abbr, atom.B, atom.Big, atom.Em, atom.Font, atom.I, atom.Img, atom.Mark, atom.S, atom.Small, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.U}

// tidy drops empty lines and the blanks around lines.
func tidy(s string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return b.String()
}
