package inspect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"gongkai/area"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/survey"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// Proofs are the rules that inspected websites can answer (measures.md: site-item,
// site-clean, fresh, page). They read what the last round saw; nothing is fetched
// but the page that is kept as evidence.
func (s *Service) Proofs() []area.Proof {
	site := area.Param{Name: "site", Title: "网站", Optional: true, Help: "网站名称或首页地址；不填为登记的第一个网站"}
	column := area.Param{Name: "column", Title: "栏目", Optional: true, Help: "栏目名称，多个用空格分开；不填为全站"}
	anyone := func(values map[string]string) bool { return values["anyone"] == "yes" }
	always := func(map[string]string) bool { return true }
	const place = "网址；本站的栏目可以只写路径，例如 /zcwj/"
	return []area.Proof{
		{
			Name: "site-item", Title: "网站上有符合条件的信息", Slow: true,
			Help: "最近一次网站检查看到：任务期间内，该单位发布的信息中有符合条件、要件齐全的若干条。",
			Params: []area.Param{site, column,
				{Name: "words", Title: "标题或正文应含", Optional: true, Help: "多个词句用空格分开，须全部出现；可以互换的用竖线分开，如 通知|公告"},
				{Name: "title", Title: "标题应含", Optional: true, Help: "写法同上，只看标题"},
				{Name: "each", Title: "逐项都应有", Optional: true, Help: "多个词句用空格分开，每一个都应有符合条件的信息，可以在不同的信息中；可以互换的用竖线分开"},
				{Name: "n", Title: "条数", Kind: area.Count, Default: "1"},
				{Name: "every", Title: "须条条符合", Kind: area.YesNo, Optional: true, Help: "勾选后，只要有一条缺少要件就不达标"},
				{Name: "anyone", Title: "不限发布单位", Kind: area.YesNo, Optional: true, Help: "不勾选时只算该单位发布的信息"},
				{Name: "attachment", Title: "须有附件", Kind: area.YesNo, Optional: true},
				{Name: "reading", Title: "须关联政策解读", Kind: area.YesNo, Optional: true},
				{Name: "days", Title: "征集期不少于（日）", Kind: area.Count, Optional: true, Help: "意见征集的起止日期写在正文中，例如 30"},
				{Name: "feedback", Title: "须公布征集结果", Kind: area.YesNo, Optional: true},
				{Name: "phone", Title: "须有联系电话", Kind: area.YesNo, Optional: true},
				{Name: "media", Title: "须有图解或音视频", Kind: area.YesNo, Optional: true},
				{Name: "table", Title: "表格须有的列", Optional: true, Help: "同一张表格的列名，用空格分开；可以互换的用竖线分开，如 电话|联系方式"},
				{Name: "library", Title: "须链接到", Optional: true, Help: place},
			},
			Ask: s.proveItem, Alike: anyone,
		},
		{
			Name: "site-fresh", Title: "栏目按周期更新",
			Help:   "栏目清单中该单位负责的栏目，或者指定的栏目，都在更新周期之内，没有空白。",
			Params: []area.Param{site, column},
			Ask:    s.proveFresh,
			Alike:  func(values map[string]string) bool { return values["column"] != "" },
		},
		{
			Name: "site-link", Title: "网站首页有栏目和链接",
			Help: "最近一次网站检查看到：首页有指定名称的栏目，栏目打得开；指定了网址的，栏目指向它，或者栏目页上有指向它的链接，并且打得开。",
			Params: []area.Param{site,
				{Name: "name", Title: "栏目名称", Help: "首页上的链接文字，多个用空格分开，须全部出现"},
				{Name: "link", Title: "指向", Optional: true, Help: place + "；它下面的页面也算"},
			},
			Ask: s.proveLink, Slow: true, Alike: always,
		},
		{
			Name: "site-ipv6", Title: "网站支持IPv6访问",
			Help:   "最近一次网站检查用IPv6打开了首页和各页面，内容与IPv4一致。",
			Params: []area.Param{site},
			Ask:    s.proveIPv6,
			Alike:  always,
		},
		{
			Name: "site-mailbox", Title: "留言按时答复",
			Help: "网站公布的留言（纠错、咨询）都在规定工作日内答复。",
			Params: []area.Param{site, column,
				{Name: "n", Title: "工作日", Kind: area.Count, Default: "3", Help: "我为政府网站找错：3个工作日"},
				{Name: "anyone", Title: "不限答复单位", Kind: area.YesNo, Optional: true},
			},
			Ask: s.proveMailbox, Alike: anyone,
		},
		{
			Name: "site-clean", Title: "没有未整改的网站问题",
			Help: "网站检查发现的指定指标的问题已全部整改、保留或判为误报。",
			Params: []area.Param{site,
				{Name: "indicator", Title: "指标", Optional: true, Help: "如 D4.3 V1.2 NORM-14，多个用空格分开；不填为全部"},
				{Name: "anyone", Title: "全站", Kind: area.YesNo, Optional: true, Help: "不勾选时只看交办给该单位的问题"},
			},
			Ask: s.proveClean, Alike: anyone,
		},
	}
}

