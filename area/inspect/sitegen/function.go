package sitegen

import (
	"fmt"
	"strings"
)

// singleText writes the pages that are a text by themselves.
func (s *Site) singleText(p *page, c *column) {
	y := s.t0.Year()
	switch c.key {
	case "qqgk":
		d := s.dice("overview")
		p.text(fmt.Sprintf("%s位于%s南部，截至%d年末，辖区面积%d平方千米，常住人口%d万人，辖3个街道、1个镇，共有社区和行政村%d个。", s.place.district, s.place.city, y-1, d.between(180, 900), d.between(22, 60), d.between(60, 140)),
			fmt.Sprintf("%d年，全区实现地区生产总值%d亿元，一般公共预算收入%d亿元，城镇常住居民人均可支配收入稳步提高。", y-1, d.between(210, 480), d.between(12, 40)),
			"全区以丘陵地貌为主，气候温和，雨量充沛，主要河流自北向南穿境而过，沿河分布着多处城市公园和湿地。",
			"区内交通便利，公共汽车线路覆盖全部街道和镇，政务服务中心、图书馆、文化馆等公共设施均对居民开放。")
	case "xzqh":
		p.text(s.place.district + "下辖东湖街道、北门街道、石桥街道和双河镇。")
		p.body = append(p.body, block{kind: 't', rows: [][]string{{"名称", "驻地"}, {"东湖街道", "东湖路100号"}, {"北门街道", "北门街66号"}, {"石桥街道", "石桥路8号"}, {"双河镇", "双河镇河东路1号"}}})
		p.text("各街道、镇设有便民服务中心，居民可就近办理户籍地和居住地的常用服务事项。")
	case "lswh":
		p.text("境内保存有石桥、书院等历史建筑，每年春季在书院街举办民俗活动，民间剪纸、竹编等技艺由区文化馆组织传承教学。",
			"区图书馆设有地方文献室，收藏旧志、家谱等资料，工作日和周末均免费开放，读者凭有效证件可以查阅。")
	case "lxwm":
		p.text("本网站由"+s.government()+"办公室主办，负责网站的日常管理和内容发布。", "地址："+s.place.city+s.place.district+"府前路1号", "网站联系电话："+s.phone("站点")+"（仅受理网站建设和维护相关事宜）", "电子邮箱：web@"+s.place.domain+".gov.cn", "工作时间：工作日上午9:00至12:00，下午13:30至17:30")
	case "wznb":
		last := s.lastReport()
		d := s.dice("wznb")
		p.title = fmt.Sprintf("政府网站工作年度报表（%d年度）", last)
		p.head = p.title + "_" + s.name()
		news, open := d.between(600, 2600), d.between(300, 1600)
		over := d.between(3, 20)
		p.body = append(p.body, block{kind: 'd', rows: [][]string{
			{"填报单位", s.government() + "办公室"}, {"年度", itoa(last)}, {"网站名称", s.name()}, {"首页网址", "www." + s.place.domain + ".gov.cn"},
			{"主办单位", s.government() + "办公室"}, {"网站类型", "政府门户网站"}, {"政府网站标识码", s.code()}, {"ICP备案号", s.marks().icp}, {"公安机关备案号", "渝公网安备" + s.marks().police + "号"},
			{"独立用户访问总量（个）", itoa(d.between(90000, 400000))}, {"网站总访问量（次）", itoa(d.between(500000, 2400000))},
			{"信息发布总数（条）", itoa(news + open + over)}, {"概况类信息更新量（条）", itoa(over)}, {"政务动态信息更新量（条）", itoa(news)}, {"信息公开目录信息更新量（条）", itoa(open)},
			{"收到留言数量（条）", "126"}, {"办结留言数量（条）", "126"}, {"平均办理时间（天）", "3.2"}, {"填报日期", fmt.Sprintf("%d-01-20", last+1)}}})
	case "gkzn":
		p.text("为便于公民、法人和其他组织获取本机关政府信息，根据《中华人民共和国政府信息公开条例》（国务院令第711号），编制本指南。本指南更新日期：" + fmt.Sprintf("%d年3月6日", y) + "。")
		p.heading("一、政府信息的分类和编排体系")
		p.text("本机关公开的政府信息分为主动公开和依申请公开两类，主动公开的信息按照主题、体裁、发布机构和时间编排，并编制索引号。")
		p.heading("二、政府信息的获取方式")
		p.text("公民、法人和其他组织可以通过区政府网站政府信息公开平台、区档案馆、区图书馆、区政务服务中心查阅主动公开的政府信息。")
		p.heading("三、依申请公开")
		p.text("需要获取主动公开以外政府信息的，可以通过当面、邮寄或者网站在线方式提出申请。本机关收到申请后，能够当场答复的当场答复；不能当场答复的，自收到申请之日起20个工作日内答复。")
		p.heading("四、政府信息公开工作机构")
		p.text("机构名称："+s.government()+"办公室", "办公地址："+s.place.city+s.place.district+"府前路1号", "办公时间：工作日上午9:00至12:00，下午13:30至17:30", "联系电话："+s.phone("公开"), "传真号码："+s.phone("公开传真"), "互联网联系方式：本网站依申请公开栏目")
		p.heading("五、监督方式")
		p.text("公民、法人和其他组织认为本机关未按照要求主动公开政府信息或者对政府信息公开申请不依法答复处理的，可以向" + s.place.city + "人民政府办公室提出，也可以依法申请行政复议或者提起行政诉讼。")
	case "ghb":
		p.top += "<style>body *{font-size:26px;line-height:1.8}</style>" // as it says of itself (NORM-51)
		p.text("本专区采用大字号、高对比度和简洁布局，支持键盘操作，方便老年人浏览。可以使用浏览器的放大功能调整字号，页面内容不会重叠。")
		for _, k := range s.columns {
			if k.home && k.base == "" && !k.script {
				p.heading(k.name)
				for _, e := range s.newest(p.host, k, 3).entries {
					p.body = append(p.body, block{kind: 'a', text: e.text, url: e.url})
				}
			}
		}
	case "english":
		p.lang = "en"
		name := strings.ToUpper(s.place.domain[:1]) + s.place.domain[1:]
		p.text("Welcome to the website of "+name+" District. The district lies in the south of the city and has three sub-districts and one town.",
			"The service hall at No. 1 Fuqian Road is open on working days from 9:00 to 12:00 and from 13:30 to 17:30. Visitors may ask for help in English at window 6.",
			"For questions about this website call "+s.phone("站点")+".")
	}
}

