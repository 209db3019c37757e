package plan

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/area"
)

// DemoRule is a proof rule that the demonstration gives a measure.
type DemoRule struct {
	Measure string // item.position, as measures.md counts them
	Kind    string // area.Proof.Name
	Values  map[string]string
	Title   string
	Later   string // whose live data will prove more: 政策文件库; "" when the rule says all there is to say

	// What a rule about the demonstration's website says of every unit; "" for
	// other rules, whose answer depends on what people hand in. Met are units of
	// which it says that they are, where the others are not.
	Says area.Verdict
	Met  []string
}

// Outside tells whether the rule looks at the website.
func (r DemoRule) Outside() bool { return strings.HasPrefix(r.Kind, "site-") }

// What an address of a rule may begin with.
const (
	ownPages   = "{house}"     // the house's own
	neighbours = "{neighbour}" // sites of other bodies
)

// DemoRules is what proves which measure of the demonstration, as far as the
// kinds of this installation reach (measures.md). A rule says in its title what
// it proves and no more: where the live data of a later area will decide, people
// accept evidence until then. docs/measure-rules.md shows the table.
func DemoRules() []DemoRule { return slices.Concat(outsideRules(), insideRules()) }

// outsideRules look at the demonstration's website, as the last inspection saw it.
func outsideRules() []DemoRule {
	site := func(measure, kind string, says area.Verdict, title string, pairs ...string) DemoRule {
		values := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = pairs[i+1]
		}
		return DemoRule{Measure: measure, Kind: kind, Values: values, Title: title, Says: says}
	}
	// item rules of whoever published, unit rules of the unit that is asked about.
	item := func(measure string, says area.Verdict, title string, pairs ...string) DemoRule {
		return site(measure, "site-item", says, title, append(pairs, "anyone", "yes")...)
	}
	unit := func(measure, title string, met []string, pairs ...string) DemoRule {
		r := site(measure, "site-item", area.NotMet, title, pairs...)
		r.Met = met
		return r
	}
	const met, not, unknown = area.Met, area.NotMet, area.CannotTell
	return []DemoRule{
		item("1.1", met, "网站公开的政策文件标明公开属性，并关联解读", "column", "政策文件", "words", "此件公开发布", "reading", "yes"),
		item("1.2", met, "网站公布本年度重大行政决策事项目录，写明公众参与方式", "title", "重大行政决策事项目录", "table", "决策事项 承办单位 参与方式"),
		item("1.2", not, "每次公开征求意见都不少于30日，有征求意见稿、联系电话，并公布采纳情况", "column", "意见征集", "title", "公开征求意见", "days", "30", "attachment", "yes", "phone", "yes", "feedback", "yes", "every", "yes"),
		item("1.3", met, "网站公开计划执行情况与计划草案的报告，附指标表", "title", "计划执行情况 计划草案", "attachment", "yes"),
		unit("1.4", "各单位在网站公开惠企便民政策，并关联政策解读", []string{"区财政局", "区市场监管局"}, "column", "政策文件", "words", "营商环境|助企纾困|惠企|便民", "reading", "yes"),
		item("1.5", not, "网站公开面向六个行业的扶持政策", "column", "政策文件", "each", "餐饮 住宿 零售 文化 旅游 客运"),
		unit("1.6", "各单位在网站公布投资和工程审批问题的办理结果", []string{"区发展改革委"}, "title", "堵点 办理结果", "table", "反映事项 办理结果"),
		unit("2.1", "网站公开本年度税费优惠指南，有附件和联系电话", []string{"区财政局"}, "title", "税费优惠 指南", "attachment", "yes", "phone", "yes"),
		site("2.2", "site-link", met, "政府网站首页设有“减税降费”栏目，链接市税务局网站", "name", "减税降费", "link", neighbours+"/swj/ssyh/"),
		unit("3.1", "网站公开扩大有效投资的规划和年度安排", []string{"区发展改革委"}, "column", "规划计划", "title", "投资"),
		unit("3.2", "网站每季度公开重大建设项目进展，列明投资、进度和责任单位", []string{"区发展改革委"}, "title", "重大建设项目 进展", "table", "项目名称 计划投资 进度 责任单位"),
		site("4.1", "site-fresh", met, "网站“公共卫生”栏目每周更新", "column", "公共卫生"),
		item("4.1", met, "网站公开发热门诊名单，有地址和电话", "column", "公共卫生", "title", "发热门诊", "table", "机构名称 地址 电话"),
		site("4.4", "site-clean", met, "网站没有泄露个人信息的问题", "indicator", "PLAT-35 REV-13 REV-14 REV-15 REV-16 REV-17 REV-18", "anyone", "yes"),
		unit("5.1", "网站公开职业技能培训的开班安排和报名电话", []string{"区人力社保局"}, "title", "技能培训 开班", "table", "培训工种 开班时间 报名电话"),
		unit("5.1", "网站公开就业办事指南，有咨询电话", []string{"区人力社保局"}, "column", "办事指南", "words", "就业", "phone", "yes"),
		item("5.2", not, "网站的就业政策解读配有图解或者音视频", "column", "政策解读", "title", "就业", "media", "yes"),
		unit("6.1", "各单位在网站公布本领域公共企事业单位名录和监督举报电话", []string{"区生态环境局", "区卫生健康委"}, "title", "公共企事业单位名录", "table", "单位名称 监督举报电话"),
		site("7.1", "site-link", met, "政府网站“履职依据”栏目链接行政法规库", "name", "履职依据", "link", neighbours+"/xzfgk/"),
		site("7.1", "site-link", not, "政府网站“履职依据”栏目链接市政府规章库", "name", "履职依据", "link", neighbours+"/gzk/"),
		site("8.1", "site-clean", not, "网站上的文件格式规范，信息表和文号没有错误", "indicator", "PLAT-11 PLAT-12 PLAT-13 PLAT-58 PLAT-59", "anyone", "yes"),
		item("8.3", not, "网站公布本年度规范性文件清理结果", "title", "清理结果", "table", "文件名称 清理结果"),
		site("8.3", "site-clean", met, "网站没有把失效、废止的文件标为有效", "indicator", "PLAT-22", "anyone", "yes"),
		item("9.1", not, "网站的办事指南都链接到所依据的政策文件", "column", "办事指南", "library", "/zcwj/", "every", "yes"),
		item("10.2", not, "网站的政策问答覆盖九个领域", "column", "政策问答", "each", "生育 教育 养老 医疗 就业创业 社会救助 投资 纳税 公共卫生"),
		site("10.3", "site-mailbox", not, "网站公布的政策咨询都在5个工作日内答复", "column", "政策咨询", "n", "5", "anyone", "yes"),
		site("11.1", "site-clean", met, "网站没有涉密标志疑点", "indicator", "WEB-11", "anyone", "yes"),
		site("13.1", "site-clean", met, "网站检查没有未整改的单项否决问题", "indicator", "V1.1 V1.2 V1.3 V1.4 V2 V3 V4.1 V4.2 V4.3", "anyone", "yes"),
		site("13.2", "site-fresh", not, "网站栏目都在更新周期之内，没有空白", "column", "工作动态 通知公告 政策文件 政策解读 政府采购"),
		site("13.3", "site-mailbox", met, "网站公布的纠错留言都在3个工作日内答复", "column", "网站纠错", "n", "3", "anyone", "yes"),
		site("13.3", "site-ipv6", unknown, "网站支持IPv6访问"),
		item("14.1", not, "网站公开的基层政务公开标准目录覆盖26个领域", "title", "基层政务公开标准目录", "table", "公开领域 公开主体 公开时限",
			"each", "城乡规划 重大建设项目 公共资源交易 财政预决算 安全生产 税收管理 征地补偿 国有土地上房屋征收 保障性住房 农村危房改造 环境保护 公共文化服务 公共法律服务 扶贫 救灾 食品药品监管 城市综合执法 就业创业 社会保险 社会救助 养老服务 户籍管理 涉农补贴 义务教育 医疗卫生 市政服务"),
		item("14.2", not, "网站公开惠民补贴的六类信息", "column", "惠民补贴", "each", "政策依据 政策清单 申报指南 申报情况 发放结果 举报"),
		unit("14.3", "各街道在网站公开居务公开目录和咨询电话", []string{"临江街道办事处", "古渡街道办事处"}, "title", "居务公开", "phone", "yes"),
		item("14.4", met, "网站公开政务公开专区的地址、开放时间和电话", "title", "政务公开专区", "table", "专区名称 地址 开放时间 电话"),
		item("15.2", not, "网站的政策文件都关联解读", "column", "政策文件", "reading", "yes", "every", "yes"),
		item("15.3", met, "网站发布新闻发布会或者主要负责人接受采访的信息", "column", "新闻发布", "words", "主要负责人"),
		site("16.1", "site-mailbox", unknown, "网站公布的政府信息公开投诉按时办理", "column", "公开投诉", "n", "30", "anyone", "yes"),
	}
}

