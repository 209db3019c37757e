package web

import (
	"bytes"
	"html/template"
	"io/fs"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"gongkai/kernel/fault"
)

// section is one part of a room's help.md: "## 起草公示 {#edit}" belongs to the
// page edit or to the field of that name.
type section struct {
	Name, Title string
	HTML        template.HTML
}

var sectionHead = regexp.MustCompile(`(?m)^## +(.+?) *(?:\{#([\w-]+)\})? *$`)

// sections is a room's help; a room without one has none. It stands on every
// page, so its texts are turned into HTML once, or each time while they are
// written.
func (s *site) sections(room string) []section {
	files := s.Templates[room]
	if room == "web" || files == nil {
		return nil
	}
	if known, ok := s.helps.Load(room); ok && !s.Dev {
		return known.([]section)
	}
	parts := readSections(files)
	s.helps.Store(room, parts)
	return parts
}

func readSections(files fs.FS) []section {
	text, err := fs.ReadFile(files, "help.md")
	if err != nil {
		return nil
	}
	var out []section
	heads := sectionHead.FindAllSubmatchIndex(text, -1)
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		name := ""
		if h[4] >= 0 {
			name = string(text[h[4]:h[5]])
		}
		out = append(out, section{name, string(text[h[2]:h[3]]), markdown(string(text[h[1]:end]))})
	}
	return out
}

// help is the section of a room's help for one page or field, "" for none.
func (s *site) help(room, name string) template.HTML {
	for _, part := range s.sections(room) {
		if part.Name == name {
			return part.HTML
		}
	}
	return ""
}

// helpPage shows all help of a room.
func (s *site) helpPage(r *Request) (Reply, error) {
	parts := s.sections(r.PathValue("room"))
	if len(parts) == 0 {
		return Reply{}, fault.New(fault.NotFound, "这一部分还没有使用说明")
	}
	return View("web/help", parts), nil
}

// markdown turns our own texts into HTML. HTML inside them is left out.
func markdown(text string) template.HTML {
	var out bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.CJK, extension.Table))
	if err := md.Convert([]byte(strings.TrimSpace(text)), &out); err != nil { // writing to memory does not fail
		return ""
	}
	return template.HTML(out.String()) // goldmark escapes HTML unless told otherwise
}
