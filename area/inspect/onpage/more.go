package onpage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// more looks at what a page says of itself beside its tags, marks and header: how
// its tags are called, maps, sources, rules, the archive, errors of its scripts.
func (l *Looker) more(p *fact.Page, template uint64) {
	l.tagNames(p, template)
	l.scriptErrors(p, template)
	l.archived(p, template)
	switch p.Read.Kind {
	case fact.Content, fact.Overview:
		l.maps(p, template)
		l.relayed(p, template)
		l.rule(p, template)
		l.answered(p, template)
		l.begins(p, template)
		l.expired(p, template)
	}
}

// tagNames looks at how the names of the page-label tags are written: exactly as
// the table has them (website-norms section 5).
func (l *Looker) tagNames(p *fact.Page, template uint64) {
	const g group = "tag-name"
	l.faults.saw(g, template)
	var wrong, right []string
	for _, tag := range slices.Concat(siteTags, columnTags, itemTags) {
		if _, ok := p.Read.Meta[tag]; ok {
			continue
		}
		for name, value := range p.Read.Meta {
			if strings.EqualFold(name, tag) && !noTagValue.MatchString(value) {
				wrong, right = append(wrong, name), append(right, tag)
				break
			}
		}
	}
	if len(wrong) == 0 {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "WEB-64", Also: []string{"NORM-13", "NORM-14"}, Indicator: "D4.7", Key: "标签名称大小写", State: fact.Fail,
		What: "页面标签名称的大小写不规范：" + strings.Join(wrong, "、"),
		Seen: `例如 <meta name="` + wrong[0] + `">。`,
		Mend: "标签名称按规定的写法，大小写也要一致：" + strings.Join(right, "、") + "。",
	})
}

// scriptErrors tells of a list that stays empty in a browser because a script of
// the page fails (WEB-65, D4.8).
func (l *Looker) scriptErrors(p *fact.Page, template uint64) {
	const g group = "script-error"
	l.faults.saw(g, template)
	if len(p.Read.Errors) == 0 || len(p.Read.Entries) > 0 {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "WEB-65", Indicator: "D4.8", Key: cut(p.Read.Errors[0], 200), State: fact.Proposed,
		What: "页面脚本运行出错，列表没有显示出来",
		Seen: "浏览器报告：" + cut(p.Read.Errors[0], 300) + "。",
		Mend: "请网站技术单位改正脚本，或者把列表直接写在页面里。",
	})
}

var (
	archiveMark = regex.New(`^[（(【\[]?(?:(?:本|该|此)?(?:页面|网页|栏目|专题|网站|内容|信息)(?:现)?)?已(?:经)?归档`)
	anyDay      = regex.New(`(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}`)
)

// archived looks at a page that says of itself that it is archived: it says since
// when (NORM-09).
func (l *Looker) archived(p *fact.Page, template uint64) {
	const g group = "archived"
	l.faults.saw(g, template)
	r := p.Read
	lines := strings.Split(r.Text, "\n")
	for i, line := range append([]string{r.Heading}, lines[:min(len(lines), 30)]...) {
		line = strings.TrimSpace(line)
		if len(line) > 150 || !archiveMark.MatchString(line) {
			continue
		}
		next := ""
		if i < len(lines) {
			next = lines[i]
		}
		if anyDay.MatchString(line) || len(next) < 100 && anyDay.MatchString(next) {
			return
		}
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-09", Key: "归档日期", State: fact.Proposed,
			What: "已归档的页面没有写明归档日期",
			Seen: "页面上写有“" + cut(line, 40) + "”，没有日期。",
			Mend: "在页面显著位置写明“已归档”和归档的日期。",
		})
		return
	}
}

var (
	mapName   = regex.New(`(?:行政区划|政区|政务|区位|交通|旅游|水系|地形|辖区|管辖区域|标准|区域)(?:示意|位置|分布|略)?(?:地)?图(?:[（(].{0,12}[）)])?$|(?:[省市区县州盟旗镇乡国界]|街道)地图(?:[（(].{0,12}[）)])?$`)
	noMap     = regex.New(`网站地图|站点地图|思维导图|百度地图|高德地图|腾讯地图|天地图|电子地图|地图导航|地图查询|地图服务`)
	mapNumber = regex.New(`审图号|图审字|[\p{Han}]{0,2}G?S\s?[（(〔\[]?\s?(?:19|20)\d{2}\s?[）)〕\]]?\s?\p{Han}{0,3}\d{1,6}\s?号`)
)

