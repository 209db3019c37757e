package judge

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestForged(t *testing.T) {
	t.Run("WEB-14 first seen on 20 June with stated date 2 June, and 19 June", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-06-18", "2026-06-02", "2026-06-01")
		w.in.T0 = moment("2026-06-19 12:00")
		before := w.judge(t)
		before.Started = w.in.T0
		before.Items = before.Items[:1]
		w.column("要闻二", "yw2/", 1, "2026-06-19")
		w.in.T0, w.in.Before, w.in.Round = moment("2026-06-20 12:00"), before, 2
		only(t, w.judge(t), "WEB-14", "yw/a1.html", "yw/a2.html")
	})
	t.Run("WEB-14 the day was changed, the item was not", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-06-01", "2026-05-01")
		w.in.Before = w.judge(t)
		w.pages[2].Read.Published = moment("2026-06-28")
		only(t, w.judge(t), "WEB-14", "yw/a0.html")
	})
	t.Run("WEB-14 a day in the future", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-08-01", "2026-06-20")
		r := w.judge(t)
		only(t, r, "WEB-14", "yw/a0.html")
		wantState(t, r, "V1.5", fact.Proposed)
	})
	t.Run("what came after the time point of an older inspection is no future", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-06-29", "2026-06-28", "2026-06-27", "2026-06-26", "2026-06-24")
		w.in.T0 = moment("2026-06-25 12:00")
		only(t, w.judge(t), "WEB-14")
	})
	t.Run("WEB-14 the address carries a later day", func(t *testing.T) {
		w := begin("要闻 yw/")
		c := w.column("要闻", "yw/", 1, "2026-06-29", "2026-06-20", "2026-06-10", "2026-06-09", "2026-06-08", "2026-06-07")
		for i, u := range []string{"yw/202606/t20260629_1.html", "yw/202606/t20260621_2.html", "yw/202606/t20260625_3.html"} {
			w.pages[2+i].URL, c.Entries[i].URL = at(u), at(u)
		}
		only(t, w.judge(t), "WEB-14", "yw/202606/t20260625_3.html")
	})
	t.Run("WEB-14 the server says that it was written later, of few", func(t *testing.T) {
		w := begin("要闻 yw/")
		var days []string
		for d := 1; d <= 25; d++ {
			days = append(days, fmt.Sprintf("2026-06-%02d", d))
		}
		w.column("要闻", "yw/", 1, days...)
		for i := range days {
			w.pages[2+i].Modified = moment(days[i] + " 18:00").UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
		}
		w.pages[2].Modified = "Mon, 29 Jun 2026 01:00:00 GMT"
		only(t, w.judge(t), "WEB-14", "yw/a0.html")
		for i := range days {
			w.pages[2+i].Modified = "Mon, 29 Jun 2026 01:00:00 GMT"
		}
		only(t, w.judge(t), "WEB-14")
	})
	t.Run("WEB-14 an old text under a new day", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-06-20", "2026-03-01")
		w.pages[2].Read.Text, w.pages[2].Read.Heading = w.pages[3].Read.Text, w.pages[3].Read.Heading
		r := w.judge(t)
		only(t, r, "WEB-14", "yw/a0.html")
		only(t, r, "PLAT-64")
	})
	t.Run("WEB-14 every day at the same minute", func(t *testing.T) {
		w := begin("要闻 yw/", "公告 gg/")
		var same, free []string
		for d := range 8 {
			same = append(same, fmt.Sprintf("2026-06-%02d 09:17", 20-d))
			free = append(free, fmt.Sprintf("2026-06-%02d %02d:%02d", 20-d, 9+d, 7*d))
		}
		w.column("要闻", "yw/", 1, same...)
		w.column("公告", "gg/", 1, free...)
		r := w.judge(t)
		only(t, r, "WEB-14", "yw/")
		if f := found(r, "WEB-14")[0]; !strings.Contains(f.Seen, "09:17") {
			t.Error(f.Seen)
		}
	})
}

func TestMidnights(t *testing.T) {
	site := func(zero int) *world {
		w := begin()
		for n, name := range []string{"要闻", "部门动态", "街镇动态"} {
			path := fmt.Sprintf("c%d/", n)
			var stamps []string
			for i := range 6 {
				stamps = append(stamps, fmt.Sprintf("2026-06-%02d 09:%02d", 29-i, 11+7*n+i))
			}
			if n < zero {
				for i := range stamps {
					stamps[i] = stamps[i][:10]
				}
			}
			w.column(name, path, 2, stamps...)
			for i := range stamps {
				for _, p := range w.pages {
					if p.URL == at(fmt.Sprintf("%sa%d.html", path, i)) {
						p.Read.Meta["PubDate"] = p.Read.Published.Format("2006-01-02 15:04")
					}
				}
			}
		}
		return w
	}
	t.Run("WEB-14 one column of three", func(t *testing.T) { only(t, site(1).judge(t), "WEB-14", "c0/") })
	t.Run("WEB-14 a system without a time of day", func(t *testing.T) { only(t, site(3).judge(t), "WEB-14") })
	t.Run("WEB-14 times everywhere", func(t *testing.T) { only(t, site(0).judge(t), "WEB-14") })
}
