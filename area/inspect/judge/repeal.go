package judge

import (
	"cmp"
	"fmt"
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
