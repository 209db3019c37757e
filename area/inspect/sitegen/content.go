package sitegen

import (
	"fmt"
	"strings"
	"time"
)

func (s *Site) newsText(p *page, c *column, i int, d *dice) {
	unit, topic, on := s.unitOf(c, i), s.topicOf(c, i), p.date.Add(-time.Duration(d.n(2))*day)
	p.text(s.filled(d.pick(newsOpening), d, unit, topic, on))
	order := d.order(len(newsBody))
	for k := range d.between(2, 4) {
		p.text(s.filled(newsBody[order[3*k]], d, unit, topic, on) + s.filled(newsBody[order[3*k+1]], d, unit, topic, on))
		if k == 0 && d.n(3) == 0 {
			p.body = append(p.body, block{kind: 'i', url: s.image(p, 0, 640, 420), text: topic + "工作现场"})
		}
	}
	p.text(s.filled(d.pick(newsEnding), d, unit, topic, on))
}

// image is the address of a picture of an item.
func (s *Site) image(p *page, n, width, height int) string {
	return fmt.Sprintf("%s/pic/%s%d_%d_%dx%d.png", s.design.assets, p.col.key, p.node.item, n, width, height)
}

func (s *Site) noticeText(p *page, c *column, i int, d *dice) {
	unit, topic, on := s.unitOf(c, i), s.topicOf(c, i), p.date
	p.text(s.filled(d.pick(noticeOpening), d, unit, topic, on))
	order := d.order(len(noticeBody))
	for k := range d.between(3, 6) {
		p.text(numeral(k+1) + "、" + s.filled(noticeBody[order[k]], d, unit, topic, on))
	}
	p.text(s.filled(d.pick(noticeEnding), d, unit, topic, on))
	if d.n(3) == 0 {
		p.text("附件：" + topic + "工作安排表")
		p.files = append(p.files, s.attachment(c, i, 1, "xlsx", topic+"工作安排表"))
	}
	p.text(s.full(unit), chinese(on))
}

// attachment is a link to the k-th file of an item.
func (s *Site) attachment(c *column, i, k int, ext, name string) ref {
	return ref{s.design.file(s, c, i, k, ext), name + "." + ext}
}

// index is the index number of an item: credit code of the unit, year, number.
func (s *Site) index(c *column, i int, unit office) string {
	seed := s.dice("credit", unit.short).next()
	return fmt.Sprintf("%s/%d-%05d", credit(seed), s.date(c, i).Year(), s.id(c, i)%100000)
}

// interpreted tells whether item i of the normative documents has an interpretation.
func (s *Site) interpreted(i int) bool { return i < s.byKey["zcjd"].count }

func (s *Site) documentText(p *page, c *column, i int, d *dice) {
	unit, topic := s.unitOf(c, i), s.topicOf(c, i)
	made := s.made(c, i)
	from := made.AddDate(0, 0, 30)
	until := made.AddDate(5, 0, 30)
	valid := "有效"
	if c.form == normative && until.Before(s.t0) {
		valid = "已失效"
	}
	kind := "公文"
	if c.form == normative {
		kind = "行政规范性文件"
	}
	p.table = [][2]string{
		{"索引号", s.index(c, i, offices[0])}, {"发文字号", s.number(c, i)},
		{"主题分类", topic}, {"体裁分类", kind},
		{"发布机构", s.government() + "办公室"}, {"有效性", valid},
		{"成文日期", made.Format("2006-01-02")}, {"发布日期", p.date.Format("2006-01-02")},
	}
	if c.form == normative {
		p.table = append(p.table, [2]string{"施行日期", from.Format("2006-01-02")}, [2]string{"失效日期", until.Format("2006-01-02")})
	}
	p.table = append(p.table, [2]string{"名称", p.title}, [2]string{"内容概述", "本文件对" + topic + "工作的职责分工、主要措施和监督管理作出规定。"})
	p.text(s.number(c, i))
	p.text("各街道办事处、镇人民政府，区政府各部门，有关单位：")
	order := d.order(len(clause))
	fill := func(k int) string { return s.filled(clause[order[k]], d, unit, topic, made) }
	if c.form == normative {
		p.text(fmt.Sprintf("《%s》已经区政府同意，现印发给你们，请认真贯彻执行。", s.short(c, i)))
		n := d.between(6, 10)
		p.text("第一条　为规范" + topic + "工作，根据有关法律法规规定，结合本区实际，制定本办法。")
		p.text("第二条　本区行政区域内" + topic + "及其监督管理活动，适用本办法。")
		for k := range n {
			p.text("第" + chineseNumber(k+3) + "条　" + fill(k))
		}
		p.text(fmt.Sprintf("第%s条　本办法自%s起施行，有效期5年。", chineseNumber(n+3), chinese(from)))
	} else {
		p.text("为做好" + topic + "工作，经区政府同意，现将有关事项通知如下。")
		k := 0
		for n, section := range sections[:d.between(3, 5)] {
			p.heading(numeral(n+1) + "、" + section)
			for range 2 {
				p.text(fill(k))
				k++
			}
		}
	}
	p.text(s.government()+map[bool]string{true: "", false: "办公室"}[c.form == normative], chinese(made), "（此件公开发布）")
	p.files = append(p.files, s.attachment(c, i, 1, "docx", p.title), s.attachment(c, i, 2, "pdf", p.title))
	if c.form == normative && s.interpreted(i) {
		jd := s.byKey["zcjd"]
		p.body = append(p.body, block{kind: 'a', text: "政策解读：" + s.title(jd, i), url: s.itemPath(jd, i)})
	}
}

