package sitegen

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// kind is one way in which a site can be wrong, or only looks so.
type kind struct {
	name       string
	checks     []string // that a finding may name, the preferred one first
	indicators []string
	near       bool                              // a near miss: nothing is wrong
	asked      bool                              // only planted when a plan names it: it would hide others
	column     func(s *Site, k kind, i int)      // adds columns while the site is laid out
	plant      func(s *Site, k kind, i int) bool // changes something; false = no room for it
}

// Kinds are the names of all faults, and of those that a plan must name.
func Kinds() (all, asked []string) {
	for _, k := range kinds() {
		if !k.near {
			all = append(all, k.name)
			if k.asked {
				asked = append(asked, k.name)
			}
		}
	}
	return all, asked
}

// NearKinds are the names of all near misses.
func NearKinds() (all []string) {
	for _, k := range kinds() {
		if k.near {
			all = append(all, k.name)
		}
	}
	return all
}

func kinds() []kind {
	return slices.Concat(linkKinds(), outsideKinds(), dateKinds(), tagKinds(), markKinds(), columnKinds(), talkKinds(), serviceKinds(), platformKinds(), documentKinds(), textKinds(), nearKinds())
}

// wanted are the kinds that a plan asks for.
func (s *Site) wanted() (list []kind, err error) {
	for _, names := range [][]string{s.plan.Defects, s.plan.Near} {
		for _, name := range names {
			if !slices.ContainsFunc(kinds(), func(k kind) bool { return k.name == name }) {
				return nil, fmt.Errorf("sitegen: no kind of fault %q", name)
			}
		}
	}
	for _, k := range kinds() {
		names := s.plan.Defects
		if k.near {
			names = s.plan.Near
		}
		if names == nil && !k.asked || slices.Contains(names, k.name) {
			list = append(list, k)
		}
	}
	return list, nil
}

// plant puts the kinds into the site, in an order that the seed decides, so
// that a small site has another choice of them each time.
func (s *Site) plant(list []kind) {
	for _, n := range s.dice("plant").order(len(list)) {
		k := list[n]
		if k.column != nil && !s.laid[k.name] {
			continue
		}
		for i := range s.plan.Count {
			if k.plant != nil && !k.plant(s, k, i) {
				break
			}
		}
	}
}

// fault notes what has been planted.
func (s *Site) fault(k kind, url, on, note string, where ...string) *Planted {
	p := Planted{Kind: k.name, Checks: k.checks, Indicators: k.indicators, URL: url, On: on, Note: note, Where: where}
	if len(p.Indicators) == 0 && len(k.checks) > 0 {
		p.Indicators = k.checks[:1]
	}
	if k.near {
		s.near = append(s.near, p)
		return &s.near[len(s.near)-1]
	}
	s.planted = append(s.planted, p)
	return &s.planted[len(s.planted)-1]
}

// take chooses an item that nothing has been done to, none of the newest,
// among columns of some forms; none given: any with ordinary texts.
func (s *Site) take(name string, i int, forms ...form) (c *column, item int, ok bool) {
	if len(forms) == 0 {
		forms = []form{news, notice, ordinary}
	}
	var fit []*column
	for _, c := range s.columns {
		if c.count > 1 && c.base == "" && !c.script && !c.api && !c.plain && !c.event && !c.gone && c.pinned == 0 && c.blank == "" && !c.added && slices.Contains(forms, c.form) && (c.shape == list || c.shape == guides || c.shape == letters || c.shape == leaders || c.shape == organs) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return nil, 0, false
	}
	d := s.dice("take", name, i)
	for range 300 {
		c := fit[d.n(len(fit))]
		low := min(8, c.count/3)
		item := low + d.n(c.count-low)
		n := node{c.n, item, 0}
		if !s.taken[n] && !s.hidden[n] {
			s.taken[n] = true
			return c, item, true
		}
	}
	return nil, 0, false
}

// change does something to a page whenever it is built.
func (s *Site) change(n node, do func(*page)) { s.changes[n] = append(s.changes[n], do) }

