// Package secrecy finds marks of state secrets and work secrets, drafts and
// addresses of internal systems in texts that are to be published
// (content-review 3.4). A mark is one only where it stands as marks do: alone in
// a line, with a star, in the head of a paper. 商业秘密 or 保密审查 in running text
// is none (REV-10).
package secrecy

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// Checker finds secrecy marks. Make it with New.
type Checker struct{ marks marks }

// marks are the marks of internal use by their first character.
type marks struct {
	by     map[string][]string
	begins [1 << 10]uint64 // a bit for each character that a mark begins with
}

// internalMarks are the marks of internal use (content-review 3.4).
const internalMarks = "内部资料 内部文件 内部使用 内部传阅 内部参考 内部材料 内部刊物 内部掌握 内部情况 仅供内部使用 仅供内部传阅 仅供内部参考 仅供内部掌握 供内部参考 供内部使用 限内部使用 限内部传阅 仅限内部使用 仅限内部传阅 限于内部使用 " +
	"仅供领导参阅 供领导参阅 领导参阅 工作秘密 请勿外传 不得外传 严禁外传 切勿外传 勿外传 请勿公开 不得公开 严禁公开 不得对外公开 请勿对外公开 不得复制 严禁复制 不得翻印 严禁翻印 不得上网 严禁上网 请勿上网 不得扩散 严禁扩散 请勿扩散 请勿转发 严禁转发 不得转发 " +
	"此件不公开 此件不予公开 此件依申请公开 此件不得公开 此件不对外公开 本件不公开 此文不公开 此件不上网 此件不予上网 本文不公开 此件限内部 阅后收回 阅后销毁 阅后归还 用后收回 用后销毁 用后归还 会后收回 阅后即焚 会后归还 注意保存 注意保密 注意保管"

// New makes a checker.
func New() *Checker {
	c := &Checker{marks{by: map[string][]string{}}}
	for _, w := range strings.Split(internalMarks, " ") {
		r, _ := utf8.DecodeRuneInString(w)
		c.marks.begins[r/64] |= 1 << (r % 64)
		c.marks.by[w[:3]] = append(c.marks.by[w[:3]], w)
	}
	return c
}

// Rules lists what is looked for.
func (*Checker) Rules() []check.Rule {
	rule := func(id string, s check.Severity, title, source string, at check.Stage) check.Rule {
		return check.Rule{ID: id, Kind: check.Secrecy, Severity: s, Title: title, Source: source, Stages: at}
	}
	const gate = check.Gate | check.Published
	return []check.Rule{
		rule("W-SECRET", check.Block, "国家秘密标志", "保守国家秘密法；REV-09", check.Everywhere),
		rule("W-SERIAL", check.Block, "份号", "GB/T 9704-2012 7.2.1", gate),
		rule("W-INTERNAL", check.Block, "内部标识", "content-review 3.4；REV-11", check.Everywhere),
		rule("W-TELEGRAM", check.Block, "电报标识", "content-review 3.4", check.Everywhere),
		rule("W-DRAFT", check.Confirm, "未定稿标识", "content-review 3.4", gate),
		rule("W-CLASSIFIED", check.Block, "引用涉密文件", "content-review 3.2；REV-12", check.Everywhere),
		rule("W-SYSTEM", check.Block, "内部系统地址", "content-review 5", gate),
	}
}

var (
	starred  = regexp.MustCompile(`^[ \t]*[★☆*]?[ \t]*(\d+[ \t]*(?:年|个月|月|天|日)|长期|启用前|永久)?`)
	alone    = regexp.MustCompile(`^(?:密级[:]?[ \t]*)?[【\[(]?(绝[ \t]*密|机[ \t]*密|秘[ \t]*密)[】\])]?(?:[ \t]*(?:\d+年|长期|特急|加急))?$`)
	number   = regexp.MustCompile(`^\d{6}$|^No\.?\d{6}$`)
	secretNo = regexp.MustCompile(`^密[〔\[(]\d{4}[〕\])]\d+号`)
	inner    = regexp.MustCompile(`^(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}`)
)

// headLines is how many lines of text at the start make the head of a paper.
const headLines = 10

// Check reports the marks of a text.
func (c *Checker) Check(t *check.Text, report func(check.Hit)) {
	f := t.Folded()
	s := &scan{marks: &c.marks, t: t, f: f, s: f.Body, report: report}
	s.lines()
	s.words()
}

