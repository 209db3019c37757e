package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
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
	From     string         // address
	FromName string         // as receivers see it
	Roots    *x509.CertPool // who may vouch for the server; nil for whom the machine trusts
	Clock    clock.Clock
}

// patience is how long the server may be silent.
const patience = 20 * time.Second

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

	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(patience),
		mail.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})}
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
	var (
		answer *mail.SendError
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
		slow   net.Error
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &cert):
		return fmt.Errorf("邮件服务器的证书不能核实，没有发出；请核对服务器名称，本单位自建证书的请把根证书装入操作系统：%w", err)
	case errors.As(err, &record):
		return fmt.Errorf("邮件服务器在端口 %d 上不是一开始就加密，请把 smtp.tls 改为 starttls，或换成加密的端口：%w", s.Port, err)
	case strings.Contains(err.Error(), "does not support STARTTLS"): // the library has no value for it
		return fmt.Errorf("邮件服务器在端口 %d 上不支持先连接再加密（STARTTLS），请核对 smtp.port 和 smtp.tls：%w", s.Port, err)
	case errors.As(err, &slow) && slow.Timeout():
		return fmt.Errorf("邮件服务器 %d 秒内没有应答，请核对 smtp.host、smtp.port 和 smtp.tls：%w", int(patience.Seconds()), err)
	case errors.As(err, &answer) && answer.ErrorCode() >= 500:
		return Refused(fmt.Errorf("邮件服务器拒收：%w", err))
	case errors.As(err, &answer) && answer.ErrorCode() >= 400:
		return fmt.Errorf("邮件服务器暂时拒收：%w", err)
	}
	return fmt.Errorf("邮件服务器没有收下：%w", err)
}
