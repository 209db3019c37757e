package onpage

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check/personal"
	"gongkai/kernel/regex"
)

// item looks at what an item shows of itself: time, source, pictures (NORM-19,
// NORM-50, PLAT-15).
func (l *Looker) item(p *fact.Page, template uint64) {
	r := p.Read
	l.pictures(p, template)
	if r.Kind != fact.Content || !l.carriesItem(p) || ofSite.MatchString(flat(r.Heading)) {
		return
	}
	const g group = "shown"
	l.faults.saw(g, template)
	timeless := r.Shown.IsZero() && r.Head["发布日期"] == ""
	if timeless && r.Head["成文日期"] != "" {
		timeless = false // a document by its own day; whether that is enough the header says
	}
	if timeless {
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-19", Also: []string{"WEB-19"}, Key: "发布时间", State: fact.Fail,
			What: "文章页面没有显示发布时间",
			Seen: "《" + cut(r.Heading, 40) + "》的标题下没有找到发布时间，检查时按没有更新处理。",
			Mend: "在标题下显示“年-月-日 时:分”，与系统中的发布时间一致。",
		})
	}
	if r.Head["来源"] == "" && r.Head["发布机构"] == "" && !(r.Source != "" && r.Meta["ContentSource"] == "") {
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-19", Key: "来源", State: fact.Fail,
			What: "文章页面没有显示信息来源",
			Seen: "《" + cut(r.Heading, 40) + "》的标题下没有找到来源或者发布机构。",
			Mend: "在标题下写明“来源：”和提供信息的单位；转载的写明原发布单位。",
		})
	}
}

// ofSite are titles of pages about the site itself, which are no news: they need
// neither time nor source.
var ofSite = regex.New(`网站.{0,8}年度(?:工作)?报表|^(?:政府|本|门户)?网站(?:工作)?年报|^(?:.{0,20}(?:网|网站|政府))?(?:联系我们|联系方式|关于我们|关于本[站网]|关于网站|网站(?:声明|简介|介绍|说明|概况|地图|导航|帮助|管理|律师)|站点(?:地图|导航)|(?:网站)?使用(?:帮助|说明|指南)|帮助(?:中心|信息)?|隐私(?:声明|保护|政策|条款|安全|权)+.{0,4}|版权(?:声明|保护|信息|说明|所有)+|免责(?:声明|条款)|法律声明|服务条款|无障碍(?:声明|说明|浏览|使用帮助)?|网站纠错|投稿须知)(?:[(].{0,20}[)])?$`)

// furniturePicture are pictures of tools and signs, which tell nothing.
var furniturePicture = regex.New(`(?i)icon|fileType|/ico/|logo|qrcode|ewm|/qr|share|spacer|blank\.|dot\.|line\.|arrow|\.gif(?:$|\?)|print|close\.`)

// bare is a page with pictures without words in their place.
type bare struct {
	page     fact.Page // without its reading
	template uint64
	pictures []uint64 // some of them
	count    int
	example  string
}

const (
	picturePages group = "picture"
	pictureLinks group = "picture-link"
)

// pictureNames looks at links of the home page that are a picture and nothing else,
// and at the same ones on other pages: without words in its place a screen reader
// has nothing to say of them (NORM-50, GB/T 37668 level 1).
func (l *Looker) pictureNames(p *fact.Page, template uint64) {
	r := p.Read
	isHome := r.Kind == fact.Home && p.Depth == 0
	if !isHome && len(l.homePictures) == 0 {
		return
	}
	l.faults.saw(pictureLinks, template)
	n, example := 0, ""
	for i := 1; i < len(r.Links); i++ {
		a, k := &r.Links[i-1], &r.Links[i]
		if a.Element != "a" || !a.NoText || a.Hidden || k.Element != "img" || !k.NoText || k.Hidden {
			continue
		}
		if isHome && len(l.homePictures) < maxGuided {
			l.homePictures[key(k.URL)] = struct{}{}
		}
		if _, known := l.homePictures[key(k.URL)]; known {
			n, example = n+1, cmp.Or(example, k.URL)
		}
	}
	if n == 0 {
		return
	}
	l.faults.add(pictureLinks, template, p, fact.Finding{
		Check: "NORM-50", Key: "图片链接", State: fact.Fail,
		What: "首页上的图片链接没有替代文字",
		Seen: fmt.Sprintf("首页有 %d 个只有图片、没有文字的链接，图片没有 alt 说明，例如 %s。", n, cut(example, 120)),
		Mend: "在模板中给图片写明 alt，例如网站标志写网站名称、专题图片写专题名称，读屏软件靠它告诉视障用户链接去哪里。",
	})
}

