package crawl_test

import (
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

// plain is a reader for tests: title, words and links, no understanding.
type plain struct{}

var sources = map[string]string{"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "frame": "src"}

func (plain) Read(p *fact.Page, text string) crawl.Found {
	base, err := url.Parse(p.URL)
	if err != nil {
		return crawl.Found{}
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return crawl.Found{}
	}
	out := crawl.Found{Reading: &fact.Reading{}}
	r := out.Reading
	var words strings.Builder
	place := fact.InBody
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			if n.Parent == nil || n.Parent.Data != "script" && n.Parent.Data != "style" {
				words.WriteString(n.Data)
			}
		case html.ElementNode:
			get := func(key string) string {
				for _, a := range n.Attr {
					if a.Key == key {
						return strings.TrimSpace(a.Val)
					}
				}
				return ""
			}
			switch n.Data {
			case "title":
				if n.FirstChild != nil {
					r.Title = strings.TrimSpace(n.FirstChild.Data)
				}
				return
			case "nav":
				place = fact.InNav
				defer func() { place = fact.InBody }()
			case "meta":
				switch strings.ToLower(get("name") + get("http-equiv")) {
				case "refresh":
					if _, to, ok := strings.Cut(strings.ToLower(get("content")), "url="); ok {
						if u, err := base.Parse(to); err == nil {
							out.Refresh = u.String()
						}
					}
				case "pubdate":
					r.Published, _ = time.Parse(time.DateOnly, get("content"))
				case "kind":
					r.Kind = fact.Kind(get("content"))
				}
			}
			if key := sources[n.Data]; key != "" {
				if href := get(key); href != "" && !strings.HasPrefix(href, "javascript:") {
					if u, err := base.Parse(href); err == nil {
						r.Links = append(r.Links, fact.Link{URL: u.String(), Element: n.Data, Place: place, Text: words.String()[words.Len():]})
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	r.Text = strings.Join(strings.Fields(words.String()), " ")
	return out
}
