package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"unicode/utf8"

	"gongkai/kernel/fault"
)

// Reason says to programs why an address is no use.
type Reason string

const (
	Address   Reason = "address"   // the address itself is wrong
	Internal  Reason = "internal"  // it leads into an internal network
	Name      Reason = "name"      // the name cannot be resolved
	Connect   Reason = "connect"   // no connection, or it broke
	Secure    Reason = "secure"    // certificate or encryption
	Timeout   Reason = "timeout"   // too slow
	Redirects Reason = "redirects" // too many
	Large     Reason = "large"     // too much
	Status    Reason = "status"    // 400 and above
	Missing   Reason = "missing"   // status 200, but the page says it does not exist (soft 404)
	Broken    Reason = "broken"    // the answer is not HTTP
)

// failure is the cause inside the fault that Get returns.
type failure struct {
	reason Reason
	cause  error
}

func (f *failure) Error() string {
	if f.cause == nil {
		return "fetch: " + string(f.reason)
	}
	return "fetch: " + string(f.reason) + ": " + f.cause.Error()
}

func (f *failure) Unwrap() error { return f.cause }

// ReasonOf returns why Get failed, "" for an error that is not Get's.
func ReasonOf(err error) Reason {
	var f *failure
	if errors.As(err, &f) {
		return f.reason
	}
	return ""
}

// Temporary reports whether trying later may help.
func Temporary(err error) bool { return fault.Is(err, fault.Unavailable) }

func failed(reason Reason, format string, args ...any) error {
	return fault.Wrap(&failure{reason: reason}, kindOf(reason), fmt.Sprintf(format, args...))
}

func kindOf(reason Reason) fault.Kind {
	switch reason {
	case Name, Connect, Timeout, Secure, Broken:
		return fault.Unavailable
	}
	return fault.Invalid
}

var (
	errSlow = failed(Timeout, "超时：对方网站太慢，在限定时间内没有传完，请稍后重试")
	errIdle = failed(Timeout, "超时：对方网站中途停止响应，请稍后重试")
)

func tooLarge(limit int64) error {
	return failed(Large, "页面过大，超过 %d MB，不能抓取。如是附件请直接上传文件", max(1, limit>>20))
}

// explain turns an error of the HTTP client into a fault.
func explain(err error, host string) error {
	if ReasonOf(err) != "" {
		var e *fault.Error
		errors.As(err, &e) // without what the HTTP client wrapped around it
		return e
	}
	if errors.Is(err, context.Canceled) {
		return err // the asker went away
	}
	var redirect *url.Error
	if errors.As(err, &redirect) {
		if u, e := url.Parse(redirect.URL); e == nil && u.Hostname() != "" {
			host = u.Hostname()
		}
	}
	reason, text := reading(err, host)
	return fault.Wrap(&failure{reason, err}, kindOf(reason), text)
}

func reading(err error, host string) (Reason, string) {
	var (
		dns       *net.DNSError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		network   net.Error
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return Name, fmt.Sprintf("无法解析域名 %s，请检查网址是否写错或网站是否已停用", host)
	case errors.As(err, &dns):
		return Name, fmt.Sprintf("无法解析域名 %s，域名服务器没有答复，请稍后重试", host)
	case errors.As(err, &hostname):
		return Secure, fmt.Sprintf("证书无效：证书不是发给 %s 的", host)
	case errors.As(err, &authority):
		return Secure, fmt.Sprintf("证书无效：%s 的证书不是由受信任的机构颁发，或缺少中间证书", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Secure, fmt.Sprintf("证书无效：%s 的证书已过期或尚未生效", host)
	case errors.As(err, &invalid), errors.As(err, &verify):
		return Secure, fmt.Sprintf("证书无效：%s 的证书不能通过验证", host)
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return Secure, fmt.Sprintf("%s 不支持 https 访问，请改用 http:// 开头的网址再试", host)
	case errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		return Secure, fmt.Sprintf("与 %s 建立加密连接失败，对方的加密设置过旧或有误", host)
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return Timeout, fmt.Sprintf("超时：%s 没有在限定时间内响应，请稍后重试", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return Connect, fmt.Sprintf("%s 拒绝连接，请检查网址和端口，或稍后重试", host)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Connect, fmt.Sprintf("与 %s 的连接中断，没有收到完整内容，请稍后重试", host)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return Connect, fmt.Sprintf("无法到达 %s，请检查本机网络", host)
	}
	return Broken, fmt.Sprintf("%s 返回的内容不符合网页协议，无法读取", host)
}

// problem says why a page that was answered is no use, or nil.
func (p *Page) problem() error {
	switch {
	case p.Status == http.StatusNotFound, p.Status == http.StatusGone:
		return failed(Status, "返回状态 %d：页面不存在或已删除，请核对网址", p.Status)
	case p.Status == http.StatusUnauthorized, p.Status == http.StatusForbidden:
		return failed(Status, "返回状态 %d：对方网站不允许访问这个页面，请确认不登录也能打开", p.Status)
	case p.Status == http.StatusTooManyRequests, p.Status >= 500:
		cause := &failure{reason: Status}
		return fault.Wrap(cause, fault.Unavailable, fmt.Sprintf("返回状态 %d：对方网站暂时出错，请稍后重试", p.Status))
	case p.Status >= 400, p.Status < 200, p.Status >= 300:
		return failed(Status, "返回状态 %d：没有取得页面内容", p.Status)
	case p.missing():
		return failed(Missing, "页面显示“不存在”或“已删除”（返回状态 200），请核对网址")
	}
	return nil
}

// missing recognises a soft 404.
func (p *Page) missing() bool { return p.HTML() && SaysMissing(p.Title, p.Text) }

// SaysMissing tells whether a page says of itself that it does not exist: its title
// does, or it has little text and a sentence of that does. A long text, and a
// sentence about what a page showed, may well talk about missing pages.
func SaysMissing(title, text string) bool {
	if gone.MatchString(title) && !reports(title) || code404.MatchString(title) {
		return true
	}
	if utf8.RuneCountInString(text) >= 400 || !gone.MatchString(text) && !code404.MatchString(text) {
		return false
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r。！？!?；;", r) }) {
		if (gone.MatchString(sentence) || code404.MatchString(sentence)) && !reports(sentence) {
			return true
		}
	}
	return false
}

// reports tells whether a sentence tells of something, instead of answering to
// whoever opened the page: it quotes, it is about a trouble of somebody, or it is
// longer than such answers are.
func reports(sentence string) bool {
	return utf8.RuneCountInString(sentence) > 60 || reporting.MatchString(sentence)
}
