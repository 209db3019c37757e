package account

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

func TestWeak(t *testing.T) {
	for password, want := range map[string]string{
		"短短短": "至少 10 个", "password123": "太常见", "P@ssw0rd!!": "太常见", "1234567890": "连续", "9876543210": "连续",
		"abcdefghijkl": "连续", "aaaaaaaaaaab": "重复", "xx-lihong-99": "用户名", "我是李红没人猜得到的": "姓名",
		strings.Repeat("长密码短密码", 30): "不能超过", "ok\xff-long-enough": "无法识别",
		"长江山城雾都轻轨火锅": "", "correct horse battery": "", "k7#mQ2vX9!": "",
	} {
		if got := weak(password, "lihong", "李红", 10); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("weak(%q) = %q, want %q", password, got, want)
		}
	}
	for range 50 {
		if text := weak(temporary(), "lihong", "李红", 10); text != "" {
			t.Fatal(text)
		}
	}
}

func TestHash(t *testing.T) {
	h := newHasher()
	kept := h.hash("长江-山城")
	if !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") || kept == h.hash("长江-山城") {
		t.Error(kept)
	}
	if !h.check(kept, "长江-山城") || h.check(kept, "长江-山城 ") || h.check("", "") || h.check("$argon2id$v=19$m=1,t=1,p=1$x$y", "") {
		t.Error("check")
	}
}

func TestWait(t *testing.T) {
	b := Defaults().byName()
	for n, want := range map[int64]time.Duration{0: 0, 3: 0, 4: time.Second, 5: 2 * time.Second, 9: 32 * time.Second, 10: 30 * time.Minute, 1 << 40: 30 * time.Minute} {
		if got := b.wait(n); got != want {
			t.Errorf("wait(%d) = %v, want %v", n, got, want)
		}
	}
	now := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
	if got := b.next(tries{failures: 8, last: now.Add(-25 * time.Hour)}, now); got.failures != 1 {
		t.Errorf("failures of another day count: %+v", got)
	}
}

func TestStep(t *testing.T) {
	key, _, err := newTOTP("政务公开", "wang")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 6, 2, 0, 10, 0, time.UTC)
	for _, c := range []struct {
		off  time.Duration
		good bool
	}{{0, true}, {-30 * time.Second, true}, {30 * time.Second, true}, {-60 * time.Second, false}, {60 * time.Second, false}} {
		code, err := totp.GenerateCode(key, now.Add(c.off))
		if err != nil {
			t.Fatal(err)
		}
		at, err := step(key, code[:3]+" "+code[3:], now, 0)
		if err != nil || (at != 0) != c.good {
			t.Errorf("a clock %v off: step %d %v", c.off, at, err)
		}
		if at, _ := step(key, code, now, now.Unix()/period+1); at != 0 {
			t.Errorf("taken after a later one: %d", at)
		}
	}
}
