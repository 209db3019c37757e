package reader

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
)

var (
	numberAlone = regexp.MustCompile(`^(?:(?:发文字号|文号|发文文号|文件编号|字号)[:：]?)?\(?([\p{Han}]{1,12}(?:\([\p{Han}]{1,6}\))?[\[(]\d{4}[\])](?:第)?\d{1,5}号)\)?$`)
	numberNamed = regexp.MustCompile(`(?:发文字号|文号)[:：|]?([\p{Han}]{1,12}[\[(]\d{4}[\])](?:第)?\d{1,5}号)`)
	dateAlone   = regexp.MustCompile(`^(?:(?:成文日期|发文日期|印发日期)[:：]?)?(\d{4})年(\d{1,2})月(\d{1,2})日(印发)?$`)
	dateHan     = regexp.MustCompile(`^([二一][〇零○O0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日$`)
	issuerAlone = regexp.MustCompile(`^[\p{Han}()、]{2,30}(政府|办公室|办公厅|委员会|国务院|局|厅|委|中心|院|部|处|站|领导小组|署|办|会|公司|大学|学院|医院|学校)$`)
	titleEnd    = regexp.MustCompile(`(要点|分工|方案|分解表?|分工表|任务表|清单|安排|计划|意见|通知|分解|措施|台账|责任表|一览表|目录|细则|规划|办法|行动|任务|分工安排|责任状|重点工作|举措|工作表|汇总表|推进表|任务书|要求|事项|表|实事(项目|任务|工作|目标)*)(\(.{1,16}\))?$`)
	strongTitle = regexp.MustCompile(`(要点|分工|方案|分解表?|分工表|任务表|清单|安排|计划|意见|通知|台账|一览表|目录|细则|规划|办法)(\(.{1,16}\))?$`)
	// namedPlan is the plan's name in its cover letter.
	namedPlan = regexp.MustCompile(`(?:印发|现将|下发|转发)?《((?:[^《》]|《[^《》]*》)*(?:要点|分工|方案|分解表?|清单|安排|计划|意见|任务|措施|行动)[^《》]{0,12})》(?:\(以下简称[^()]*\))?(?:已经|业经|经|印发|的通知|下发|予以印发)`)
	planWord  = regexp.MustCompile(`要点|分工|分解|任务|方案|计划|清单|安排|意见|举措|措施|行动|规划|重点`)
	issued    = regexp.MustCompile(`印发(给)?你们|通知如下|转发给你们|下发给你们|遵照执行|贯彻执行|认真(贯彻|组织|抓好)`)
	yearSpan  = regexp.MustCompile(`\d{4}年?[-至到]\d{4}`)
	handsOn   = regexp.MustCompile(`(印发|转发|下发)(给)?你们`)
	annexLine = regexp.MustCompile(`^附件?[:：]?[\d一二三]*[:：.、]?`)
	yearIn    = regexp.MustCompile(`(20\d\d)\s*年`)
	addressee = regexp.MustCompile(`[:：]$`)
	// loneTitle is the title that a document in one line starts with: up to the
	// word that begins its first sentence.
	loneTitle = regexp.MustCompile(`^(.{4,90}?(?:要点|分工|方案|分解表?|清单|安排|计划|意见|通知|措施|办法|规划))(?:为|根据|按照|依据|坚持|各|今年|\d{4}年|现|一、|近年|当前|以习|经|\(一\)|1\.)`)
)

// front holds what stands before the plan.
type front struct {
	title  text
	number string
	issuer string
	date   calendar.Date
	letter []text // the lines of the cover letter
	year   int
	only   bool // there is nothing but the letter
}

