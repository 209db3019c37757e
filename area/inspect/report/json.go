package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// head is what stands in report.json before the lists.
type head struct {
	Site    string                `json:"site"`
	Pages   int                   `json:"pages"`
	Name    string                `json:"name"`
	T0      stamp                 `json:"t0"`
	Started stamp                 `json:"started"`
	Ended   stamp                 `json:"ended"`
	Stopped string                `json:"stopped"`
	Round   int                   `json:"round"`
	Verdict string                `json:"verdict"`
	Result  result                `json:"result"`
	Decided map[string]fact.State `json:"decided"`
	Notes   []string              `json:"notes"`
	Secret  int                   `json:"secret"` // findings of WEB-11, whether they stand in the list or not
}

type result struct {
	Scheme      string   `json:"scheme"`
	Unqualified []string `json:"unqualified"`
	Waiting     []string `json:"waiting"`
	Scored      bool     `json:"scored"`
	Score       float64  `json:"score,omitzero"`
	Lines       []line   `json:"lines"`
}

type line struct {
	Indicator   string     `json:"indicator"`
	Title       string     `json:"title"`
	Points      float64    `json:"points,omitzero"`
	Lost        float64    `json:"lost,omitzero"`
	State       fact.State `json:"state"`
	Reason      string     `json:"reason"`
	Unconfirmed bool       `json:"unconfirmed"`
}

type column struct {
	Name   string     `json:"name"`
	URL    string     `json:"url"`
	Kind   fact.Class `json:"kind"`
	Latest day        `json:"latest"`
	Items  int        `json:"items"`
	Blank  bool       `json:"blank"`
	Level  int        `json:"level"`
	Site   string     `json:"site"`
}

type item struct {
	URL    string        `json:"url"`
	Title  string        `json:"title"`
	Date   calendar.Date `json:"date"`
	Source string        `json:"source"`
	Unit   string        `json:"unit"`
	Number string        `json:"number"`
	Column string        `json:"column"`
}

type finding struct {
	Check       string     `json:"check"`
	Indicator   string     `json:"indicator"`
	URL         string     `json:"url"`
	On          string     `json:"on"`
	State       fact.State `json:"state"`
	What        string     `json:"what"`
	Seen        string     `json:"seen"`
	ID          string     `json:"id"`
	Also        []string   `json:"also"`
	Key         string     `json:"key"`
	Confirmed   bool       `json:"confirmed"`
	Count       int        `json:"count"`
	Mend        string     `json:"mend"`
	Points      float64    `json:"points,omitzero"`
	Unconfirmed bool       `json:"unconfirmed,omitzero"` // of Points (WEB-07)
	At          stamp      `json:"at"`
	Since       stamp      `json:"since"`
	Proof       string     `json:"proof"`
	Picture     string     `json:"picture"`
	Secret      bool       `json:"secret,omitzero"`
}

// stamp is an instant as it is written, in China's time; "" = none.
type stamp time.Time

func (s stamp) MarshalText() ([]byte, error) {
	if t := time.Time(s); !t.IsZero() {
		return []byte(t.In(china).Format(time.RFC3339)), nil
	}
	return nil, nil
}

func (s *stamp) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = stamp{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text))
	*s = stamp(t)
	return err
}

// day is the date of an instant; "" = none.
type day time.Time

func (d day) MarshalText() ([]byte, error) { return dateOf(time.Time(d)).MarshalText() }

func (d *day) UnmarshalText(text []byte) error {
	var c calendar.Date
	if len(text) > 0 {
		if err := c.UnmarshalText(text); err != nil {
			return err
		}
		*d = day(c.Start())
	}
	return nil
}

// JSON writes report.json, a line an item. Nothing is copied but the line being
// written.
func JSON(w io.Writer, r *fact.Report, x Extra) error {
	v := newView(r, x)
	j := &jsonWriter{w: w, enc: json.NewEncoder(w)}
	j.enc.SetEscapeHTML(false)
	j.head(v)
	j.list("columns", len(r.Columns), func(i int) any { return columnOf(&r.Columns[i]) })
	j.list("items", len(r.Items), func(i int) any { return item(r.Items[i]) })
	shown := v.shown
	if x.Secret {
		shown = v.all
	}
	j.list("findings", len(shown), func(i int) any { return v.finding(shown[i]) })
	j.list("mended", len(v.mended), func(i int) any { return v.finding(v.mended[i]) })
	j.put("\n}\n")
	if j.err != nil {
		return fmt.Errorf("report.json: %w", j.err)
	}
	return nil
}

// jsonWriter writes an object piece by piece; after an error it writes no more.
type jsonWriter struct {
	w   io.Writer
	enc *json.Encoder
	err error
}

func (j *jsonWriter) put(s string) {
	if j.err == nil {
		_, j.err = io.WriteString(j.w, s)
	}
}

