package demosite

import "strconv"

// column is a column with what stands in it.
type column struct {
	dir, name, kind string
	home            bool // stands on the home page with its newest items
	intro           string
	link            [2]string // of the column's page: text and address
	items           []item
	letters         []letter
}

// item is an article, so many days old. In its texts {year} and {next} are the
// year of the day on which the site is looked at and the one after it, {from} and
// {until} the days on which a consultation begins and ends.
type item struct {
	title, unit string
	age         int
	body        []string
	open        int // days for which opinions are asked for
	attachment  string
	links       [][2]string // text and address
	heads       []string    // of its table
	rows        [][]string
	side        bool   // the first cells of the rows name them
	number      string // 发文字号: the page has the table of a document
	picture     string // words of a picture in the text
}

// letter is a message to the authorities and its answer, so many days old.
type letter struct {
	title, unit      string
	asked, answered  int
	question, answer string
}

const (
	office  = "区政府办公室"
	hotline = "联系电话：023-63310012。"
	openly  = "（此件公开发布）"
)

// columns are what stands on the site. Which measures it shows as met and which
// not says docs/measure-rules.md; app tests hold it to that.
func columns() []column {
	to := "各街道办事处、区政府各部门："
	return []column{
		{dir: "gzdt", name: "工作动态", kind: "工作动态", home: true, items: []item{
			{title: "全区政务公开工作推进会召开", unit: office, age: 2, body: []string{"会议总结了上半年政务公开工作，部署了下一阶段的重点任务。", "会议要求，各单位要对照任务分工逐项落实，及时公开进展。"}},
			{title: "区领导到政务服务大厅调研", unit: office, age: 5, body: []string{"区领导一行察看了综合窗口和自助服务区，与办事群众交流。", "大厅增设了政策咨询窗口，群众可以当场提问。"}},
			{title: "就业服务进园区活动举行", unit: "区人力社保局", age: 9, body: []string{"活动现场设置政策咨询台，发放就业补贴办事指南。", "三十多家企业现场招聘，提供岗位六百余个。"}},
		}},
		{dir: "tzgg", name: "通知公告", kind: "通知公告", home: true, items: []item{
			{title: "关于开展行政规范性文件清理的通知", unit: "区司法局", age: 12, body: []string{to, "现就本年度行政规范性文件清理工作通知如下：请于本月底前报送清理目录。", hotline}, attachment: "行政规范性文件清理目录表.txt"},
			{title: "关于公布减税降费政策咨询点的公告", unit: "区税务局", age: 30, body: []string{"为方便纳税人了解税费优惠政策，现将咨询点公布如下：区政务服务大厅三楼综合窗口、各税务所办税厅。联系电话：023-63310088。"}},
			{title: "投资和工程审批“堵点”问题办理结果公告", unit: "区发展改革委", age: 35, body: []string{"本季度共收到经营主体反映的投资和工程审批问题九件，已全部办结，现将办理结果公布如下。", "联系电话：023-63310033。"},
				heads: []string{"序号", "反映事项", "办理单位", "办理结果"}, rows: [][]string{{"1", "施工图审查时间偏长", "区住房城乡建委", "已压减至五个工作日"}, {"2", "临时用电报装材料重复", "区经济信息委", "已取消重复材料"}}},
		}},
		{dir: "zcwj", name: "政策文件", kind: "政策文件", home: true, items: []item{
			{title: "江澄区人民政府办公室关于印发助企纾困若干措施的通知", unit: office, age: 40, number: "江澄府办发〔{year}〕8号", body: []string{to, "《助企纾困若干措施》已经区政府同意，现印发给你们，请认真贯彻执行。", openly}, links: [][2]string{{"《助企纾困若干措施》政策解读", "/zcjd/1.html"}}},
			{title: "江澄区财政局关于落实惠企资金直达兑现的通知", unit: "区财政局", age: 45, number: "江澄财发〔{year}〕11号", body: []string{to, "为优化营商环境，惠企资金实行线上申报、直达兑现，办理时限不超过十个工作日。", openly}, links: [][2]string{{"惠企资金直达兑现政策解读", "/zcjd/2.html"}}},
			{title: "江澄区市场监督管理局关于便民利企登记服务的通知", unit: "区市场监管局", age: 52, number: "江澄市监发〔{year}〕6号", body: []string{to, "为优化营商环境，企业开办实行一窗通办，当日办结。", openly}, links: [][2]string{{"便民利企登记服务政策解读", "/zcjd/3.html"}}},
			{title: "江澄区商务委员会关于促进餐饮住宿零售业恢复发展的通知", unit: "区商务委", age: 58, number: "江澄商发〔{year}〕4号", body: []string{to, "对符合条件的餐饮、住宿、零售企业给予经营补助，具体办法见附件。", openly}, attachment: "经营补助办法.txt", links: [][2]string{{"餐饮住宿零售业恢复发展政策解读", "/zcjd/4.html"}}},
			{title: "江澄区文化和旅游发展委员会关于支持文化旅游企业的通知", unit: "区文化旅游委", age: 60, number: "江澄文旅发〔{year}〕3号", body: []string{to, "文化场所和旅游企业可以申请贴息贷款，贴息比例按年度预算确定。", openly}, links: [][2]string{{"支持文化旅游企业政策解读", "/zcjd/5.html"}}},
			{title: "江澄区人力资源和社会保障局关于印发就业补贴实施细则的通知", unit: "区人力社保局", age: 75, number: "江澄人社发[{year}]第009号", body: []string{to, "现将《就业补贴实施细则》印发给你们，请遵照执行。", openly}},
		}},
		{dir: "zcjd", name: "政策解读", kind: "政策解读", home: true, items: []item{
			{title: "《助企纾困若干措施》政策解读", unit: office, age: 39, body: []string{"一、出台背景。为落实上级部署，帮助企业渡过难关，区政府办公室起草了若干措施。", "二、主要内容。措施共八条，涵盖减免、补贴、融资和用工。"}, picture: "助企纾困八条措施图解", links: [][2]string{{"江澄区人民政府办公室关于印发助企纾困若干措施的通知", "/zcwj/1.html"}}},
			{title: "惠企资金直达兑现政策解读", unit: "区财政局", age: 44, body: []string{"一、为什么实行直达兑现。过去申报环节多、时间长，企业反映较多。", "二、怎样申报。登录惠企平台填报，审核通过后直接拨付。"}, links: [][2]string{{"江澄区财政局关于落实惠企资金直达兑现的通知", "/zcwj/2.html"}}},
			{title: "便民利企登记服务政策解读", unit: "区市场监管局", age: 51, body: []string{"一、哪些事项一窗通办。设立登记、公章刻制、社保开户等五项。", "二、多久办结。材料齐全的当日办结。"}, links: [][2]string{{"江澄区市场监督管理局关于便民利企登记服务的通知", "/zcwj/3.html"}}},
			{title: "餐饮住宿零售业恢复发展政策解读", unit: "区商务委", age: 57, body: []string{"一、补助对象。在本区登记的餐饮、住宿、零售企业和个体工商户。", "二、补助标准。按上年度营业收入分三档，具体标准见文件附件。"}, links: [][2]string{{"江澄区商务委员会关于促进餐饮住宿零售业恢复发展的通知", "/zcwj/4.html"}}},
			{title: "支持文化旅游企业政策解读", unit: "区文化旅游委", age: 59, body: []string{"一、谁可以申请。文化场所、旅行社、景区和演出单位。", "二、贴息怎样计算。按实际发生的利息和当年贴息比例计算。"}, links: [][2]string{{"江澄区文化和旅游发展委员会关于支持文化旅游企业的通知", "/zcwj/5.html"}}},
			{title: "就业创业扶持政策解读", unit: "区人力社保局", age: 62, body: []string{"一、哪些人可以享受。登记失业人员、应届毕业生和返乡创业人员。", "二、有哪些补贴。包括求职补贴、社保补贴和创业担保贷款贴息。"}},
		}},
		{dir: "ghjh", name: "规划计划", kind: "规划信息", items: []item{
			{title: "江澄区{year}年扩大有效投资工作安排", unit: "区发展改革委", age: 48, body: []string{"一、总体目标。全年固定资产投资保持平稳增长。", "二、重点领域。交通、水利、城市更新和产业园区。"}, attachment: "年度投资安排表.txt"},
			{title: "关于江澄区{year}年国民经济和社会发展计划执行情况与{next}年计划草案的报告", unit: "区发展改革委", age: 55, body: []string{"一、本年度计划执行情况。全区主要指标完成情况良好。", "二、下一年度计划草案和主要任务。"}, attachment: "主要指标计划表.txt"},
			{title: "江澄区{year}年度重大行政决策事项目录", unit: "区司法局", age: 56, body: []string{"经区政府同意，现将本年度重大行政决策事项目录公布如下，公众可以按所列方式参与。"},
				heads: []string{"序号", "决策事项", "承办单位", "计划完成时间", "公众参与方式"}, rows: [][]string{{"1", "停车场管理办法", "区城市管理局", "第三季度", "公开征求意见、座谈会"}, {"2", "供水价格调整", "区发展改革委", "第四季度", "听证会"}}},
		}},
		{dir: "zdxm", name: "重大项目", kind: "专题", items: []item{
			project("三", 10), project("二", 100), project("一", 190),
		}},
		{dir: "jsjf", name: "减税降费", kind: "专题", home: true, intro: "本栏目汇集减税降费政策和办税指南。", link: [2]string{"江州市税务局税费优惠栏目", "{neighbour}/swj/ssyh/"}, items: []item{
			{title: "{year}年度税费优惠政策指南", unit: "区财政局", age: 20, body: []string{"本指南汇总了小微企业、个体工商户适用的税费优惠政策，供纳税人查询。联系电话：023-63310088。"}, attachment: "税费优惠政策指南.txt"},
		}},
		{dir: "yjzj", name: "意见征集", kind: "征集调查", items: []item{
			{title: "关于停车场管理办法征求意见采纳情况的反馈", unit: "区司法局", age: 20, body: []string{"征求意见期间共收到意见12条，采纳8条，未采纳4条。未采纳的意见主要与上位法不一致。"}},
			{title: "关于供水价格调整方案（征求意见稿）公开征求意见的公告", unit: "区发展改革委", age: 50, open: 20, body: []string{"现就供水价格调整方案（征求意见稿）公开征求意见。", "征求意见时间：{from}至{until}。", "意见可以通过电子邮件或者电话反馈。联系电话：023-63310033。"}, attachment: "供水价格调整方案.txt"},
			{title: "关于《江澄区停车场管理办法（征求意见稿）》公开征求意见的公告", unit: "区司法局", age: 60, open: 31, body: []string{"为提高决策质量，现就《江澄区停车场管理办法（征求意见稿）》公开征求意见。", "征求意见时间：{from}至{until}。", "意见可以通过电子邮件或者电话反馈。" + hotline}, attachment: "停车场管理办法征求意见稿.txt", links: [][2]string{{"关于停车场管理办法征求意见采纳情况的反馈", "/yjzj/1.html"}}},
		}},
		{dir: "ggws", name: "公共卫生", kind: "专题", intro: "健康提示和就诊信息，每周更新。", items: []item{
			{title: "近期呼吸道传染病健康提示", unit: "区卫生健康委", age: 3, body: []string{"近期气温变化较大，请注意室内通风，出现发热症状及时就诊。咨询电话：023-63310066。"}},
			{title: "江澄区发热门诊名单", unit: "区卫生健康委", age: 33, body: []string{"现将全区发热门诊公布如下，就诊前请电话确认开诊时间。"},
				heads: []string{"机构名称", "地址", "电话", "开诊时间"}, rows: [][]string{{"江澄区人民医院", "江澄大道18号", "023-63310120", "全天"}, {"江澄区中医院", "古渡路6号", "023-63310130", "8:00至20:00"}}},
		}},
		{dir: "jycy", name: "就业创业", kind: "专题", items: []item{
			{title: "{year}年职业技能培训开班公告", unit: "区人力社保局", age: 16, body: []string{"下列培训班面向本区劳动者免费开放，报名流程：填写报名表，电话确认，按时参加。"},
				heads: []string{"培训工种", "开班时间", "培训地点", "报名电话"}, rows: [][]string{{"养老护理员", "每月第一周", "区就业服务中心", "023-63310055"}, {"电工", "每月第三周", "区职业教育中心", "023-63310056"}}},
		}},
		{dir: "ggqsy", name: "公共企事业单位", kind: "专题", items: []item{
			{title: "江澄区生态环境领域公共企事业单位名录", unit: "区生态环境局", age: 36, body: []string{"现将本领域公共企事业单位名录和监督举报电话公布如下。"},
				heads: []string{"单位名称", "地址", "监督举报电话"}, rows: [][]string{{"江澄污水处理厂", "滨江路66号", "023-63310201"}, {"江澄环境监测站", "古渡路21号", "023-63310202"}}},
			{title: "江澄区医疗卫生领域公共企事业单位名录", unit: "区卫生健康委", age: 38, body: []string{"现将本领域公共企事业单位名录和监督举报电话公布如下。"},
				heads: []string{"单位名称", "地址", "监督举报电话"}, rows: [][]string{{"江澄区人民医院", "江澄大道18号", "023-63310120"}, {"江澄区中医院", "古渡路6号", "023-63310130"}}},
			{title: "江澄区交通运输领域公共企事业单位名录", unit: "区交通局", age: 41, body: []string{"现将本领域公共企事业单位名录公布如下。"},
				heads: []string{"单位名称", "地址"}, rows: [][]string{{"江澄公共交通公司", "车站路3号"}, {"江澄客运站", "车站路9号"}}},
		}},
		{dir: "hmbt", name: "惠民补贴", kind: "专题", items: []item{
			{title: "惠民财政补贴政策依据和政策清单", unit: "区财政局", age: 25, body: []string{"现将本年度惠民财政补贴的政策依据和政策清单公布如下。", "投诉举报渠道：区财政局监督举报电话023-63310090。"},
				heads: []string{"补贴项目", "政策依据", "补贴标准", "实施单位"}, rows: [][]string{{"耕地地力保护补贴", "江财农〔2021〕12号", "按面积计算", "区农业农村委"}, {"农机购置补贴", "江财农〔2021〕15号", "按机型计算", "区农业农村委"}}},
			{title: "惠民财政补贴申报指南", unit: "区财政局", age: 26, body: []string{"申报对象、申报材料和申报时间见附件，申报情况每季度末在本栏目公布。", "联系电话：023-63310090。"}, attachment: "补贴申报表.txt"},
			{title: "惠民财政补贴申报情况公示", unit: "区财政局", age: 14, body: []string{"本季度共受理申报二百三十六户，审核通过二百一十一户，退回补正二十五户。"}},
		}},
		{dir: "jczwgk", name: "基层政务公开", kind: "专题", items: []item{
			{title: "江澄区基层政务公开标准目录（{year}年版）", unit: office, age: 42, body: []string{"现将各领域基层政务公开标准目录公布如下，各街道和有关部门按目录公开。"},
				heads: []string{"序号", "公开领域", "公开主体", "公开时限"}, rows: fields()},
			{title: "江澄区政务公开专区一览表", unit: office, age: 43, body: []string{"政务公开专区提供政府信息查询、公开申请接收和政策咨询服务，欢迎就近前往。"},
				heads: []string{"专区名称", "地址", "开放时间", "联系电话"}, rows: [][]string{{"区政务服务大厅专区", "江澄大道1号", "工作日9:00至17:00", "023-63310011"}, {"区图书馆专区", "文化路8号", "每日9:00至18:00", "023-63310015"}}},
			{title: "临江街道居务公开目录和咨询电话", unit: "临江街道办事处", age: 28, body: []string{"各社区居务公开栏的内容和公开时间公布如下，政策问题可以电话咨询，也可以到便民服务中心当面咨询。", "咨询电话：023-63310301。"}},
			{title: "古渡街道居务公开目录和咨询电话", unit: "古渡街道办事处", age: 29, body: []string{"各社区居务公开栏的内容和公开时间公布如下，政策问题可以电话咨询，也可以到便民服务中心当面咨询。", "咨询电话：023-63310302。"}},
		}},
		{dir: "zcwd", name: "政策问答", kind: "专题", items: []item{
			answered("生育：生育登记在哪里办理", "区卫生健康委", 18, "到户籍所在地或者现居住地街道便民服务中心办理，也可以在网上办理。"),
			answered("教育：小学入学怎样报名", "区教委", 19, "每年六月登录入学服务平台登记，学校按片区审核。"),
			answered("养老：高龄津贴怎样申请", "区民政局", 21, "年满八十周岁的本区户籍老人到社区申请，按月发放。"),
			answered("医疗：门诊费用怎样报销", "区医保局", 22, "在定点医疗机构就诊的，费用直接结算。"),
			answered("就业创业：创业担保贷款怎样办理", "区人力社保局", 23, "向区就业服务中心提出申请，审核通过后由银行放款。"),
			answered("投资：企业投资项目怎样备案", "区发展改革委", 24, "登录投资项目在线审批平台填报，当日备案。"),
			answered("纳税：小规模纳税人怎样申报", "区税务局", 27, "按季度登录电子税务局申报，也可以到办税厅申报。"),
			answered("公共卫生：到哪里接种疫苗", "区卫生健康委", 31, "到居住地社区卫生服务中心预约接种。"),
		}},
		{dir: "bszn", name: "办事指南", kind: "办事服务", items: []item{
			guide("就业困难人员社会保险补贴申领", "区人力社保局", 32, "/zcwj/6.html", "江澄区人力资源和社会保障局关于印发就业补贴实施细则的通知"),
			guide("企业经营补助申领", "区商务委", 34, "/zcwj/4.html", "江澄区商务委员会关于促进餐饮住宿零售业恢复发展的通知"),
			guide("临时占道停车审批", "区城市管理局", 37, "", "停车场管理办法"),
		}},
		{dir: "xwfb", name: "新闻发布", kind: "新闻发布", items: []item{
			{title: "区政府新闻发布会介绍助企纾困政策落实情况", unit: office, age: 7, body: []string{"区政府举行新闻发布会，区政府主要负责人介绍助企纾困政策落实情况，并回答记者提问。", "记者：措施落实到哪一步了？答：八条措施的实施细则已经全部出台。"}},
		}},
		{dir: "wzjc", name: "网站纠错", kind: "互动交流", letters: []letter{
			{"政策文件页面的附件名称有误", office, 12, 10, "附件名称写成了上一年的文件，请更正。", "您好，您反映的情况属实。我们核对了今年以来发布的全部政策文件，把写错的附件名称改为本年度的文件名称，并重新上传了附件，现在已经可以正常下载。感谢您的提醒。"},
			{"办事指南里的电话打不通", "区城市管理局", 26, 24, "临时占道停车审批的电话打不通。", "您好，您反映的电话因办公地点调整停用。我们已经把办事指南中的电话更新为023-63310077，工作日9时至17时有人接听，请您重新拨打。给您带来不便，敬请谅解。"},
		}},
		{dir: "zxly", name: "政策咨询", kind: "互动交流", letters: []letter{
			{"惠企资金什么时候拨付", "区财政局", 15, 13, "已经网上申报，想知道什么时候拨付。", "您好，惠企资金在审核通过后十个工作日内拨付到企业账户。您可以登录惠企平台，在“我的申报”中查看审核进度；超过时限没有收到的，请拨打023-63310090查询。"},
			{"求职补贴的申请条件", "区人力社保局", 49, 21, "应届毕业生能不能申请求职补贴？", "您好，本区户籍或者在本区高校就读的应届毕业生，属于低收入家庭、残疾人家庭的，可以申请一次性求职补贴。请带身份证明和学籍证明到区就业服务中心办理，也可以网上办理。"},
		}},
		{dir: "lzyj", name: "履职依据", kind: "专题", home: true, intro: "本机关履行职责所依据的法律、法规、规章。", link: [2]string{"行政法规库", "{neighbour}/xzfgk/"}, items: []item{
			{title: "区政府办公室履职依据目录", unit: office, age: 46, body: []string{"本目录列出区政府办公室履行职责所依据的主要法律、法规和规章，内容有变化时及时更新。"}},
		}},
	}
}

