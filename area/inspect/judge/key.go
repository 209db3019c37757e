package judge

import (
	"net/url"
	"strings"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// bareAddress is an address without its scheme: pages in both are one.
func bareAddress(canonical string) string {
	_, rest, ok := strings.Cut(canonical, "://")
	if !ok {
		return canonical
	}
	return rest
}

// plainly is an address as the crawl writes it, without its scheme and without
// what looks like the id of a session: a page has another one on every visit.
func plainly(address string) string { return bareAddress(lasting(address)) }

// lasting is plainly with the scheme: an address as it can be told to people, who
// come later and with another session.
func lasting(address string) string {
	if c, ok := crawl.Canonical(address); ok {
		address = c
	}
	if strings.Contains(address, "=") && sessionID.MatchString(address) {
		address = sessionID.ReplaceAllString(address, "$1")
		address = strings.TrimRight(address, "?&")
	}
	return address
}

// keyOf tells addresses apart.
func keyOf(address string) uint64 { return xxhash.Sum64String(plainly(address)) }

// folderKey is keyOf with /x/, /x/index.html and /x taken for one.
func folderKey(address string) uint64 {
	b := plainly(address)
	b = siteTail.ReplaceAllString(b, "")
	return xxhash.Sum64String(strings.TrimSuffix(b, "/"))
}

// textHash is of a text without its spaces.
func textHash(text string) uint64 {
	h := xxhash.New()
	from := 0
	for i := 0; i < len(text); i++ {
		width := 0
		switch c := text[i]; {
		case c <= ' ':
			width = 1
		case c == 0xe3 && strings.HasPrefix(text[i:], "\u3000"):
			width = 3
		case c == 0xc2 && strings.HasPrefix(text[i:], "\u00a0"):
			width = 2
		default:
			continue
		}
		_, _ = h.WriteString(text[from:i])
		i += width - 1
		from = i + 1
	}
	_, _ = h.WriteString(text[from:])
	return h.Sum64()
}

// metaOf is a tag's usable content, whatever the case of its name.
func metaOf(r *fact.Reading, name string) string {
	v, ok := r.Meta[name]
	if !ok {
		for k, other := range r.Meta {
			if strings.EqualFold(k, name) {
				v = other
				break
			}
		}
	}
	v = strings.TrimSpace(v)
	switch strings.ToLower(v) {
	case "null", "undefined", "none":
		return ""
	}
	return v
}

// flat is a name without spaces, for comparing.
func flat(s string) string { return strings.Join(strings.Fields(s), "") }

// dayOfAddress is the day that an address carries: /2026/11/23/, t20261123_.
func dayOfAddress(address string) (d calendar.Date) {
	path, _, _ := strings.Cut(address, "?")
	g := addressDay.FindStringSubmatch(path)
	if g == nil {
		return d
	}
	if g[1] == "" {
		g = g[3:]
	}
	return civil(g[1], g[2], g[3])
}
