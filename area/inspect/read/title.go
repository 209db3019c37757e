package read

import (
	"strings"
)

// heading finds the title of the item or column: the tag, else the line of the
// page with which <title> begins or that it holds, else the largest heading or
// the line over the item's date, else <title> without the site's name.
func (p *page) heading() {
	p.headLine, p.headEnd = -1, -1
	want := p.meta["articletitle"]
	title := p.r.Title
	best, score := -1, 0.0
	flatTitle, flatWant, flatSite := flat(title), flat(want), flat(p.siteName)
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == crumb || l.region == pager || l.region == tool || l.chars < 2 || l.chars > 120 {
			continue
		}
		if p.crumbBox != nil && l.node.within(p.crumbBox) || crumbRow(l.text) {
			continue
		}
		s := 0.0
		same := flat(l.text)
		switch {
		case want != "" && same == flatWant:
			s += 12
		case title != "" && same == flatTitle:
			s += 9
		case l.chars >= 4 && title != "" && strings.HasPrefix(flatTitle, same):
			s += 5 + min(float64(l.chars)/10, 3)
		case l.chars >= 6 && title != "" && strings.Contains(flatTitle, same):
			s += 3 + min(float64(l.chars)/10, 2)
		}
		switch l.level {
		case 1:
			s += 5
		case 2:
			s += 3
		case 3:
			s += 2
		case 4, 5, 6:
			s++
		}
		if s == 0 {
			for q, depth := l.node, 0; q != nil && depth < 2; q, depth = q.parent, depth+1 {
				if q.chars != int32(l.chars) {
					break
				}
				for _, w := range append(words(q.attr("class")), words(q.attr("id"))...) {
					if w == "title" || w == "biaoti" || w == "bt" || w == "tit" || w == "headline" || w == "subject" || w == "articletitle" {
						s += 2
						break
					}
				}
			}
			if l.strong {
				s++
			}
			if d := p.metaLine - i; d > 0 && d <= 2 && p.metaLine >= 0 && l.chars >= 4 {
				s++
			}
			if s == 0 {
				continue
			}
		}
		if flatSite != "" && same == flatSite || (siteLike.MatchString(l.text) || organOnly.MatchString(l.text)) && !strings.HasPrefix(flatTitle, same) {
			s -= 8 // the site's own name
		}
		if l.region == head || l.region == side {
			s -= 2
		}
		if l.linked*2 > l.chars {
			s -= 3
			if p.inGroup(l.node) {
				s -= 6
			}
		}
		if p.bodyNode != nil && l.from > p.bodyNode.end {
			s -= 4
		}
		if labels.MatchString(l.text) {
			s -= 4
		}
		if p.metaLine >= 0 { // the date or source under a title
			if d := p.metaLine - i; d > 0 && d <= 3 {
				s += 3
			} else if d < 0 {
				s--
			}
		}
		if s > score {
			best, score = i, s
		}
	}
	siteOnly := title == "" || (siteLike.MatchString(title) || organOnly.MatchString(title)) && !titleParts.MatchString(title) || flat(title) == flat(p.siteName)
	column := p.meta["columnname"]
	switch {
	case best >= 0 && (score >= 3 || siteOnly && score >= 2):
		p.headLine = best
		p.r.Heading, p.headEnd = p.wholeHeading(best)
	case siteOnly && want == "" && usableTag(column):
		p.r.Heading = column
	case siteOnly && want == "" && len(p.r.Breadcrumb) > 0:
		p.r.Heading = p.lastCrumb()
	}
	if usableTag(want) { // the tag, unless the page shows another title in so many words
		shown, tag := flat(p.r.Heading), flat(want)
		if shown == "" || strings.Contains(tag, shown) || score < 9 && !strings.Contains(shown, tag) {
			p.r.Heading = clean(want)
		}
	}
	if p.r.Heading == "" {
		p.r.Heading = p.titleAlone()
	}
	p.r.Heading = strings.TrimSpace(p.r.Heading)
}

// crumbRow tells whether a line is a path from the home page down.
func crumbRow(s string) bool {
	if crumbStart.MatchString(s) {
		return true
	}
	if len(s) > 400 || !strings.Contains(s[:min(len(s), 20)], "页") && !strings.HasPrefix(s, "H") && !strings.HasPrefix(s, "h") {
		return false // it does not begin with 首页, 主页 or Home
	}
	name, rest, ok := strings.Cut(crumbBreaks.ReplaceAllString(s, "\x00"), "\x00")
	return ok && rest != "" && homeWord.MatchString(strings.TrimSpace(name))
}

// wholeHeading joins a title that is set on two lines of one part.
func (p *page) wholeHeading(i int) (text string, last int) {
	title := flat(p.r.Title)
	text, last = p.text[i].text, i
	for j := i + 1; j < len(p.text) && j <= i+3; j++ {
		n := &p.text[j]
		same := n.node == p.text[i].node && n.level > 0 && title == ""
		if n.hidden || n.chars > 80 || !same && (title == "" || !strings.HasPrefix(title, flat(text+n.text))) || len(moments(plainDigits(n.text), 1)) > 0 {
			break
		}
		text += n.text
		last = j
	}
	return text, last
}

// flat is a text without spaces and with one kind of quotation mark, to compare.
func flat(s string) string {
	if !strings.ContainsAny(s, " \u3000\u00a0\t\n\r“”„＂「」‘’") {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u3000', '\u00a0', '\t', '\n', '\r':
			return -1
		case '“', '”', '„', '＂', '「', '」':
			return '"'
		case '‘', '’':
			return '\''
		}
		return r
	}, s)
}

func usableTag(s string) bool {
	s = strings.TrimSpace(s)
	return runes(s) >= 2 && !strings.EqualFold(s, "null") && !strings.EqualFold(s, "undefined") && !strings.ContainsAny(s, "{}$")
}

// outer tells whether a part of <title> names a site or a place.
func outer(s string) bool {
	s = strings.TrimSpace(s)
	return siteLike.MatchString(s) || organOnly.MatchString(s) || placeOnly.MatchString(s)
}

// titleAlone is <title> without the parts that name the site or its columns.
func (p *page) titleAlone() string {
	title := p.r.Title
	parts := titleParts.Split(title, -1)
	if len(parts) == 1 { // a hyphen divides only where one side is a site
		if a, b, ok := strings.Cut(title, "-"); ok && (outer(a) || flat(a) == flat(p.siteName)) {
			parts = []string{b}
		} else if i := strings.LastIndex(title, "-"); ok && (outer(title[i+1:]) || flat(title[i+1:]) == flat(p.siteName)) {
			parts = []string{title[:i]}
		}
	}
	best := ""
	for i, s := range parts {
		s = strings.TrimSpace(s)
		if s == "" || len(parts) > 1 && (p.siteName != "" && flat(s) == flat(p.siteName) || siteLike.MatchString(s) && runes(s) < 25 && i > 0) {
			continue
		}
		if i == 0 || best == "" || runes(s) > 2*runes(best) && runes(s) > 12 {
			best = s
		}
	}
	if best == "" {
		best = title
	}
	return best
}
