package crawl

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Bounds against addresses that never end.
const (
	maxSegments    = 24 // of a path
	maxRepeats     = 3  // times a run of segments may follow itself
	maxSame        = 4  // times one segment may stand in a path
	maxShapes      = 20000
	maxDated       = 400  // addresses of a shape that asks by day or month
	dated0         = 24   // of them while its pages lead to nothing else
	datedMore      = 31   // further ones for each page that leads to something: a month may link its days
	maxCombined    = 3000 // addresses of a shape with three parameters or more
	trapTrial      = 60   // pages of a shape with parameters before it is judged
	trapFresh      = 0.1  // share of them that must say something new
	maxFreshPrints = 256
	deep           = 30 // clicks from the home page
)

// traps keeps addresses that a program makes up without end from filling the
// frontier: calendars that run on, paths that repeat themselves, parameters in
// ever new combinations. A limit holds for a shape: an address with its numbers
// and values left out. What was left out is counted and told.
type traps struct {
	now    time.Time
	shapes map[string]*shape
	left   map[string]*Note
}

type shape struct {
	seen   int             // addresses admitted
	pages  int             // pages fetched
	fresh  int             // of them with words not seen in this shape
	fruit  int             // of them that led to an address not known before and of another shape
	prints map[uint64]bool // of those words
	shut   bool
}

func newTraps(now time.Time) *traps {
	return &traps{now: now, shapes: map[string]*shape{}, left: map[string]*Note{}}
}

var (
	number   = regexp.MustCompile(`\d+`)
	dateAsk  = regexp.MustCompile(`(?i)[?&](date|day|month|year|riqi|rq|nian|yue|ym|yearmonth|startdate|calendar)=\d{1,4}([-/.]?\d{1,2})*(&|$)`)
	calendar = regexp.MustCompile(`(?i)/(calendar|rili|schedule|events?)/`)
	yearIn   = regexp.MustCompile(`(?:^|\D)([12]\d{3})(?:\D|$)`)
)

// shapeOf leaves numbers and values of parameters out of an address.
func shapeOf(canonical string) (name string, params int) {
	p, q, _ := strings.Cut(canonical, "?")
	at := len(origin(p))
	p = p[:at] + number.ReplaceAllString(p[at:], "N")
	if q == "" {
		return p, 0
	}
	parts := strings.Split(q, "&")
	names := make([]string, 0, len(parts))
	for _, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		names = append(names, number.ReplaceAllString(name, "N"))
	}
	sort.Strings(names)
	return p + "?" + strings.Join(names, "&"), len(parts)
}

// watched tells whether a shape has a limit at all: numbered items in plain
// paths have none, a site may hold a million of them, unless they lie deeper
// than lists and their paging reach.
func watched(canonical string, depth int) bool {
	return strings.IndexByte(canonical, '?') >= 0 || depth > deep || calendar.MatchString(canonical)
}

// admit tells whether an address not seen before may be queued.
func (t *traps) admit(canonical string, depth int) bool {
	path := canonical[len(origin(canonical)):]
	path, _, _ = strings.Cut(path, "?")
	if runsOn(path) {
		t.leave(parent(canonical), "路径中的目录不断重复或过深，疑似错误的相对链接")
		return false
	}
	if !watched(canonical, depth) {
		return true
	}
	name, params := shapeOf(canonical)
	s := t.shape(name)
	dated := dateAsk.MatchString(canonical) || calendar.MatchString(canonical)
	switch {
	case s.shut:
		t.leave(name, "参数组合不断变化而内容重复，已停止抓取同类网址")
	case dated && t.beyond(canonical):
		t.leave(name, "日历类网址的日期超出合理范围，未再抓取")
	case dated && s.seen >= dated0+datedMore*s.fruit && s.seen < maxDated:
		t.leave(name, "日历类网址没有指向新的内容，未再抓取")
	case dated && s.seen >= maxDated:
		t.leave(name, fmt.Sprintf("日历类网址超过 %d 个，未再抓取", maxDated))
	case params >= 3 && s.seen >= maxCombined:
		t.leave(name, fmt.Sprintf("同一页面的参数组合超过 %d 种，未再抓取", maxCombined))
	default:
		s.seen++
		return true
	}
	return false
}

