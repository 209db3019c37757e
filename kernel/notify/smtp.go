package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"

	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/secret"
)

// SMTP is a Mailer over one mail server.
type SMTP struct {
	Host     string
	Port     int
	StartTLS bool   // encrypted after a greeting (STARTTLS, mostly port 587), else from the start (465)
	Plain    bool   // no encryption at all, for a server on the same machine
	User     string // "" for a server that asks for none
	Password secret.Text
	From     string // address
	FromName string // as receivers see it
	Clock    clock.Clock
}

// Mail sends a letter; a refusal by the server (5xx) is final.
func (s *SMTP) Mail(ctx context.Context, to secret.Text, key id.ID, l Letter) error {
	m := mail.NewMsg()
	if err := m.FromFormat(s.FromName, s.From); err != nil {
		return Refused(fmt.Errorf("发件地址写法不对：%w", err))
	}
	if err := m.To(to.Reveal()); err != nil {
		return Refused(errors.New("收件地址写法不对，请在人员信息中更正"))
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(s.Clock.Now())
	m.SetMessageIDWithValue(string(key) + "@" + s.Host)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no out-of-office answers
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	m.AddAlternativeString(mail.TypeTextHTML, l.HTML)

	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(20 * time.Second)}
	switch {
	case s.Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case s.StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		options = append(options, mail.WithSSL())
	}
	if s.User != "" {
		auth := mail.SMTPAuthAutoDiscover
		if s.Plain {
			auth = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(s.User), mail.WithPassword(s.Password.Reveal()))
	}
	client, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return fmt.Errorf("邮件服务器设置有误：%w", err)
	}
	err = client.DialAndSendWithContext(ctx, m)
	var answer *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &answer) && answer.ErrorCode() >= 500:
		return Refused(fmt.Errorf("邮件服务器拒收：%w", err))
	case errors.As(err, &answer) && answer.ErrorCode() >= 400:
		return fmt.Errorf("邮件服务器暂时拒收：%w", err)
	}
	return fmt.Errorf("邮件服务器没有收下：%w", err)
}
