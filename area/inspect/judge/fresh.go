package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// monthsBefore is the beginning of a window of months: the same time of day, so
// many months back, never moved to a working day (website-inspection 1).
func monthsBefore(t time.Time, n int) time.Time {
	d := calendar.Of(t)
	return d.AddMonths(-n).Start().In(calendar.Zone).Add(t.Sub(d.Start()))
}

func weeksBefore(t time.Time, n int) time.Time { return t.Add(-time.Duration(n) * 7 * 24 * time.Hour) }

// day writes a moment: with its time of day where one is known.
func day(t time.Time) string {
	t = t.In(calendar.Zone)
	if t == lastOf(calendar.Of(t)) || t == calendar.Of(t).Start().In(calendar.Zone) {
		return calendar.Of(t).String()
	}
	return t.Format("2006-01-02 15:04")
}

// homePage is V3: an update of the home page in two weeks; a home page that only
// leads on is judged by the pages behind it (WEB-18).
func (s *site) homePage() {
	if !s.home.seen {
		s.decide("V3", fact.NotDecided, "首页没有取到，无法判断")
		return
	}
	from := weeksBefore(s.in.T0, s.limit("V3.weeks"))
	latest, listed, withDay := s.newestOf(s.home.entries)
	where := "首页"
	if withDay < 3 {
		where = "首页没有带日期的文章链接，按导航页处理，二级页面"
		more, moreListed, _ := s.newestOf(s.second)
		latest, listed = later(latest, more), later(listed, moreListed)
	}
	switch {
	case !latest.IsZero() && !latest.Before(from):
		s.decide("V3", fact.Pass, fmt.Sprintf("%s最新一篇发布于 %s，在监测时间点前两周之内", where, day(latest)))
		return
	case withDay < 3 && (s.home.scripted || s.anyScripted()):
		s.decide("V3", fact.NotDecided, "页面内容由脚本载入，未经浏览器渲染，无法判断首页是否更新")
		return
	}
	f := fact.Finding{Check: "WEB-18", Also: []string{"WEB-19"}, Indicator: "V3", URL: s.home.url, On: s.home.url, State: fact.Fail, At: s.home.at, Proof: s.home.hash,
		What: "首页在监测时间点前两周内没有更新", Seen: where + "没有找到带日期的文章", Mend: "更新首页上的动态、要闻等栏目；两周内至少更新一次"}
	if !latest.IsZero() {
		f.Seen = fmt.Sprintf("%s最新一篇发布于 %s", where, day(latest))
	}
	switch {
	case !listed.IsZero() && !listed.Before(from):
		f.State = fact.Proposed
		f.Seen += fmt.Sprintf("；列表上另有 %s 的条目，但文章页没有注明发布时间，按未更新计", day(listed))
	case latest.IsZero():
		f.State = fact.Proposed
	}
	f.Confirmed = s.again(f)
	s.charge(f, f.What+"："+f.Seen)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// newestOf is the newest day among entries: verified, and by the list alone; and
// how many entries have a day.
func (s *site) newestOf(es []entry) (latest, listed time.Time, withDay int) {
	counted := map[int32]bool{}
	for _, e := range es {
		at, own, known := s.moment(e)
		if !known {
			continue
		}
		if i := s.end(e.leaf); !counted[i] {
			counted[i] = true
			withDay++
		}
		if calendar.Of(at).After(calendar.Of(s.in.T0)) || s.later(e, at) {
			continue
		}
		if own {
			latest = later(latest, at)
		} else {
			listed = later(listed, at)
		}
	}
	return latest, listed, withDay
}

func (s *site) anyScripted() bool {
	for _, c := range s.columns {
		if c.scripted && c.depth <= 1 {
			return true
		}
	}
	return false
}

// window is how old a column's newest item may be, in words, and from when it
// must be; ok is false for columns without a window of their own.
func (s *site) window(c *column) (from time.Time, words string, ok bool) {
	if d := c.duty; d != nil && d.ByEvent != "" {
		return from, "", false // WEB-22
	}
	switch {
	case c.Class == fact.News:
		return weeksBefore(s.in.T0, s.limit("V4.1.news.weeks")), "两周", true
	case (c.Class == fact.NoticeList || c.Class == fact.Policy) && c.Level == 1:
		return monthsBefore(s.in.T0, s.limit("V4.1.notice.months")), "6个月", true
	case c.duty != nil && c.duty.Days > 0:
		return s.in.T0.AddDate(0, 0, -c.duty.Days), fmt.Sprintf("%d天", c.duty.Days), true
	case c.Class == fact.Static:
		return from, "", false
	}
	if c.kind == fact.Mailbox || reading.MatchString(c.Name) || statsName.MatchString(c.Name) || yearlyName.MatchString(c.Name) {
		return from, "", false // judged under D3.3, D1.6, D2.3, PLAT-09
	}
	return monthsBefore(s.in.T0, s.limit("V4.2.months")), "一年", true
}

// staleColumns is V4.1, V4.2, D1.4, D1.5 and what D1.8 says of columns that are
// not updated: a finding for each column, and on the home page one where they
// add up to a veto (WEB-20, WEB-22); of second-level columns only news (WEB-21).
func (s *site) staleColumns() {
	var short, long []string
	unknown := 0
	for _, c := range s.columns {
		if c.scripted {
			s.add(fact.Finding{Check: "WEB-83", Indicator: "V4.1", URL: c.URL, On: onOf(c), State: fact.NotDecided, At: c.at, Proof: c.hash,
				What: fmt.Sprintf("栏目“%s”的列表由脚本载入，不运行脚本看不到内容，无法判断是否更新", c.Name), Seen: "页面源码中没有列表", Mend: "让列表不依赖脚本也能显示；或在检查时打开浏览器渲染后再判断"})
			if c.Class == fact.News || c.Level == 1 && (c.Class == fact.NoticeList || c.Class == fact.Policy) {
				unknown++
			}
			continue
		}
		if c.empty || c.Items == 0 || c.archived || c.kind == fact.Section || c.kind == fact.Disclosure {
			continue
		}
		from, words, ok := s.window(c)
		if !ok {
			continue
		}
		gathers := s.channels[flat(c.Name)] && s.gathers(c)
		if gathers && (c.Class == fact.NoticeList || c.Class == fact.Policy) {
			c.Latest = later(c.Latest, s.newestBelow(c)) // those below have no window of their own (WEB-21)
			gathers = false
		}
		if !c.Latest.Before(from) {
			continue
		}
		if c.Latest.IsZero() && c.listed.IsZero() && (!c.paging && !s.showsItems(c) || c.undated == 0 && c.Class == fact.Ordinary) {
			continue // links to other things, no list of items
		}
		if s.parent(c) || gathers || c.Class == fact.Ordinary && s.channels[flat(c.Name)] && (c.duty == nil || c.duty.Days == 0) {
			continue // what is not updated is said of the columns below
		}
		f := fact.Finding{URL: c.URL, On: onOf(c), State: fact.Fail, At: c.at, Proof: c.hash, What: fmt.Sprintf("栏目“%s”超过%s没有更新", c.Name, words), Mend: "更新栏目；确实没有内容可发的，合并或撤下栏目"}
		counted := &long
		switch {
		case c.Class == fact.News:
			f.Check, f.Also, f.Indicator = "WEB-43", []string{"WEB-20"}, "D1.4"
			counted = &short
		case c.Class == fact.Policy && c.Level == 1:
			f.Check, f.Also, f.Indicator = "WEB-44", []string{"WEB-20"}, "D1.5"
			counted = &short
		case c.Class == fact.NoticeList && c.Level == 1:
			f.Check, f.Indicator = "WEB-20", "D1.8"
			counted = &short
		default:
			f.Check, f.Indicator = "WEB-22", "D1.8"
			if c.duty == nil || c.duty.Days == 0 {
				f.State = fact.Proposed
				f.Mend = "更新栏目；按事件更新、没有固定周期的，请在栏目清单中写明理由"
			}
		}
		s.seenStale(&f, c, from)
		if s.add(f) {
			*counted = append(*counted, c.Name)
		}
	}
	s.byScript()
	s.addUp("V4.1", "WEB-20", short, s.limit("V4.1.count"), unknown, fmt.Sprintf("动态、要闻类栏目超过两周和通知公告、政策文件类一级栏目超过6个月未更新的合计 %d 个", len(short)))
	s.addUp("V4.2", "WEB-22", long, s.limit("V4.2.count"), 0, fmt.Sprintf("超过更新周期的其他栏目 %d 个", len(long)))
	if s.in.Site.Department {
		return
	}
	s.kept("D1.4", "WEB-43", "动态要闻", newsName, func(c *column) bool { return c.Class == fact.News })
	s.kept("D1.5", "WEB-44", "政策文件", policyName, func(c *column) bool { return c.Class == fact.Policy })
	if !s.findingOf("D1.8") {
		s.decide("D1.8", fact.Pass, "没有发现空白或长期不更新的其他栏目")
	}
}

// byScript tells of lists that only a browser could read (WEB-83): what readers
// without scripts miss is a fault of the template, so it is one finding, on the
// column nearest to the home page.
func (s *site) byScript() {
	var all []*column
	for _, c := range s.columns {
		if c.byScript && hostOf(c.URL) == s.host {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b *column) int { return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.URL, b.URL)) })
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	c := all[0]
	s.add(fact.Finding{Check: "WEB-83", Also: []string{"WEB-65"}, Indicator: "D4.8", URL: c.URL, On: onOf(c), Key: "脚本列表", State: fact.Proposed, At: c.at, Proof: c.hash, Count: len(all),
		What: "列表只由脚本生成，不运行脚本看不到内容", Seen: fmt.Sprintf("用浏览器打开才有内容的栏目 %d 个：%s", len(all), list(names, 10)), Mend: "让列表直接写在页面里，脚本只用来翻页和筛选；搜索引擎、读屏软件和检查程序都要能读到"})
}

