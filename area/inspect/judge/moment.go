package judge

import (
	"cmp"
	"fmt"
	"slices"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// sameMinute is V1.5 too (WEB-14): nearly all items of a column were published in one and the
// same minute, as when old texts are put in at once to fill it.
func (s *site) sameMinute() {
	const few = 6
	minutes := map[int32]map[int64]int32{} // by column: items of each minute
	first := map[int32]map[int64]int32{}
	count := map[int32]int32{}
	for i := range s.items {
		it := &s.items[i]
		l := &s.leaves[it.leaf]
		if l.is&dated == 0 || l.is&timed == 0 || !s.flows(it) || calendar.Of(s.in.T0).Sub(it.Date) < 0 {
			continue
		}
		if minutes[l.column] == nil {
			minutes[l.column], first[l.column] = map[int64]int32{}, map[int64]int32{}
		}
		m := l.at / 60
		if minutes[l.column][m]++; minutes[l.column][m] == 1 {
			first[l.column][m] = int32(i)
		}
		count[l.column]++
	}
	var fs []fact.Finding
	for _, c := range slices.Sorted(keys(minutes)) {
		for _, m := range slices.Sorted(keys(minutes[c])) {
			n := minutes[c][m]
			if n < few || n*10 < count[c]*8 {
				continue
			}
			col, it := s.columns[c], &s.items[first[c][m]]
			f := s.forgery(it, "同一分钟", fmt.Sprintf("栏目“%s”几乎所有文章都在同一分钟发布", col.Name), "")
			f.URL, f.On, f.Proof = col.URL, onOf(col), col.hash
			f.Seen = fmt.Sprintf("%d 篇有时间的文章中，%d 篇注明 %s %s 发布，疑为集中补录", count[c], n, it.Date, clockWords((s.leaves[it.leaf].at+8*3600)%86400))
			fs = append(fs, f)
		}
	}
	if len(fs) > 3 && len(fs)*2 > len(minutes) { // one cause: the site was moved
		f := fs[0]
		f.URL, f.On, f.Count, f.Proof = s.home.url, s.home.url, len(fs), s.home.hash
		f.What = fmt.Sprintf("%d 个栏目的文章都在同一分钟发布，可能由迁移或批量导入引起", len(fs))
		fs = []fact.Finding{f}
	}
	for _, f := range fs {
		s.add(f)
	}
}

// midnight is V1.5 too (WEB-14): all items of a column state the first minute of the
// day, as days that were typed in do, while other columns of the site have times. A
// site whose system keeps no times has none anywhere.
func (s *site) midnight() {
	const few = 5
	all, timedOnes := map[int32]int{}, map[int32]int{}
	for i := range s.items {
		l := &s.leaves[s.items[i].leaf]
		if l.is&dated == 0 || !s.flows(&s.items[i]) || l.is&(timed|stated) == 0 {
			continue
		}
		all[l.column]++
		if l.is&timed != 0 {
			timedOnes[l.column]++
		}
	}
	living := 0
	var bare []int32
	for _, c := range slices.Sorted(keys(all)) {
		switch {
		case timedOnes[c] > 0:
			living++
		case all[c] >= few:
			bare = append(bare, c)
		}
	}
	if len(bare) == 0 || living < 2*len(bare) {
		return
	}
	for _, c := range bare {
		col := s.columns[c]
		s.add(fact.Finding{Check: "WEB-14", Indicator: "V1.5", URL: col.URL, On: onOf(col), Key: "零点", State: fact.Proposed, At: col.at, Proof: col.hash,
			What: fmt.Sprintf("栏目“%s”所有文章的发布时间都是 00:00", col.Name), Seen: fmt.Sprintf("%d 篇文章都注明 00:00 发布，其他 %d 个栏目有具体时间", all[c], living), Mend: "发布时间由系统写入，精确到分；核实是否人为填写"})
	}
}

// reused is NORM-25: an address holds another text than in the round before.
func (s *site) reused() {
	b := s.in.Before
	if b == nil || len(b.Items) == 0 {
		return
	}
	old := make(map[uint64]fact.Item, len(b.Items))
	for _, it := range b.Items {
		old[keyOf(it.URL)] = it
	}
	var fs []fact.Finding
	for i := range s.items {
		it := &s.items[i]
		was, ok := old[keyOf(it.URL)]
		if !ok || was.Date.IsZero() || it.Date.IsZero() || was.Date == it.Date || len(it.Title) < 18 || len(was.Title) < 18 || fact.Overlap(flat(was.Title), flat(it.Title)) >= 0.35 {
			continue
		}
		fs = append(fs, fact.Finding{Check: "NORM-25", URL: it.URL, On: cmp.Or(it.on, it.URL), Key: "网址换了内容", State: fact.Proposed, At: it.seen, Proof: it.hash,
			What: "原来的网址换成了另一篇文章", Seen: fmt.Sprintf("上次检查时是《%s》（%s），现在是《%s》（%s）", was.Title, was.Date, it.Title, it.Date), Mend: "网址发布以后不再改作他用：恢复原来的文章，新文章用新的网址"})
	}
	s.propose(fs, "原来的网址换成了另外的文章")
}
