package reader

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// role is what a column, or a label in a note, holds.
type role int

const (
	none     role = iota
	serial        // 序号
	section       // 类别
	item          // 工作任务
	measure       // 具体举措
	lead          // 牵头单位
	resp          // 责任单位
	due           // 完成时限
	person        // 责任领导: a person, not a unit
	progress      // 进展情况
	remark        // 备注
)

func (r role) unit() bool { return r == lead || r == resp }
func (r role) text() bool { return r == section || r == item || r == measure }

var (
	inBrackets = regexp.MustCompile(`[(\[][^()\[\]]*[)\]]`)
	unitWord   = regexp.MustCompile(`单位|部门|科室|处室|股室|机构|主体|站所|科$|处$`)
	leadWord   = regexp.MustCompile(`牵头|主办|主责|主管|主要责任|第一责任|首要责任|总责|^责任主体单位$`)
	// A column or label for both kinds, 牵头（配合）单位, says nothing about which is which.
	bothWord   = regexp.MustCompile(`(牵头|主办|主责).{0,3}[及和与、/](配合|协办|责任|协同)`)
	respWord   = regexp.MustCompile(`责任|负责|承办|承接|配合|协办|协同|协作|协助|会办|参与|参加|实施|落实|执行|完成|成员|承担|有关|相关|涉及|具体|所属|共同|支持|各|级$`)
	personWord = regexp.MustCompile(`领导|责任人|负责人|联系人|联络员|经办人|责任人员|分管|包保|包抓|挂帅|负责同志|秘书长|电话|联系方式`)
	dueWord    = regexp.MustCompile(`时限|期限|时间|时序|节点|日期|频次|更新周期|进度安排|进度要求|工作进度`)
	doneWord   = regexp.MustCompile(`进展|情况|状态|销号|自评|评分|得分|分值|成效|存在问题`)
	noteWord   = regexp.MustCompile(`备注|说明|附注|佐证|依据|来源|成果|标志|标准$|验收|考核|完成形式|公开方式|公开渠道|公开载体|公开形式|公开平台|载体|渠道`)
	pageWord   = regexp.MustCompile(`发布|发表|更新时间|成文|发文|印发|生成|公开(时间|日期)|生效|废止|浏览|点击|信息来源|索引|字体|字号|有效性|主题|打印|^来源$|^标题$|^名称$|^组长|^成员$`)
	serialWord = regexp.MustCompile(`^(序号?|编号|项次|项目号|号|no\.?|no|№)$`)
	taskWord   = regexp.MustCompile(`任务|事项|项目|目标|类别|分类|领域|方面|指标|工作|板块|要点|重点|主题|专项|类型|名称|内容|举措|措施|要求|做法|细化|分解|环节|部分`)
	stepWord   = regexp.MustCompile(`举措|措施|要求|内容|做法|具体|细化|二级|三级|贯彻|落实|安排`)
	aimWord    = regexp.MustCompile(`(^|[^务])目标$`)
	partWord   = regexp.MustCompile(`类别|分类|领域|方面|板块|类型|部分|一级|大项|章节`)
)

// common are the labels that nearly every note has: they need no search.
var common = map[string]role{"牵头单位": lead, "责任单位": resp, "配合单位": resp, "完成时限": due}

// roleOf reads a header cell or a label; its colon is not part of it.
func roleOf(label string) role {
	s := label
	if strings.ContainsAny(s, "([") {
		s = inBrackets.ReplaceAllString(s, "")
	}
	s = strings.ToLower(strings.Trim(s, ":;,。、|*＊ "))
	n := len([]rune(s))
	if r, ok := common[s]; ok {
		return r
	}
	if n == 0 || n > 12 || strings.ContainsAny(s, "。,;:“《") {
		return none
	}
	switch {
	case pageWord.MatchString(s):
		return none
	case serialWord.MatchString(s):
		return serial
	case doneWord.MatchString(s):
		return progress
	case noteWord.MatchString(s):
		return remark
	case s == "牵头" || s == "主办" || s == "主责":
		return lead
	case s == "配合" || s == "协办" || s == "责任" || s == "负责" || s == "单位" || s == "部门" || s == "分工" || s == "责任分工" || s == "任务分工" || s == "职责分工" || s == "承办" || s == "参与" || s == "协同":
		return resp
	case unitWord.MatchString(s) && !strings.Contains(s, "任务分解"):
		switch {
		case bothWord.MatchString(s):
			return resp
		case leadWord.MatchString(s):
			return lead
		case respWord.MatchString(s) || n <= 6:
			return resp
		}
		return none
	case personWord.MatchString(s) && !action.MatchString(s):
		return person
	case dueWord.MatchString(s):
		return due
	case taskWord.MatchString(s):
		switch {
		case partWord.MatchString(s):
			return section
		case stepWord.MatchString(s) && !strings.HasSuffix(s, "任务") && !strings.HasSuffix(s, "事项") && !strings.HasSuffix(s, "项目"):
			return measure
		}
		return item
	}
	return none
}

// label is a role named in a running text: its first rune and the rune behind it.
type label struct {
	role     role
	from, to int
}

// bareLabels are labels that also count without a colon at the start of a note's
// part: （牵头单位区司法局，责任单位…）.
var bareLabels = []string{
	"牵头责任单位", "协同责任单位", "配合责任单位", "主要责任单位", "牵头单位", "牵头部门", "主办单位", "责任单位", "责任部门", "责任科室",
	"责任处室", "责任股室", "配合单位", "配合部门", "协办单位", "承办单位", "参与单位", "参加单位", "实施单位", "落实单位", "完成时限", "完成时间", "责任领导", "分管领导",
}

