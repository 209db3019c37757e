package personal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// class is what a word tells about the values around it. A set of classes is a
// sum of them.
type class uint64

const (
	idLabel        class = 1 << iota // an identity number follows
	passportLabel                    // a passport number is near
	travelLabel                      // a travel permit is near
	residenceLabel                   // a permanent residence permit is near
	phoneLabel                       // a telephone number follows
	homePhone                        // a private telephone number follows
	cardLabel                        // a bank card or account follows
	holderLabel                      // the holder of an account follows
	unitMoney                        // the account is a unit's
	ownMoney                         // the account is a person's
	personLabel                      // the name of a private person follows
	nameLabel                        // a name follows a colon
	homeLabel                        // a home address follows
	addressLabel                     // an address follows, perhaps a unit's
	office                           // a unit speaks of itself
	dutyLabel                        // the name of somebody on duty follows
	birthLabel                       // a day of birth follows
	sexWord                          // stands behind the name in a description of a person
	chatLabel                        // a QQ or WeChat name follows
	chatOfficial                     // … which is a unit's
	plateLabel                       // a plate is near
	healthWord                       // a diagnosis or disability
	caseWord                         // a matter whose persons stay unnamed (content-review 7.6)
	minorWord                        // a child is named directly behind it
	relativeWord                     // a relative of a suspect is named
	publicDuty                       // the text speaks of officials and posts
	epidemicWord                     // an investigation notice
	patientCase                      // one case of an investigation notice
	codeLabel                        // a number that follows is a code of something else
	creditLabel                      // a credit code follows
	siteWord                         // coordinates of a project, not of a person
	originWord                       // origin, employer or job of a case
	illWord                          // the name of a sick person stands directly before it
	ageWord                          // an age stands before it
	privateWord                      // marriage, faith: nobody's business but the person's
	wealthLabel                      // a sum of somebody's income or debts follows
	certLabel                        // the number of a certificate of one person follows
	kinWord                          // a child of somebody
	letterWord                       // told in answers to letters and questions of private persons
	openWord                         // told in notices whose parties the law has named in full
	lostWord                         // the name of who owns or lost something stands before it
	visitWord                        // who is visited at home is named directly before it
	illBehind                        // what somebody died or lay ill of stands before it
	illLabel                         // what somebody suffers from follows a colon
	helloWord                        // a person is greeted before it
	driveWord                        // who drives is named directly before it
	payWord                          // who was paid is named directly before it
	weakName                         // (with personLabel) the word is everyday in official texts
)

// fieldLabel are the words that say what stands behind them.
const fieldLabel = idLabel | phoneLabel | cardLabel | holderLabel | homeLabel | addressLabel | birthLabel | chatLabel | certLabel | codeLabel

