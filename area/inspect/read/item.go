package read

import (
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// field is a label of an item's head with what stands behind it.
type field struct {
	name, value string
	line        int
}

var (
	dateTags = []string{"pubdate", "publish_date", "publish-date", "publishtime", "publish_time", "pubtime", "apub:time", "publishedtime", "article:published_time", "bytedance:published_time", "datepublished", "og:release_date", "og:published_time", "dc.date.issued", "dcterms.issued", "dc.date", "weibo:article:create_at", "firstpublishedtime", "releasedate"}

	labels    = regex.With(": ：", `(?:^|[\s\[【|丨（(,，;；:：\d])((?:索\s?引\s?号|索取号|信息索引号?|名\s?称|标\s?题|文\s?号|发\s?文\s?字\s?号|发文文号|文件编号|公文文号|文件字号|发布机构|发布单位|发布部门|发\s?文\s?机\s?关|发文单位|发文部门|制发机关|公开机构|公开责任部门|责任部门|公开单位|信息来源|稿件来源|文章来源|新闻来源|内容来源|来\s?源|作\s?者|发布者|发布人|供\s?稿|信息提供|主\s?题\s?分\s?类|信息分类|体裁分类|组配分类|所属分类|分\s?类|成\s?文\s?日\s?期|生成日期|制发日期|形成日期|发文日期|印发日期|公开日期|公开时间|发\s?布\s?日\s?期|发布时间|发文时间|发稿时间|上传时间|录入时间|更新时间|更新日期|修改时间|日\s?期|时\s?间|实施日期|施行日期|生效日期|失效日期|废止日期|截止时间|截止日期|开始时间|结束时间|有\s?效\s?性|效力状态|主\s?题\s?词|关键词|公开方式|公开形式|公开范围|浏览次数|浏览量|阅读次数|阅读量|点击数|点击量|点击率|访问量|访问次数|浏览|阅读|点击|字\s?号|字体大小|字体|责任编辑|编辑|编审|审核|初审|终审|值班编辑|打印|分享)[\]】)）]?)(\s?[:：]\s?)`)
	bareLabel = regex.New(`^[\[【（(]?\s?(索\s?引\s?号|名\s?称|标\s?题|文\s?号|发\s?文\s?字\s?号|发布机构|发布单位|发\s?文\s?机\s?关|发文单位|信息来源|来\s?源|作\s?者|主\s?题\s?分\s?类|信息分类|体裁分类|组配分类|成\s?文\s?日\s?期|生成日期|发文日期|公开日期|发\s?布\s?日\s?期|发布时间|有\s?效\s?性|主\s?题\s?词|关键词|公开方式)\s?[\]】）)]?\s?[:：]?$`)

	sourceAlone = regex.With("来源", `(?:^|[\s|丨])来源\s?([\p{Han}A-Za-z][^\s|丨：:，。]{1,20})(?:$|[\s|丨])`) // without a colon

	sourceNames = map[string]int{"信息来源": 4, "稿件来源": 4, "文章来源": 4, "新闻来源": 4, "内容来源": 4, "来源": 4, "信息提供": 2, "供稿": 1}
	unitNames   = map[string]int{"发布机构": 5, "发文机关": 5, "制发机关": 5, "发文单位": 5, "发文部门": 5, "发布单位": 5, "发布部门": 5, "公开机构": 4, "公开单位": 4, "公开责任部门": 3, "责任部门": 3, "发布者": 1}
	dateNames   = map[string]int{"发布时间": 9, "发布日期": 9, "公开日期": 8, "公开时间": 8, "发稿时间": 8, "上传时间": 7, "录入时间": 6, "发文时间": 6, "时间": 6, "日期": 6, "更新时间": 5, "更新日期": 5, "修改时间": 4, "发文日期": 3}
	ownDates    = regex.New(`(?:成文|生成|制发|形成|印发|实施|施行|生效|失效|废止|截止|开始|结束|起止|活动|会议|出生|有效|报名|考试|征集|办理|受理|来信|提问|咨询|今天是|现在是)(?:日期|时间|期限|期)?\s?[\]】]?\s?[:：]?\s*$`)
)

// fields reads the labelled values of the page: behind the label on its line, or
// where the label stands alone, on the next.
func (p *page) fields() {
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == foot || l.region == nav || l.chars > 400 || len(p.fieldList) > 400 {
			continue
		}
		text := plainDigits(l.text)
		if g := bareLabel.FindStringSubmatch(cutRunes(text, 16)); g != nil && l.chars < 15 {
			name := strings.ReplaceAll(g[1], " ", "")
			if i+1 < len(p.text) {
				v := &p.text[i+1]
				if v.chars < 200 && !alone(v.text) && !begins(v.text) && !otherRow(l, v) {
					p.fieldList = append(p.fieldList, field{name, strings.TrimSpace(strings.TrimLeft(plainDigits(v.text), ":： ")), i})
					continue
				}
			}
			p.fieldList = append(p.fieldList, field{name, "", i})
			continue
		}
		if l.chars < 80 {
			if g := sourceAlone.FindStringSubmatch(text); g != nil {
				p.fieldList = append(p.fieldList, field{"供稿", g[1], i})
			}
		}
		if !strings.ContainsAny(text, ":：") {
			continue
		}
		found := labels.FindAllStringSubmatchIndex(text, 20)
		for k, g := range found {
			end := len(text)
			if k+1 < len(found) {
				end = found[k+1][2]
			}
			name := strings.Trim(strings.ReplaceAll(text[g[2]:g[3]], " ", ""), "]】)）")
			value := strings.Trim(text[g[1]:end], " |丨　[]【】（(,，;；")
			if value == "" && k+1 == len(found) && i+1 < len(p.text) && p.text[i+1].chars < 100 && !strings.ContainsAny(p.text[i+1].text, ":：") {
				value = strings.TrimSpace(plainDigits(p.text[i+1].text))
			}
			p.fieldList = append(p.fieldList, field{name, value, i})
		}
	}
}