// open reads title, number, letter, issuer and date, and returns the parts with
// the lines that belong to them taken out.
func (b *builder) open(parts []part) (front, []part) {
	var f front
	var lines []text // with the index of each in its part
	type at struct{ part, line int }
	var where []at
	firstTable := len(parts)
	for i, p := range parts {
		if p.grid != nil && (p.grid.stream || p.grid.found()) {
			firstTable = i
			break
		}
		for k, l := range p.lines {
			lines, where = append(lines, l), append(where, at{i, k})
		}
	}
	lineTotal := len(lines)
	structure := func(i int) bool {
		m, ok := lines[i].trim().number(0)
		return ok && m.level <= arabic && !annexLine.MatchString(lines[i].tight())
	}
	// Where the letter ends: its date, or a title behind 现将…印发给你们.
	end := -1
	said := false
	for i := 0; i < lineTotal; i++ {
		s := lines[i].tight()
		d, ok := readDate(s)
		if ok && i > 0 && hasAfter(lines, i, structure, firstTable < len(parts)) && (said || hasTitle(lines, i) || restarts(lines, i)) {
			f.date = d
			if end < 0 || !structureBetween(end, i, structure) {
				end = i
			}
			break
		}
		if issued.MatchString(s) && len(s) > 30 {
			said = true
		}
	}
	if end < 0 && said {
		from := 0
		for i := 0; i < lineTotal; i++ {
			if issued.MatchString(lines[i].tight()) && lines[i].len() > 12 {
				from = i + 1
				break
			}
		}
		for i := from; i < lineTotal; i++ {
			if looksTitle(lines[i]) && planWord.MatchString(lines[i].folded()) && !annexLine.MatchString(lines[i].tight()) && hasAfter(lines, i, structure, firstTable < len(parts)) {
				end = i - 1
				break
			}
		}
		if end < 0 {
			end = demands(lines, from, firstTable < len(parts)) - 1
		}
	}
	if end < 0 && firstTable == len(parts) && letterOnly(lines, structure) {
		f.letter, end = lines, lineTotal-1
		f.only = true
	}
	// The title is the last title-like line before the first number behind the letter.
	body := lineTotal
	for i := end + 1; i < lineTotal; i++ {
		if structure(i) {
			body = i
			break
		}
	}
	first, last := -1, -1
	for i := end + 1; i < body; i++ {
		if first >= 0 && lines[i].len() > 30 && strings.ContainsRune(string(lines[i].fold), '。') {
			break // the preamble has begun
		}
		if looksTitle(lines[i]) && !annexLine.MatchString(lines[i].tight()) {
			last = i
			if first < 0 {
				first = i
			}
			if i+1 < body && addresseeNext(lines, i+1, body) {
				break
			}
		}
	}
	if last >= 0 {
		f.title = joinTitle(lines, last, end+1)
	}
	if f.title.len() == 0 {
		for i := 0; i <= end && f.title.len() == 0; i++ {
			s := strings.NewReplacer("<", "《", ">", "》").Replace(lines[i].folded())
			if m := namedPlan.FindStringSubmatchIndex(s); m != nil {
				from := len([]rune(s[:m[2]]))
				f.title = lines[i].sub(from, from+len([]rune(s[m[2]:m[3]])))
			}
		}
	}
	if f.title.len() == 0 {
		for i := 0; i <= end; i++ {
			if looksTitle(lines[i]) {
				f.title = joinTitle(lines, i, 0)
				break
			}
		}
	}
	if own := handedOn(f.title); own.len() > 0 {
		f.title = own
	}
	if f.title.len() == 0 { // a document in one line
		for i := 0; i < min(lineTotal, 3); i++ {
			s := lines[i].trim()
			if s.len() < 150 && !b.ran {
				continue
			}
			if m := loneTitle.FindStringSubmatch(s.folded()); m != nil {
				f.title = s.sub(0, len([]rune(m[1])))
				break
			}
		}
	}
	if f.title.len() == 0 {
		f.title = tableTitle(parts)
	}
	// Number, issuer and date.
	for i := 0; i < min(lineTotal, max(body, 12)); i++ {
		s := lines[i].tight()
		if m := numberAlone.FindStringSubmatch(s); m != nil && f.number == "" {
			f.number = rawNumber(lines[i])
		}
		if m := numberNamed.FindStringSubmatch(s); m != nil && f.number == "" {
			w := lines[i].words()
			if k := w.index(m[1], 0); k >= 0 {
				f.number = w.sub(k, k+len([]rune(m[1]))).String()
			}
		}
	}
	for i := 0; i <= end && i < lineTotal; i++ {
		if issuerAlone.MatchString(lines[i].tight()) && i > 0 {
			f.issuer = clean(lines[i].words())
		}
	}
	if f.issuer == "" || f.date.IsZero() {
		f.tail(parts)
	}
	if f.issuer == "" {
		for i := 0; i < min(body, lineTotal); i++ {
			if s := lines[i].tight(); issuerAlone.MatchString(s) && len([]rune(s)) >= 4 {
				f.issuer = clean(lines[i].words())
				break
			}
		}
	}
	if end >= 0 && !f.only {
		f.letter = lines[:end+1]
	}
	f.year = b.year(f, lines, end)
	if end < 0 {
		return f, parts
	}
	cut := where[end]
	parts = append([]part(nil), parts[cut.part:]...)
	parts[0] = part{lines: parts[0].lines[cut.line+1:], grid: parts[0].grid}
	return f, parts
}

