package judge

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// visits is V2: a week of openings of the home page, at least twenty on each
// day; a visit that has not opened after 15 seconds failed (WEB-16, WEB-17).
func (s *site) visits() {
	var all []fact.Visit
	for _, v := range s.in.Probes.Visits {
		if !v.Void && !v.At.After(s.in.T0) {
			all = append(all, v)
		}
	}
	days, perDay := s.limit("V2.days"), s.limit("V2.visits")
	if len(all) == 0 {
		s.decide("V2", fact.NotDecided, fmt.Sprintf("需要连续%d天拨测，每天不少于%d次", days, perDay))
		return
	}
	week, ok := wholeWeek(all, s.in.T0, days, perDay)
	if !ok {
		s.decide("V2", fact.NotDecided, fmt.Sprintf("拨测 %d 次，未满连续%d天、每天不少于%d次，不能判断", len(all), days, perDay))
		return
	}
	failed := 0
	var last fact.Visit
	for _, v := range week {
		if s.failed(v) {
			failed++
			last = v
		}
	}
	words := fmt.Sprintf("%d天拨测 %d 次，打不开或超过%d秒的 %d 次，占 %.1f%%", days, len(week), s.limit("V2.seconds"), failed, 100*float64(failed)/float64(len(week)))
	share := s.national.Limits["V2.share"].Value
	if l, ok := s.in.Scheme.Limits["V2.share"]; ok {
		share = l.Value
	}
	if float64(failed) < share*float64(len(week))-1e-9 {
		s.decide("V2", fact.Pass, words)
		return
	}
	f := fact.Finding{Check: "WEB-16", Indicator: "V2", URL: s.home.url, On: s.home.url, State: fact.Fail, At: last.At, Count: 1,
		What: fmt.Sprintf("首页打不开的次数达到全部访问的%.0f%%", share*100), Seen: words + "。最近一次：" + visitWords(last), Mend: "检查服务器、线路和防护设备，保证首页随时能在几秒内打开"}
	f.Confirmed = s.again(f)
	s.charge(f, words)
}

func visitWords(v fact.Visit) string {
	out := v.At.In(calendar.Zone).Format("2006-01-02 15:04")
	switch {
	case v.Failed != "":
		return out + " " + v.Failed
	case v.Status >= 400:
		return fmt.Sprintf("%s 返回状态码 %d", out, v.Status)
	}
	return fmt.Sprintf("%s 用了 %.1f 秒", out, v.Took.Seconds())
}

func (s *site) failed(v fact.Visit) bool {
	return v.Failed != "" || v.Status >= 400 || v.Took >= time.Duration(s.limit("V2.seconds"))*time.Second
}

// wholeWeek picks the visits of the last days in a row that have enough each:
// days of 24 hours back from the time point, else days of the calendar.
func wholeWeek(all []fact.Visit, t0 time.Time, days, perDay int) ([]fact.Visit, bool) {
	try := func(slot func(time.Time) int) ([]fact.Visit, bool) {
		count := map[int]int{}
		for _, v := range all {
			count[slot(v.At)]++
		}
		for from := range 2 { // the day that has only begun may be left out
			enough := true
			for d := from; d < from+days; d++ {
				enough = enough && count[d] >= perDay
			}
			if !enough {
				continue
			}
			var out []fact.Visit
			for _, v := range all {
				if d := slot(v.At); d >= from && d < from+days {
					out = append(out, v)
				}
			}
			return out, true
		}
		return nil, false
	}
	if out, ok := try(func(at time.Time) int { return int(t0.Sub(at) / (24 * time.Hour)) }); ok {
		return out, true
	}
	today := calendar.Of(t0)
	return try(func(at time.Time) int { return today.Sub(calendar.Of(at)) })
}

