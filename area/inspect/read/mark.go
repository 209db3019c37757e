package read

import (
	"cmp"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

var (
	siteCode   = regex.New(`(?:网站)?标识码?\s?[:：]?\s?([0-9a-zA-Z]{6,20})\b`)
	icpNumber  = regex.New(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]?[0-9]?-?\s?ICP\s?[备证]\s?-?\s?\d{6,12}\s?号?(?:\s?[-－—]\s?\d{1,3})?`)
	policeNo   = regex.New(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?公网安备\s?[:：]?\s?\d{11,14}\s?号?`)
	organName  = regex.New(`(?:主办单位|主办方|主\s?办|版权所有)\s?[:：]?\s?(?:©|\(C\)|（C）)?\s*([\p{Han}（）()·、A-Za-z]{3,40})`)
	organStop  = regex.New(`承\s?办|协\s?办|技术支持|版权|地址|联系|电话|维护|运维|网站|备案|邮编|主管|制作`)
	phone      = regex.New(`(?:联系)?电话|咨询热线|服务热线|(?:^|\D)\(?0\d{2,3}\)?[-－—\s]?\d{7,8}(?:\D|$)|12345(?:\D|$)`)
	contact    = regex.New(`((?:联系我们|联系方式|联系电话|网站维护电话|维护电话|咨询电话|电\s?话|地\s?址|邮\s?箱|电子邮件|E-?mail)\s?[:：]?\s?[^|｜]{0,60})`)
	findWord   = regex.With("错", `网站找错|找错|纠错`)
	findPlace  = regex.With("pucha jiucuo zfwzgl exposure findError zhaocuo", `pucha\.|jiucuo|zfwzgl|exposure|findError|zhaocuo`)
	easyWord   = regex.With("障碍 适老 长者 关怀 老年 读屏 大字 敬老 助老", `无障碍|适老|长者|关怀版|老年|读屏|大字版|敬老|助老`)
	searchLink = regex.With("搜索 检索", `^(?:站内|全站|高级|智能|网站|信息)?(?:搜索|检索)(?:服务)?$`)
	mapLink    = regex.With("地图 导航", `^(?:网站|站点)(?:地图|导航)$|(?:网站|站点)地图`)
)

// Where marks lead, and the code that the entrance for reporting errors names.
var (
	findCode    = regex.New(`(?i)site_?code\W{1,6}([0-9a-z]{6,20})`)
	icpPlace    = regex.With("beian", `://(?:beian\.miit\.gov\.cn|(?:www\.)?mii(?:t)?beian\.gov\.cn)`)
	policePlace = regex.With("beian", `://(?:www\.)?beian\.(?:mps\.)?gov\.cn`)
)

// markLine reads the marks that a line carries.
func (p *page) markLine(m *fact.Marks, l *line) {
	text := plainDigits(l.text)
	if m.SiteCode == "" && strings.Contains(text, "标识") {
		if g := siteCode.FindStringSubmatch(text); g != nil {
			m.SiteCode = g[1]
		}
	}
	if m.ICP == "" && strings.Contains(text, "ICP") {
		m.ICP = strings.ReplaceAll(icpNumber.FindString(text), " ", "")
	}
	if m.Police == "" && strings.Contains(text, "公网安备") {
		m.Police = strings.ReplaceAll(policeNo.FindString(text), " ", "")
	}
	if l.region != foot && p.r.Marks.Organ != "" {
		return
	}
	if strings.Contains(text, "主办") || l.region == foot && strings.Contains(text, "版权所有") {
		for _, g := range organName.FindAllStringSubmatch(text, 3) {
			name := g[1]
			if s := organStop.FindStringIndex(name); s != nil && s[0] > 0 {
				name = name[:s[0]]
			}
			if name = strings.Trim(name, " 、（("); runes(name) >= 3 && !strings.Contains(name, "网址") && (m.Organ == "" || strings.HasPrefix(g[0], "主") && !p.organMain) {
				m.Organ, p.organMain = name, strings.HasPrefix(g[0], "主")
			}
		}
	}
	if l.region == foot {
		for _, g := range contact.FindAllStringSubmatch(text, 3) {
			if v := strings.TrimSpace(g[1]); m.Contact == "" || !phone.MatchString(m.Contact) && phone.MatchString(v) {
				m.Contact = cutRunes(v, 80)
			}
		}
	}
}

