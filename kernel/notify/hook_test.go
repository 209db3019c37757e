package notify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/fault"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
)

// group is a server of group robots of all kinds.
type group struct {
	got    map[string][]string // bodies by path
	heads  []http.Header
	answer []string
	status int
	now    func() time.Time
}

func mac(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func (g *group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path == "/ding" { // signed, and not older than an hour
		q := r.URL.Query()
		ms, _ := strconv.ParseInt(q.Get("timestamp"), 10, 64)
		sign := base64.StdEncoding.EncodeToString(mac("SEC1", q.Get("timestamp")+"\n"+"SEC1"))
		if gap := g.now().Sub(time.UnixMilli(ms)); q.Get("sign") != sign || gap > time.Hour || gap < -time.Hour || q.Get("access_token") != "t" {
			fmt.Fprint(w, `{"errcode":310000,"errmsg":"sign not match"}`)
			return
		}
	}
	if g.status != 0 {
		w.WriteHeader(g.status)
		return
	}
	if len(g.answer) > 0 {
		fmt.Fprint(w, g.answer[0])
		g.answer = g.answer[1:]
		return
	}
	g.got[r.URL.Path] = append(g.got[r.URL.Path], string(body))
	g.heads = append(g.heads, r.Header)
	fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
}

func TestRobots(t *testing.T) {
	g := &group{}
	server := httptest.NewServer(g)
	defer server.Close()
	who := org.Actor{Person: "admin", Name: "系统管理员"}
	each(t, notify.Config{HTTP: server.Client()}, func(h *house) {
		*g = group{got: map[string][]string{}, now: h.kit.Clock.Now}
		ctx := h.Context()
		put := func(r notify.Robot) notify.Robot {
			h.Helper()
			r.Mode = notify.Digest
			key, err := h.PutRobot(ctx, who, r)
			if err != nil {
				h.Fatal(err)
			}
			r.ID, r.Version = key, 1
			return r
		}
		plain := put(notify.Robot{Title: "值班系统", Format: notify.Plain, Address: secret.Text(server.URL + "/plain"), Secret: "s3"})
		wecom := put(notify.Robot{Title: "司法局群", Format: notify.WeCom, Unit: "justice", Address: secret.Text(server.URL + "/wecom?key=k")})
		put(notify.Robot{Title: "司法局微信", Format: notify.WeComText, Unit: "justice", Address: secret.Text(server.URL + "/text")})
		put(notify.Robot{Title: "钉钉群", Format: notify.DingTalk, Unit: "justice", Address: secret.Text(server.URL + "/ding?access_token=t"), Secret: "SEC1"})
		put(notify.Robot{Title: "别的单位", Format: notify.WeCom, Unit: "other", Address: secret.Text(server.URL + "/other")})

		h.send(notify.Message{Title: "给个人的", Text: "x", Urgent: true, To: []notify.Recipient{{Person: "wang"}}})
		h.send(notify.Message{Title: "催办[清单]<@all>", Text: "请办理", Link: "/desk/7", Urgent: true, To: justice})
		h.settle()
		for path, n := range map[string]int{"/plain": 1, "/wecom": 1, "/text": 1, "/ding": 1, "/other": 0} {
			if len(g.got[path]) != n {
				h.Fatalf("%s was called %d times: %+v", path, len(g.got[path]), h.list(notify.DeliveryAsk{Channel: notify.Hook}))
			}
		}
		if want := `{"markdown":{"content":"【紧急】**[催办［清单］＜＠all＞](https://zwgk.linjiang.example/desk/7)**\n\n\u003e 请办理"},"msgtype":"markdown"}`; g.got["/wecom"][0] != want {
			h.Errorf("wecom %s", g.got["/wecom"][0])
		}
		if want := `{"msgtype":"text","text":{"content":"【紧急】催办[清单]\u003c@all\u003e\n请办理\nhttps://zwgk.linjiang.example/desk/7"}}`; g.got["/text"][0] != want {
			h.Errorf("text %s", g.got["/text"][0])
		}
		var ours struct {
			Title    string
			Messages []struct{ Title, Text, Link string }
		}
		if err := json.Unmarshal([]byte(g.got["/plain"][0]), &ours); err != nil || len(ours.Messages) != 1 || ours.Messages[0].Text != "请办理" {
			h.Errorf("plain %v %s", err, g.got["/plain"][0])
		}
		signed := false
		for _, head := range g.heads {
			signed = signed || head.Get("X-Gongkai-Signature") == "sha256="+hex.EncodeToString(mac("s3", g.got["/plain"][0]))
		}
		if !signed {
			h.Error("the plain call is not signed")
		}

		// Gathered ones come as one call; a busy robot is tried again, a wrong address is not.
		for i := range 3 {
			h.send(notify.Message{Title: fmt.Sprintf("第%d件", i), To: justice})
		}
		g.answer = []string{`{"errcode":45009,"errmsg":"api freq out of limit"}`, `{"errcode":45009}`, `{"errcode":45009}`, `{"errcode":45009}`}
		h.at("2026-05-06 14:30")
		if n, _ := h.Counts(ctx); n[notify.Again] != 3 { // for the plain format any 200 will do
			h.Errorf("%v", n)
		}
		h.at("2026-05-06 14:31")
		if got := g.got["/wecom"]; len(got) != 2 || !strings.Contains(got[1], "第0件") || !strings.Contains(got[1], "第2件") {
			h.Errorf("%q", got)
		}
		g.status = 404
		h.send(notify.Message{Title: "又急", Urgent: true, To: justice})
		h.settle()
		l := h.list(notify.DeliveryAsk{Receiver: wecom.ID, State: notify.Failed})
		if len(l) != 1 || !strings.Contains(l[0].LastError, "404") {
			h.Errorf("%+v", l)
		}
		g.status = 0

		// Kept sealed, changed by version, dropped.
		var raw string
		if err := h.db.SQL().QueryRow("select address from notify_hook where title = '司法局群'").Scan(&raw); err != nil || strings.Contains(raw, "http") {
			h.Errorf("address in the database: %s %v", raw, err)
		}
		wecom.Title = "司法局新群"
		wecom.Mode = notify.Off
		if _, err := h.PutRobot(ctx, who, wecom); err != nil {
			h.Fatal(err)
		}
		if _, err := h.PutRobot(ctx, who, wecom); !fault.Is(err, fault.Conflict) {
			h.Errorf("a stale save: %v", err)
		}
		if _, err := h.PutRobot(ctx, who, notify.Robot{Title: "x", Address: "ftp://x"}); len(fault.FieldsOf(err)) != 4 {
			h.Errorf("%v", err)
		}
		h.send(notify.Message{Title: "留给删除的", To: justice})
		if err := h.DropRobot(ctx, who, plain.ID); err != nil {
			h.Fatal(err)
		}
		h.at("2026-05-07 09:00")
		if l := h.list(notify.DeliveryAsk{Receiver: plain.ID}); l[0].State != notify.Skipped {
			h.Errorf("%+v", l[0])
		}
		all, err := h.Robots(ctx)
		if err != nil || len(all) != 4 || all[0].Address.Reveal() == "" {
			h.Errorf("%v %d", err, len(all))
		}
		if len(g.got["/wecom"]) != 2 {
			h.Error("a robot that is off was called")
		}
	})
}
