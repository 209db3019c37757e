package onpage

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/check"
)

// Enclosure tells whether an answer is a file that a page hands out and whose words
// can be read; archives, pictures and programs are none.
func Enclosure(p *fact.Page) bool {
	if p.Read != nil || !p.OK() {
		return false
	}
	address, _, _ := strings.Cut(p.URL, "?")
	switch kindOfType(p.Type) {
	case "pdf", "ole":
		return true
	case "zip":
		return !slices.Contains([]string{".zip", ".jar", ".apk", ".ofd"}, strings.ToLower(path.Ext(address)))
	case "image", "html", "rar", "7z":
		return false
	}
	switch strings.ToLower(path.Ext(address)) {
	case ".txt", ".csv":
		return strings.HasPrefix(p.Type, "text/")
	}
	return false
}

// EnclosureName is the name of a file, for messages: the last part of its address.
func EnclosureName(p *fact.Page) string {
	u, err := url.Parse(p.URL)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return "附件"
	}
	return path.Base(u.Path)
}

// CheckEnclosure asks the engine about a file: what its words say, where t has
// them, and what is hidden in it. Of the words only what harms somebody is told:
// secrets, personal data, names and set phrases; a blank form is full of what would be
// wrong in a text. It is safe for use by many goroutines.
func CheckEnclosure(ctx context.Context, e *check.Engine, name string, data []byte, t *check.Text) ([]Hit, error) {
	found, err := e.CheckFile(ctx, name, data, t, check.Outside)
	if err != nil {
		return nil, err
	}
	body := ""
	if t != nil {
		body = t.Body
	}
	words := slices.DeleteFunc(slices.Clone(found), func(h check.Hit) bool {
		switch h.Kind {
		case check.Secrecy, check.Personal, check.Person, check.Name, check.Wording:
			return false
		}
		return true
	})
	out := grave(body, words)
	for i := range out {
		out[i].Place = cmp.Or(out[i].Place, fmt.Sprintf("第 %d 段", out[i].Line))
	}
	for _, h := range found {
		if h.Kind == check.Hidden {
			out = append(out, Hit{Rule: h.Rule, Kind: h.Kind, Severity: h.Severity, Source: h.Source, Message: h.Message, Place: h.Place})
		}
	}
	return out, nil
}

// Enclosed makes findings of what CheckEnclosure found in a file p that the page on
// hands out; on may be nil. Call it when the pages were looked at: what stands in a
// page too, or in another form of the same file, is told once.
func (l *Looker) Enclosed(p, on *fact.Page, hits []Hit) []fact.Finding {
	heading := EnclosureName(p)
	if on != nil && on.Read != nil {
		heading += on.Read.Heading
	}
	var words []Hit
	var names []string // of what is hidden, each once
	count := map[string]int{}
	grave := false
	for i := range hits {
		h := &hits[i]
		if h.Kind != check.Hidden {
			words = append(words, *h)
			continue
		}
		name := l.ruleTitle(h.Rule)
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
		grave = grave || certain[h.Rule]
	}
	out := l.told(words, heading)
	for i := range out {
		if out[i].Check == "PLAT-35" {
			out[i].What = "公开的附件含有不得公开的个人信息"
		}
	}
	if len(names) > 0 {
		for i, name := range names {
			names[i] = fmt.Sprintf("%s %d 处", name, count[name])
		}
		f := fact.Finding{
			Check: hiddenCheck(p), Key: "隐藏内容", State: fact.Proposed,
			What: "公开的附件里留有不应公开的隐藏内容",
			Seen: "发现" + strings.Join(names, "、") + "。",
			Mend: "核实隐藏内容是否涉及秘密和个人信息；用“接受全部修订、删除批注、取消隐藏”后另存的干净文件替换附件。",
		}
		if grave {
			f.State = fact.Fail
		}
		out = append(out, f)
	}
	for i := range out {
		l.place(&out[i], p, on)
	}
	return out
}

// Locked is the finding of a file that cannot be read for the reason in Chinese:
// that nobody can open without a password (PLAT-16), or that is damaged, as far as a
// program can tell.
func (l *Looker) Locked(p, on *fact.Page, why string) fact.Finding {
	f := fact.Finding{
		Check: "PLAT-16", Also: []string{"REV-48"}, Indicator: "D4.3", Key: "读不出", State: fact.NotDecided,
		What: "附件读不出来，文字没有检查",
		Seen: why + "。",
		Mend: "请下载打开看一次；打不开的，重新上传。",
	}
	if strings.Contains(why, "密码") {
		f.State = fact.Proposed
		f.What, f.Mend = "附件设有打开密码，公众无法打开", "去掉打开密码后重新上传。"
	}
	l.place(&f, p, on)
	return f
}

// place says where a finding of a file stands.
func (l *Looker) place(f *fact.Finding, p, on *fact.Page) {
	f.URL, f.On, f.At, f.Count = p.URL, cmp.Or(p.Referrer, p.URL), p.At, 1
	if on != nil {
		f.On, f.Proof = on.URL, on.Hash
	}
	f.Identify()
}

// certain are the rules of which nobody says that it was meant so.
var certain = map[string]bool{"H-DOCX-COMMENT": true, "H-DOCX-CHANGE": true, "H-OLE-COMMENT": true, "H-PDF-BOX": true}

// hiddenCheck is the check of content-review that hidden content of a file breaks.
func hiddenCheck(p *fact.Page) string {
	address, _, _ := strings.Cut(strings.ToLower(p.URL), "?")
	switch ext := path.Ext(address); {
	case p.Type == "application/pdf":
		return "REV-45"
	case strings.Contains(p.Type, "spreadsheet"), strings.Contains(p.Type, "excel"), strings.HasPrefix(ext, ".xls"), ext == ".et":
		return "REV-44"
	}
	return "REV-43"
}

// ruleTitle is what a rule of the engine is called.
func (l *Looker) ruleTitle(id string) string {
	if l.engine != nil {
		for _, r := range l.engine.Rules() {
			if r.ID == id {
				return r.Title
			}
		}
	}
	return id
}