// kept decides D1.4 and D1.5 where no column is at fault: there are some, or none
// was found, or a script fills them in.
func (s *site) kept(indicator, check, what string, names *regex.Pattern, is func(*column) bool) {
	if s.findingOf(indicator) {
		return
	}
	known, unknown := 0, 0
	for _, c := range s.columns {
		switch {
		case !is(c):
		case c.scripted:
			unknown++
		default:
			known++
		}
	}
	switch {
	case known > 0:
		s.decide(indicator, fact.Pass, fmt.Sprintf("%s类栏目 %d 个，没有发现超过期限未更新的", what, known))
	case unknown > 0:
		s.decide(indicator, fact.NotDecided, what+"类栏目由脚本载入，未能判断")
	default:
		s.missing(check, indicator, what, names)
	}
}

// readings is D1.6: an interpretation in six months, in whichever of the columns
// (WEB-45).
func (s *site) readings() {
	if s.in.Site.Department {
		return
	}
	var best *column
	var newest time.Time
	unknown := false
	for _, c := range s.columns {
		if !reading.MatchString(c.Name) && !reading.MatchString(c.tag) || c.kind == fact.Section && !s.showsItems(c) || c.archived {
			continue
		}
		unknown = unknown || c.scripted
		if best == nil || c.Level < best.Level || c.Level == best.Level && len(c.URL) < len(best.URL) {
			best = c
		}
		newest = later(newest, later(c.Latest, c.listed))
	}
	from := monthsBefore(s.in.T0, s.limit("D1.6.months"))
	switch {
	case best == nil:
		s.missing("WEB-45", "D1.6", "政策解读", reading)
	case !newest.Before(from):
		s.decide("D1.6", fact.Pass, "最近一篇解读发布于 "+day(newest))
	case unknown:
		s.decide("D1.6", fact.NotDecided, "解读栏目由脚本载入，未能判断")
	case best.Items == 0: // said of the empty column
		s.decide("D1.6", fact.NotDecided, "解读栏目“"+best.Name+"”没有内容，见空白栏目")
	case newest.IsZero():
		s.decide("D1.6", fact.NotDecided, "解读栏目中没有读出日期，请人查看："+best.URL)
	default:
		f := fact.Finding{Check: "WEB-45", Indicator: "D1.6", URL: best.URL, On: onOf(best), State: fact.Fail, At: best.at, Proof: best.hash,
			What: "政策解读超过6个月没有更新", Seen: "最近一篇发布于 " + day(newest), Mend: "文件发布时同步发布解读"}
		s.charge(f, f.What+"："+f.Seen)
	}
}