// stale is how old an inspection may be and still say how things are.
const stale = 31

// looked is the site of a question and its last finished round. unknown says in
// Chinese why nothing can be told.
func (s *Service) looked(ctx context.Context, in area.Question) (site Site, r Round, unknown string, err error) {
	list, err := sites(ctx, s.k.DB.Read)
	if err != nil {
		return site, r, "", err
	}
	want := strings.TrimSpace(in.Values["site"])
	i := slices.IndexFunc(list, func(one Site) bool {
		return want == "" || one.Name == want || strings.TrimSuffix(one.Start, "/") == strings.TrimSuffix(want, "/")
	})
	if i < 0 {
		if want == "" {
			return site, r, "还没有登记检查的网站", nil
		}
		return site, r, "没有登记网站“" + want + "”", nil
	}
	site = list[i]
	if r, err = lastRound(ctx, s.k.DB.Read, site.ID, Done); err != nil {
		return site, r, "", err
	}
	switch {
	case r.ID == "":
		return site, r, site.Name + "还没有检查过", nil
	case in.Today.Sub(calendar.Of(r.Ended)) > stale:
		return site, r, fmt.Sprintf("%s最近一次检查在%s，已超过%d天", site.Name, calendar.Of(r.Ended).Chinese(), stale), nil
	}
	return site, r, "", nil
}

// opened is looked, with what the rounds of the site kept; whoever asked closes it.
func (s *Service) opened(ctx context.Context, in area.Question) (site Site, r Round, seen *crawl.Store, unknown string, err error) {
	if site, r, unknown, err = s.looked(ctx, in); err != nil || unknown != "" {
		return site, r, nil, unknown, err
	}
	if seen, err = s.kept(site.ID); errors.Is(err, fs.ErrNotExist) {
		return site, r, nil, site.Name + "的检查记录不在这台服务器上，请重新检查一次", nil
	}
	return site, r, seen, "", err
}

// kept opens what the rounds of a site left; fs.ErrNotExist where this server
// has none of it.
func (s *Service) kept(site id.ID) (*crawl.Store, error) {
	return crawl.OpenRead(survey.Crawled(s.folder(site)))
}

func unknownAnswer(why string) area.Answer {
	return area.Answer{Verdict: area.CannotTell, Why: why}
}

// has tells whether a text holds every one of some words; alternatives are apart
// by "|".
func has(text, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if !slices.ContainsFunc(strings.Split(word, "|"), func(w string) bool { return w != "" && strings.Contains(text, w) }) {
			return false
		}
	}
	return true
}

