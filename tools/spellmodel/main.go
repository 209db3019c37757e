// Command spellmodel builds the statistics that kernel/check/spell rests on.
//
//	go -C tools run ./spellmodel -words dict.txt -parts chaizi-jt.txt -out ../kernel/check/spell DIR...
//
// It reads every .md and .txt file below the folders (texts of laws, regulations
// and other official documents, which are free of copyright), leaves out lines
// that it has already seen, and counts runs of one to four characters. The words
// of a dictionary ("word frequency …" a line) are counted besides, so that
// everyday words the documents lack are known too. What is written are counts
// alone, on a logarithmic scale, the rare ones left out (model.tsv), and which of
// the characters look alike (shape.tsv); equal input gives equal output.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"hash/maphash"
	"io/fs"
	"log"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Symbols for what is no Chinese character, and for characters too rare to count.
const (
	mark  = '_'
	digit = '0'
	rare  = '?'
)

const (
	order  = 4  // longest run counted
	bits   = 13 // of one character's number in a key
	rarest = 12 // a character seen less often is counted as rare
	scale  = 2  // levels to a doubling of the count
	top    = 51 // highest level, written z
)

func main() {
	log.SetFlags(0)
	words := flag.String("words", "", "dictionary: word and frequency on each line")
	weight := flag.Float64("weight", 0.3, "weight of the dictionary's frequencies")
	parts := flag.String("parts", "", "list of the parts of characters")
	out := flag.String("out", ".", "folder to write to")
	least := flag.String("least", "3,6,60", "smallest counts of runs of two, three and four characters that are kept")
	flag.Parse()
	if err := build(*words, *weight, *parts, *out, *least, flag.Args()); err != nil {
		log.Fatal("spellmodel: ", err)
	}
}

// counter turns runs of characters into keys.
type counter struct {
	number map[rune]uint64
	chars  []rune
}

func build(words string, weight float64, parts, out, least string, dirs []string) error {
	floor := [order + 1]float64{1: 1}
	for i, s := range strings.Split(least, ",") {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || i+2 > order {
			return fmt.Errorf("-least %q: three numbers are needed", least)
		}
		floor[i+2] = v
	}
	text, err := read(dirs)
	if err != nil {
		return err
	}
	lexicon, err := dictionary(words, weight)
	if err != nil {
		return err
	}
	c := alphabet(text, lexicon)
	var keys []uint64
	var run uint64
	for range order {
		run = run<<bits | c.number[mark]
	}
	for _, r := range text {
		n, known := c.number[r]
		if !known {
			n = c.number[rare]
		}
		run = (run<<bits | n) & (1<<(bits*order) - 1)
		keys = append(keys, run)
	}
	slices.Sort(keys)
	var counts [order + 1]map[uint64]float64
	for size := 1; size <= order; size++ {
		counts[size] = map[uint64]float64{}
	}
	// A run of four begins with the run of three that it continues: counting sorted
	// keys by their first characters gives every shorter run too.
	for size := order; size >= 1; size-- {
		shift := bits * (order - size)
		for i := 0; i < len(keys); {
			k, j := keys[i]>>shift, i
			for j < len(keys) && keys[j]>>shift == k {
				j++
			}
			if float64(j-i) >= min(floor[size], 2) {
				counts[size][k] += float64(j - i)
			}
			i = j
		}
	}
	for _, word := range slices.Sorted(maps.Keys(lexicon)) { // sums of fractions depend on their order
		runes, frequency := []rune(word), lexicon[word]
		for i := range runes {
			var k uint64
			for size := 1; size <= order && i+size <= len(runes); size++ {
				n, known := c.number[runes[i+size-1]]
				if !known {
					break
				}
				k = k<<bits | n
				counts[size][k] += frequency
			}
		}
	}
	prune(counts[:], floor)
	if err := write(filepath.Join(out, "model.tsv"), c, counts[:]); err != nil {
		return err
	}
	return shapes(parts, filepath.Join(out, "shape.tsv"), c.chars)
}

// prune drops runs that are too rare, and those whose beginning is.
func prune(counts []map[uint64]float64, floor [order + 1]float64) {
	for size := 2; size <= order; size++ {
		for k, n := range counts[size] {
			if n < floor[size] || size > 2 && counts[size-1][k>>bits] == 0 {
				delete(counts[size], k)
			}
		}
	}
}

