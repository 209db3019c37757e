package hidden

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// partMost bounds one part of an office file, in bytes.
const partMost = 96 << 20

// container is a zip file with changes that Clean would write.
type container struct {
	limits document.Limits
	files  []*zip.File
	parts  map[string]*part
	lower  map[string]string // names in small letters: those of parts are equal in either case
}

// part is one member and what is to become of it.
type part struct {
	name    string
	file    *zip.File
	data    []byte // once loaded
	cuts    []cut
	dropped bool
	whole   []byte // new content, instead of cuts
}

// cut replaces the bytes from start to end by with.
type cut struct {
	start, end int
	with       string
}

func (c *Checker) container(data []byte) (*container, error) {
	z, err := document.OpenZip(data, c.limits)
	if err != nil {
		return nil, err
	}
	out := &container{limits: c.limits, files: z.File, parts: map[string]*part{}, lower: map[string]string{}}
	for _, f := range z.File {
		name := clean(f.Name)
		out.lower[strings.ToLower(name)] = name
		if out.parts[name] != nil { // one of the two would never be seen
			return nil, fault.Newf(fault.Invalid, "有两个同名的部件 %s，不像正常的文件，请用原来的软件另存一份后再上传", short(name))
		}
		out.parts[name] = &part{name: name, file: f}
	}
	return out, nil
}

// clean is the name of a part without the oddities of some writers.
func clean(name string) string {
	return strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/")
}

// names lists the parts that stay, in order.
func (c *container) names() []string {
	names := make([]string, 0, len(c.files))
	for _, f := range c.files {
		if p := c.parts[clean(f.Name)]; !p.dropped {
			names = append(names, p.name)
		}
	}
	return names
}

func (c *container) has(name string) bool { p := c.parts[name]; return p != nil && !p.dropped }

func (c *container) drop(name string) {
	if p := c.parts[name]; p != nil {
		p.dropped = true
	}
}

// load reads a part; the zip directory has bounded all of them together.
func (c *container) load(name string) ([]byte, error) {
	p := c.parts[name]
	if p == nil {
		return nil, fault.Newf(fault.Invalid, "缺少部件 %s", name)
	}
	if p.data != nil {
		return p.data, nil
	}
	data, err := read(p.file)
	if err == nil {
		p.data = data
	}
	return data, err
}

// read unpacks a member of a zip file.
func read(f *zip.File) ([]byte, error) {
	if f.Flags&1 != 0 {
		return nil, fault.New(fault.Invalid, "设置了打开密码，请去掉密码后重新上传")
	}
	if f.UncompressedSize64 > partMost {
		return nil, fault.Newf(fault.TooMany, "部件 %s 超过 %d MB", short(f.Name), partMost>>20)
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err, f.Name)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, partMost))
	if err != nil {
		return nil, broken(err, f.Name)
	}
	return data, nil
}

func broken(err error, part string) error {
	if fault.Text(err) != "" || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "部件 "+short(part)+" 已损坏或不完整，请用原来的软件另存一份后再上传")
}

// write makes the changed zip file: parts that nothing changed keep their packed
// bytes, and all keep their order.
func (c *container) write() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range c.files {
		p := c.parts[clean(f.Name)]
		if p.dropped {
			continue
		}
		if len(p.cuts) == 0 && p.whole == nil {
			if err := w.Copy(f); err != nil {
				return nil, fmt.Errorf("copy %s: %w", f.Name, err)
			}
			continue
		}
		body := p.whole
		if body == nil {
			body = apply(p.data, p.cuts)
		}
		head := zip.FileHeader{Name: f.Name, Method: f.Method, Modified: f.Modified, ExternalAttrs: f.ExternalAttrs, CreatorVersion: f.CreatorVersion, NonUTF8: f.NonUTF8}
		to, err := w.CreateHeader(&head)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
		if _, err := to.Write(body); err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write the zip directory: %w", err)
	}
	return out.Bytes(), nil
}

