package personal

import (
	"strings"
	"unicode/utf8"
)

// doubles are the surnames of two characters in use.
const doubles = " 欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 宇文 长孙 钟离 轩辕 鲜于 闾丘 司空 亓官 司寇 仉督 子车 颛孙 申屠 东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 西门 南宫 第五 独孤 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 公羊 百里 谷梁 拓跋 欧阳 万俟 闻人 "

// surnames are the common surnames of one character.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文" +
	"庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟卞匡国冀臣邝占庾明蓝冼井雍郎肖闫应晏褚窦宗盖支仇楼沙党计简艾骆娄全宣郁储鞠利麦辜喻原宿冷敖蒲满佟丰鄢尚商蒙奚练巩相邸巫虞郜帅初农东蔺谌燕伊芮楚战信虎敬付代候覃仲迟修荆乌苍晁茅薄鹿官粟缪隆慕殷谯母冶贝鲜桑尧湛郦隗郗栾厉戎屠胥莘逄姬濮扈浦茹庾阙阚訾佘仝漆幸卓练岑皮亓逯郇昝庹邴璩缑骞戈寇宓郏贡蹇檀綦禹蒯仵嵇昌桓洛涂淦禤竺糜荀蔚衡裘钮隽雒韶颉麻弓符"

// loose are surnames that begin common words, so that they need more than a label before them.
const loose = "高林何马于程曾余夏钟任方石金白康江史万段雷易常武文安温严时管关成向申强解单包全应明计支国农原相利满官商信东华路车房边景古来初战修代付臣宗盖和党简位占盛项由公有年能多元游祝舒童田毛苗谷米柴贺桂梅麦粟池沙牛蓝燕虎楚冀晋季权符经平通周许施陈宁席冷东楼幸卓练尧浦鲜漆屠"

