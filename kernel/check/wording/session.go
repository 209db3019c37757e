package wording

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gongkai/kernel/check"
)

// RuleSession is the rule of congresses and sessions that do not fit their year (S12).
const RuleSession = "S12"

// Sessions compares the ordinal of a congress, session or plenum with the year
// that stands before it.
type Sessions struct{}

// Rules is S12.
func (Sessions) Rules() []check.Rule {
	return []check.Rule{{
		ID: RuleSession, Kind: check.Date, Severity: check.Block, Title: "会议届次与年份不符",
		Source: "审核手册7.2", Stages: check.Gate | check.Published | check.Outside,
	}}
}

var (
	congress = regexp.MustCompile(`(20\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?)?[，,]?(?:召开的?)?(?:的)?(?:中国共产党|党的)第?(十[七八九]|二十)(?:次全国代表)?大会?`)
	assembly = regexp.MustCompile(`(20\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?)?[，,]?(?:召开的?)?(?:的)?(?:第?(十[一二三四五])届全国人(?:民代表大会|大)|(?:全国政协)第?(十[一二三四五])届(?:全国委员会)?)第?([一二三四五])次会议`)
	plenum   = regexp.MustCompile(`(20\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?)?[，,]?(?:召开的?)?(?:的)?(?:党的)?(十[八九]|二十)届([一二三四五六七])中全会`)
)

var (
	congressYear = map[string]int{"十七": 2007, "十八": 2012, "十九": 2017, "二十": 2022}
	plenumYears  = map[string][]int{
		"十八": {2012, 2013, 2013, 2014, 2015, 2016, 2017},
		"十九": {2017, 2018, 2018, 2019, 2020, 2021, 2022},
		"二十": {2022, 2023, 2024, 2025},
	}
)

// assemblyYear is the year of a session of the n-th congress or conference, whose
// first one sat in 2008 when n is eleven, and every five years from then.
func assemblyYear(n, session int) int { return 2008 + 5*(n-11) + session - 1 }

const ordinals = "一二三四五六七"

func ordinal(s string) int { return strings.Index(ordinals, s)/len("一") + 1 }

// Check reports years that do not fit.
func (Sessions) Check(t *check.Text, report func(check.Hit)) {
	if !strings.Contains(t.Body, "届") && !strings.Contains(t.Body, "大") {
		return
	}
	say := func(span []int, year string, right int) {
		if y, _ := strconv.Atoi(year); right != 0 && y != right {
			report(check.Hit{
				Rule: RuleSession, Start: span[0], End: span[1],
				Message: fmt.Sprintf("届次与年份不符：这次会议在%d年召开，请核对。", right),
			})
		}
	}
	for _, at := range years(t.Body) {
		text := t.Body[at:min(len(t.Body), at+120)]
		if m := congress.FindStringSubmatchIndex(text); m != nil && m[0] == 0 {
			say([]int{at, at + m[1]}, text[m[2]:m[3]], congressYear[text[m[4]:m[5]]])
		} else if m := assembly.FindStringSubmatchIndex(text); m != nil && m[0] == 0 {
			of := m[4:6]
			if of[0] < 0 {
				of = m[6:8]
			}
			n := 10 + ordinal(strings.TrimPrefix(text[of[0]:of[1]], "十"))
			say([]int{at, at + m[1]}, text[m[2]:m[3]], assemblyYear(n, ordinal(text[m[8]:m[9]])))
		} else if m := plenum.FindStringSubmatchIndex(text); m != nil && m[0] == 0 {
			held, n := plenumYears[text[m[4]:m[5]]], ordinal(text[m[6]:m[7]])
			if n <= len(held) {
				say([]int{at, at + m[1]}, text[m[2]:m[3]], held[n-1])
			}
		}
	}
}

// years are the places where a year begins that a meeting may follow shortly.
func years(body string) []int {
	var out []int
	for at := 0; ; {
		i := strings.Index(body[at:], "年")
		if i < 0 {
			return out
		}
		at += i
		near := body[at:min(len(body), at+100)]
		if at >= 4 && strings.HasPrefix(body[at-4:], "20") && (strings.Contains(near, "届") || strings.Contains(near, "大")) {
			out = append(out, at-4)
		}
		at += len("年")
	}
}
