package onpage

import (
	"cmp"
	"fmt"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/check/match"
	"gongkai/kernel/regex"
)

// resources looks at what a page loads and where it leads by the addresses alone
// (WEB-12, WEB-85, NORM-24, NORM-27, WEB-65).
func (l *Looker) resources(p *fact.Page, template uint64) {
	secure := strings.HasPrefix(p.URL, "https://")
	seen := map[string]bool{}
	pictures := map[string][]*fact.Link{} // by their foreign host
	var hidden []*fact.Link
	for i := range p.Read.Links {
		k := &p.Read.Links[i]
		where := l.hosts.of(k.URL)
		if where == own && !(secure && strings.HasPrefix(k.URL, "http://")) {
			continue
		}
		if where == foreign && k.Element == "a" {
			if k.Hidden {
				hidden = append(hidden, k)
			} else {
				l.badAnchor(p, k)
			}
		}
		if seen[k.URL] {
			continue
		}
		seen[k.URL] = true
		switch {
		case where == internal:
			l.load(p, k, "", fact.Finding{
				Check: "WEB-85", Indicator: "D4.3", State: fact.Fail,
				What: "链接指向内网或本机地址，公众无法打开",
				Seen: noun(k) + "“" + cut(cmp.Or(k.Text, "（无文字）"), 40) + "”指向 " + cut(k.URL, 120) + "。",
				Mend: "改为公众可以访问的地址，或者删除这个链接；从办公软件粘贴的图片请重新上传。",
			})
		case where == foreign && adPlace.MatchString(k.URL) && k.Element != "link":
			l.load(p, k, hostOf(k.URL), fact.Finding{
				Check: "NORM-27", Also: []string{"NORM-24"}, State: fact.Proposed,
				What: "页面含有商业广告或广告平台的链接",
				Seen: noun(k) + "指向 " + cut(k.URL, 120) + "。",
				Mend: "政府网站不得刊登商业广告，也不得链接商业广告页面，请删除。",
			})
		case where == foreign && k.Element == "a" && advertises(k):
			l.load(p, k, hostOf(k.URL), fact.Finding{
				Check: "NORM-27", Also: []string{"NORM-24"}, State: fact.Proposed,
				What: "页面含有商业广告",
				Seen: "链接“" + cut(k.Text, 60) + "”指向 " + cut(k.URL, 120) + "。",
				Mend: "政府网站不得刊登商业广告，也不得链接商业广告页面，请删除。",
			})
		case where == foreign && (k.Element == "iframe" || k.Element == "object") && k.Hidden:
			l.load(p, k, hostOf(k.URL), fact.Finding{
				Check: "WEB-13", Also: []string{"NORM-24"}, Indicator: "V1.4", State: fact.Proposed,
				What: "页面嵌入了看不见的外部网页，疑似被植入代码",
				Seen: "隐藏的框架指向 " + cut(k.URL, 120) + "。",
				Mend: "立即核实这段代码是谁、何时加入的；不是本单位加入的，按网络安全事件处置并排查整个网站。",
			})
		case where == foreign && k.Element == "form":
			if !searches(p.Read, k.URL) {
				l.load(p, k, hostOf(k.URL), fact.Finding{
					Check: "WEB-13", Also: []string{"NORM-24"}, Indicator: "V1.4", State: fact.Proposed,
					What: "页面上的表单把内容提交到外部网站",
					Seen: "提交到 " + cut(k.URL, 120) + "。",
					Mend: "核实这个表单是不是本单位设置的；不是的，按网络安全事件处置；是的，改用本网站的互动平台收集。",
				})
			}
		case where == foreign && (k.Element == "img" || k.Element == "source"):
			pictures[hostOf(k.URL)] = append(pictures[hostOf(k.URL)], k)
		case where == foreign && loaded(k):
			l.load(p, k, hostOf(k.URL), fact.Finding{
				Check: "NORM-24", State: fact.Fail,
				What: "页面从外部网站加载" + noun(k),
				Seen: "加载 " + cut(k.URL, 120) + "。",
				Mend: "把" + noun(k) + "下载到本网站再引用；统计、分享类代码请改用本单位的服务或者删除。",
			})
		case secure && strings.HasPrefix(k.URL, "http://") && blocked(k):
			l.load(p, k, hostOf(k.URL), fact.Finding{
				Check: "WEB-65", Indicator: "D4.8", Key: "混合内容", State: fact.Proposed,
				What: "加密页面（https）里用不加密的地址加载" + noun(k) + "，浏览器会拦截",
				Seen: "加载 " + cut(k.URL, 120) + "。",
				Mend: "把地址改为 https 开头，或者去掉“http:”，只保留“//”。",
			})
		}
	}
	const g group = "load"
	l.faults.saw(g, template)
	for host, of := range pictures {
		const mend = "把图片、音视频下载后上传到本网站再引用；对方删除或限制引用时，本网站就不能显示。"
		if len(of) == 1 {
			l.load(p, of[0], host, fact.Finding{
				Check: "NORM-24", State: fact.Fail,
				What: "页面从外部网站加载" + noun(of[0]),
				Seen: "加载 " + cut(of[0].URL, 120) + "。",
				Mend: mend,
			})
			continue
		}
		l.faults.add(g, template, p, fact.Finding{
			Check: "NORM-24", Key: host, State: fact.Fail,
			What: "页面从外部网站加载图片或音视频",
			Seen: fmt.Sprintf("共 %d 个，例如 %s。", len(of), cut(of[0].URL, 120)),
			Mend: mend,
		})
	}
	l.hiddenLinks(p, template, hidden)
	l.sessions(p, template)
}

