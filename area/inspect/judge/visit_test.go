package judge

import (
	"testing"
	"time"

	"gongkai/area/inspect/fact"
)

// week makes visits on so many days, so many a day; bad of them took 15 seconds.
func week(days, perDay, bad int) (out []fact.Visit) {
	for d := range days {
		for i := range perDay {
			v := fact.Visit{At: t0.Add(-time.Duration(d)*24*time.Hour - time.Duration(i+1)*time.Hour), Took: time.Second, Status: 200}
			if bad > 0 {
				v.Took, bad = 15*time.Second, bad-1
			}
			out = append(out, v)
		}
	}
	return out
}

func TestVisits(t *testing.T) {
	voided := week(7, 20, 5)
	for range 2 {
		voided = append(voided, fact.Visit{At: t0.Add(-30 * time.Hour), Took: 20 * time.Second, Failed: "本地线路中断", Void: true})
	}
	short := week(7, 20, 0)[1:]
	for _, c := range []struct {
		name   string
		visits []fact.Visit
		want   fact.State
	}{
		{"WEB-16 7 of 140", week(7, 20, 7), fact.Fail},
		{"WEB-16 6 of 140", week(7, 20, 6), fact.Pass},
		{"WEB-16 7 of which 2 fell into an outage of our own line", voided, fact.Pass},
		{"WEB-17 6 days", week(6, 24, 0), fact.NotDecided},
		{"WEB-17 a day with 19", short, fact.NotDecided},
		{"WEB-17 none", nil, fact.NotDecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin()
			w.in.Probes.Visits = c.visits
			wantState(t, w.judge(t), "V2", c.want)
		})
	}
	t.Run("WEB-17 days of the calendar do as well", func(t *testing.T) {
		var visits []fact.Visit
		for d := 23; d <= 29; d++ {
			for i := range 20 {
				visits = append(visits, fact.Visit{At: time.Date(2026, 6, d, i, 30, 0, 0, t0.Location()), Status: 200})
			}
		}
		w := begin()
		w.in.Probes.Visits = visits
		wantState(t, w.judge(t), "V2", fact.Pass)
	})
}

func TestAddress(t *testing.T) {
	for host, want := range map[string]fact.State{"www.yl.gov.cn": fact.Pass, "www.yl.com.cn": fact.Fail, "127.0.0.1:8080": fact.NotDecided, "site": fact.NotDecided, "云岭.政务": fact.Pass} {
		t.Run("WEB-58 "+host, func(t *testing.T) {
			w := begin()
			w.pages[0].URL = "http://" + host + "/"
			w.in.Site.Start = w.pages[0].URL
			wantState(t, w.judge(t), "D4.1", want)
		})
	}
	t.Run("WEB-58 the title differs from the registered name", func(t *testing.T) {
		w := begin()
		w.in.Site.Name = "青石市云岭区人民政府"
		only(t, w.judge(t), "WEB-58", "/")
		w.home().Title = "首页 - 青石市云岭区人民政府"
		only(t, w.judge(t), "WEB-58")
	})
}

func TestSameName(t *testing.T) {
	for title, want := range map[string]bool{
		"青石市云岭区人民政府": true, "首页 - 青石市云岭区人民政府": true, "云岭区人民政府门户网站": true, "欢迎访问云岭区政府网": true, "中国·云岭": true,
		"首页": false, "": false, "青石市云岭区人民政府_政务公开": true, "云岭政府信息网": false, "青石市江北区人民政府": false, "云岭热线—云岭生活": false,
	} {
		if sameName(title, "青石市云岭区人民政府") != want {
			t.Errorf("NORM-06 %q: want %v", title, want)
		}
	}
	w := begin()
	w.home().Title = "云岭政府信息网"
	only(t, w.judge(t), "NORM-06", "/")
	w.in.Site.Name = "云岭政府信息网" // the register goes before the tag
	only(t, w.judge(t), "NORM-06")
}

func TestSearch(t *testing.T) {
	ask := func(rank ...int) []fact.Asked {
		var out []fact.Asked
		for i, r := range rank {
			out = append(out, fact.Asked{Query: "文件", Want: at(string(rune('a'+i)) + ".html"), Rank: r})
		}
		return out
	}
	t.Run("WEB-62 a document that is not in the top 3", func(t *testing.T) {
		w := begin()
		w.in.Probes.Search = ask(1, 3, 4, 0)
		r := w.judge(t)
		only(t, r, "WEB-62", "c.html", "d.html")
		w.in.Probes.Search = ask(1, 2, 3)
		wantState(t, w.judge(t), "D4.5", fact.Pass)
	})
	t.Run("WEB-62 a search that finds nothing is one fault", func(t *testing.T) {
		w := begin()
		w.in.Probes.Search = ask(0, 0, 0, 0)
		if n := len(found(w.judge(t), "WEB-62")); n != 1 {
			t.Errorf("%d findings", n)
		}
	})
	t.Run("WEB-62 answers that cannot be read decide nothing", func(t *testing.T) {
		w := begin()
		w.in.Probes.Search = []fact.Asked{{Query: "x", Failed: "结果由脚本载入"}}
		wantState(t, w.judge(t), "D4.5", fact.NotDecided)
	})
	t.Run("WEB-62 no search at all", func(t *testing.T) {
		w := begin()
		only(t, w.judge(t), "WEB-62", "/")
		w.home().Forms = []fact.Form{{Search: true}}
		only(t, w.judge(t), "WEB-62")
	})
}

func TestIPv6(t *testing.T) {
	for _, c := range []struct {
		name string
		p    *fact.IPv6
		want fact.State
	}{
		{"WEB-63 no AAAA record", &fact.IPv6{Known: true}, fact.Fail},
		{"WEB-63 no answer", &fact.IPv6{Address: true, Known: true, Servers: true}, fact.Fail},
		{"WEB-63 the machine has no IPv6", &fact.IPv6{Address: true}, fact.NotDecided},
		{"WEB-63 all is well", &fact.IPv6{Address: true, Known: true, Servers: true, Answers: true, Same: true}, fact.Pass},
		{"not tried", nil, fact.NotDecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin()
			w.in.Probes.IPv6 = c.p
			wantState(t, w.judge(t), "D4.6", c.want)
		})
	}
	t.Run("NORM-42 no way to https, and an old version", func(t *testing.T) {
		w := begin()
		w.in.Probes.TLS = &fact.TLS{HTTP: 200, Version: "1.3", Old: "1.0"}
		if n := len(found(w.judge(t), "NORM-42")); n != 2 {
			t.Errorf("%d findings", n)
		}
		w.in.Probes.TLS = &fact.TLS{HTTP: 301, ToHTTPS: true, Version: "1.2"}
		only(t, w.judge(t), "NORM-42")
	})
}
