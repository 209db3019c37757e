package read

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html/atom"
)

// field is a label of an item's head with what stands behind it.
type field struct {
	name, value string
	line        int
}

const labelGap = `[\s\]】)）]*[:：]\s*`

var (
	dateTags = []string{"pubdate", "publish_date", "publish-date", "publishtime", "publish_time", "pubtime", "apub:time", "publishedtime", "article:published_time", "bytedance:published_time", "datepublished", "og:release_date", "og:published_time", "dc.date.issued", "dcterms.issued", "dc.date", "weibo:article:create_at", "firstpublishedtime", "releasedate"}

	labels    = with(": ：", `(?:^|[\s\[【|丨（(,，;；:：\d])((?:索\s?引\s?号|索取号|信息索引号?|名\s?称|标\s?题|文\s?号|发文字号|发文文号|文件编号|公文文号|文件字号|发布机构|发布单位|发布部门|发文机关|发文单位|发文部门|制发机关|公开机构|公开责任部门|责任部门|公开单位|信息来源|稿件来源|文章来源|新闻来源|内容来源|来\s?源|作\s?者|发布者|发布人|供\s?稿|信息提供|主题分类|信息分类|体裁分类|组配分类|所属分类|分\s?类|成文日期|生成日期|制发日期|形成日期|发文日期|印发日期|公开日期|公开时间|发布日期|发布时间|发文时间|发稿时间|上传时间|录入时间|更新时间|更新日期|修改时间|日\s?期|时\s?间|实施日期|施行日期|生效日期|失效日期|废止日期|截止时间|截止日期|开始时间|结束时间|有\s?效\s?性|效力状态|主题词|关键词|公开方式|公开形式|公开范围|浏览次数|浏览量|阅读次数|阅读量|点击数|点击量|点击率|访问量|访问次数|浏览|阅读|点击|字\s?号|字体大小|字体|责任编辑|编辑|编审|审核|初审|终审|值班编辑|打印|分享)[\]】)）]?)(\s?[:：]\s?)`)
	bareLabel = regexp.MustCompile(`^[\[【（(]?\s?(索\s?引\s?号|名\s?称|标\s?题|文\s?号|发文字号|发布机构|发布单位|发文机关|发文单位|信息来源|来\s?源|作\s?者|主题分类|信息分类|体裁分类|组配分类|成文日期|生成日期|发文日期|公开日期|发布日期|发布时间|有\s?效\s?性|主题词|关键词|公开方式)\s?[\]】）)]?\s?[:：]?$`)

	sourceAlone = with("来源", `(?:^|[\s|丨])来源\s?([\p{Han}A-Za-z][^\s|丨：:，。]{1,20})(?:$|[\s|丨])`) // without a colon

	sourceNames = map[string]int{"信息来源": 4, "稿件来源": 4, "文章来源": 4, "新闻来源": 4, "内容来源": 4, "来源": 4, "信息提供": 2, "供稿": 1}
	unitNames   = map[string]int{"发布机构": 5, "发文机关": 5, "制发机关": 5, "发文单位": 5, "发文部门": 5, "发布单位": 5, "发布部门": 5, "公开机构": 4, "公开单位": 4, "公开责任部门": 3, "责任部门": 3, "发布者": 1}
	dateNames   = map[string]int{"发布时间": 9, "发布日期": 9, "公开日期": 8, "公开时间": 8, "发稿时间": 8, "上传时间": 7, "录入时间": 6, "发文时间": 6, "时间": 6, "日期": 6, "更新时间": 5, "更新日期": 5, "修改时间": 4, "发文日期": 3}
	ownDates    = regexp.MustCompile(`(?:成文|生成|制发|形成|印发|实施|施行|生效|失效|废止|截止|开始|结束|起止|活动|会议|出生|有效|报名|考试|征集|办理|受理|来信|提问|咨询|今天是|现在是)(?:日期|时间|期限|期)?\s?[\]】]?\s?[:：]?\s*$`)
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
				if v.chars < 200 && !alone(v.text) && !begins(v.text) {
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
// head, its address, in this order (WEB 3.1 V4 step 3).
func (p *page) published() {
	for _, name := range dateTags {
		if m, ok := firstMoment(plainDigits(p.meta[name])); ok {
			p.r.Published, p.r.DateFrom = stamp(p.meta[name], m), "meta"
			return
		}
	}
	best := 0
	var at time.Time
	for _, f := range p.fieldList {
		w := dateNames[f.name]
		if w == 0 {
			continue
		}
		if p.bodyLine >= 0 && f.line > p.bodyLine+1 {
			w -= 5 // behind the text stands when it was edited, and dates of other things
		}
		if w <= best {
			continue
		}
		if m, ok := firstMoment(f.value); ok && m.start < 12 {
			best, at = w, stamp(f.value, m)
		}
	}
	if best > 3 {
		p.r.Published, p.r.DateFrom = at, "mark"
		return
	}
	for _, n := range p.all[1:] {
		if n.tag == atom.Time && n.region == plain && n.attr("datetime") != "" && !p.inList(n) {
			if m, ok := firstMoment(n.attr("datetime")); ok {
				p.r.Published, p.r.DateFrom = stamp(n.attr("datetime"), m), "mark"
				return
			}
		}
	}
	if m, ok := p.headDay(); ok {
		p.r.Published, p.r.DateFrom = m.time(), "pattern"
		return
	}
	if best > 0 {
		p.r.Published, p.r.DateFrom = at, "mark"
		return
	}
	if d, ok := pathDay(p.self); ok {
		p.r.Published, p.r.DateFrom = moment{day: d}.time(), "path"
	}
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
func (p *page) headDay() (found moment, ok bool) {
	from, to := 0, len(p.text)
	if p.headLine >= 0 {
		from, to = max(p.headLine-3, 0), min(p.headLine+12, len(p.text))
	} else if p.bodyLine >= 0 {
		from, to = max(p.bodyLine-8, 0), min(p.bodyLine+3, len(p.text))
	} else {
		return found, false
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
			found, timed, ok = m, m.timed, true
		}
	}
	return found, ok
}

// breadcrumb reads where the page hangs: behind 当前位置, or a row of links that
// begins with the home page and is divided by arrows.
func (p *page) breadcrumb() {
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == foot {
			continue
		}
		at := crumbStart.FindStringIndex(l.text)
		if at == nil || at[0] > 40 {
			continue
		}
		box := l.node
		for depth := 0; depth < 4 && box.parent != nil && box.parent != p.root; depth++ {
			s := box.whole()
			j := crumbStart.FindStringIndex(s)
			if j != nil && runes(strings.TrimLeft(s[j[1]:], ":： >")) >= 2 {
				break
			}
			box = box.parent
		}
		names := p.crumbNames(box)
		if len(names) > 0 {
			p.crumb(box, names)
			return
		}
	}
	for _, n := range p.all[1:] { // without the label
		if !n.elem || n.anchors < 2 || n.chars > 120 || n.chars < 4 || n.region == foot || n.region == nav && n.attr("class") == "" {
			continue
		}
		if n.region != crumb && !strings.ContainsAny(n.sample(200), ">＞»›→/") {
			continue
		}
		s := n.whole()
		firstName, _, _ := strings.Cut(crumbBreaks.ReplaceAllString(s, "\x00"), "\x00")
		if !homeWord.MatchString(strings.TrimSpace(firstName)) || !strings.ContainsAny(s, ">＞»›→") && n.region != crumb {
			continue
		}
		if names := p.crumbNames(n); len(names) > 0 {
			p.crumb(n, names)
			return
		}
	}
}

// crumb keeps the breadcrumb, and its part as furniture.
func (p *page) crumb(box *node, names []string) {
	p.r.Breadcrumb, p.crumbBox = names, box
	for _, n := range p.all[box.id:box.end] {
		n.region = crumb
	}
	for i := range p.text {
		if p.text[i].node.within(box) {
			p.text[i].region = crumb
		}
	}
}

func (p *page) crumbNames(box *node) (names []string) {
	var b strings.Builder
	var walk func(*node)
	walk = func(m *node) {
		for c := m.first; c != nil && b.Len() < 1500; c = c.next {
			switch {
			case !c.elem:
				b.WriteString(c.text)
			case silent(c.tag), c.hidden:
			case c.tag == atom.A || block(c.tag):
				b.WriteByte(0)
				walk(c)
				b.WriteByte(0)
			default:
				walk(c)
			}
		}
	}
	walk(box)
	s := b.String()
	if j := crumbStart.FindStringIndex(s); j != nil {
		s = strings.TrimLeft(s[j[1]:], ":： 是在\x00")
	}
	s = crumbBreaks.ReplaceAllString(s, "\x00")
	for _, name := range strings.Split(s, "\x00") {
		name = strings.Trim(clean(name), " :：>-[]")
		if name == "" || homeWord.MatchString(name) || name == "正文" || name == "详情" || name == "内容" || name == "详细内容" || name == "文章内容" || name == "列表" || toolLine(name) || labels.MatchString(name) {
			continue
		}
		if len(names) > 0 && names[len(names)-1] == name {
			continue
		}
		if len(names) >= 12 || runes(name) > 100 {
			break
		}
		names = append(names, name)
	}
	return names
}

var (
	titleParts = regexp.MustCompile(`\s*(?:_+|\||｜|--+|——|-{1,2}>|>>?|»|\s[-–—]\s|－)\s*`)
	organOnly  = regexp.MustCompile(`^[\p{Han}]{2,14}(?:局|厅|委|委员会|办公室|办事处|中心|人民政府)$`)
	siteLike   = with("政府 网 会 办公室 局 厅 委 部 处 署 站 平台 专栏", `(?:人民政府(?:门户)?(?:网站?)?|政府网|门户网站?|官方网站|官网|政务网|信息网|委员会(?:网站?)?|办公室|[局厅委办部处署]网站?|(?:新闻|在线)网|信息公开(?:网|平台|专栏)|公众网|网站)$`)
)

// heading finds the title of the item or column: the tag, else the line of the
// page with which <title> begins or that it holds, else the largest heading or
// the line over the item's date, else <title> without the site's name.
func (p *page) heading() {
	p.headLine, p.headEnd = -1, -1
	want := p.meta["articletitle"]
	title := p.r.Title
	best, score := -1, 0.0
	flatTitle, flatWant, flatSite := flat(title), flat(want), flat(p.siteName)
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == crumb || l.region == pager || l.region == tool || l.chars < 2 || l.chars > 120 {
			continue
		}
		if p.crumbBox != nil && l.node.within(p.crumbBox) || crumbRow(l.text) {
			continue
		}
		s := 0.0
		same := flat(l.text)
		switch {
		case want != "" && same == flatWant:
			s += 12
		case title != "" && same == flatTitle:
			s += 9
		case l.chars >= 4 && title != "" && strings.HasPrefix(flatTitle, same):
			s += 5 + min(float64(l.chars)/10, 3)
		case l.chars >= 6 && title != "" && strings.Contains(flatTitle, same):
			s += 3 + min(float64(l.chars)/10, 2)
		}
		switch l.level {
		case 1:
			s += 5
		case 2:
			s += 3
		case 3:
			s += 2
		case 4, 5, 6:
			s++
		}
		if s == 0 {
			for q, depth := l.node, 0; q != nil && depth < 2; q, depth = q.parent, depth+1 {
				if q.chars != int32(l.chars) {
					break
				}
				for _, w := range append(words(q.attr("class")), words(q.attr("id"))...) {
					if w == "title" || w == "biaoti" || w == "bt" || w == "tit" || w == "headline" || w == "subject" || w == "articletitle" {
						s += 2
						break
					}
				}
			}
			if l.strong {
				s++
			}
			if d := p.metaLine - i; d > 0 && d <= 2 && p.metaLine >= 0 && l.chars >= 4 {
				s++
			}
			if s == 0 {
				continue
			}
		}
		if flatSite != "" && same == flatSite || (siteLike.MatchString(l.text) || organOnly.MatchString(l.text)) && !strings.HasPrefix(flatTitle, same) {
			s -= 8 // the site's own name
		}
		if l.region == head || l.region == side {
			s -= 2
		}
		if l.linked*2 > l.chars {
			s -= 3
			if p.inGroup(l.node) {
				s -= 6
			}
		}
		if p.bodyNode != nil && l.from > p.bodyNode.end {
			s -= 4
		}
		if labels.MatchString(l.text) {
			s -= 4
		}
		if p.metaLine >= 0 { // the date or source under a title
			if d := p.metaLine - i; d > 0 && d <= 3 {
				s += 3
			} else if d < 0 {
				s--
			}
		}
		if s > score {
			best, score = i, s
		}
	}
	siteOnly := title == "" || (siteLike.MatchString(title) || organOnly.MatchString(title)) && !titleParts.MatchString(title) || flat(title) == flat(p.siteName)
	column := p.meta["columnname"]
	switch {
	case best >= 0 && (score >= 3 || siteOnly && score >= 2):
		p.headLine = best
		p.r.Heading, p.headEnd = p.wholeHeading(best)
	case siteOnly && want == "" && usableTag(column):
		p.r.Heading = column
	case siteOnly && want == "" && len(p.r.Breadcrumb) > 0:
		p.r.Heading = p.lastCrumb()
	}
	if usableTag(want) { // the tag, unless the page shows another title in so many words
		shown, tag := flat(p.r.Heading), flat(want)
		if shown == "" || strings.Contains(tag, shown) || score < 9 && !strings.Contains(shown, tag) {
			p.r.Heading = clean(want)
		}
	}
	if p.r.Heading == "" {
		p.r.Heading = p.titleAlone()
	}
	p.r.Heading = strings.TrimSpace(p.r.Heading)
}

