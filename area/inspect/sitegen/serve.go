package sitegen

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// answer is what an address answers that is no page of the model.
type answer struct {
	status int
	media  string // with charset where there is one
	body   string
	to     string        // Location
	pause  time.Duration // between two bytes
}

var (
	picturePath = regexp.MustCompile(`/pic/(.+)_(\d+)x(\d+)\.png$`)
	filePath    = regexp.MustCompile(`^(.*/)?(\d+)_(\d)\.(docx|xlsx|pdf)$`)
)

// Handler serves the site and its sub-sites, told apart by the host asked for.
func (s *Site) Handler() http.Handler { return http.HandlerFunc(s.serveMain) }

func (s *Site) serveMain(w http.ResponseWriter, r *http.Request) { s.serve("main", w, r) }

func (s *Site) serve(host string, w http.ResponseWriter, r *http.Request) {
	if r.Host == s.hosts["sub"] {
		host = "sub"
	}
	if a, ok := s.special[host+r.URL.Path]; ok {
		s.give(w, r, a)
		return
	}
	name := r.URL.Path
	switch ext := strings.TrimPrefix(path.Ext(name), "."); {
	case name == "/robots.txt":
		send(w, r, 200, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /admin/\n"))
		return
	case name == "/api/list":
		s.listAPI(host, w, r)
		return
	case name == "/favicon.ico":
		send(w, r, 200, "image/png", picture(name, 16, 16))
		return
	case strings.HasPrefix(name, s.design.assets+"/"):
		if m := picturePath.FindStringSubmatch(name); m != nil {
			send(w, r, 200, "image/png", picture(m[1], atoi(m[2], 2000), atoi(m[3], 2000)))
			return
		}
		if body, ok := s.design.static[path.Base(name)]; ok {
			send(w, r, 200, mediaType(ext), []byte(body))
			return
		}
	case ext == "docx" || ext == "xlsx" || ext == "pdf":
		if m := filePath.FindStringSubmatch(name); m != nil {
			n, ok := s.byID(atoi(m[2], 1<<30))
			k := atoi(m[3], 9)
			if ok && k > 0 && s.design.file(s, s.columns[n.column], n.item, k, ext) == name {
				if f, changed := s.files[name]; changed {
					if !f.lack {
						send(w, r, 200, mediaType(ext), f.body)
						return
					}
					break
				}
				if p := s.page(n); k <= len(p.files) {
					send(w, r, 200, mediaType(ext), s.attached(n, k, ext))
					return
				}
			}
		}
	}
	if s.design.more != nil && s.design.more(s, w, r) {
		return
	}
	if n, ok := s.resolve(host, r); ok {
		p := s.page(n)
		if p.status == 200 {
			if p.kind == "search" {
				s.searchFor(p, r)
			}
			if p.kind == "home" && s.flags["cloaked"] && spider(r.UserAgent()) {
				p.head = "百家乐_真人娱乐城_时时彩平台"
			}
			s.sendPage(w, r, p)
			return
		}
	}
	s.sendPage(w, r, s.missing())
}

// loader is the script by which a page fills its own list.
func (s *Site) loader(c *column) string {
	return `<ul id="list"></ul><script>
fetch('/api/list?channel=` + c.key + `&page=1').then(function(r){return r.json();}).then(function(d){
var h='';d.rows.forEach(function(x){h+='<li><a href="'+x.url+'">'+x.title+'</a><span>'+x.date+'</span></li>';});
document.getElementById('list').innerHTML=h;});
</script>`
}

// listAPI answers the scripts that fill lists.
func (s *Site) listAPI(host string, w http.ResponseWriter, r *http.Request) {
	type row struct {
		URL   string `json:"url"`
		Title string `json:"title"`
		Date  string `json:"date"`
	}
	c, ok := s.byKey[r.URL.Query().Get("channel")]
	n := max(1, atoi(r.URL.Query().Get("page"), 1<<20)) - 1
	if !ok {
		send(w, r, 404, "application/json", []byte(`{"rows":[],"total":0}`))
		return
	}
	shown, per := s.shownIn(c), s.design.per
	out := struct {
		Rows  []row `json:"rows"`
		Total int   `json:"total"`
	}{Rows: []row{}, Total: len(shown)}
	for _, i := range shown[min(len(shown), n*per):min(len(shown), (n+1)*per)] {
		e := s.entry(host, c, i)
		out.Rows = append(out.Rows, row{s.at(e.url), e.text, e.date.Format("2006-01-02")})
	}
	body, err := json.Marshal(out)
	if err != nil { // strings and numbers only
		body = []byte(`{"rows":[],"total":0}`)
	}
	send(w, r, 200, "application/json", body)
}

// spider tells whether a visitor calls itself the robot of a search engine.
func spider(agent string) bool {
	for _, name := range []string{"Baiduspider", "Sogou", "360Spider", "Googlebot", "bingbot"} {
		if strings.Contains(agent, name) {
			return true
		}
	}
	return false
}

// resolve finds what an address is about.
func (s *Site) resolve(host string, r *http.Request) (node, bool) {
	if r.URL.Path == "/" && r.URL.RawQuery == "" && host == "main" {
		return homeNode(), true
	}
	n, ok := s.design.parse(s, r)
	if !ok {
		return n, false
	}
	c := s.columns[n.column]
	want := s.path(n)
	if c.host != host || n.item >= c.count {
		return n, false
	}
	if s.design.query {
		return n, true
	}
	want, _, _ = strings.Cut(want, "?")
	return n, want == r.URL.Path || r.URL.Path == strings.TrimSuffix(want, path.Base(want)) && n.page == 0 && n.item < 0
}

// missing is the page for addresses that do not exist.
func (s *Site) missing() *page {
	p := s.blank(homeNode(), "missing", "您访问的页面不存在")
	p.head = "页面不存在_" + s.name()
	p.path, p.status = "/404", 404
	p.text("您访问的页面不存在或者已经删除，请从网站首页或者网站地图继续浏览。")
	return p
}

func (s *Site) sendPage(w http.ResponseWriter, r *http.Request, p *page) {
	body := s.at(s.html(p))
	media := "text/html"
	if s.design.header {
		media += "; charset=" + s.plan.Charset
	}
	if slices.Contains(s.lying, p.node) {
		media = "text/html; charset=" + map[string]string{"gbk": "utf-8", "utf-8": "gbk"}[s.plan.Charset]
	}
	send(w, r, p.status, media, s.encode(body))
}

// html is what a design makes of a page.
func (s *Site) html(p *page) string {
	body := s.design.render(s, p)
	if p.raw != nil {
		body = p.raw(body)
	}
	return body
}

func (s *Site) encode(body string) []byte {
	if s.plan.Charset != "gbk" {
		return []byte(body)
	}
	out, err := encoding.HTMLEscapeUnsupported(simplifiedchinese.GBK.NewEncoder()).Bytes([]byte(body))
	if err != nil { // cannot be: what GBK lacks is escaped
		return []byte(body)
	}
	return out
}

func (s *Site) give(w http.ResponseWriter, r *http.Request, a answer) {
	if a.to != "" {
		http.Redirect(w, r, s.at(a.to), a.status)
		return
	}
	if a.pause > 0 {
		trickle(w, r, a)
		return
	}
	if strings.HasPrefix(a.media, "text/html") && !strings.Contains(a.media, "charset=utf-8") {
		send(w, r, a.status, a.media, s.encode(s.at(a.body)))
		return
	}
	send(w, r, a.status, a.media, []byte(s.at(a.body)))
}

// trickle sends one byte after another until the visitor goes.
func trickle(w http.ResponseWriter, r *http.Request, a answer) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	tick := time.NewTicker(a.pause)
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % len(a.body) {
		if _, err := w.Write([]byte(a.body[i : i+1])); err != nil {
			return
		}
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

func send(w http.ResponseWriter, r *http.Request, status int, media string, body []byte) {
	h := fnv.New64a()
	_, _ = h.Write(body)
	tag := fmt.Sprintf(`"%x"`, h.Sum64())
	w.Header().Set("Content-Type", media)
	if status == 200 {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

func atoi(text string, limit int) int {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > limit {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	if n > limit {
		return -1
	}
	return n
}

// Serve opens the site and the hosts that it links to on 127.0.0.1, each on a
// port of its own. It must be called before pages are asked for.
func (s *Site) Serve() (address string, shut func(), err error) {
	return s.ServeThrough(func(h http.Handler) http.Handler { return h })
}

// ServeThrough is Serve with something around the handler of the site itself: a
// counter, a memory of what was answered.
func (s *Site) ServeThrough(around func(http.Handler) http.Handler) (address string, shut func(), err error) {
	var servers []*http.Server
	shut = func() {
		for _, sv := range servers {
			_ = sv.Close()
		}
	}
	for _, name := range hostNames() {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			shut()
			return "", nil, err
		}
		s.hosts[name] = listener.Addr().String()
		if name == "closed" { // an address where nobody listens
			if err := listener.Close(); err != nil {
				shut()
				return "", nil, err
			}
			continue
		}
		handler := s.outside(name)
		if name == "main" || name == "sub" {
			handler = around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(name, w, r) }))
		}
		sv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		servers = append(servers, sv)
		go func() { _ = sv.Serve(listener) }() // ends by shut
	}
	return "http://" + s.hosts["main"] + "/", shut, nil
}
