// Package process runs declared processes: publication, requests, questions,
// consultations, closings are all cases of a Flow. A flow is data that an area
// declares; from it come who may do what, what each move must bring, four eyes,
// everyone's to-do list, deadlines with reminders and escalation, history,
// statistics, the audit trail and a diagram.
//
// # Declaring a flow
//
//	process.Flow{
//		Name: "notice", Title: "公示发布", Start: "draft",
//		States: []process.State{
//			{Name: "draft", Title: "拟稿", Mark: "拟"},
//			{Name: "review", Title: "待审", Mark: "审"},
//			{Name: "public", Title: "已发布", Mark: "发", Final: true},
//		},
//		Moves: []process.Move{
//			{Name: "submit", Title: "送审", From: "draft", To: "review", By: org.Editor},
//			{Name: "publish", Title: "发布", From: "review", To: "public", By: org.Reviewer, NotAuthor: true, Do: s.release},
//			{Name: "return", Title: "退回", From: "review", To: "draft", By: org.Reviewer, NeedReason: true},
//		},
//		Clocks: []process.Clock{
//			{Name: "publish", Title: "公开期限", WorkingDays: 20, StopIn: "public", Basis: "LAW-10", Remind: []int{5, 1}},
//		},
//	}
//
// Cases.Register checks it at start-up: every name is known, every state can be
// reached and leads to a final one, somebody may make every move.
//
// What a declaration can say:
//
//   - Who: By names roles, any of which will do. In names for whom the person must
//     act: the case's own unit, a party of the case ("lead", "office"; the units
//     come with Open), or Any. NotAuthor and NotBy are four eyes; they look through
//     substitutes (org.Actor.For) and delegates at both persons.
//   - What: Needs are typed and bounded; NeedReason; If is a guard that says in
//     Chinese why not now; Do is the effect, in the same transaction.
//   - Parallel reviews: State.Needs lists branches; the moves with these Branches
//     approve them; the last one carries the case on. Leaving earlier needs a
//     reason and voids the approvals.
//   - Returns: a fixed From and To, or Back: to any state the case has been in,
//     chosen by Input.To.
//   - No to-do: Optional moves may be made but nobody waits for them (withdraw,
//     urge). A case is on a person's list when a move that is not Optional is theirs.
//   - The house: Auto moves are made by a clock (Expire) or by the area as
//     org.System.
//   - Clocks start at Open (on day0), in a state (StartIn) or on a move (StartOn),
//     again as a new run after they ended; pause in states (PauseIn) or between
//     moves (PauseOn, ResumeOn); end in states, on moves, in any final state.
//     Their day is counted by calendar: pauses exclude the days after they began
//     through the day they ended (C12).
//
// # Running it
//
// In the area's service, inside its unit of work:
//
//	c, err := cases.Open(ctx, tx, "notice", who, n.ID, n.FormedOn, process.With{Title: n.Title, Link: "/desk/notices/" + string(n.ID)})
//	c, err = cases.Move(ctx, tx, c.ID, "submit", who, process.Input{Version: seen})
//
// A stale Version is a Conflict that tells what the others did. Pages ask Allowed
// (moves with why not), Timeline, Line, Deadlines and Explain; matrices ask
// Standings; reports ask Stats; the desk asks Todos and Count. Assign gives a
// to-do to a colleague who holds the role, Delegate to one who need not; TakeBack
// ends it, and so does the next state. jobs calls Tick.
//
// # Laws
//
// A case is in one state; only declared moves change it; the history replays to
// it; the list of to-dos is what Allowed says, never stored; a pause never shortens
// a period; every reminder, escalation and expiry is sent once. TestCountersign
// shows every feature on one flow, TestTodosAreWhatIsAllowed holds the laws on
// random walks through random flows.
//
// # Tables
//
// process_case holds where a case stands, process_step its history,
// process_clock the facts of its clocks and the day last counted from them,
// process_seat which unit has which part (with the state repeated, for one index
// to answer to-dos), process_hand who has a to-do in hand, process_sent what was
// sent.
package process
