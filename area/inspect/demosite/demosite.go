// Package demosite is the website of the demonstration district: small, whole,
// and in a state in which some measures of the plan are met and some are not, so
// that inspections and proof rules have something real to look at. It is served
// apart from the house, like any other website. The sites of the city and the
// state to which it links answer under another name of the same machine.
package demosite

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
)

// Address is where `gongkai demo-site` serves it.
const Address = "127.0.0.1:8091"

// Name of the site, and its code in the national register.
const (
	Name = "江州市江澄区人民政府"
	Code = "5001030007"
)

// Neighbour is the address of the sites of others, which are served beside the
// district's.
func Neighbour(address string) string {
	_, port, _ := net.SplitHostPort(address) // an address without a port is left as it is
	return "localhost:" + port
}

// Listen opens Address, or another port when somebody uses it.
func Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", Address)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}

// Serve answers on a listener, which it closes, until ctx ends.
func Serve(ctx context.Context, l net.Listener, today func() calendar.Date) error {
	server := &http.Server{Handler: Handler(today), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

//go:embed page.html
var pageText string

//go:embed style.css
var style string

// site is the website as it stands on a day, for one visitor.
type site struct {
	today     calendar.Date
	host      string
	columns   []column
	templates *template.Template
}

// Handler serves the site as it stands on a day. What is wrong with it on purpose,
// beside what measures lack: the column 政府采购 is empty, a link of the home page
// leads nowhere, and a document's number is written wrongly.
func Handler(today func() calendar.Date) http.Handler {
	templates := template.Must(template.New("page").Parse(pageText)) // a constant text
	mux := http.NewServeMux()
	handle := func(pattern string, show func(s *site, w http.ResponseWriter)) {
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, r *http.Request) {
			show(&site{today: today(), host: r.Host, columns: columns(), templates: templates}, w)
		})
	}
	for i, c := range columns() {
		handle("/"+c.dir+"/{$}", func(s *site, w http.ResponseWriter) { s.column(w, i) })
		for n, it := range c.items {
			handle(fmt.Sprintf("/%s/%d.html", c.dir, n+1), func(s *site, w http.ResponseWriter) { s.item(w, i, n) })
			if it.attachment != "" {
				handle(fmt.Sprintf("/%s/file/%d.txt", c.dir, n+1), func(s *site, w http.ResponseWriter) {
					w.Header().Set("Content-Type", "text/plain; charset=utf-8")
					fmt.Fprintf(w, "%s\r\n序号,内容\r\n1,演示数据\r\n", s.fill(it, it.title))
				})
			}
			if it.picture != "" {
				handle(fmt.Sprintf("/%s/picture/%d.svg", c.dir, n+1), func(_ *site, w http.ResponseWriter) {
					w.Header().Set("Content-Type", "image/svg+xml")
					fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200"><rect width="640" height="200" fill="#e8f0f8"/><text x="320" y="110" font-size="32" text-anchor="middle" fill="#1b4f8a">%s</text></svg>`, it.picture)
				})
			}
		}
		for n := range c.letters {
			handle(fmt.Sprintf("/%s/%d.html", c.dir, n+1), func(s *site, w http.ResponseWriter) { s.letter(w, i, n) })
		}
	}
	handle("/zfcg/{$}", func(s *site, w http.ResponseWriter) {
		s.write(w, view{Title: "政府采购", Column: "政府采购", Kind: "政府采购", Empty: true})
	})
	handle("/map.html", func(s *site, w http.ResponseWriter) {
		v := view{Title: "网站地图"}
		for _, c := range s.columns {
			v.Map = append(v.Map, link{c.name, "/" + c.dir + "/"})
		}
		s.write(w, v)
	})
	handle("/{$}", (*site).home)
	handle("/style.css", func(_ *site, w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(style)) // whoever asked went away
	})
	neighbours(mux)
	return mux
}