// marks reads what header and footer must carry (website-norms section 4,
// NORM-10 to NORM-12): in the whole page, since a mark may stand anywhere in the
// furniture, but the numbers first in the footer.
func (p *page) marks() {
	m := &p.r.Marks
	for pass := range 2 { // the footer, then the rest
		for i := range p.text {
			l := &p.text[i]
			if (l.region == foot) != (pass == 0) || l.chars > 600 {
				continue
			}
			p.markLine(m, l)
		}
	}
	for i := range p.r.Links {
		l := &p.r.Links[i]
		switch {
		case l.Element == "script", l.Element == "link":
		case m.SiteMap == "" && mapLink.MatchString(l.Text) && runes(l.Text) < 12:
			m.SiteMap = l.URL
		case m.Accessible == "" && l.Element != "form" && easyWord.MatchString(l.Text) && runes(l.Text) < 16:
			m.Accessible = l.URL
		case m.Search == "" && searchLink.MatchString(l.Text):
			m.Search = l.URL
		case m.Contact == "" && l.Place == fact.InFooter && strings.Contains(l.Text, "联系我们"):
			m.Contact = l.Text
		}
		if m.FindError == "" && (findPlace.MatchString(l.URL) || findWord.MatchString(l.Text) && runes(l.Text) < 20) {
			m.FindError = l.URL
		}
		if strings.Contains(l.URL, "conac.cn/") {
			m.Emblem = true
		}
		if l.Element == "a" {
			switch {
			case strings.Contains(l.Text, "ICP"), icpPlace.MatchString(l.URL):
				m.ICPLink = cmp.Or(m.ICPLink, l.URL)
			case strings.Contains(l.Text, "公网安备"), policePlace.MatchString(l.URL):
				m.PoliceLink = cmp.Or(m.PoliceLink, l.URL)
			}
		}
	}
	for _, f := range p.r.Forms {
		if f.Search {
			m.Search = cmp.Or(m.Search, f.Action, p.self)
		}
	}
	for _, n := range p.all[1:] {
		if !n.elem {
			continue
		}
		switch id := n.attr("id"); {
		case n.tag == atom.A && strings.Contains(n.attr("href"), "#") && policePlace.MatchString(n.attr("href")):
			m.PoliceLink = strings.TrimSpace(n.attr("href")) // which site it is stands behind the #
		case n.attr("sitecode") != "":
			m.FindCode = cmp.Or(m.FindCode, strings.TrimSpace(n.attr("sitecode")))
			m.FindError = cmp.Or(m.FindError, p.abs(n.attr("src")), p.self)
		case id == "_ideConac", n.tag == atom.Img && strings.Contains(n.attr("alt")+n.attr("title"), "党政机关"):
			m.Emblem = true
		case m.Accessible == "" && (n.tag == atom.A || n.attr("onclick") != "") && n.chars < 16 && n.chars > 0 && easyWord.MatchString(n.whole()):
			m.Accessible = cmp.Or(p.target(n), p.self) // only a script opens it
		}
	}
	for _, s := range p.scripts {
		m.Emblem = m.Emblem || strings.Contains(s, "conac.cn")
		if len(s) < 5000 && findPlace.MatchString(s) {
			m.FindError = cmp.Or(m.FindError, p.self)
			if g := findCode.FindStringSubmatch(s); g != nil {
				m.FindCode = cmp.Or(m.FindCode, g[1])
			}
		}
	}
	if m.Contact == "" {
		for i := range p.text {
			if l := &p.text[i]; (l.region == foot || p.nearMark(i)) && l.chars < 200 && phone.MatchString(plainDigits(l.text)) {
				m.Contact = cutRunes(l.text, 80)
				break
			}
		}
	}
}

// nearMark tells whether a line stands among those of a footer's numbers, whatever
// part of the page they are in.
func (p *page) nearMark(i int) bool {
	for j := max(i-6, 0); j < min(i+7, len(p.text)); j++ {
		if s := p.text[j].text; len(s) < 600 && (strings.Contains(s, "标识码") || strings.Contains(s, "ICP备") || strings.Contains(s, "公网安备")) {
			return true
		}
	}
	return false
}
