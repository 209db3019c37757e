package report

// checkTitles are the names of checks that stand for themselves, since no indicator
// of the national table covers them.
var checkTitles = map[string]string{
	"NORM-06": "网站名称一致", "NORM-09": "网页归档", "NORM-11": "网站标识码一致", "NORM-12": "备案号链接", "NORM-15": "发布时间标签", "NORM-16": "栏目标签",
	"NORM-17": "网站用色", "NORM-18": "打开速度", "NORM-19": "发布时间和来源", "NORM-20": "空白栏目", "NORM-21": "文件效力标注", "NORM-22": "地图审图号",
	"NORM-23": "离开本网站的提示", "NORM-24": "外部资源", "NORM-25": "网址稳定", "NORM-26": "弹窗和漂浮窗口", "NORM-27": "商业广告", "NORM-29": "搜索容错",
	"NORM-30": "咨询投诉答复时限", "NORM-31": "来信公开要素", "NORM-32": "征集结果公布", "NORM-33": "访谈实录", "NORM-38": "转载来源", "NORM-42": "加密连接",
	"NORM-50": "图片替代文字", "NORM-51": "适老版页面", "NORM-52": "键盘操作", "NORM-53": "无障碍验证码",
	"PLAT-01": "公开平台四个部分", "PLAT-02": "公开平台入口", "PLAT-03": "公开平台不另设网站", "PLAT-04": "法定主动公开栏目依据", "PLAT-05": "动态信息混入公开平台", "PLAT-06": "公开制度栏目",
	"PLAT-07": "公开指南", "PLAT-08": "公开指南依据", "PLAT-09": "公开年报", "PLAT-10": "公开平台空白栏目", "PLAT-11": "信息要素", "PLAT-12": "发文字号", "PLAT-13": "日期先后",
	"PLAT-15": "图片代替文字", "PLAT-16": "附件", "PLAT-22": "文件有效性", "PLAT-24": "履职依据链接", "PLAT-35": "名单中的个人信息", "PLAT-47": "优惠政策期限", "PLAT-57": "查阅下载", "PLAT-58": "成文日期",
	"PLAT-59": "有效性填写", "PLAT-60": "规章题注", "PLAT-62": "索引号", "PLAT-64": "重复发布", "DEC-06": "征求意见期限",
}