// apply makes the cuts; of two that overlap the one that begins first, and is
// longer, stands.
func apply(data []byte, cuts []cut) []byte {
	slices.SortStableFunc(cuts, func(a, b cut) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	out := make([]byte, 0, len(data))
	at := 0
	for _, c := range cuts {
		if c.start < at {
			continue
		}
		out = append(append(out, data[at:c.start]...), c.with...)
		at = c.end
	}
	return append(out, data[at:]...)
}

// element is an element of an XML part while it is open, with its place in the
// bytes of the part.
type element struct {
	xml.StartElement
	parent     *element
	start      int // of <
	inner      int // behind the > of its first tag
	innerEnd   int // of the < of its last tag; = inner in <a/>
	end        int // behind its last tag; known when it is closed
	kids, gone int // child elements, and how many of them were cut
	text       strings.Builder
	keep       bool // gather text
	data       any  // for the caller
}

// attr is an attribute by its local name.
func (e *element) attr(name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rel is an attribute r:name.
func (e *element) rel(name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// in tells whether an element lies inside one of a name.
func (e *element) in(name string) *element {
	for p := e.parent; p != nil; p = p.parent {
		if p.Name.Local == name {
			return p
		}
	}
	return nil
}

// is reads a toggle: present means true unless it says otherwise.
func (e *element) is() bool {
	switch e.attr("val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// visitor is what walk calls; either may be nil.
type visitor struct {
	open  func(*element)
	close func(*element)
	text  func(*element, string)
}

// walk reads an XML part once, in time linear in its size.
func (c *container) walk(ctx context.Context, name string, v visitor) error {
	data, err := c.load(name)
	if err != nil {
		return err
	}
	return walk(ctx, data, name, c.limits.Depth, v)
}

func walk(ctx context.Context, data []byte, name string, most int, v visitor) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	var top *element
	depth := 0
	for count := 0; ; count++ {
		if count%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at := int(d.InputOffset())
		token, err := d.Token()
		if err == io.EOF && depth == 0 {
			return nil
		}
		if err != nil {
			return broken(err, name)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > most {
				return fault.Newf(fault.Invalid, "部件 %s 嵌套超过 %d 层，不像正常的文件", short(name), most)
			}
			e := &element{StartElement: token, parent: top, start: at, inner: int(d.InputOffset())}
			if top != nil {
				top.kids++
			}
			top = e
			if v.open != nil {
				v.open(e)
			}
		case xml.EndElement:
			top.innerEnd, top.end = at, int(d.InputOffset())
			if v.close != nil {
				v.close(top)
			}
			top = top.parent
			depth--
		case xml.CharData:
			if top != nil {
				if top.keep {
					top.text.Write(token)
				}
				if v.text != nil {
					v.text(top, string(token))
				}
			}
		}
	}
}

// cut takes an element out, and its parent where that held nothing else.
func (p *part) cut(e *element) {
	p.cuts = append(p.cuts, cut{e.start, e.end, ""})
	if e.parent != nil {
		e.parent.gone++
	}
}

// empty takes out what stands in an element.
func (p *part) empty(e *element) {
	if e.innerEnd > e.inner {
		p.cuts = append(p.cuts, cut{e.inner, e.innerEnd, ""})
	}
}

// set gives an attribute of an element a new value, or takes it out where value is
// nil. The attribute is found by its local name in the bytes of the first tag.
func (p *part) set(e *element, name string, value *string) {
	tag := p.data[e.start:e.inner]
	i := bytes.IndexAny(tag, " \t\r\n")
	for i >= 0 && i < len(tag) {
		from := i
		for i < len(tag) && bytes.IndexByte([]byte(" \t\r\n"), tag[i]) >= 0 {
			i++
		}
		eq := bytes.IndexByte(tag[i:], '=')
		if eq < 0 {
			return
		}
		key := strings.TrimSpace(string(tag[i : i+eq]))
		i += eq + 1
		for i < len(tag) && tag[i] != '"' && tag[i] != '\'' {
			i++
		}
		if i >= len(tag) {
			return
		}
		n := bytes.IndexByte(tag[i+1:], tag[i])
		if n < 0 {
			return
		}
		begin, end := i+1, i+1+n
		i = end + 1
		if key[strings.IndexByte(key, ':')+1:] != name {
			continue
		}
		if value == nil {
			p.cuts = append(p.cuts, cut{e.start + from, e.start + i, ""})
		} else {
			p.cuts = append(p.cuts, cut{e.start + begin, e.start + end, *value})
		}
		return
	}
}