// wordLists are the words of each class, in folded form (half-width marks).
var wordLists = []struct {
	class class
	words string
}{
	{idLabel, "残疾人证 驾驶证 社会保障号 社保号 医保号 医保卡号 身份证 公民身份 证件号 身份号码 身份证件 居民身份"},
	{passportLabel, "护照"},
	{travelLabel, "通行证 回乡证 台胞证"},
	{residenceLabel, "永久居留 居留证 永居证 居留身份证 五星卡"},
	{phoneLabel, "电话 手机 联系方式 座机 固话 致电 拨打"},
	{homePhone, "家庭电话 住宅电话 宅电 家里电话 家庭座机 家中电话 家庭固话 家庭固定电话 个人电话 家中座机 家里座机 住宅座机 家庭联系电话 本人电话 家属电话 家长电话"},
	{cardLabel, "卡号 账号 帐号 账户 帐户 银行卡 存折 一卡通 一本通 工资卡 借记卡 储蓄卡 信用卡号 收款卡"},
	{holderLabel | nameLabel, "户名 账户名 账户名称 帐户名称 收款人 开户名 开户人"},
	{unitMoney, "商会 学会 注册资金 信用代码 财政 专户 国库 非税 保证金 收款单位 缴款 缴费 缴纳 公司 学校 医院 基金会 慈善会 红十字会 捐款 捐赠 投标 委员会 办公室 中心 协会 单位名称 工会 合作社 对公账户 对公帐户 对公账号 交易 招标 竞买 农民工工资专用"},
	{ownMoney, "监护人 本人 个人 一卡通 一本通 存折 社保卡 农户 村民 工资卡 发放至 发放到 补贴发放 低保金 户主 申请人 患者 家属 持卡人"},
	{personLabel, "紧急联系人 家庭联系人 收养人 送养人 在逃人员 逃犯 被悬赏人 捐赠对象 逝者 受援人 捐献者 献血者 来访者 来电人 来电者 被不起诉人 被告诫人 被侵害人 侵害人 被送达人 被强制执行人 被继承人 共有人 受托人 委托人 被鉴定人 就诊人 走失者 走失人员 亡者 遇难者 被救助者 诉求人 求职者 被抚养人 重点人员 社区矫正对象 社区矫正人员 刑满释放人员 受赠人 受捐人 受资助人 密切接触者 密接者 被反映人 被投诉人 被举报人 被拆迁人 被抚养人 失主 前妻 前夫 与行人 将行人 撞行人 撞到行人 撞上行人 撞倒行人 自称 名叫 乘客 房主 咨询人 拍摄者 发布者 代领人 代办人 业主代表 家长代表 村民代表 同事 留言人 提问人 写信人 发件人 来件人 求助人 网友姓名 被申请人 被处罚人 被执行人 被告人 被害人 受害人 犯罪嫌疑人 嫌疑人 罪犯 信访人 投诉人 举报人 反映人 来信人 来访人 上访人 领取人 受助人 救助对象 低保对象 特困人员 被征收人 承租人 购房人 被继承人 继承人 死者 伤者 村民 吸毒人员 戒毒人员 吸毒者 感染者 确诊病人 艾滋病病人 精神病人 死亡人员 证人 参保人 患儿 婴儿 新生儿 男婴 女婴 租户 租客 房东 住户 服务对象 受贿人 行贿人 违法行为人 嫌疑男子 嫌疑女子 孤儿 五保户 贫困户 脱贫户 监测户 低保户 残疾人 被帮扶人 精神障碍患者 艾滋病患者 失信人 被救助人 被监护人 监护人 家属 孕妇 产妇 未成年人 女童 男童 幼女 肇事者 驾驶人 驾驶员 司机 车主 我叫 网民 用户"},
	{personLabel | weakName, "老公 老婆 爱人 老板 祖母 祖父 外婆 外公 外祖母 外祖父 业主 邻居 前夫 前妻 男友 女友 港胞 台胞 侨胞 你妻 你夫 你父 你母 你子 你女 您妻 您夫 您父 您母 您子 您女 育有一子 育有一女 长子 次子 长女 次女 幼子 独子 独女 儿媳 女婿 孙子 孙女 外孙 外孙女 弟弟 哥哥 姐姐 妹妹 岳父 岳母 爷爷 奶奶 其妻 其夫 其子 其女 其父 其母 其兄 其弟 其姐 其妹 孩子 小孩 本人 老人 男子 女子 工人 职工 员工 农户 学员 申请人 当事人 患者 病人 户主 家长 申报人 受益人 权利人 产权人 所有权人 学生 幼儿 儿童 考生 居民 市民 被告 原告 应聘人员 录用人员 失业人员 退休人员 退役军人 消费者 借款人 投保人 被保险人 收件人 妻子 丈夫 父亲 母亲 儿子 女儿 配偶 第三人 上诉人 被上诉人 同学 之妻 之夫 之子 之女 之母 之父"},
	{nameLabel, "姓名 名字 申请人姓名 户主姓名 学生姓名 家长姓名 患者姓名"},
	{homeLabel, "寄件人地址 发件人地址 来信人地址 来信地址 经营者住所 经营者住址 经营者地址 现居 现居住于 现居住在 现居住 暂住在 暂住于 居住地为 \t住 住址 家庭住址 家庭地址 家住 户籍地址 户籍所在地 户籍地 户口所在地 户籍住址 现住址 现居住地 现住地 现住 居住地址 居住地 常住地址 暂住地 暂住地址 身份证地址 身份证住址 住在 居住于 居住在 租住在 租住于 ,住 (住 ;住 。住 租住 户籍: 家在 我住 本人住 家中地址 实际居住地 经常居住地 经常居住地址 收件地址 收货地址 家庭详细地址 详细住址 送达地址 籍贯"},
	{addressLabel, "坐落 坐落于 房屋坐落 地址 住所 住所地 通讯地址 联系地址"},
	{office, "社保所 司法所 财政所 税务所 监管所 管理所 服务所 保障所 卫生院 服务站 办公 大厅 窗口 中心 委员会 局 街道办 村委 居委 镇政府 乡政府 区政府 县政府 市政府 人民政府 公司 学校 医院 派出所 法院 检察院 单位 机关 部门 科室 咨询 监督 举报 投诉 服务 受理 值班 传真 热线 拨打 联系人 承办 经办 企业 营业 银行 支行 门市 店 厂 厅 所地 邮编 法定代表人 经营 报名 办理 印发 协会 所在单位 客服 总机"},
	{dutyLabel, "村会计 经手人 制单人 制表人 填表人 填报人 复核人 校核 解读人 报告人 值班人 带队 带队领导 出纳 主治医师 医师 供稿 摄影 裁判 裁判长 护士长 站长 馆长 园长 理事长 会长 秘书长 值班员 值班人员 联络员 带班领导 民警 辅警 社工 咨询师 探访人 走访人 讲解员 指导员 干事 协管员 调解员 护林员 联系人 经办人 承办人 负责人 责任人 法定代表人 主任 副主任 书记 局长 副局长 科长 所长 队长 主席 委员 代表 审核 签发 校对 记者 编辑 通讯员 执法人员 办案人员 监督员 河长 林长 网格员 主持人 主讲 专家 教授 老师 律师 发言人 审判长 审判员 书记员 检察员 主审 评委 工作人员 院长 校长 处长 部长 区长 县长 市长 镇长 乡长 经理 董事长 总经理 组长 副组长 成员 代理人"},
	{birthLabel, "出生日期 出生年月 出生年月日 出生时间 出生 生于 生日"},
	{sexWord, ",男 ,女 (男 (女 、男, 、女, 性别男 性别女 性别:男 性别:女 \t男 \t女"},
	{illWord, "年患 月患 日患 本人患 丈夫患 妻子患 父亲患 母亲患 儿子患 女儿患 孩子患 其患 ,患 ;患 配偶患 家属患 长期患 患有 因患 身患 罹患 确诊患 被诊断 诊断为 确诊为 查出患"},
	{ageWord, "岁 周岁"},
	{chatLabel, "qq qq号 qq号码 微信 微信号 微信号码 个人微信 wechat vx wx 加v 薇信 威信号"},
	{chatOfficial, "公众号 微信公众号 微信公众平台 公众平台 订阅号 服务号 小程序 微信小程序 视频号 微信视频号 qq群 qq群号 微信群 交流群 工作群 咨询群 群聊 群号 群: 官方微信 政务微信 企业微信 微信订阅号 官微 咨询qq 客服 工作qq 微信公号 关注微信 关注 微信扫 扫码 微博 微信平台"},
	{plateLabel, "车牌 号牌 牌照 车辆 车号 小型轿车 轿车 货车 摩托车 驾驶 牌号 客车 面包车 电动车"},
	{healthWord, "骨髓瘤 肾功能不全 类风湿性关节炎 腰椎间盘突出 戈谢病 hiv感染 脑出血后遗症 肺部恶性肿瘤 艾滋病 hiv阳性 hiv感染 梅毒 淋病 尖锐湿疣 乙肝 乙型肝炎 丙肝 丙型肝炎 肺结核 结核病 精神分裂症 精神分裂 精神障碍 精神疾病 抑郁症 双相情感障碍 双相障碍 躁狂症 焦虑症 癫痫 癫痫病 智力障碍 自闭症 孤独症 阿尔茨海默病 阿尔茨海默症 老年痴呆 恶性肿瘤 肿瘤 癌症 肺癌 胃癌 肝癌 乳腺癌 宫颈癌 食道癌 食管癌 结肠癌 直肠癌 结直肠癌 淋巴瘤 胰腺癌 鼻咽癌 甲状腺癌 白血病 尿毒症 慢性肾衰竭 肾衰竭 肾功能衰竭 血友病 地中海贫血 再生障碍性贫血 系统性红斑狼疮 红斑狼疮 糖尿病 高血压 冠心病 心肌梗死 心脏病 先天性心脏病 脑梗死 脑梗塞 脑出血 脑瘫 脑卒中 帕金森病 帕金森 肝硬化 尘肺病 尘肺 矽肺 截瘫 偏瘫 瘫痪 妊娠 怀孕 流产 人工流产 引产 不孕症 不育症 透析 血液透析 一级残疾 二级残疾 三级残疾 四级残疾 残疾一级 残疾二级 残疾三级 残疾四级 肢体残疾 视力残疾 听力残疾 言语残疾 智力残疾 精神残疾 多重残疾 重度残疾 肢体一级 肢体二级 肢体三级 肢体四级 视力一级 视力二级 听力一级 听力二级 智力一级 智力二级 智力三级 精神一级 精神二级 精神三级 慢性阻塞性肺疾病 哮喘 强直性脊柱炎 类风湿关节炎 器官移植 肾移植 戒断 新冠肺炎 新型冠状病毒肺炎 渐冻症 罕见病 聋哑 聋哑人 盲人 植物人 重症肺炎 中风 痛风 肝炎 白内障 青光眼 高位截瘫 截肢 抑郁 骨折 重症肌无力 运动神经元病 苯丙酮尿症 唐氏综合征"},
	{caseWord, "被拐 卖淫 吸毒 戒毒 毒瘾 涉毒 艾滋病 hiv 梅毒 精神分裂 精神障碍 精神病 精神疾病 神经病 肺结核 乙肝 试管婴儿 辅助生殖"},
	{minorWord, "未成年 未成年人 男童 女童 幼女 幼儿 儿童 孤儿 小学生 初中生 留守儿童 男婴 女婴 婴儿 患儿 女孩 男孩 被害女童"},
	{relativeWord, "之妻 之夫 之子 之女 之母 之父 妻子 丈夫 父亲 母亲 儿子 女儿 家属 配偶 哥哥 弟弟 姐姐 妹妹"},
	{publicDuty, "现任 拟任 拟提拔 拟提任 历任 任前公示 任职 任命 同志 中共党员 党组 领导班子 简历 拟晋升 挂职 拟推荐 代表候选人 委员候选人 简介 区长 县长 市长 镇长 人大代表 烈士 院士 道德模范 劳动模范 先进个人 获奖 一等奖 二等奖 三等奖 荣获 表彰 荣誉称号 优秀共产党员"},
	{epidemicWord, "流调 流行病学调查 确诊病例 无症状感染者 活动轨迹 行程轨迹 密切接触者 核酸检测 轨迹"},
	{patientCase, "病例 感染者 阳性人员 确诊患者"},
	{privateWord, "社区矫正对象 社区矫正人员 刑满释放人员 吸毒人员 强制隔离戒毒人员 离异 丧偶 刚离婚 已离婚 离婚后 年离婚 月离婚 日离婚 协议离婚 再婚 改嫁 未婚先孕 未婚生育 信仰佛教 信仰基督教 信仰天主教 信仰伊斯兰教 信仰道教 基督教徒 佛教徒 天主教徒"},
	{wealthLabel, "家庭年纯收入 家庭纯收入 年纯收入 家庭总收入 欠款 家庭月收入 月收入 年收入 人均收入 人均月收入 人均年收入 家庭收入 家庭年收入 家庭负债 负债 欠债 欠外债 存款 积蓄 退休金 养老金每月 每月养老金"},
	{certLabel, "档案编号 学号 学籍号 住院号 病历号 病案号 门诊号 就诊卡号 军官证 士兵证 警官证 户口簿户号 户号 房产证 房产证号 房产证号码 不动产权证 不动产权证号 不动产权证书 产权证号 房权证号 证书编号 注册证书 注册证书编号 资格证书 资格证书编号 献血证 献血证号 出生医学证明 老年证 土地证号 使用证号 证号"},
	{letterWord, "您反映 你反映 您来信 您的来信 您的留言 留言收悉 来信收悉 您咨询 您提出的问题 您提到 收到你 收到您 来信内容 留言内容 咨询内容 留言人 提问人 写信人 来件人 您的咨询 您的问题 来信人 您家"},
	{openWord, "限制消费令 悬赏公告 悬赏执行 公告送达 失信被执行人 失信惩戒对象"},
	{lostWord, "因保管不善 保管不善 因保管不当 名下 遗失 丢失 不慎遗失 不慎丢失 不慎将"},
	{visitWord, "家( 家, 家。 家中 家里"},
	{illBehind, "去世 病故 逝世 卧床 住院 不幸离世"},
	{illLabel, "致贫原因 致困原因 困难原因 慢性病 残疾类别 残疾类型 残疾等级 残疾级别 残疾程度 残疾情况 诊断 病史 既往史 病情 疾病名称 基础疾病 基础病 所患疾病 病因"},
	{helloWord, "您好 你好"},
	{driveWord, "驾驶 驾车 无证驾驶 酒后驾驶"},
	{payWord, "务工费 误工费 误工补贴 误工补助 租车费 劳务费 护理费 医疗费 抚恤金 慰问金 工资"},
	{kinWord, "孩子 小孩 女儿 儿子 孙子 孙女 外孙 外孙女 之女 之子 次女 次子 长女 长子 幼子 幼女"},
	{codeLabel, "索引号 编号 文号 单号 代码 编码 批号 案号 流水号 登记号 备案号 备案证号 许可证号 受理号 标准号 证书号 合同号 序号 条码 批准文号 宗地号 地块号 图号 注册号 项目号 采购号 公告号 执业证号 准考证号 考号 学号 产权证号 不动产权证 刊号 书号 订单号 工单号 信件号 查询码 发票号 运单号 包号 标段号 公示号 保单号"},
	{creditLabel, "信用代码 社会信用代码 统一社会信用代码 信用码"},
	{siteWord, "河流 河道 起点 终点 点位 站点 项目 工程 厂址 站址 地块 排放口 断面 采样 监测 界址 拐点 用地 矿区 水库 桥 灾害点 隧道 排污口 取水口 保护区 震中 中心坐标"},
	{originWord, "快递员 教师 医生 护士 学生 务工 农民 个体 退休 厨师 保洁 保安 职员 营业员 店员 货车司机 司机 驾驶员 经商 自由职业 籍贯 户籍 工作单位 就职于 任职于 职业 职工 员工 就读于 供职于"},
}

