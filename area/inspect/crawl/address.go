package crawl

import (
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/net/idna"
)

// maxAddress is the longest address that is followed, in bytes; nobody links to
// a longer one on purpose.
const maxAddress = 2000

// Canonical writes an address in the one form by which pages are told apart:
// scheme and host in lower case, no default port, no fragment, no user, dot
// segments resolved, percent encoding in one form, no session ids, tracking or
// cache-busting parameters. The order of the other parameters is kept. It
// reports false for what is no web address.
func Canonical(address string) (string, bool) {
	u, ok := parse(address)
	if !ok {
		return "", false
	}
	return u.String(), len(u.String()) <= maxAddress
}

func parse(address string) (*url.URL, bool) {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > 4*maxAddress {
		return nil, false
	}
	rest, query, asked := strings.Cut(browserForm(address), "?")
	u, err := url.Parse(mendPercent(strings.ReplaceAll(rest, `\`, "/")))
	if err != nil || u.Opaque != "" {
		return nil, false
	}
	u.Scheme = strings.ToLower(u.Scheme)
	host, ok := canonicalHost(u)
	if !ok {
		return nil, false
	}
	p := onePercent(stripPathSession(u.EscapedPath()), pathKeeps)
	p = cleanPath(p)
	out := &url.URL{Scheme: u.Scheme, Host: host}
	if out.Path, err = url.PathUnescape(p); err != nil {
		return nil, false
	}
	out.RawPath = p
	if asked {
		out.RawQuery = cleanQuery(onePercent(mendPercent(query), queryKeeps))
	}
	return out, true
}

// browserForm drops what browsers drop: the fragment, and tabs and line ends
// anywhere in an address.
func browserForm(s string) string {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	return s
}

func canonicalHost(u *url.URL) (string, bool) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	name := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if name == "" || len(name) > 253 {
		return "", false
	}
	port := u.Port()
	if u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		port = ""
	}
	if strings.Contains(name, ":") {
		a, err := netip.ParseAddr(name)
		if err != nil || a.Zone() != "" {
			return "", false
		}
		name = "[" + a.String() + "]"
	} else {
		for i := 0; i < len(name); i++ {
			if name[i] >= 0x80 {
				ascii, err := idna.Lookup.ToASCII(name)
				if err != nil {
					return "", false
				}
				name = ascii
				break
			}
			if name[i] <= ' ' || strings.IndexByte("\"<>\\^`{|}%/?#@[]:", name[i]) >= 0 || name[i] == 0x7f {
				return "", false
			}
		}
	}
	if port != "" {
		name += ":" + port
	}
	return name, true
}

// mendPercent escapes a percent sign that escapes nothing.
func mendPercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}

const (
	pathKeeps  = "/-._~!$&'()*+,;=:@"
	queryKeeps = "-._~!$'()*+,;=:@/?&"
)