type scan struct {
	marks  *marks
	t      *check.Text
	f      *check.Folded
	s      string
	report func(check.Hit)

	secret bool // a mark of secrecy or urgency was seen in the head
}

func (s *scan) hit(rule string, start, end int, message string) {
	span := s.f.Original(start, end)
	s.report(check.Hit{Rule: rule, Start: span.Start, End: span.End, Message: message})
}

const isolate = "发现密级标志，已隔离，请联系保密员。"

// lines looks at lines that hold nothing but a mark.
func (s *scan) lines() {
	seen := 0
	var serial []int // start and end of a number that may be a serial number
	for start := 0; start < len(s.s); {
		end := len(s.s)
		if i := strings.IndexByte(s.s[start:], '\n'); i >= 0 {
			end = start + i
		}
		for from := start; from <= end; { // the cells of a row stand for themselves
			to := end
			if i := strings.IndexByte(s.s[from:end], '\t'); i >= 0 {
				to = from + i
			}
			if line := strings.TrimSpace(s.s[from:to]); line != "" {
				at := from + strings.Index(s.s[from:to], line)
				s.line(line, at, seen, &serial)
				seen++
			}
			from = to + 1
		}
		start = end + 1
	}
	if serial != nil && s.secret {
		s.hit("W-SERIAL", serial[0], serial[1], "发现份号，带份号的文件不得公开，请联系保密员。")
	}
}

// line looks at one line; seen counts those before it.
func (s *scan) line(line string, at, seen int, serial *[]int) {
	if len(line) > 60 {
		return
	}
	compact := strings.ReplaceAll(line, " ", "")
	head := seen < headLines || s.short(at)
	switch {
	case head && alone.MatchString(line):
		s.hit("W-SECRET", at, at+len(line), isolate)
		s.secret = true
	case seen < 3 && number.MatchString(compact):
		*serial = []int{at, at + len(line)}
	case seen < headLines && (compact == "特急" || compact == "加急" || compact == "特提" || compact == "平急"):
		s.secret = true
	case compact == "明电" || compact == "特急明电" || compact == "加急明电" || compact == "机要" || compact == "密码电报" || compact == "内部明电" || compact == "发电" && seen < headLines:
		s.hit("W-TELEGRAM", at, at+len(line), "发现电报标识，电报不得公开。")
	case seen < headLines && (strings.HasSuffix(compact, "明电") || strings.HasPrefix(compact, "密码电报")) && utf8.RuneCountInString(compact) <= 8:
		s.hit("W-TELEGRAM", at, at+len(line), "发现电报标识，电报不得公开。")
	case seen < 5 && utf8.RuneCountInString(compact) <= 60:
		s.draft(line, at)
	}
}

// short tells whether a place is in a header, footer or text box, whose lines
// carry their place in the file.
func (s *scan) short(at int) bool {
	place := s.t.LineAt(s.f.Original(at, at).Start).Place
	return strings.Contains(place, "页眉") || strings.Contains(place, "页脚") || strings.Contains(place, "文本框")
}

// draft looks at a title that says it is a draft; a draft for comments is public
// where comments are asked for.
func (s *scan) draft(line string, at int) {
	for _, w := range []string{"讨论稿", "送审稿", "过程稿", "内部审议稿", "审议稿", "初稿", "代拟稿", "报审稿"} {
		i := strings.Index(line, w)
		if i < 0 || !strings.HasPrefix(line[i+len(w):], ")") && line[i+len(w):] != "" || strings.Contains(line, "征求") || strings.Contains(line, "公示") {
			continue
		}
		s.hit("W-DRAFT", at+i, at+i+len(w), "标题带有未定稿标识，请确认公开的是定稿。")
		return
	}
}

