package notify

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	texttemplate "text/template"

	"gongkai/kernel/calendar"
)

// Letter is a mail without its addresses.
type Letter struct{ Subject, Text, HTML string }

// line is a message as the templates see it.
type line struct {
	Title, Text, URL, At string
	Urgent               bool
}

// letter writes one mail of one or many messages.
func (s *Service) letter(messages []message) (Letter, error) {
	view := struct {
		Name, Site string
		Lines      []line
	}{s.conf.Name, s.conf.Site, s.lines(messages)}
	l := Letter{Subject: messages[0].Title}
	if n := len(messages); n > 1 {
		l.Subject = fmt.Sprintf("%d 条待办和提醒：%s等", n, cut(messages[0].Title, 40))
	}
	if s.conf.Name != "" {
		l.Subject = "【" + s.conf.Name + "】" + l.Subject
	}
	plain, err := texttemplate.ParseFS(files, "template/mail.txt")
	if err != nil {
		return l, err
	}
	rich, err := htmltemplate.ParseFS(files, "template/mail.html")
	if err != nil {
		return l, err
	}
	var a, b bytes.Buffer
	if err := plain.Execute(&a, view); err != nil {
		return l, err
	}
	if err := rich.Execute(&b, view); err != nil {
		return l, err
	}
	l.Text, l.HTML = a.String(), b.String()
	return l, nil
}

func (s *Service) lines(messages []message) []line {
	out := make([]line, len(messages))
	for i, m := range messages {
		at := m.CreatedAt.In(calendar.Zone)
		out[i] = line{Title: m.Title, Text: m.Body, URL: s.url(m.Link), Urgent: m.Urgent,
			At: fmt.Sprintf("%s %02d:%02d", calendar.Of(m.CreatedAt).Chinese(), at.Hour(), at.Minute())}
		if m.Private {
			out[i].Text = "请登录系统查看内容"
		}
	}
	return out
}

// url is a path of the house as a whole address.
func (s *Service) url(link string) string {
	if link == "" || link[0] != '/' {
		return link
	}
	return s.conf.Site + link
}