// notNames are words that begin like a name and follow a label such as 申请人.
const notNames = " 许可 陈述 程序 金额 文件 任何 高度 高级 高血 高龄 高危 方面 方式 方可 方能 马上 周边 周期 周岁 周末 曾经 曾在 陆续 何种 何时 严格 严重 施工 单位 单独 单方 单身 包括 包含 解除 全部 全程 全体 全额 项目 计划 计算 车辆 路线 房屋 房产 商品 毕业 支付 支出 明确 明知 强制 应当 应该 应于 应在 应向 应提 应按 应为 卫生 华侨 安全 安置 安排 农业 农村 原则 原因 原有 时间 时应 关系 关于 管理 权利 权益 成年 成员 成功 成为 符合 常住 常见 费用 向上 向本 向有 向其 满意 满足 满十 满一 满六 申请 申报 申诉 申领 代理 代表 代为 代码 代办 信息 信用 信访 信箱 来访 来信 来电 来源 东西 简要 简单 简历 党员 党组 位置 位于 盛行 通过 平均 江北 江津 南岸 白天 余额 余款 夏季 冬季 温馨 文化 文书 武装 国家 国籍 国有 相关 相应 利益 利用 修改 修正 古代 初步 初审 初次 边境 景区 冷静 楼层 楼栋 齐全 万元 万人 雷电 康复 石油 金融 林业 林地 史料 段落 易地 常年 龙头 钱款 丁等 章程 季度 尚未 尚有 尚无 尚在 严禁 连续 连带 别名 年龄 性别 姓名 男方 女方 和家 路径 宣传 宣告 储蓄 简介 麦收 迟到 隆重 官方 敬请 明细 印章 盖章 签名 签字 签章 承诺 基本 身份 家庭 家属 电话 联系 联络 名称 地址 住址 住所 户籍 户口 编号 类别 类型 情况 声明 意见 权限 范围 资格 条件 须知 名单 名册 手册 花名 本人 自己 他人 范文 单亲 管护 管辖 易燃 应急 应届 应诉 应聘 游客 华人 殷实 祝福 谢绝 项下 武汉 成都 苏州 常州 温州 兰州 杭州 广州 郑州 江苏 江西 安徽 云南 贵州 石家 高速 高中 高考 高校 高层 高新 文明 文艺 文物 文字 金属 方案 方法 方便 方向 白色 黄色 金色 房租 房地 房源 路灯 路段 路口 车位 车主 车站 车型 平台 时任 时候 时期 明显 明年 万众 万一 千万 关注 关爱 关闭 成立 成果 成本 成绩 成长 全面 全市 全区 全县 全国 全省 全年 全镇 全村 全家 全民 国内 国务 国土 国企 国外 安装 安心 安保 安宁 高效 高质 高等 高温 高压 向社 向区 向市 向县 和谐 和平 和其 和有 和区 支持 支部 支队 支行 支撑 党委 党支 党建 党政 党内 曹操 江河 江南 江湖 计生 商业 商务 商家 商户 商铺 农民 农户 农贸 农机 农药 原来 原件 原告 解决 解释 解答 解读 强化 强调 强烈 牛奶 牛羊 马路 石材 石头 水管 水电 明天 简化 简易 简报 雷达 温泉 温暖 鲁班 查询 查验 查处 查看 查找 查阅 查明 查封 麻烦 段时 毛坯 边坡 欧元 万余 万吨 万名 尤其 尤为 凌晨 严肃 严厉 严把 施行 施救 施划 柳树 项链 章节 景观 景点 童装 关停 关键 关怀 管网 管道 管线 管控 管委 管制 管养 费时 路面 路网 路边 路人 齐心 左右 左侧 左转 古树 古镇 池塘 米线 来自 来说 来到 初中 初期 初一 初三 简称 代建 代替 代收 代缴 代驾 付款 付费 付出 商场 商会 商贸 商标 信号 信任 信贷 信函 柳州 梅州 徐州 滕州 安庆 黄石 黄山 黄冈 黄浦 秦皇 唐山 马鞍 宁波 宁夏 龙岩 龙泉 龙湖 洪湖 洪山 江阴 江门 许昌 孟津 鲁山 钟祥 钟山 常德 余姚 余杭 石狮 莫干 宿州 宿迁 荆州 荆门 万盛 宿舍 苏醒 季节 季度 纪律 纪念 纪实 纪要 洪水 洪涝 龙舟 龙灯 黄牌 黄昏 黄土 黄瓜 黄金 胡同 胡乱 孙女 孙子 丁克 汤药 唐诗 唐代 宋词 宋代 韩国 韩语 阳性 阳光 阳台 谢谢 姜汤 戴帽 戴口 陶瓷 陶艺 熊猫 孔子 顾客 庞大 兰花 焦虑 焦点 柳编 岳父 岳母 庄稼 涂料 牟利 曲线 曲艺 霍乱 甘蔗 祝寿 游乐 游玩 游学 游园 游戏 席位 舒心 舒适 童谣 童话 童年 车库 米面 苗木 谷物 谷种 贺卡 贺词 毛笔 毛巾 毛利 毛绒 梅花 柴火 柴草 柴油 粟米 麦田 桂花 桂冠 柏树 莫名 鞠躬 储物 田间 田块 田地 沙发 沙石 蓝天 燕窝 虎年 楚楚 晋级 晋升 鲁莽 强行 景色 单车 丁香 江湖 万元 万余 钱物 钱财 伍家 连夜 连日 邢台 郑重 章节 颜值 倪端 童星 严查 盛大 盛会 宁静 翁媳 翁婿 巫山 巫溪 石柱 万州 江津 永川 丰都 武隆 云阳 忠县 母亲 习惯 敬启 敬上 强迫 程度 温和 颜色 左手 右手 万般 常识 柏油 沈阳 马达 单元 单子 单价 包装 相互 相对 费心 计入 计生 平时 平日 平均 向来 成人 利息 谈话 谈判 易于 曾因 曾于 曾任 祝您 顾虑 麻木 金钱 文件 管部 管单 管申 管理 "

// The lists as tables, because names are looked for at many places.
var (
	surnameTable = characters(surnames)
	looseTable   = characters(loose)
	doubleTable  = words(doubles)
	notNameTable = words(notNames)
)

// characterTable has a bit for each Chinese character.
type characterTable [1 << 16 / 64]uint64

func characters(list string) *characterTable {
	var t characterTable
	for _, r := range list {
		t[r/64] |= 1 << (r % 64)
	}
	return &t
}

// begins tells whether a text begins with a character of the table.
func (t *characterTable) begins(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r < 1<<16 && t[r/64]&(1<<(r%64)) != 0
}

func words(list string) map[string]bool {
	t := map[string]bool{}
	for _, w := range strings.Fields(list) {
		t[w] = true
	}
	return t
}

// doubleSurname is the length in bytes of the two-character surname that a name begins with, or 0.
func doubleSurname(s string) int {
	if len(s) >= 6 && doubleTable[s[:6]] {
		return 6
	}
	return 0
}

// surname is the length in bytes of the surname that s begins with, or 0.
func surname(s string) int {
	if n := doubleSurname(s); n > 0 {
		return n
	}
	if surnameTable.begins(s) {
		return 3
	}
	return 0
}