// load notes an address once, with the number of pages that have it, and of one
// host no more than maxOfHost addresses.
func (l *Looker) load(p *fact.Page, k *fact.Link, host string, f fact.Finding) {
	address, _, _ := strings.Cut(k.URL, "?")
	f.URL = address
	if k.Element == "a" {
		f.URL = k.URL
	}
	name := f.Check + "\x00" + f.URL
	if old := l.loads[name]; old != nil {
		old.Count++
		return
	}
	of := f.Check + "\x00" + host
	if len(l.loads) >= maxLoads {
		of, host = f.Check, "网站"
	}
	if host != "" && l.perHost[of] >= maxOfHost || len(l.loads) >= maxLoads {
		name = of
		if old := l.loads[name]; old != nil {
			old.Count++
			return
		}
		f.URL, f.Key = p.URL, "其余 "+host
		f.What += "（同一网站的其余地址未逐一列出）"
	}
	l.perHost[of]++
	f.On, f.At, f.Proof, f.Count = p.URL, p.At, p.Hash, 1
	l.loads[name] = &f
}

// loaded tells whether a browser fetches the address by itself.
func loaded(k *fact.Link) bool {
	switch k.Element {
	case "script", "link", "iframe", "object":
		return true
	}
	return false
}

// searches tells whether a form that sends to an address is one for searching: what
// is typed there goes to a search engine, and nobody minds.
func searches(r *fact.Reading, address string) bool {
	for i := range r.Forms {
		if r.Forms[i].Action == address && r.Forms[i].Search {
			return true
		}
	}
	return false
}

// blocked tells whether browsers refuse to load it over an open line.
func blocked(k *fact.Link) bool {
	return k.Element == "script" || k.Element == "link" || k.Element == "iframe"
}

func noun(k *fact.Link) string {
	switch k.Element {
	case "script":
		return "脚本"
	case "link":
		return "样式"
	case "img":
		return "图片"
	case "iframe", "object":
		return "嵌入的网页"
	case "source":
		return "图片或音视频"
	case "form":
		return "表单"
	}
	return "链接"
}

// selling are words of those who sell; noSelling where an office speaks of them, or
// helps farmers to sell.
var (
	selling   = regex.New(`[0-9一二三四五六七八九]\s?折(?:$|[^叠射旧合])|大促|促销|特价|秒杀|抢购|优惠券|包邮|清仓|买一[送赠]|限时(?:特惠|优惠)|广告(?:位|招租|投放|联系|热线|合作)|招商加盟|(?:立即|点击)(?:购买|抢购|下单)`)
	noSelling = regex.New(`公益|消费券|惠民|以旧换新|扶贫|助农|帮扶|振兴|农产品|展销|规范|整治|查处|监管|提醒|警示|防范|通知|公告|公示|通告|办法|规定|条例`)
)

// advertises tells whether a link to another site is an advertisement, by its words
// or those in place of its picture.
func advertises(k *fact.Link) bool {
	return len(k.Text) < 150 && selling.MatchString(k.Text) && !noSelling.MatchString(k.Text)
}

