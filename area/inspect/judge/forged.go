package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

const (
	forgedMost = 20 // single findings of a kind; more have one cause and are one finding
	afterDays  = 2  // a page may be written two days after the day it states (WEB-14)
)

// forgery is a proposal of V1.5.
func (s *site) forgery(it *item, key, what, seen string) fact.Finding {
	return fact.Finding{Check: "WEB-14", Indicator: "V1.5", URL: it.URL, On: cmp.Or(it.on, it.URL), Key: key, State: fact.Proposed, At: it.seen, Proof: it.hash,
		What: what, Seen: "《" + it.Title + "》：" + seen, Mend: "核对真实的发布时间；发稿日期不得填写、改动成别的日期"}
}

// propose adds findings of one kind; a great number has one cause, such as a
// moved site, and is one finding on the home page.
func (s *site) propose(fs []fact.Finding, what string) {
	if len(fs) > forgedMost {
		f := fs[0]
		f.URL, f.On, f.Count, f.Proof = s.home.url, s.home.url, len(fs), s.home.hash
		f.What = fmt.Sprintf("%s，共 %d 篇，可能由迁移或批量导入引起", what, len(fs))
		fs = []fact.Finding{f}
	}
	for _, f := range fs {
		s.add(f)
	}
}

// forged is V1.5: days that cannot be, or that differ from what else is known of
// an item (3.1). Everything is for a person to judge.
func (s *site) forged() {
	s.futureDays()
	s.addressDays()
	s.writtenLater()
	s.newSinceBefore()
	s.sameMoment()
	s.midnights()
	s.sameMinute()
	s.midnight()
	if s.count("V1.5", fact.Proposed) == 0 && len(s.items) > 0 {
		s.decide("V1.5", fact.Pass, fmt.Sprintf("比对了 %d 篇文章的日期，没有发现可疑", len(s.items)))
	}
}

// futureDays are days behind the time point. Where the site was fetched later
// than that, what came in between is no fault: then the days must also stand
// alone.
func (s *site) futureDays() {
	today := calendar.Of(s.in.T0)
	between := 0
	before := 0
	span := 0
	if !s.home.at.IsZero() {
		span = calendar.Of(s.home.at).Sub(today)
	}
	for i := range s.items {
		if d := s.items[i].Date; d.IsZero() || span <= 0 {
			continue
		} else if n := d.Sub(today); n > 0 && n <= span {
			between++
		} else if n <= 0 && n > -span {
			before++
		}
	}
	grown := between*5 > before // the site went on after the time point
	var fs []fact.Finding
	for i := range s.items {
		it := &s.items[i]
		n := 0
		if !it.Date.IsZero() {
			n = it.Date.Sub(today)
		}
		if n <= 0 || span > 0 && n <= span && grown {
			continue
		}
		fs = append(fs, s.forgery(it, "将来", "发布日期在将来", fmt.Sprintf("注明发布于 %s，检查时间是 %s", it.Date, today)))
	}
	s.propose(fs, "发布日期在将来")
}

// addressDays: the folder or name of the page carries a later day than the page.
func (s *site) addressDays() {
	var fs []fact.Finding
	dated := 0
	for i := range s.items {
		it := &s.items[i]
		if it.Date.IsZero() || it.pathDay.IsZero() || s.leaves[it.leaf].is&byPath != 0 || !s.flows(it) {
			continue
		}
		dated++
		if it.pathDay.Sub(it.Date) > afterDays {
			fs = append(fs, s.forgery(it, "网址日期", "注明的发布日期早于网址中的日期", fmt.Sprintf("注明发布于 %s，网址中的日期是 %s", it.Date, it.pathDay)))
		}
	}
	if len(fs)*5 > dated && len(fs) > 5 {
		return // the addresses say when the site was moved
	}
	s.propose(fs, "注明的发布日期早于网址中的日期")
}

// flows tells whether an item hangs in a column in which new things appear; the
// pages of organs and leaders are written anew under their old day.
func (s *site) flows(it *item) bool {
	l := &s.leaves[it.leaf]
	return l.column >= 0 && s.columns[l.column].Class != fact.Static
}