// fetched tells what a page of a shape said and whether it led to something not
// known before, so that a shape that only repeats itself is shut and a calendar
// is followed as far as something stands in it.
func (t *traps) fetched(canonical string, depth int, print uint64, fruit bool) {
	if !watched(canonical, depth) {
		return
	}
	name, _ := shapeOf(canonical)
	s := t.shape(name)
	s.pages++
	if fruit {
		s.fruit++
	}
	if !s.prints[print] {
		s.fresh++
		if len(s.prints) < maxFreshPrints {
			if s.prints == nil {
				s.prints = map[uint64]bool{}
			}
			s.prints[print] = true
		}
	}
	if s.pages >= trapTrial && float64(s.fresh) < trapFresh*float64(s.pages) {
		s.shut = true
	}
}

// shut tells whether an address queued earlier has since proved to be of a
// shape without end.
func (t *traps) shut(canonical string, depth int) bool {
	if !watched(canonical, depth) {
		return false
	}
	name, _ := shapeOf(canonical)
	s := t.shapes[name]
	if s == nil || !s.shut {
		return false
	}
	t.leave(name, "参数组合不断变化而内容重复，已停止抓取同类网址")
	return true
}

func (t *traps) shape(name string) *shape {
	s := t.shapes[name]
	if s == nil {
		if len(t.shapes) >= maxShapes {
			name = "" // all further shapes share one
			if s = t.shapes[name]; s != nil {
				return s
			}
		}
		s = &shape{}
		t.shapes[name] = s
	}
	return s
}

// leave counts an address that was left out.
func (t *traps) leave(name, why string) {
	n := t.left[name+why]
	if n == nil {
		if len(t.left) >= maxNotes {
			return
		}
		n = &Note{URL: name, Text: why}
		t.left[name+why] = n
	}
	n.Count++
}

// beyond tells whether a dated address lies outside the years that a site can
// have something of.
func (t *traps) beyond(canonical string) bool {
	places := dateAsk.FindAllString(canonical, -1)
	if at := calendar.FindStringIndex(canonical); at != nil {
		places = append(places, canonical[at[1]-1:])
	}
	for _, place := range places {
		for _, m := range yearIn.FindAllStringSubmatch(place, -1) {
			if y, err := strconv.Atoi(m[1]); err == nil && (y < 1990 || y > t.now.Year()+1) {
				return true
			}
		}
	}
	return false
}

// runsOn recognises paths that grow by themselves: a relative link that lacks
// its slash makes /a/b/a/b/a/b/… of every visit.
func runsOn(path string) bool {
	n := strings.Count(path, "/")
	if n > maxSegments {
		return true
	}
	if n <= maxRepeats {
		return false
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	count := map[string]int{}
	for _, s := range parts {
		if number.ReplaceAllString(s, "") != "" { // numbers may well stand twice
			if count[s]++; count[s] > maxSame {
				return true
			}
		}
	}
	for size := 1; size <= 4; size++ {
		for from := 0; from+size*maxRepeats <= len(parts); from++ {
			same := true
			words := false
			for i := from; i < from+size*(maxRepeats-1); i++ {
				same = same && parts[i] == parts[i+size]
				words = words || number.ReplaceAllString(parts[i], "") != ""
			}
			if same && words {
				return true
			}
		}
	}
	return false
}

// parent is an address up to its last slash.
func parent(canonical string) string {
	p, _, _ := strings.Cut(canonical, "?")
	if i := strings.LastIndexByte(p, '/'); i > len(origin(p)) {
		return p[:i+1]
	}
	return origin(p) + "/"
}
