package inspect

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/area"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// lookedAt bounds how many items a rule reads, and how many it shows.
const (
	lookedAt = 5000
	shown    = 30
)

// proveItem looks for items of the unit in the period.
func (s *Service) proveItem(ctx context.Context, in area.Question) (area.Answer, error) {
	site, r, seen, unknown, err := s.opened(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	defer seen.Close()
	unit := in.Unit
	if in.Values["anyone"] == "yes" {
		unit = ""
	}
	list, err := itemsOf(ctx, s.k.DB.Read, site.ID, unit, in.From.String(), in.Until.String(), lookedAt)
	if err != nil {
		return area.Answer{}, err
	}
	var wanted []string
	byURL := map[string]Item{}
	for _, it := range list {
		if inColumn(it.Col, in.Values["column"]) && has(it.Title, in.Values["title"]) {
			wanted = append(wanted, it.URL)
			byURL[it.URL] = it
		}
	}
	each := strings.Fields(in.Values["each"])
	of := make([]int, len(each)) // items that are whole, for each of them
	var a area.Answer
	var best *fact.Page
	whole, lacking, want := 0, 0, in.Count("n", 1)
	err = seen.Some(ctx, wanted, func(p *fact.Page) error {
		it := byURL[p.URL]
		if p.Read == nil || !p.OK() {
			return nil
		}
		text := it.Title + "\n" + p.Read.Text
		if !has(text, in.Values["words"]) {
			return nil
		}
		about := 0
		lacks := lacks(p.Read, site.Start, in)
		for i, word := range each {
			if has(text, word) {
				about++
				if len(lacks) == 0 {
					of[i]++
				}
			}
		}
		if len(each) > 0 && about == 0 {
			return nil
		}
		if len(lacks) > 0 {
			lacking++
		} else if whole++; best == nil || it.Day > byURL[best.URL].Day {
			best = p
		}
		a.Rows = append(a.Rows, area.Row{Title: it.Title, Link: it.URL, Date: it.Day, OK: len(lacks) == 0, Why: strings.Join(lacks, "；")})
		return nil
	})
	if err != nil {
		return a, err
	}
	slices.SortStableFunc(a.Rows, func(x, y area.Row) int {
		return cmp.Or(strings.Compare(y.Date, x.Date), strings.Compare(x.Link, y.Link))
	})
	if in.Values["every"] == "yes" { // what is not whole decides, so it is shown
		a.Rows = append(pick(a.Rows, func(r area.Row) bool { return !r.OK }), pick(a.Rows, func(r area.Row) bool { return r.OK })...)
	}
	var missing []string
	for i, word := range each {
		if of[i] < want {
			missing = append(missing, "“"+word+"”")
		}
	}
	a.Rows = a.Rows[:min(len(a.Rows), shown)]
	span, when := in.From.Chinese()+"至"+in.Until.Chinese(), calendar.Of(r.Ended).Chinese()
	met := whole >= want
	if len(each) > 0 {
		met = len(missing) == 0
		a.Why = fmt.Sprintf("%s应有%d项，%s检查时看到%d项", span, len(each), when, len(each)-len(missing))
		if !met {
			a.Why += "，没有" + strings.Join(missing, "")
		}
	} else {
		a.Why = fmt.Sprintf("%s应有%d条，%s检查时看到%d条符合", span, want, when, whole)
	}
	if in.Values["every"] == "yes" && lacking > 0 {
		met = false
		a.Why += fmt.Sprintf("，%d条缺少要件", lacking)
	}
	a.Verdict = area.Tell(met)
	if r.Stopped != "" && !met {
		a.Verdict, a.Why = area.CannotTell, a.Why+"；这次检查没有读完全站"
	}
	if met {
		a.Archive, err = s.keepSeen(ctx, site, seen, best)
	}
	return a, err
}

// lacks names the required parts that an item of a site does not have.
func lacks(r *fact.Reading, start string, in area.Question) []string {
	var out []string
	need := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	linked := func(is func(fact.Link) bool) bool { return slices.ContainsFunc(r.Links, is) }
	if in.Values["attachment"] == "yes" {
		need(linked(isAttachment), "没有附件")
	}
	if in.Values["reading"] == "yes" {
		need(linked(func(l fact.Link) bool {
			return own(l) && strings.Contains(l.Text, "解读") && len([]rune(l.Text)) > 2
		}), "没有关联政策解读")
	}
	if days := in.Count("days", 0); days > 0 {
		from, until, ok := consultationPeriod(r.Text)
		switch {
		case !ok:
			need(false, "没有写明征集起止日期")
		default:
			need(until.Sub(from) >= days, fmt.Sprintf("征集期%d日，不足%d日", until.Sub(from), days))
		}
	}
	if in.Values["feedback"] == "yes" {
		need(strings.Contains(r.Text, "采纳") || linked(func(l fact.Link) bool {
			return own(l) && slices.ContainsFunc([]string{"采纳", "征集结果", "结果反馈", "意见反馈"}, func(w string) bool { return strings.Contains(l.Text, w) })
		}), "没有公布征集结果")
	}
	if in.Values["phone"] == "yes" {
		need(phone.MatchString(r.Text), "没有联系电话")
	}
	if in.Values["media"] == "yes" {
		need(linked(isMedia), "没有图解或音视频")
	}
	if want := strings.Fields(in.Values["table"]); len(want) > 0 {
		if missing := notInTable(r.Tables, want); len(r.Tables) == 0 {
			need(false, "没有表格")
		} else if len(missing) > 0 {
			need(false, "表格没有"+strings.Join(missing, "、")+"列")
		}
	}
	if to := in.Values["library"]; to != "" {
		need(linked(func(l fact.Link) bool { return own(l) && leadsTo(l.URL, start, to) }), "没有链接到 "+to)
	}
	return out
}

// notInTable names the columns that the table with the most of them does not have.
func notInTable(tables [][]string, want []string) []string {
	best := want
	for _, heads := range tables {
		var missing []string
		for _, w := range want {
			if !slices.ContainsFunc(heads, func(h string) bool { return has(h, w) }) {
				missing = append(missing, "“"+w+"”")
			}
		}
		if len(missing) < len(best) {
			best = missing
		}
		if len(missing) == 0 {
			return nil
		}
	}
	if slices.Equal(best, want) { // none has any
		best = nil
		for _, w := range want {
			best = append(best, "“"+w+"”")
		}
	}
	return best
}

// own tells whether a link belongs to the page itself, not to the menu and the
// foot that all pages share.
func own(l fact.Link) bool { return l.Place != fact.InNav && l.Place != fact.InFooter }

// period are the first and the last day of a consultation as its text names
// them: 2026年5月1日至6月1日, 自2026-05-01起至2026-06-01止.
var period = regexp.MustCompile(`(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:\d{1,2}[:：时]\d{0,2}分?)?(?:起)?[，,]?\s*(?:至|到|—+|-+|~|～)\s*(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?`)

func consultationPeriod(text string) (from, until calendar.Date, ok bool) {
	g := period.FindStringSubmatch(text)
	if g == nil {
		return from, until, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(g[i]); return v } // digits by the pattern, or "" for the year before
	year := n(1)
	from = calendar.Day(year, time.Month(n(2)), n(3))
	if g[4] != "" {
		year = n(4)
	}
	until = calendar.Day(year, time.Month(n(5)), n(6))
	return from, until, !until.Before(from)
}

// phone is a telephone number of an office.
var phone = regexp.MustCompile(`(?:^|\D)(?:0\d{2,3}[-—－ ]?)?[2-8]\d{6,7}(?:\D|$)|(?:^|\D)1\d{10}(?:\D|$)|(?:^|\D)12345(?:\D|$)`)

// leadsTo tells whether an address is another or lies below it, whatever the
// scheme. A path alone is one of the site that starts at start.
func leadsTo(address, start, to string) bool {
	if strings.HasPrefix(to, "/") {
		u, err := url.Parse(start)
		if err != nil {
			return false
		}
		to = u.Host + to
	}
	bare := func(a string) string {
		if _, rest, ok := strings.Cut(a, "://"); ok {
			a = rest
		}
		return strings.TrimSuffix(strings.TrimPrefix(a, "www."), "/")
	}
	a, b := bare(address), bare(to)
	return a == b || strings.HasPrefix(a, b+"/")
}

func isAttachment(l fact.Link) bool {
	u, err := url.Parse(l.URL)
	if err != nil {
		return false
	}
	switch strings.ToLower(filepath.Ext(u.Path)) {
	case ".doc", ".docx", ".xls", ".xlsx", ".pdf", ".wps", ".et", ".ofd", ".zip", ".rar", ".ppt", ".pptx", ".txt", ".csv":
		return own(l)
	}
	return false
}

// isMedia tells whether a link brings more than words: a picture of the text
// itself, a film, a recording.
func isMedia(l fact.Link) bool {
	switch l.Element {
	case "img", "source", "iframe", "object":
		return l.Place == fact.InBody
	case "a":
		u, err := url.Parse(l.URL)
		return err == nil && own(l) && slices.Contains([]string{".mp4", ".mp3", ".webm", ".jpg", ".png"}, strings.ToLower(filepath.Ext(u.Path)))
	}
	return false
}
