package chart

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"strings"
	"testing"
)

var sample = Chart{
	Title: "各单位<进度>", Says: "青石街道最多", Unit: "项", Labels: []string{"青石街道办事处", "云岭区司法局"},
	Series: []Series{{Name: "达标", Values: []float64{12, 3}, Class: "done"}, {Name: "逾期", Values: []float64{1, 0}, Class: "late"}},
}

// whole reads a drawing as XML: what is open is closed, what is a sign is escaped.
func whole(t *testing.T, html template.HTML) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(html)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return string(html)
		} else if err != nil {
			t.Fatalf("%v in %s", err, html)
		}
	}
}

func TestChartsAreWholeAndSayThemselves(t *testing.T) {
	for name, draw := range map[string]func(Chart) template.HTML{"bars": Bars, "stacked": Stacked, "lines": Lines} {
		t.Run(name, func(t *testing.T) {
			got := whole(t, draw(sample))
			for _, want := range []string{`role="img"`, "<title>各单位&lt;进度&gt;</title>", "<desc>青石街道最多</desc>", "<th scope=\"row\">云岭区司法局</th>", ">12<"} {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in %s", want, got)
				}
			}
			if strings.Contains(got, "style=") || strings.Contains(got, "NaN") || strings.Contains(got, "<进度>") {
				t.Errorf("not safe: %s", got)
			}
		})
		t.Run(name+" of nothing", func(t *testing.T) {
			if got := whole(t, draw(Chart{Title: "空"})); !strings.Contains(got, "还没有数据") {
				t.Error(got)
			}
			zero := Chart{Title: "零", Labels: []string{"一"}, Series: []Series{{Name: "甲", Values: []float64{0}}}}
			if got := whole(t, draw(zero)); strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
				t.Error(got)
			}
		})
	}
}

func TestBarsStartAtZero(t *testing.T) {
	got := string(Bars(Chart{Title: "t", Labels: []string{"a", "b"}, Series: []Series{{Name: "n", Values: []float64{100, 50}}}}))
	var widths []string
	for _, part := range strings.Split(got, `<rect `)[1:] {
		w := part[strings.Index(part, `width="`)+7:]
		widths = append(widths, w[:strings.Index(w, `"`)])
	}
	if len(widths) != 2 || widths[0] == widths[1] {
		t.Fatal(widths)
	}
}

func TestSpark(t *testing.T) {
	if got := whole(t, Spark([]float64{1, 2, 3}, "由 1 升到 3")); !strings.Contains(got, `aria-label="由 1 升到 3"`) {
		t.Error(got)
	}
	if Spark(nil, "无") != "" {
		t.Error("a line of nothing")
	}
}

func TestTop(t *testing.T) {
	for in, want := range map[float64]float64{0: 1, 1: 1, 7: 10, 12: 20, 23: 25, 51: 100, 0.3: 0.5} {
		if got := top(in); got != want {
			t.Errorf("top(%v) = %v, want %v", in, got, want)
		}
	}
}