// pictures looks at the pictures of the body: one without words in its place, and
// one that stands in place of the words.
func (l *Looker) pictures(p *fact.Page, template uint64) {
	r := p.Read
	l.faults.saw(picturePages, template)
	one, file := bare{page: *p, template: template}, false
	one.page.Read = nil
	for i := range r.Links {
		k := &r.Links[i]
		if k.Place != fact.InBody {
			continue
		}
		if k.Element == "img" && k.NoText && !k.Hidden && !furniturePicture.MatchString(k.URL) {
			one.count++
			one.example = cmp.Or(one.example, k.URL)
			id := key(k.URL)
			if len(one.pictures) < 10 {
				one.pictures = append(one.pictures, id)
			}
			if _, known := l.seenPictures[id]; known || len(l.seenPictures) < maxAddresses {
				l.seenPictures[id]++
			}
		}
		file = file || k.Element == "a" && attachment.MatchString(k.URL)
	}
	if one.count > 0 && r.Heading != "" && len(l.bares) < maxKept {
		l.bares = append(l.bares, one)
	}
	if r.Picture && !file && r.Words < 80 && r.Heading != "" && r.Kind == fact.Content && !photoTitle.MatchString(r.Heading) && !ofPerson(r) {
		l.faults.add(picturePages, template, p, fact.Finding{
			Check: "PLAT-15", Key: "图片代替文字", State: fact.Proposed,
			What: "正文是图片，没有文字",
			Seen: fmt.Sprintf("《%s》的正文只有图片，文字 %d 个。", cut(r.Heading, 40), r.Words),
			Mend: "请补充文字版，或者在图片下附上全文；只有图片时无法检索、复制和朗读。",
		})
	}
}

// pictureFaults tells of pages with bare pictures (NORM-50), now that it is known
// which pictures stand on many pages and so belong to the design.
func (l *Looker) pictureFaults() {
	for i := range l.bares {
		one := &l.bares[i]
		own := false
		for _, id := range one.pictures {
			own = own || l.seenPictures[id] < 2
		}
		if !own {
			continue
		}
		l.faults.add(picturePages, one.template, &one.page, fact.Finding{
			Check: "NORM-50", Key: "替代文字", State: fact.Fail,
			What: "正文图片没有替代文字",
			Seen: fmt.Sprintf("正文中有 %d 张图片没有 alt 说明，例如 %s。", one.count, cut(one.example, 120)),
			Mend: "编辑文章时给每张图片填写一句说明（图片的 alt），读屏软件靠它告诉视障用户图片的内容。",
		})
	}
	l.bares = nil
}

// photoTitle are titles of what is a picture by its nature.
var photoTitle = regex.New(`图集|组图|摄影|海报|漫画|地图|照片|公益广告`)

var personColumn = regex.New(`领导|班子|简历|人物|专家|名师|劳模|模范|先进个人`)

// ofPerson tells whether a page shows a person: a portrait and a few words are all
// that belongs there.
func ofPerson(r *fact.Reading) bool {
	return personColumn.MatchString(strings.Join(r.Breadcrumb, " ") + " " + r.Meta["ColumnName"])
}

// isHeader tells whether a page shows the header table of a document
// (disclosure-platform section 3.1).
func isHeader(head map[string]string) bool {
	if _, ok := head["索引号"]; ok {
		return true
	}
	n := 0
	for _, name := range [...]string{"发文字号", "发布机构", "成文日期", "主题分类", "体裁分类", "组配分类", "有效性", "名称"} {
		if _, ok := head[name]; ok {
			n++
		}
	}
	return n >= 4
}