// maps looks for pictures of maps without the number of their approval (NORM-22).
func (l *Looker) maps(p *fact.Page, template uint64) {
	const g group = "map"
	l.faults.saw(g, template)
	r := p.Read
	titled := isMap(r.Heading)
	name := ""
	for i := range r.Links {
		k := &r.Links[i]
		if k.Element != "img" || k.Place != fact.InBody || k.Hidden {
			continue
		}
		if mapNumber.MatchString(k.Text) {
			return
		}
		switch {
		case isMap(k.Text):
			name = cmp.Or(name, k.Text)
		case titled && (k.NoText || k.Text == r.Heading) && !furniturePicture.MatchString(k.URL):
			name = cmp.Or(name, r.Heading)
		}
	}
	if name == "" || mapNumber.MatchString(r.Text) {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "NORM-22", Key: "审图号", State: fact.Proposed,
		What: "地图图片没有标明审图号",
		Seen: "图片“" + cut(name, 40) + "”，页面和图片说明中没有找到审图号。",
		Mend: "使用自然资源部门发布的标准地图，或者送审取得审图号，在图下写明“审图号：……”。",
	})
}

func isMap(name string) bool {
	name = strings.TrimSpace(name)
	return len(name) < 150 && mapName.MatchString(name) && !noMap.MatchString(name)
}

// vague are sources that nobody can look up, or that are none of those from which a
// government site may relay (website-norms section 8).
var vague = regex.New(`^(?:来源[:：]?)?(?:网络|互联网|网上|网页|来源(?:于|自)?网络|(?:网络|互联网)(?:转载|收集|整理|素材|资料)|转载|转自网络|未知|不详|佚名|百度(?:百科|文库|经验|知道|新闻)?|搜狐(?:网|新闻|号)?|网易(?:网|新闻|号)?|新浪(?:网|新闻|微博)?|腾讯(?:网|新闻|视频)?|今日头条|头条(?:号|新闻)|知乎|豆瓣|抖音|快手|小红书|简书|百家号|企鹅号|个人图书馆|道客巴巴|豆丁网?|微信(?:公众号)?|微博)$`)

// relayed looks at the source of an item (NORM-38).
func (l *Looker) relayed(p *fact.Page, template uint64) {
	const g group = "relayed"
	l.faults.saw(g, template)
	r := p.Read
	for _, source := range []string{r.Head["来源"], r.Source, r.Meta["ContentSource"]} {
		source = flat(source)
		if !vague.MatchString(source) {
			continue
		}
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-38", Key: "来源 " + source, State: fact.Proposed,
			What: "信息来源不是可以转载的来源",
			Seen: "《" + cut(r.Heading, 40) + "》的来源写作“" + source + "”。",
			Mend: "只转载党委、政府网站和有关部门确定的稿源的信息，写明原发布单位；核实不了来源的撤下。",
		})
		return
	}
}

var (
	ruleLibrary = regex.New(`^(?:现行有效|失效废止)?(?:的)?(?:本?[省市区县]?(?:人民)?政府|地方政府|部门)?规章(?:库|文本|全文)?$`)
	rulesTitle  = regex.New(`(?:办法|规定|细则|规则)(?:[（(](?:试行|暂行|修[订正])[)）])?$`)
	firstRule   = regex.New(`(?m)^[\s　]*第一[条章]`)
	noteOrder   = regex.New(`第\s?\d+\s?号|第[一二三四五六七八九十百〇零]+号`)
	noteDay     = regex.New(`(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日`)
	noteForce   = regex.New(`(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日[起]?(?:施行|实施|生效)|(?:公布|发布)之日起(?:\d+日后)?(?:施行|实施|生效)`)
	decree      = regex.New(`现予(?:公布|发布)`)
)

// rule looks at the page of a rule (规章): title, note and text, without the decree;
// the note has number and day of publication and the day of effect (PLAT-60,
// 国办公开办函〔2021〕33号).
func (l *Looker) rule(p *fact.Page, template uint64) {
	r := p.Read
	if !rulesTitle.MatchString(r.Heading) || !slices.ContainsFunc(append(slices.Clone(r.Breadcrumb), r.Meta["ColumnName"]), func(s string) bool { return ruleLibrary.MatchString(flat(s)) }) {
		return
	}
	const g group = "rule"
	l.faults.saw(g, template)
	at := firstRule.FindStringIndex(r.Text)
	if at == nil {
		return // no text, or one in a file
	}
	note := r.Text[:at[0]]
	if decree.MatchString(note) {
		l.faults.add(g, template, p, fact.Finding{
			Check: "PLAT-60", Key: "公布令", State: fact.Proposed,
			What: "规章页面保留了公布令",
			Seen: "《" + cut(r.Heading, 40) + "》正文前写有“" + decree.FindString(note) + "”。",
			Mend: "规章文本由标题、题注和正文组成，删去公布令，把令号、日期写进题注。",
		})
		return
	}
	var lacks []string
	for _, part := range []struct {
		name string
		form *regex.Pattern
	}{{"公布的令号", noteOrder}, {"公布日期", noteDay}, {"施行日期", noteForce}} {
		if !part.form.MatchString(note) {
			lacks = append(lacks, part.name)
		}
	}
	if len(lacks) == 0 {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "PLAT-60", Key: "题注", State: fact.Proposed,
		What: "规章题注缺少：" + strings.Join(lacks, "、"),
		Seen: "《" + cut(r.Heading, 40) + "》标题与正文之间写的是“" + cut(strings.TrimSpace(note), 80) + "”。",
		Mend: "在标题下用括号写明题注，例如“（2026年1月5日××市人民政府令第12号公布　自2026年3月1日起施行）”，修改过的逐次写明。",
	})
}