// inColumn tells whether a name is that of one of the columns a rule names; none
// named is every column.
func inColumn(name, wanted string) bool {
	if wanted == "" {
		return true
	}
	for w := range strings.FieldsSeq(wanted) {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

func (s *Service) proveFresh(ctx context.Context, in area.Question) (area.Answer, error) {
	site, r, unknown, err := s.looked(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	list, err := columns(ctx, s.k.DB.Read, site.ID)
	if err != nil {
		return area.Answer{}, err
	}
	var a area.Answer
	bad, doubtful := 0, 0
	for _, c := range list {
		if wanted := in.Values["column"]; wanted != "" && !inColumn(c.Name, wanted) || wanted == "" && c.Unit != in.Unit {
			continue
		}
		state := c.State(in.Today)
		ok := state != Stale && state != Empty && state != Unknown && c.Round == r.Number
		row := area.Row{Title: c.Name, Link: c.URL, Date: dayText(c.Latest), OK: ok, Why: state.Title()}
		switch gone := c.Round != r.Number; {
		case gone && r.Stopped != "":
			row.Why = "这次检查没有读完全站，没有看到这个栏目"
			doubtful++
		case gone:
			row.Why = "最近一次检查没有看到这个栏目"
			bad++
		case state == Unknown:
			row.Why = "栏目中没有看到日期"
			doubtful++
		case !ok:
			bad++
		}
		a.Rows = append(a.Rows, row)
	}
	for name := range strings.FieldsSeq(in.Values["column"]) {
		if slices.ContainsFunc(list, func(c Column) bool { return inColumn(c.Name, name) }) {
			continue
		}
		a.Rows = append(a.Rows, area.Row{Title: name, Why: "网站上没有这个栏目"})
		if r.Stopped != "" {
			doubtful++
		} else {
			bad++
		}
	}
	if len(a.Rows) == 0 {
		return unknownAnswer("栏目清单中还没有该单位负责的栏目"), nil
	}
	a.Verdict = area.Tell(bad == 0)
	a.Why = fmt.Sprintf("%d个栏目，%d个不在更新周期之内", len(a.Rows), bad)
	if doubtful > 0 {
		a.Why += fmt.Sprintf("，%d个不能判断", doubtful)
		if bad == 0 {
			a.Verdict = area.CannotTell
		}
	}
	return a, nil
}

// ipv6 is the indicator of the national table (WEB-63).
const ipv6 = "D4.6"

func (s *Service) proveIPv6(ctx context.Context, in area.Question) (area.Answer, error) {
	site, r, unknown, err := s.looked(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	why := ""
	for _, line := range r.Result.Lines {
		if line.Indicator == ipv6 {
			why = line.Reason
		}
	}
	row := area.Row{Title: site.Name, Link: site.Start, Date: dayText(calendar.Of(r.Ended)), Why: why}
	switch r.Decided[ipv6] {
	case fact.Pass:
		row.OK = true
		return area.Answer{Verdict: area.Met, Why: "网站支持IPv6访问", Rows: []area.Row{row}}, nil
	case fact.Fail:
		return area.Answer{Verdict: area.NotMet, Why: cmp.Or(why, "网站不支持IPv6访问"), Rows: []area.Row{row}}, nil
	default:
		return area.Answer{Verdict: area.CannotTell, Why: cmp.Or(why, "本次检查没有检测IPv6"), Rows: []area.Row{row}}, nil
	}
}

func (s *Service) proveClean(ctx context.Context, in area.Question) (area.Answer, error) {
	site, r, unknown, err := s.looked(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	w := wanted{Site: site.ID, Secrets: true} // one that is kept from most people still counts
	if in.Values["anyone"] != "yes" {
		w.Unit = in.Unit
	}
	list, err := everyFinding(ctx, s.k.DB.Read, w)
	if err != nil {
		return area.Answer{}, err
	}
	indicators := strings.Fields(in.Values["indicator"])
	var a area.Answer
	open, waiting := 0, 0
	for _, f := range list {
		if len(indicators) > 0 && !slices.Contains(indicators, f.Indicator) && !slices.Contains(indicators, f.Code) {
			continue
		}
		switch {
		case f.Counts():
			open++
		case f.Waits():
			waiting++
		default:
			continue
		}
		row := area.Row{Title: f.What, Link: f.URL, Date: dayText(calendar.Of(f.LastAt)), Why: f.Status.Title()}
		if f.Hidden {
			row.Title, row.Link = "涉密标志疑点，由保密审查人员处理", ""
		}
		if len(a.Rows) < shown {
			a.Rows = append(a.Rows, row)
		}
	}
	switch {
	case open > 0:
		a.Verdict, a.Why = area.NotMet, fmt.Sprintf("还有%d个问题没有整改", open)
	case waiting > 0:
		a.Verdict, a.Why = area.CannotTell, fmt.Sprintf("有%d个疑点等待人工确认", waiting)
	case r.Stopped != "":
		a.Verdict, a.Why = area.CannotTell, "最近一次检查没有读完全站"
	default:
		a.Verdict, a.Why = area.Met, calendar.Of(r.Ended).Chinese()+"检查，没有未整改的问题"
	}
	return a, nil
}

// proveMailbox looks at the published letters and how long their answers took.
func (s *Service) proveMailbox(ctx context.Context, in area.Question) (area.Answer, error) {
	_, r, seen, unknown, err := s.opened(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	defer seen.Close()
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return area.Answer{}, err
	}
	days, limit := s.k.Days(), in.Count("n", 3)
	var a area.Answer
	units := map[string]id.ID{}
	known := map[string]bool{} // a letter stands in its list and on its own page
	letters, late := 0, 0
	err = seen.Pages(ctx, crawl.Page, func(p *fact.Page) error {
		if p.Read == nil || !p.OK() {
			return nil
		}
		for _, l := range p.Read.Letters {
			asked := calendar.Of(l.Asked)
			address := cmp.Or(l.URL, p.URL)
			if l.Asked.IsZero() || known[address] || asked.Before(in.From) || asked.After(in.Until) || !inColumn(strings.Join(p.Read.Breadcrumb, " "), in.Values["column"]) {
				continue
			}
			if in.Values["anyone"] != "yes" && unitNamed(dir, units, l.Unit, p.Read.Unit) != in.Unit {
				continue
			}
			due := days.AddWorkingDays(asked, limit)
			row := area.Row{Title: cmp.Or(l.Title, p.Read.Heading, p.Read.Title), Link: address, Date: asked.String(), OK: true}
			switch answered := calendar.Of(l.Answered); {
			case l.Answered.IsZero() && in.Today.After(due):
				row.OK, row.Why = false, "应于"+due.Chinese()+"前答复，没有看到答复"
			case l.Answered.IsZero():
				continue // still has time
			case answered.After(due):
				row.OK, row.Why = false, fmt.Sprintf("%s答复，晚于%s", answered.Chinese(), due.Chinese())
			default:
				row.Why = answered.Chinese() + "答复"
			}
			known[address] = true
			letters++
			if !row.OK {
				late++
			}
			if !row.OK || len(a.Rows) < shown {
				a.Rows = append(a.Rows, row)
			}
		}
		return nil
	})
	if err != nil {
		return a, err
	}
	a.Rows = append(pick(a.Rows, func(r area.Row) bool { return !r.OK }), pick(a.Rows, func(r area.Row) bool { return r.OK })...)
	a.Rows = a.Rows[:min(len(a.Rows), shown)]
	switch {
	case letters == 0:
		a.Verdict, a.Why = area.CannotTell, "网站上没有看到这一期间公布的留言"
	case late > 0:
		a.Verdict, a.Why = area.NotMet, fmt.Sprintf("公布的%d件留言中%d件没有在%d个工作日内答复", letters, late, limit)
	case r.Stopped != "":
		a.Verdict, a.Why = area.CannotTell, "最近一次检查没有读完全站"
	default:
		a.Verdict, a.Why = area.Met, fmt.Sprintf("公布的%d件留言都在%d个工作日内答复", letters, limit)
	}
	return a, nil
}

// pick returns the rows for which is says yes.
func pick(rows []area.Row, is func(area.Row) bool) (out []area.Row) {
	for _, r := range rows {
		if is(r) {
			out = append(out, r)
		}
	}
	return out
}
