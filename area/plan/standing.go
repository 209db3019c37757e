package plan

import (
	"gongkai/kernel/calendar"
)

// Standing is how a term stands, as every view shows it: one character for
// those who cannot see colour, a title, and a tone for the colour (assessment,
// section 3). It is derived from the state of the case and the day, never kept.
type Standing struct {
	Code  string
	Mark  string // 逾 临 推 …
	Title string
	Tone  string // class is-late is-slow is-doing is-done is-idle
	Rank  int    // 1 is the worst; a cell of several terms shows its worst
}

// The standings, the worst first.
var standings = []Standing{
	{Code: "overdue", Mark: "逾", Title: "逾期", Tone: "late"},
	{Code: "reopened", Mark: "重", Title: "重新挂号", Tone: "late"},
	{Code: "disputed", Mark: "疑", Title: "有异议", Tone: "slow"},
	{Code: "returned", Mark: "退", Title: "退回补充", Tone: "slow"},
	{Code: "soon", Mark: "临", Title: "临期", Tone: "slow"},
	{Code: "issued", Mark: "认", Title: "待认领", Tone: "idle"},
	{Code: "accepted", Mark: "推", Title: "推进中", Tone: "doing"},
	{Code: "submitted", Mark: "核", Title: "待核查", Tone: "doing"},
	{Code: "confirmed", Mark: "达", Title: "待销号", Tone: "done"},
	{Code: "closed", Mark: "销", Title: "已销号", Tone: "closed"},
	{Code: "untriggered", Mark: "无", Title: "未触发", Tone: "idle"},
	{Code: "cancelled", Mark: "免", Title: "已取消", Tone: "idle"},
}

// rankOverdue is the rank of the first of them.
const rankOverdue = 1

// AllStandings lists the standings, the worst first, for legends and filters.
func AllStandings() []Standing {
	out := make([]Standing, len(standings))
	copy(out, standings)
	for i := range out {
		out[i].Rank = i + 1
	}
	return out
}

// StandingOf finds a standing by its code; the zero Standing for an unknown one.
func StandingOf(code string) Standing {
	for i, s := range standings {
		if s.Code == code {
			s.Rank = i + 1
			return s
		}
	}
	return Standing{}
}

// soon is the last day that counts as near: ten working days from today.
func (s *Service) soon(today calendar.Date) calendar.Date {
	return s.k.Days().AddWorkingDays(today, 10)
}

// standing derives how a term stands. Handing in stops the unit's clock: the
// checkers' own days do not make a unit late (assessment, section 4).
func standing(state string, due, today, soon calendar.Date) Standing {
	working := state == "issued" || state == "accepted" || state == "returned" || state == "reopened"
	switch {
	case working && due.Before(today):
		return StandingOf("overdue")
	case (state == "issued" || state == "accepted") && !due.After(soon):
		return StandingOf("soon")
	}
	return StandingOf(state)
}