// neighbours are the sites of others, to which the district links or ought to.
func neighbours(mux *http.ServeMux) {
	for path, name := range map[string]string{"/swj/ssyh/": "江州市税务局 税费优惠", "/xzfgk/": "行政法规库", "/gzk/": "江州市司法局 市政府规章库"} {
		mux.HandleFunc("GET localhost"+path+"{$}", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>%s</title></head><body><h1>%[1]s</h1><p>这是演示用的网站，内容从略。</p></body></html>`, name)
		})
	}
	mux.HandleFunc("GET localhost/{$}", func(w http.ResponseWriter, r *http.Request) {
		_, port, _ := net.SplitHostPort(r.Host)
		http.Redirect(w, r, "http://127.0.0.1:"+port+"/", http.StatusFound)
	})
}

// link is a text with an address, and the day of what it leads to.
type link struct{ Text, URL string }

type line struct {
	link
	Day calendar.Date
}

type pair struct{ Name, Value string }

// view is what a page shows.
type view struct {
	Title, Column, Dir, Kind, Heading string
	Home                              []block
	Map                               []link
	Intro                             string
	Link                              *link
	Lines                             []line
	Letters                           []letterLine
	Empty                             bool
	Item                              *article
	Letter                            []pair
	// of every page
	Nav                         []link
	Site, Host, Code            string
	Special                     string // a link of the home page that leads nowhere
	ArticleTitle, PubDate, From string
}

type block struct {
	link
	Lines []line
}

type letterLine struct {
	link
	Asked, Answered calendar.Date
	Unit            string
}

// article is an item as its page shows it.
type article struct {
	Day        calendar.Date
	Unit       string
	Head       []pair
	Body       []string
	Heads      []string
	Rows       [][]string
	Side       bool
	Picture    *link
	Attachment *link
	Links      []link
}

// fill puts years and days into a text of an item.
func (s *site) fill(it item, text string) string {
	day := s.today.Add(-it.age)
	return strings.NewReplacer("{year}", strconv.Itoa(s.today.Year()), "{next}", strconv.Itoa(s.today.Year()+1),
		"{from}", day.Chinese(), "{until}", day.Add(it.open).Chinese()).Replace(text)
}

func (s *site) lines(c column, most int) (out []line) {
	for n, it := range c.items[:min(most, len(c.items))] {
		out = append(out, line{link{s.fill(it, it.title), fmt.Sprintf("/%s/%d.html", c.dir, n+1)}, s.today.Add(-it.age)})
	}
	return out
}

func (s *site) home(w http.ResponseWriter) {
	v := view{Special: "/ztzl/2021/index.html"}
	for _, c := range s.columns {
		if c.home {
			v.Home = append(v.Home, block{link{c.name, "/" + c.dir + "/"}, s.lines(c, 5)})
		}
	}
	s.write(w, v)
}

func (s *site) column(w http.ResponseWriter, at int) {
	c := s.columns[at]
	v := view{Title: c.name, Column: c.name, Kind: c.kind, Heading: c.name, Intro: c.intro, Lines: s.lines(c, len(c.items))}
	if c.link[0] != "" {
		v.Link = &link{c.link[0], strings.Replace(c.link[1], "{neighbour}", "http://"+Neighbour(s.host), 1)}
	}
	for n, l := range c.letters {
		v.Letters = append(v.Letters, letterLine{link{l.title, fmt.Sprintf("/%s/%d.html", c.dir, n+1)}, s.today.Add(-l.asked), s.today.Add(-l.answered), l.unit})
	}
	s.write(w, v)
}

func (s *site) item(w http.ResponseWriter, at, n int) {
	c, it := s.columns[at], s.columns[at].items[n]
	title, day := s.fill(it, it.title), s.today.Add(-it.age)
	a := article{Day: day, Unit: it.unit, Heads: it.heads, Rows: it.rows, Side: it.side}
	for _, text := range it.body {
		a.Body = append(a.Body, s.fill(it, text))
	}
	if it.number != "" {
		a.Head = []pair{{"索引号", fmt.Sprintf("%s/%d-%05d", Code, day.Year(), 100+n)}, {"发文字号", s.fill(it, it.number)}, {"名称", title}, {"发布机构", it.unit},
			{"成文日期", day.String()}, {"发布日期", day.String()}, {"主题分类", "综合政务"}, {"有效性", "有效"}}
	}
	if it.picture != "" {
		a.Picture = &link{it.picture, fmt.Sprintf("/%s/picture/%d.svg", c.dir, n+1)}
	}
	if it.attachment != "" {
		a.Attachment = &link{it.attachment, fmt.Sprintf("/%s/file/%d.txt", c.dir, n+1)}
	}
	for _, l := range it.links {
		a.Links = append(a.Links, link{l[0], l[1]})
	}
	s.write(w, view{Title: title, Column: c.name, Dir: c.dir, Kind: c.kind, Heading: title, Item: &a, ArticleTitle: title, PubDate: day.String() + " 09:00", From: it.unit})
}

func (s *site) letter(w http.ResponseWriter, at, n int) {
	c, l := s.columns[at], s.columns[at].letters[n]
	s.write(w, view{Title: l.title, Column: c.name, Dir: c.dir, Kind: c.kind, Heading: l.title, Letter: []pair{
		{"来信时间", s.today.Add(-l.asked).String()}, {"来信内容", l.question}, {"办理状态", "已答复"}, {"答复单位", l.unit}, {"答复时间", s.today.Add(-l.answered).String()}, {"答复内容", l.answer}}})
}

func (s *site) write(w http.ResponseWriter, v view) {
	for _, c := range s.columns {
		v.Nav = append(v.Nav, link{c.name, "/" + c.dir + "/"})
	}
	v.Nav = append(v.Nav, link{"政府采购", "/zfcg/"})
	v.Site, v.Host, v.Code = Name, s.host, Code
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = s.templates.Execute(w, v) // whoever asked went away
}
