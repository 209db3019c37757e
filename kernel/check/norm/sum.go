package norm

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"
)

// quantity is a number with the unit behind it: 40人, 3.5万元, 12%.
type quantity struct {
	num
	d    decimal
	unit string
	end  int // behind the unit
}

// units of running text, longer ones first.
var textUnits = []string{
	"个百分点", "平方公里", "平方米", "立方米", "万元", "亿元", "万人次", "万人", "万户", "万吨", "万亩", "万件", "万套", "人次", "公里", "公顷", "人", "名", "户", "家", "个", "件", "项", "所", "台", "套", "条", "份", "篇", "次", "起", "元", "吨", "亩", "处", "座", "辆", "场", "期", "宗", "幅", "块", "本", "册", "张", "只", "头", "株", "位", "%", "米", "亿", "万",
}

// quantityOf reads the unit behind a numeral; ok is false without one.
func (s *scan) quantityOf(n num) (quantity, bool) {
	if n.han || n.chain {
		return quantity{}, false
	}
	d, ok := parseDecimal(s.s[n.start:n.end])
	if !ok {
		return quantity{}, false
	}
	at := s.skip(n.end)
	unit := s.hasAny(at, textUnits...)
	if unit == "" || s.hasAny(at, "个月", "次会议", "期间", "年", "个百分点以", "多", "余", "%以") != "" {
		return quantity{}, false
	}
	if s.hasAny(at+len(unit), "以上", "以下", "多", "余", "左右", "以内") != "" {
		return quantity{}, false
	}
	if strings.ContainsRune("第-—~/", s.before(n.start)) || s.endsWith(n.start, "约", "近", "超", "超过", "不少于", "至少", "达到或超过", "人均", "户均", "平均", "每") != "" {
		return quantity{}, false
	}
	return quantity{n, d, unit, at + len(unit)}, true
}

// sums looks at sentences that state figures which follow from each other.
func (s *scan) sums() {
	var q []quantity
	end := 0
	for _, n := range s.nums {
		if n.start >= end {
			s.sentenceSums(q)
			q = q[:0]
			_, end = s.sentence(n.start)
		}
		if x, ok := s.quantityOf(n); ok {
			q = append(q, x)
		}
	}
	s.sentenceSums(q)
}

// sentenceSums checks the quantities of one sentence.
func (s *scan) sentenceSums(q []quantity) {
	if len(q) < 2 || len(q) > 40 {
		return
	}
	s.total(q)
	s.growth(q)
	s.shares(q)
}

var (
	totalAtEnd = regexp.MustCompile(`(?:合计|共计|总计|一共|共)[\p{Han} ]{0,4}$`)
	madeUpOf   = regexp.MustCompile(`^(?:其中|分别为|分别是|包括|由)[:,]?`)
)

// total compares a stated total with the parts listed before or behind it (C5).
func (s *scan) total(q []quantity) {
	// A40人、B35人，合计76人: the parts are one list of like quantities
	for i := 2; i < len(q); i++ {
		if !totalAtEnd.MatchString(s.s[q[i-1].end:q[i].start]) || len(s.s[q[i-1].end:q[i].start]) > 30 {
			continue
		}
		first := i - 1
		for first > 0 && q[first-1].unit == q[i].unit && s.listed(q[first-1].end, q[first].start) && !s.totalled(q, first-1) {
			first--
		}
		if first == i-1 || q[first].unit != q[i].unit || q[i-1].unit != q[i].unit {
			continue
		}
		if first > 0 && (q[first-1].unit == q[i].unit || strings.ContainsAny(s.s[q[first-1].end:q[first].start], "()")) {
			continue // the list may have begun before
		}
		s.compare(q[i], q[first:i])
	}
	// 共76人，其中男40人、女35人
	for i := 0; i+2 < len(q); i++ {
		between := s.s[q[i].end:q[i+1].start]
		between = strings.TrimLeft(between, ", (:")
		m := madeUpOf.FindString(between)
		if m == "" || !s.totalled(q, i) && !strings.HasPrefix(m, "其中") {
			continue
		}
		last := i + 1
		for last+1 < len(q) && q[last+1].unit == q[i].unit && s.listed(q[last].end, q[last+1].start) {
			last++
		}
		if last == i+1 || q[i+1].unit != q[i].unit || last+1 < len(q) && q[last+1].unit == q[i].unit && q[last+1].start-q[last].end < 40 {
			continue
		}
		parts := q[i+1 : last+1]
		if s.after(q[last].end) == '、' || strings.HasPrefix(m, "其中") && !s.complementary(parts) && !nearly(q[i], parts) {
			continue
		}
		s.compare(q[i], parts)
	}
}

