package reader

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// written is a unit's name as a note or cell gives it.
type written struct {
	text  text
	open  bool    // 等 behind it: others are meant too
	each  bool    // 分别: every unit its own part
	conf  float64 // 0–1
	why   string  // Chinese, when doubtful
	group bool    // 各街道办事处: several units under one name
}

var (
	// organ is how names of organs end, here and in the whole country.
	organ = endings("局|委|办|室|院|中心|站|所|厅|部|会|处|科|股|校|政府|街道|街|镇|乡|县|市|区|州|盟|旗|省|单位|部门|机构|行|馆|台|社|队|署|关|联|协|编|专班|组|网|报|企业|窗口|村|司|厂|园|基地|电信|移动|联通|邮政|铁塔|烟草|供电|城投|各地|团|库|人员|主体|商|群|基金")
	// generic nouns have no owner of their own, so behind 各… they go on with it:
	// 区政府各部门、管委会、街道办事处 is one group.
	generic = regexp.MustCompile(`^(部门|单位|机构|科室|处室|直属(事业)?(机构|单位)|(事业|企事业|企业)单位|管委会|管理委员会|街道|街道办|街道办事处|街|乡|镇|乡镇|镇街|镇乡|乡镇街道|镇街道|(乡|镇|乡镇|县|市|区|州|旗|县区|市区)(人民)?政府|县|市|区|旗|州|盟|县区|市区|园区|开发区|功能区|高新区|经开区|农场|林场|办事处|社区|村|企业|高校)([(\[][^()\[\]]*[)\]])?(人民政府|政府|办事处|管委会|管理委员会)?([(\[][^()\[\]]*[)\]])?$`)
	// bareLevel is 省、市、县 as in 省、市、县政府.
	bareLevel = regexp.MustCompile(`^各?(省|市|州|县|区|旗|乡|镇|街|盟|自治区|直辖市|自治州)$`)
	// verbs behind a name say what the unit does; they are no part of it.
	verbs   = regexp.MustCompile(`((` + byDuty + `)?(分别|各自|共同|具体|联合|组织|统筹|协同|密切|积极|牵头|抓好|做好|予以|全力|分头|协调|主要|直接|配合|参与|主动|切实|同步|按时|认真|一并)*(牵头|负责|落实|实施|配合|承办|主办|协办|协助|参与|参加|执行|完成|办理|推进|指导|督导|监督|协调|协同|协作|组织|支持|开展|主责|主抓|抓总|统筹|承担|跟进|整改|推动|做好|各负其责|(?:为|是|作为|系)(?:牵头|责任|配合|协办|主办)(?:单位|部门|科室))(实施|落实|推进|执行|办理|工作|完成|配合)*)$`)
	duties  = regexp.MustCompile(`(` + byDuty + `|分别|各自|共同)$`)
	counted = regexp.MustCompile(`[\d一二三四五六七八九十]+(余|多)?(个|家|所|处|场|台|座|项|站|社|村|县|市|区|省|校)$`)
	leads   = regexp.MustCompile(`牵头|主办|主责|抓总`)
	// firstLeads declares that the unit named first leads.
	firstLeads = regexp.MustCompile(`(排|列|位|居)(在|于)?(第一位|首位|第一|最前面?|前面|首)(的|者)?.{0,12}?(牵头|主责|主办|主要责任|汇总|总责|抓总)|(第一个?|首个|首位|排名第一的?|标注?在前的?)(责任|承办)?(单位|部门|科室|处室).{0,6}(为|是|系)(牵头|主责|主办|主要责任)|(第一|首位)(责任)?(单位|部门)(负责)?牵头`)
	sameBelow  = regexp.MustCompile(`下同|以下同|不再|以下(任务|各项|工作)?均|以下各项`)
	action     = regexp.MustCompile(`^(加强|推进|推动|做好|建设|建立|健全|完善|加快|深化|强化|规范|落实|优化|提升|提高|持续|积极|及时|认真|严格|全面|扎实|进一步|开展|组织|公开|发布|编制|制定|围绕|聚焦|依托|梳理|明确|统筹|支持|实施|打造|探索|拓展|创新|培育|抓好|抓实|确保|实现|完成|促进|引导|鼓励|发挥|依法|按照|按时|更新|开设|严|定期|新建|新增|建成|启动|力争|新签|引进|争取|改造|续建|扩建|整治|治理|清理|谋划|出台|召开|收集|整理|通过|继续|不断|努力|主动|丰富|畅通|聚力|着力|坚持|紧扣|紧盯|重点|大力|切实|配齐|举办|转变|增强|巩固|深入|科学|合理|准确|动态)`)
)