// insideRules look at what people hand in and at what the house itself knows.
func insideRules() []DemoRule {
	n := map[string]string{"n": "1"}
	// accepted counts what the leading unit accepted, until later brings the data.
	accepted := func(measure, later string) DemoRule {
		return DemoRule{Measure: measure, Kind: "count", Values: n, Title: "牵头单位已采纳的佐证不少于1件", Later: later}
	}
	count := func(measure, what string) DemoRule {
		return DemoRule{Measure: measure, Kind: "count", Values: n, Title: what}
	}
	person := func(measure, why string) DemoRule {
		return DemoRule{Measure: measure, Kind: "person", Title: why}
	}
	training := func(measure, kind, title string) DemoRule {
		values := map[string]string{"n": "1"}
		if kind != "" {
			values["kind"] = kind
		}
		return DemoRule{Measure: measure, Kind: "training", Values: values, Title: title}
	}
	figure := func(measure, value, measured, title, later string) DemoRule {
		return DemoRule{Measure: measure, Kind: "figure", Values: map[string]string{"compare": "ge", "value": value, "measured": measured}, Title: title, Later: later}
	}
	return []DemoRule{
		accepted("1.1", "政策文件库"), accepted("1.2", "意见征集"), accepted("1.3", "信息发布"),
		accepted("1.4", "政策文件库"), accepted("1.5", "政策文件库"), accepted("1.6", "诉求办理"),
		person("1.7", "本年可能没有案件，由人说明并确认"),
		accepted("2.1", "信息发布"), accepted("2.2", "栏目管理"),
		accepted("3.1", "信息发布"), accepted("3.2", "公开台账"),
		accepted("4.1", "栏目管理"), person("4.2", "与上级口径一致，由人核对确认"), accepted("4.3", "栏目管理"), accepted("4.4", "信息发布"),
		accepted("5.1", "公开台账"), count("5.2", "就业服务“五进五送”活动记录不少于1件"),
		training("5.3", "grassroots", "基层经办人员政策培训不少于1次"), figure("5.3", "1", "人", "“免申即享”惠及人数不少于1人（填报并注明来源）", "政策文件库"),
		accepted("6.1", "公开台账"), accepted("7.1", "栏目管理"),
		accepted("8.1", "政策文件库"), accepted("8.2", "政策文件库"), accepted("8.3", "政策文件库"),
		person("8.4", "本单位文件全部上传，由单位书面确认"),
		accepted("9.1", "政策文件库"), count("9.2", "政策文件库宣传推广记录不少于1件"),
		training("10.1", "", "政策咨询业务培训不少于1次"), figure("10.2", "80", "%", "问答自动匹配准确率不低于80%（填报并注明来源）", "政策问答"), accepted("10.3", "政策问答"),
		accepted("11.1", "信息发布"), accepted("11.2", "依申请公开"), accepted("11.3", "依申请公开"), accepted("12.1", "信息发布"),
		accepted("13.1", "网站检查"), accepted("13.2", "栏目管理"), accepted("13.3", "网站检查"),
		figure("13.4", "1", "人", "网站和新媒体工作人员不少于1人（填报并注明来源）", "考核评价"), person("13.4", "购买服务的运维队伍到位，由人确认"),
		accepted("14.1", "栏目管理"), person("14.2", "补贴政策读物免费发放，由人确认"), accepted("14.3", "政策问答"), accepted("14.4", "政策问答"),
		accepted("15.1", "信息发布"), accepted("15.2", "政策文件库"), count("15.3", "接受采访、发布回应的记录不少于1件"),
		count("16.1", "培训、上门指导、检查或者投诉办理记录不少于1件"), training("16.2", "unit", "单位内部培训不少于1次，有签到"),
		person("16.3", "公开通报前的批准程序，以书面记录为准，由人确认"),
		{Measure: "17.1", Kind: "steps", Values: map[string]string{"want": "listed"}, Title: "任务清单写明责任人和时限"},
		{Measure: "17.1", Kind: "page", Values: map[string]string{"url": ownPages + "/plans/{year}", "words": "任务分工"}, Title: "任务落实情况在网上公开", Later: "年度报告"},
		{Measure: "17.2", Kind: "lookback", Title: "上年任务逐项核查，工作台账全部销号"},
		{Measure: "17.3", Kind: "staff", Values: n, Title: "信息公开工作机构至少1名工作人员"}, person("17.3", "工作经费落实，由人确认"),
		figure("17.4", "4", "%", "绩效考核分值权重不低于4%（注明文件）", ""),
		person("17.5", "表扬和批评由人决定，以通报文件确认"),
	}
}