// itemFields are the labels over an item that the reading keeps (NORM-19,
// disclosure-platform section 3.1), under the name that most pages use.
var itemFields = map[string]string{
	"索引号": "索引号", "信息索引号": "索引号", "信息索引": "索引号", "索取号": "索引号", "名称": "名称", "标题": "名称",
	"文号": "发文字号", "发文字号": "发文字号", "发文文号": "发文字号", "公文文号": "发文字号", "文件字号": "发文字号", "文件编号": "发文字号",
	"发布机构": "发布机构", "发文机关": "发布机构", "制发机关": "发布机构", "发文单位": "发布机构", "发布单位": "发布机构", "发布部门": "发布机构", "公开机构": "发布机构", "公开单位": "发布机构",
	"来源": "来源", "信息来源": "来源", "稿件来源": "来源", "文章来源": "来源", "新闻来源": "来源", "内容来源": "来源", "信息提供": "来源", "供稿": "来源",
	"主题分类": "主题分类", "信息分类": "主题分类", "体裁分类": "体裁分类", "组配分类": "组配分类", "主题词": "主题词",
	"成文日期": "成文日期", "生成日期": "成文日期", "制发日期": "成文日期", "形成日期": "成文日期",
	"发布日期": "发布日期", "发布时间": "发布日期", "公开日期": "发布日期", "公开时间": "发布日期",
	"实施日期": "施行日期", "施行日期": "施行日期", "生效日期": "施行日期", "失效日期": "失效日期", "废止日期": "失效日期",
	"有效性": "有效性", "效力状态": "有效性",
}

// itemHeadFields keeps the labelled values over the text of an item, and its
// source, which some designs show under it.
func (p *page) itemHeadFields() {
	found := map[string]string{}
	for _, f := range p.fieldList {
		name := itemFields[f.name]
		last := p.bodyLine + 1
		if name == "来源" {
			last = p.bodyEnd + 8
		}
		if name == "" || p.bodyLine >= 0 && f.line > last || p.text[f.line].hidden {
			continue
		}
		if old, ok := found[name]; !ok || old == "" {
			found[name] = cutRunes(f.value, 200)
		}
	}
	if len(found) > 0 {
		p.r.Head = found
	}
}

// otherRow tells whether a line stands outside the row of the table in which a label
// stands: the cell behind the label is empty then.
func otherRow(label, value *line) bool {
	if !label.cell || label.node.tag != atom.Td && label.node.tag != atom.Th {
		return false
	}
	row := enclosing(label.node, atom.Tr)
	return row != nil && !value.node.within(row)
}

// alone tells whether a line is a label and nothing else.
func alone(s string) bool { return len(s) < 60 && bareLabel.MatchString(s) }

// begins tells whether a line begins with a label.
func begins(s string) bool {
	at := labels.FindStringIndex(cutRunes(s, 30))
	return at != nil && at[0] == 0
}