// words looks for marks that are told by their own form inside a line.
func (s *scan) words() {
	for i := 0; i < len(s.s); {
		b := s.s[i]
		if b < utf8.RuneSelf {
			if n := s.system(i); n > 0 {
				i += n
				continue
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.s[i:])
		if n := s.mark(i, r); n > 0 {
			i += n
			continue
		}
		i += size
	}
}

// mark looks at the marks that begin with a character.
func (s *scan) mark(i int, r rune) int {
	rest := s.s[i:min(len(s.s), i+90)]
	switch r {
	case '绝', '机', '秘':
		word := strings.TrimLeft(rest[3:], " ")
		if !strings.HasPrefix(word, "密") {
			return 0
		}
		n := len(rest) - len(word) + len("密")
		if c := strings.TrimLeft(rest[n:], " \t"); !strings.HasPrefix(c, "*") && !strings.HasPrefix(c, "★") && !strings.HasPrefix(c, "☆") {
			return 0
		}
		loc := starred.FindStringIndex(rest[n:])
		tail := rest[n : n+loc[1]]
		if strings.ContainsAny(tail, "★☆") || strings.Contains(tail, "*") && tail != strings.TrimRight(tail, "* ") || strings.Contains(tail, "*") && !s.wordBefore(i) && !strings.HasPrefix(strings.TrimLeft(tail, " "), "**") {
			end := n + len(strings.TrimRight(tail, " \t"))
			s.hit("W-SECRET", i, i+end, isolate)
			return end
		}
	case '密':
		if c, _ := utf8.DecodeRuneInString(rest[3:]); c != '〔' && c != '[' && c != '(' {
			return 0
		}
		m := secretNo.FindStringIndex(rest[:min(len(rest), 48)])
		if m != nil {
			start := i
			for n := 0; n < 8 && start > 0; n++ { // 渝某密〔2020〕1号: the whole number
				c, size := utf8.DecodeLastRuneInString(s.s[:start])
				if c < 0x3400 || c > 0x9fff || strings.ContainsRune("据照按依和与的见以", c) {
					break
				}
				start -= size
			}
			s.hit("W-CLASSIFIED", start, i+m[1], "引用了涉密文件的文号，请联系保密员。")
			return m[1]
		}
	default:
		if r <= 0xffff && s.marks.begins[r/64]&(1<<(r%64)) != 0 {
			return s.internal(i, rest)
		}
	}
	return 0
}

// wordBefore tells whether a Chinese character stands directly before a place, so
// that 秘密 is part of a longer expression.
func (s *scan) wordBefore(at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.s[:at])
	return r >= 0x3400 && r <= 0x9fff
}

// internal looks for a mark of internal use that begins at a place.
func (s *scan) internal(i int, rest string) int {
	for _, w := range s.marks.by[rest[:3]] {
		if strings.HasPrefix(rest, w) && s.stamp(i, i+len(w)) {
			s.internalHit(i, i+len(w))
			return len(w)
		}
	}
	return 0
}

func (s *scan) internalHit(start, end int) {
	s.hit("W-INTERNAL", start, end, "含有内部标识：“"+strings.TrimSpace(s.s[start:end])+"”，不得公开，请核实公开属性。")
}

// reach is how far around a mark other marks are looked for, in bytes; a line
// that goes on longer is a sentence.
const reach = 120

// stamp tells whether the words in [start, end) stand as a mark does: alone in
// their line, cell or sentence, in brackets, or closed by marks on both sides in a line of
// marks only (内部资料 注意保存). In a sentence they are ordinary words.
func (s *scan) stamp(start, end int) bool {
	left, right := s.s[max(0, start-reach):start], s.s[end:min(len(s.s), end+reach)]
	if i := max(strings.LastIndexByte(left, '\n'), strings.LastIndexByte(left, '\t')); i >= 0 {
		left = left[i+1:]
	}
	for _, c := range []byte("\n\t") {
		if i := strings.IndexByte(right, c); i >= 0 {
			right = right[:i]
		}
	}
	if i := strings.LastIndex(left, "。"); i >= 0 {
		left = left[i+len("。"):]
	}
	right, _, _ = strings.Cut(right, "。")
	left, right = strings.TrimSpace(left), strings.TrimSpace(right)
	if i, j := strings.LastIndexAny(left, "([【〔"), strings.IndexAny(right, ")]】〕"); i >= 0 && (j >= 0 || onlyMarks(right)) {
		_, size := utf8.DecodeRuneInString(left[i:])
		if j < 0 {
			j = len(right)
		}
		return onlyMarks(left[i+size:]) && onlyMarks(right[:j])
	}
	if onlyMarks(left) && onlyMarks(right) {
		return true
	}
	// 印发至各成员单位，阅后收回，不得外传。 is a mark at the end of a sentence
	if i := strings.LastIndexAny(left, ","); i >= 0 && onlyMarks(right) {
		for _, w := range []string{"阅后", "用后", "会后"} {
			if strings.Contains(left[max(0, i-len(w)*4):]+s.s[start:end]+right, w) {
				return onlyMarks(left[i+1:])
			}
		}
	}
	return false
}