func chineseNumber(n int) string {
	if n >= 20 {
		tail := ""
		if n%10 > 0 {
			tail = numeral(n % 10)
		}
		return numeral(n/10) + "十" + tail
	}
	return numeral(n)
}

func (s *Site) interpretationText(p *page, i int, d *dice) {
	docs := s.byKey["gfxwj"]
	unit, topic := s.unitOf(docs, i), s.topicOf(docs, i)
	p.source, p.author = s.brief(unit), s.brief(unit)
	name := s.short(docs, i)
	p.text(fmt.Sprintf("近日，区政府印发了《%s》（%s，以下简称《办法》），现就有关内容解读如下。", name, s.number(docs, i)))
	p.heading("一、制定背景")
	p.text(s.filled("近年来，居民对{专题}的需求不断增加，原有做法在职责划分、办理流程等方面需要进一步明确。{单位}在走访{社区}、{社区}并听取各方意见的基础上，起草了《办法》。", d, unit, topic, p.date))
	p.heading("二、制定依据")
	p.text("《办法》依据国家和市有关法律、法规、规章和政策，结合本区实际制定。")
	p.heading("三、主要内容")
	p.text(s.filled("《办法》明确了{专题}的适用范围、责任单位、办理程序和监督措施，并对材料、时限等作了细化。申请人向街道、镇提出申请后，由{单位}会同有关部门审核。", d, unit, topic, p.date))
	p.heading("四、需要说明的问题")
	p.text(s.filled("问：哪些人可以享受相关服务？答：凡在本区居住并符合条件的居民均可申请。问：去哪里办理？答：可到{地点}综合窗口，也可以拨打{电话}咨询。", d, unit, topic, p.date))
	p.body = append(p.body, block{kind: 'a', text: "相关文件：" + s.title(docs, i), url: s.itemPath(docs, i)})
}

func (s *Site) ruleText(p *page, c *column, i int) {
	p.table = [][2]string{
		{"索引号", s.index(c, i, offices[0])}, {"发文字号", s.number(c, i)}, {"主题分类", "政务公开"}, {"体裁分类", "公文"},
		{"发布机构", s.government() + "办公室"}, {"有效性", "有效"},
		{"成文日期", s.made(c, i).Format("2006-01-02")}, {"发布日期", p.date.Format("2006-01-02")},
		{"名称", p.title}, {"内容概述", "本制度明确政府信息公开有关工作的职责、程序和要求。"},
	}
	name := strings.TrimPrefix(p.title, s.place.district)
	p.text("第一条　为规范本区政府信息公开工作，根据《中华人民共和国政府信息公开条例》，结合本区实际，制定本制度。")
	lines := []string{
		"本区各级行政机关实施" + name + "，适用本制度。", "各单位应当明确工作机构和工作人员，负责本单位政府信息公开的日常工作。",
		"公开政府信息前，应当依照有关规定进行审查，未经审查的信息不得公开。", "政府信息应当自形成或者变更之日起20个工作日内公开，法律、法规另有规定的从其规定。",
		"各单位应当将公开的信息统一录入政府信息公开平台，并及时更新。", "区政府办公室对各单位执行本制度的情况进行检查。",
		"本制度由区政府办公室负责解释。", "本制度自印发之日起执行。",
	}
	for k, l := range s.dice("rule", i).order(6) {
		p.text("第" + chineseNumber(k+2) + "条　" + lines[l])
	}
	p.text("第八条　"+lines[6], "第九条　"+lines[7], s.government()+"办公室", chinese(s.made(c, i)))
}