// handsOnPlan is the title of a notice that hands on a plan.
var handsOnPlan = regexp.MustCompile(`(?:印发|转发|下发)(.{6,})的通知$`)

// handedOn is the plan's own title in that of the notice which hands it on:
// 关于印发《…》的通知. Empty when the notice is the plan.
func handedOn(title text) text {
	m := handsOnPlan.FindStringSubmatchIndex(title.folded())
	if m == nil || !planWord.MatchString(title.folded()[m[2]:m[3]]) {
		return text{}
	}
	from := utf8.RuneCountInString(title.folded()[:m[2]])
	own := title.sub(from, title.len()-3).trim()
	if n := own.len(); own.fold[0] == '《' && own.fold[n-1] == '》' {
		own = own.sub(1, n-1)
	}
	return own
}

// tableTitle is a title in the first rows of a table, above its header.
func tableTitle(parts []part) text {
	for _, p := range parts {
		if p.grid == nil {
			continue
		}
		at, _ := p.grid.header()
		for _, row := range p.grid.rows[:max(at, 0)] {
			for _, c := range row {
				if c.text.len() > 0 && looksTitle(c.text) {
					return c.text
				}
			}
		}
		return text{}
	}
	return text{}
}

// found reports whether the columns of a plan's table can be told.
func (g *grid) found() bool {
	at, _ := g.header()
	return at >= 0 || g.guess() != nil
}

// toAll is how a letter's demand speaks: to all units at once.
var toAll = regexp.MustCompile(`(各|有关|相关|牵头|责任|配合|参与)[^,。;]{0,16}(单位|部门|科室|地区?|乡镇|镇街|街道|县区|市区|政府|方面|级)[^。;]{0,30}(要|应|须|将|请|务必|及时|认真|按照|切实|主动|抓紧)|督查|督办|督导|考核|通报|报送`)

// demands returns the line behind the numbered demands that follow a letter's
// 现将…印发给你们 where no title parts them from the plan; 0 when there are none.
// They are single paragraphs that speak to all units and name none for a task;
// the plan begins where another kind of number does, or the same from one.
func demands(lines []text, from int, table bool) int {
	var first mark
	n, all, end := 0, 0, len(lines)
	for i := from; i < len(lines); i++ {
		m, ok := lines[i].trim().number(0)
		if !ok || m.level > arabic {
			continue
		}
		if n > 0 && (m.level != first.level || m.n != n+1) {
			end = i
			break
		}
		if s := segments(lines[i]); m.n != n+1 || lines[i].len() < 15 || len(s) > 1 || s[0].note != nil {
			return 0
		}
		if toAll.MatchString(lines[i].folded()) {
			all++
		}
		first, n = m, m.n
	}
	if n < 2 || all*2 <= n || end == len(lines) && !table || end < len(lines) && !notedLines(lines[end:]) {
		return 0
	}
	return end
}

// letterOnly reports whether the text is a cover letter without its plan: it
// hands on a plan in 《》, and its numbers name no unit.
func letterOnly(lines []text, structure func(int) bool) bool {
	for i, l := range lines {
		if structure(i) {
			return false
		}
		s := l.tight()
		if !strings.Contains(s, "》") || !handsOn.MatchString(s) || !planWord.MatchString(s) {
			continue
		}
		numbered := false
		for k := i + 1; k < len(lines); k++ {
			if !numbered && looksTitle(lines[k]) && !annexLine.MatchString(lines[k].tight()) {
				return false
			}
			numbered = numbered || structure(k)
		}
		return !notedLines(lines)
	}
	return false
}