// adPlace are the places of advertising networks.
var adPlace = regex.New(`(?i)^https?://(?:[\w-]+\.)*(?:googlesyndication\.com|doubleclick\.net|googleadservices\.com|pos\.baidu\.com|cpro\.baidu(?:static)?\.com|cbjs\.baidu\.com|dup\.baidustatic\.com|tanx\.com|mmstat\.com|alimama\.(?:com|cn)|gdt\.qq\.com|miaozhen\.com|admaster\.com\.cn|adsame\.com|allyes\.com|mediav\.com|union\.\w+\.(?:com|cn))(?:[/:?]|$)|^https?://(?:ads?|adv|adserver|adserv|guanggao|gg|adx)\d*\.[\w.-]+`)

var sessionPart = regex.New(`(?i);jsessionid=|[?&](?:phpsessid|jsessionid|sessionid)=|/\((?:[SFX]\([0-9a-z]{20,}\))+\)/`)

// sessions finds session ids in addresses: such an address opens for one visitor
// only, for a while (website-norms section 6, URL).
func (l *Looker) sessions(p *fact.Page, template uint64) {
	const g group = "session"
	l.faults.saw(g, template)
	for i := range p.Read.Links {
		k := &p.Read.Links[i]
		if k.Element == "a" && strings.ContainsAny(k.URL, ";?(") && sessionPart.MatchString(k.URL) && l.hosts.of(k.URL) == own {
			l.faults.add(g, template, p, fact.Finding{
				Check: "NORM-25", Key: "会话编号", State: fact.Proposed,
				What: "网址中带有会话编号，收藏或转发后可能打不开",
				Seen: "例如 " + cut(k.URL, 120) + "。",
				Mend: "请网站技术单位关闭网址重写会话编号的功能，改用 Cookie。",
			})
			return
		}
	}
}

// Words of gambling and pornography that no office writes as an offer (WEB-12),
// and words that stand beside them where the text is about fighting it.
var (
	badOffer = regex.New(`(?i)赌场|博彩|百家乐|老虎机|六合彩|时时彩|北京赛车|\bpk10\b|真人(?:娱乐|荷官|视讯)|新?葡京|皇冠体育|娱乐城|(?:体育|足球|世界杯)(?:投注|下注|竞猜平台)|棋牌(?:平台|游戏平台|娱乐|下载)|捕鱼(?:达人|游戏)|真钱|亚博|亚搏|bet365|188bet|澳门(?:赌|新|永利|皇冠|威尼斯人网)|(?:bob|kaiyun|开云|乐鱼|华体会|爱游戏|米兰|九游)(?:体育|平台|官网|娱乐)|彩票(?:平台|网投|计划|app)|成人(?:视频|电影|影院|影片|小说|直播|网站)|色情|裸聊|一夜情|约炮|同城约|激情(?:视频|小说|影院)|黄色(?:视频|网站|电影|小说)|\bav(?:在线|女优|片|天堂)|无码|三级片|情色|援交|乱伦|伦理片|代开发票|私服发布|迷(?:情|奸)(?:药|水)`)
	fighting = regex.New(`打击|查处|整治|禁|警惕|防范|举报|抵制|扫黄|专项|案|抓|诈骗|拒绝|远离|通告|处罚|行动|治理|危害|犯罪|违法|涉|取缔|反|曝光|刑|捣毁|破获|打掉|揭|提醒|预警|严打|端掉|宣传|教育|警示|公安|民警|警方|清理|净网|管理|条例|规定|办法|法院|检察|特大|团伙|赌博|彩票管理|福利彩票|体育彩票`)
)

// hint are stems without which badOffer finds nothing: most texts hold none, and to
// look for them costs a twentieth of trying the expression.
var hint = match.New(strings.Fields("赌 博彩 百家 老虎 六合 时时 赛车 pk10 PK10 Pk10 真人 葡京 皇冠 娱乐 投注 下注 竞猜 棋牌 捕鱼 真钱 亚博 亚搏 bet BET Bet 澳门 体育 平台 官网 彩票 成人 色情 裸聊 一夜 约炮 同城 激情 黄色 av AV Av 无码 三级 情色 援交 乱伦 伦理 发票 私服 迷情 迷奸"))