// onePercent writes percent encoding in one form: letters and digits plain, hex
// in upper case, everything else that is no mark of the address encoded. A mark
// that came encoded stays so: it is data there.
func onePercent(s, keeps string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if !unreserved(s[i]) && strings.IndexByte(keeps, s[i]) < 0 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
			if unreserved(c) {
				b.WriteByte(c)
				continue
			}
		} else if unreserved(c) || strings.IndexByte(keeps, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// cleanPath resolves dot segments; a slash at the end and doubled slashes stay,
// because servers tell them apart.
func cleanPath(p string) string {
	if p == "" {
		return "/"
	}
	if p[0] != '/' {
		p = "/" + p
	}
	if !strings.Contains(p, "/.") {
		return p
	}
	var out []string
	parts := strings.Split(p[1:], "/")
	for i, s := range parts {
		last := i == len(parts)-1
		switch s {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return "/" + strings.Join(out, "/")
}

var pathSession = regexp.MustCompile(`(?i);(?:jsessionid|phpsessid|sessionid|sid)=[^/;?]*`)

func stripPathSession(p string) string {
	for strings.Contains(p, ";") { // what is left may form another
		q := pathSession.ReplaceAllString(p, "")
		if q == p {
			break
		}
		p = q
	}
	return p
}

// Parameters that never choose a page.
var (
	sessionNames = map[string]bool{"jsessionid": true, "phpsessid": true, "aspsessionid": true, "sessionid": true, "session_id": true, "cfid": true, "cftoken": true, "jeesite.session.id": true}
	// Names that are a session only when the value looks like a token: many
	// programs call their site or subject "sid".
	perhapsSession = map[string]bool{"sid": true, "session": true, "s": true, "token": true, "sess": true, "zenid": true, "oscsid": true}
	tracking       = map[string]bool{"spm": true, "scm": true, "gclid": true, "fbclid": true, "isappinstalled": true, "from_source": true, "share_token": true, "wxshare_count": true, "nsukey": true}
	busting        = map[string]bool{"_": true, "t": true, "_t": true, "ts": true, "time": true, "timestamp": true, "rnd": true, "rand": true, "random": true, "r": true, "nocache": true, "d": true}

	chance = regexp.MustCompile(`^(0\.\d{6,}|1\d{12}(\.\d+)?)$`)
)

func cleanQuery(q string) string {
	if q == "" {
		return ""
	}
	if !strings.Contains(q, "=") {
		return q
	}
	parts := strings.Split(q, "&")
	kept := parts[:0]
	for _, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		low := strings.ToLower(name)
		switch {
		case part == "",
			sessionNames[low], strings.HasPrefix(low, "aspsessionid"),
			perhapsSession[low] && token(value),
			tracking[low], strings.HasPrefix(low, "utm_"),
			busting[low] && chance.MatchString(value):
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "&")
}

// token tells whether a value looks drawn by lot: long, of letters and digits.
func token(v string) bool {
	if len(v) < 16 {
		return false
	}
	digits, letters, hex := 0, 0, true
	for i := 0; i < len(v); i++ {
		c := v[i]
		hex = hex && isHex(c)
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letters++
		case c != '-' && c != '_' && c != '.':
			return false
		}
	}
	if hex { // nobody words a name so; digits alone may count something
		return digits >= 1 && letters >= 1
	}
	return digits >= 4 && letters >= 2
}

// origin is scheme and host of a canonical address.
func origin(canonical string) string {
	i := strings.Index(canonical, "://")
	if i < 0 {
		return ""
	}
	if j := strings.IndexAny(canonical[i+3:], "/?"); j >= 0 {
		return canonical[:i+3+j]
	}
	return canonical
}

// twin is the same address under the other scheme; "" where the port is stated
// and so belongs to one scheme.
func twin(origin string) string {
	scheme, host, _ := strings.Cut(origin, "://")
	if strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']') {
		return ""
	}
	if scheme == "http" {
		return "https://" + host
	}
	return "http://" + host
}

// otherScheme is an address under the other scheme, "" where there is none.
func otherScheme(canonical string) string {
	from := origin(canonical)
	if t := twin(from); t != "" {
		return t + canonical[len(from):]
	}
	return ""
}

func hostname(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return strings.Trim(host, "[]")
}

// extension is the lower-case ending of an address's last segment, without the
// dot; "" = none.
func extension(canonical string) string {
	p := canonical[len(origin(canonical)):]
	p, _, _ = strings.Cut(p, "?")
	return strings.ToLower(strings.TrimPrefix(path.Ext(p), "."))
}

// files are endings of what is no web page.
var files = set("pdf doc docx wps xls xlsx et ppt pptx dps ofd txt csv rtf xml json zip rar 7z gz tar jpg jpeg png gif bmp webp svg ico tif tiff mp3 wav wma mp4 m4v avi wmv flv mov mpg mpeg rm rmvb swf apk exe msi css js mjs map woff woff2 ttf eot otf ceb caj tmp dwg")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

var (
	datePath = regexp.MustCompile(`/(19|20)\d{2}[-/_]?(0?[1-9]|1[0-2])([-/_]|/)?|t(19|20)\d{6}_|(19|20)\d{6,}`)
	itemWord = regexp.MustCompile(`(?i)/(art|article|content|detail|details|info|show|view|news_?show|xxgk_?detail|doc)(/|_|-|\.|\?)|[a-z_-]*\d{4,}\.s?html?$|[0-9a-f]{24,}`)
	listWord = regexp.MustCompile(`(?i)/(index|list|default|node|col|column|channel|more|home|main)[^/]*\.(s?html?|jsp|aspx?|php|do)$|/col/|/list/|/channels?/|[?&](col|column|channel|cat|list|node)[a-z]*id=`)
)

// looksLikeList guesses by its address whether a page lists items, or is one.
// Only the order of fetching hangs on it.
func looksLikeList(canonical string) bool {
	p := canonical[len(origin(canonical)):]
	switch {
	case strings.HasSuffix(p, "/"), listWord.MatchString(p):
		return true
	case itemWord.MatchString(p), datePath.MatchString(p):
		return false
	}
	return !strings.ContainsAny(p, "?0123456789")
}

const formsLimit = 50_000 // addresses whose form is remembered

// form is what can be told of an address by looking at it.
type form struct {
	url  string // canonical; "" = no web address
	file bool
	list bool
}

// forms remembers the form of addresses: the same navigation stands on every
// page.
type forms struct {
	mu    sync.Mutex
	known atomic.Pointer[sync.Map]
	size  atomic.Int64
}

func (f *forms) of(address string) form {
	m := f.known.Load()
	if m != nil {
		if v, ok := m.Load(address); ok {
			return v.(form)
		}
	}
	var out form
	if url, ok := Canonical(address); ok {
		out = form{url, files[extension(url)], looksLikeList(url)}
	}
	if m == nil || f.size.Load() >= formsLimit {
		f.mu.Lock()
		if f.known.Load() == m {
			f.known.Store(&sync.Map{})
			f.size.Store(0)
		}
		m = f.known.Load()
		f.mu.Unlock()
	}
	m.Store(strings.Clone(address), out)
	f.size.Add(1)
	return out
}