// crumbRow tells whether a line is a path from the home page down.
func crumbRow(s string) bool {
	if crumbStart.MatchString(s) {
		return true
	}
	if len(s) > 400 || !strings.Contains(s[:min(len(s), 20)], "页") && !strings.HasPrefix(s, "H") && !strings.HasPrefix(s, "h") {
		return false // it does not begin with 首页, 主页 or Home
	}
	name, rest, ok := strings.Cut(crumbBreaks.ReplaceAllString(s, "\x00"), "\x00")
	return ok && rest != "" && homeWord.MatchString(strings.TrimSpace(name))
}

// wholeHeading joins a title that is set on two lines of one part.
func (p *page) wholeHeading(i int) (text string, last int) {
	title := flat(p.r.Title)
	text, last = p.text[i].text, i
	for j := i + 1; j < len(p.text) && j <= i+3; j++ {
		n := &p.text[j]
		same := n.node == p.text[i].node && n.level > 0 && title == ""
		if n.hidden || n.chars > 80 || !same && (title == "" || !strings.HasPrefix(title, flat(text+n.text))) || len(moments(plainDigits(n.text), 1)) > 0 {
			break
		}
		text += n.text
		last = j
	}
	return text, last
}

// flat is a text without spaces and with one kind of quotation mark, to compare.
func flat(s string) string {
	if !strings.ContainsAny(s, " \u3000\u00a0\t\n\r“”„＂「」‘’") {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u3000', '\u00a0', '\t', '\n', '\r':
			return -1
		case '“', '”', '„', '＂', '「', '」':
			return '"'
		case '‘', '’':
			return '\''
		}
		return r
	}, s)
}