// endings are words that a name may end with.
type endings string

// end reports whether s ends with one of them.
func (e endings) end(s string) bool {
	for w := range strings.SplitSeq(string(e), "|") {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// anyOf are words that a text may hold.
type anyOf string

// in reports whether one of them stands in s.
func (w anyOf) in(s string) bool {
	for x := range strings.SplitSeq(string(w), "|") {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

// vague reports whether a name means several units that the text does not list.
func vague(s string) bool {
	return many.in(s) || several.end(s)
}

const many = anyOf("各|有关|相关|所属|全体|其他|其它|成员单位")

const several = endings("部门|单位|科室|乡镇|镇街|街道|机构")

// byDuty is 按照各自职责分工 and its like, in front of a verb or alone.
const byDuty = `(?:按照|根据|依据|依照|结合|围绕|在|按|依)?(?:各自|自身|本单位|本部门|部门|有关|相关)?(?:的|工作|部门|法定)?(?:职责|职能|职权|任务分工|责任分工)(?:任务|范围|权限)?(?:分工|范围内|要求)?`

// saysFirst reports whether s declares that the unit named first leads.
func saysFirst(s string) bool {
	return (strings.Contains(s, "第一") || strings.Contains(s, "首") || strings.Contains(s, "前")) && firstLeads.MatchString(s)
}

// saysRule reports whether s speaks about the notes that follow: 下同.
func saysRule(s string) bool {
	return (strings.Contains(s, "下") || strings.Contains(s, "不再")) && sameBelow.MatchString(s)
}

// isName reports whether a single name looks like that of an organ or group.
func isName(s string) bool {
	if strings.ContainsAny(s, "([") {
		s = inBrackets.ReplaceAllString(s, "")
	}
	s = strings.TrimRight(s, "。.;,、 ")
	n := utf8.RuneCountInString(s)
	if n < 1 || n > 26 || s == "办" || s == "局" || strings.ContainsAny(s, "。:;“”《》%") {
		return false
	}
	if strings.ContainsAny(s, "0123456789一二三四五六七八九十") && counted.MatchString(s) {
		return false
	}
	return organ.end(s) || strings.HasSuffix(s, "等") && n > 2 || strings.Contains(s, "等") && vague(s)
}

// nothing reports whether a cell or note says that there is none: —.
func nothing(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.Trim(s, "-/\\一无") == "" && s != "一"
}

// unitness says how much a text looks like a list of units, 0–1.
func unitness(t text) float64 {
	full := strings.TrimSpace(t.folded())
	t = t.trimAny("。;,、")
	run := 0 // no name is so long
	for _, r := range t.fold {
		if run++; r == '、' || r == ',' || r == ';' || r == '\n' || r == ' ' || opens(r) || closes(r) {
			run = 0
		}
		if run > 45 {
			return 0
		}
	}
	s := t.folded()
	if t.len() == 0 || t.len() > 600 || strings.Contains(strings.TrimRight(s, "。"), "。") {
		return 0
	}
	if !likeNames(s) {
		return 0
	}
	n := parseNote(t, resp)
	good, total := 0.0, 0.0
	for _, n := range append(n.lead, n.resp...) {
		f := n.text.folded()
		total++
		switch {
		case action.MatchString(f) && !vague(f):
		case isName(f):
			good++
		case n.text.len() <= 8 && !strings.ContainsAny(f, "的了和"):
			good += 0.4
		}
	}
	if total == 0 {
		return 0
	}
	if strings.HasSuffix(full, "。") && (total < 3 || good < total) {
		if _, verb := stripVerb(t); verb == "" {
			good *= 0.6 // a sentence rather than a list
		}
	}
	return good / total
}

// likeNames reports whether enough parts of s end as names, groups or verbs do; a
// look that saves reading each sentence as a list of units.
func likeNames(s string) bool {
	like, all := 0, 0
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("、,;。:\n ", r) }) {
		all++
		if p = strings.TrimRight(p, ")]等"); organ.end(p) || verbEnds.end(p) || len(p) <= 8*3 && all == 1 {
			like++
		}
	}
	return like*4 >= all
}

// units are the names of a note or cell by what they do.
type units struct {
	lead, resp []written
	due        text // a deadline that stood among the names: 6月底完成
	people     []text
}

// posts are what people are called by instead of their names.
const posts = endings("省长|市长|县长|区长|州长|旗长|镇长|乡长|秘书长|书记|省领导|市领导|县领导|区领导|分管领导|主要领导|负责人|负责同志")

// parseUnits reads the names of t. def is what they do when no verb says it;
// label is what the label or column says, none when there was none.
func parseUnits(t text, def, label role) (units, bool) {
	var out units
	var open []written // names that wait for a verb
	said := false      // a verb of leading was said before
	flush := func(ro role) {
		if ro == lead {
			out.lead = append(out.lead, open...)
		} else {
			out.resp = append(out.resp, open...)
		}
		open = nil
	}
	any := false
	for _, p := range joinGroups(cutNames(t)) {
		p.text = p.text.trimAny("。;,、:")
		if p.text.len() == 0 {
			continue
		}
		if nothing(p.text.folded()) {
			any = true
			continue
		}
		if d := p.text; startsDue(d) || looksDue(d) && (!isName(d.folded()) || isDigit(d.fold[0]) || d.fold[0] == '每') {
			if out.due.len() == 0 {
				out.due = d
			} else {
				out.due = out.due.add(newText("，", -1)).add(d)
			}
			continue
		}
		name, verb := stripVerb(p.text)
		tag := roleTag(&name)
		name = name.trimAny("。;,、:")
		each := strings.Contains(verb, "分别")
		if slices.Contains(bareLabels, name.tight()) {
			continue // the file ends behind a label
		}
		if posts.end(name.folded()) { // 分管副省长: a person
			out.people = append(out.people, name)
			any = true
			name = text{}
		}
		if name.len() > 0 {
			w := written{text: name, conf: 1, each: each}
			w.tidy()
			if w.text.len() > 0 {
				any = true
				if tag == lead {
					out.lead = append(out.lead, w)
					said = true
					continue
				} else if tag == resp {
					out.resp = append(out.resp, w)
					continue
				}
				open = append(open, w)
			}
		}
		if verb == "" {
			continue
		}
		if each {
			for i := range open {
				open[i].each = true
			}
		}
		switch {
		case leads.MatchString(verb):
			if n := len(open); n > 1 && again(open) { // A、B，A牵头
				last := open[n-1]
				open = slices.DeleteFunc(open, func(w written) bool { return w.text.tight() == last.text.tight() })
				out.lead, said = append(out.lead, last), true
				flush(resp)
				continue
			}
			flush(lead)
			said = true
		case label == lead && !strings.Contains(verb, "配合") && !strings.Contains(verb, "协助") && !strings.Contains(verb, "参与") && !strings.Contains(verb, "协办"):
			flush(lead)
		case label == lead || def == lead:
			flush(resp)
			said = true
		default:
			flush(resp)
		}
	}
	if said && label != lead {
		def = resp
	}
	flush(def)
	return out, any
}

// again reports whether the last name stands before, too.
func again(ws []written) bool {
	last := ws[len(ws)-1].text.tight()
	return slices.ContainsFunc(ws[:len(ws)-1], func(w written) bool { return w.text.tight() == last })
}

// tidy takes 等 and other words that are no part of a name off it.
func (w *written) tidy() {
	t := w.text
	for _, p := range []string{"由", "以及", "并由", "会同", "及", "和", "与", "其中"} {
		if t.has(p, 0) && !action.MatchString(t.folded()) && t.len() > len([]rune(p))+1 && !strings.HasPrefix(t.folded(), "和平") && !strings.HasPrefix(t.folded(), "和县") && isName(t.from(len([]rune(p))).folded()) {
			t = t.from(len([]rune(p)))
			break
		}
	}
	for t.len() > 1 && t.fold[t.len()-1] == '等' {
		t, w.open = t.sub(0, t.len()-1).trimAny("、,"), true
	}
	w.text = t
	w.group = vague(t.folded())
	if w.open {
		w.conf, w.why = 0.6, "后面有“等”字，可能还有没有写出的单位"
	} else if !isName(t.folded()) {
		w.conf, w.why = 0.55, "不像单位名称，请核对"
	}
}

// roleTag takes a mark of leading off a name: 区司法局（牵头）.
func roleTag(t *text) role {
	if t.len() < 4 || !closes(t.fold[t.len()-1]) {
		return none
	}
	i := t.len() - 1
	for i > 0 && !opens(t.fold[i]) {
		i--
	}
	switch s := t.sub(i+1, t.len()-1).tight(); s {
	case "牵头", "牵头单位", "主办", "牵头部门", "主责", "总牵头", "牵头负责", "主责单位":
		*t = t.sub(0, i)
		return lead
	case "配合", "协办", "参与", "配合单位", "责任单位", "协助", "落实":
		*t = t.sub(0, i)
		return resp
	}
	return none
}

// verbEnds are the last words of what verbs and duties match; most names end
// otherwise and need no search.
const verbEnds = endings("牵头|负责|落实|实施|配合|承办|主办|协办|协助|参与|参加|执行|完成|办理|推进|指导|督导|监督|协调|协同|协作|组织|支持|开展|主责|主抓|抓总|统筹|承担|跟进|整改|推动|做好|工作|职责|职能|职权|分工|任务|范围|权限|范围内|要求|分别|各自|共同")

// stripVerb takes the verb off the end of a name.
func stripVerb(t text) (name text, verb string) {
	t = t.trimAny("。;,、")
	if t.len() == 0 {
		return t, ""
	}
	if s := t.folded(); !verbEnds.end(s) && !(several.end(s) && strings.ContainsAny(s, "为是系")) {
		return t, ""
	}
	s := t.folded()
	cut := len(s)
	for {
		at := verbs.FindStringIndex(s[:cut])
		if at == nil {
			at = duties.FindStringIndex(s[:cut])
		}
		if at == nil || at[0] == at[1] {
			break
		}
		rest := strings.TrimSpace(s[:at[0]])
		if rest != "" && !isName(rest) && !strings.HasSuffix(rest, "等") && len([]rune(rest)) < 2 {
			break
		}
		cut = at[0]
		if cut == 0 {
			break
		}
	}
	if cut == len(s) {
		return t, ""
	}
	n := len([]rune(s[:cut]))
	return t.sub(0, n).trimAny("。;,、"), s[cut:]
}

type cutName struct {
	text text
	sep  rune // behind it
}

// cutNames splits a list of names at its marks and line breaks, not inside
// brackets. A name that was broken over lines is put together again.
func cutNames(t text) []cutName {
	var out []cutName
	depth, start := 0, 0
	emit := func(end int, sep rune) {
		if p := t.sub(start, end).trim(); p.len() > 0 {
			out = append(out, cutName{p, sep})
		} else if len(out) > 0 && sep != '\n' && sep != ' ' {
			out[len(out)-1].sep = sep
		}
		start = end + 1
	}
	for i, r := range t.fold {
		switch {
		case opens(r) || r == '《':
			depth++
		case closes(r) || r == '》':
			depth = max(depth-1, 0)
		case depth > 0 && r != '\n':
		case r == '、' || r == ',' || r == ';' || r == '。' || r == '/' && depth == 0 && i > 0 && i+1 < t.len() && hanAt(t, i-1) && hanAt(t, i+1):
			emit(i, r)
		case r == '\n' || r == ' ':
			left, right := t.sub(start, i).trim(), t.from(i+1).trim()
			if left.len() == 0 || right.len() == 0 {
				continue
			}
			if depth == 0 && breaks(left.tight(), head(right), r == '\n') {
				emit(i, r)
			}
		}
	}
	emit(t.len(), 0)
	var whole []cutName
	for _, c := range out {
		for _, q := range conjoined(c.text.words()) {
			for _, p := range runTogether(q) {
				whole = append(whole, cutName{p, '、'})
			}
		}
		whole[len(whole)-1].sep = c.sep
	}
	return whole
}

// leadsOn parts the unit that leads from those behind it: 区司法局牵头区教委配合.
var leadsOn = regexp.MustCompile(`(?:牵头|主办|主责)(?:负责|实施|落实|组织|推进)*`)

// joining words part names: 区教委和区财政局, A会同有关部门.
var joining = regexp.MustCompile(`以及|和|及|与|会同|会商|会`)

// conjoined splits names at words that join them: two organs of one level, an
// organ and a group of 各, and whatever 等 ends a list before or 会同 adds. The
// same words stand in names (发展和改革局), and between two groups they make one
// (各有关部门和单位).
func conjoined(t text) []text {
	s := t.folded()
	if !strings.ContainsAny(s, "和及与会牵主") {
		return []text{t}
	}
	if at := leadsOn.FindStringIndex(s); at != nil {
		i := utf8.RuneCountInString(s[:at[1]])
		left, right := t.sub(0, i), t.from(i)
		if l, _ := stripVerb(left); right.len() > 2 && isName(l.folded()) && organEnd(right.folded()) && !t.bracketed(i) {
			return append([]text{left}, conjoined(right)...)
		}
	}
	for _, at := range joining.FindAllStringIndex(s, -1) {
		i, j := utf8.RuneCountInString(s[:at[0]]), utf8.RuneCountInString(s[:at[1]])
		if i < 2 || t.bracketed(i) {
			continue
		}
		left, right := t.sub(0, i), t.from(j)
		name, _ := stripVerb(right)
		l, r := left.folded(), name.folded()
		if name.len() < 3 || !isName(l) || !isName(r) {
			continue
		}
		switch before := strings.TrimSuffix(strings.TrimSuffix(l, "单位"), "部门"); {
		case s[at[0]:at[1]] == "会": // 宣传处会办公室, but not 教育局会计核算中心
			if !whole.end(l) || !whole.end(r) || strings.ContainsRune("计议展费", name.fold[0]) {
				continue
			}
		case strings.HasPrefix(s[at[0]:], "会"), strings.HasSuffix(before, "等"):
		case vague(l), i < 3:
			continue
		case strings.HasPrefix(r, "各"):
		case left.fold[0] == name.fold[0] && levelRune(name.fold[0]) && !vague(r):
		default:
			continue
		}
		return append([]text{left}, conjoined(right)...)
	}
	return []text{t}
}

// bracketed reports whether place i stands inside a bracket.
func (t text) bracketed(i int) bool {
	depth := 0
	for _, r := range t.fold[:i] {
		if opens(r) {
			depth++
		} else if closes(r) {
			depth--
		}
	}
	return depth > 0
}

// head is the first name of a text, without spaces: those inside a name that was
// spaced out are not its end.
func head(t text) string {
	for i, r := range t.fold {
		switch {
		case r == '、' || r == ',' || r == ';' || r == '\n' || r == '。':
			return t.sub(0, i).tight()
		case r == ' ' && i > 2 && isName(t.sub(0, i).tight()):
			return t.sub(0, i).tight()
		}
	}
	return t.tight()
}

// whole ends a name that no longer name begins with: 区教育局, not 区政府办 of
// 区政府办公室.
var whole = endings("局|部|署|厅|科|室|处|股|委员会|中心|部门|单位|街道|院|银行|大队|支队|总队|公司|集团|联合会|总工会|妇联|残联|工商联|档案馆|管委会")

// breaks reports whether a space or line break between two parts ends a name.
func breaks(left, right string, line bool) bool {
	name, _ := stripVerb(newText(left, -1))
	l := name.folded()
	right = strings.TrimSuffix(right, "等")
	if !isName(l) || len([]rune(l)) < 2 {
		return false
	}
	if n, _ := stripVerb(newText(right, -1)); !isName(n.folded()) || n.len() < 2 {
		return len([]rune(right)) >= 2 && line && l != left // a verb ended the left part
	}
	lf, rf := []rune(l)[0], []rune(right)[0]
	if strings.ContainsRune("等和及与", rf) {
		return false
	}
	if levelRune(lf) {
		return levelRune(rf) || whole.end(l) && len([]rune(right)) >= 3
	}
	return levelRune(rf) || len([]rune(right)) >= 3
}

// levelRune starts the names of the organs of a level: 区司法局, 各街道.
func levelRune(r rune) bool {
	return strings.ContainsRune("区县市省州旗盟镇乡各局厅委院", r)
}

// ofOwner is a group that belongs to the name before it: 领导小组各成员单位.
var ofOwner = regexp.MustCompile(`^各(有关|相关)?(成员|部门|单位|科室|处室|股室|直属|内设|下属|所属)`)

// runTogether splits names that stand behind each other without a mark.
func runTogether(t text) []text {
	f := t.fold
	n := len(f)
	if n < 6 || !levelRune(f[0]) {
		return []text{t}
	}
	depth := 0
	for i := 1; i < n-2; i++ {
		if opens(f[i]) {
			depth++
		} else if closes(f[i]) {
			depth--
		}
		if depth != 0 || i < 3 || f[i] != f[0] && f[i] != '各' || f[i] == '各' && strings.ContainsRune("局厅委院", f[0]) {
			continue
		}
		if f[i] == '区' && (f[i-1] == '园' || f[i-1] == '社' || f[i-1] == '地' || f[i-1] == '县' || f[i-1] == '市') || f[i] == '市' && (f[i-1] == '县' || f[i-1] == '区') || f[i] == '县' && (f[i-1] == '市' || f[i-1] == '区') {
			continue
		}
		left, right := string(f[:i]), string(f[i:])
		if !isName(left) || strings.HasSuffix(left, "政府") && !strings.HasPrefix(right, "各") && !organEnd(right) || !organEnd(right) || strings.HasSuffix(left, "区") || strings.HasSuffix(left, "县") || strings.HasSuffix(left, "市") {
			continue
		}
		if f[i] == '各' && (strings.HasSuffix(left, "政府") || ofOwner.MatchString(right)) || strings.Contains(left, "等") {
			continue // 区政府各部门
		}
		if i == 2 || strings.HasSuffix(left, "委") && i <= 3 || strings.HasSuffix(left, "政府") {
			continue // 区委区政府督查室
		}
		return append([]text{t.sub(0, i)}, runTogether(t.from(i))...)
	}
	return []text{t}
}

// organEnd reports whether a name without its verb ends as an organ does.
func organEnd(s string) bool {
	n, _ := stripVerb(newText(s, -1))
	return n.len() >= 3 && (isName(n.folded()) || strings.HasSuffix(n.folded(), "等"))
}

// joinGroups puts a group of 各 together again: 各县、市、区政府.
func joinGroups(in []cutName) []cutName {
	var out []cutName
	for i := 0; i < len(in); i++ {
		c := in[i]
		for c.sep == '、' && i+1 < len(in) && (collective(c.text) || levels(c.text.folded())) {
			next, _ := stripVerb(in[i+1].text)
			f := strings.TrimSuffix(next.folded(), "等")
			if !generic.MatchString(f) && !(levels(c.text.folded()) && startsLevel(f)) {
				break
			}
			c.text = c.text.add(newText("、", -1)).add(in[i+1].text)
			c.sep = in[i+1].sep
			i++
		}
		out = append(out, c)
	}
	return out
}

// collective reports whether a name is 各部门 of an owner, which takes in what
// follows: 区政府各部门、管委会、街道办事处. Names of governments stand alone.
func collective(t text) bool {
	_, verb := stripVerb(t)
	return verb == "" && ownDepartments.MatchString(t.folded())
}

var ownDepartments = regexp.MustCompile(`(政府|委|办|直|属|级)各(有关|相关)?(部门|委办局|委、办、局|委办)$|(政府|委|办)各(有关|相关)?部门、`)

// levels reports whether a name is only the name of levels: 省、市.
func levels(s string) bool {
	for _, p := range strings.Split(s, "、") {
		if !bareLevel.MatchString(p) {
			return false
		}
	}
	return true
}

func startsLevel(s string) bool {
	r := []rune(s)
	return len(r) >= 2 && strings.ContainsRune("省市州县区旗乡镇街盟", r[0]) && (strings.ContainsRune("级政人各直(两三", r[1]) || generic.MatchString(s))
}
