package norm

import (
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// format looks at the parts of a document and at what was left unfinished
// (F7, F8, F10–F12, P1, P11, P13, C16, C18, C20).
func (s *scan) format() {
	seen := 0 // lines that are not empty
	form := s.isForm()
	for i, l := range s.lines {
		text := s.text(l)
		if text == "" {
			continue
		}
		seen++
		if l.cell {
			continue
		}
		at := s.skip(l.start)
		s.keywords(i, at)
		if seen <= 6 {
			s.first(l, at, text, seen)
		}
		switch text {
		case "此件公开发布", "此件主动公开", "此件依申请公开", "此件删减后公开":
			s.hit("F11", at, at+len(text), "（"+text+"）", "附注应加圆括号。")
		}
		s.headingMark(l, text)
		if !form {
			s.blankDate(l, at, text)
		}
	}
	s.firstComma()
	s.titles()
	s.unfinished(form)
	s.cut()
	for _, word := range []string{"点击这里", "点击此处", "点这里"} {
		s.each(word, func(at int) {
			s.hit("C20", at, at+len(word), "", "链接文字应说明去处，不写“%s”。", word)
		})
	}
}

// isForm tells whether the text is a form to be filled in: blanks are its purpose.
func (s *scan) isForm() bool {
	for _, w := range []string{"填表", "签字", "签名", "签章", "申请人", "经办人", "审核意见", "承诺书", "模板", "样式", "示例", "格式", "范本", "样表", "填写", "登记表", "申请表", "合同", "协议书"} {
		if s.contains(w) {
			return true
		}
	}
	return false
}

// keywords reports 主题词 (F7); in the table of a page's own data it is a field.
func (s *scan) keywords(i, at int) {
	end := at
	for _, r := range "主题词" {
		if s.after(end) != r {
			return
		}
		end += utf8.RuneLen(r)
		if r != '词' {
			end = s.skip(end)
		}
	}
	next := s.skip(end)
	if !s.has(next, ":") && next == end && next < s.lines[i].end {
		return
	}
	low := s.lines[max(i-8, 0)].start
	high := s.lines[min(i+8, len(s.lines)-1)].end
	if around := s.s[low:high]; strings.Contains(around, "索引号") || strings.Contains(around, "索 引 号") || strings.Contains(around, "信息分类") {
		return
	}
	s.hit("F7", at, end, "", "公文已不使用主题词，应删除。")
}

// first looks at the head of a document.
func (s *scan) first(l line, at int, text string, seen int) {
	switch strings.ReplaceAll(text, " ", "") {
	case "特急", "加急", "平急", "特提", "紧急程度:特急", "紧急程度:加急":
		if seen <= 3 {
			s.hit("F12", at, at+len(text), "", "网上公开的文件不标注紧急程度，应删除。")
		}
	}
	length := utf8.RuneCountInString(text)
	title := seen <= 3 && length >= 6 && length <= 60 && strings.Contains(text, "关于") && !strings.Contains(text, ":")
	if !title {
		return
	}
	end := at + len(text)
	if mark := s.endsWith(end, "通知。", "意见。", "方案。", "办法。", "公告。", "通告。", "报告。", "决定。", "批复。", "函。"); mark != "" {
		s.hit("F8", end-len("。"), end, "", "标题末尾不加标点。")
	}
	for _, twice := range []string{"的通知的通知", "的意见的意见", "的函的函", "的公告的公告"} {
		if strings.HasSuffix(text, twice) {
			right := twice[:len(twice)/2]
			s.hit("F9", end-len(twice), end, right, "标题中文种重复。")
		}
	}
	for _, draft := range []string{"(稿)", "(讨论稿)", "(送审稿)", "(初稿)", "(修改稿)", "(草稿)", "(报批稿)"} {
		if strings.HasSuffix(text, draft) {
			s.hit("C16", end-len(draft), end, "", "标题留有未定稿标记，请核对。")
		}
	}
}

// headingMark reports 。 ， ； at the end of a heading (P11).
func (s *scan) headingMark(l line, text string) {
	if l.heading == 0 {
		return
	}
	end := l.start + strings.LastIndex(s.s[l.start:l.end], text) + len(text)
	if mark := s.endsWith(end, "。", ",", ";", "、"); mark != "" && utf8.RuneCountInString(text) <= 40 && strings.Count(text, "。") <= 1 {
		s.hit("P11", end-len(mark), end, "", "标题末尾不加标点。")
	}
}

// firstComma says once that 1、 should be 1. (F10).
func (s *scan) firstComma() {
	for _, l := range s.lines {
		if l.cell {
			continue
		}
		if it, ok := s.itemAt(s.skip(l.start)); ok && it.style == comma && it.start < l.end {
			n := decimal{int64(it.n), 0}.String()
			s.hit("F10", it.start, it.end, n+".", "第三层序数写作“%s.”，全文同类写法请一并修改。", n)
			return
		}
	}
}

// blankDate reports a date left blank (C16).
func (s *scan) blankDate(l line, at int, text string) {
	plain := strings.ReplaceAll(text, " ", "")
	if plain != text && (plain == "年月日" || strings.HasSuffix(plain, "年月日") && len(plain) == len("2022年月日")) {
		s.hit("C16", at, at+len(text), "", "日期没有填写。")
	}
}

// titles looks at marks between and inside book marks (P1, P13).
func (s *scan) titles() {
	s.each("》、《", func(at int) {
		s.hit("P1", at+len("》"), at+len("》、"), "", "并列的书名号之间通常不用顿号。")
	})
	s.each("”、“", func(at int) {
		s.hit("P1", at+len("”"), at+len("”、"), "", "并列的引号之间通常不用顿号。")
	})
	for _, word := range []string{"活动》", "大赛》", "论坛》", "培训班》", "座谈会》", "推进会》", "展览会》"} {
		s.each(word, func(at int) {
			if open := strings.LastIndex(s.window(at, 90), "《"); open >= 0 {
				start := at - len(s.window(at, 90)) + open
				if !strings.Contains(s.s[start:at], "》") && !strings.Contains(s.s[start:at], "关于") {
					s.hit("P13", start, at+len(word), "“"+s.s[start+len("《"):at+len(word)-len("》")]+"”", "书名号只用于作品和文件，活动、会议名称用引号。")
				}
			}
		})
	}
}

// placeholders are what an author leaves to be filled in later.
var placeholders = []string{"(待定)", "【待定】", "[待定]", "(待补充)", "【待补充】", "待补充。", "(此处", "【此处", "[此处", "【】", "TODO", "Lorem ipsum", "lorem ipsum", "(待核实)", "【待核实】", "(待确认)", "【待确认】"}

// unfinished reports placeholders (C16): in a normative document they block.
func (s *scan) unfinished(form bool) {
	normative := s.contains("第一条") && s.contains("第三条") && s.contains("施行")
	report := func(start, end int) {
		h := s.f.Original(start, end)
		hit := hint("C16", h.Start, h.End, "", "含有未完成的内容“"+s.original(start, end)+"”，请补充或删除。")
		hit.Severity = check.Confirm
		if normative {
			hit.Severity = check.Block
		}
		s.report(hit)
	}
	for _, word := range placeholders {
		s.each(word, func(at int) {
			end := at + len(word)
			if strings.HasSuffix(word, "此处") {
				close := strings.IndexAny(s.ahead(end, 60), ")】]")
				if close < 0 || s.hasAny(end, "插入", "填", "补充", "省略", "待", "添加", "应", "需", "为") == "" {
					return
				}
				end += close
				_, size := utf8.DecodeRuneInString(s.s[end:])
				end += size
			}
			report(at, end)
		})
	}
	if form {
		return
	}
	for _, mark := range []string{"×", "X"} {
		s.crosses(mark, report)
	}
}

// behindCross are words that show that what stands before them was left out.
var behindCross = []string{"年", "月", "日", "区", "市", "县", "局", "街道", "镇", "乡", "单位", "元", "万元", "人", "个", "家", "公司", "项目", "部门", "同志", "%", "号", "项", "次", "平方米", "公里", "户", "名", "时", "小时", "分钟", "天", "周", "工作日", "吨", "亩", "公顷", "米", "套", "件", "条", "倍", "届", "会议", "村", "社区"}

// crosses reports ×× and XX where words belong; masked numbers and names are no
// placeholders.
func (s *scan) crosses(mark string, report func(start, end int)) {
	last := 0
	s.each(mark+mark, func(at int) {
		if at < last {
			return
		}
		end := at
		for s.has(end, mark) {
			end += len(mark)
		}
		last = end
		b, a := s.before(at), s.after(end)
		if b < 0x80 && b != 0 && b != '\n' && b != '(' && b != ',' && b != ':' && b != ' ' || a < 0x80 && (digitRune(a) || a >= 'A' && a <= 'z') {
			return
		}
		if !isHan(b) && b != '《' && b != '〔' && b != ',' && b != '。' && b != '(' {
			return
		}
		if s.hasAny(end, behindCross...) == "" && a != '〔' {
			return
		}
		if s.hasAny(end, "人民", "世纪", "个月", "次方") != "" || s.endsWith(at, "例如", "比如", "如", "写作", "第") != "" || strings.ContainsAny(s.window(at, 9), "渝京津沪") {
			return
		}
		report(at, end)
	})
}

// cut reports a text that breaks off (C18).
func (s *scan) cut() {
	if utf8.RuneCountInString(s.s) < 200 {
		return
	}
	for i := len(s.lines) - 1; i >= 0; i-- {
		l := s.lines[i]
		text := s.text(l)
		if text == "" {
			continue
		}
		if l.cell || utf8.RuneCountInString(text) < 15 {
			return
		}
		end := l.start + strings.LastIndex(s.s[l.start:l.end], text) + len(text)
		if mark := s.endsWith(end, ",", "、"); mark != "" {
			s.hit("C18", end-len(mark), end, "", "全文以“%s”结尾，文字可能中断，请核对。", s.original(end-len(mark), end))
		}
		return
	}
}
