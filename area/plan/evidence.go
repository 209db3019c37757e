package plan

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
)

// MaxFile is the largest file that may be handed in as evidence, in bytes.
const MaxFile = 50 << 20

// Title names the kind for people.
func (k EvidenceKind) Title() string {
	switch k {
	case Link:
		return "链接"
	case File:
		return "文件"
	case Note:
		return "文字"
	case Figure:
		return "数据"
	case Proved:
		return "自动佐证"
	}
	return ""
}

// Title names the verdict for people.
func (v Verdict) Title() string {
	switch v {
	case Accepted:
		return "已采纳"
	case Refused:
		return "未采纳"
	}
	return "待核"
}

// clean cuts the blanks around what a person typed.
func (e Evidence) clean() Evidence {
	for _, text := range []*string{&e.Title, &e.URL, &e.Text, &e.Measured, &e.Source} {
		*text = strings.TrimSpace(*text)
	}
	return e
}

// valid holds the rules of evidence (assessment, section 4): it says what it
// shows, and it is dated inside the period that it shows something of.
func (e Evidence) valid(t Term, today calendar.Date) error {
	wrong := fault.Fields{}
	bound := func(field, title, text string, most int) {
		if n := utf8.RuneCountInString(text); n > most {
			wrong[field] = fmt.Sprintf("%s有%d字，请不超过%d字", title, n, most)
		}
	}
	bound("title", "标题", e.Title, 200)
	bound("text", "说明", e.Text, 5000)
	bound("source", "来源", e.Source, 200)
	bound("measured", "计量单位", e.Measured, 20)
	switch e.Kind {
	case Link:
		if u, err := url.Parse(e.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			wrong["url"] = "请填写以 http:// 或 https:// 开头的完整网址"
		}
		bound("url", "网址", e.URL, 2000)
	case File:
		if e.Hash == "" {
			wrong["file"] = "请选择要上传的文件"
		}
	case Note:
		if e.Text == "" {
			wrong["text"] = "请写明完成情况"
		}
	case Figure:
		if e.Source == "" {
			wrong["source"] = "请写明数据来源，例如系统名称、文件名称和页码"
		}
		if e.Measured == "" {
			wrong["measured"] = "请填写计量单位，例如 件、人、%"
		}
	default:
		wrong["kind"] = "请选择佐证类型"
	}
	if e.Title == "" && e.Kind != Link { // a link brings its page's own title
		wrong["title"] = "请写明这条佐证说明什么"
	}
	switch {
	case e.DatedOn.IsZero():
		if e.Kind != Link { // a link's date is read from its page
			wrong["dated_on"] = "请填写所证明事项的日期"
		}
	case e.DatedOn.After(today):
		wrong["dated_on"] = "日期不能是将来的日期"
	case e.DatedOn.Before(t.opens()):
		wrong["dated_on"] = fmt.Sprintf("日期%s早于本任务期间（%s起），不能作为本期佐证", e.DatedOn, t.opens())
	}
	return wrong.Err()
}

// opens is the first day whose work counts for the term. What was done in the
// year before the plan came out counts for the first period. Work done after the
// last day is late, not void, so there is no last one.
func (t Term) opens() calendar.Date {
	if t.Number == 1 {
		return calendar.Day(t.From.Year(), 1, 1)
	}
	return t.From
}
