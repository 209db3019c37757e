package inspect

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"

	"gongkai/area"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

const maxHops = 5 // redirects that are followed in what a round kept

// arrived is the page at which an address ends, as the last round saw it; nil
// where it was not asked.
func arrived(ctx context.Context, seen *crawl.Store, address string) (*fact.Page, error) {
	for range maxHops {
		p, err := seen.Page(ctx, address)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil || p.Final == "" || p.Final == address {
			return p, err
		}
		address = p.Final
	}
	return nil, nil
}

// opens says whether an address opened: NotMet only when it answered that it
// does not exist or cannot be used; a server that was away, turned programs away
// or was not asked leaves it open.
func opens(p *fact.Page) (v area.Verdict, why string) {
	switch {
	case p == nil:
		return area.CannotTell, "这次检查没有打开这个链接"
	case p.OK():
		return area.Met, ""
	case p.Status == 0 && p.Failure != fact.BadCert, p.Status >= 500, p.Status == 429,
		p.Failure == fact.NoHost, p.Failure == fact.NoConnect, p.Failure == fact.TooSlow, p.Failure == fact.Refused, p.Failure == fact.Internal:
		return area.CannotTell, "检查时对方网站没有正常应答，不能判断" + inBrackets(p.Note)
	default:
		return area.NotMet, "链接打不开" + inBrackets(p.Note)
	}
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return "（" + text + "）"
}

// proveLink looks for columns and links of the home page.
func (s *Service) proveLink(ctx context.Context, in area.Question) (area.Answer, error) {
	site, _, seen, unknown, err := s.opened(ctx, in)
	if err != nil || unknown != "" {
		return unknownAnswer(unknown), err
	}
	defer seen.Close()
	home, err := arrived(ctx, seen, site.Start)
	if err != nil {
		return area.Answer{}, err
	}
	if v, why := opens(home); v != area.Met {
		return area.Answer{Verdict: v, Why: "首页：" + why}, nil
	}
	if home.Read == nil {
		return unknownAnswer("首页不是网页，不能判断"), nil
	}
	a := area.Answer{Verdict: area.Met, Why: "首页的栏目和链接符合要求"}
	for name := range strings.FieldsSeq(in.Values["name"]) {
		v, row, err := homeLink(ctx, seen, home.Read, site.Start, name, in.Values["link"])
		if err != nil {
			return area.Answer{}, err
		}
		a.Rows = append(a.Rows, row)
		if worse(v, a.Verdict) {
			a.Verdict, a.Why = v, "首页：“"+name+"”"+row.Why
		}
	}
	if a.Verdict == area.Met {
		a.Archive, err = s.keepSeen(ctx, site, seen, home)
	}
	return a, err
}

// worse tells whether a verdict weighs more than another where all must be met.
func worse(a, b area.Verdict) bool {
	rank := map[area.Verdict]int{area.Met: 0, area.CannotTell: 1, area.NotMet: 2}
	return rank[a] > rank[b]
}

// homeLink looks on the home page for a link of a name that opens and, if to is
// named, leads there by itself or by a link of the page that it opens. Of several
// links of the name the best one counts.
func homeLink(ctx context.Context, seen *crawl.Store, home *fact.Reading, start, name, to string) (area.Verdict, area.Row, error) {
	best, row := area.NotMet, area.Row{Title: "“" + name + "”", Why: "不在首页的链接中"}
	found := false
	for _, l := range home.Links {
		if l.Element != "a" || !strings.Contains(l.Text, name) {
			continue
		}
		p, err := arrived(ctx, seen, l.URL)
		if err != nil {
			return "", row, err
		}
		v, why := opens(p)
		link := l.URL
		if v == area.Met && to != "" && !leadsTo(l.URL, start, to) {
			v, link, why, err = onward(ctx, seen, p, start, to)
			if err != nil {
				return "", row, err
			}
			link = cmp.Or(link, l.URL)
		}
		if !found || worse(best, v) {
			best, row.Link, row.Why = v, link, why
		}
		if found = true; v == area.Met {
			row.OK = true
			break
		}
	}
	return best, row, nil
}

// onward looks on the page of a column for a link to an address.
func onward(ctx context.Context, seen *crawl.Store, p *fact.Page, start, to string) (v area.Verdict, link, why string, err error) {
	v, why = area.NotMet, "没有指向 "+to+" 的链接"
	if p.Read == nil {
		return v, "", why, nil
	}
	for _, l := range p.Read.Links {
		if l.Element != "a" || !own(l) || !leadsTo(l.URL, start, to) {
			continue
		}
		target, err := arrived(ctx, seen, l.URL)
		if err != nil {
			return "", "", "", err
		}
		v, why = opens(target)
		return v, l.URL, why, nil
	}
	return v, "", why, nil
}