// hasAfter reports whether numbered text or a table follows line i.
func hasAfter(lines []text, i int, structure func(int) bool, table bool) bool {
	if table {
		return true
	}
	for j := i + 1; j < len(lines); j++ {
		if structure(j) {
			return true
		}
	}
	return false
}

func structureBetween(a, b int, structure func(int) bool) bool {
	for i := a + 1; i < b; i++ {
		if structure(i) {
			return true
		}
	}
	return false
}

// restarts reports whether numbers stand before line i and begin again behind it,
// as those of a plan do behind the signed letter.
func restarts(lines []text, i int) bool {
	one := func(l text) int {
		if m, ok := l.trim().number(0); ok && m.level <= arabic {
			return m.n
		}
		return 0
	}
	if !slices.ContainsFunc(lines[:i], func(l text) bool { return one(l) > 0 }) {
		return false
	}
	k := slices.IndexFunc(lines[i:], func(l text) bool { return one(l) > 0 })
	return k > 0 && one(lines[i+k]) == 1
}

// hasTitle reports whether a title stands within the lines behind i.
func hasTitle(lines []text, i int) bool {
	n := 0
	for j := i + 1; j < len(lines) && n < 12; j++ {
		if lines[j].empty() {
			continue
		}
		n++
		if looksTitle(lines[j]) {
			return true
		}
	}
	return false
}

func addresseeNext(lines []text, i, end int) bool {
	for ; i < end; i++ {
		if !lines[i].empty() {
			return addressee.MatchString(lines[i].tight())
		}
	}
	return false
}

// looksTitle reports whether a line is, or ends, a title.
func looksTitle(t text) bool {
	s := t.tight()
	n := len([]rune(s))
	if n < 4 || n > 80 || strings.ContainsAny(s, "。;!?|") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, ",") || strings.HasSuffix(s, "、") {
		return false
	}
	if _, ok := t.trim().number(0); ok {
		return false
	}
	if strings.ContainsAny(s, ">") || strings.Contains(s, "发布时间") || strings.Contains(s, "来源:") || strings.Contains(s, "索引号") || roleOf(s) != none && n < 8 {
		return false
	}
	if i := strings.IndexRune(s, ':'); i >= 0 && i < 24 {
		return false
	}
	return titleEnd.MatchString(s)
}

// joinTitle puts the lines of a title together.
func joinTitle(lines []text, i, from int) text {
	t := lines[i].words()
	for k, blanks := i-1, 0; k >= from && blanks < 3; k-- {
		if lines[k].empty() {
			blanks++
			continue
		}
		s := lines[k].tight()
		n := len([]rune(s))
		if n > 45 || strings.ContainsAny(s, "。;,:|>") || (strongTitle.MatchString(s) || looksTitle(lines[k]) && yearIn.MatchString(t.folded())) && !strings.Contains(s, "关于") || numberAlone.MatchString(s) || strings.HasPrefix(s, "(") || annexLine.MatchString(s) && strings.HasPrefix(s, "附") {
			break
		}
		if _, ok := readDate(s); ok || strings.Trim(s, "0123456789-:/. ") == "" || len([]rune(s)) < 3 {
			break
		}
		if looksTitle(lines[k]) && strings.HasSuffix(s, "通知") {
			break
		}
		// A line that names only the issuer goes with 关于…
		if issuerAlone.MatchString(s) && !strings.HasPrefix(t.tight(), "关于") && !strings.HasPrefix(t.tight(), "印发") && !(blanks == 0 && strings.Contains(s, "贯彻")) && !halfTitle(s) {
			break
		}
		if !issuerAlone.MatchString(s) && !halfTitle(s) && !strings.HasPrefix(t.tight(), "工作") && t.len() > 16 {
			break
		}
		t = lines[k].words().add(t)
		blanks = 0
	}
	return t
}

// halfTitle reports whether a line starts a title that the next line ends.
func halfTitle(s string) bool {
	return strings.Contains(s, "关于") || strings.Contains(s, "贯彻") || strings.Contains(s, "落实") || strings.Contains(s, "印发") || yearIn.MatchString(s) || strings.HasSuffix(s, "工作") || strings.HasSuffix(s, "建设") || strings.Contains(s, "推进") || strings.Contains(s, "重点")
}