// pick is the value of the best label of a table; those near the top come first.
func (p *page) pick(names map[string]int, ok func(string) (string, bool)) string {
	best, value := 0, ""
	for _, f := range p.fieldList {
		w := names[f.name]
		if w == 0 || w <= best || p.bodyLine >= 0 && f.line > p.bodyEnd+8 {
			continue
		}
		if v, fine := ok(f.value); fine {
			best, value = w, v
		}
	}
	return value
}

// unitValue cuts what follows a source or a unit on its line.
func unitValue(s string) (string, bool) {
	for _, lead := range [...]string{"信息来源", "稿件来源", "文章来源", "来源"} {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(s), lead); ok && strings.ContainsAny(rest[:min(len(rest), 3)], ":：") {
			s = strings.TrimLeft(rest, ":： ")
		}
	}
	for _, stop := range [...]string{"【", "[", "|", "丨", "发布", "时间", "日期", "浏览", "点击", "阅读", "打印", "分享", "字体", "字号", "作者", "编辑", "责任", "我要", "次数", "扫一扫", "收藏", "复制"} {
		if i := strings.Index(s, stop); i >= 0 {
			s = s[:i]
		}
	}
	if m := moments(s, 1); len(m) > 0 {
		s = s[:min(m[0].start, len(s))]
	}
	s = strings.Trim(s, " 　:：,，;；\"“”'《》()（）-—")
	if i := strings.IndexByte(s, ' '); i > 0 && runes(s[:i]) >= 3 {
		s = s[:i]
	}
	c := runes(s)
	if c < 2 || c > 40 || strings.ContainsAny(s, "。；！？<>{}") || digitsOnly(s) {
		return "", false
	}
	switch strings.ToLower(s) {
	case "null", "undefined", "none", "无", "暂无", "大", "小", "中":
		return "", false
	}
	return s, true
}

// published reads when the item appeared: its tag, its own mark, a day in its
// head, its address, in this order (WEB 3.1 V4 step 3); and what of it a visitor
// sees.
func (p *page) published() {
	r := &p.r
	for _, name := range dateTags {
		if m, ok := firstMoment(plainDigits(p.meta[name])); ok {
			r.Published, r.DateFrom = stamp(p.meta[name], m), "meta"
			break
		}
	}
	from := ""
	r.Shown, from = p.shown(r.Published)
	switch day, ok := pathDay(p.self); {
	case r.DateFrom != "":
	case from != "":
		r.Published, r.DateFrom = r.Shown, from
	case ok:
		r.Published, r.DateFrom = moment{day: day}.time(), "path"
	}
}

// shown is the time of publication that a visitor sees, and how it was found. A
// page may show several; where a tag says which is meant, that one counts.
func (p *page) shown(tagged time.Time) (at time.Time, from string) {
	best := 0
	for _, f := range p.fieldList {
		w := dateNames[f.name]
		if w == 0 {
			continue
		}
		if p.bodyLine >= 0 && f.line > p.bodyLine+1 {
			w -= 5 // behind the text stands when it was edited, and dates of other things
		}
		m, ok := firstMoment(f.value)
		if !ok || m.start >= 12 {
			continue
		}
		t := stamp(f.value, m)
		if !tagged.IsZero() && w > 0 && (t.Equal(tagged) || !m.timed && m.day == calendar.Of(tagged)) {
			return t, "mark"
		}
		if w > best {
			best, at = w, t
		}
	}
	if best > 3 {
		return at, "mark"
	}
	for _, n := range p.all[1:] {
		if n.tag == atom.Time && n.region == plain && n.attr("datetime") != "" && !p.inList(n) {
			if m, ok := firstMoment(n.attr("datetime")); ok {
				return stamp(n.attr("datetime"), m), "mark"
			}
		}
	}
	if m, line, ok := p.headDay(); ok && (tagged.IsZero() || m.day == calendar.Of(tagged) || plainlyPublished(line, m)) {
		return m.time(), "pattern"
	}
	if best > 0 {
		return at, "mark"
	}
	return time.Time{}, ""
}

// plainlyPublished tells whether a day without a label in an item's head can be
// nothing but that of its publication: under a title may also stand when a speech
// was held or a rule was passed, in brackets.
func plainlyPublished(line string, m moment) bool {
	before := strings.TrimSpace(line[:m.start])
	if strings.HasSuffix(before, "（") || strings.HasSuffix(before, "(") {
		return false
	}
	return m.timed || sourceAlone.MatchString(line) || labels.MatchString(line) || runes(line)-runes(line[m.start:m.end]) <= 4
}

// stamp keeps a zone that a machine-readable time names.
func stamp(text string, m moment) time.Time {
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(text)); err == nil {
		return t.In(m.time().Location())
	}
	return m.time()
}