// seenStale says what was seen of a column that is not updated.
func (s *site) seenStale(f *fact.Finding, c *column, from time.Time) {
	switch {
	case !c.Latest.IsZero():
		f.Seen = fmt.Sprintf("最新一条发布于 %s", day(c.Latest))
	case c.listed.IsZero():
		f.Seen, f.State = fmt.Sprintf("%d 条内容都没有注明发布时间，按未更新计", c.Items), fact.Proposed
	default:
		f.Seen = "文章页都没有注明发布时间，按未更新计"
	}
	if !c.listed.IsZero() && !c.listed.Before(from) {
		f.Seen += fmt.Sprintf("；列表上另有 %s 的条目，但文章页没有注明发布时间", day(c.listed))
		f.State = fact.Proposed
	}
}

// showsItems tells whether the column's entries are items.
func (s *site) showsItems(c *column) bool {
	n := 0
	for _, e := range c.entries {
		if s.leaves[s.end(e.leaf)].is&isItem != 0 {
			n++
		}
	}
	return n*2 > len(c.entries)
}

// parent tells whether a column's entries are columns: what is not updated is
// then said of them.
func (s *site) parent(c *column) bool {
	n := 0
	for _, e := range c.entries {
		if s.leaves[s.end(e.leaf)].is&isColumn != 0 {
			n++
		}
	}
	return n*2 > len(c.entries)
}

