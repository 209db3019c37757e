package read

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/kernel/regex"
)

// Words by which pages of any design name their parts. They are those of the
// language and of the handbook, and English or pinyin words in names of classes;
// none belongs to one site.
var (
	crumbStart  = regex.With("位置", `(?:当前的?|[您你](?:现在|当前|目前)?(?:所在)?的?|所在|现在)位置|[您你](?:现在)?所在的(?:位置|栏目)`)
	crumbBreaks = regex.New(`\s*(?:>+|＞+|»|›|/|→|-+>|＞|—|::|\||·|\\)\s*|\s+-\s+`)
	crumbArrow  = regex.New(`[>＞»›→]|\s/\s`)
	crumbSpaced = regex.New(`\s*(?:>+|＞+|»|›|→|-+>|—|::|\||\\)\s*|\s+[-/·]\s+|\x00\s*[/·]\s*|\s*[/·]\s*\x00`)
	crumbLabel  = regex.New(`^位置\s*[:：]\s*`)
	homeWord    = regex.New(`^(?:网站|返回|本站|门户|站点)?(?:首页|主页|Home|HOME|home)$`)

	noTitle = regex.New(`^(?:更多.{0,6}|查看更多|more.?|MORE.?|点击.{0,4}|详细.{0,4}|\[?详情\]?|查看.{0,2}|首页|网站首页|末页|尾页|上一页|下一页|上页|下页|前一页|后一页|上一篇.*|下一篇.*|打印.{0,4}|关闭.{0,4}|返回.{0,6}|收藏.{0,4}|分享.{0,6}|登录|注册|搜索|检索|高级搜索|下载|附件|\d+|[<>«»›‹.…]+|第?\d+页|跳转|确定|GO|Go)$`)

	pagerWord = regex.New(`^(?:\[)?(?:首\s?页|第一页|上一?\s?页|前一?\s?页|下一?\s?页|后一?\s?页|尾\s?页|末\s?页|最后一?页|\d{1,4}|第?\d{1,4}页|\.{2,3}|…|<{1,2}|>{1,2}|«|»|‹|›|＜|＞|前一?页|Prev(?:ious)?|Next|prev|next|go|GO|Go|跳转|确定)(?:\])?$`)
	nextWord  = regex.New(`^(?:下一?\s?页|后一?\s?页|下页|Next|next|>|>>|»|›|＞|下一页\s?[>»›]+)$`)
	backWord  = regex.New(`^(?:\[?1\]?|第?1页|\[?(?:首\s?页|第一页|上一?\s?页|前一?\s?页|Prev(?:ious)?|prev|<{1,2}|«|‹|＜)\]?)$`)
	lastWord  = regex.New(`^(?:尾\s?页|末\s?页|最后一?页|Last|last)$`)

	hotWords    = regex.With("热 排行 推荐 相关 最新 点击 猜 链接 延伸 上一篇 下一篇 浏览", `热门|热点|热文|排行|推荐|相关|最新(?:发布|更新)|点击量|猜你|链接|猜您|延伸|上一篇|下一篇|浏览历史`)
	footerMarks = regex.With("ICP 备 标识 单位 办 版权 技术支持 opyright OPYRIGHT 地图 建议使用", `ICP备|公网安备|网站标识码|主办单位|承办单位|协办单位|主管单位|主办\s?[:：]|承办\s?[:：]|版权所有|技术支持|(?i:copyright)|网站地图|站点地图|建议使用.{0,20}浏览器`)

	blankWords = regex.With("建设 栏目 敬请 暂 没有 内容 onstruction 无", `正在建设中|栏目建设中|建设维护中|建设中[，,。.！!…]|栏目正在|敬请期待|暂无(?:相关)?(?:数据|内容|信息|记录|文章|公告|文件|资料)|暂时没有(?:相关)?(?:数据|内容|信息)|没有(?:找到|查到)?(?:相关|符合条件的)(?:数据|内容|信息|记录)|暂未(?:发布|公开)|内容(?:正在)?(?:更新|整理|完善)中|(?i:under construction)|无(?:相关)?(?:数据|内容|信息|记录)$`)
	missing    = regex.With("不 没 无 已 未 被 找 丢 404 ound OUND 失效", `(?:您|你)?(?:要|所)?(?:访问|浏览|查找|请求|查看|打开)的?(?:页面|网页|文件|内容|信息|资源|地址|栏目|文章)(?:可能)?(?:已|已经|被|不|无法|没有|暂时|无|现在)|页面(?:不存在|未找到|没有找到|找不到|丢失|走丢|已(?:被)?(?:删除|移除|失效|不存在))|(?:页面|网页|文件|信息|内容|文章|链接)(?:已|已经)(?:被)?(?:删除|移除|下线|失效)|找不到(?:该|此|您|你|这个|相关)?.{0,8}(?:页面|网页|文件|资源|内容)|(?i:page not found|not found|404 error|error 404|file not found|页面404|404页面|404错误|错误404)|对不起.{0,12}(?:不存在|没有找到|未找到|找不到)|抱歉.{0,12}(?:不存在|没有找到|未找到|找不到|走丢)`)

	docNumber = regex.With("号", `[\p{Han}]{1,14}[〔\[［【(（﹝]\s?(?:19|20)\d{2}\s?[〕\]］】)）﹞]\s?第?\s?\d{1,5}\s?号|[\p{Han}]{2,14}(?:令|公告|通告)?第\s?\d{1,5}\s?号`)
	indexForm = regex.New(`^[0-9A-Za-z][0-9A-Za-z\-_./—:]{4,60}[0-9A-Za-z]`)
)

// offers tells whether a heading stands over a list that is not the page's own.
func offers(heading string) bool {
	return hotWords.MatchString(heading) && !strings.Contains(heading, "搜索")
}

// words splits the names in class and id: main-nav, mainNav and main_nav alike.
func words(s string) []string {
	if s == "" {
		return nil
	}
	out := make([]string, 0, 6)
	start := -1
	for i := 0; i <= len(s); i++ {
		var c byte
		if i < len(s) {
			c = s[i]
		}
		upper := c >= 'A' && c <= 'Z'
		letter := upper || c >= 'a' && c <= 'z'
		if start >= 0 && (!letter || upper && s[i-1] >= 'a') {
			out = append(out, strings.ToLower(s[start:i]))
			start = -1
		}
		if letter && start < 0 {
			start = i
		}
	}
	return out
}

// han counts the characters of a text without its spaces.
func runes(s string) int { return utf8.RuneCountInString(s) - strings.Count(s, " ") }

// bare is a text without the marks that lists put before it and the brackets around it.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("·•●■◆▪▶►»›>＞|｜-—─*※○◇□☆★", r)
	})
}

func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