var (
	answerer  = regex.New(`(?:答复|回复|办理|承办|受理|处理|经办|回应)(?:单位|部门|机构|机关|人|方)`)
	organName = regex.New(`\p{Han}{2,}(?:局|委员会|委|办公室|政府|街道|镇|乡|中心|大队|支队|管理处|公司|法院|检察院|厅|所)`)
)

// answered looks at the page of a letter with its answer: when it came, when it was
// answered, and who answered (NORM-31).
func (l *Looker) answered(p *fact.Page, template uint64) {
	r := p.Read
	if len(r.Letters) != 1 || r.Letters[0].URL != "" || len([]rune(r.Letters[0].Answer)) < 8 {
		return
	}
	const g group = "letter"
	l.faults.saw(g, template)
	letter := &r.Letters[0]
	var lacks []string
	if letter.Answered.IsZero() && len(anyDay.FindAllString(r.Text, 3)) < 2 {
		lacks = append(lacks, "答复时间")
	}
	if letter.Unit == "" && !answerer.MatchString(r.Text) && !organName.MatchString(letter.Answer) && r.Unit == "" && r.Head["来源"] == "" {
		lacks = append(lacks, "答复单位")
	}
	for _, what := range lacks {
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-31", Key: what, State: fact.Proposed,
			What: "公开的来信没有写明" + what,
			Seen: "《" + cut(r.Heading, 40) + "》有答复内容，没有找到" + what + "。",
			Mend: "公开来信时写明来信时间、答复时间、答复单位和答复内容。",
		})
	}
}

