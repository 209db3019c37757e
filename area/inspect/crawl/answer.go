package crawl

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

// readFull fills b as far as there is something; io.EOF says that it was all.
func readFull(r io.Reader, b []byte) ([]byte, error) {
	n := 0
	for n < len(b) {
		m, err := r.Read(b[n:])
		n += m
		if err != nil {
			return b[:n], err
		}
	}
	return b, nil
}

func (a *answer) measure(q ask) {
	if q.part == Page || a.size < 0 {
		a.size = int64(len(a.body))
	}
}

// pushedBack recognises a server that asks to be left alone: such an address is
// not dead, nobody knows (WEB-81).
func (a *answer) pushedBack() {
	if a.failure != "" {
		return
	}
	h := a.header
	switch {
	case a.status == http.StatusTooManyRequests, a.status == http.StatusServiceUnavailable && h.Get("Retry-After") != "":
		a.failure, a.note = fact.Refused, fmt.Sprintf("服务器要求减少访问（状态 %d），未判定", a.status)
		a.retry = 5 * time.Second
		if s, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After"))); err == nil && s >= 0 {
			a.retry = min(time.Duration(s)*time.Second, maxRetryWait)
		}
	case a.status == 999, a.status == 468, h.Get("Cf-Mitigated") != "",
		(a.status == 403 || a.status == 503) && strings.EqualFold(h.Get("Server"), "cloudflare"),
		a.status == 521 && strings.Contains(strings.Join(h.Values("Set-Cookie"), ";"), "__jsl"),
		(a.status == 412 || a.status == 202) && len(h.Values("Set-Cookie")) > 0:
		a.failure, a.note = fact.Refused, fmt.Sprintf("服务器要求先通过人机验证（状态 %d），未判定", a.status)
	}
}

// challenged recognises by its body a page that wants to see a browser first.
func (a *answer) challenged() bool {
	if a.status != 403 && a.status != 412 && a.status != 202 && a.status != 503 && a.status != 521 {
		return false
	}
	for _, mark := range []string{"__jsl_clearance", "$_ts", "cf-chl", "captcha", "验证码", "安全验证", "访问过于频繁", "WAF", "拦截"} {
		if bytes.Contains(a.body, []byte(mark)) {
			return true
		}
	}
	return false
}

// onlySecure recognises what servers say in plain to somebody who forgot that they
// speak TLS only.
func onlySecure(body []byte) bool {
	return bytes.Contains(body, []byte("HTTP request to an HTTPS server")) || bytes.Contains(body, []byte("HTTP request was sent to HTTPS port"))
}

var (
	errSlow  = errors.New("crawl: the whole answer took too long")
	errIdle  = errors.New("crawl: nothing came for too long")
	errSpeed = errors.New("crawl: bytes come too slowly")
)

