package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// funcs are what templates may call. Those that ask about the request find it in
// the copy that renders; c is nil while parsing and outside requests.
func (s *site) funcs(c *copyOf) template.FuncMap {
	ask := func() *Request {
		if c == nil || c.ask == nil {
			return nil
		}
		return c.ask
	}
	return template.FuncMap{
		"dict":       dict,
		"list":       func(v ...any) []any { return v },
		"options":    options,
		"date":       inText,
		"day":        inTable,
		"moment":     moment,
		"num":        Number,
		"pct":        Percent,
		"size":       size,
		"mask":       Mask,
		"md":         markdown,
		"lines":      func(text string) []string { return strings.Split(text, "\n") },
		"join":       strings.Join,
		"key":        func(v any) string { return fmt.Sprint(v) },
		"add":        func(a, b int) int { return a + b },
		"asset":      s.assetAddress,
		"styled":     func() bool { return !s.assets.missing() },
		"pagerOf":    pagerOf,
		"letter":     Letter,
		"stateTitle": StateTitle,
		"weekday":    weekday,
		"help":       func(room, name string) template.HTML { return s.help(room, name) },
		"url":        func(pairs ...any) string { return changed(ask(), pairs) },
		"query": func(name string) string {
			if r := ask(); r != nil {
				return r.Query(name)
			}
			return ""
		},
		"sorted": func(name string) string { // "" up down
			if r := ask(); r != nil {
				if n, down := r.Sort(); n == name && down {
					return "down"
				} else if n == name {
					return "up"
				}
			}
			return ""
		},
		"may":      func(roles ...string) (bool, error) { return may(ask(), roles) },
		"signedIn": func() bool { r := ask(); return r != nil && r.Who.Person != "" },
		"here": func() string {
			if r := ask(); r != nil {
				return r.URL.RequestURI()
			}
			return "/"
		},
		"today": func() calendar.Date { return calendar.Of(s.House.Now()) },
	}
}

func (s *site) assetAddress(name string) string { return s.assets.address(name) }

// dict makes a map for a component from names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a name without a value")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %v is not text", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// Option is one choice of a field.
type Option struct {
	Value, Text string
	Help        string // a second, quieter line
}

// options makes choices from values and texts.
func options(pairs ...string) ([]Option, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("options: a value without a text")
	}
	var out []Option
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, Option{Value: pairs[i], Text: pairs[i+1]})
	}
	return out, nil
}

// changed is the present address with other filters: url "status" "late" sets
// one, url "status" "" takes it away. Every change but that of the page itself
// goes back to the first page.
func changed(r *Request, pairs []any) string {
	if r == nil {
		return "?"
	}
	q := url.Values{}
	for name, values := range r.URL.Query() {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := fmt.Sprint(pairs[i]), fmt.Sprint(pairs[i+1])
		if name != "page" {
			q.Del("page")
		}
		if value == "" || (name == "page" && value == "1") {
			q.Del(name)
		} else {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// may reports whether the visitor holds one of the roles, by their codes.
func may(r *Request, codes []string) (bool, error) {
	var need org.Role
	for _, code := range codes {
		switch code {
		case "staff":
			need |= org.Staff
		case "reviewer":
			need |= org.Reviewer
		case "admin":
			need |= org.Admin
		default:
			role, ok := org.RoleOf(code)
			if !ok {
				return false, fmt.Errorf("may: no role %q", code)
			}
			need |= role
		}
	}
	return r != nil && r.Who.May(need), nil
}

// dateOf reads what templates call a date: a day, or an instant, which falls on
// a day in Shanghai.
func dateOf(v any) (calendar.Date, error) {
	switch d := v.(type) {
	case calendar.Date:
		return d, nil
	case *calendar.Date:
		if d == nil {
			return calendar.Date{}, nil
		}
		return *d, nil
	case time.Time:
		if d.IsZero() {
			return calendar.Date{}, nil
		}
		return calendar.Of(d), nil
	case nil:
		return calendar.Date{}, nil
	}
	return calendar.Date{}, fmt.Errorf("%T is no date", v)
}

// inText is a date in a sentence: 2022年6月17日.
func inText(v any) (string, error) {
	d, err := dateOf(v)
	return d.Chinese(), err
}

// inTable is a date in a table: 2022-06-17.
func inTable(v any) (string, error) {
	d, err := dateOf(v)
	return d.String(), err
}

// weekday is the day of the week in Chinese: 星期五.
func weekday(d calendar.Date) string {
	return "星期" + [...]string{"日", "一", "二", "三", "四", "五", "六"}[d.Weekday()]
}

// moment is an instant in Shanghai: 2022-06-17 09:30.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("2006-01-02 15:04")
}

// Number writes a number with a comma every three digits.
func Number(v any) string {
	text := fmt.Sprint(v)
	digits, rest, point := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	var out strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	if point {
		return sign + out.String() + "." + rest
	}
	return sign + out.String()
}

// Percent writes part of whole with at most one decimal; — when there is no whole.
func Percent(part, whole int) string {
	if whole == 0 {
		return "—"
	}
	text := strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
	return strings.TrimSuffix(text, ".0") + "%"
}

// Mask hides the middle of an identity: 138****0001, 王*.
func Mask(v any) string {
	runes := []rune(fmt.Sprint(v))
	switch n := len(runes); {
	case n == 0:
		return ""
	case n <= 3:
		return string(runes[:1]) + strings.Repeat("*", n-1)
	case n <= 7:
		return string(runes[:1]) + strings.Repeat("*", n-2) + string(runes[n-1:])
	default:
		return string(runes[:3]) + strings.Repeat("*", n-7) + string(runes[n-4:])
	}
}

// size writes bytes as people say them.
func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return strconv.FormatInt(bytes, 10) + " 字节"
	case bytes < 1<<20:
		return strconv.FormatInt((bytes+1<<9)>>10, 10) + " KB"
	default:
		return strings.TrimSuffix(strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64), ".0") + " MB"
	}
}

// Pager is what the component "pager" shows of a list.
type Pager struct {
	Number, Pages, Total int
	Near                 []int // pages to link to; 0 is a gap
}

// pagerOf makes a pager for any page.Of.
func pagerOf(list interface{ Where() (page.Ask, int) }) Pager {
	return NewPager(list.Where())
}

// NewPager makes a pager from what was asked and how many rows there are.
func NewPager(ask page.Ask, total int) Pager {
	ask = ask.Clean()
	p := Pager{Number: ask.Number, Pages: max(1, (total+ask.Size-1)/ask.Size), Total: total}
	for n := 1; n <= p.Pages; n++ {
		if n == 1 || n == p.Pages || (n >= p.Number-2 && n <= p.Number+2) {
			p.Near = append(p.Near, n)
		} else if p.Near[len(p.Near)-1] != 0 {
			p.Near = append(p.Near, 0)
		}
	}
	return p
}