// tabled looks whether a normative document has its header table, where the others
// do (PLAT-20).
func (l *Looker) tabled(p *fact.Page, template uint64) {
	r := p.Read
	const g group = "normative"
	if r.Kind != fact.Content || r.Heading == "" || len(r.Breadcrumb) == 0 || !normativeColumn.MatchString(strings.Join(r.Breadcrumb, " ")) || !documentName.MatchString(r.Heading) {
		return
	}
	l.faults.saw(g, template)
	if isHeader(r.Head) {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "PLAT-20", Also: []string{"PLAT-11", "PLAT-59"}, Key: "信息表", State: fact.Proposed,
		What: "规范性文件没有信息表",
		Seen: "《" + cut(r.Heading, 40) + "》没有索引号、成文日期、有效性等内容，其他文件有。",
		Mend: "补上信息表：索引号、发文字号、发布机构、成文日期、发布日期、有效性。",
	}).odd = true
}

var (
	normativeColumn = regex.New(`规范性文件|政府规章`)
	documentName    = regex.New(`(?:通知|办法|规定|意见|细则|决定|通告|公告)(?:（[^）]{1,12}）)?$`)
)

type indexed struct {
	title string
	url   string
}

// document looks at the header table of a document.
func (l *Looker) document(p *fact.Page, template uint64) {
	r := p.Read
	l.tabled(p, template)
	if !isHeader(r.Head) || r.Heading == "" {
		return
	}
	const g group = "header"
	l.faults.saw(g, template)
	add := func(f fact.Finding) *series { return l.faults.add(g, template, p, f) }
	head := r.Head

	for _, name := range [...]string{"索引号", "名称", "发布机构", "成文日期", "发布日期"} {
		value, there := head[name]
		if there && !emptyCell.MatchString(value) || name == "名称" && !there || name == "发布日期" && (!there || !r.Shown.IsZero()) {
			continue
		}
		f := fact.Finding{Check: "PLAT-11", Key: name, State: fact.Fail, Mend: "在信息的元数据中补填" + name + "；索引号、名称、概述、生成日期是《政府信息公开条例》第十二条要求的内容。"}
		if there {
			f.What, f.Seen = "文件信息表中的"+name+"没有填写", "《"+cut(r.Heading, 40)+"》的信息表里，"+name+"一格是空的。"
			add(f)
			continue
		}
		f.What, f.Seen = "文件信息表中缺少"+name, "《"+cut(r.Heading, 40)+"》的信息表没有"+name+"，其他文件有。"
		if name == "索引号" || name == "成文日期" {
			add(f).odd = true
		}
	}
	l.index(p, add)

	if number := head["发文字号"]; number != "" {
		if why := wrongNumber(number); why != "" {
			add(fact.Finding{
				Check: "PLAT-12", Also: []string{"REV-34"}, Key: "发文字号", State: fact.Fail,
				What: "发文字号的写法不规范：" + why,
				Seen: "信息表中写作“" + cut(number, 40) + "”。",
				Mend: "按“机关代字〔年份〕序号号”书写，例如“×府发〔2026〕5号”，年份用六角括号，序号前不加“第”、不补零。",
			})
		}
	}
	made, hasMade := dayOf(head["成文日期"])
	public, hasPublic := dayOf(head["发布日期"])
	if !hasPublic && !r.Shown.IsZero() {
		public, hasPublic = calendar.Of(r.Shown), true
	}
	if hasMade && hasPublic && made.After(public) {
		add(fact.Finding{
			Check: "PLAT-13", Key: "成文日期晚于发布日期", State: fact.Fail,
			What: "成文日期晚于发布日期",
			Seen: "成文日期 " + made.String() + "，发布日期 " + public.String() + "。",
			Mend: "核对文件落款的日期和第一次公开的日期，改正错误的一处。",
		})
	}
	begins, hasBegin := dayOf(head["施行日期"])
	ends, hasEnd := dayOf(head["失效日期"])
	if hasBegin && hasEnd && ends.Before(begins) {
		add(fact.Finding{
			Check: "PLAT-13", Key: "失效日期早于施行日期", State: fact.Fail,
			What: "失效日期早于施行日期",
			Seen: "施行日期 " + begins.String() + "，失效日期 " + ends.String() + "。",
			Mend: "核对文件正文中的施行日期和有效期，改正错误的一处。",
		})
	}
	if hasMade {
		l.signature(p, made, add)
	}
	l.validity(p, ends, hasEnd, add)
}