// address is D4.1: the domain, and the name in the title (WEB-58).
func (s *site) address() {
	host, _, _ := strings.Cut(s.host, ":")
	_, err := netip.ParseAddr(strings.Trim(s.host, "[]"))
	if err != nil {
		_, err = netip.ParseAddr(host)
	}
	trial := err == nil || !strings.Contains(host, ".") || slices.ContainsFunc([]string{".test", ".local", ".invalid", ".example", ".localhost", ".internal", ".lan"}, func(end string) bool { return strings.HasSuffix(host, end) })
	switch {
	case trial:
		s.decide("D4.1", fact.NotDecided, "用IP地址或内部名称访问，不能判断域名")
	case !strings.HasSuffix(host, ".gov.cn") && !strings.HasSuffix(host, ".政务") && !strings.HasSuffix(host, ".xn--zfr164b"):
		s.add(fact.Finding{Check: "WEB-58", Also: []string{"NORM-02"}, Indicator: "D4.1", URL: s.home.url, On: s.home.url, Key: "域名", State: fact.Fail, At: s.home.at, Proof: s.home.hash,
			What: "网站域名不是 .gov.cn 或 .政务", Seen: host, Mend: "改用 .gov.cn 或 .政务 域名，旧域名停用前保留跳转"})
	}
	if name := s.in.Site.Name; name != "" && s.home.seen && !strings.Contains(flat(s.home.title), flat(name)) {
		s.add(fact.Finding{Check: "WEB-58", Also: []string{"NORM-06"}, Indicator: "D4.1", URL: s.home.url, On: s.home.url, Key: "名称", State: fact.Fail, At: s.home.at, Proof: s.home.hash,
			What: "首页标题与登记的网站名称不一致", Seen: fmt.Sprintf("标题“%s”，登记名称“%s”", s.home.title, name), Mend: "把首页标题改为登记的网站名称，或办理名称变更"})
		if trial {
			delete(s.decided, "D4.1")
		}
	}
	if s.in.Site.Name == "" && s.home.seen && !sameName(s.home.title, s.home.siteTag) {
		s.add(fact.Finding{Check: "NORM-06", Also: []string{"WEB-58"}, Indicator: "D4.1", URL: s.home.url, On: s.home.url, Key: "名称", State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
			What: "首页标题与页面标签中的网站名称不一致", Seen: fmt.Sprintf("标题“%s”，标签 SiteName“%s”", s.home.title, s.home.siteTag), Mend: "网站名称变更时，标题、页头、标签、页脚和登记信息一起改"})
	}
	if _, ok := s.decided["D4.1"]; !ok && s.count("D4.1", fact.Fail) == 0 {
		s.decide("D4.1", fact.Pass, "域名后缀符合规定")
	}
}

var (
	nameFiller = regex.New(`首页|欢迎(?:访问|光临|您|来到)?|中国|门户网站?|政务网站?|官方网站|官网|网站|[·•\s　.。|（）()“”""—–_-]`)
	nameBreak  = regex.New(`[_|｜—–-]+|\s-\s|--+`)
)

// sameName tells whether a title carries a site's name, whole or shortened as sites
// do: 云岭区政府 for 青石市云岭区人民政府. What cannot be compared is the same.
func sameName(title, name string) bool {
	name = nameFiller.ReplaceAllString(name, "")
	if name == "" {
		return true
	}
	for _, part := range append(nameBreak.Split(title, -1), title) {
		part = strings.TrimSuffix(nameFiller.ReplaceAllString(part, ""), "网")
		if len(part) >= 6 && (within(part, name) || within(strings.TrimSuffix(name, "网"), part)) {
			return true
		}
	}
	return false
}

// within tells whether the characters of a text stand in another in the same order.
func within(part, whole string) bool {
	for _, c := range part {
		i := strings.IndexRune(whole, c)
		if i < 0 {
			return false
		}
		whole = whole[i+len(string(c)):]
	}
	return true
}

// search is D4.5: the titles of the newest documents come first (WEB-62).
func (s *site) search() {
	asked := s.in.Probes.Search
	if len(asked) == 0 {
		if s.home.seen && !s.home.search && !s.home.scripted && !s.in.Site.Department {
			s.add(fact.Finding{Check: "WEB-62", Indicator: "D4.5", URL: s.home.url, On: s.home.url, Key: "入口", State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
				What: "首页没有找到站内搜索", Seen: "没有搜索框，也没有搜索页面的链接", Mend: "在首页显著位置提供站内搜索"})
			return
		}
		s.decide("D4.5", fact.NotDecided, "本次没有试用站内搜索")
		return
	}
	exact, good, silent, loose, tolerant := 0, 0, 0, 0, 0
	top := s.limit("D4.5.top")
	var reason string
	for _, a := range asked {
		switch {
		case a.Failed != "":
			silent++
			reason = a.Failed
		case a.Loose:
			loose++
			if a.Rank > 0 && a.Rank <= top {
				tolerant++
			}
		case a.Rank > 0 && a.Rank <= top:
			exact++
			good++
		default:
			exact++
		}
	}
	if exact == 0 {
		s.decide("D4.5", fact.NotDecided, "搜索结果读不出来："+reason)
		return
	}
	switch {
	case good == 0 && exact >= 3: // one fault: the search does not find documents
		a := firstMiss(asked, top)
		s.add(fact.Finding{Check: "WEB-62", Also: []string{"NORM-29"}, Indicator: "D4.5", URL: cmp.Or(a.Page, s.home.url), On: s.home.url, Key: "搜索", State: fact.Fail, At: s.in.T0, Count: exact,
			What: fmt.Sprintf("用 %d 篇文件的完整标题搜索，没有一篇排进前 %d 条", exact, top), Seen: "如搜索“" + a.Query + "”，" + rankWords(a), Mend: "检查搜索的索引是否更新、排序是否让标题完全一致的排在最前"})
	default:
		for _, a := range asked {
			if a.Loose || a.Failed != "" || a.Rank > 0 && a.Rank <= top {
				continue
			}
			s.add(fact.Finding{Check: "WEB-62", Also: []string{"NORM-29"}, Indicator: "D4.5", URL: a.Want, On: cmp.Or(a.Page, s.home.url), Key: "搜索", State: fact.Fail, At: s.in.T0,
				What: fmt.Sprintf("用完整标题搜索，没有排进前 %d 条", top), Seen: "搜索“" + a.Query + "”，" + rankWords(a), Mend: "把文件收入搜索索引，标题完全一致的排在最前"})
		}
	}
	if loose >= 3 && tolerant == 0 {
		s.add(fact.Finding{Check: "NORM-29", Indicator: "D4.5", URL: s.home.url, On: s.home.url, Key: "容错", State: fact.Proposed, At: s.in.T0, Count: 1,
			What: "搜索词有一个错别字或用拼音时，搜不到文件", Seen: fmt.Sprintf("试了 %d 次，都没有搜到", loose), Mend: "为搜索加上错别字和拼音的识别"})
	}
	if good == exact && s.count("D4.5", fact.Proposed) == 0 {
		s.decide("D4.5", fact.Pass, fmt.Sprintf("用 %d 篇文件的完整标题搜索，都排在前 %d 条", exact, top))
	}
}