func (s *Site) yearlyText(p *page, i int) {
	y := s.lastReport() - i
	d := s.dice("report", y)
	n := d.between(8, 20)
	p.text(fmt.Sprintf("本报告依据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自%d年1月1日起至%d年12月31日止。", y, y))
	p.heading("一、总体情况")
	p.text(fmt.Sprintf("%d年，全区围绕群众关心的事项推进政府信息公开，全年通过政府网站主动公开信息%d条，收到政府信息公开申请%d件，均按期答复。", y, d.between(1200, 5600), n))
	p.heading("二、主动公开政府信息情况")
	p.text(fmt.Sprintf("全年制发行政规范性文件%d件，均已在政府信息公开平台公布，并标注有效性。", d.between(3, 9)))
	p.heading("三、收到和处理政府信息公开申请情况")
	p.text(fmt.Sprintf("全年新收政府信息公开申请%d件，全部为自然人申请，年度内全部办结。", n))
	p.heading("四、政府信息公开行政复议、行政诉讼情况")
	p.text("全年未发生因政府信息公开引起的行政复议和行政诉讼。")
	p.heading("五、存在的主要问题及改进情况")
	p.text("工作中还存在解读形式不够丰富、部分单位更新不够及时等问题。下一步将加强业务培训，完善更新提醒机制。")
	p.heading("六、其他需要报告的事项")
	p.text("本年度没有收取信息处理费，没有其他需要报告的事项。")
	c := p.col
	p.files = append(p.files, s.attachment(c, p.node.item, 1, "docx", p.title))
}

// asked tells when a letter came, when it was answered and how it stands.
func (s *Site) asked(c *column, i int) (asked time.Time, answered, state string) {
	t := s.date(c, i)
	asked = t.AddDate(0, 0, -2-s.dice("asked", i).n(2))
	for _, change := range s.changes[node{c.n, i, 0}] {
		p := &page{kind: "letter", date: t}
		change(p)
		if p.shown != "" { // not answered: it came on the date
			return p.date, "", "办理中"
		}
		if !p.date.Equal(t) {
			asked = p.date
		}
	}
	return asked, t.Format("2006-01-02"), "已答复"
}

func (s *Site) letterText(p *page, c *column, i int, d *dice) {
	unit, topic := s.unitOf(c, i), s.topicOf(c, i)
	p.source, p.author = s.brief(unit), s.brief(unit)
	asked, answered, state := s.asked(c, i)
	question := s.filled(d.pick([]string{
		"我住在{社区}，想了解{专题}方面有什么新的安排，需要准备哪些材料，应该到哪里办理，希望得到回复。",
		"您好，{社区}附近的{专题}问题给居民生活带来一些不便，希望有关单位到现场看一看，尽快处理。",
		"建议在{地点}增设{专题}咨询服务点，方便老年人就近了解情况，谢谢。",
		"请问{专题}今年什么时候开始受理，外地户籍居民能不能申请，办理需要多长时间。",
	}), d, unit, topic, asked)
	answer := s.filled(d.pick([]string{
		"您好，来信收悉。经核实，{单位}已安排工作人员到{社区}现场查看，并与您所在社区沟通，相关设施将在15日内维修完毕。如有疑问，请拨打{电话}。",
		"您好，关于您反映的问题，我们进行了认真研究。{专题}的申请条件和材料已在区政府网站公布，您可携带身份证件到{地点}综合窗口办理，外地户籍居民持居住证同样可以申请。咨询电话：{电话}。",
		"您好，感谢您的建议。{单位}已与{地点}协商，将在一楼大厅设置咨询台，每周二、周四安排人员值守，后续还会根据居民需要增加服务时间。咨询电话：{电话}。",
	}), d, unit, topic, p.date)
	rows := [][]string{{"来信标题", p.title}, {"来信时间", asked.Format("2006-01-02")}, {"来信内容", question}, {"受理单位", s.brief(unit)}, {"办理状态", state}}
	if answered != "" {
		rows = append(rows, []string{"答复单位", s.brief(unit)}, []string{"答复时间", answered}, []string{"答复内容", answer})
	} else {
		p.date = asked
	}
	p.body = append(p.body, block{kind: 'd', rows: rows})
}