// DemoInside says of each measure of which the website shows nothing why only
// people, or a part of the platform that comes later, can prove it.
func DemoInside() map[string]string {
	return map[string]string{
		"1.7":  "本年可能没有案件；有没有案件，由区市场监管局说明，牵头单位确认。",
		"4.2":  "与上级口径是否一致，要对照工作指令判断，指令不在网上。",
		"4.3":  "要比对政务新媒体和网站的发布时间，政务新媒体的数据由信息发布功能提供。",
		"5.3":  "培训签到在平台登记，惠及人数由单位填报，都不在网页上。",
		"8.2":  "入库时间由政策文件库功能记录，网页上只有公开时间。",
		"8.4":  "网站上看不出哪些文件还没有上传，由单位书面确认。",
		"9.2":  "推广活动和使用情况没有公开，由牵头单位核实记录。",
		"10.1": "窗口和热线人员的业务水平看培训签到，在平台登记。",
		"11.2": "收费核准是内部程序，由依申请公开功能提供记录。",
		"11.3": "复议案件的审理期限不在网上，由依申请公开功能提供记录。",
		"12.1": "选择公开方式的理由写在审核单上，由信息发布功能提供记录。",
		"13.4": "工作人员和运维队伍是否到位，由单位填报、牵头单位确认。",
		"15.1": "起草单位的五道审核和发布时机评估是内部记录，由信息发布功能提供。",
		"16.2": "单位内部培训看签到，在平台登记。",
		"16.3": "通报前的批准程序是内部程序，以书面记录为准。",
		"17.1": "任务清单在台账中；落实情况写入年度报告，次年1月公布后才能在网站上核查。",
		"17.2": "上年任务的核查和销号在台账中。",
		"17.3": "人员在平台登记，经费由单位说明，牵头单位确认。",
		"17.4": "绩效考核办法不公开，由单位填报分值并注明文件。",
		"17.5": "表扬和批评由人决定，以通报文件确认。",
	}
}

