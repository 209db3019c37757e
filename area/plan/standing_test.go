package plan

import (
	"testing"

	"gongkai/kernel/calendar"
)

func TestStanding(t *testing.T) {
	day := calendar.MustParse
	today, soon := day("2022-09-01"), day("2022-09-16")
	for _, c := range []struct{ state, due, want string }{
		{"issued", "2022-12-31", "issued"}, {"issued", "2022-09-16", "soon"}, {"issued", "2022-08-31", "overdue"},
		{"accepted", "2022-12-31", "accepted"}, {"accepted", "2022-09-01", "soon"}, {"accepted", "2022-08-31", "overdue"},
		{"returned", "2022-09-02", "returned"}, {"returned", "2022-08-31", "overdue"},
		{"reopened", "2022-08-31", "overdue"},
		{"disputed", "2022-08-31", "disputed"},
		{"submitted", "2022-08-31", "submitted"}, {"confirmed", "2022-08-31", "confirmed"},
		{"closed", "2022-08-31", "closed"}, {"cancelled", "2022-08-31", "cancelled"}, {"untriggered", "2022-08-31", "untriggered"},
	} {
		if got := standing(c.state, day(c.due), today, soon); got.Code != c.want {
			t.Errorf("%s due %s stands %s, want %s", c.state, c.due, got.Code, c.want)
		}
	}
}

func TestEveryStateOfADutyHasAStanding(t *testing.T) {
	s := &Service{}
	for _, f := range s.flows() {
		if f.Name != "duty" {
			continue
		}
		for _, st := range f.States {
			if got := StandingOf(st.Name); got.Code == "" {
				t.Errorf("state %s has no standing", st.Name)
			} else if got.Mark != st.Mark || got.Title != st.Title {
				t.Errorf("state %s is %s %s in the flow and %s %s in views", st.Name, st.Mark, st.Title, got.Mark, got.Title)
			}
		}
	}
}