// onItem changes the page of an item, not its lines in lists.
func (s *Site) onItem(c *column, i int, do func(*page)) {
	s.change(node{c.n, i, 0}, func(p *page) {
		if p.kind == "item" {
			do(p)
		}
	})
}

// inItem makes a fault of which the address is that of the item's page.
func inItem(do func(s *Site, p *page, d *dice), forms ...form) func(*Site, kind, int) bool {
	return func(s *Site, k kind, i int) bool {
		c, item, ok := s.take(k.name, i, forms...)
		if !ok {
			return false
		}
		s.onItem(c, item, func(p *page) { do(s, p, s.dice(k.name, i)) })
		s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
		return true
	}
}

// linkIn puts a link into the text of an item; the fault is where it leads.
func linkIn(target, text string, forms ...form) func(*Site, kind, int) bool {
	return func(s *Site, k kind, i int) bool {
		c, item, ok := s.take(k.name, i, forms...)
		if !ok {
			return false
		}
		to := strings.ReplaceAll(target, "{n}", itoa(i+1))
		if strings.HasPrefix(to, "/") {
			to = "http://{{main}}" + to
		}
		s.onItem(c, item, func(p *page) {
			p.body = append(p.body, block{kind: 'a', text: text, url: strings.TrimPrefix(to, "http://{{main}}")})
		})
		s.fault(k, to, s.itemURL(c, item), "")
		return true
	}
}

var dead = []string{"WEB-60", "WEB-82", "NORM-25"}