var (
	lastsUntil = regex.New(`有效期(?:限)?(?:为|至|到|截止|截至|止于|：|:|延长)*\s?(?:自.{6,20}?(?:至|到))?\s?((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	lastsYears = regex.New(`有效期(?:限)?(?:为|是|：|:)?\s?([一二两三四五六七八九十\d]{1,2})\s?年`)
	beginsOn   = regex.New(`自?\s?((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s?起?(?:正式)?(?:施行|实施|执行|生效|试行)`)
	beginsNow  = regex.New(`自?(?:发布|印发|公布|下发|发文)之日起(?:正式)?(?:施行|实施|执行|生效|试行)`)
	ofItself   = regex.New(`本(?:办法|规定|细则|意见|通知|方案|通告|公告|规则|政策|措施|文件|决定|标准|若干|实施)`)
	itsForce   = regex.New(`施行|实施|执行|试行|生效`)
	prolonged  = regex.New(`(?:有效期|施行期|执行期).{0,8}(?:延长|延续|顺延)|(?:延长|延续).{0,8}有效期|继续有效`)
	ofOthers   = regex.New(`证书?|执照|许可|资质|资格|批准文件|合同|协议|体检|报告单|报价|投标|保函|承诺|身份|驾驶|登记`)
	endedShelf = regex.New(`^(?:已)?(?:失效|废止|失效废止|废止失效)(?:的)?(?:文件|规章|规范性文件|行政规范性文件|政策文件)?(?:库|目录)?$`)
)

// lapsed says why a document that its header calls valid is not: it stands among
// those that ended, or its own last article set it a term that is over (PLAT-22). ""
// = nothing of the kind.
func lapsed(r *fact.Reading, made, today calendar.Date) string {
	for _, crumb := range r.Breadcrumb {
		if endedShelf.MatchString(flat(crumb)) {
			return "所在栏目：" + crumb
		}
	}
	if prolonged.MatchString(r.Text) {
		return ""
	}
	for line := range strings.SplitSeq(r.Text, "\n") {
		for sentence := range strings.SplitSeq(line, "。") {
			i := strings.Index(sentence, "有效期")
			if i < 0 || len(sentence) > 600 || ofOthers.MatchString(sentence) {
				continue
			}
			if !ofItself.MatchString(sentence) && (!itsForce.MatchString(sentence) || strings.ContainsAny(sentence, "《原")) {
				continue // the term of another document
			}
			if ends := termOf(sentence, made); !ends.IsZero() && ends.Before(today) {
				return strings.TrimSpace(cut(sentence, 60)) + "（" + ends.String() + " 到期）"
			}
		}
	}
	return ""
}

// termOf is the last day of the term that a sentence sets; zero = it sets none that
// can be reckoned.
func termOf(sentence string, made calendar.Date) calendar.Date {
	day := func(g []string) calendar.Date {
		d, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", g[0], g[1], g[2]))
		if err != nil {
			return calendar.Date{}
		}
		return d
	}
	if g := lastsUntil.FindStringSubmatch(sentence); g != nil {
		return day(g[1:])
	}
	g := lastsYears.FindStringSubmatch(sentence)
	if g == nil {
		return calendar.Date{}
	}
	years := 0
	if _, err := fmt.Sscanf(hanNumber(strings.ReplaceAll(g[1], "两", "二")), "%d", &years); err != nil || years < 1 || years > 30 {
		return calendar.Date{}
	}
	var from calendar.Date
	if b := beginsOn.FindStringSubmatch(sentence); b != nil {
		from = day(b[1:])
	} else if beginsNow.MatchString(sentence) {
		from = made
	}
	if from.IsZero() {
		return calendar.Date{}
	}
	return from.AddMonths(12 * years)
}

var (
	normativePaper = regex.New(`规范性文件`)
	itsForceDay    = regex.New(`(?:自|从).{0,24}(?:起|后).{0,6}(?:施行|实施|生效|执行|试行)|(?:施行|实施|生效|执行)(?:日期|时间)`)
)

// begins looks whether a normative document says since when it is in force (PLAT-13).
func (l *Looker) begins(p *fact.Page, template uint64) {
	r := p.Read
	if !isHeader(r.Head) || !normativePaper.MatchString(r.Head["体裁分类"]+" "+strings.Join(r.Breadcrumb, " ")+" "+r.Meta["ColumnName"]) || r.Words < 200 {
		return
	}
	const g group = "in-force"
	l.faults.saw(g, template)
	value, there := r.Head["施行日期"]
	if there && !emptyCell.MatchString(value) || itsForceDay.MatchString(r.Text) || !rulesTitle.MatchString(strings.Trim(noticeOf.ReplaceAllString(flat(r.Heading), ""), "《》")) || !firstRule.MatchString(r.Text) {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "PLAT-13", Also: []string{"PLAT-20"}, Key: "施行日期", State: fact.Proposed,
		What: "规范性文件没有写明施行日期",
		Seen: "《" + cut(r.Heading, 40) + "》的信息表和正文中没有找到施行日期。",
		Mend: "在信息表中填写施行日期；正文没有规定的，按印发日期填写。",
	})
}

// noticeOf is what stands around the title of a rule in that of the notice with
// which it was sent out.
var noticeOf = regex.New(`^.{0,60}?关于(?:印发|公布|发布)|的?通知$`)

var (
	concession = regex.New(`减税降费|税费优惠|税收优惠|优惠政策|惠企政策|助企纾困`)
	lastDay    = regex.New(`(?:执行|政策|优惠|减免|实施|有效)(?:期限|期|时间)?[^。；\n]{0,40}?(?:至|到|截止|截至)\s?((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	overWord   = regex.New(`已(?:经)?(?:到期|失效|废止|停止执行|过期)|延长|延续|继续执行`)
)

// expired looks at a concession whose last day is over and that does not say so
// (PLAT-47). Where it names several days the last one counts.
func (l *Looker) expired(p *fact.Page, template uint64) {
	r := p.Read
	if !concession.MatchString(strings.Join(r.Breadcrumb, " ") + " " + r.Meta["ColumnName"]) {
		return
	}
	const g group = "concession"
	l.faults.saw(g, template)
	var last calendar.Date
	for _, f := range lastDay.FindAllStringSubmatch(r.Text, 50) {
		if d, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", f[1], f[2], f[3])); err == nil && d.After(last) {
			last = d
		}
	}
	if last.IsZero() || !last.Before(l.today) || overWord.MatchString(r.Heading+"\n"+r.Text) || overWord.MatchString(r.Head["有效性"]) {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "PLAT-47", Key: "到期", State: fact.Proposed,
		What: "优惠政策已经到期，没有标明",
		Seen: "《" + cut(r.Heading, 40) + "》写明执行到 " + last.String() + "。",
		Mend: "核实政策是否延续：延续的补充新的期限和文件，到期的标明“已到期”。",
	})
}
