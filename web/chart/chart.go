// Package chart draws small charts as SVG on the server: titled, described, with
// the table they show behind them, and with classes instead of styles, so that
// they pass the content security policy and follow dark, print and contrast.
// Bars and areas start at zero; there are at most five series, labelled where
// they end.
package chart

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Most is how many series one chart can tell apart.
const Most = 5

// Series is a named row of values, one for each label. Class is the colour's
// meaning: done slow late doing closed idle; "" takes the colours in turn.
type Series struct {
	Name   string
	Values []float64
	Class  string
}

// Chart is what is drawn. Says is one sentence that tells what to see in it.
type Chart struct {
	Title  string
	Says   string
	Unit   string // of the values: 项, %
	Labels []string
	Series []Series
}

const (
	width = 640
	gap   = 8
)

// text writes a value as people read it.
func text(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

func (c Chart) class(i int) string {
	if c.Series[i].Class != "" {
		return c.Series[i].Class
	}
	return "c" + strconv.Itoa(i%Most+1)
}

// top is the round number at or above every value.
func top(values ...float64) float64 {
	m := 0.0
	for _, v := range values {
		m = math.Max(m, v)
	}
	if m == 0 {
		return 1
	}
	step := math.Pow(10, math.Floor(math.Log10(m)))
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if f*step >= m {
			return f * step
		}
	}
	return m
}

// svg is a drawing under way.
type svg struct{ bytes.Buffer }

func (s *svg) add(format string, args ...any) { fmt.Fprintf(s, format, args...) }

func (s *svg) text(x, y float64, class, words string) {
	s.add(`<text x="%s" y="%s" class="%s">%s</text>`, text(x), text(y), class, template.HTMLEscapeString(words))
}

// wide estimates the width of a text at 13 px: a Han character takes 13, others 7.5.
func wide(words string) float64 {
	w := 0.0
	for _, r := range words {
		if r > 0x2e7f {
			w += 13
		} else {
			w += 7.5
		}
	}
	return w
}

// cut shortens a text to a width and ends it with ….
func cut(words string, most float64) string {
	if wide(words) <= most {
		return words
	}
	out := []rune(words)
	for len(out) > 1 && wide(string(out))+13 > most {
		out = out[:len(out)-1]
	}
	return string(out) + "…"
}

// Bars draws the first series as lying bars, one a label, each with its value.
func Bars(c Chart) template.HTML {
	if len(c.Series) == 0 || len(c.Labels) == 0 {
		return c.figure("", 0)
	}
	left := 0.0
	for _, l := range c.Labels {
		left = math.Max(left, wide(l))
	}
	left = math.Min(left, 200) + gap
	right := wide(text(top(c.Series[0].Values...))+c.Unit) + 2*gap
	most := 0.0
	for _, v := range c.Series[0].Values {
		most = math.Max(most, v)
	}
	if most == 0 {
		most = 1
	}
	var s svg
	for i, l := range c.Labels {
		y := float64(i * 28)
		v := value(c.Series[0], i)
		s.text(left-gap, y+18, "end", cut(l, left-gap))
		w := math.Max(0, v) / most * (width - left - right)
		s.add(`<rect x="%s" y="%s" width="%s" height="20" class="%s"/>`, text(left), text(y+4), text(w), c.class(0))
		s.text(left+w+gap, y+18, "faint", text(v)+c.Unit)
	}
	s.add(`<line x1="%s" y1="0" x2="%s" y2="%d" class="axis"/>`, text(left), text(left), len(c.Labels)*28)
	return c.figure(s.String(), len(c.Labels)*28+4)
}

// Stacked draws for each label one bar divided among the series, all of the same
// length scale, so that both the parts and the wholes can be compared.
func Stacked(c Chart) template.HTML {
	if len(c.Series) == 0 || len(c.Labels) == 0 {
		return c.figure("", 0)
	}
	left, most := 0.0, 0.0
	for i, l := range c.Labels {
		left = math.Max(left, wide(l))
		most = math.Max(most, sum(c, i))
	}
	if most == 0 {
		most = 1
	}
	left = math.Min(left, 200) + gap
	right := wide(text(most)+c.Unit) + 2*gap
	var s svg
	x := left
	for i, one := range c.Series { // the key stands where reading begins
		s.add(`<rect x="%s" y="4" width="12" height="12" class="%s"/>`, text(x), c.class(i))
		s.text(x+18, 15, "", one.Name)
		x += 18 + wide(one.Name) + 2*gap
	}
	for i, l := range c.Labels {
		y := float64(28 + i*28)
		s.text(left-gap, y+18, "end", cut(l, left-gap))
		x := left
		for j, one := range c.Series {
			v := math.Max(0, value(one, i))
			w := v / most * (width - left - right)
			s.add(`<rect x="%s" y="%s" width="%s" height="20" class="%s"/>`, text(x), text(y+4), text(w), c.class(j))
			if label := text(v); v > 0 && w > wide(label)+6 {
				s.text(x+w/2, y+18, "in mid", label)
			}
			x += w
		}
		s.text(x+gap, y+18, "faint", text(sum(c, i))+c.Unit)
	}
	return c.figure(s.String(), 28+len(c.Labels)*28+4)
}