// readDate reads a line that is a date.
func readDate(s string) (calendar.Date, bool) {
	if m := dateAlone.FindStringSubmatch(s); m != nil {
		y, mo, d := atoi10(m[1]), atoi10(m[2]), atoi10(m[3])
		if mo >= 1 && mo <= 12 && d >= 1 && d <= 31 {
			return calendar.Day(y, time.Month(mo), d), true
		}
	}
	if m := dateHan.FindStringSubmatch(s); m != nil {
		y := 0
		for _, r := range m[1] {
			i := strings.IndexRune("零一二三四五六七八九", r)
			if i < 0 {
				i = 0
			}
			y = y*10 + i/3
		}
		mo, d := hanNumber([]rune(m[2])), hanNumber([]rune(m[3]))
		if mo >= 1 && mo <= 12 && d >= 1 && d <= 31 && y > 1949 {
			return calendar.Day(y, time.Month(mo), d), true
		}
	}
	return calendar.Date{}, false
}

// tail looks for the signature at the end of the document.
func (f *front) tail(parts []part) {
	var last []text
	for i := len(parts) - 1; i >= 0 && len(last) < 30; i-- {
		for k := len(parts[i].lines) - 1; k >= 0 && len(last) < 30; k-- {
			if !parts[i].lines[k].empty() {
				last = append(last, parts[i].lines[k])
			}
		}
	}
	for i, l := range last {
		d, ok := readDate(l.tight())
		if !ok {
			continue
		}
		if f.date.IsZero() {
			f.date = d
		}
		if i+1 < len(last) && issuerAlone.MatchString(last[i+1].tight()) && f.issuer == "" {
			f.issuer = clean(last[i+1].words())
		}
		return
	}
}

// rawNumber is a document number as written, without a label before it.
func rawNumber(t text) string {
	w := t.words()
	if i := w.index(":", 0); i >= 0 {
		w = w.from(i + 1)
	}
	if w.len() > 1 && opens(w.fold[0]) {
		w = w.sub(1, w.len()-1)
	}
	return w.String()
}

// year is the plan's year: in its title, else in the letter, else of its date.
func (b *builder) year(f front, lines []text, end int) int {
	if m := yearIn.FindStringSubmatch(f.title.folded()); m != nil && !yearSpan.MatchString(f.title.folded()) {
		return atoi10(m[1])
	}
	for i := 0; i <= end && i < len(lines); i++ {
		if s := lines[i].tight(); looksTitle(lines[i]) {
			if m := yearIn.FindStringSubmatch(s); m != nil {
				return atoi10(m[1])
			}
		}
	}
	if !f.date.IsZero() {
		return f.date.Year()
	}
	if i := strings.IndexAny(f.number, "〔[（("); i >= 0 {
		for _, r := range strings.FieldsFunc(f.number[i:], func(r rune) bool { return r < '0' || r > '9' }) {
			if y, err := strconv.Atoi(r); err == nil && y > 1990 && y < 2100 {
				return y
			}
		}
	}
	return 0
}

// requirements are the numbered demands of the cover letter.
func requirements(src sources, lines []text) []Requirement {
	var out []Requirement
	ns := nodes(lines)
	level := plain
	for _, n := range ns {
		if n.mark.level != plain && (level == plain || n.mark.level < level) {
			level = n.mark.level
		}
	}
	if level == plain {
		return nil
	}
	for _, n := range ns {
		switch {
		case n.mark.level == level:
			title, rest := splitHeading(n.all, false)
			if rest.len() == 0 {
				title, rest = text{}, n.all
			}
			out = append(out, Requirement{n.mark.text, clean(heading(title)), clean(rest), src.places(n.all)})
		case len(out) > 0 && !annexLine.MatchString(n.all.tight()) && !issuerAlone.MatchString(n.all.tight()) && tableEnd.FindString(n.all.tight()) == "":
			last := &out[len(out)-1]
			last.Text += "\n" + n.mark.text + clean(n.all)
			last.Places = append(last.Places, src.places(n.all)...)
		}
	}
	return out
}
