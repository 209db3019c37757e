// Package calendar counts working days and deadlines as the law does; where a
// count starts, pauses and ends is written in rules C1 to C12.
//
//	year.go       Year: the arrangement of one year, as a document fixed it
//	years.json    the years that come with the program, amended ones in all versions
//	statutory.go  the days the law itself frees; all that is known of other years
//	calendar.go   Calendar: which days are worked, and counting
//	period.go     Period: 20个工作日, 30日, 6个月
//	deadline.go   Count (the question), Deadline (the answer), pauses
//	explain.go    Explanation: 为什么是这一天
//	check.go      CAL-01 to CAL-12
//	notice.go     reading a State Council notice as pasted
//	text.go       the command line
//	store.go      Loader: years that two people loaded, and the calendar in force
package calendar
