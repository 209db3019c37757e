package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
)

const (
	maxColours = 3               // in all, beside black, white and grey (NORM-17)
	largeType  = 24.0            // pixels, 18 pt: body type of the version for the elderly (NORM-51)
	leastLine  = 1.3             // its line spacing, in sizes
	fewLetters = 60              // of a page; with fewer its type says nothing
	slowPage   = 3 * time.Second // until all of the home page is there (NORM-18)
)

// looks makes findings of what a browser showed (D4.8, NORM-17, NORM-18, NORM-23,
// NORM-26, NORM-51, NORM-52). The same window or error on several pages is one finding.
func (s *site) looks() {
	said := map[string]*fact.Finding{}
	var order []string
	add := func(l *fact.Look, f fact.Finding) {
		name := f.Check + "\x00" + f.Key
		if old := said[name]; old != nil {
			old.Count++
			return
		}
		f.URL, f.On, f.At, f.Picture, f.Count = l.URL, l.URL, l.At, l.Picture, 1
		if keyOf(l.URL) == keyOf(s.home.url) {
			f.Proof = s.home.hash
		}
		if f.State == "" {
			f.State = fact.Proposed
		}
		said[name] = &f
		order = append(order, name)
	}
	for i := range s.in.Probes.Looks {
		l := &s.in.Probes.Looks[i]
		if l.Failed != "" || l.Moved {
			continue
		}
		s.eyed++
		for _, e := range l.Errors {
			add(l, fact.Finding{Check: "WEB-65", Indicator: "D4.8", Key: cut(e, 200),
				What: "页面脚本运行出错", Seen: "浏览器报告：" + cut(e, 300), Mend: "请网站技术单位改正脚本；出错以后的脚本不再运行，菜单、轮播、列表可能失灵"})
		}
		s.windows(l, add)
		s.elderly(l, add)
		if i > 0 {
			continue // what follows is asked of the home page
		}
		if l.Took > slowPage {
			add(l, fact.Finding{Check: "NORM-18", Key: "加载时间",
				What: fmt.Sprintf("首页完整打开超过 %.0f 秒", slowPage.Seconds()), Seen: fmt.Sprintf("用浏览器打开，图片、脚本和样式全部到齐用了 %.1f 秒", l.Took.Seconds()), Mend: "压缩图片，合并脚本和样式，去掉打不开的外部资源；再用当地的普通线路测一次"})
		}
		if len(l.Colours) > maxColours {
			add(l, fact.Finding{Check: "NORM-17", Key: "颜色",
				What: fmt.Sprintf("首页用色超过 %d 种", maxColours), Seen: "除黑、白、灰以外，明显使用了" + strings.Join(l.Colours, "、"), Mend: fmt.Sprintf("整个网站用一种主色，连同主色不超过 %d 种颜色", maxColours)})
		}
		if l.Leaves == fact.Unnoticed {
			add(l, fact.Finding{Check: "NORM-23", Key: "离开提示",
				What: "打开非政府网站的链接时没有提示", Seen: "点击指向 " + cut(l.Leads, 200) + " 的链接，直接打开，没有说明将要离开本网站", Mend: "指向非政府网站的链接，打开前提示“您即将离开本网站”并写明要去的地址"})
		}
	}
	if n := len(s.in.Probes.Looks); n > 0 {
		if l := &s.in.Probes.Looks[0]; l.Failed == "" && !l.Moved && len(l.Keyless) > 0 {
			add(l, fact.Finding{Check: "NORM-52", Key: "键盘",
				What: "首页上有只能用鼠标点、用键盘到不了的功能", Seen: fmt.Sprintf("共 %d 处：“%s”", len(l.Keyless), strings.Join(l.Keyless[:min(5, len(l.Keyless))], "”“")), Mend: "把这些功能做成链接或者按钮，让 Tab 键能到、回车键能用"})
		}
	}
	for _, name := range order {
		s.add(*said[name])
	}
}

