package judge

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"gongkai/area/inspect/fact"
)

//go:embed scheme2019.json
var scheme2019 []byte

//go:embed scheme2015.json
var scheme2015 []byte

// Scheme is a table of indicators with points, windows and thresholds as data
// (website-inspection 0). Values that nobody compared with the paper say so.
type Scheme struct {
	Name       string           `json:"name"`
	Version    string           `json:"version"`
	Source     string           `json:"source"` // the document
	Date       string           `json:"date"`   // of the document
	Full       float64          `json:"full"`   // points of part 2
	Floor      float64          `json:"floor"`  // below it: unqualified
	Gate       float64          `json:"gate"`   // above it: part 3 is added
	Bonus      float64          `json:"bonus"`  // most of part 3
	Limits     map[string]Limit `json:"limits"` // windows and thresholds, by indicator
	Indicators []Indicator      `json:"indicators"`
}

// Limit is a window or threshold.
type Limit struct {
	Value       float64 `json:"value"`
	Unconfirmed bool    `json:"unconfirmed,omitempty"`
}

// Indicator is a line of a scheme.
type Indicator struct {
	Code        string   `json:"code"`
	Title       string   `json:"title"`
	Part        int      `json:"part"` // 1 veto, 2 deductions, 3 bonus
	Group       string   `json:"group"`
	Points      float64  `json:"points,omitempty"`
	Class       string   `json:"class"` // A, S, H (website-inspection 2)
	Unconfirmed bool     `json:"unconfirmed,omitempty"`
	Services    bool     `json:"services,omitempty"` // not for a site without service functions (WEB-05)
	From        []string `json:"from,omitempty"`     // indicators of the national table that it judges; none = its own code
	Rules       []Rule   `json:"rules,omitempty"`    // the first that fits a finding says what it costs
}

// Rule is what a finding costs.
type Rule struct {
	Check  string  `json:"check,omitempty"` // "" = any
	Key    string  `json:"key,omitempty"`   // of the finding; "" = any
	Place  string  `json:"place,omitempty"` // home = seen on the home page; "" = anywhere
	Points float64 `json:"points"`
	By     string  `json:"by,omitempty"`   // key = findings of one key count once (WEB-78)
	Most   float64 `json:"most,omitempty"` // of all findings under the rule; 0 = no limit
}

// National is the table in force, of 2019.
func National() Scheme { return mustScheme(scheme2019) }

// Census is the table of 2015, which cities still copy (website-inspection 10).
func Census() Scheme { return mustScheme(scheme2015) }

// mustScheme reads a table that comes with the program.
func mustScheme(data []byte) Scheme {
	s, err := ReadScheme(data)
	if err != nil {
		panic(err) // an embedded file; a test reads both
	}
	return s
}

// ReadScheme reads a table, as a district changes it.
func ReadScheme(data []byte) (Scheme, error) {
	var s Scheme
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Scheme{}, fmt.Errorf("scheme: %w", err)
	}
	if s.Name == "" || s.Version == "" || len(s.Indicators) == 0 {
		return Scheme{}, fmt.Errorf("scheme %q: name, version or indicators are missing", s.Name)
	}
	return s, nil
}

// limit is a window or threshold of the scheme, else of the national one.
func (s *site) limit(name string) int {
	if l, ok := s.in.Scheme.Limits[name]; ok {
		return int(l.Value)
	}
	return int(s.national.Limits[name].Value)
}

// covers tells whether an indicator judges the findings of a national one.
func (i *Indicator) covers(code string) bool {
	if len(i.From) == 0 {
		return i.Code == code
	}
	return slices.Contains(i.From, code)
}

// fits tells whether a rule is for a finding.
func (r *Rule) fits(f *fact.Finding, home string) bool {
	return (r.Check == "" || r.Check == f.Check) && (r.Key == "" || r.Key == f.Key) && (r.Place != "home" || f.On == home || f.URL == home)
}

// costs tells whether a finding takes points: what waits for a person does not.
func costs(f *fact.Finding) bool {
	return f.State == fact.Fail || f.State == fact.Proposed && f.Confirmed
}

// deduct gives the points that findings take under an indicator, in their order,
// never more than its points (WEB-04).
func deduct(i *Indicator, fs []fact.Finding, home string) (each []float64, lost float64) {
	each = make([]float64, len(fs))
	under := make([]float64, len(i.Rules))
	keys := map[string]bool{}
	for n := range fs {
		f := &fs[n]
		if f.Indicator == "" || !i.covers(f.Indicator) || !costs(f) {
			continue
		}
		for k := range i.Rules {
			r := &i.Rules[k]
			if !r.fits(f, home) {
				continue
			}
			if r.By == "key" {
				if keys[f.Check+f.Key] {
					break
				}
				keys[f.Check+f.Key] = true
			}
			p := r.Points
			if r.Most > 0 {
				p = min(p, r.Most-under[k])
			}
			p = min(p, i.Points-lost)
			each[n] = round(p)
			under[k] = round(under[k] + p)
			lost = round(lost + p)
			break
		}
	}
	return each, lost
}

