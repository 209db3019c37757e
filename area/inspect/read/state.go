package read

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// scripted tells whether the page leaves its list or text to a script: nothing
// stands there, and there is a template, an empty part that a script of the page
// names, or an empty page with scripts (WEB-83).
func (p *page) scripted() bool {
	if p.list != nil && p.list.rows[0].node.fromXML {
		return true
	}
	if len(p.r.Entries) > 1 && p.list.dated > 0 || p.proseChars >= 60 {
		return false
	}
	templates := 0
	for i := range p.text {
		l := &p.text[i]
		if l.region == plain && (strings.Contains(l.text, "{{") && strings.Contains(l.text, "}}") || strings.Contains(l.text, "<%=") || strings.Contains(l.text, "${") || strings.Contains(l.text, "#{")) {
			templates++
		}
	}
	calls := false
	for _, s := range p.scripts {
		if strings.Contains(s, "$.ajax") || strings.Contains(s, "$.get") || strings.Contains(s, "$.post") || strings.Contains(s, "getJSON") || strings.Contains(s, "fetch(") || strings.Contains(s, "axios") || strings.Contains(s, "XMLHttpRequest") || strings.Contains(s, ".load(") {
			calls = true
		}
	}
	empties, roots, looked := 0, 0, 0
	for _, n := range p.all[1:] {
		if !n.elem || n.region != plain {
			continue
		}
		if n.byRule && n.anchors == 0 || n.byRule && n.titles == 0 {
			templates++
		}
		if n.chars > 0 || n.anchors > 0 {
			continue
		}
		switch n.tag {
		case atom.Ul, atom.Ol, atom.Tbody, atom.Div, atom.Table, atom.Dl, atom.Section:
			if looked++; looked > 200 {
				continue
			}
			id := n.attr("id")
			if id != "" && (n.first == nil || n.tag != atom.Div) {
				if named(p.scripts, id) {
					empties++
				}
			}
			if id == "app" || id == "root" || id == "__nuxt" || id == "main-app" {
				roots++
			}
			if c := n.attr("class"); c != "" && n.first == nil && (n.tag == atom.Ul || n.tag == atom.Ol || n.tag == atom.Tbody) && namedClass(p.scripts, c) {
				empties++
			}
		}
	}
	if calls {
		for i := range p.text {
			if l := &p.text[i]; l.region == plain && l.chars < 20 && loadingWord.MatchString(l.text) {
				return true
			}
		}
	}
	if templates > 0 || empties > 0 && calls {
		return true
	}
	return roots > 0 && p.root.chars < 80
}

func named(scripts []string, id string) bool {
	for _, s := range scripts {
		if strings.Contains(s, "#"+id) || strings.Contains(s, "'"+id+"'") || strings.Contains(s, `"`+id+`"`) {
			return true
		}
	}
	return false
}

func namedClass(scripts []string, class string) bool {
	for _, c := range strings.Fields(class) {
		for _, s := range scripts {
			if strings.Contains(s, "."+c) && len(c) > 2 {
				return true
			}
		}
	}
	return false
}

// jump finds where a page sends its visitor on: a meta refresh within ten
// seconds, or a script in a page that shows next to nothing.
func (p *page) jump() string {
	for _, n := range p.all[1:] {
		if n.tag != atom.Meta || !strings.EqualFold(n.attr("http-equiv"), "refresh") {
			continue
		}
		delay, rest, ok := strings.Cut(n.attr("content"), ";")
		if !ok {
			delay, rest, ok = strings.Cut(n.attr("content"), ",")
		}
		if !ok || num(strings.TrimSpace(delay)) > 10 {
			continue
		}
		rest = strings.TrimSpace(rest)
		if len(rest) > 4 && strings.EqualFold(rest[:3], "url") {
			rest = strings.TrimLeft(rest[3:], " =")
		}
		if ref := p.abs(strings.Trim(rest, `'" `)); ref != "" && ref != p.abs(p.self) {
			return ref
		}
	}
	told := false
	for i := range p.text {
		told = told || p.text[i].region == plain && jumpWord.MatchString(p.text[i].text)
	}
	if (p.root.chars > 120 || p.root.anchors > 8) && !(told && p.plainChars < 150) {
		return ""
	}
	for _, s := range p.scripts {
		if len(s) > 3000 {
			continue
		}
		if g := scriptAddress.FindStringSubmatch(s); g != nil && !strings.Contains(s, "onclick") {
			if ref := p.abs(g[1]); ref != "" && ref != p.abs(p.self) {
				return ref
			}
		}
	}
	return ""
}