var emptyCell = regex.New(`^(?:\s*|-+|—+|/|null|undefined)$`)

// index looks at the index number: its unit's credit code (PLAT-62), and that no
// other document has it (PLAT-11).
func (l *Looker) index(p *fact.Page, add func(fact.Finding) *series) {
	r := p.Read
	value := strings.ToUpper(cmp.Or(r.Index, r.Head["索引号"]))
	if g := creditIndex.FindStringSubmatch(value); g != nil && !personal.CreditCode(g[1]) {
		add(fact.Finding{
			Check: "PLAT-62", Key: "索引号中的单位代码", State: fact.Fail,
			What: "索引号里的统一社会信用代码校验不通过",
			Seen: "索引号 " + cut(value, 50) + "，其中的单位代码 " + g[1] + " 有误。",
			Mend: "按单位的统一社会信用代码证书核对索引号前 18 位。",
		})
	}
	if len(value) < 8 || !strings.ContainsAny(value, "0123456789") {
		return
	}
	id := key(value)
	old, known := l.indexes[id]
	if !known {
		if len(l.indexes) < maxIndexes {
			l.indexes[id] = indexed{cut(flat(r.Heading), 60), p.URL}
		}
		return
	}
	title := cut(flat(r.Heading), 60)
	if strings.Contains(title, old.title) || strings.Contains(old.title, title) || fact.Overlap(title, old.title) > 0.92 {
		return // the same document at a second address
	}
	add(fact.Finding{
		Check: "PLAT-11", Key: "索引号重复", State: fact.Proposed,
		What: "索引号与另一份文件重复",
		Seen: "索引号 " + cut(value, 50) + " 也用于《" + old.title + "》（" + old.url + "）。",
		Mend: "索引号一份文件一个，给其中一份重新编号。",
	})
}

var creditIndex = regex.New(`^([0-9A-Z]{18})[/\-_—]`)

var (
	rightNumber = regex.New(`^[\p{Han}]{1,20}〔(?:19|20)\d{2}〕[1-9]\d{0,4}号$`)
	yearBracket = regex.New(`[\[【（(［﹝{]\s?(?:19|20)\d{2}\s?[\]】）)］﹞}]`)
	numberOrder = regex.New(`〕\s?第\s?\d`)
	numberZero  = regex.New(`[〕\]］】）)]\s?0\d*\s?号`)
	shortYear   = regex.New(`〔\d{2}〕`)
)

// wrongNumber says what is wrong with the form of a document number
// (GB/T 9704-2012 7.2.5); "" for what is right, or is no such number.
func wrongNumber(number string) string {
	n := strings.ReplaceAll(strings.TrimSpace(number), " ", "")
	switch {
	case rightNumber.MatchString(n):
		return ""
	case yearBracket.MatchString(n):
		return "年份没有用六角括号〔〕"
	case numberOrder.MatchString(n):
		return "序号前加了“第”"
	case numberZero.MatchString(n):
		return "序号补了零"
	case shortYear.MatchString(n):
		return "年份没有写四位"
	}
	return ""
}

var (
	dayForm  = regex.New(`^\D{0,3}(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})`)
	signDay  = regex.New(`^[\s　]*(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日[\s　]*$`)
	hanDay   = regex.New(`^[\s　]*([〇零○Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日[\s　]*$`)
	hanDigit = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "Ｏ", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
)

// dayOf reads a day as header tables write it.
func dayOf(s string) (calendar.Date, bool) {
	g := dayForm.FindStringSubmatch(s)
	if g == nil {
		return calendar.Date{}, false
	}
	d, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", g[1], g[2], g[3]))
	return d, err == nil
}

// signDayOf reads a line that is a date and nothing else, as it stands under a
// signature.
func signDayOf(line string) (calendar.Date, bool) {
	g := signDay.FindStringSubmatch(line)
	if g == nil {
		if g = hanDay.FindStringSubmatch(line); g == nil {
			return calendar.Date{}, false
		}
		g[1], g[2], g[3] = hanDigit.Replace(g[1]), hanNumber(g[2]), hanNumber(g[3])
	}
	d, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", g[1], g[2], g[3]))
	return d, err == nil
}

