package reader

import "strings"

// Wire is a plan as `gongkai plan parse --json` prints it and as ground truth is
// written: titles without number and closing 。, names as written, split one by
// one. Truth may leave keys out and hold only the start of a measure's text.
type Wire struct {
	Title    string        `json:"title"`
	Number   string        `json:"number"`
	Issuer   string        `json:"issuer"`
	Date     string        `json:"date"` // 2022-06-17
	Sections []WireSection `json:"sections"`
	Layouts  []string      `json:"layouts,omitempty"`
	Notes    []string      `json:"notes,omitempty"`
	Doubts   []Doubt       `json:"doubts,omitempty"`
}

// WireSection is a section on the wire.
type WireSection struct {
	Title string     `json:"title"`
	Items []WireItem `json:"items"`
}

// WireItem is an item on the wire.
type WireItem struct {
	Number   string        `json:"number"`
	Title    string        `json:"title"`
	Measures []WireMeasure `json:"measures"`
}

// WireMeasure is a measure on the wire.
type WireMeasure struct {
	Row  int      `json:"row"`
	Text string   `json:"text"` // without its own number, its paragraphs joined
	Lead []string `json:"lead"`
	Resp []string `json:"resp"`
	Due  string   `json:"due"`            // as written in its place
	Each bool     `json:"each,omitempty"` // 分别: every unit its own part
	Cut  bool     `json:"cut,omitempty"`  // the file ends inside it
}

// Wire is the reading in the form of the wire.
func (r *Reading) Wire() Wire {
	w := Wire{Title: r.Title, Number: r.Number, Issuer: r.Issuer, Date: r.Date.String(), Sections: []WireSection{}, Layouts: r.Layouts, Notes: r.Notes, Doubts: r.Doubts}
	for _, s := range r.Sections {
		ws := WireSection{Title: s.Title, Items: []WireItem{}}
		for _, it := range s.Items {
			wi := WireItem{Number: it.Number, Title: it.Title, Measures: []WireMeasure{}}
			for _, m := range it.Measures {
				wm := WireMeasure{Row: m.Row, Text: strings.ReplaceAll(m.Text, "\n", ""), Lead: []string{}, Resp: []string{}, Due: m.Due.Text, Cut: m.Cut}
				for _, n := range m.Lead {
					wm.Lead = append(wm.Lead, n.Text)
					wm.Each = wm.Each || n.Each
				}
				for _, n := range m.Resp {
					wm.Resp = append(wm.Resp, n.Text)
					wm.Each = wm.Each || n.Each
				}
				wi.Measures = append(wi.Measures, wm)
			}
			ws.Items = append(ws.Items, wi)
		}
		w.Sections = append(w.Sections, ws)
	}
	return w
}