// round drops what binary fractions leave behind.
func round(p float64) float64 { return math.Round(p*1000) / 1000 }

// Score makes a result of a report under a scheme (website-inspection 1). It can
// be asked with another scheme of the same report (WEB-79): its Result.Lines
// give the reasons.
func Score(r *fact.Report, site fact.Site, scheme Scheme) fact.Result {
	out := fact.Result{Scheme: strings.TrimSpace(scheme.Name + " " + scheme.Version)}
	home := r.Site
	known := map[string]fact.Line{}
	for _, l := range r.Result.Lines {
		known[l.Indicator] = l
	}
	var base, bonus float64
	for n := range scheme.Indicators {
		i := &scheme.Indicators[n]
		line := fact.Line{Indicator: i.Code, Title: i.Title, Points: i.Points, Unconfirmed: i.Unconfirmed}
		line.State, line.Reason = i.state(r, known)
		switch {
		case i.Part > 1 && site.Department:
			line.State, line.Reason = fact.NotApplicable, "不是门户网站，只检查单项否决指标，不评分"
		case site.NoServices && (i.Services || strings.HasPrefix(i.Code, "V6")):
			line.State, line.Reason = fact.NotApplicable, "没有对外服务职能，不检查办事服务"
		case i.Part == 1:
			veto(&out, i, line, r)
		case i.Part == 2:
			_, line.Lost = deduct(i, r.Findings, home)
			base += i.Points - line.Lost
		case i.Part == 3 && line.State == fact.Pass:
			bonus += i.Points
		}
		out.Lines = append(out.Lines, line)
	}
	if site.Department || len(out.Unqualified) > 0 {
		return out // WEB-01, WEB-07
	}
	total := 0.0
	for i := range scheme.Indicators {
		if scheme.Indicators[i].Part == 2 && !(site.NoServices && scheme.Indicators[i].Services) {
			total += scheme.Indicators[i].Points
		}
	}
	out.Scored, out.Score = true, final(base, total, bonus, scheme)
	if out.Score < scheme.Floor {
		out.Unqualified = append(out.Unqualified, fmt.Sprintf("扣分指标得 %.1f 分，低于 %.0f 分", out.Score, scheme.Floor))
	}
	return out
}

// final is the score: base of the points that apply, raised to full marks
// (WEB-05), and the bonus where base is above the gate (WEB-02, WEB-03).
func final(base, total, bonus float64, scheme Scheme) float64 {
	if total > 0 && total < scheme.Full {
		base = base * scheme.Full / total
	}
	base = round(base)
	if base > scheme.Gate {
		return round(base + min(scheme.Bonus, bonus))
	}
	return base
}

// state is what was decided of the national indicators that one judges: the
// worst of them.
func (i *Indicator) state(r *fact.Report, known map[string]fact.Line) (fact.State, string) {
	codes := i.From
	if len(codes) == 0 {
		codes = []string{i.Code}
	}
	rank := map[fact.State]int{fact.Fail: 5, fact.Proposed: 4, fact.NotDecided: 3, fact.Pass: 2, fact.NotApplicable: 1}
	worst, reason := fact.State(""), ""
	for _, c := range codes {
		st, ok := r.Decided[c]
		if !ok {
			continue
		}
		switch {
		case worst == "" || rank[st] > rank[worst]:
			worst, reason = st, known[c].Reason
		case st == worst && known[c].Reason != "" && len(codes) > 1 && st != fact.Pass:
			reason += "；" + known[c].Reason
		}
	}
	if worst == "" {
		return fact.NotDecided, "机器不能判断，由人检查后填写"
	}
	return worst, reason
}

// veto sorts a veto into what ends the inspection and what waits for a second
// look or a person (website-inspection 2).
func veto(out *fact.Result, i *Indicator, line fact.Line, r *fact.Report) {
	if line.State != fact.Fail && line.State != fact.Proposed {
		return
	}
	text := i.Title + "（" + line.Reason + "）"
	for n := range r.Findings {
		if f := &r.Findings[n]; f.Confirmed && costs(f) && i.covers(f.Indicator) {
			out.Unqualified = append(out.Unqualified, text)
			return
		}
	}
	out.Waiting = append(out.Waiting, text)
}