// gathers tells whether a column that others hang under shows but items of those:
// what is not updated is said of them, each with its own window.
func (s *site) gathers(c *column) bool {
	below := map[int32]bool{}
	for _, o := range s.below(c) {
		for _, e := range o.entries {
			below[s.end(e.leaf)] = true
		}
	}
	n := 0
	for _, e := range c.entries {
		i := s.end(e.leaf)
		own := ""
		if it := s.leaves[i].item; it >= 0 {
			own = flat(s.items[it].Column)
		}
		if _, known := s.byName[own]; below[i] || known && own != flat(c.Name) {
			n++
		}
	}
	return n*2 > len(c.entries)
}

// below are the columns that hang under a column.
func (s *site) below(c *column) (out []*column) {
	for _, o := range s.columns {
		for k := 0; o != c && k+1 < len(o.crumb); k++ {
			if flat(o.crumb[k]) == flat(c.Name) {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

// newestBelow is the newest item of the columns under a column.
func (s *site) newestBelow(c *column) (newest time.Time) {
	for _, o := range s.below(c) {
		newest = later(newest, o.Latest)
	}
	return newest
}

func onOf(c *column) string { return cmp.Or(c.on, c.URL) }

// addUp decides a veto of columns that are counted, with a finding on the home
// page where the number is reached.
func (s *site) addUp(indicator, check string, names []string, most, unknown int, words string) {
	if len(names) < most {
		switch {
		case len(names)+unknown >= most:
			s.decide(indicator, fact.NotDecided, fmt.Sprintf("%s，不足 %d 个；另有 %d 个栏目由脚本载入，未能判断", words, most, unknown))
		default:
			s.decide(indicator, fact.Pass, fmt.Sprintf("%s，不足 %d 个", words, most))
		}
		return
	}
	f := fact.Finding{Check: check, Indicator: indicator, URL: s.home.url, On: s.home.url, State: fact.Fail, At: s.home.at, Proof: s.home.hash, Count: 1,
		What: fmt.Sprintf("%s，达到单项否决的 %d 个", words, most), Seen: list(names, 20), Mend: "逐个更新所列栏目；无力维护的合并或撤下"}
	f.Confirmed = s.again(f)
	switch indicator {
	case "V4.2": // S: a person confirms
		f.State, f.Confirmed = fact.Proposed, false
	case "V4.3": // WEB-23: after the second round
		if !f.Confirmed {
			f.State = fact.Proposed
		}
	}
	s.charge(f, f.What+"："+f.Seen)
}

// list writes names, the first of them where there are many.
func list(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], "、") + fmt.Sprintf("等 %d 个", len(names))
	}
	return strings.Join(names, "、")
}

// count is the number of findings of an indicator in a state.
func (s *site) count(indicator string, state fact.State) (n int) {
	for _, f := range s.findings {
		if f.Indicator == indicator && f.State == state {
			n++
		}
	}
	return n
}