// headDay is a day in a short line between the title and the text, or just before
// the title.
func (p *page) headDay() (found moment, line string, ok bool) {
	var from, to int
	if p.headLine >= 0 {
		from, to = max(p.headLine-3, 0), min(p.headLine+12, len(p.text))
	} else if p.bodyLine >= 0 {
		from, to = max(p.bodyLine-8, 0), min(p.bodyLine+3, len(p.text))
	} else {
		return found, "", false
	}
	timed := false
	for i := from; i < to; i++ {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == side || l.chars > 120 || l.linked*2 > l.chars {
			continue
		}
		if i > p.headLine && p.bodyLine >= 0 && i >= p.bodyLine && l.prose() && l.chars > 40 {
			break
		}
		text := plainDigits(l.text)
		for _, m := range moments(text, 4) {
			if ownDates.MatchString(text[:m.start]) || i == p.headLine {
				continue
			}
			rest := runes(text) - runes(text[m.start:m.end])
			if rest > 60 || strings.ContainsAny(text[m.end:], "。；") {
				continue
			}
			if ok && (!m.timed || timed) {
				continue
			}
			found, line, timed, ok = m, text, m.timed, true
		}
	}
	return found, line, ok
}

var (
	titleParts = regex.New(`\s*(?:_+|\||｜|--+|——|-{1,2}>|>>?|»|\s[-–—]\s|－)\s*`)
	placeOnly  = regex.New(`^[\p{Han}]{1,12}(?:省|市|区|县|州|旗|镇|乡|街道)$`)
	organOnly  = regex.New(`^[\p{Han}]{2,14}(?:局|厅|委|委员会|办公室|办事处|中心|人民政府)$`)
	siteLike   = regex.With("政府 网 会 办公室 局 厅 委 部 处 署 站 平台 专栏", `(?:人民政府(?:门户)?(?:网站?)?|政府网|门户网站?|官方网站|官网|政务网|信息网|委员会(?:网站?)?|办公室|[局厅委办部处署]网站?|(?:新闻|在线)网|信息公开(?:网|平台|专栏)|公众网|网站)$`)
)

// itemHead notes the first line that looks like the head of an item: a day or a
// source beside few other words.
func (p *page) itemHead() {
	p.metaLine = -1
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == side || l.region == crumb || l.chars > 150 || l.linked*2 > l.chars {
			continue
		}
		if p.inGroup(l.node) {
			continue
		}
		text := plainDigits(l.text)
		for _, g := range labels.FindAllStringSubmatchIndex(text, 10) {
			name := strings.Trim(strings.ReplaceAll(text[g[2]:g[3]], " ", ""), "]】)）")
			if dateNames[name] >= 5 && len(moments(text, 1)) > 0 || sourceNames[name] >= 4 {
				p.metaLine = i
				return
			}
		}
	}
}

// origin reads source, unit, number and index of an item: its tags first, then
// its own marks.
func (p *page) origin() {
	r := &p.r
	if v, ok := unitValue(p.meta["contentsource"]); ok {
		r.Source = v
	} else {
		r.Source = p.pick(sourceNames, unitValue)
	}
	r.Unit = p.pick(unitNames, unitValue)
	if r.Unit == "" {
		if v, ok := unitValue(p.meta["author"]); ok && runes(v) >= 4 && len(v) >= 3*runes(v) { // of Chinese characters
			r.Unit = v
		}
	}
	r.Number = p.pick(map[string]int{"文号": 5, "发文字号": 6, "发文文号": 5, "公文文号": 5, "文件编号": 3, "文件字号": 5, "字号": 1}, func(s string) (string, bool) {
		s = strings.TrimSpace(s)
		if g := docNumber.FindString(s); g != "" && runes(s) < 60 {
			return strings.ReplaceAll(g, " ", ""), true
		}
		return "", false
	})
	if r.Number == "" { // under the title of a document stands its number and nothing else
		for i := max(p.headLine, 0); i < len(p.text) && i <= p.headLine+6 && p.headLine >= 0; i++ {
			l := &p.text[i]
			s := strings.Trim(strings.ReplaceAll(l.text, " ", ""), "（）()")
			if l.chars < 30 && l.region == plain && docNumber.FindString(s) == s && s != "" {
				r.Number = s
				break
			}
		}
	}
	r.Index = p.pick(map[string]int{"索引号": 5, "信息索引号": 5, "信息索引": 4, "索取号": 4}, func(s string) (string, bool) {
		v := indexForm.FindString(strings.TrimSpace(s))
		return v, v != ""
	})
}