// service is what one may apply for.
type service struct{ name, theme, unit, basis string }

var services = []service{
	{"食品经营许可", "准营准办", "市场监管局", "《中华人民共和国食品安全法》第三十五条"},
	{"内资企业设立登记", "设立变更", "市场监管局", "《中华人民共和国市场主体登记管理条例》第三条"},
	{"临时救助对象认定", "社会救助", "民政局", "《社会救助暂行办法》第四十七条"},
	{"老年人福利补贴发放", "离职退休", "民政局", "《中华人民共和国老年人权益保障法》第三十三条"},
	{"灵活就业社会保险补贴申领", "就业创业", "人力社保局", "《中华人民共和国就业促进法》第十七条"},
	{"职业培训补贴申领", "就业创业", "人力社保局", "《中华人民共和国就业促进法》第四十九条"},
	{"房屋建筑施工许可", "投资审批", "住房城乡建委", "《中华人民共和国建筑法》第七条"},
	{"临时占用城市道路许可", "交通出行", "城市管理局", "《城市道路管理条例》第三十一条"},
	{"医疗机构执业登记", "医疗卫生", "卫生健康委", "《医疗机构管理条例》第十五条"},
	{"小学入学办理", "教育科研", "教委", "《中华人民共和国义务教育法》第十二条"},
	{"建设项目环境影响评价审批", "环保绿化", "生态环境局", "《中华人民共和国环境影响评价法》第二十二条"},
	{"不动产首次登记", "住房保障", "规划自然资源局", "《不动产登记暂行条例》第七条"},
	{"道路货物运输经营许可", "交通出行", "交通运输委", "《中华人民共和国道路运输条例》第二十四条"},
	{"农药经营许可", "农林牧渔", "农业农村委", "《农药管理条例》第二十四条"},
	{"营业性演出审批", "文化体育", "文化旅游委", "《营业性演出管理条例》第十三条"},
	{"基本医疗保险参保登记", "社会保障", "医保局", "《中华人民共和国社会保险法》第五十八条"},
}

// elements are the key elements of the guide that item i is, with their labels.
func (s *Site) elements(i int) [][]string {
	v := services[i%len(services)]
	unit := officeBy(v.unit)
	labels := [][]string{
		{"事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程"},
		{"事项名称", "法定依据", "受理条件", "申请材料", "办理地点", "办理时间", "咨询电话", "办理流程"},
	}[i%2]
	return [][]string{
		{labels[0], s.title(s.byKey["bszn"], i)},
		{labels[1], v.basis},
		{labels[2], "在本区依法从事相关活动的自然人、法人或者其他组织，材料真实、完整、符合法定形式。"},
		{labels[3], "1.申请表原件1份；2.申请人身份证件或者营业执照复印件1份；3.相关证明材料1份。"},
		{labels[4], s.place.city + s.place.district + unit.address + "政务服务中心综合窗口"},
		{labels[5], "工作日上午9:00至12:00，下午13:30至17:30"},
		{labels[6], s.phone(unit.short)},
		{labels[7], "申请、受理、审核、决定、制证、送达，全程可在线办理或者到窗口办理。"},
		{"办理时限", fmt.Sprintf("法定办结时限20个工作日，承诺办结时限%d个工作日", 2+i%7)},
		{"收费标准", "不收费"},
		{"监督电话", s.phone("监督" + unit.short)},
	}
}

func (s *Site) guideText(p *page, c *column, i int) {
	unit := officeBy(services[i%len(services)].unit)
	p.source, p.author = s.brief(unit), s.brief(unit)
	rows := s.elements(i)
	switch i % 3 {
	case 0:
		p.body = append(p.body, block{kind: 't', rows: append([][]string{{"要素", "内容"}}, rows...)})
	case 1:
		p.body = append(p.body, block{kind: 'd', rows: rows})
	default:
		for k, r := range rows {
			p.heading(numeral(k+1) + "、" + r[0])
			p.text(r[1])
		}
	}
	p.body = append(p.body, block{kind: 'a', text: "在线办理", url: s.path(node{s.byKey["zxsb"].n, -1, 0})})
	p.files = append(p.files, s.attachment(c, i, 1, "docx", p.title+"申请表（空表）"), s.attachment(c, i, 2, "docx", p.title+"申请表（填写样表）"))
}