// totalled tells whether a word for a total stands between quantity i and the one
// before it, or the beginning of the sentence.
func (s *scan) totalled(q []quantity, i int) bool {
	w := s.window(q[i].start, 45)
	if i > 0 && q[i].start-q[i-1].end < len(w) {
		w = s.s[q[i-1].end:q[i].start]
	}
	return strings.Contains(w, "共") || strings.Contains(w, "合计") || strings.Contains(w, "总计") || strings.Contains(w, "总数")
}

// listed tells whether two quantities are neighbours in a list: 男40人、女35人.
func (s *scan) listed(end, start int) bool {
	between := s.s[end:start]
	if len(between) > 60 {
		return false
	}
	r, size := utf8.DecodeRuneInString(between)
	if r != '、' && r != ',' {
		return false
	}
	return !strings.ContainsAny(between[size:], ",、()") && !strings.Contains(between, "其中") && !strings.Contains(between, "占") && !strings.Contains(between, "比")
}

// complements are words of which two make a whole.
var complements = [][2]string{{"男", "女"}, {"城镇", "农村"}, {"城市", "农村"}, {"线上", "线下"}, {"公办", "民办"}, {"国内", "国外"}, {"新建", "续建"}, {"主动公开", "依申请公开"}, {"自然人", "法人"}, {"予以公开", "不予公开"}}

// complementary tells whether the parts behind 其中 are all there are: two that make
// a whole. Other lists behind 其中 may leave parts out or overlap.
func (s *scan) complementary(parts []quantity) bool {
	if len(parts) != 2 {
		return false
	}
	a, b := s.window(parts[0].start, 24), s.window(parts[1].start, 24)
	for _, c := range complements {
		if strings.Contains(a, c[0]) && strings.Contains(b, c[1]) || strings.Contains(a, c[1]) && strings.Contains(b, c[0]) {
			return true
		}
	}
	return false
}

// nearly tells whether parts behind 其中 miss the total by so little that they are meant
// to be all of it. Groups of people overlap and leave others out, so theirs never are.
func nearly(total quantity, parts []quantity) bool {
	if strings.HasSuffix(total.unit, "人") || total.unit == "名" || total.unit == "户" || total.unit == "%" {
		return false
	}
	sum := 0.0
	for _, p := range parts {
		sum += p.d.float()
	}
	miss := (sum - total.d.float()) / total.d.float()
	return miss > -0.05 && miss < 0.15
}

// compare reports a total that is not the sum of its parts.
func (s *scan) compare(total quantity, parts []quantity) {
	sum, slack := 0.0, 0.0
	for _, p := range parts {
		sum += p.d.float()
		if p.d.places > 0 || strings.HasPrefix(p.unit, "万") || strings.HasPrefix(p.unit, "亿") || p.unit == "%" {
			slack += p.d.half()
		}
	}
	if slack > 0 {
		slack += total.d.half()
	}
	diff := math.Abs(sum - total.d.float())
	if diff <= slack+1e-9 || total.d.float() == 0 || sum/total.d.float() > 2 || sum/total.d.float() < 0.5 {
		return
	}
	places := total.d.places
	for _, p := range parts {
		places = max(places, p.d.places)
	}
	s.hit("C5", total.start, total.num.end, "", "合计与分项之和不符：%s≠%s，请核对。", total.d, decimal{int64(math.Round(sum * pow10(places))), places})
}

var (
	grew      = regexp.MustCompile(`^[,，]?(?:同比|环比|比上年|较上年|比去年|较去年|年均)?(增长|增加|提高|上升|提升|增幅|增幅达|增幅为|下降|减少|降低|降幅|降幅达|降幅为|压减)(?:了|率为|率达|达|为|约)?$`)
	fromTo    = regexp.MustCompile(`^(?:增加|增长|提高|上升|提升|扩大|升|增|下降|减少|降低|降|减|压减|缩减|压缩)(?:到了|到|至|为)(?:[^0-9,;。]{0,30})$`)
	lastYear  = regexp.MustCompile(`(?:上年|去年|上年同期|去年同期)(?:的|为|同期的|同期为|是)?$`)
	thisYear  = regexp.MustCompile(`^,?(?:今年|本年|20\d\d年)[^0-9,;。]{0,30}$`)
	shareWord = regexp.MustCompile(`^[,(]?(?:占|占比|占比为|占比达|占总数的|占总数|占全部的|占总量的|占总人数的|占总额的)$`)
)