// hanNumber writes 二十三 in digits.
func hanNumber(s string) string {
	tens, ones, ten := strings.Cut(s, "十")
	if !ten {
		return hanDigit.Replace(s)
	}
	return cmp.Or(hanDigit.Replace(tens), "1") + cmp.Or(hanDigit.Replace(ones), "0")
}

// signature compares the day of the header with that under the text (PLAT-58): the
// day of uploading stands there too often. A text with several such days says
// nothing sure.
func (l *Looker) signature(p *fact.Page, made calendar.Date, add func(fact.Finding) *series) {
	lines := strings.Split(p.Read.Text, "\n")
	var found []calendar.Date
	for i, line := range lines {
		if len(line) > 60 || i == 0 {
			continue
		}
		if d, ok := signDayOf(line); ok {
			if d == made {
				return
			}
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return
	}
	add(fact.Finding{
		Check: "PLAT-58", Key: "成文日期", State: fact.Fail,
		What: "成文日期与正文落款日期不一致",
		Seen: "信息表：" + made.String() + "；落款：" + found[0].String() + "。",
		Mend: "成文日期应为文件落款的日期，不是上传的日期，请改正信息表。",
	})
}

var (
	inForce   = regex.New(`^(?:现行|继续)?有效$|^是$`)
	ended     = regex.New(`^[（(【\[]?(?:本|该|此)?(?:文件|规定|办法|通知|规章)?(?:已经?|现已|全文)(?:于.{4,14}日?)?(?:被)?(?:失效|废止|宣布失效|宣布废止)[）)】\]。！]?$`)
	endedHead = regex.New(`[（(【\[](?:已|全文)?(?:失效|废止)[）)】\]]`)
	normative = regex.New(`规范性文件|政府规章|规章`)
)

// validity looks at the cell 有效性 (PLAT-59) and whether the page says something
// else elsewhere (PLAT-22).
func (l *Looker) validity(p *fact.Page, ends calendar.Date, hasEnd bool, add func(fact.Finding) *series) {
	r := p.Read
	value, there := r.Head["有效性"]
	if !there {
		return
	}
	if emptyCell.MatchString(value) {
		f := fact.Finding{
			Check: "PLAT-59", Key: "有效性", State: fact.Proposed,
			What: "文件信息表中的有效性没有填写",
			Seen: "《" + cut(r.Heading, 40) + "》的有效性一格是空的。",
			Mend: "填写文件的效力：有效、已修改、已废止、已失效；不适用的写“无”。",
		}
		if normative.MatchString(r.Head["体裁分类"] + r.Head["主题分类"] + strings.Join(r.Breadcrumb, " ") + r.Meta["ColumnName"]) {
			f.State = fact.Fail
		}
		add(f)
		return
	}
	if !inForce.MatchString(strings.TrimSpace(value)) {
		return
	}
	said := endedHead.FindString(r.Heading)
	for _, line := range strings.SplitN(r.Text, "\n", 30) {
		if s := strings.TrimSpace(line); len(s) < 120 && ended.MatchString(s) {
			said = cmp.Or(said, s)
		}
	}
	if said == "" && hasEnd && ends.Before(l.today) {
		said = "失效日期 " + ends.String()
	}
	if said == "" {
		made, _ := dayOf(r.Head["成文日期"])
		said = lapsed(r, made, l.today)
	}
	if said == "" {
		return
	}
	add(fact.Finding{
		Check: "PLAT-22", Also: []string{"NORM-21"}, Key: "有效性", State: fact.Fail,
		What: "文件已经失效或者废止，信息表仍标注为有效",
		Seen: "有效性：" + cut(value, 20) + "；页面上写有“" + cut(said, 80) + "”。",
		Mend: "把有效性改为已失效或者已废止，并移入失效废止文件库。",
	})
}

// attachment is an address of a file that is handed out with a text.
var attachment = regex.New(`(?i)\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|zip|rar|7z|txt|csv)(?:$|\?)`)

var (
	fileEnding = regex.New(`(?i)\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|zip|rar|7z|txt|csv)$`)
	plainName  = regex.New(`^(?:附件|附表|附)\s?[0-9０-９一二三四五六七八九十]{0,3}[.．、:：]?$|^(?:新建|无标题).{0,12}$|^(?:点击|点此|请)?(?:下载|查看)(?:附件)?$|^文件\d{0,2}$|^\d{6,}$`)
	sampleWord = regex.New(`样表|示例|范本|填写样|样本|填表示范`)
	formWord   = regex.New(`申请表|空白表|申报表|登记表|表格|审批表`)
)

// sample is a filled-in form of a guide with the blank one that stands beside it.
type sample struct{ page, blank, filled, name string }

// attachments looks at the names of the files that a text hands out (PLAT-16), and
// notes those of service guides (WEB-53).
func (l *Looker) attachments(p *fact.Page, template uint64) {
	r := p.Read
	guide := r.Kind == fact.Guide
	const g group = "attachment"
	l.faults.saw(g, template)
	told := false
	var blanks, samples []*fact.Link
	for i := range r.Links {
		k := &r.Links[i]
		if k.Element != "a" || !handsOut(k) || k.Place != fact.InBody && !(k.Place == fact.InOther && fileEnding.MatchString(strings.TrimSpace(k.Text))) {
			continue // a file below the text is called by its name
		}
		if guide {
			if len(l.guided) < maxGuided {
				l.guided[k.URL] = true
			}
			switch {
			case sampleWord.MatchString(k.Text):
				samples = append(samples, k)
			case formWord.MatchString(k.Text):
				blanks = append(blanks, k)
			}
		}
		name := strings.TrimSpace(fileEnding.ReplaceAllString(strings.TrimSpace(k.Text), ""))
		if told || k.NoText || !plainName.MatchString(name) || explained(r.Text, name) {
			continue
		}
		told = true
		l.faults.add(g, template, p, fact.Finding{
			Check: "PLAT-16", Key: "附件名称", State: fact.Proposed,
			What: "附件没有用内容命名",
			Seen: "附件显示为“" + cut(k.Text, 40) + "”，地址为 " + cut(k.URL, 160) + "。",
			Mend: "用内容给附件命名，例如“附件1：2026年度项目申报表.docx”，读者下载前就知道是什么。",
		})
	}
	if len(blanks) == 1 && len(samples) == 1 {
		l.sample(p, blanks[0], samples[0])
	}
}

// download are addresses of programs that hand out files, which do not show in the
// address.
var download = regex.New(`(?i)/(?:attach_?)?(?:download|downfile|downloadfile|filedown(?:load)?)(?:_?attach\w*|_?file)?(?:\.(?:jsp|do|action|aspx?|php|html?|shtml))?(?:[?;/]|$)`)

// handsOut tells whether a link is one to a file.
func handsOut(k *fact.Link) bool {
	return attachment.MatchString(k.URL) || download.MatchString(k.URL) && fileEnding.MatchString(strings.TrimSpace(k.Text))
}

// explained tells whether the text says beside a bare name what the file is: 附件1：
// 申报表, of which only the first part is the link.
func explained(text, name string) bool {
	for rest := text; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		rest = rest[i+len(name):]
		line, _, _ := strings.Cut(rest, "\n")
		line = strings.TrimLeft(line, " 　")
		if g := ownEnding.FindString(line); g != "" {
			line = line[len(g):] // the name's own, and the bracket around it; what follows is the next one's
			line, _, _ = strings.Cut(line, "附件")
		}
		line = strings.Trim(fileEnding.ReplaceAllString(strings.TrimSpace(line), ""), " ：:．.、　【】（）()")
		if len([]rune(line)) >= 4 {
			return true
		}
	}
}

var ownEnding = regex.New(`(?i)^\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|zip|rar|7z|txt|csv)[\s】）)\]》」]*`)

// sample notes a form and its sample; that they are one file shows now, that they
// hold the same when the files are known (WEB-53).
func (l *Looker) sample(p *fact.Page, blank, filled *fact.Link) {
	if len(l.samples) < maxGuided {
		l.samples = append(l.samples, sample{p.URL, blank.URL, filled.URL, filled.Text})
	}
}

// timeText writes a time as people read it here.
func timeText(t time.Time) string { return t.In(calendar.Zone).Format("2006-01-02 15:04") }