// Lines draws each series as a line over the labels, named at its end.
func Lines(c Chart) template.HTML {
	if len(c.Series) == 0 || len(c.Labels) == 0 {
		return c.figure("", 0)
	}
	const height, foot, head = 220.0, 28.0, 12.0
	var all []float64
	right := 0.0
	for _, one := range c.Series {
		all = append(all, one.Values...)
		right = math.Max(right, wide(one.Name+" "+text(last(one.Values))+c.Unit))
	}
	high := top(all...)
	left := wide(text(high)) + 2*gap
	right += 2 * gap
	at := func(i int, v float64) (float64, float64) {
		step := 0.0
		if len(c.Labels) > 1 {
			step = (width - left - right) / float64(len(c.Labels)-1)
		}
		return left + float64(i)*step, head + (height-head-foot)*(1-math.Max(0, v)/high)
	}
	var s svg
	for _, part := range []float64{0, .5, 1} {
		_, y := at(0, high*part)
		s.add(`<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`, text(left), text(y), text(width-right), text(y), map[bool]string{true: "axis", false: "grid"}[part == 0])
		s.text(left-gap, y+4, "faint end", text(high*part))
	}
	every := 1 + len(c.Labels)*60/width
	for i, l := range c.Labels {
		if i%every == 0 {
			x, _ := at(i, 0)
			s.text(x, height-6, "faint mid", l)
		}
	}
	var taken []float64
	for j, one := range c.Series {
		var points []string
		for i, v := range one.Values {
			x, y := at(i, v)
			points = append(points, text(x)+","+text(y))
		}
		s.add(`<polyline points="%s" class="stroke %s"/>`, strings.Join(points, " "), c.class(j))
		x, y := at(len(one.Values)-1, last(one.Values))
		label := clear(taken, y+4)
		taken = append(taken, label)
		s.text(x+gap, label, c.class(j), one.Name+" "+text(last(one.Values))+c.Unit)
	}
	return c.figure(s.String(), int(height))
}

// clear moves a label down until it touches no other.
func clear(taken []float64, y float64) float64 {
	for again := true; again; {
		again = false
		for _, t := range taken {
			if math.Abs(t-y) < 15 {
				y, again = t+15, true
			}
		}
	}
	return y
}

// Spark draws a row of values in the height of a line, for tables. says is read
// instead of it.
func Spark(values []float64, says string) template.HTML {
	if len(values) == 0 {
		return ""
	}
	high := top(values...)
	points := make([]string, len(values))
	x, y := 0.0, 0.0
	for i, v := range values {
		x, y = 2.0, 22-20*math.Max(0, v)/high
		if len(values) > 1 {
			x = 2 + 92*float64(i)/float64(len(values)-1)
		}
		points[i] = text(x) + "," + text(y)
	}
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 0 96 24" role="img" aria-label="%s"><polyline points="%s"/><circle cx="%s" cy="%s" r="2"/></svg>`,
		template.HTMLEscapeString(says), strings.Join(points, " "), text(x), text(y)))
}

func value(s Series, i int) float64 {
	if i < len(s.Values) {
		return s.Values[i]
	}
	return 0
}

func last(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return values[len(values)-1]
}

func sum(c Chart, i int) float64 {
	t := 0.0
	for _, one := range c.Series {
		t += math.Max(0, value(one, i))
	}
	return t
}

// figure sets a drawing under its title, with the table it shows.
func (c Chart) figure(drawing string, height int) template.HTML {
	esc := template.HTMLEscapeString
	var out bytes.Buffer
	fmt.Fprintf(&out, `<figure class="chart"><figcaption>%s</figcaption>`, esc(c.Title))
	if drawing == "" {
		out.WriteString(`<p class="quiet">还没有数据</p></figure>`)
		return template.HTML(out.String())
	}
	fmt.Fprintf(&out, `<div class="scroll" tabindex="0" role="region" aria-label="%s"><svg viewBox="0 0 %d %d" role="img" aria-label="%s"><title>%s</title><desc>%s</desc>%s</svg></div>`,
		esc(c.Title+"，图"), width, height, esc(strings.TrimPrefix(c.Title+"。"+c.Says, "。")), esc(c.Title), esc(c.Says), drawing)
	out.WriteString(`<details><summary>看数据表</summary><table><caption class="hidden">` + esc(c.Title) + `</caption><thead><tr><td></td>`)
	for _, s := range c.Series {
		unit := ""
		if c.Unit != "" {
			unit = "（" + c.Unit + "）"
		}
		fmt.Fprintf(&out, `<th scope="col" class="num">%s</th>`, esc(s.Name+unit))
	}
	out.WriteString(`</tr></thead><tbody>`)
	for i, l := range c.Labels {
		fmt.Fprintf(&out, `<tr><th scope="row">%s</th>`, esc(l))
		for _, s := range c.Series {
			fmt.Fprintf(&out, `<td class="num">%s</td>`, text(value(s, i)))
		}
		out.WriteString(`</tr>`)
	}
	out.WriteString(`</tbody></table></details></figure>`)
	return template.HTML(out.String())
}