func firstMiss(asked []fact.Asked, top int) fact.Asked {
	for _, a := range asked {
		if !a.Loose && a.Failed == "" && (a.Rank == 0 || a.Rank > top) {
			return a
		}
	}
	return fact.Asked{}
}

func rankWords(a fact.Asked) string {
	if a.Rank == 0 {
		return "结果中没有这篇文件"
	}
	return fmt.Sprintf("排在第 %d 条", a.Rank)
}

// ipv6 is D4.6 (WEB-63, NORM-40, NORM-41).
func (s *site) ipv6() {
	p := s.in.Probes.IPv6
	if p == nil {
		s.decide("D4.6", fact.NotDecided, "本次没有检测IPv6")
		return
	}
	fail := func(key, what, seen string, also ...string) {
		s.add(fact.Finding{Check: "WEB-63", Also: also, Indicator: "D4.6", URL: s.home.url, On: s.home.url, Key: key, State: fact.Fail, At: s.in.T0,
			What: what, Seen: seen, Mend: "请网站托管单位完成IPv6改造：域名有AAAA记录，IPv6能访问，内容与IPv4一致"})
	}
	switch {
	case !p.Address:
		fail("", "域名没有IPv6地址", "查不到AAAA记录", "NORM-40")
	case !p.Known:
		s.decide("D4.6", fact.NotDecided, "域名有AAAA记录；检测用的计算机没有IPv6网络，不能确认能否访问")
	case !p.Answers:
		fail("", "用IPv6打不开首页", p.Failed, "NORM-40")
	default:
		if !p.Servers {
			fail("域名服务器", "域名服务器不能用IPv6访问", "", "NORM-40")
		}
		if !p.Same {
			fail("内容", "用IPv6和IPv4打开的首页内容不一样", "", "NORM-40")
		}
		if len(p.Silent) > 0 {
			fail("二级链接", "二级页面用IPv6打不开", fmt.Sprintf("试了 %d 个链接，%d 个打不开，如 %s", p.Tried, len(p.Silent), p.Silent[0]), "NORM-41")
		}
		if s.count("D4.6", fact.Fail) == 0 {
			s.decide("D4.6", fact.Pass, "首页和二级页面都能用IPv6访问")
		}
	}
}

// secured is NORM-42: plain http sends on to https, nothing below TLS 1.2.
func (s *site) secured() {
	p := s.in.Probes.TLS
	if p == nil {
		return
	}
	add := func(key, what, seen, mend string) {
		s.add(fact.Finding{Check: "NORM-42", URL: s.home.url, On: s.home.url, Key: key, State: fact.Fail, At: s.in.T0, What: what, Seen: seen, Mend: mend})
	}
	switch {
	case p.Version == "":
		add("HTTPS", "网站不支持HTTPS", p.Failed, "安装证书，启用HTTPS")
		return
	case !p.ToHTTPS && p.HTTP > 0 && p.HTTP < 400:
		add("跳转", "用http访问时没有转到https", fmt.Sprintf("返回状态码 %d", p.HTTP), "让http地址用301转到https")
	}
	if p.Old != "" {
		add("旧版本", "还接受低于TLS 1.2的连接", "TLS "+p.Old, "在服务器上关闭TLS 1.2以下的版本")
	}
}