// labels finds the labels of a note or of a line. In running text (strict) only
// those with the full words and a clear boundary before them count.
func (t text) labels(strict bool) []label {
	var out []label
	depth := 0
	for i := 0; i < t.len(); i++ {
		r := t.fold[i]
		switch {
		case opens(r) || r == '《' || r == '“':
			depth++
		case closes(r) || r == '》' || r == '”':
			depth = max(depth-1, 0)
		}
		if r != ':' || depth > 0 {
			if depth > 0 || i > 0 && !boundary(t.fold[i-1]) {
				continue
			}
			if l := t.bareLabel(i, strict); l.to > 0 {
				out = append(out, l)
				i = l.to - 1
			}
			continue
		}
		from := labelStart(t, i)
		if n := len(out); n > 0 {
			if at := t.gluedLabel(out[n-1].to, i); at > 0 {
				from = at
			}
		}
		if from < 0 {
			continue
		}
		word := t.sub(from, i).tight()
		ro := roleOf(word)
		if word == "任务分解" && !strict { // above a column it is what is to be done
			ro = resp
		}
		if ro == none && !strict && len(out) > 0 && i-from > 2 && !batch.MatchString(word) && (from == 0 || boundary(t.fold[from-1])) {
			ro = remark // 适用范围：… ends the units before it
		}
		if ro == none || ro.text() || ro == serial {
			continue
		}
		if strict && !t.clearLabel(ro, word, from, i) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].to > from { // a bare label that has a colon after a bracket
			out = out[:n-1]
		}
		out = append(out, label{ro, from, i + 1})
	}
	return out
}

// clearLabel reports whether a label in running text is one beyond doubt: by its
// words, or because it starts the line and units follow (牵头：, 责任分工：).
func (t text) clearLabel(ro role, word string, from, colon int) bool {
	n := utf8.RuneCountInString(word)
	switch {
	case ro.unit():
		return n > 2 && unitWord.MatchString(word) || from == 0 && colon+2 < t.len() && unitness(t.from(colon + 1).ends(";。\n")[0]) >= 0.8
	case ro == due:
		return n > 3
	case ro == remark:
		return strings.Contains(word, "备注")
	}
	return n > 2 && ro != progress
}

// gluedLabel returns where the label before rune i starts when the value of the
// label before, from rune start on, runs into it: 区司法局配合单位：. 0 when it does
// not.
func (t text) gluedLabel(start, i int) int {
	for _, w := range bareLabels {
		at := i - utf8.RuneCountInString(w)
		if at <= start+1 || !t.has(w, at) || boundary(t.fold[at-1]) {
			continue
		}
		from := at
		for from > start && !boundary(t.fold[from-1]) {
			from--
		}
		if name := t.sub(from, at); isName(name.folded()) || closes(name.fold[name.len()-1]) {
			return at
		}
	}
	return 0
}

// bareLabel reads a label without a colon at i; to is 0 when there is none. In
// running text only one that starts the line or follows a sentence counts, with a
// mark or space behind it and nothing but its value up to the end of the line:
// 责任单位/区司法局.
func (t text) bareLabel(i int, strict bool) label {
	if !strings.ContainsRune("牵协配主责承参实落完分", t.fold[i]) {
		return label{}
	}
	for _, w := range bareLabels {
		j := i + utf8.RuneCountInString(w)
		if !t.has(w, i) || j >= t.len() || t.fold[j] == ':' || opens(t.fold[j]) {
			continue
		}
		l := label{roleOf(w), i, j}
		if !strict {
			return l
		}
		if !strings.ContainsRune(" /-|", t.fold[j]) || !ended(t, i) {
			return label{}
		}
		value := t.from(j)
		if k := value.index("\n", 0); k > 0 {
			value = value.sub(0, k)
		}
		if value = behind(value); l.role.unit() && unitness(value) >= 0.8 || l.role == due && looksDue(value) {
			return l
		}
		return label{}
	}
	return label{}
}

// labelStart goes back from a colon at i to the start of the label, or -1.
func labelStart(t text, i int) int {
	j, n := i, 0
	for j > 0 {
		r := t.fold[j-1]
		if closes(r) { // 责任单位（科室）：
			k := j - 1
			for k > 0 && !opens(t.fold[k]) {
				k--
			}
			if j-k > 12 {
				return -1
			}
			j = k
			continue
		}
		if r == ' ' {
			// spaced out characters: 责 任 单 位：
			if j >= 2 && unicode.Is(unicode.Han, t.fold[j-2]) && (j >= 3 && !unicode.Is(unicode.Han, t.fold[j-3]) || j == 2) {
				j--
				continue
			}
			if roleOf(t.sub(j, i).tight()) == none && j >= 2 && unicode.Is(unicode.Han, t.fold[j-2]) {
				j--
				continue
			}
			break
		}
		if !unicode.Is(unicode.Han, r) && !(r == '、' && roleOf(t.sub(j, i).tight()) == none) && r != '/' {
			break
		}
		j--
		if n++; n > 12 {
			return -1
		}
	}
	if j == i {
		return -1
	}
	return j
}

// boundary runes end a part of a note.
func boundary(r rune) bool { return strings.ContainsRune(";,。、\n ([", r) }