// offers tells whether a text offers gambling or pornography; it returns the word.
func offers(text string) string {
	may := false
	hint.Each(text, func(_, _, _ int) { may = true })
	if !may {
		return ""
	}
	word := badOffer.FindString(text)
	if word == "" || fighting.MatchString(text) {
		return ""
	}
	return word
}

// badAnchor looks at the text of a link to another site.
func (l *Looker) badAnchor(p *fact.Page, k *fact.Link) {
	word := offers(k.Text)
	if word == "" {
		return
	}
	l.load(p, k, hostOf(k.URL), fact.Finding{
		Check: "WEB-12", Indicator: "V1.3", State: fact.Proposed,
		What: "链接的文字含有赌博、色情等内容",
		Seen: fmt.Sprintf("链接“%s”指向 %s。", cut(k.Text, 60), cut(k.URL, 120)),
		Mend: "立即删除这个链接，查明是谁、何时加入的；不是本单位加入的，按网络安全事件处置。",
	})
}

// knownName is how organs, media and institutions call their sites: what stands in
// a menu of friendly sites, which is hidden until it is opened.
var knownName = regex.New(`网|政府|[局委厅部办院会处署]$|报|台|社|中心|平台|公司|大学|学院|银行|微博|微信|百度|地图|公众号|客户端|新闻|法院|信息|公开`)

// hiddenLinks finds links to other sites where no visitor sees them: links put into
// a page by strangers for search engines (WEB-12, V1.3). A menu that opens hides
// its links too, so names of organs and media do not count.
func (l *Looker) hiddenLinks(p *fact.Page, template uint64, hidden []*fact.Link) {
	const g group = "hidden"
	l.faults.saw(g, template)
	var strange []*fact.Link
	bad := false
	for _, k := range hidden {
		if offers(k.Text) != "" {
			bad = true
			strange = append(strange, k)
			continue
		}
		if k.Text != "" && !knownName.MatchString(k.Text) && !wellKnown.MatchString(hostOf(k.URL)) {
			strange = append(strange, k)
		}
	}
	if len(strange) < 3 && !bad {
		return
	}
	texts := make([]string, 0, 5)
	for _, k := range strange[:min(len(strange), 5)] {
		texts = append(texts, cut(k.Text, 20)+"（"+hostOf(k.URL)+"）")
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "WEB-12", Also: []string{"WEB-13"}, Indicator: "V1.3", Key: "隐藏链接", State: fact.Proposed,
		What: "页面里藏有访问者看不见的外部链接，疑似被植入暗链",
		Seen: fmt.Sprintf("隐藏的外部链接 %d 个：%s。", len(strange), strings.Join(texts, "、")),
		Mend: "立即核实这段代码；不是本单位加入的，删除并按网络安全事件处置，排查整个网站。",
	})
}

// wellKnown are sites that any page may name.
var wellKnown = regex.New(`(?:^|\.)(?:edu\.cn|people\.com\.cn|xinhuanet\.com|news\.cn|cctv\.com|china\.com\.cn|weibo\.com|qq\.com|baidu\.com|163\.com|sina\.com\.cn|sohu\.com|12377\.cn|chinatax\.gov\.cn|org\.cn|people\.cn|youth\.cn|gmw\.cn|ce\.cn)$`)

// encoding looks whether the page is written in the encoding that it claims: a
// browser that believes the claim shows rubbish (WEB-65, D4.8).
func (l *Looker) encoding(p *fact.Page, template uint64) {
	const g group = "encoding"
	l.faults.saw(g, template)
	if p.Declared == "" || p.Charset == "" || family(p.Declared) == family(p.Charset) {
		return
	}
	l.faults.add(g, template, p, fact.Finding{
		Check: "WEB-65", Indicator: "D4.8", Key: "编码", State: fact.Proposed,
		What: "页面声明的编码与实际不符，部分浏览器会显示乱码",
		Seen: "声明为 " + p.Declared + "，实际为 " + p.Charset + "。",
		Mend: "把服务器响应头和页面 <meta charset> 中的编码改为实际使用的编码，建议统一为 UTF-8。",
	})
}

func family(charset string) string {
	switch c := strings.ToLower(charset); c {
	case "gbk", "gb2312", "gb18030":
		return "gbk"
	default:
		return strings.ReplaceAll(c, "-", "")
	}
}