// head writes the values before the lists, without the brace that closes them.
func (j *jsonWriter) head(v *view) {
	r := v.Report
	h := head{Site: r.Site, Pages: r.Pages, Name: r.Name, T0: stamp(r.T0), Started: stamp(r.Started), Ended: stamp(r.Ended),
		Stopped: v.veil(r.Stopped), Round: r.Round, Verdict: v.verdict.Word, Decided: r.Decided, Notes: v.veiled(r.Notes), Secret: v.secret,
		Result: result{Scheme: r.Result.Scheme, Unqualified: v.veiled(r.Result.Unqualified), Waiting: v.veiled(r.Result.Waiting),
			Scored: r.Result.Scored, Lines: make([]line, len(r.Result.Lines))}}
	if h.Decided == nil {
		h.Decided = map[string]fact.State{}
	}
	if r.Result.Scored {
		h.Result.Score = finite(r.Result.Score)
	}
	for i, l := range r.Result.Lines {
		one := line{Indicator: l.Indicator, Title: l.Title, State: l.State, Reason: v.veil(l.Reason), Unconfirmed: l.Unconfirmed}
		if r.Result.Scored { // else part 2 is no score (WEB-01, WEB-07)
			one.Points, one.Lost = finite(l.Points), finite(l.Lost)
		}
		h.Result.Lines[i] = one
	}
	b, err := json.Marshal(h)
	if err != nil {
		j.err = err
		return
	}
	j.put(string(b[:len(b)-1]))
}

func (j *jsonWriter) list(name string, n int, at func(int) any) {
	j.put(",\n\"" + name + "\":[")
	for i := range n {
		if i > 0 {
			j.put(",")
		}
		if j.err == nil {
			j.err = j.enc.Encode(at(i))
		}
	}
	j.put("]")
}

func columnOf(c *fact.Column) column {
	kind := c.Class
	if kind == "" {
		kind = fact.Ordinary
	}
	return column{Name: c.Name, URL: c.URL, Kind: kind, Latest: day(c.Latest), Items: c.Items, Blank: c.Blank, Level: c.Level, Site: c.Site}
}

// finding is a finding as report.json has it.
func (v *view) finding(f *fact.Finding) finding {
	out := finding{Check: f.Check, Indicator: f.Indicator, URL: f.URL, On: f.On, State: f.State, What: f.What, Seen: f.Seen,
		ID: identity(f), Also: f.Also, Key: f.Key, Confirmed: f.Confirmed, Count: max(f.Count, 1), Mend: f.Mend,
		At: stamp(f.At), Since: stamp(v.since(f)), Proof: f.Proof, Picture: f.Picture, Secret: f.Secret}
	if out.Also == nil {
		out.Also = []string{}
	}
	if v.Report.Result.Scored {
		out.Points = finite(f.Points)
		out.Unconfirmed = out.Points != 0 && v.unconfirmed[f.Indicator]
	}
	return out
}

// finite keeps what JSON can hold.
func finite(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// Read reads a report.json back, without its items. At of a finding is then the
// instant at which it was first seen.
func Read(from io.Reader) (*fact.Report, error) {
	var in struct {
		head
		Columns  []column  `json:"columns"`
		Findings []finding `json:"findings"`
	}
	if err := json.NewDecoder(from).Decode(&in); err != nil {
		return nil, fmt.Errorf("read report.json: %w", err)
	}
	r := &fact.Report{Site: in.Site, Pages: in.Pages, Name: in.Name, T0: time.Time(in.T0), Started: time.Time(in.Started), Ended: time.Time(in.Ended),
		Stopped: in.Stopped, Round: in.Round, Decided: in.Decided, Notes: in.Notes,
		Result: fact.Result{Scheme: in.Result.Scheme, Unqualified: in.Result.Unqualified, Waiting: in.Result.Waiting, Scored: in.Result.Scored, Score: in.Result.Score}}
	for _, l := range in.Result.Lines {
		r.Result.Lines = append(r.Result.Lines, fact.Line(l))
	}
	for _, c := range in.Columns {
		r.Columns = append(r.Columns, fact.Column{Name: c.Name, URL: c.URL, Class: c.Kind, Latest: time.Time(c.Latest), Items: c.Items, Blank: c.Blank, Level: c.Level, Site: c.Site})
	}
	for _, f := range in.Findings {
		first := time.Time(f.Since)
		if first.IsZero() {
			first = time.Time(f.At)
		}
		r.Findings = append(r.Findings, fact.Finding{ID: f.ID, Check: f.Check, Also: f.Also, Indicator: f.Indicator, URL: f.URL, On: f.On, Key: f.Key,
			State: f.State, Confirmed: f.Confirmed, Secret: f.Secret, What: f.What, Seen: f.Seen, Mend: f.Mend, Count: f.Count, Points: f.Points, At: first, Proof: f.Proof, Picture: f.Picture})
	}
	return r, nil
}
