package judge

import "gongkai/kernel/regex"

// Words by which sites everywhere name their columns; they come from the
// handbook (3.1 V4 step 2, the tags of website-norms 5) and from the language.
var (
	staticName = regex.New(`概况|简介|[省市县区州旗镇乡]情$|职能|职责|机构设置|内设机构|组织机构|直属机构|下属单位|领导(?:之窗|信息|简介|介绍|分工|成员|班子|名单|活动集)|负责人|[省市县区镇乡局]长之窗|公开指南|办事指南|服务指南|申请指南|历史|往期|归档|存档|联系我们|联系方式|网站地图|站点地图|使用帮助|隐私|版权|免责|公开制度|友情链接|下载中心|(?:19|20)\d{2}年?(?:度)?(?:工作)?(?:动态|新闻|专题)`)
	topicName  = regex.New(`专题|专栏`)
	oldPolicy  = regex.New(`废止|失效`)
	reading    = regex.New(`解读`)
	asking     = regex.New(`征集|征求意见|网上调查|在线调查|问卷|民意调查|听证|立法草案`)
	noticeName = regex.New(`通知|公告|公示|通告`)
	newsName   = regex.New(`要闻|新闻|动态|快讯|时政|头条|简讯|政务资讯`)
	notNews    = regex.New(`发布会|发言人|动态管理|动态调整|动态更新|访谈|政策动态|价格|监测`)
	policyName = regex.New(`政策文件|政策法规|法规政策|规范性文件|(?:政府|府办|政办|办公室|部门|本级|上级|其他|最新|重要|本机关|行政|区级|市级|县级|省级|委办|局发|街镇|镇街|公开)文件$|^文件(?:公开|发布|资料|汇编)?$|文件库$|政策(?:库|汇编|发布|公开|速递|原文)?$|政策法规|法规文件|规章|公文公报|(?:惠企|惠民|助企|优惠|扶持|涉企|利企)政策`)
	notPolicy  = regex.New(`问答|咨询|解读|图解|计算器|兑现|宣传|宣讲|直播`)

	newsType   = regex.New(`动态|要闻|新闻|政务活动`)
	noticeType = regex.New(`通知|公告|公示|通告`)
	policyType = regex.New(`政策文件|政策法规|规范性文件|法规`)
	staticType = regex.New(`概况|机构职能|领导信息|领导|公开指南|公开制度|办事指南|机构设置`)
	newsPath   = regex.New(`(?i)^(?:xwdt|gzdt|zwdt|zwyw|bmdt|jzdt|xzdt|xwzx|xinwen|news|dtyw|dtxx|ywdt|yaowen|dongtai|kuaixun|szyw|tpxw)$`)
	noticePath = regex.New(`(?i)^(?:tzgg|gsgg|ggtz|gggs|tongzhi|gonggao|gongshi|notices?)$`)
	policyPath = regex.New(`(?i)^(?:zcwj|zcfg|zfwj|gfxwj|xzgfxwj|flfg|polic(?:y|ies))$`)

	platformName = regex.New(`信息公开|^政务公开$|法定主动公开`)
	statsName    = regex.With("办件 统计", `^办件|办件(?:量|统计|公示|公告|信息|情况|数据|动态|公开)|(?:办事|政务服务|审批|窗口|服务事项|服务)(?:办理)?(?:数据|情况|量|事项)?统计|(?:^|[^信建提])办理(?:量|情况)统计`)
	yearlyName   = regex.New(`年报|年度报告`)
	archived     = regex.New(`已归档|本专题已|归档时间|已停止更新`)
	siteTail     = regex.New(`(?i)(?:^|/)(?:index|default|main|home)\.(?:s?html?|jsp|php|aspx?|jspx|do)$`)
	noSuch       = regex.New(`无此类|没有此类|(?:本机关|本单位|本部门|本局|我局|我单位|本区|本级)[^。]{0,16}(?:无|没有|未产生|不涉及)[^。]{0,12}(?:信息|内容|事项|情况|公开)`)
	dayInText    = regex.New(`20\d{2}\s?[年\-/.]\s?\d{1,2}\s?[月\-/.]\s?\d{1,2}`)
	sessionID    = regex.New(`(?i)([?&])(?:sid|sessionid|session|sess|jsessionid|phpsessid|token)=[0-9a-f]{12,}&?`)
	pageParam    = regex.New(`(?i)^(?:page|pageno|pagenum|pageindex|page_no|pn|p|curpage|currentpage|cur_page|pagenumber)$`)
	pageFile     = regex.New(`^(.*/(?:index|list|more|default))[_-](\d{1,4})(\.\w{2,6})$`)
	blankText    = regex.New(`(?m)正在建设中|栏目建设中|建设维护中|建设中|敬请期待|暂无(?:相关)?(?:数据|内容|信息|记录|文章|公告|文件|资料)|暂时没有(?:相关)?(?:数据|内容|信息)|没有(?:找到|查到)?(?:相关|符合条件的)(?:数据|内容|信息|记录)|内容(?:正在)?(?:更新|整理|完善)中|^无(?:相关)?(?:数据|内容|信息|记录)[。.]?$`)
	addressDay   = regex.New(`(?:/|/t)((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?:[/_.]|$)|/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})/`)
)
