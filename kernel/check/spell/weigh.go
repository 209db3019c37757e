package spell

import "math"

// evidence is how well the characters at a place are known beside their
// neighbours: levels of counts, so each is twice the binary logarithm of one.
type evidence struct {
	left, right       float64 // with the neighbour before, with the one behind
	before, in, after float64 // runs of three: two neighbours before, one at each side, two behind
	inner             float64 // of two characters with each other
	word              float64 // the larger of left and right beside what chance would give
	lone              float64 // the first character by itself
}

// evidence reads characters that have two neighbours at each end.
func (m *model) evidence(x []char) evidence {
	n := len(x)
	lone := func(c char) float64 { return 2 * math.Log2(m.one[c]+1) }
	e := evidence{
		left: float64(m.two(x[1], x[2])), right: float64(m.two(x[n-3], x[n-2])),
		before: float64(m.three(x[0], x[1], x[2])), in: float64(m.three(x[1], x[2], x[3])), after: float64(m.three(x[n-3], x[n-2], x[n-1])),
		inner: float64(m.two(x[2], x[3])), lone: lone(x[2]),
	}
	e.word = max(e.left-lone(x[1])-e.lone, e.right-lone(x[n-2])-lone(x[n-3]))
	return e
}

// runs counts the known runs of three.
func (e evidence) runs() float64 { return sign(e.before) + sign(e.in) + sign(e.after) }

func sign(level float64) float64 { return min(level, 1) }

// The weights of a logistic regression that was fitted on official texts kept out
// of the model, with and without planted errors (see README.md). The first stands
// alone, the others belong to the values in their order.
var (
	oneWeights = []float64{-5.764, 0.02916, 0.177, -0.1076, 0.05675, 0.1083, 0.1043, -0.2271, -0.07206, -0.7106, 0.07868, 0.1821}
	twoWeights = []float64{-11.5, 0.284, -0.05245, -0.1421, 0.05848, 0.9325, 0.001748, 0.156}
)

// weigh is the log odds that a find is an error.
func (c *Checker) weigh(l *line, f find, odd float64) float64 {
	weights := oneWeights
	if f.size == 2 {
		weights = twoWeights
	}
	score := weights[0]
	for i, v := range c.values(l, f, odd) {
		score += weights[i+1] * v
	}
	return score
}

// values are what is known about a find: 11 of one character, 7 of two.
func (c *Checker) values(l *line, f find, odd float64) []float64 {
	m := c.model
	x := l.chars[f.at-2 : f.at+f.size+2]
	y := append(make([]char, 0, 6), x...)
	copy(y[2:], f.meant[:f.size])
	was, is := m.evidence(x), m.evidence(y)
	if f.size == 2 {
		return []float64{
			f.gain, max(was.left, was.right), max(was.before, was.after),
			min(is.left, is.right), is.runs(), is.word, is.inner,
		}
	}
	start := 0.0 // how odd the character before is: an unknown name rather than an error
	if f.at > before {
		start = m.chance(l.chars[f.at-4], l.chars[f.at-3], l.chars[f.at-2], l.chars[f.at-1])
	}
	place := 0.0
	if places[l.runes[f.at+1]] {
		place = 1
	}
	return []float64{
		f.gain, min(f.gain, 20), max(was.left, was.right),
		max(is.left, is.right), max(is.before, is.in, is.after), is.word,
		max(odd, -35), start, place, is.lone, max(odd+f.gain, -25),
	}
}

// places end or go on names of places and firms, which no model knows all.
var places = set("村镇乡街社小水山路大县区组屯寨庄桥公集中园产片河湖江湾市队站苑")

// surnames are those that seldom stand for anything else.
var surnames = set("张王李刘陈杨赵黄周吴徐孙朱郭罗宋谢唐韩曹邓萧冯蔡彭潘袁董苏叶吕魏蒋杜丁沈姜范傅钟卢汪戴崔陆廖姚邱" +
	"谭韦贾邹熊孟秦阎薛侯郝孔邵龚赖贺尹钱佘粟柳覃樊殷翟翁阮欧")

func set(chars string) map[rune]bool {
	s := map[rune]bool{}
	for _, r := range chars {
		s[r] = true
	}
	return s
}
