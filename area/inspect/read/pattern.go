package read

import (
	"strings"

	"gongkai/kernel/regex"
)

// pattern is an expression that is tried only on a text with one of the words
// without which it cannot match. Most lines of a page hold none, and to look for
// a word costs a fiftieth of trying the expression.
type pattern struct {
	re    *regex.Pattern
	needs []string
}

// with makes a pattern; needs are divided by spaces.
func with(needs, expression string) pattern {
	return pattern{regex.New(expression), strings.Fields(needs)}
}

func (p pattern) may(s string) bool {
	for _, w := range p.needs {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func (p pattern) MatchString(s string) bool { return p.may(s) && p.re.MatchString(s) }

func (p pattern) FindString(s string) string {
	if !p.may(s) {
		return ""
	}
	return p.re.FindString(s)
}

func (p pattern) FindStringIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringIndex(s)
}

func (p pattern) FindStringSubmatch(s string) []string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringSubmatch(s)
}

func (p pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringSubmatchIndex(s, n)
}