// fail says why nothing came.
func (a *answer) fail(ctx context.Context, err error) {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, errSpeed) {
		err = cause
	}
	note := ""
	if a.failure == fact.BadCert {
		note = a.note + "；"
	}
	var (
		dns     *net.DNSError
		network net.Error
		record  tls.RecordHeaderError
		alert   tls.AlertError
		corrupt flate.CorruptInputError
		said    *fault.Error
	)
	a.network = a.status == 0
	text := err.Error()
	switch {
	case errors.Is(err, errSlow):
		a.failure, a.note = fact.TooSlow, "没有在限定时间内传完"
	case errors.Is(err, errIdle):
		a.failure, a.note = fact.TooSlow, "长时间没有数据"
	case errors.Is(err, errSpeed):
		a.failure, a.note = fact.TooSlow, fmt.Sprintf("传输速度低于每秒 %d 字节", minSpeed)
	case errors.Is(err, context.Canceled):
		a.failure = stopped
	case fetch.ReasonOf(err) == fetch.Internal:
		a.failure, a.network, a.note = fact.Internal, false, "指向内网或本机地址，未访问"
		if errors.As(err, &said) {
			a.note = said.Text
		}
	case errors.As(err, &dns) && (dns.IsNotFound || !dns.IsTimeout):
		a.failure, a.note = fact.NoHost, "域名无法解析"
	case errors.As(err, &dns):
		a.failure, a.note = fact.NoHost, "域名服务器没有答复"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt), errors.Is(err, errCoding):
		a.failure, a.network, a.note = fact.Broken, false, "压缩的内容已损坏，无法读取"
	case errors.As(err, &record), strings.Contains(text, "server gave HTTP response to HTTPS client"):
		a.failure, a.note = fact.NoConnect, "不支持加密（https）访问"
	case errors.As(err, &alert), strings.Contains(text, "tls: "), strings.Contains(text, "x509: "):
		a.failure, a.note = fact.BadCert, "无法建立加密连接，对方的加密设置过旧或有误"
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		a.failure, a.note = fact.TooSlow, "连接超时"
	case strings.Contains(text, "malformed"), strings.Contains(text, "response headers exceeded"), strings.Contains(text, "HTTP/1.x transport connection broken: malformed"),
		strings.Contains(text, "HTTP response to HTTPS"), strings.Contains(text, "unsupported protocol"):
		a.failure, a.note = fact.Broken, "服务器的答复不符合网页协议"
	case a.status != 0:
		a.failure, a.note = fact.Broken, "连接中断，没有收到完整内容"
	default:
		a.failure, a.note = fact.NoConnect, "无法连接，或连接中断"
	}
	a.note = note + a.note
}

// steady puts off the idle alarm whenever something arrives, and refuses a
// server that sends a byte now and then to hold the line.
type steady struct {
	io.Reader
	idle  *time.Timer
	wait  time.Duration
	clock clock.Clock
	start time.Time
	total int64
}

func (s *steady) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if n > 0 {
		s.idle.Reset(s.wait)
		s.total += int64(n)
	}
	if err == nil {
		if t := s.clock.Now().Sub(s.start); t > s.wait && s.total < int64(t.Seconds()*minSpeed) {
			return n, errSpeed
		}
	}
	return n, err
}

var errCoding = errors.New("crawl: unknown content encoding")

// unpack undoes gzip and deflate; nothing else is asked for. The result is read
// through the size limit, which bounds what a small body can grow to.
func unpack(r io.Reader, coding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err == io.EOF { // an empty body needs no wrapping
			return bytes.NewReader(nil), nil
		}
		return z, err
	case "deflate": // zlib by the book, bare by habit: two bytes tell
		var two [2]byte
		n, err := io.ReadFull(r, two[:])
		if err != nil && n == 0 {
			return bytes.NewReader(nil), nil
		}
		if two[0]&0x0f == 8 && (int(two[0])<<8|int(two[1]))%31 == 0 {
			return flate.NewReader(r), nil
		}
		return flate.NewReader(io.MultiReader(bytes.NewReader(two[:n]), r)), nil
	}
	return nil, errCoding
}

// sniff tells by its first bytes what a body is; the header decides only
// between kinds of text that look alike.
func sniff(head []byte, header string) string {
	said, _, _ := strings.Cut(strings.ToLower(header), ";")
	said = strings.TrimSpace(said)
	if said == "text/html" && looksHTML(head) {
		return said // nearly always, and quicker
	}
	kind, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	loose := strings.HasPrefix(kind, "text/") && kind != "text/html" || kind == "application/octet-stream"
	text := bytes.IndexByte(head, 0) < 0
	if loose && text && (strings.HasPrefix(said, "text/") || said == "application/xhtml+xml" || strings.HasSuffix(said, "json") || strings.HasSuffix(said, "xml") || strings.HasSuffix(said, "javascript")) {
		return said
	}
	if kind == "application/octet-stream" && said != "" && !text {
		return said // a kind that only its maker knows
	}
	return kind
}

func looksHTML(head []byte) bool {
	b := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(b) > 0 && b[0] == '<' && bytes.IndexByte(head, 0) < 0
}

func isHTML(kind string) bool { return kind == "text/html" || kind == "application/xhtml+xml" }

func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d 字节", n)
}