// linkKinds are links and files of the site itself that do not work.
func linkKinds() []kind {
	usable := []string{"D4.3"}
	list := []kind{
		{name: "dead-404", checks: dead, indicators: usable, plant: linkIn("/bszy/2019/cx{n}.html", "查看相关办理流程")},
		{name: "dead-home", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			to := fmt.Sprintf("/wsbs/zt%d/main.html", i+1)
			s.change(homeNode(), func(p *page) {
				if p.kind == "home" {
					p.parts = append(p.parts, part{ref: ref{to, "网上服务厅"}})
				}
			})
			s.fault(k, "http://{{main}}"+to, "http://{{main}}/", "")
			return true
		}},
		{name: "dead-410", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			path := fmt.Sprintf("/old/notice%d.html", i+1)
			s.special["main"+path] = answer{status: 410, media: "text/html; charset=utf-8", body: "<html><head><title>已删除</title></head><body>该信息已删除。</body></html>"}
			return linkIn(path, "此前发布的公告")(s, k, i)
		}},
		{name: "dead-500", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			path := fmt.Sprintf("/query/result%d.jsp", i+1)
			s.special["main"+path] = answer{status: 500, media: "text/html; charset=utf-8", body: "<html><head><title>500</title></head><body>Internal Server Error</body></html>"}
			return linkIn(path, "结果查询入口")(s, k, i)
		}},
		{name: "soft-404", checks: []string{"WEB-82", "WEB-60"}, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			path := fmt.Sprintf("/zhuanlan/yd%d.html", i+1)
			s.special["main"+path] = answer{status: 200, media: "text/html; charset=utf-8", body: "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>404 - 页面不存在</title></head><body><div>抱歉，您访问的页面不存在或者已经被删除。<a href=\"/\">返回首页</a></div></body></html>"}
			return linkIn(path, "阅读全文")(s, k, i)
		}},
		{name: "redirect-loop", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			a, b := fmt.Sprintf("/sso/a%d", i+1), fmt.Sprintf("/sso/b%d", i+1)
			s.special["main"+a] = answer{status: 302, to: "http://{{main}}" + b}
			s.special["main"+b] = answer{status: 302, to: "http://{{main}}" + a}
			return linkIn(a, "进入业务系统")(s, k, i)
		}},
		{name: "slow-page", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			path := fmt.Sprintf("/stat/report%d.html", i+1)
			s.special["main"+path] = answer{status: 200, body: "<!-- 正在统计 -->", pause: time.Second}
			return linkIn(path, "在线统计报表")(s, k, i)
		}},
		{name: "dead-image", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i)
			if !ok {
				return false
			}
			path := fmt.Sprintf("/lost/photo%d.jpg", i+1)
			s.onItem(c, item, func(p *page) { p.body = append(p.body, block{kind: 'i', url: path, text: "现场照片"}) })
			s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "")
			return true
		}},
		{name: "dead-style", checks: dead, indicators: usable, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i)
			if !ok {
				return false
			}
			path := fmt.Sprintf("/lost/print%d.css", i+1)
			s.onItem(c, item, func(p *page) { p.top += `<link rel="stylesheet" href="` + path + "\">\n" })
			s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "")
			return true
		}},
	}
	// Files: what is wrong with them, and the name that the link shows.
	for _, f := range []struct {
		name, ext, shown string
		checks           []string
		body             func() []byte
	}{
		{"dead-attachment", "docx", "申请表.docx", []string{"WEB-60", "PLAT-16", "WEB-53"}, nil},
		{"empty-attachment", "docx", "工作安排.docx", []string{"WEB-53", "PLAT-16", "WEB-60"}, func() []byte { return nil }},
		{"type-attachment", "pdf", "实施方案.pdf", []string{"PLAT-16", "WEB-53", "WEB-60"}, func() []byte { return wordFile([]string{"实施方案", "本方案自印发之日起执行。"}) }},
		{"html-attachment", "xlsx", "结果统计表.xlsx", []string{"PLAT-16", "WEB-53", "WEB-60", "WEB-82"}, func() []byte {
			return []byte("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>提示</title></head><body>文件读取失败</body></html>")
		}},
		{"generic-attachment", "docx", "附件1.docx", []string{"PLAT-16"}, func() []byte { return wordFile([]string{"报名表", "姓名：", "单位：", "联系方式："}) }},
	} {
		indicators := []string{"D4.3", "D2.6", "PLAT-16"}
		if f.name == "empty-attachment" {
			indicators = []string{"D2.6", "D4.3", "PLAT-16"}
		} else if f.checks[0] == "PLAT-16" {
			indicators = []string{"PLAT-16", "D4.3", "D2.6"}
		}
		list = append(list, kind{name: f.name, checks: f.checks, indicators: indicators, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, notice, ordinary)
			if !ok {
				return false
			}
			path := s.design.file(s, c, item, 7, f.ext)
			if f.body == nil {
				s.files[path] = file{lack: true}
			} else {
				s.files[path] = file{body: f.body()}
			}
			s.onItem(c, item, func(p *page) {
				p.text("附件：" + strings.TrimSuffix(f.shown, "."+f.ext))
				p.files = append(p.files, ref{path, f.shown})
			})
			p := s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "")
			if f.name == "generic-attachment" { // the page is what must be mended
				p.Where = append(p.Where, p.On)
			}
			return true
		}})
	}
	return list
}

