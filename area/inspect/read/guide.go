package read

import (
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

// guideElements are the key elements of a service guide (V6) by the labels that
// stand for them. 办理时限 is another thing than 办理时间 and is not among them.
var guideElements = []struct {
	name string
	re   *regex.Pattern
}{
	{"事项名称", regex.New(`^(?:[一二三四五六七八九十\d]{1,3}[、.．\s]?)?[（(【\[]?(?:服务|办理|审批)?(?:事项)名称[】\])）]?$|^项目名称$|^办理事项$`)},
	{"设定依据", regex.New(`(?:设定|法定|法律|政策|办理|审批|实施|受理|许可)依据$`)},
	{"申请条件", regex.New(`(?:申请|受理|办理|审批|申报|准予|许可)(?:的)?条件$`)},
	{"办理材料", regex.New(`(?:申请|办理|申报|提交|所需|需要|受理|办事|应提交)(?:的)?材料(?:目录|清单)?$|^材料清单$`)},
	{"办理地点", regex.New(`(?:办理|受理|办公|窗口|办事|服务)(?:的)?(?:地点|地址|窗口)$`)},
	{"办理时间", regex.New(`(?:办理|办公|受理|工作|服务|办事|接待)(?:的)?时间$`)},
	{"联系电话", regex.New(`(?:联系|咨询|服务|办公|受理|办理)(?:的)?(?:电话|方式)$|^电话$`)},
	{"办理流程", regex.New(`(?:办理|申请|审批|办事|受理|服务|工作|业务)(?:的)?(?:流程|程序|步骤)(?:图)?$`)},
}

// sectionStart begins the next part of a guide.
var sectionStart = regex.New(`^(?:[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十]{1,3}）)`)

// elementWords are the ends of such labels.
var elementWords = regex.New(`名称|事项|依据|条件|材料|清单|地点|地址|窗口|时间|电话|方式|流程|程序|步骤`)

// noValue are contents that count as none (V6).
var noValue = regex.New(`^(?:无|暂无|/|-+|—+|——|详见(?:窗口|附件|大厅|办事大厅)?|见附件|null|略|空)?[。.]?$`)

// guide reads the key elements. The value of an element is what stands behind its
// label, on its line, in the next cell or in the lines up to the next label.
func (p *page) guide() {
	found := map[string]string{}
	labelOf := func(s string) (string, string) {
		if len(s) > 300 && !strings.ContainsAny(s[:60], ":：") {
			return "", ""
		}
		name, value := s, ""
		if i := strings.IndexAny(s, ":："); i > 0 {
			name = s[:i]
			value = strings.TrimSpace(strings.TrimLeft(s[i:], ":： "))
		}
		name = strings.Trim(name, " 　【】[]（）()*●■◆·•、.")
		name = strings.TrimLeft(name, "一二三四五六七八九十0123456789、.．（）() ")
		if c := runes(name); c > 10 || c < 2 || !elementWords.MatchString(name) {
			return "", ""
		}
		for _, e := range guideElements {
			if e.re.MatchString(name) {
				return e.name, value
			}
		}
		return "", ""
	}
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == crumb || l.region == head || l.linked*2 > l.chars && l.chars < 20 && p.inGroup(l.node) {
			continue
		}
		name, value := labelOf(l.text)
		if name == "" {
			continue
		}
		for j := i + 1; value == "" && j < len(p.text) && j <= i+2; j++ {
			n := &p.text[j]
			if n.region == foot {
				break
			}
			if other, _ := labelOf(n.text); other != "" || alone(n.text) || j == i+1 && sectionStart.MatchString(n.text) {
				break
			}
			value = n.text
			if l.cell {
				break
			}
		}
		value = cutRunes(strings.TrimSpace(value), 200)
		if noValue.MatchString(value) {
			value = ""
		}
		if old, ok := found[name]; !ok || old == "" {
			found[name] = value
		}
	}
	if len(found) >= 3 {
		p.r.Guide = found
	}
}

// partNames are the four parts of the disclosure platform and its entrance for
// requests (disclosure-platform section 2).
var partNames = []struct {
	name string
	re   *regex.Pattern
}{
	{"政府信息公开指南", regex.New(`^(?:政府)?(?:信息)?公开指南$`)},
	{"政府信息公开制度", regex.New(`^(?:政府)?(?:信息)?公开(?:制度|规定)$`)},
	{"法定主动公开内容", regex.New(`^(?:法定)?主动公开(?:内容|目录)?$|^法定主动公开.{0,4}$`)},
	{"政府信息公开年报", regex.New(`^(?:政府)?(?:信息)?公开(?:工作)?(?:年报|年度报告|工作年度报告)$`)},
	{"依申请公开", regex.New(`^依申请公开$`)},
}

func (p *page) parts() {
	found := map[string]string{}
	for i := range p.r.Links {
		l := &p.r.Links[i]
		if l.Element != "a" || l.Place == fact.InFooter || runes(l.Text) > 16 {
			continue
		}
		for _, part := range partNames {
			if found[part.name] == "" && part.re.MatchString(strings.ReplaceAll(l.Text, " ", "")) {
				found[part.name] = l.URL
			}
		}
	}
	if len(found) >= 3 {
		p.r.Parts = found
	}
}