// growth compares stated growth with the two figures of the sentence (C10).
func (s *scan) growth(q []quantity) {
	for i := 0; i+2 < len(q); i++ {
		a, b, p := q[i], q[i+1], q[i+2]
		if a.unit != b.unit || p.unit != "%" && p.unit != "个百分点" || a.d.v == 0 {
			continue
		}
		word := grew.FindStringSubmatch(strings.TrimSpace(s.s[b.end:p.start]))
		if word == nil {
			continue
		}
		before, between := s.window(a.start, 90), strings.TrimSpace(s.s[a.end:b.start])
		from := strings.LastIndex(before, "从")
		from = max(from, strings.LastIndex(before, "由"))
		switch {
		case from >= 0 && !strings.ContainsAny(before[from:], ",。;") && fromTo.MatchString(between):
		case nextYear(before, between):
		case (strings.Contains(before, "去年") || strings.Contains(before, "上年")) && thisYear.MatchString(between):
		case lastYear.MatchString(between) && !strings.Contains(between, "比"):
			a, b = b, a // this year's figure stands first
			if a.d.v == 0 {
				continue
			}
		default:
			continue
		}
		sign := 1.0
		if strings.ContainsAny(word[1], "降减") {
			sign = -1
		}
		if strings.Contains(s.s[b.end:p.start], "环比") || strings.Contains(s.s[b.end:p.start], "年均") {
			continue
		}
		x, y := a.d.float(), b.d.float()
		right, low, high := 0.0, 0.0, 0.0
		if p.unit == "个百分点" {
			if a.unit != "%" {
				continue
			}
			right = sign * (y - x)
			if math.Abs(p.d.float()-right) <= 1.01/pow10(max(a.d.places, b.d.places))*b2f(a.d.places+b.d.places > 0)+1e-9 {
				continue
			}
		} else {
			if a.unit == "%" {
				continue // growth of a share: percent or points, left open
			}
			change := func(x, y float64) float64 { return sign * (y - x) / x * 100 }
			right = change(x, y)
			if x <= a.d.half() {
				continue
			}
			low = math.Min(change(x+rounded(a), y-rounded(b)), change(x-rounded(a), y+rounded(b)))
			high = math.Max(change(x+rounded(a), y-rounded(b)), change(x-rounded(a), y+rounded(b)))
		}
		if v := p.d.float(); v < low-p.d.half()*2-1e-9 || v > high+p.d.half()*2+1e-9 {
			s.hit("C10", p.start, p.num.end, "", "按所列数据计算应为%.*f%s，请核对。", max(p.d.places, 1), right, p.unit)
		}
	}
}

// nextYear tells whether two figures are those of one thing in two years in a row:
// 2021年收到申请80件，2022年收到申请100件.
func nextYear(before, between string) bool {
	i := strings.LastIndex(before, "年")
	j := strings.Index(between, "年")
	if i < 4 || j < 4 {
		return false
	}
	x, okX := parseDecimal(before[i-4 : i])
	y, okY := parseDecimal(strings.TrimPrefix(between[:j], ","))
	if !okX || !okY || x.v < 1990 || y.v != x.v+1 {
		return false
	}
	first, second := before[i+len("年"):], between[j+len("年"):]
	if strings.ContainsAny(first, ",。;") {
		return false
	}
	switch second {
	case first, "", "为", "达", "达到", "增至", "升至", "增加到", "增长到", "上升到", "降至", "减少到", "下降到", "共" + first:
		return true
	}
	return false
}

// rounded is how far a quantity may lie from the true value: counts are exact.
func rounded(q quantity) float64 {
	if q.d.places == 0 && !strings.HasPrefix(q.unit, "万") && !strings.HasPrefix(q.unit, "亿") {
		return 0
	}
	return q.d.half()
}

// shares compares 占比 with the total and the part of the sentence (C10).
func (s *scan) shares(q []quantity) {
	base := -1
	for i := 0; i+1 < len(q); i++ {
		if q[i].unit == "%" {
			continue
		}
		if s.hasAny(q[i].end, ",其中", "(其中") != "" || s.totalled(q, i) && !strings.Contains(s.window(q[i].start, 12), "其中") {
			base = i
			continue
		}
		p := q[i+1]
		if base < 0 || p.unit != "%" || q[i].unit != q[base].unit || !shareWord.MatchString(strings.TrimSpace(s.s[q[i].end:p.start])) {
			continue
		}
		total, part := q[base], q[i]
		if total.d.v == 0 || part.d.float() > total.d.float() || !strings.Contains(s.s[total.end:part.start], "其中") {
			continue
		}
		right := part.d.float() / total.d.float() * 100
		slack := p.d.half()*2 + (rounded(part)+rounded(total)*right/100)/total.d.float()*100
		if math.Abs(right-p.d.float()) > slack+1e-9 {
			s.hit("C10", p.start, p.num.end, "", "按所列数据计算占比应为%.*f%%，请核对。", max(p.d.places, 1), right)
		}
	}
}
