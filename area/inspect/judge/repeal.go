package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

const (
	maxRepeals  = 50_000
	repealsEach = 300 // of one document
)

// repeal is what a document says of another: that it is valid no more.
type repeal struct {
	item   int32  // that says so
	number string // of the other; "" = it names the title only
	core   uint64 // of its title
	title  string
}

// standing is what a document's own page says of its validity.
type standing uint8

const (
	silent  standing = iota
	valid            // 有效性：有效
	overNow          // says anywhere that it has ended, or was changed
)

var (
	validCell    = regex.New(`^(?:现行|继续)?有效$|^是$`)
	endedWord    = regex.New(`(?:已|被|予以|宣布|全文)(?:失效|废止)|[（(【\[](?:失效|废止)[)）】\]]`)
	repealWord   = regex.New(`(?:同时|予以|即行|自行|一并|相应)?(?:废止|停止执行|不再执行)`)
	repealNot    = regex.New(`除.{0,30}外|部分|条款|修改|修订为|尚未|未予?废止|不予?废止|建议|是否|可以|拟|规定的除外|期满|届满|另有`)
	repealDraft  = regex.New(`征求意见|征集|草案|解读|图解|公示|说明|答记者|问答|座谈|会议|新闻`)
	repealList   = regex.New(`关于(?:公布|宣布|决定)?(?:废止|失效|宣布失效|废止和宣布失效|宣布废止和失效|废止(?:、|和)失效)(?:的)?.{0,24}(?:文件|规章|规定|通知|办法|目录)`)
	repealMixed  = regex.New(`修改|清理结果|继续有效|保留`)
	repealTitle  = regex.New(`《([^《》]{4,90})》\s?(?:[（(]([^（）()]{3,40}号)[)）])?`)
	repealNumber = regex.New(`[\p{Han}]{1,14}〔(?:19|20)\d{2}〕\d{1,5}号`)
	repealFrom   = regex.New(`自\s?((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s?起`)
)

// seeRepeal keeps what a document says of its own validity, and which others it
// repeals (DEC-29, disclosure-platform 2.3 no. 12).
func (s *site) seeRepeal(i int32, p *fact.Page) {
	r := p.Read
	n := s.leaves[i].item
	if n < 0 {
		return
	}
	top := cut(r.Text, 1500)
	switch cell := strings.TrimSpace(r.Head["有效性"]); {
	case validCell.MatchString(cell):
		s.standings[n] = valid
	case cell != "" || endedWord.MatchString(r.Heading) || endedWord.MatchString(top):
		s.standings[n] = overNow
	}
	if !strings.Contains(r.Text, "废止") && !strings.Contains(r.Text, "停止执行") && !strings.Contains(r.Text, "不再执行") && !repealList.MatchString(r.Heading) {
		return
	}
	if repealDraft.MatchString(r.Heading) || r.Published.After(s.in.T0) {
		return
	}
	whole := repealList.MatchString(r.Heading) && !repealMixed.MatchString(r.Heading)
	left := repealsEach
	for line := range strings.SplitSeq(r.Text, "\n") {
		for sentence := range strings.SplitSeq(line, "。") {
			sentence = numberForm.Replace(sentence)
			switch {
			case whole && !repealNot.MatchString(sentence):
			case len(sentence) > 1500 || !repealWord.MatchString(sentence) || repealNot.MatchString(sentence):
				continue
			}
			if g := repealFrom.FindStringSubmatch(sentence); g != nil && civil(g[1], g[2], g[3]).After(calendar.Of(s.in.T0)) {
				continue // in force one day
			}
			for _, one := range repealedIn(sentence) {
				if left--; left < 0 || len(s.repeals) >= maxRepeals {
					return
				}
				one.item = n
				s.repeals = append(s.repeals, one)
			}
		}
	}
}

// repealedIn are the documents that a sentence names, by number where it has one.
func repealedIn(sentence string) (out []repeal) {
	for _, g := range repealTitle.FindAllStringSubmatch(sentence, 40) {
		one := repeal{title: g[1], number: repealNumber.FindString(strings.ReplaceAll(g[2], " ", ""))}
		if c := coreOf(g[1]); c != "" {
			one.core = xxhash.Sum64String(c)
		}
		out = append(out, one)
	}
	if len(out) > 0 {
		return out
	}
	for _, number := range repealNumber.FindAllString(strings.ReplaceAll(sentence, " ", ""), 40) {
		out = append(out, repeal{number: number, title: number})
	}
	return out
}

// repealed is PLAT-22 and NORM-21 between documents: what a later one repeals is
// marked so on its own page.
func (s *site) repealed() {
	if len(s.repeals) == 0 {
		return
	}
	byNumber, byCore := map[string][]int32{}, map[uint64][]int32{}
	for i := range s.papers {
		p := &s.papers[i]
		if p.reads {
			continue
		}
		if number := repealNumber.FindString(p.number); number != "" {
			byNumber[number] = append(byNumber[number], p.item)
		}
		if p.core != 0 {
			byCore[p.core] = append(byCore[p.core], p.item)
		}
	}
	told := map[int32]bool{}
	for _, r := range s.repeals {
		by := &s.items[r.item]
		sure := r.number != ""
		found := byNumber[r.number]
		if !sure {
			found = byCore[r.core]
		}
		for _, n := range found {
			it := &s.items[n]
			older := !it.Date.IsZero() && !by.Date.IsZero() && by.Date.Sub(it.Date) > 30
			if n == r.item || told[n] || !older || sameBut(it.URL, by.URL) || numberForm.Replace(it.Number) == numberForm.Replace(by.Number) && it.Number != "" {
				continue
			}
			f := fact.Finding{URL: it.URL, On: cmp.Or(it.on, it.URL), State: fact.Proposed, At: it.seen, Proof: it.hash,
				Seen: fmt.Sprintf("《%s》（%s）写明废止“%s”", by.Title, by.URL, cut(r.title, 60)), Mend: "核实后在文件页面标明已废止，有效性改为已废止，并移入失效废止文件库"}
			switch s.standings[n] {
			case valid:
				f.Check, f.Also, f.Key, f.What = "PLAT-22", []string{"NORM-21"}, "有效性", "文件已被废止，信息表仍标注为有效"
				if sure {
					f.State = fact.Fail
				}
			case silent:
				f.Check, f.Key, f.What = "NORM-21", "效力", "文件已被废止，页面没有标明"
			default:
				continue
			}
			told[n] = true
			s.add(f)
		}
	}
}

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
		if !ok || was.Date.IsZero() || it.Date.IsZero() || was.Date == it.Date || len(it.Title) < 18 || len(was.Title) < 18 || shared(flat(was.Title), flat(it.Title)) >= 0.35 {
			continue
		}
		fs = append(fs, fact.Finding{Check: "NORM-25", URL: it.URL, On: cmp.Or(it.on, it.URL), Key: "网址换了内容", State: fact.Proposed, At: it.seen, Proof: it.hash,
			What: "原来的网址换成了另一篇文章", Seen: fmt.Sprintf("上次检查时是《%s》（%s），现在是《%s》（%s）", was.Title, was.Date, it.Title, it.Date), Mend: "网址发布以后不再改作他用：恢复原来的文章，新文章用新的网址"})
	}
	s.propose(fs, "原来的网址换成了另外的文章")
}

// shared is the share of the characters of the shorter text that the other has too.
func shared(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	n, same := 0, 0
	for _, c := range a {
		n++
		if strings.ContainsRune(b, c) {
			same++
		}
	}
	return float64(same) / float64(max(n, 1))
}
