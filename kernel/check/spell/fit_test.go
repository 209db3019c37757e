package spell

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The weights in weigh.go are what this prints for texts that are not in the model:
//
//	go test ./kernel/check/spell -run Fit -v -held DIR -model model.tsv
var (
	heldOut  = flag.String("held", "", "folder of official texts that are not in the model")
	modelOut = flag.String("model", "model.tsv", "model that was made without them")
)

// sample is a find with what is known about it.
type sample struct {
	values []float64
	error  bool
}

// planter puts errors into texts.
type planter struct {
	*Checker
	random *rand.Rand
}

// plant exchanges one Chinese character in 45 for one that may be taken for it; in
// one case of four its neighbour too.
func (p planter) plant(text string) string {
	runes := []rune(text)
	next := false
	for i, r := range runes {
		list := p.twins[r]
		if len(list) > 0 && (next || p.random.IntN(45) == 0) {
			runes[i] = p.model.runes[list[p.random.IntN(len(list))].char]
			next = !next && p.random.IntN(4) == 0
		} else {
			next = false
		}
	}
	return string(runes)
}

// samples adds the finds of each size in a text of which the right form is known.
func (c *Checker) samples(wrong, right string, sizes *[3][]sample) {
	var l, r line
	l.read(c.model, wrong)
	r.read(c.model, right)
	if len(l.chars) != len(r.chars) {
		return
	}
	for i := before; i < len(l.chars)-behind; i++ {
		if !c.strange(&l, i) {
			continue
		}
		one, ok := c.single(&l, i)
		finds := []find{one}
		if !ok {
			finds = nil
		}
		if c.strange(&l, i+1) {
			if two, ok := c.double(&l, i); ok {
				finds = append(finds, two)
			}
		}
		for _, f := range finds {
			planted := true
			for k := range f.size {
				planted = planted && l.runes[i+k] != r.runes[i+k] && f.meant[k] == r.chars[i+k]
			}
			sizes[f.size] = append(sizes[f.size], sample{c.values(&l, f, l.sum(c.model, i, f.size)), planted})
		}
	}
}

// fit is a logistic regression by gradient descent on values of mean 0 and
// deviation 1: the weights of the values as they are, behind the one that stands
// alone.
func fit(list []sample) []float64 {
	n := len(list[0].values)
	mean, deviation := make([]float64, n), make([]float64, n)
	for _, s := range list {
		for i, v := range s.values {
			mean[i] += v / float64(len(list))
		}
	}
	for _, s := range list {
		for i, v := range s.values {
			deviation[i] += (v - mean[i]) * (v - mean[i]) / float64(len(list))
		}
	}
	for i := range deviation {
		deviation[i] = math.Sqrt(deviation[i]) + 1e-9
	}
	w := make([]float64, n+1)
	for range 3000 {
		step := make([]float64, n+1)
		for _, s := range list {
			score := w[0]
			for i, v := range s.values {
				score += w[i+1] * (v - mean[i]) / deviation[i]
			}
			miss := -1 / (1 + math.Exp(-score))
			if s.error {
				miss++
			}
			step[0] += miss
			for i, v := range s.values {
				step[i+1] += miss * (v - mean[i]) / deviation[i]
			}
		}
		for i := range w {
			w[i] += step[i] / float64(len(list))
		}
	}
	for i := range n {
		w[i+1] /= deviation[i]
		w[0] -= w[i+1] * mean[i]
	}
	return w
}

func TestFit(t *testing.T) {
	t.Run("a boundary is found again", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		var list []sample
		for range 2000 {
			x, y := random.Float64()*10, random.Float64()*3
			list = append(list, sample{[]float64{x, y}, x-2*y+random.Float64()-0.5 > 1})
		}
		w := fit(list)
		if r := w[2] / w[1]; math.Abs(r+2) > 0.1 {
			t.Errorf("weights %.3f: the second is %.2f times the first, not -2", w, r)
		}
		if r := w[0] / w[1]; math.Abs(r+1) > 0.1 {
			t.Errorf("weights %.3f: the boundary lies at %.2f, not at 1", w, -r)
		}
	})
	if *heldOut == "" {
		return
	}
	file, err := os.ReadFile(*modelOut)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newChecker(string(file), shapeFile)
	if err != nil {
		t.Fatal(err)
	}
	p := planter{c, rand.New(rand.NewPCG(1, 2))}
	var sizes [3][]sample
	var kept []string
	seen := map[string]bool{}
	err = filepath.WalkDir(*heldOut, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for part := range bytes.Lines(data) {
			text := strings.TrimSpace(string(part))
			if len(text) < 30 || seen[text] {
				continue
			}
			seen[text] = true
			switch p.random.IntN(12) {
			case 0, 1, 2:
				kept = append(kept, text)
			case 3, 4:
				c.samples(p.plant(text), text, &sizes)
			default:
				c.samples(text, text, &sizes)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for size, list := range sizes[1:] {
		n := 0
		for _, s := range list {
			if s.error {
				n++
			}
		}
		text := fmt.Sprintf("%.4g", fit(list))
		t.Logf("size %d, %d finds, %d errors: {%s}", size+1, len(list), n, strings.ReplaceAll(strings.Trim(text, "[]"), " ", ", "))
	}
	characters, alarms := 0, 0
	for _, text := range kept {
		characters += len([]rune(text))
		alarms += len(c.errors(text))
	}
	t.Logf("with the weights of weigh.go: %d alarms in %d characters kept out of the fit, %.2f in 10,000", alarms, characters, float64(alarms)*1e4/float64(characters))
}
