package process

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiagram(t *testing.T) {
	f := countersign()
	svg := Diagram(&f)
	for _, want := range []string{"公文会签流程图", ">拟稿<", "核稿通过（校对）", "合法性审核通过〔合法性审核〕（一审）", "逾期失效（系统）",
		"退回（分管领导）：至办过的任一环节", "会签期限：20个工作日（依据：内部规定第5条）", "“已印发”是终点"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the diagram does not say %q", want)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	clear(t.Errorf, layOut(&f))
	rapid.Check(t, func(rt *rapid.T) {
		f := randomFlow(rt, "drawn")
		clear(rt.Errorf, layOut(&f))
	})
}

// clear checks that nothing lies on anything else.
func clear(wrong func(string, ...any), l layout) {
	type rect struct {
		what         string
		x, y, x2, y2 int
	}
	var all []rect
	for _, b := range l.boxes {
		all = append(all, rect{b.state.Title, b.x, b.y, b.x + b.w, b.y + b.h})
	}
	for i, n := range l.lines {
		all = append(all, rect{n.label, labelLeft, n.y - letter - 3, labelLeft + len([]rune(n.label))*letter, n.y})
		to := l.boxes[n.to].in
		x := l.lanesLeft + n.lane*laneWidth
		all = append(all, rect{fmt.Sprintf("lane of %s %d", n.label, i), x, min(n.y, to), x + 1, max(n.y, to)})
	}
	for i, a := range all {
		if a.x < 0 || a.y < 0 || a.x2 > l.width || a.y2 > l.height {
			wrong("%s is outside the picture", a.what)
		}
		for _, b := range all[:i] {
			if a.x < b.x2 && b.x < a.x2 && a.y < b.y2 && b.y < a.y2 {
				wrong("%s lies on %s", a.what, b.what)
			}
		}
	}
}
