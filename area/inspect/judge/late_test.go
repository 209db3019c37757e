package judge

import (
	"testing"

	"gongkai/area/inspect/fact"
)

func TestLateAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		asked, answered, promise string
		want                     int
	}{
		"NORM-30 sixteen working days":   {asked: "2026-05-06", answered: "2026-05-27", want: 1},
		"NORM-30 fifteen":                {asked: "2026-05-06", answered: "2026-05-26"},
		"NORM-30 more than a year ago":   {asked: "2025-03-03", answered: "2025-05-28"},
		"NORM-30 the site promises days": {asked: "2026-05-06", answered: "2026-05-28", promise: "来信在5个工作日内答复。"},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin("区长信箱 xx/")
			r := &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Text: c.promise, Words: 60}
			for i, u := range []string{"xx/1.html", "xx/2.html"} {
				l := fact.Letter{URL: at(u), Title: "路灯不亮", Asked: moment("2026-06-01"), Answered: moment("2026-06-03")}
				if i == 0 {
					l.Asked, l.Answered = moment(c.asked), moment(c.answered)
				}
				r.Letters = append(r.Letters, l)
			}
			w.page("xx/", 1, r)
			n := 0
			for _, f := range w.judge(t).Findings {
				if f.Check == "NORM-30" {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d findings, want %d", n, c.want)
			}
		})
	}
}
