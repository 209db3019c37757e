package plan

import (
	"fmt"
	"slices"
	"strings"
)

// DemoRule is a proof rule that the demonstration gives a measure.
type DemoRule struct {
	Measure string // item.position, as measures.md counts them
	Kind    string // area.Proof.Name
	Values  map[string]string
	Title   string
	Later   string // whose live data will prove more: 政策文件库; "" when the rule says all there is to say
}

// DemoRules is what proves which measure of the demonstration, as far as the
// kinds of this installation reach (measures.md). A rule says in its title what
// it proves and no more: where the live data of a later area will decide, people
// accept evidence until then. docs/measure-rules.md shows the table.
func DemoRules() []DemoRule {
	n := map[string]string{"n": "1"}
	// accepted counts what the leading unit accepted, until later brings the data.
	accepted := func(measure, later string) DemoRule {
		return DemoRule{measure, "count", n, "牵头单位已采纳的佐证不少于1件", later}
	}
	count := func(measure, what string) DemoRule { return DemoRule{measure, "count", n, what, ""} }
	person := func(measure, why string) DemoRule { return DemoRule{measure, "person", nil, why, ""} }
	page := func(measure, path, words, title, later string) DemoRule {
		return DemoRule{measure, "page", map[string]string{"url": path, "words": words}, title, later}
	}
	training := func(measure, kind, title string) DemoRule {
		values := map[string]string{"n": "1"}
		if kind != "" {
			values["kind"] = kind
		}
		return DemoRule{measure, "training", values, title, ""}
	}
	figure := func(measure, value, measured, title, later string) DemoRule {
		return DemoRule{measure, "figure", map[string]string{"compare": "ge", "value": value, "measured": measured}, title, later}
	}
	staff := DemoRule{"17.3", "staff", n, "信息公开工作机构至少1名工作人员", ""}
	// site rules look at the demonstration's website, as the last inspection saw it.
	site := func(measure, kind, title string, pairs ...string) DemoRule {
		values := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = pairs[i+1]
		}
		return DemoRule{measure, kind, values, title, ""}
	}
	return []DemoRule{
		site("1.2", "site-item", "网站公开征求意见不少于30日，有征求意见稿、联系电话，并公布采纳情况", "column", "意见征集", "title", "公开征求意见", "n", "1", "anyone", "yes", "days", "30", "attachment", "yes", "phone", "yes", "feedback", "yes"),
		site("1.3", "site-item", "网站公开计划执行情况与计划草案的报告，附指标表", "title", "计划执行情况 计划草案", "n", "1", "anyone", "yes", "attachment", "yes"),
		site("1.4", "site-item", "网站公开助企纾困政策，并关联政策解读", "column", "政策文件", "words", "助企纾困", "n", "1", "anyone", "yes", "reading", "yes"),
		site("2.1", "site-item", "网站公开税费优惠政策指南，有附件和联系电话", "title", "税费优惠 指南", "n", "1", "anyone", "yes", "attachment", "yes", "phone", "yes"),
		site("2.2", "site-link", "政府网站首页设有“减税降费”栏目", "name", "减税降费"),
		site("7.1", "site-link", "政府网站首页链接行政法规库和规章库", "name", "行政法规库 规章库"),
		site("13.1", "site-clean", "网站检查没有未整改的单项否决问题", "indicator", "V1.1 V1.2 V1.3 V1.4 V2 V3 V4.1 V4.2 V4.3", "anyone", "yes"),
		site("13.2", "site-fresh", "网站栏目都在更新周期之内，没有空白", "column", "工作动态 通知公告 政策文件 政策解读 政府采购"),
		site("13.3", "site-mailbox", "网站公布的纠错留言都在3个工作日内答复", "n", "3", "anyone", "yes"),
		site("13.3", "site-ipv6", "网站支持IPv6访问"),
		accepted("1.1", "政策文件库"), accepted("1.2", "意见征集"), accepted("1.3", "信息发布"),
		accepted("1.4", "政策文件库"), accepted("1.5", "政策文件库"), accepted("1.6", "诉求办理"),
		person("1.7", "本年可能没有案件，由人说明并确认"),
		accepted("2.1", "信息发布"), page("2.2", "/", "减税降费", "门户首页设有“减税降费”栏目", "栏目管理"),
		accepted("3.1", "信息发布"), accepted("3.2", "公开台账"),
		accepted("4.1", "栏目管理"), person("4.2", "与上级口径一致，由人核对确认"), accepted("4.3", "栏目管理"), accepted("4.4", "信息发布"),
		accepted("5.1", "公开台账"), count("5.2", "就业服务“五进五送”活动记录不少于1件"),
		training("5.3", "grassroots", "基层经办人员政策培训不少于1次"), figure("5.3", "1", "人", "“免申即享”惠及人数不少于1人（填报并注明来源）", "政策文件库"),
		accepted("6.1", "公开台账"), page("7.1", "/", "行政法规库 市政府规章库", "门户网站链接两个法规规章库", "栏目管理"),
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
		{"17.1", "steps", map[string]string{"want": "listed"}, "任务清单写明责任人和时限", ""},
		page("17.1", "/plans/{year}", "任务分工", "任务落实情况在网上公开", "年度报告"),
		{"17.2", "lookback", nil, "上年任务逐项核查，工作台账全部销号", ""},
		staff, person("17.3", "工作经费落实，由人确认"),
		figure("17.4", "4", "%", "绩效考核分值权重不低于4%（注明文件）", ""),
		person("17.5", "表扬和批评由人决定，以通报文件确认"),
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
		"编号是“任务.举措”，与任务分工的顺序一致。规则只证明标题所写的内容：“牵头单位已采纳的佐证”是人核实过的材料；" +
		"“专人确认”的事项只有人能判断；最后一列的平台功能提供实时数据以后，再增加自动核查的规则。\n\n" +
		"| 编号 | 规则类型 | 证明什么 | 参数 | 以后由谁补充 |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range DemoRules() {
		title := r.Kind
		var values []string
		if kind, ok := s.kind(r.Kind); ok {
			title = kind.Title
			for _, p := range kind.Params {
				v := r.Values[p.Name]
				for _, o := range p.Options {
					if o.Code == v {
						v = o.Title
					}
				}
				if v != "" {
					values = append(values, p.Title+" "+v)
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %s（`%s`） | %s | %s | %s |\n", r.Measure, title, r.Kind, r.Title, strings.Join(values, "；"), r.Later)
	}
	return b.String()
}
