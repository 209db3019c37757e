package reader

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

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
		case opens(r) || r == '《' || (r == '“' || r == '<') && t.quoteEnd(i) > 0:
			depth++
		case closes(r) || r == '》' || r == '”' || r == '>':
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
var whole = endings("局|部|署|厅|科|室|处|股|委员会|中心|部门|单位|街道|院|银行|支行|分行|海关|大队|支队|总队|公司|集团|联合会|总工会|妇联|残联|工商联|档案馆|管委会")

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

// joinGroups puts a group together again: 各县、市、区政府, 县直有关部门、单位.
func joinGroups(in []cutName) []cutName {
	var out []cutName
	for i := 0; i < len(in); i++ {
		c := in[i]
		for c.sep == '、' && i+1 < len(in) {
			next, _ := stripVerb(in[i+1].text)
			f := strings.TrimSuffix(next.folded(), "等")
			goesOn := collective(c.text) && generic.MatchString(f) || levels(c.text.folded()) && (generic.MatchString(f) || startsLevel(f))
			if twin := strings.HasSuffix(c.text.folded(), "部门") && f == "单位"; !goesOn && !twin {
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

// levels reports whether a name is only the name of levels, 省、市, or ends so:
// 各部门及各市.
func levels(s string) bool {
	if i := strings.LastIndex(s, "及"); i > 0 {
		s = strings.TrimPrefix(s[i:], "及")
	}
	for p := range strings.SplitSeq(s, "、") {
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