// onlyMarks tells whether a text holds nothing but marks of this kind and punctuation.
func onlyMarks(text string) bool {
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if strings.ContainsRune(" ,.;:!()[]【】〔〕★☆*。、-—·《》\"“”", r) || r >= '0' && r <= '9' {
			text = text[size:]
			continue
		}
		cut := false
		for _, w := range []string{
			"内部资料", "内部文件", "内部使用", "内部传阅", "内部参考", "内部材料", "内部刊物", "不得外传", "不得公开", "不得复制", "不得翻印", "不得上网", "请勿外传", "严禁外传", "切勿外传", "勿外传", "请勿转发",
			"阅后收回", "阅后销毁", "阅后归还", "用后收回", "用后销毁", "用后归还", "会后收回", "注意保存", "注意保密", "注意保管", "妥善保管", "严禁复制", "严禁翻印", "严禁扩散", "未经批准", "未经许可", "仅供参考", "特急", "加急", "机密", "秘密", "绝密", "此件不公开",
			"本件", "此件", "本文件", "该文件", "本资料", "该资料", "本材料", "以上材料", "以上内容", "属于", "属", "系", "为", "仅供", "仅限", "各单位", "务必", "妥善", "切实",
			"编号", "第", "号", "属性", "公开属性", "公开方式", "信息公开选项", "及", "或", "和", "年", "月", "日", "期", "请",
		} {
			if strings.HasPrefix(text, w) {
				text, cut = text[len(w):], true
				break
			}
		}
		if !cut {
			return false
		}
	}
	return true
}

// system looks for addresses of internal networks and paths of office computers.
func (s *scan) system(i int) int {
	before := byte(0)
	if i > 0 {
		before = s.s[i-1]
	}
	word := before|0x20 >= 'a' && before|0x20 <= 'z' || before >= '0' && before <= '9' || before == '.'
	rest := s.s[i:]
	switch b := s.s[i]; {
	case b == '1' && !word:
		m := inner.FindString(rest[:min(len(rest), 16)])
		if m == "" || !octets(m) || len(rest) > len(m) && (rest[len(m)] == '.' && len(rest) > len(m)+1 && rest[len(m)+1] >= '0' && rest[len(m)+1] <= '9' || rest[len(m)] >= '0' && rest[len(m)] <= '9') {
			return 0
		}
		s.hit("W-SYSTEM", i, i+len(m), "发现内部网络地址，请删除。")
		return len(m)
	case (b|0x20 >= 'a' && b|0x20 <= 'z') && !word && len(rest) > 3 && rest[1] == ':' && rest[2] == '\\':
		n := path(rest)
		s.hit("W-SYSTEM", i, i+n, "发现本机文件路径，请删除。")
		return n
	case strings.HasPrefix(rest, "file://"):
		n := path(rest)
		s.hit("W-SYSTEM", i, i+n, "发现本机文件路径，请删除。")
		return n
	case strings.HasPrefix(rest, `\\`) && before != '\\' && len(rest) > 4 && strings.IndexByte(rest[2:min(len(rest), 40)], '\\') > 0:
		n := path(rest)
		s.hit("W-SYSTEM", i, i+n, "发现内部共享目录，请删除。")
		return n
	}
	return 0
}

// octets tells whether the parts of an address are below 256 and it is not a
// number of a section such as 10.1.2.3 in a heading.
func octets(address string) bool {
	small := true
	for _, p := range strings.Split(address, ".") {
		n := 0
		for i := range len(p) {
			n = n*10 + int(p[i]-'0')
		}
		if n > 255 {
			return false
		}
		small = small && n <= 20
	}
	return !small
}

// path is the length of a path: up to a blank or a mark of Chinese text.
func path(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if r <= ' ' || strings.ContainsRune(",;\"'<>|*?。、，“”)（）", r) {
			break
		}
		n += size
	}
	return n
}