// lexicon finds the words of all classes in one walk over a text.
type lexicon struct {
	first  [1 << 16]uint16 // rune → 1 + index into groups
	groups [][]entry       // words that begin with one rune, the longest first
}

type entry struct {
	word  string
	latin bool // has Latin letters, written in any case
	class class
}

// mark is a word found.
type mark struct {
	start, end int
	class      class
}

func newLexicon() *lexicon {
	classes := map[string]class{}
	for _, list := range wordLists {
		for _, w := range strings.Split(list.words, " ") {
			classes[w] |= list.class
		}
	}
	for _, w := range []string{"姓名", "住址", "地址", "电话", "手机", "户名", "账号", "帐号", "卡号", "生日", "户主", "籍贯"} {
		for blanks := 1; blanks <= 6; blanks++ { // 姓  名：
			classes[w[:3]+strings.Repeat(" ", blanks)+w[3:]] = classes[w]
		}
	}
	var cases, ills []string
	for w, c := range classes {
		if c&caseWord != 0 {
			cases = append(cases, w)
		}
		if c&healthWord != 0 {
			ills = append(ills, w)
		}
	}
	for w := range classes { // 吸毒人员 also tells of a case
		if slices.ContainsFunc(cases, func(c string) bool { return strings.Contains(w, c) }) {
			classes[w] |= caseWord
		}
		if slices.ContainsFunc(ills, func(c string) bool { return strings.HasPrefix(w, c) }) { // 精神障碍患者
			classes[w] |= healthWord
		}
	}
	l := &lexicon{}
	for w, c := range classes {
		e := entry{w, strings.ToUpper(w) != w, c}
		first, _ := utf8.DecodeRuneInString(w)
		l.add(first, e)
		if letter(w[0]) {
			l.add(unicode.ToUpper(first), e)
		}
	}
	for _, g := range l.groups {
		slices.SortFunc(g, func(a, b entry) int { return len(b.word) - len(a.word) })
	}
	return l
}

func (l *lexicon) add(first rune, e entry) {
	if l.first[first] == 0 {
		l.groups = append(l.groups, nil)
		l.first[first] = uint16(len(l.groups))
	}
	g := &l.groups[l.first[first]-1]
	*g = append(*g, e)
}

// at is the longest word at a place of a text.
func (l *lexicon) at(s string, i int, r rune) (mark, bool) {
	if r > 0xffff || l.first[r] == 0 {
		return mark{}, false
	}
	for _, e := range l.groups[l.first[r]-1] {
		if len(s)-i >= len(e.word) && (s[i:i+len(e.word)] == e.word || e.latin && strings.EqualFold(s[i:i+len(e.word)], e.word)) {
			return mark{i, i + len(e.word), e.class}, true
		}
	}
	return mark{}, false
}
