package read

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// breadcrumb reads where the page hangs: behind 当前位置, or a row of links that
// begins with the home page and is divided by arrows.
func (p *page) breadcrumb() {
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == foot {
			continue
		}
		at := crumbStart.FindStringIndex(l.text)
		if at == nil || at[0] > 40 {
			continue
		}
		box := l.node
		for depth := 0; depth < 4 && box.parent != nil && box.parent != p.root; depth++ {
			s := box.whole()
			j := crumbStart.FindStringIndex(s)
			if j != nil && runes(strings.TrimLeft(s[j[1]:], ":： >")) >= 2 {
				break
			}
			box = box.parent
		}
		names := p.crumbNames(box)
		if len(names) > 0 {
			p.crumb(box, names)
			return
		}
	}
	for _, n := range p.all[1:] { // without the label
		if !n.elem || n.anchors < 2 || n.chars > 120 || n.chars < 4 || n.region == foot || n.region == nav && n.attr("class") == "" {
			continue
		}
		if n.titled() || n.region != crumb && !strings.ContainsAny(n.sample(200), ">＞»›→/") {
			continue
		}
		s := crumbLabel.ReplaceAllString(n.whole(), "")
		firstName, _, _ := strings.Cut(crumbBreaks.ReplaceAllString(s, "\x00"), "\x00")
		if !homeWord.MatchString(strings.TrimSpace(firstName)) || !strings.ContainsAny(s, ">＞»›→") && n.region != crumb {
			continue
		}
		if names := p.crumbNames(n); len(names) > 0 {
			p.crumb(n, names)
			return
		}
	}
}

// crumb keeps the breadcrumb, and its part as furniture.
func (p *page) crumb(box *node, names []string) {
	p.r.Breadcrumb, p.crumbBox = names, box
	for _, n := range p.all[box.id:box.end] {
		n.region = crumb
	}
	for i := range p.text {
		if p.text[i].node.within(box) {
			p.text[i].region = crumb
		}
	}
}

func (p *page) crumbNames(box *node) (names []string) {
	var b strings.Builder
	var walk func(*node)
	walk = func(m *node) {
		for c := m.first; c != nil && b.Len() < 1500; c = c.next {
			switch {
			case !c.elem:
				b.WriteString(c.text)
			case silent(c.tag), c.hidden:
			case c.tag == atom.A || block(c.tag):
				b.WriteByte(0)
				walk(c)
				b.WriteByte(0)
			default:
				walk(c)
			}
		}
	}
	walk(box)
	s := b.String()
	if j := crumbStart.FindStringIndex(s); j != nil {
		s = strings.TrimLeft(s[j[1]:], ":： 是在\x00")
	}
	breaks := crumbBreaks
	if crumbArrow.MatchString(s) { // then a slash belongs to a name: 行政处罚/强制
		breaks = crumbSpaced
	}
	s = breaks.ReplaceAllString(s, "\x00")
	for _, name := range strings.Split(s, "\x00") {
		name = strings.Trim(clean(name), " :：>-[]")
		if name == "" || homeWord.MatchString(name) || name == "位置" || name == "正文" || name == "详情" || name == "内容" || name == "详细内容" || name == "文章内容" || name == "列表" || toolLine(name) || labels.MatchString(name) {
			continue
		}
		if len(names) > 0 && names[len(names)-1] == name {
			continue
		}
		if len(names) >= 12 || runes(name) > 100 {
			break
		}
		names = append(names, name)
	}
	return names
}
