package judge

import (
	"fmt"

	"gongkai/area/inspect/fact"
)

// people are the indicators that only people can decide, with what to tell them
// (website-inspection 2, class H; WEB-15, WEB-54, WEB-71).
var people = map[string]string{
	"V1.4": "是否及时有效处置了攻击，须由人对照安全事件记录认定；机器没有发现页面被改动的迹象",
	"V1.6": "是否因网站管理问题引发严重负面舆情，只能由人认定",
	"B1":   "须由人评定；没有人填写，按 0 分计",
	"B2":   "须由人评定；没有人填写，按 0 分计",
	"B3":   "须由人评定；没有人填写，按 0 分计",
	"B5":   "须由人评定；没有人填写，按 0 分计",
	"B6":   "须由人评定；没有人填写，按 0 分计",
	"D4.8": "须用两种以上浏览器打开页面比较，本次没有做",
	"D3.1": "须由人提交一条留言试用，并看是否给出回执或查询编号",
}

// pageChecks are the indicators that are decided page by page.
var pageChecks = map[string]string{
	"V1.1": "没有发现疑似严重表述错误",
	"V1.2": "没有发现疑似泄密内容",
	"V1.3": "没有发现疑似有害内容或链接",
	"D4.2": "各页页头、页脚的标识齐全",
	"D4.4": "“我为政府网站找错”入口齐全",
	"D4.7": "页面标签齐全",
}

// lines settles every indicator of the national table and keeps its reason.
func (s *site) lines(r *fact.Report) {
	for _, i := range s.national.Indicators {
		c := i.Code
		if _, ok := s.decided[c]; !ok {
			s.settleLine(c, r.Findings)
		}
		r.Result.Lines = append(r.Result.Lines, fact.Line{Indicator: c, Title: i.Title, Points: i.Points, State: s.decided[c], Reason: s.reason[c], Unconfirmed: i.Unconfirmed})
	}
}

// settleLine decides an indicator by its findings, else by whether anybody looked.
func (s *site) settleLine(c string, fs []fact.Finding) {
	n := map[fact.State]int{}
	what := map[fact.State]string{}
	for i := range fs {
		if f := &fs[i]; f.Indicator == c {
			n[f.State]++
			if what[f.State] == "" && !f.Secret {
				what[f.State] = f.What
			}
		}
	}
	for _, st := range []fact.State{fact.Fail, fact.Proposed, fact.NotDecided} {
		if n[st] > 0 {
			s.decide(c, st, counted(st, n[st], what[st]))
			return
		}
	}
	if why, ok := people[c]; ok {
		if c == "D4.8" && s.eyed > 0 {
			why = s.byEye()
		}
		s.decide(c, fact.NotDecided, why)
		return
	}
	if why, ok := pageChecks[c]; ok && s.in.Page != nil {
		s.decide(c, fact.Pass, why)
		return
	}
	if c == "D4.3" && (s.in.Page != nil || s.in.Extra != nil) {
		s.decide(c, fact.Pass, "没有发现打不开或不正确的链接")
		return
	}
	s.decide(c, fact.NotDecided, "本次没有检查")
}

func counted(st fact.State, n int, what string) string {
	if what == "" {
		what = "仅供保密人员查看"
	}
	switch {
	case st == fact.Proposed && n == 1:
		return "待人确认：" + what
	case st == fact.Proposed:
		return fmt.Sprintf("待人确认 %d 处，如：%s", n, what)
	case st == fact.NotDecided && n == 1:
		return "未能判断：" + what
	case st == fact.NotDecided:
		return fmt.Sprintf("%d 处未能判断，如：%s", n, what)
	case n == 1:
		return what
	}
	return fmt.Sprintf("%d 处，如：%s", n, what)
}
