package judge

import (
	"cmp"
	"fmt"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

const mostDays = 15 // working days that a complicated question may take (website-norms 6.4)

// lateAnswers is NORM-30 where the site promises no days of its own: then no answer
// may take more than 15 working days. What is promised is WEB-57.
func (s *site) lateAnswers() {
	if s.talk.promise > 0 || s.in.Site.Department {
		return
	}
	cal := calendar.Default()
	for _, l := range s.sortedLetters() {
		if l.outside || l.Asked.IsZero() || !l.Answered.After(monthsBefore(s.in.T0, 12)) {
			continue
		}
		asked, answered := calendar.Of(l.Asked), calendar.Of(l.Answered)
		n := cal.WorkingDaysBetween(asked, answered)
		if n <= mostDays || !cal.Settled(asked, answered) {
			continue
		}
		s.add(fact.Finding{Check: "NORM-30", Also: []string{"WEB-57"}, URL: l.URL, On: cmp.Or(l.on, l.URL), Key: "时限", State: fact.Proposed, At: s.in.T0,
			What: fmt.Sprintf("答复用了 %d 个工作日，超过 %d 个工作日", n, mostDays), Seen: fmt.Sprintf("来信 %s，答复 %s；没有找到网站承诺的时限", asked, answered), Mend: "咨询投诉一般 7 个工作日内答复，情况复杂的不超过 15 个工作日；并公布答复时限"})
	}
}
