package read

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

const maxLinks = 100_000

var (
	scriptAddress = regex.New(`(?:location(?:\.href)?\s*=\s*|location\.(?:replace|assign)\(\s*|window\.open\(\s*|\bopen\(\s*)['"]([^'"\s]{1,800})['"]`)
	attachment    = regex.New(`(?i)\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv)$`)
	captchaWord   = regex.New(`(?i)验证码|captcha|kaptcha|verif(?:y|ication)?_?(?:code|img)|checkcode|valid(?:ate)?code|vcode|yzm|authcode|randcode|randimg`)
	searchWord    = regex.New(`(?i)搜索|检索|搜一搜|请输入.{0,6}关键[字词]|search|sousuo|\bquery\b`)
)

// resolver makes addresses absolute.
type resolver struct {
	base *url.URL
	dir  string // scheme, host and folder of base, for the plain case
	host string
}

func newResolver(base *url.URL) *resolver {
	r := &resolver{base: base}
	if base.Host != "" && base.User == nil {
		r.host = base.Scheme + "://" + base.Host
		path := base.EscapedPath()
		r.dir = r.host + path[:strings.LastIndexByte(path, '/')+1]
		if path == "" {
			r.dir = r.host + "/"
		}
	}
	return r
}

// abs gives the absolute address without its fragment; "" for what names no
// place that could be fetched (script, mail, telephone, data, the page itself).
func (r *resolver) abs(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || ref[0] == '#' || len(ref) > 4000 {
		return ""
	}
	if i := strings.IndexByte(ref, '#'); i > 0 {
		ref = ref[:i]
	}
	simple := true
	for i := 0; i < len(ref); i++ {
		c := ref[i]
		if c <= ' ' || c == ':' || c == '\\' || c == '%' || c >= 0x7f || c == '?' || c == '"' || c == '<' || c == '>' || c == '{' || c == '}' || c == '|' || c == '^' || c == '`' {
			simple = false
			break
		}
	}
	if simple && r.host != "" && !strings.Contains(ref, "./") && !strings.HasSuffix(ref, "..") && ref != "." {
		switch {
		case strings.HasPrefix(ref, "//"):
			return r.base.Scheme + ":" + ref
		case ref[0] == '/':
			return r.host + ref
		default:
			return r.dir + ref
		}
	}
	ref = strings.Map(func(c rune) rune {
		switch c {
		case '\n', '\r', '\t':
			return -1
		}
		return c
	}, ref)
	if cut, _, _ := strings.Cut(ref, "?"); strings.Contains(cut, `\`) {
		ref = strings.ReplaceAll(cut, `\`, "/") + ref[len(cut):]
	}
	if i := strings.IndexByte(ref, ':'); i > 0 && !strings.ContainsAny(ref[:i], "/?") {
		switch strings.ToLower(ref[:i]) {
		case "http", "https", "ftp", "file":
		default:
			return ""
		}
	}
	u, err := url.Parse(ref)
	if err != nil { // a stray % or a space in the host
		u, err = url.Parse(strings.ReplaceAll(strings.ReplaceAll(ref, "%", "%25"), " ", "%20"))
		if err != nil {
			return ""
		}
	}
	u = r.base.ResolveReference(u)
	u.Fragment = ""
	return u.String()
}

// target is where an element leads: its href, or what its script opens.
func (r *resolver) target(n *node) string {
	href := n.attr("href")
	if a := r.abs(href); a != "" {
		return a
	}
	for _, script := range [...]string{href, n.attr("onclick")} {
		if !strings.ContainsAny(script, "'\"") {
			continue
		}
		if g := scriptAddress.FindStringSubmatch(script); g != nil {
			if a := r.abs(g[1]); a != "" {
				return a
			}
		}
	}
	return ""
}

// label is what a link or control is called: its text, else its title, else the
// alternative text of its picture.
func label(n *node) (text string, bare bool) {
	if s := strings.TrimSpace(n.whole()); s != "" {
		return s, false
	}
	for _, key := range [...]string{"title", "aria-label", "alt"} {
		if s := strings.TrimSpace(clean(n.attr(key))); s != "" {
			return s, false
		}
	}
	alt := ""
	var walk func(*node)
	walk = func(m *node) {
		for c := m.first; c != nil && alt == ""; c = c.next {
			if c.tag == atom.Img || c.tag == atom.Input {
				alt = strings.TrimSpace(clean(cmp.Or(c.attr("alt"), c.attr("title"), c.attr("aria-label"))))
			}
			walk(c)
		}
	}
	walk(n)
	return alt, alt == ""
}

// links collects the references of the page.
func (p *page) links() {
	out := make([]fact.Link, 0, 64)
	add := func(n *node, ref, text, element string, none bool) {
		if ref == "" || len(out) >= maxLinks {
			return
		}
		out = append(out, fact.Link{URL: ref, Text: cutRunes(text, 300), Place: p.place(n), Element: element, NoText: none, Hidden: n.hidden || n.away})
		p.linkNodes = append(p.linkNodes, n)
	}
	for _, n := range p.all[1:] {
		if !n.elem || len(out) >= maxLinks {
			continue
		}
		switch n.tag {
		case atom.A, atom.Area:
			if ref := p.target(n); ref != "" {
				text, none := label(n)
				add(n, ref, text, "a", none)
			}
		case atom.Img, atom.Input:
			if n.tag == atom.Input && !strings.EqualFold(n.attr("type"), "image") {
				break
			}
			alt := strings.TrimSpace(clean(cmp.Or(n.attr("alt"), n.attr("title"), n.attr("aria-label"))))
			src := n.attr("src")
			if lazy := n.attr("data-src"); lazy != "" { // the first is then a placeholder
				add(n, p.abs(lazy), alt, "img", alt == "")
			} else {
				add(n, p.abs(src), alt, "img", alt == "")
			}
			p.sources(n, add)
		case atom.Source:
			add(n, p.abs(n.attr("src")), "", "source", false)
			p.sources(n, add)
		case atom.Video, atom.Audio, atom.Track:
			add(n, p.abs(n.attr("src")), "", "source", false)
		case atom.Script:
			add(n, p.abs(n.attr("src")), "", "script", false)
		case atom.Link:
			switch rel := strings.ToLower(n.attr("rel")); {
			case strings.Contains(rel, "stylesheet"), strings.Contains(rel, "icon"):
				add(n, p.abs(n.attr("href")), "", "link", false)
			}
		case atom.Iframe, atom.Frame:
			if ref := p.abs(n.attr("src")); ref != "" {
				add(n, ref, n.attr("title"), "iframe", false)
				p.r.Frames = append(p.r.Frames, ref)
			}
		case atom.Object, atom.Embed:
			add(n, p.abs(cmp.Or(n.attr("data"), n.attr("src"))), "", "object", false)
		case atom.Form:
			add(n, p.abs(n.attr("action")), "", "form", false)
		case atom.Option:
			if v := n.attr("value"); strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") {
				add(n, p.abs(v), n.optionText(), "a", false)
			}
		default:
			if s := n.attr("onclick"); s != "" {
				if g := scriptAddress.FindStringSubmatch(s); g != nil {
					text, none := label(n)
					add(n, p.abs(g[1]), text, "a", none)
				}
			}
		}
	}
	p.r.Links = out
}

func (p *page) sources(n *node, add func(n *node, ref, text, element string, none bool)) {
	set := n.attr("srcset")
	if set == "" {
		return
	}
	for i, part := range strings.Split(set, ",") {
		if f := strings.Fields(part); len(f) > 0 && i < 20 {
			add(n, p.abs(f[0]), "", "source", false)
		}
	}
}

func (n *node) optionText() string {
	if n.first != nil {
		return strings.TrimSpace(n.first.text)
	}
	return ""
}

func (p *page) place(n *node) fact.Place {
	switch n.region {
	case nav, crumb, pager:
		return fact.InNav
	case foot:
		return fact.InFooter
	}
	if p.inList(n) {
		return fact.InList
	}
	if n.region == plain && (p.main != nil && n.within(p.main) || p.isItem && attachment.MatchString(n.attr("href"))) {
		return fact.InBody
	}
	return fact.InOther
}

// forms reads the forms, and as one form without an address each search box that
// only a script serves.
func (p *page) forms() {
	labels := map[string]string{}
	for _, n := range p.all[1:] {
		if n.tag == atom.Label && n.attr("for") != "" && len(labels) < 1000 {
			labels[n.attr("for")] = n.whole()
		}
	}
	for _, n := range p.all[1:] {
		if len(p.r.Forms) >= 200 {
			return
		}
		switch {
		case n.tag == atom.Form:
			p.r.Forms = append(p.r.Forms, p.form(n, labels))
		case n.tag == atom.Input && !n.inside(atom.Form) && searchBox(n):
			p.r.Forms = append(p.r.Forms, fact.Form{Method: "GET", Search: true, Fields: []string{fieldName(n, labels)}})
		}
	}
}

func searchBox(n *node) bool {
	switch strings.ToLower(n.attr("type")) {
	case "", "text", "search":
	default:
		return false
	}
	return strings.EqualFold(n.attr("type"), "search") || searchWord.MatchString(n.attr("placeholder")+" "+n.attr("id")+" "+n.attr("name")+" "+n.attr("value")+" "+n.attr("title"))
}

func fieldName(n *node, labels map[string]string) string {
	name := cmp.Or(n.attr("name"), n.attr("id"))
	text := cmp.Or(labels[n.attr("id")], n.attr("placeholder"), n.attr("title"), n.attr("aria-label"))
	return strings.TrimSpace(cutRunes(name+" "+clean(text), 80))
}

func (p *page) form(n *node, labels map[string]string) fact.Form {
	f := fact.Form{Action: p.abs(n.attr("action")), Method: "GET"}
	if strings.EqualFold(n.attr("method"), "post") {
		f.Method = "POST"
	}
	texts, long := 0, false
	found := searchWord.MatchString(n.attr("action") + " " + n.attr("id") + " " + n.attr("name") + " " + n.attr("role"))
	for _, m := range p.all[n.id+1 : n.end] {
		switch m.tag {
		case atom.Textarea:
			long = true
			f.Fields = append(f.Fields, fieldName(m, labels))
		case atom.Select:
			f.Fields = append(f.Fields, fieldName(m, labels))
		case atom.Img:
			f.Captcha = f.Captcha || captchaWord.MatchString(m.attr("src")+" "+m.attr("alt")+" "+m.attr("id")+" "+m.attr("title"))
		case atom.Input, atom.Button:
			kind := strings.ToLower(m.attr("type"))
			if m.tag == atom.Button || kind == "submit" || kind == "button" || kind == "image" {
				found = found || searchWord.MatchString(m.attr("value")+" "+m.whole()+buttonText(m)+" "+m.attr("title")+" "+m.attr("alt"))
				continue
			}
			name := fieldName(m, labels)
			f.Captcha = f.Captcha || captchaWord.MatchString(name+" "+m.attr("id"))
			if kind == "hidden" {
				continue
			}
			if kind == "" || kind == "text" || kind == "search" {
				texts++
				found = found || searchWord.MatchString(m.attr("placeholder")+" "+m.attr("value")+" "+m.attr("id")+" "+m.attr("name"))
			}
			if len(f.Fields) < 100 {
				f.Fields = append(f.Fields, name)
			}
		}
	}
	f.Captcha = f.Captcha || strings.Contains(n.sample(2000), "验证码")
	f.Search = found && !long && texts <= 2 && !f.Captcha
	return f
}

func buttonText(n *node) string {
	var b strings.Builder
	for c := n.first; c != nil; c = c.next {
		b.WriteString(c.text)
	}
	return b.String()
}