func usableTag(s string) bool {
	s = strings.TrimSpace(s)
	return runes(s) >= 2 && !strings.EqualFold(s, "null") && !strings.EqualFold(s, "undefined") && !strings.ContainsAny(s, "{}$")
}

// titleAlone is <title> without the parts that name the site or its columns.
func (p *page) titleAlone() string {
	title := p.r.Title
	parts := titleParts.Split(title, -1)
	if len(parts) == 1 { // a hyphen divides only where one side is a site
		if a, b, ok := strings.Cut(title, "-"); ok && (siteLike.MatchString(strings.TrimSpace(a)) || flat(a) == flat(p.siteName)) {
			parts = []string{b}
		} else if i := strings.LastIndex(title, "-"); ok && (siteLike.MatchString(strings.TrimSpace(title[i+1:])) || flat(title[i+1:]) == flat(p.siteName)) {
			parts = []string{title[:i]}
		}
	}
	best := ""
	for i, s := range parts {
		s = strings.TrimSpace(s)
		if s == "" || len(parts) > 1 && (p.siteName != "" && flat(s) == flat(p.siteName) || siteLike.MatchString(s) && runes(s) < 25 && i > 0) {
			continue
		}
		if i == 0 || best == "" || runes(s) > 2*runes(best) && runes(s) > 12 {
			best = s
		}
	}
	if best == "" {
		best = title
	}
	return best
}