func post(i int) string {
	if i == 0 {
		return "区长"
	}
	return "副区长"
}

func (s *Site) leaderText(p *page, i int) {
	name := p.title
	d := s.dice("leader", i)
	p.body = append(p.body, block{kind: 'i', url: s.image(p, 0, 240, 320), text: name + "照片"})
	p.text("姓名：" + name)
	p.text("职务：" + s.government() + post(i))
	born := 1966 + d.n(14)
	p.text(fmt.Sprintf("个人简历：%s，%d年%d月生，大学学历，%d年%d月参加工作。曾在乡镇、街道从事基层工作，后任%s工作人员、科长、副局长，现任%s%s。",
		name, born, 1+d.n(12), born+22, 7, s.full(offices[1+d.n(18)]), s.government(), post(i)))
	if i == 0 {
		p.text("工作分工：领导区政府全面工作。")
	} else {
		var work []string
		for k := range 3 {
			work = append(work, topics[(i*7+k*11)%len(topics)])
		}
		p.text("工作分工：协助区长工作，负责" + strings.Join(work, "、") + "等方面工作。")
	}
}

func (s *Site) organText(p *page, i int) {
	o := offices[i%len(offices)]
	p.heading("一、机构名称")
	p.text(s.full(o))
	p.heading("二、主要职责")
	for k, duty := range o.duties {
		p.text(fmt.Sprintf("（%s）%s。", numeral(k+1), duty))
	}
	p.heading("三、内设机构")
	p.text("综合科、" + o.head + "务管理科、监督管理科、政策法规科。")
	p.heading("四、联系方式")
	p.text("负责人："+s.person(40+i), "办公地址："+s.place.city+s.place.district+o.address, "办公时间：工作日上午9:00至12:00，下午13:30至17:30（法定节假日除外）", "联系电话："+s.phone(o.short), "传真："+s.phone("传真"+o.short))
}

// period is from when to when opinions are asked for.
func (s *Site) period(c *column, i int) (from, to time.Time) {
	t := s.date(c, i)
	from = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	to = from.AddDate(0, 0, 31)
	for to.Weekday() == time.Saturday || to.Weekday() == time.Sunday {
		to = to.AddDate(0, 0, 1)
	}
	for _, change := range s.changes[node{c.n, i, 0}] {
		p := &page{kind: "period", date: to}
		change(p)
		to = p.date
	}
	return from, to
}

func (s *Site) consultationText(p *page, c *column, i int, d *dice) {
	unit, topic := s.unitOf(c, i), s.topicOf(c, i)
	from, to := s.period(c, i)
	name, _, _ := strings.Cut(strings.TrimPrefix(p.title, "关于公开征求"), "意见的公告")
	p.text(fmt.Sprintf("为进一步做好%s工作，%s起草了%s，现向社会公开征求意见。", topic, s.brief(unit), name))
	p.text(fmt.Sprintf("征集时间：%s至%s。", chinese(from), chinese(to)))
	p.text(fmt.Sprintf("意见反馈方式：一是登录区政府网站意见征集栏目在线提交；二是邮寄至%s%s%s；三是拨打电话%s。", s.place.city, s.place.district, unit.address, s.phone(unit.short)))
	p.heading("起草说明")
	p.text(s.filled("近年来，{专题}工作中出现了一些新情况，{单位}在走访{社区}、{地点}等地后形成了征求意见稿，主要就职责分工、办理程序和监督措施作出规定。", d, unit, topic, from))
	p.files = append(p.files, s.attachment(c, i, 1, "docx", strings.Trim(name, "《》")), s.attachment(c, i, 2, "docx", "起草说明及修改对照"))
	if done := to.AddDate(0, 0, 10+d.n(4)); done.Before(s.t0) {
		n, yes := d.between(6, 15), d.between(2, 5)
		p.heading("征集结果")
		p.text(fmt.Sprintf("征集期间共收到意见%d条，采纳%d条，未采纳%d条。未采纳的主要原因是所提内容已由其他规定明确，或者超出本区职权范围。结果公布时间：%s。", n, yes, n-yes, chinese(done)))
	}
}