// writtenLater: the server says that the page was last changed long after the
// day it states. That means something only where the server says so of few.
func (s *site) writtenLater() {
	var fs []fact.Finding
	known := 0
	for i := range s.items {
		it := &s.items[i]
		if it.modified.IsZero() || it.Date.IsZero() || !s.flows(it) {
			continue
		}
		known++
		if it.modified.Sub(it.Date) > afterDays {
			fs = append(fs, s.forgery(it, "修改时间", "网页生成的时间晚于注明的发布日期", fmt.Sprintf("注明发布于 %s，服务器上的时间是 %s", it.Date, it.modified)))
		}
	}
	if known < 20 || len(fs)*10 > known {
		return
	}
	s.propose(fs, "网页生成的时间晚于注明的发布日期")
}

// modifiedDay reads a Last-Modified header.
func modifiedDay(header string) calendar.Date {
	if header == "" {
		return calendar.Date{}
	}
	t, err := http.ParseTime(header)
	if err != nil {
		return calendar.Date{}
	}
	return calendar.Of(t)
}

// newSinceBefore compares with the round before: items that were not there then
// and state an older day, and items that state another day than then.
func (s *site) newSinceBefore() {
	b := s.in.Before
	if b == nil || len(b.Items) == 0 || b.Stopped != "" {
		return
	}
	old := make(map[uint64]fact.Item, len(b.Items))
	for _, it := range b.Items {
		old[keyOf(it.URL)] = it
	}
	seen := b.Started
	if seen.IsZero() {
		seen = b.T0
	}
	last := calendar.Of(seen)
	var late, moved []fact.Finding
	for i := range s.items {
		it := &s.items[i]
		if it.Date.IsZero() || s.leaves[it.leaf].is&dated == 0 {
			continue
		}
		o, was := old[keyOf(it.URL)]
		switch {
		case !was && len(b.Items) < maxItems && last.Sub(it.Date) > afterDays && s.listedFirst(it):
			late = append(late, s.forgery(it, "补录", "新出现的文章注明的是以前的日期", fmt.Sprintf("注明发布于 %s，但 %s 检查时还没有这篇文章", it.Date, last)))
		case was && !o.Date.IsZero() && it.Date.Sub(o.Date) > afterDays && flat(o.Title) == flat(it.Title):
			moved = append(moved, s.forgery(it, "改日期", "文章没有换，发布日期改晚了", fmt.Sprintf("原来注明 %s，现在注明 %s", o.Date, it.Date)))
		}
	}
	s.propose(late, "新出现的文章注明的是以前的日期")
	s.propose(moved, "文章没有换，发布日期改晚了")
}

// listedFirst tells whether an item stands on the first two pages of a column or
// on the home page, where the round before cannot have missed it.
func (s *site) listedFirst(it *item) bool {
	l := &s.leaves[it.leaf]
	if l.is&byHome != 0 {
		return true
	}
	if l.column < 0 {
		return false
	}
	for _, e := range s.columns[l.column].entries {
		if s.end(e.leaf) == it.leaf {
			return true
		}
	}
	return false
}

var zeroTime = regex.New(`\d[ T]0?0:00(?::00)?$`)

// midnights: all items of a column state 00:00, where those of others state when
// they were published: the day was typed by hand.
func (s *site) midnights() {
	count, zero := map[int32]int{}, map[int32]int{}
	all, none := 0, 0
	for i := range s.items {
		l := &s.leaves[s.items[i].leaf]
		if l.column < 0 || l.is&dated == 0 || l.is&(timed|midnight) == 0 {
			continue
		}
		all++
		count[l.column]++
		if l.is&midnight != 0 {
			none++
			zero[l.column]++
		}
	}
	if none*3 > all {
		return // the system keeps no time of day
	}
	for n, c := range s.columns {
		if k := zero[int32(n)]; k >= 5 && k == count[int32(n)] {
			s.add(fact.Finding{Check: "WEB-14", Also: []string{"NORM-15"}, Indicator: "V1.5", URL: c.URL, On: onOf(c), Key: "零点", State: fact.Proposed, At: c.at, Proof: c.hash, Count: k,
				What: fmt.Sprintf("栏目“%s”的文章都注明零点发布", c.Name), Seen: fmt.Sprintf("%d 篇文章的发布时间都是 00:00，其他栏目有准确的时刻，疑为人工填写", k), Mend: "发布时间由系统写入，到时、分，不人工填写"})
		}
	}
}

