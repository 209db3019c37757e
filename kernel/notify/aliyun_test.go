package notify_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/notify"
	"gongkai/kernel/store/storetest"
)

// gateway is a short message service that checks calls as the published scheme
// says, with code of its own: it shares nothing with the client.
type gateway struct {
	t      *testing.T
	secret string
	now    func() time.Time
	nonces map[string]bool
	answer []string // codes to give, then OK
	got    []map[string]string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	say := func(status int, code string) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"Code": code, "Message": "says " + code, "RequestId": "R"})
	}
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.ParseForm() != nil {
		say(405, "UnsupportedHTTPMethod")
		return
	}
	var names []string
	for name := range r.PostForm {
		if name != "Signature" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var canonical strings.Builder
	for i, name := range names {
		if i > 0 {
			canonical.WriteByte('&')
		}
		canonical.WriteString(percent(name) + "=" + percent(r.PostForm.Get(name)))
	}
	mac := hmac.New(sha1.New, []byte(g.secret+"&"))
	fmt.Fprintf(mac, "%s&%s&%s", r.Method, percent("/"), percent(canonical.String()))
	if base64.StdEncoding.EncodeToString(mac.Sum(nil)) != r.PostForm.Get("Signature") {
		say(400, "SignatureDoesNotMatch")
		return
	}
	at, err := time.Parse(time.RFC3339, r.PostForm.Get("Timestamp"))
	if gap := g.now().Sub(at); err != nil || gap < -15*time.Minute || gap > 15*time.Minute {
		say(400, "InvalidTimeStamp.Expired")
		return
	}
	nonce := r.PostForm.Get("SignatureNonce")
	if nonce == "" || g.nonces[nonce] {
		say(400, "SignatureNonceUsed")
		return
	}
	g.nonces[nonce] = true
	for name, want := range map[string]string{"Action": "SendSms", "Version": "2017-05-25", "Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "AccessKeyId": "testId", "SignName": "临江区政务公开", "TemplateCode": "SMS_1"} {
		if r.PostForm.Get(name) != want {
			say(400, "Invalid"+name)
			return
		}
	}
	if len(g.answer) > 0 {
		code := g.answer[0]
		g.answer = g.answer[1:]
		say(200, code)
		return
	}
	params := map[string]string{}
	if err := json.Unmarshal([]byte(r.PostForm.Get("TemplateParam")), &params); err != nil {
		say(200, "isv.INVALID_JSON_PARAM")
		return
	}
	params["to"], params["id"] = r.PostForm.Get("PhoneNumbers"), r.PostForm.Get("OutId")
	g.got = append(g.got, params)
	say(200, "OK")
}

// percent is RFC 3986 escaping, byte by byte.
func percent(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func TestShortMessages(t *testing.T) {
	g := &gateway{t: t, secret: "test*Secret ~+", nonces: map[string]bool{}}
	server := httptest.NewServer(g)
	defer server.Close()
	fixed := clock.At(storetest.Start)
	g.now = fixed.Now
	a := &notify.Aliyun{Base: server.URL, KeyID: "testId", Secret: "test*Secret ~+", SignName: "临江区政务公开", Template: "SMS_1", Clock: fixed}
	each(t, notify.Config{SMS: a}, func(h *house) {
		g.got = nil
		to := []notify.Recipient{{Person: "wang"}, {Person: "li"}} // li has no telephone
		h.send(notify.Message{Title: "平常的不发短信", To: to})
		title := "催办 ~*+&=%：" + strings.Repeat("长", 40)
		h.send(notify.Message{Title: title, Text: "不出现", Urgent: true, To: to})
		g.answer = []string{"isv.BUSINESS_LIMIT_CONTROL"}
		h.settle()
		l := h.list(notify.DeliveryAsk{Channel: notify.SMS, Receiver: "wang"})
		if len(l) != 1 || l[0].State != notify.Again || !strings.Contains(l[0].LastError, "isv.BUSINESS_LIMIT_CONTROL") {
			h.Fatalf("%+v", l)
		}
		h.kit.Clock.Advance(time.Minute)
		h.settle()
		if len(g.got) != 1 || g.got[0]["to"] != "13800001234" || g.got[0]["count"] != "1" || !strings.HasPrefix(g.got[0]["title"], "催办 ~*+&=%：长") || len([]rune(g.got[0]["title"])) != 35 || g.got[0]["id"] != string(l[0].ID) {
			h.Errorf("%+v", g.got)
		}
		if l := h.list(notify.DeliveryAsk{Channel: notify.SMS, Receiver: "li"}); len(l) != 1 || l[0].State != notify.Skipped {
			h.Errorf("%+v", l)
		}
		g.answer = []string{"isv.MOBILE_NUMBER_ILLEGAL"}
		h.send(notify.Message{Title: "再急", Urgent: true, To: to[:1]})
		h.settle()
		if l := h.list(notify.DeliveryAsk{Channel: notify.SMS, State: notify.Failed}); len(l) != 1 || !strings.Contains(l[0].LastError, "isv.MOBILE_NUMBER_ILLEGAL") {
			h.Errorf("%+v", l)
		}
	})
	wrong := *a
	wrong.Secret = "other"
	if err := wrong.Text(t.Context(), "13800001234", "k", 1, "x"); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("a wrong secret: %v", err)
	}
	fixed.Advance(time.Hour)
	late := *a
	late.Clock = clock.At(storetest.Start)
	if err := late.Text(t.Context(), "13800001234", "k", 1, "x"); err == nil || !strings.Contains(err.Error(), "Expired") {
		t.Errorf("a slow clock: %v", err)
	}
}