// windows is NORM-26: what lies over a page can be closed, also with the keyboard,
// and there is never a second one.
func (s *site) windows(l *fact.Look, add func(*fact.Look, fact.Finding)) {
	if l.Elder {
		return // none at all may be there
	}
	for _, w := range l.Windows {
		noun := "弹出窗口"
		if w.Moving {
			noun = "漂浮窗口"
		}
		seen := "窗口的内容：“" + w.Name + "”"
		switch w.Close {
		case "":
			add(l, fact.Finding{Check: "NORM-26", Key: "窗口 " + w.Name, State: fact.Proposed,
				What: noun + "不能关闭", Seen: seen + "，没有找到关闭按钮", Mend: "去掉漂浮、弹出的窗口；确需紧急公告的，只留一个，并且可以关闭"})
		case "mouse":
			add(l, fact.Finding{Check: "NORM-26", Also: []string{"NORM-52"}, Key: "窗口 " + w.Name, State: fact.Proposed,
				What: noun + "只能用鼠标关闭", Seen: seen + "，关闭按钮用键盘到不了", Mend: "把关闭按钮做成真正的按钮或者链接，让 Tab 键能到、回车键能关"})
		}
	}
	if n := len(l.Windows) + len(l.Dialogs) + len(l.Opened); n > 1 {
		var names []string
		for _, w := range l.Windows {
			names = append(names, w.Name)
		}
		names = append(append(names, l.Dialogs...), l.Opened...)
		add(l, fact.Finding{Check: "NORM-26", Key: "多个窗口",
			What: "页面同时出现多个弹出或漂浮的窗口", Seen: fmt.Sprintf("共 %d 个：“%s”", n, cut(strings.Join(names, "”“"), 200)), Mend: "同一时间最多一个，只用于紧急公告"})
	} else if len(l.Opened) == 1 {
		add(l, fact.Finding{Check: "NORM-26", Key: "自动打开窗口",
			What: "页面自动打开新的窗口", Seen: "自动打开 " + cut(l.Opened[0], 200), Mend: "去掉自动打开窗口的脚本"})
	}
}

// elderly is NORM-51: the version for the elderly has large type, wide lines and
// nothing that lies over it.
func (s *site) elderly(l *fact.Look, add func(*fact.Look, fact.Finding)) {
	if !l.Elder {
		return
	}
	if n := len(l.Windows) + len(l.Dialogs) + len(l.Opened); n > 0 {
		names := append(slices.Clone(l.Dialogs), l.Opened...)
		for _, w := range l.Windows {
			names = append(names, w.Name)
		}
		add(l, fact.Finding{Check: "NORM-51", Also: []string{"NORM-26"}, Key: "弹窗",
			What: "适老版页面有弹出或漂浮的窗口", Seen: "“" + cut(strings.Join(names, "”“"), 200) + "”", Mend: "适老版不得有广告、插件和临时弹窗，请去掉"})
	}
	if l.Letters < fewLetters {
		return
	}
	if l.Size < largeType-0.1 && l.Big < 0.5 {
		add(l, fact.Finding{Check: "NORM-51", Key: "字号",
			What: "适老版页面的字太小", Seen: fmt.Sprintf("大部分文字为 %.4g 像素，约 %.3g 磅", l.Size, l.Size*0.75), Mend: "适老版正文不小于 18 磅（24 像素）"})
	}
	if l.Line > 0 && l.Line < leastLine {
		add(l, fact.Finding{Check: "NORM-51", Key: "行距",
			What: "适老版页面的行距太小", Seen: fmt.Sprintf("正文行距为字号的 %.3g 倍", l.Line), Mend: fmt.Sprintf("适老版行距不小于 %.1f 倍，段落间距不小于行距的 1.3 倍", leastLine)})
	}
}

// byEye is why D4.8 is not decided although a browser looked.
func (s *site) byEye() string {
	return fmt.Sprintf("用一种浏览器打开了 %d 个页面，没有发现脚本出错；还须由人用另一种浏览器打开比较", s.eyed)
}