// formText writes the pages with a form for the public.
func (s *Site) formText(p *page, c *column) {
	switch c.key {
	case "ysqgk":
		p.text("公民、法人和其他组织可以在线提交政府信息公开申请。请填写申请人姓名或者名称、身份证明、联系方式，以及所需政府信息的名称、文号或者便于查询的其他特征性描述。", "受理机构："+s.government()+"办公室，联系电话："+s.phone("公开")+"。")
		p.form = &entryForm{action: "", fields: []string{"申请人姓名或者名称", "联系方式", "所需政府信息描述", "获取方式"}, button: "提交申请"}
	case "zxsb":
		p.text("请填写申请信息，提交后可凭受理编号查询办理进度。首次办理的，可先到政务服务中心登记。")
		p.form = &entryForm{fields: []string{"事项名称", "申请人", "联系方式", "申请说明", "验证码"}, button: "提交申报"}
	default:
		p.text("来信请写明具体时间、地点和诉求，我们将在5个工作日内答复。请勿在来信中填写他人个人信息。")
		p.form = &entryForm{fields: []string{"来信标题", "来信类别", "来信内容", "联系方式", "验证码"}, button: "提交来信"}
	}
	p.form.action = p.path
}

// platformText writes the entrance of the disclosure platform.
func (s *Site) platformText(p *page, c *column) {
	p.text("本平台由" + s.government() + "办公室主办，公开法定主动公开的政府信息，并提供依申请公开服务。")
	for _, k := range s.below(c) {
		p.parts = append(p.parts, part{ref: ref{s.href(p.host, node{k.n, -1, 0}), k.name}})
	}
	for _, key := range []string{"jgzn", "ldzc"} {
		k := s.byKey[key]
		p.related = append(p.related, ref{s.href(p.host, node{k.n, -1, 0}), k.name})
	}
}

func (s *Site) figureText(p *page) {
	t := s.t0.AddDate(0, 0, -int(8*day/day))
	d := s.dice("letters", t.Year(), int(t.Month()))
	n := d.between(30, 80)
	p.text(fmt.Sprintf("统计截止日期：%s。", t.Format("2006-01-02")))
	p.body = append(p.body, block{kind: 't', rows: [][]string{{"项目", "数量"}, {"本年收到来信（件）", itoa(n)}, {"本年答复来信（件）", itoa(n)}, {"平均答复时间（工作日）", "2.6"}, {"公开答复（件）", itoa(n)}}})
	p.text("来信答复情况每月统计一次，由区政府办公室负责发布。")
}

var domainNames = []string{"重大建设项目", "公共资源交易", "义务教育", "户籍管理", "社会救助", "养老服务", "公共法律服务", "财政预决算", "就业创业", "社会保险", "国土空间规划", "农村集体土地征收", "生态环境", "国有土地上房屋征收与补偿", "保障性住房", "农村危房改造", "市政服务", "城市综合执法", "涉农补贴", "公共文化服务", "医疗卫生", "安全生产", "救灾", "食品药品监管", "税收管理", "乡村振兴"}

// domainText writes the catalogue of the grassroots standards, on one page.
func (s *Site) domainText(p *page, c *column) {
	p.text("根据基层政务公开标准指引，本区编制了26个领域的标准目录，各领域公开事项由责任单位按照公开时限公布。")
	rows := [][]string{{"序号", "领域（一级事项）", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "公开方式", "公开层级"}}
	for i, name := range domainNames {
		rows = append(rows, []string{itoa(i + 1), name, name + "政策、办理指南、办理结果", "《中华人民共和国政府信息公开条例》", "自信息形成或者变更之日起20个工作日内", s.brief(offices[1+i%19]), "■政府网站 □公开查阅点", "全社会", "主动", "县级"})
	}
	p.body = append(p.body, block{kind: 't', rows: rows})
}