// sameMoment: the items of a column all state the same time of day, or the same
// second; and one text stands there again under a newer day.
func (s *site) sameMoment() {
	type at struct {
		item   int32
		second int64
	}
	byColumn := map[int32][]at{}
	texts := map[uint64]int32{}
	var again []fact.Finding
	for i := range s.items {
		it := &s.items[i]
		l := &s.leaves[it.leaf]
		if l.is&dated == 0 {
			continue
		}
		if l.is&timed != 0 && l.column >= 0 {
			byColumn[l.column] = append(byColumn[l.column], at{int32(i), l.at})
		}
		if l.text == 0 {
			continue
		}
		j, ok := texts[l.text]
		if !ok {
			texts[l.text] = int32(i)
			continue
		}
		o := &s.items[j]
		older, newer := o, it
		if it.Date.Before(o.Date) {
			older, newer = it, o
		}
		if newer.Date.Sub(older.Date) > 30 && flat(newer.Title) == flat(older.Title) && newer.Number == "" && s.leaves[newer.leaf].column == s.leaves[older.leaf].column {
			again = append(again, s.forgery(newer, "旧稿重发", "旧稿换了日期重新发布", fmt.Sprintf("与 %s 发布的 %s 文字完全相同", older.Date, older.URL)))
			s.redated[newer.leaf], s.redated[older.leaf] = true, true
		}
	}
	s.propose(again, "旧稿换了日期重新发布")
	columns := make([]int32, 0, len(byColumn))
	for c := range byColumn {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	var fs []fact.Finding
	judged := 0
	clocks := map[int64]int{}
	for _, c := range columns {
		list := byColumn[c]
		if len(list) < 5 {
			continue
		}
		judged++
		byClock := map[int64]map[int64]bool{} // days by time of day
		for _, a := range list {
			local := a.second + 8*3600
			clock, d := local%86400, local/86400
			if byClock[clock] == nil {
				byClock[clock] = map[int64]bool{}
			}
			byClock[clock][d] = true
		}
		best, days := int64(0), 0
		for clock, ds := range byClock {
			if len(ds) > days || len(ds) == days && clock < best {
				best, days = clock, len(ds)
			}
		}
		// Nine o'clock is when many publish; 17:32 on six days is no chance.
		if most := days*10 >= len(list)*6; days < 5 || !most && (best%1800 == 0 || days < 6 || days*100 < len(list)*5) {
			continue
		}
		clocks[best]++
		it := &s.items[list[0].item]
		col := s.columns[c]
		f := s.forgery(it, "时刻", fmt.Sprintf("栏目“%s”的许多文章在同一时刻发布", col.Name), "")
		f.URL, f.On, f.Proof = col.URL, onOf(col), col.hash
		f.Seen = fmt.Sprintf("%d 天的文章都注明 %s 发布，疑为人工填写", days, clockWords(best))
		fs = append(fs, f)
	}
	common := 0
	for _, n := range clocks {
		common = max(common, n)
	}
	if judged > 2 && common*2 > judged {
		return // the system writes one time of day for everything
	}
	slices.SortFunc(fs, func(a, b fact.Finding) int { return cmp.Compare(a.URL, b.URL) })
	for _, f := range fs {
		s.add(f)
	}
}

func clockWords(second int64) string {
	return strings.TrimSuffix(time.Unix(second, 0).UTC().Format("15:04:05"), ":00")
}
