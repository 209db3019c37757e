package process

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"gongkai/kernel/org"
)

// Diagram draws a flow as SVG for documents: a column of states in the order in
// which a case meets them, and to the right of each a line for every move that
// leaves it, with its title and who makes it, led through a lane of its own to
// the state it ends in. Returns are dashed, final states have a double frame.
//
// Nothing overlaps by construction: every line that leaves or arrives has its own
// height, every lane its own stretch. The text equivalent says the same in words.
func Diagram(f *Flow) string { return layOut(f).svg(f) }

const (
	boxLeft, boxWidth = 16, 132
	slot              = 24 // height of one line
	gap               = 18 // between states
	letter            = 13 // width and size of a Chinese character
	laneWidth         = 14
	labelLeft         = boxLeft + boxWidth + 10
)

type box struct {
	state      State
	x, y, w, h int
	in         int // height at which lines arrive
}

type line struct {
	label    string
	from, to int // boxes
	y        int // height at which it leaves
	lane     int
	back     bool
}

type layout struct {
	boxes         []box
	lines         []line
	lanesLeft     int
	width, height int
}

// order lists the states as a case meets them: by the number of moves from the
// start, then as declared, final states last.
func (f *Flow) order() []State {
	depth := map[string]int{f.Start: 0}
	for todo := []string{f.Start}; len(todo) > 0; todo = todo[1:] {
		for _, to := range f.edges(todo[0]) {
			if _, seen := depth[to]; !seen {
				depth[to] = depth[todo[0]] + 1
				todo = append(todo, to)
			}
		}
	}
	out := slices.Clone(f.States)
	slices.SortStableFunc(out, func(a, b State) int {
		if a.Final != b.Final {
			if b.Final {
				return -1
			}
			return 1
		}
		return depth[a.Name] - depth[b.Name]
	})
	return out
}

// label is a move with who makes it.
func (m Move) label(s State) string {
	who := m.By.Title()
	switch {
	case m.Auto:
		who = "系统"
	case m.By.Any(org.Public):
		who = "任何人"
	case who == "":
		who = "登录人员"
	}
	text := m.Title
	for _, b := range s.Needs {
		if b.Name == m.Branch {
			text += "〔" + b.Title + "〕"
		}
	}
	return text + "（" + who + "）"
}

func layOut(f *Flow) layout {
	l := layout{}
	at := map[string]int{}
	for i, s := range f.order() {
		at[s.Name] = i
		l.boxes = append(l.boxes, box{state: s, x: boxLeft, w: boxWidth})
	}
	y, longest := gap, 0
	for i := range l.boxes {
		b := &l.boxes[i]
		b.y, b.in = y, y+slot/2
		n := 1
		for _, m := range f.movesFrom(b.state.Name) {
			to, back := at[m.target(b.state.Name)], m.Back
			if back {
				to = at[f.Start] // stands for all states visited
			}
			label := m.label(b.state)
			if back {
				label += "：至办过的任一环节"
			}
			longest = max(longest, len([]rune(label)))
			l.lines = append(l.lines, line{label: label, from: i, to: to, y: y + n*slot + slot/2, back: back || to < i})
			n++
		}
		b.h = max(n, 2) * slot
		y += b.h + gap
	}
	l.height = y
	l.lanesLeft = labelLeft + longest*letter + 12
	l.width = l.lanesLeft + l.lanes()*laneWidth + 16
	return l
}

// lanes gives every line the innermost lane in which it meets no other, short
// ones first, and returns the number of lanes.
func (l *layout) lanes() int {
	order := make([]int, len(l.lines))
	for i := range order {
		order[i] = i
	}
	span := func(i int) (top, bottom int) {
		a, b := l.lines[i].y, l.boxes[l.lines[i].to].in
		return min(a, b), max(a, b)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		at, ab := span(a)
		bt, bb := span(b)
		return (ab - at) - (bb - bt)
	})
	var taken [][]int // lines by lane
	for _, i := range order {
		top, bottom := span(i)
		lane := slices.IndexFunc(taken, func(others []int) bool {
			return !slices.ContainsFunc(others, func(o int) bool {
				t, b := span(o)
				return top <= b && t <= bottom
			})
		})
		if lane < 0 {
			lane = len(taken)
			taken = append(taken, nil)
		}
		taken[lane] = append(taken[lane], i)
		l.lines[i].lane = lane
	}
	return len(taken)
}

func (l layout) svg(f *Flow) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="flow-%s-title flow-%s-desc" font-family="sans-serif" font-size="%d" lang="zh-CN">`+"\n",
		l.width, l.height, l.width, l.height, f.Name, f.Name, letter)
	fmt.Fprintf(&b, "<title id=\"flow-%s-title\">%s流程图</title>\n<desc id=\"flow-%s-desc\">%s</desc>\n", f.Name, html.EscapeString(f.Title), f.Name, html.EscapeString(Describe(f)))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", l.width, l.height)
	for _, one := range l.lines {
		from, to := l.boxes[one.from], l.boxes[one.to]
		x, end := l.lanesLeft+one.lane*laneWidth, to.x+to.w
		dash := ""
		if one.back {
			dash = ` stroke-dasharray="5 4"`
		}
		fmt.Fprintf(&b, `<path d="M%d %dH%dV%dH%d" fill="none" stroke="#47566b"%s/><path d="M%d %dl8 -4v8z" fill="#47566b"/>`+"\n",
			from.x+from.w, one.y, x, to.in, end+8, dash, end, to.in)
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#1b2430">%s</text>`+"\n", labelLeft, one.y-4, html.EscapeString(one.label))
	}
	for _, one := range l.boxes {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="8" fill="#eef3fa" stroke="#1f4e8c"/>`, one.x, one.y, one.w, one.h)
		if one.state.Final {
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="none" stroke="#1f4e8c"/>`, one.x+3, one.y+3, one.w-6, one.h-6)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" dominant-baseline="central" fill="#1b2430">%s</text>`+"\n",
			one.x+one.w/2, one.y+one.h/2, html.EscapeString(one.state.Title))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// Describe tells a flow in Chinese sentences: states, moves, clocks.
func Describe(f *Flow) string {
	start, _ := f.State(f.Start)
	parts := []string{fmt.Sprintf("“%s”从“%s”开始。", f.Title, start.Title)}
	for _, s := range f.order() {
		if s.Final {
			parts = append(parts, fmt.Sprintf("“%s”是终点。", s.Title))
		}
		for _, m := range f.movesFrom(s.Name) {
			to, _ := f.State(m.target(s.Name))
			where := "到“" + to.Title + "”"
			switch {
			case m.Back:
				where = "退到办过的任一环节"
			case to.Name == s.Name:
				where = "环节不变"
			}
			parts = append(parts, fmt.Sprintf("“%s”：%s，%s。", s.Title, m.label(s), where))
		}
	}
	for _, c := range f.Clocks {
		length := "逐件确定"
		if p := c.period(); !p.IsZero() {
			length = p.String()
		}
		parts = append(parts, fmt.Sprintf("%s：%s（依据：%s）。", c.Title, length, c.Basis))
	}
	return strings.Join(parts, "")
}