// demoPerson reports whether the rules of a measure ask for a person's word and a
// file with it.
func demoPerson(measure string) bool {
	return slices.ContainsFunc(DemoRules(), func(r DemoRule) bool { return r.Measure == measure && r.Kind == "person" })
}

// demoFigure is a number that units of the demonstration hand in.
type demoFigure struct {
	Title, Measured string
	Amount          float64
	Source          string
}

// demoFigures are the numbers that rules ask for, by measure.
var demoFigures = map[string]demoFigure{
	"5.3":  {"“免申即享”惠及人数", "人", 1260, "就业补贴管理系统"},
	"10.2": {"问答自动匹配准确率", "%", 86, "政策咨询问答库月度抽样记录"},
	"13.4": {"网站和新媒体工作人员", "人", 2, "本单位岗位设置表"},
	"17.4": {"政务公开分值权重", "%", 4, "年度绩效考核办法附件1"},
}

// DemoRulesText is the table of rules as docs/measure-rules.md keeps it.
func (s *Service) DemoRulesText() string {
	var b strings.Builder
	b.WriteString("# 演示计划的佐证规则\n\n" +
		"编号是“任务.举措”，与任务分工的顺序一致。52条举措中，网站上看得到的都有核查演示网站的规则；看不到的，写明为什么只有人或者平台的其他功能才能证明。" +
		"`{neighbour}` 代表演示用的外单位网站。\n")
	outside := map[string]bool{}
	b.WriteString("\n## 核查演示网站的规则\n\n网站检查结束后自动核查。最后一列是演示网站现在的情况，由测试核对。\n\n| 编号 | 规则类型 | 证明什么 | 参数 | 演示网站 |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range outsideRules() {
		outside[r.Measure] = true
		says := verdictTitle(r.Says)
		if len(r.Met) > 0 {
			says = strings.Join(r.Met, "、") + "达标，其他单位" + says
		}
		title, values := s.ruleText(r)
		fmt.Fprintf(&b, "| %s | %s（`%s`） | %s | %s | %s |\n", r.Measure, title, r.Kind, r.Title, values, says)
	}
	why := DemoInside()
	fmt.Fprintf(&b, "\n## 网站上看不到的举措\n\n共%d条，另有%d条由上表的规则核查。\n\n| 编号 | 为什么不能从网站证明 |\n| --- | --- |\n", len(why), len(outside))
	for item := 1; item <= 17; item++ {
		for n := 1; n <= 9; n++ {
			if number := fmt.Sprintf("%d.%d", item, n); why[number] != "" {
				fmt.Fprintf(&b, "| %s | %s |\n", number, why[number])
			}
		}
	}
	b.WriteString("\n## 其他规则\n\n规则只证明标题所写的内容：“牵头单位已采纳的佐证”是人核实过的材料；“专人确认”的事项只有人能判断；最后一列的平台功能提供实时数据以后，再增加自动核查的规则。\n\n" +
		"| 编号 | 规则类型 | 证明什么 | 参数 | 以后由谁补充 |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range insideRules() {
		title, values := s.ruleText(r)
		fmt.Fprintf(&b, "| %s | %s（`%s`） | %s | %s | %s |\n", r.Measure, title, r.Kind, r.Title, values, r.Later)
	}
	return b.String()
}

// ruleText is the kind of a rule and what it is told, for people.
func (s *Service) ruleText(r DemoRule) (title, values string) {
	kind, ok := s.kind(r.Kind)
	if !ok {
		return r.Kind, ""
	}
	var out []string
	for _, p := range kind.Params {
		v := r.Values[p.Name]
		for _, o := range p.Options {
			if o.Code == v {
				v = o.Title
			}
		}
		switch {
		case v == "":
		case p.Kind == area.YesNo:
			out = append(out, p.Title)
		default:
			out = append(out, p.Title+" "+v)
		}
	}
	return kind.Title, strings.ReplaceAll(strings.Join(out, "；"), "|", `\|`) // in a cell of a table
}