func (s *Site) interviewText(p *page, c *column, i int, d *dice) {
	unit, topic := s.unitOf(c, i), s.topicOf(c, i)
	held := p.date
	p.text(fmt.Sprintf("访谈时间：%s上午10:00至11:00", chinese(held)), "访谈嘉宾："+s.brief(unit)+"负责人", "访谈主题："+topic, fmt.Sprintf("访谈预告发布时间：%s，预告期间公开征集网民问题。", chinese(held.AddDate(0, 0, -7))))
	p.heading("文字实录")
	for range 3 {
		p.text("主持人："+s.filled(d.pick([]string{"请您介绍一下{专题}工作的总体情况。", "居民在办理{专题}相关事项时需要注意什么？", "下一步在{专题}方面还有哪些安排？", "有网民询问{社区}的{专题}安排，请您说明一下。"}), d, unit, topic, held),
			"嘉宾："+s.filled(d.pick(newsBody), d, unit, topic, held)+s.filled(d.pick(newsBody), d, unit, topic, held))
	}
	p.text("主持人：感谢您的介绍，本次访谈到此结束。")
}

func (s *Site) bulletinText(p *page, c *column, i int, d *dice) {
	t := p.date.AddDate(0, -1, 0)
	if c.key == "bstj" {
		p.source, p.author = "区政府办公室", "区政府办公室"
		online, hall := d.between(2000, 8000), d.between(800, 3000)
		p.text(fmt.Sprintf("%d年%d月，全区共受理政务服务事项%d件，其中在线受理%d件，窗口受理%d件，均按承诺时限办理。", t.Year(), t.Month(), online+hall, online, hall))
		p.body = append(p.body, block{kind: 't', rows: [][]string{{"受理方式", "件数"}, {"在线受理", itoa(online)}, {"窗口受理", itoa(hall)}, {"合计", itoa(online + hall)}}})
		p.text("统计范围包括区级部门和街道、镇受理的政务服务事项，不含公共服务查询。")
		return
	}
	p.text(fmt.Sprintf("根据统计调查结果，%d年%d月全区主要经济指标运行平稳，有关数据公布如下。", t.Year(), t.Month()))
	p.body = append(p.body, block{kind: 't', rows: [][]string{{"指标", "单位", "本月数"},
		{"规模以上工业总产值", "万元", itoa(d.between(52000, 86000))}, {"社会消费品零售总额", "万元", itoa(d.between(31000, 68000))}, {"城镇新增就业人数", "人", itoa(d.between(420, 980))}}})
	p.text("数据为快报数，最终以统计年鉴公布的数据为准。")
	p.files = append(p.files, s.attachment(c, i, 1, "xlsx", p.title))
}

var matterText = []string{
	"现将{专题}有关情况予以公开，涉及单位为{单位}和{社区}。",
	"本次公开的内容由{单位}提供，相关工作于{年}年启动，目前按照计划有序实施。",
	"根据工作安排，{单位}对{社区}、{地点}等点位进行了核查，核查结果已录入工作台账。",
	"对核查中发现的问题，{单位}已向有关单位发出书面通知，要求在规定时间内整改并报告结果。",
	"有关单位和居民如对公开内容有疑问，可在工作日向{单位}提出，联系电话：{电话}。",
	"{地点}的相关设施已完成检修，检修记录由{单位}存档备查。",
	"{专题}工作经费由区级财政预算安排，按照进度拨付，接受审计监督。",
	"后续进展将按季度在本栏目更新，资料可到{地点}查阅。",
}

func (s *Site) matterText(p *page, c *column, i int, d *dice) {
	unit, topic := s.unitOf(c, i), s.topicOf(c, i)
	if c.basis != "" {
		made := s.made(c, i)
		p.table = [][2]string{{"索引号", s.index(c, i, unit)}, {"主题分类", topic}, {"体裁分类", "其他"}, {"发布机构", s.full(unit)},
			{"成文日期", made.Format("2006-01-02")}, {"发布日期", p.date.Format("2006-01-02")}, {"公开依据", "《中华人民共和国政府信息公开条例》" + c.basis}, {"公开方式", "主动公开"},
			{"名称", p.title}, {"内容概述", "公开" + s.brief(unit) + "办理" + topic + "事项的情况。"}}
	}
	for _, k := range d.order(len(matterText))[:d.between(4, 6)] {
		p.text(s.filled(matterText[k], d, unit, topic, p.date))
	}
	if c.key == "bgxz" || d.n(4) == 0 {
		p.text("附件：" + topic + "情况表")
		p.files = append(p.files, s.attachment(c, i, 1, "xlsx", topic+"情况表"))
	}
}