// project is how far the great projects of a quarter are.
func project(quarter string, age int) item {
	return item{title: "江澄区重大建设项目第" + quarter + "批进展情况", unit: "区发展改革委", age: age, body: []string{"现将列入年度清单的重大建设项目进展情况公布如下，下一批进展下季度公布。"},
		heads: []string{"序号", "项目名称", "建设内容", "年度计划投资", "形象进度", "责任单位"},
		rows:  [][]string{{"1", "江澄大道改造", "道路及管网", "2.3亿元", "路基施工", "区住房城乡建委"}, {"2", "古渡水厂扩建", "日供水五万吨", "1.8亿元", "设备安装", "区水利局"}}}
}

func answered(title, unit string, age int, answer string) item {
	return item{title: title, unit: unit, age: age, body: []string{"问：" + title + "？", "答：" + answer, "仍有疑问的，可以拨打政策咨询电话023-63310012。"}}
}

// guide is a service guide; basis is the address of the document it rests on.
func guide(title, unit string, age int, basis, document string) item {
	it := item{title: title, unit: unit, age: age, side: true, rows: [][]string{
		{"事项名称", title}, {"受理单位", unit}, {"受理条件", "符合政策规定的单位和个人"}, {"申请材料", "申请表一份，身份证明复印件一份"}, {"办理流程", "申请、受理、审核、办结"},
		{"办理时限", "十个工作日"}, {"收费标准", "不收费"}, {"办理地点", "江澄大道1号区政务服务大厅二楼"}, {"办理时间", "工作日9:00至17:00"}, {"联系电话", "023-63310077"}, {"设定依据", document},
	}}
	if basis != "" {
		it.links = [][2]string{{document, basis}}
	}
	return it
}

// fields are the domains of disclosure at the grassroots; two of the twenty-six
// are still missing.
func fields() [][]string {
	var out [][]string
	for i, name := range []string{"城乡规划", "重大建设项目", "公共资源交易", "财政预决算", "安全生产", "税收管理", "征地补偿", "国有土地上房屋征收", "保障性住房", "农村危房改造", "环境保护", "公共文化服务",
		"公共法律服务", "扶贫", "救灾", "食品药品监管", "城市综合执法", "就业创业", "社会保险", "社会救助", "养老服务", "户籍管理", "涉农补贴", "义务教育"} {
		out = append(out, []string{strconv.Itoa(i + 1), name, "有关部门、街道办事处", "形成之日起20个工作日内"})
	}
	return out
}