// write puts one line for each first character, after its level; then, after a
// tab, the characters that follow it, and behind each in brackets those that
// follow both. A letter holds for all characters up to the next letter on the same
// height: k人<tab>c口j民(h众政(f府)) is 人 k, 人口 c, 人民 j, 人民众 h, 人民政 h,
// 人民政府 f.
func write(out string, c *counter, counts []map[uint64]float64) error {
	var firsts []uint64
	var next [order + 1]map[uint64][]uint64 // run → runs longer by one
	for size := 1; size <= order; size++ {
		next[size] = map[uint64][]uint64{}
		for k := range counts[size] {
			if size == 1 {
				firsts = append(firsts, k)
			} else {
				next[size-1][k>>bits] = append(next[size-1][k>>bits], k)
			}
		}
	}
	var b bytes.Buffer
	var tree func(list []uint64, size int)
	tree = func(list []uint64, size int) {
		slices.SortFunc(list, func(x, y uint64) int {
			return cmp.Or(cmp.Compare(letter(counts[size][x]), letter(counts[size][y])), cmp.Compare(x, y))
		})
		var last byte
		for _, k := range list {
			if l := letter(counts[size][k]); l != last {
				b.WriteByte(l)
				last = l
			}
			b.WriteRune(c.chars[k&(1<<bits-1)])
			if more := next[size][k]; len(more) > 0 {
				b.WriteByte('(')
				tree(more, size+1)
				b.WriteByte(')')
			}
		}
	}
	slices.Sort(firsts)
	for _, k := range firsts {
		b.WriteByte(letter(counts[1][k]))
		b.WriteRune(c.chars[k])
		b.WriteByte('\t')
		tree(next[1][k], 2)
		b.WriteByte('\n')
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}

// letter is a count's level: A for 1, each further letter √2 times as many.
func letter(n float64) byte {
	level := min(int(math.Round(math.Log2(max(n, 1))*scale)), top)
	if level < 26 {
		return byte('A' + level)
	}
	return byte('a' + level - 26)
}

// alphabet numbers the characters in the order of their code points, so that
// sorted keys are sorted text.
func alphabet(text []rune, lexicon map[string]float64) *counter {
	seen := map[rune]int{mark: rarest, digit: rarest, rare: rarest}
	for _, r := range text {
		seen[r]++
	}
	for word, frequency := range lexicon {
		for _, r := range word {
			seen[r] += int(frequency)
		}
	}
	c := &counter{number: map[rune]uint64{}, chars: []rune{0}}
	for r, n := range seen {
		if n >= rarest {
			c.chars = append(c.chars, r)
		}
	}
	slices.Sort(c.chars)
	for i, r := range c.chars {
		if r != 0 {
			c.number[r] = uint64(i)
		}
	}
	if len(c.chars) > 1<<bits {
		log.Fatalf("spellmodel: %d characters do not fit", len(c.chars))
	}
	return c
}

// read is the text of all files: Chinese characters, one digit for a number or a
// foreign word, one mark for anything else.
func read(dirs []string) ([]rune, error) {
	seed := maphash.MakeSeed()
	seen := map[uint64]bool{}
	var text []rune
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || (filepath.Ext(path) != ".md" && filepath.Ext(path) != ".txt") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for line := range bytes.Lines(data) {
				line = bytes.TrimSpace(line)
				if len(line) == 0 || seen[maphash.Bytes(seed, line)] {
					continue
				}
				seen[maphash.Bytes(seed, line)] = true
				text = plain(text, string(line))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return text, nil
}

func plain(text []rune, line string) []rune {
	last := rune(mark)
	text = append(text, mark)
	for _, r := range line {
		switch {
		case unicode.Is(unicode.Han, r):
		case r < unicode.MaxASCII && (unicode.IsDigit(r) || unicode.IsLetter(r)):
			r = digit
		case r == ' ' || r == '\u3000':
			continue
		default:
			r = mark
		}
		if r == last && (r == digit || r == mark) {
			continue
		}
		text, last = append(text, r), r
	}
	return text
}

// dictionary reads words of Chinese characters with their weighted frequencies.
func dictionary(path string, weight float64) (map[string]float64, error) {
	list := map[string]float64{}
	if path == "" {
		return list, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || strings.ContainsFunc(fields[0], func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
			continue
		}
		n, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", path, lines.Text(), err)
		}
		list[fields[0]] = max(n*weight, 1)
	}
	return list, cmp.Or(lines.Err())
}
