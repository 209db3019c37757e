// Package calendar counts working days and deadlines as the law does; where a
// count starts, pauses and ends is written in rules C1 to C12.
package calendar
