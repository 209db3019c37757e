package notify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"gongkai/kernel/clock"
	"gongkai/kernel/notify"
	"gongkai/kernel/secret"
	"gongkai/kernel/store/storetest"
)

// post is a mail server that answers receivers as told.
type post struct {
	mu      sync.Mutex
	answers []error // one a receiver; nil takes the mail
	mails   []string
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{p}, nil }

type session struct{ *post }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "gongkai" || password != "mi ma" {
			return errors.New("wrong password")
		}
		return nil
	}), nil
}
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(_ string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) == 0 {
		return nil
	}
	err := s.answers[0]
	s.answers = s.answers[1:]
	return err
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, string(raw))
	return err
}

func startPost(t *testing.T) (*post, *notify.SMTP) {
	t.Helper()
	return startPostWith(t, nil, false)
}

// startPostWith starts a mail server with a certificate: encrypted from the start,
// or after STARTTLS; nil for one that does not encrypt.
func startPostWith(t *testing.T, cert *tls.Certificate, fromTheStart bool) (*post, *notify.SMTP) {
	t.Helper()
	p := &post{}
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth = "mail.linjiang.example", cert == nil
	server.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that the test wants to fail
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case fromTheStart:
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*cert}})
	case cert != nil:
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}}
	}
	done := make(chan struct{})
	go func() { _ = server.Serve(l); close(done) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	host, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	return p, &notify.SMTP{Host: host, Port: n, Plain: true, User: "gongkai", Password: "mi ma", From: "zwgk@linjiang.example", FromName: "临江区政务公开", Clock: clock.At(storetest.Start)}
}

func TestMailAsReceived(t *testing.T) {
	p, s := startPost(t)
	err := s.Mail(t.Context(), "wang@linjiang.example", "key7", notify.Letter{Subject: "【临江区政务公开】催办：公布责任清单", Text: "请于三月五日前提交", HTML: "<p>请于<b>三月五日</b>前提交</p>"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(p.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	var words mime.WordDecoder
	if subject, err := words.DecodeHeader(m.Header.Get("Subject")); subject != "【临江区政务公开】催办：公布责任清单" || err != nil {
		t.Errorf("subject %q %v", subject, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "临江区政务公开" {
		t.Errorf("from %v %v", from, err)
	}
	if at, err := m.Header.Date(); err != nil || !at.Equal(storetest.Start) {
		t.Errorf("date %v %v", at, err)
	}
	if m.Header.Get("Message-Id") != "<key7@127.0.0.1>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%v", m.Header)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"请于三月五日前提交", "<p>请于<b>三月五日</b>前提交</p>"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(part); strings.TrimSpace(string(got)) != want || err != nil {
			t.Errorf("part %q %v", got, err)
		}
	}
	bad := *s
	bad.Password = "wrong"
	if err := bad.Mail(t.Context(), "wang@linjiang.example", "k", notify.Letter{Subject: "x", Text: "x"}); err == nil || strings.Contains(err.Error(), "wrong@") {
		t.Errorf("wrong password: %v", err)
	}
	if err := s.Mail(t.Context(), secret.Text("not an address"), "k", notify.Letter{}); err == nil || strings.Contains(err.Error(), "not an address") {
		t.Errorf("bad address: %v", err)
	}
}

// authority makes a certificate authority and lets it vouch for a name or address.
func authority(t *testing.T, name string) (*x509.CertPool, *tls.Certificate) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "临江区测试根证书"}, NotBefore: storetest.Start.AddDate(-20, 0, 0),
		NotAfter: storetest.Start.AddDate(70, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	must(err)
	ca, err = x509.ParseCertificate(raw)
	must(err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, DNSNames: []string{name}}
	if ip := net.ParseIP(name); ip != nil {
		leaf.DNSNames, leaf.IPAddresses = nil, []net.IP{ip}
	}
	raw, err = x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	must(err)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	return roots, &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

func TestMailIsEncrypted(t *testing.T) {
	roots, cert := authority(t, "127.0.0.1")
	_, another := authority(t, "127.0.0.1")
	elsewhere, misnamed := authority(t, "mail.elsewhere.example")
	modes := map[bool]string{true: "tls", false: "starttls"}
	for _, fromTheStart := range []bool{true, false} {
		for _, c := range []struct {
			name    string
			cert    *tls.Certificate
			trusted *x509.CertPool
			want    string // in the message; "" when the mail arrives
		}{
			{"of an authority we trust", cert, roots, ""},
			{"of another authority", another, roots, "证书不能核实"},
			{"of an authority no machine trusts", cert, nil, "证书不能核实"},
			{"for another name", misnamed, elsewhere, "证书不能核实"},
		} {
			t.Run(modes[fromTheStart]+" "+c.name, func(t *testing.T) {
				p, s := startPostWith(t, c.cert, fromTheStart)
				s.Plain, s.StartTLS, s.Roots = false, !fromTheStart, c.trusted
				err := s.Mail(t.Context(), "wang@linjiang.example", "key7", notify.Letter{Subject: "催办", Text: "请提交", HTML: "<p>请提交</p>"})
				switch {
				case c.want == "" && (err != nil || len(p.mails) != 1):
					t.Errorf("%v, %d mails", err, len(p.mails))
				case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || len(p.mails) != 0):
					t.Errorf("%v, %d mails; want %q", err, len(p.mails), c.want)
				}
			})
		}
	}
	for name, fromTheStart := range map[string]bool{"tls": true, "starttls": false} {
		t.Run(name+" with a server that does not", func(t *testing.T) {
			p, s := startPost(t)
			s.Plain, s.StartTLS = false, !fromTheStart
			err := s.Mail(t.Context(), "wang@linjiang.example", "key7", notify.Letter{Subject: "催办", Text: "请提交"})
			if err == nil || !strings.Contains(err.Error(), "smtp.tls") || len(p.mails) != 0 {
				t.Errorf("%v, %d mails", err, len(p.mails))
			}
		})
	}
}

func TestMailServerSaysNo(t *testing.T) {
	p, s := startPost(t)
	each(t, notify.Config{Mail: s}, func(h *house) {
		p.answers = []error{
			&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later wang@linjiang.example"}, nil,
			&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user wang@linjiang.example"},
		}
		p.mails = nil
		h.send(notify.Message{Title: "急一", Urgent: true, To: []notify.Recipient{{Person: "wang"}}})
		h.settle()
		l := h.list(notify.DeliveryAsk{})
		if l[0].State != notify.Again || !strings.Contains(l[0].LastError, "暂时拒收") || !strings.Contains(l[0].LastError, "451") || strings.Contains(l[0].LastError, "wang@") {
			h.Fatalf("%+v", l[0])
		}
		h.kit.Clock.Advance(time.Minute)
		h.settle()
		if l := h.list(notify.DeliveryAsk{}); l[0].State != notify.Sent || l[0].Tries != 2 || len(p.mails) != 1 {
			h.Fatalf("%+v, %d mails", l[0], len(p.mails))
		}
		h.send(notify.Message{Title: "急二", Urgent: true, To: []notify.Recipient{{Person: "wang"}}})
		h.settle()
		if l := h.list(notify.DeliveryAsk{State: notify.Failed}); len(l) != 1 || l[0].Tries != 1 || !strings.Contains(l[0].LastError, "550") || strings.Contains(l[0].LastError, "wang@") {
			h.Errorf("%+v", l)
		}
	})
}