// outsideKinds are links to other hosts, and what is taken from them.
func outsideKinds() []kind {
	usable, bad := []string{"D4.3"}, []string{"V1.3"}
	into := func(html string, top bool) func(s *Site, p *page, d *dice) {
		return func(s *Site, p *page, d *dice) {
			if top {
				p.top += html + "\n"
			} else {
				p.body = append(p.body, block{kind: 'r', text: html})
			}
		}
	}
	// The address may be the page or what it takes.
	taken := func(target string, do func(s *Site, p *page, d *dice)) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			if !inItem(do)(s, k, i) {
				return false
			}
			p := &s.planted[len(s.planted)-1]
			p.Where = append(p.Where, target)
			return true
		}
	}
	return []kind{
		{name: "dead-host", checks: dead, indicators: usable, plant: linkIn("http://www.qingshi-jy{n}.invalid/", "就业服务网")},
		{name: "dead-connect", checks: dead, indicators: usable, plant: linkIn("http://{{closed}}/bm{n}/", "在线报名入口")},
		{name: "dead-timeout", checks: dead, indicators: usable, plant: linkIn("http://{{slow}}/portal{n}/", "项目申报系统")},
		{name: "dead-outside", checks: dead, indicators: usable, plant: linkIn("http://{{good}}/removed?n={n}", "市级平台说明")},
		{name: "fault-outside", checks: dead, indicators: usable, plant: linkIn("http://{{good}}/fault?n={n}", "市级平台查询")},
		{name: "soft-outside", checks: []string{"WEB-82", "WEB-60"}, indicators: usable, plant: linkIn("http://{{good}}/lost?n={n}", "市级平台公告")},
		{name: "loop-outside", checks: dead, indicators: usable, plant: linkIn("http://{{good}}/loop?n={n}", "市级平台登录")},
		{name: "internal-ip", checks: []string{"WEB-85"}, indicators: usable, plant: linkIn("http://192.168.1.{n}/oa/login.jsp", "查看原文")},
		{name: "internal-net", checks: []string{"WEB-85"}, indicators: usable, plant: linkIn("http://10.20.30.{n}:8080/doc/view.do", "附件预览")},
		{name: "internal-file", checks: []string{"WEB-85"}, indicators: usable, plant: linkIn("file:///D:/2024/{n}.doc", "工作安排")},
		{name: "gambling-link", checks: []string{"WEB-12"}, indicators: bad, plant: linkIn("http://{{gamble}}/{n}", "协会官方网站")},
		{name: "parked-link", checks: []string{"WEB-12", "WEB-60"}, indicators: []string{"V1.3", "D4.3"}, plant: linkIn("http://{{parked}}/{n}", "行业服务网")},
		{name: "hidden-links", checks: []string{"WEB-12", "WEB-13"}, indicators: []string{"V1.3", "V1.4"}, plant: func(s *Site, k kind, i int) bool {
			var b strings.Builder
			b.WriteString(`<div style="display:none">`)
			for n := range 8 {
				fmt.Fprintf(&b, `<a href="http://{{gamble}}/seo/%d-%d.html">%s</a> `, i, n, []string{"真人百家乐", "时时彩平台", "娱乐城开户", "体育投注"}[n%4])
			}
			b.WriteString("</div>")
			if !inItem(into(b.String(), false))(s, k, i) {
				return false
			}
			p := &s.planted[len(s.planted)-1]
			p.Many = true
			for n := range 8 {
				p.Where = append(p.Where, fmt.Sprintf("http://{{gamble}}/seo/%d-%d.html", i, n))
			}
			return true
		}},
		{name: "foreign-script", checks: []string{"NORM-24", "WEB-13"}, indicators: []string{"NORM-24", "V1.4"}, plant: taken("http://{{cdn}}/count.js", into(`<script src="http://{{cdn}}/count.js"></script>`, false))},
		{name: "foreign-font", checks: []string{"NORM-24"}, plant: taken("http://{{cdn}}/font.css", into(`<link rel="stylesheet" href="http://{{cdn}}/font.css">`, true))},
		{name: "foreign-frame", checks: []string{"NORM-24", "WEB-13"}, indicators: []string{"NORM-24", "V1.4"}, plant: taken("http://{{cdn}}/weather.html", into(`<iframe src="http://{{cdn}}/weather.html" width="300" height="80" title="天气预报"></iframe>`, false))},
		{name: "foreign-image", checks: []string{"NORM-24"}, plant: taken("http://{{cdn}}/banner.png", into(`<p><img src="http://{{cdn}}/banner.png" alt="活动宣传图"></p>`, false))},
		{name: "foreign-form", checks: []string{"WEB-13", "NORM-24"}, indicators: []string{"V1.4", "NORM-24"}, plant: taken("http://{{cdn}}/submit", into(`<form method="post" action="http://{{cdn}}/submit"><label for="vote">您的意见</label><input type="text" id="vote" name="vote"><input type="submit" value="提交"></form>`, false))},
		{name: "cloaked-home", checks: []string{"WEB-12", "WEB-13"}, indicators: []string{"V1.3", "V1.4"}, asked: true, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			s.flags["cloaked"] = true
			s.fault(k, "http://{{main}}/", "http://{{main}}/", "search engines get another title").Many = true
			return true
		}},
	}
}
