package plan

import (
	"gongkai/kernel/org"
	"gongkai/kernel/process"
)

// Parties of a case: the unit that leads the measure, and the office that runs
// the plan. A unit that leads is checked by the office, by two persons
// (assessment, section 4).
const (
	PartyLead   = "lead"
	PartyOffice = "office"
)

// Clocks of a term. Lengths are the defaults of assessment.md, sections 1 and 4.
const (
	ClockAccept  = "accept"
	ClockDue     = "due"
	ClockConfirm = "confirm"
	ClockClose   = "close"
)

// working are the states in which a unit works on a term.
const working = "accepted returned reopened"

// flows declares the two processes of the ledger: a term of a duty from issue
// (下发) to closing (销号), and the look-back (回头看) on a duty of last year.
func (s *Service) flows() []process.Flow {
	duty := process.Flow{
		Name: "duty", Title: "任务销号", Start: "issued",
		States: []process.State{
			{Name: "issued", Title: "待认领", Mark: "认"},
			{Name: "accepted", Title: "推进中", Mark: "推"},
			{Name: "disputed", Title: "有异议", Mark: "疑"},
			{Name: "submitted", Title: "待核查", Mark: "核"},
			{Name: "returned", Title: "退回补充", Mark: "退"},
			{Name: "confirmed", Title: "待销号", Mark: "达"},
			{Name: "closed", Title: "已销号", Mark: "销", Final: true},
			{Name: "reopened", Title: "重新挂号", Mark: "重"},
			{Name: "untriggered", Title: "未触发", Mark: "无", Final: true},
			{Name: "cancelled", Title: "已取消", Mark: "免", Final: true},
		},
		Moves: []process.Move{
			{Name: "accept", Title: "认领", From: "issued", To: "accepted", By: org.Disclosure},
			{Name: "dispute", Title: "提出异议", From: "issued accepted", To: "disputed", By: org.Disclosure, NeedReason: true, Optional: true},
			{Name: "keep", Title: "维持任务", From: "disputed", To: "accepted", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "release", Title: "同意异议", From: "disputed", To: "cancelled", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "submit", Title: "报送核查", From: working, To: "submitted", By: org.Disclosure, If: s.canSubmit},
			{Name: "withdraw", Title: "撤回报送", From: "submitted", To: "accepted", By: org.Disclosure, Optional: true},
			{Name: "confirm", Title: "确认完成", From: "submitted", To: "confirmed", By: org.Lead | org.Coordinator, In: PartyLead, NotBy: []string{"submit"}, If: s.canConfirm, Do: s.confirmed},
			{Name: "return", Title: "退回补充", From: "submitted", To: "returned", By: org.Lead | org.Coordinator, In: PartyLead, NotBy: []string{"submit"}, NeedReason: true},
			{Name: "close", Title: "销号", From: "confirmed", To: "closed", By: org.Coordinator, In: PartyOffice, NotBy: []string{"submit", "confirm"}, NeedReason: true},
			{Name: "sendback", Title: "退回补充", From: "confirmed", To: "returned", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "reopen", Title: "重新挂号", From: "closed untriggered", To: "reopened", By: org.Coordinator, In: PartyOffice, NeedReason: true, Optional: true},
			{Name: "untrigger", Title: "按未触发办结", From: working, To: "untriggered", By: org.Coordinator, In: PartyOffice, NeedReason: true, Optional: true},
			{Name: "cancel", Title: "取消任务", From: "issued " + working, To: "cancelled", By: org.Coordinator, In: PartyOffice, NeedReason: true, Optional: true},
			{Name: "restore", Title: "恢复任务", From: "cancelled", To: "accepted", By: org.Coordinator, In: PartyOffice, NeedReason: true, Optional: true},
			// A later period of a duty that was accepted needs no second acceptance.
			{Name: "renew", Title: "进入新周期", From: "issued", To: "accepted", Auto: true},
			// A measure that a new version of the plan no longer has.
			{Name: "retire", Title: "随计划调整取消", From: "issued disputed submitted confirmed " + working, To: "cancelled", Auto: true},
		},
		Clocks: []process.Clock{
			{Name: ClockAccept, Title: "认领期限", WorkingDays: 5, Basis: "assessment.md 第1节（地方惯例）", StopIn: "accepted disputed cancelled", Remind: []int{1, 0},
				Escalate: []process.Escalation{{After: 3, Party: PartyOffice, Role: org.Coordinator, Title: "逾期未认领"}}},
			{Name: ClockDue, Title: "完成时限", Basis: "工作要点任务分工", StartIn: "issued " + working, StopIn: "submitted confirmed closed untriggered cancelled", Remind: []int{10, 5, 1, 0},
				Escalate: []process.Escalation{
					{After: 1, Party: process.Own, Role: org.Disclosure, Title: "任务逾期"},
					{After: 5, Party: PartyLead, Role: org.Lead, Title: "责任单位逾期5个工作日"},
					{After: 5, Party: PartyOffice, Role: org.Coordinator, Title: "任务逾期5个工作日"},
					{After: 10, Party: PartyOffice, Role: org.Leader, Title: "任务逾期10个工作日"},
				}},
			{Name: ClockConfirm, Title: "核查期限", WorkingDays: 5, Basis: "assessment.md 第4节（地方惯例）", StartIn: "submitted", StopIn: "confirmed returned accepted", Remind: []int{1},
				Escalate: []process.Escalation{{After: 1, Party: PartyOffice, Role: org.Coordinator, Title: "牵头单位逾期未核查"}}},
			{Name: ClockClose, Title: "销号期限", WorkingDays: 5, Basis: "assessment.md 第4节（地方惯例）", StartIn: "confirmed", StopIn: "closed returned", Remind: []int{1},
				Escalate: []process.Escalation{{After: 1, Party: PartyOffice, Role: org.Leader, Title: "逾期未销号"}}},
		},
	}
	recheck := process.Flow{
		Name: "recheck", Title: "回头看", Start: "open",
		States: []process.State{
			{Name: "open", Title: "待核查", Mark: "查"},
			{Name: "holds", Title: "核查属实", Mark: "实", Final: true},
			{Name: "ledger", Title: "列入工作台账", Mark: "账"},
			{Name: "mended", Title: "待复核", Mark: "核"},
			{Name: "closed", Title: "台账销号", Mark: "销", Final: true},
		},
		Moves: []process.Move{
			{Name: "hold", Title: "核查属实", From: "open", To: "holds", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "enter", Title: "列入台账", From: "open", To: "ledger", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "mend", Title: "报送整改结果", From: "ledger", To: "mended", By: org.Disclosure, NeedReason: true},
			{Name: "refuse", Title: "退回整改", From: "mended", To: "ledger", By: org.Coordinator, In: PartyOffice, NeedReason: true},
			{Name: "close", Title: "台账销号", From: "mended", To: "closed", By: org.Coordinator, In: PartyOffice, NotBy: []string{"mend"}, NeedReason: true},
			{Name: "reopen", Title: "重新列账", From: "holds closed", To: "ledger", By: org.Coordinator, In: PartyOffice, NeedReason: true, Optional: true},
			// What was not done last year goes into the ledger by itself.
			{Name: "carry", Title: "未完成，自动列入台账", From: "open", To: "ledger", Auto: true},
		},
		Clocks: []process.Clock{
			{Name: "mend", Title: "整改期限", WorkingDays: 10, Basis: "assessment.md 第5节", StartIn: "ledger", StopIn: "mended closed", Remind: []int{5, 1, 0},
				Escalate: []process.Escalation{{After: 1, Party: PartyOffice, Role: org.Coordinator, Title: "台账任务逾期未整改"}}},
		},
	}
	return []process.Flow{duty, recheck}
}
