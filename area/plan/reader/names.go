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
	comma bool    // the mark behind it is a comma
}

var (
	// organ is how names of organs end, here and in the whole country.
	organ = endings("局|委|办|室|院|中心|站|所|厅|部|会|处|科|股|校|政府|街道|街|镇|乡|县|市|区|州|盟|旗|省|单位|部门|机构|行|馆|台|社|队|署|关|联|协|编|专班|组|网|报|企业|窗口|村|司|厂|园|基地|电信|移动|联通|邮政|铁塔|烟草|供电|城投|各地|团|库|人员|主体|商|群|基金")
	// generic nouns have no owner of their own, so behind 各… they go on with it:
	// 区政府各部门、管委会、街道办事处 is one group.
	generic = regexp.MustCompile(`^(部门|单位|机构|科室|处室|直属(事业)?(机构|单位)|(事业|企事业|企业)单位|管委会|管理委员会|街道|街道办|街道办事处|街|乡|镇|乡镇|镇街|镇乡|乡镇街道|镇街道|(乡|镇|乡镇|县|市|区|州|旗|县区|市区|县市区|市县区|旗县区)(人民)?政府|县|市|区|旗|州|盟|县区|市区|园区|开发区|功能区|高新区|经开区|农场|林场|办事处|社区|村|企业|高校)([(\[][^()\[\]]*[)\]])?(人民政府|政府|(?:人民)?(?:法院|检察院)|办事处|管委会|管理委员会)?([(\[][^()\[\]]*[)\]])?$`)
	// bareLevel is 省、市、县 as in 省、市、县政府, 各县（市） as in 各县（市）、区政府, 各市州 as
	// in 各市州、县市区政府.
	bareLevel = regexp.MustCompile(`^各?(?:有关|相关)?(省|市|州|县|区|旗|乡|镇|街|盟|市州|盟市|自治区|直辖市|自治州)(?:[(\[](?:[市州县区旗盟、]|自治州|特区)+[)\]])?$`)
	// verbs behind a name say what the unit does; they are no part of it.
	verbs = regexp.MustCompile(`((并?` + byDuty + `)?(` + manner + `|牵头|组织|统筹|协调|配合|参与)*(` + doing + `|各负其责|(?:为|是|作为|系)(?:牵头|责任|配合|协办|主办)(?:单位|部门|科室))(工作|` + doing + `)*)$`)
	// doesWhat is a verb with what it is about behind a name: 区司法局负责合法性审核.
	doesWhat = regexp.MustCompile(`^(.{3,}?)(?:具体)?(?:负责|承担|配合做好|协助做好|做好|抓好|按职责(?:分工)?完成)[^、,;:]{2,20}$`)
	duties   = regexp.MustCompile(`(并?` + byDuty + `|分别|各自|共同)$`)
	// batch says which of the units that follow come first: 第一批：.
	batch   = regexp.MustCompile(`^第[一二三四五六]批(?:试点|次)?:?`)
	counted = regexp.MustCompile(`[\d一二三四五六七八九十]+(余|多)?(个|家|所|处|场|台|座|项|站|社|村|县|市|区|省|校)$`)
	leads   = regexp.MustCompile(`牵头|主办|主责|抓总`)
	// firstLeads declares that the unit named first leads, or those before the first comma.
	firstLeads = regexp.MustCompile(`(排|列|位|居)(名|序)?(在|于)?(第一位|首位|第一|最前面?|前面|首)(的|者)?.{0,12}?(牵头|主责|主办|主要责任|汇总|总责|抓总)|(第一个?|首个|首位|排名第一的?|标注?在前的?)(责任|承办)?(单位|部门|科室|处室).{0,6}(为|是|系)(牵头|主责|主办|主要责任)|(第一|首位)(责任)?(单位|部门)(负责)?牵头|逗号之?前.{0,6}(牵头|主责)`)
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

// manner and doing are the words behind a name that say how and what the unit does.
const (
	manner = `分别|各自|共同|具体|联合|协同|密切|积极|抓好|抓|做好|予以|全力|分头|主要|直接|主动|切实|同步|按时|认真|一并|参照|对照|遵照|比照|贯彻|跟踪`
	doing  = `牵头|负责|落实|实施|配合|承办|主办|协办|协助|参与|参加|执行|完成|办理|推进|指导|督导|监督|协调|协同|协作|组织|支持|开展|主责|主抓|抓总|统筹|承担|跟进|整改|推动|做好`
)

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
		p.text = p.text.from(utf8.RuneCountInString(batch.FindString(p.text.folded())))
		p.text = p.text.from(p.text.index(":", 0) + 1) // 区级分工：区司法局
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
			w := written{text: name, conf: 1, each: each, comma: p.sep == ','}
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
const verbEnds = endings(doing + `|工作|职责|职能|职权|分工|任务|范围|权限|范围内|要求|分别|各自|共同|各负其责`)

// stripVerb takes the verb off the end of a name.
func stripVerb(t text) (name text, verb string) {
	t = t.trimAny("。;,、")
	if t.len() == 0 {
		return t, ""
	}
	s := t.folded()
	if m := doesWhat.FindStringSubmatch(s); m != nil && isName(m[1]) && !isName(s) && !posts.end(s) && !verbs.MatchString(s) {
		return t.sub(0, utf8.RuneCountInString(m[1])), s[len(m[1]):]
	}
	if !verbEnds.end(s) && !(several.end(s) && strings.ContainsAny(s, "为是系")) {
		return t, ""
	}
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
