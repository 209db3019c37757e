package match

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

type hit struct{ term, start, end int }

func all(s *Set, text string) (hits []hit) {
	s.Each(text, func(term, start, end int) { hits = append(hits, hit{term, start, end}) })
	return hits
}

// plainly is what Each promises, by strings.Index alone.
func plainly(terms []string, text string) (hits []hit) {
	for n, t := range terms {
		if t == "" || !utf8.ValidString(t) {
			continue
		}
		for from := 0; ; {
			i := strings.Index(text[from:], t)
			if i < 0 {
				break
			}
			hits = append(hits, hit{n, from + i, from + i + len(t)})
			from += i + 1
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.term, b.term))
	})
	return hits
}

func same(t *testing.T, terms []string, text string) {
	t.Helper()
	if got, want := all(New(terms), text), plainly(terms, text); !slices.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Fatalf("terms %q in %q: from hit %d on\n got %v\nwant %v", terms, text, i, got[i:min(i+3, len(got))], want[i:min(i+3, len(want))])
	}
}

func TestEach(t *testing.T) {
	long := strings.Repeat("a", 40)
	for name, c := range map[string]struct {
		terms []string
		text  string
	}{
		"nothing":                   {nil, "依法行政"},
		"only empty terms":          {[]string{"", ""}, "依法行政"},
		"an empty text":             {[]string{"依法"}, ""},
		"one within another":        {[]string{"行政", "依法行政", "法行", "依法", "政"}, "坚持依法行政。"},
		"single characters":         {[]string{"的", "，", "a", "é", "𠮷"}, "的a，é𠮷的的"},
		"single at the end":         {[]string{"局"}, "统计局"},
		"single begins a longer":    {[]string{"局", "局长", "局长办公会"}, "局长办公会，局，局里，局长办公室"},
		"twice":                     {[]string{"公开", "x", "公开", "公", "公"}, "政务公开"},
		"mixed":                     {[]string{"A股", "股A", "5G", "5G基站", "G", "《", "T恤"}, "A股A5G基站《5G》T恤"},
		"one repeated character":    {[]string{"a", "aa", "aaaa", long, long + "b"}, strings.Repeat("a", 100) + "b"},
		"repeated Chinese":          {[]string{"好", "好好", "好好好好好好"}, strings.Repeat("好", 30)},
		"text ends within a term":   {[]string{"中华人民共和国", "中华人民", "人民共和国"}, "中华人民共和"},
		"zero bytes":                {[]string{"a\x00", "a\x00\x00", "ab\x00", "ab", "\x00", "ab\x00\x00\x00\x00\x00\x00\x00\x00\x00"}, "ab\x00a\x00\x00ab"},
		"zero bytes at the end":     {[]string{"ab\x00c", "ab\x00", "ab"}, "ab"},
		"invalid text":              {[]string{"中", "中文", "a", "文"}, "\xe4\xb8中文\xff中\xe4a\xe4\xb8\xad\x80文\xe6\x96"},
		"invalid terms":             {[]string{"\xe4\xb8", "\xad", "\xff", "中"}, "中\xff\xe4\xb8"},
		"same eight bytes behind":   {[]string{"建设工程质量", "建设工程质检", "建设工程", "建设工程质量管理条例", "建设"}, "建设工程质量管理条例、建设工程质量管理办法"},
		"before every term of pair": {[]string{"行政复议", "行政许可", "行"}, "行政一、行政"},
	} {
		t.Run(name, func(t *testing.T) { same(t, c.terms, c.text) })
	}
}

// words makes random words of an alphabet so small that they overlap often.
func words(r *rand.Rand, alphabet []string, count, longest int) []string {
	out := make([]string, count)
	for i := range out {
		for range r.IntN(longest + 1) {
			out[i] += alphabet[r.IntN(len(alphabet))]
		}
	}
	return out
}

func TestEachIsWhatIndexFinds(t *testing.T) {
	alphabets := [][]string{
		{"a", "b"}, {"中", "文"}, {"中", "丮", "文", "a", "é", "𠮷"}, {"\x00", "a"},
		{"中", "\xe4", "\xb8", "\xad", "a", "\xff"}, strings.Split("依法行政公开透明建设工程质量管理条例", ""),
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		alphabet := alphabets[r.IntN(len(alphabets))]
		terms := words(r, alphabet, r.IntN(30), 1+r.IntN(14))
		same(t, terms, strings.Join(words(r, alphabet, 8, 30), ""))
	}
}

func TestSetServesManyAtOnce(t *testing.T) {
	s := New([]string{"依法", "行政", "依法行政"})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := len(all(s, strings.Repeat("依法行政", 1000))); got != 3000 {
				t.Errorf("found %d", got)
			}
		})
	}
	group.Wait()
}

func FuzzEach(f *testing.F) {
	f.Add("依法\n依法行政\n行政\n政", "坚持依法行政")
	f.Add("a\naa\naaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaab")
	f.Add("a\x00\na\x00\x00", "a\x00")
	f.Add("中\n\xe4\xb8", "\xe4\xb8中\xff")
	f.Fuzz(func(t *testing.T, terms, text string) {
		if len(terms) < 2000 && len(text) < 2000 {
			same(t, strings.Split(terms, "\n"), text)
		}
	})
}

// many are different terms of 2 to 12 characters, with a text of which some are a
// small part. All terms begin with the prefix.
func many(count int, prefix string) (terms []string, text string) {
	r := rand.New(rand.NewPCG(3, 4))
	word := func(size int) (w string) {
		for range size {
			w += string(rune(0x4e00 + 7*r.IntN(r.IntN(2000)+1))) // some characters are frequent
		}
		return w
	}
	known := map[string]bool{}
	for len(terms) < count {
		if t := prefix + word(2+r.IntN(r.IntN(11)+1)); !known[t] {
			known[t] = true
			terms = append(terms, t)
		}
	}
	var b strings.Builder
	for b.Len() < 1e6 {
		b.WriteString(word(40))
		b.WriteString(terms[r.IntN(count)])
	}
	return terms, b.String()
}

// The last two are what a text can do at worst: each place takes as many steps as
// the longest term has characters, here 200.
func BenchmarkEach(b *testing.B) {
	terms, text := many(50_000, "")
	one, oneText := many(50_000, "公开")
	long := strings.Repeat("啊", 200)
	var nested []string
	for i := range 200 {
		nested = append(nested, strings.Repeat("啊", i)+"呀")
	}
	for _, c := range []struct {
		name  string
		terms []string
		text  string
	}{
		{"Mixed", terms, text},
		{"Latin", terms, strings.Repeat("a word of Latin letters ", 20_000)},
		{"OnePair", one, oneText},
		{"OnePairRepeated", one, strings.Repeat("公开", 100_000)},
		{"RepeatedOneTerm", []string{long + "呀"}, strings.Repeat("啊", 100_000)},
		{"RepeatedFork", []string{long + "呀", long + "哦"}, strings.Repeat("啊", 100_000)},
		{"RepeatedForkAtEach", nested, strings.Repeat("啊", 100_000)},
	} {
		s := New(c.terms)
		b.Run(c.name, func(b *testing.B) {
			count := 0
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				s.Each(c.text, func(_, _, _ int) { count++ })
			}
			b.ReportMetric(float64(count)/float64(b.N)/float64(len(c.text))*1000, "hits/KB")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	terms, _ := many(50_000, "")
	var s *Set
	for b.Loop() {
		s = New(terms)
	}
	b.ReportMetric(float64(s.Size())/1e6, "MB")
}
