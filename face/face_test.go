package face_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// get asks the sample house as a member of the staff or as anyone.
func get(t *testing.T, staff bool, path string, cookies ...string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := sample(slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if staff {
		cookies = append(cookies, "as=staff")
	}
	r.Header.Set("Cookie", strings.Join(cookies, "; "))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	body := w.Body.String()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %.400s", w.Code, status, body)
	}
	for _, part := range parts {
		no := strings.HasPrefix(part, "!")
		if strings.Contains(body, strings.TrimPrefix(part, "!")) == no {
			t.Errorf("%q missing or there against order in %.3000s", part, body)
		}
	}
	return body
}

func TestHomeGroupsByDeadline(t *testing.T) {
	body := want(t, get(t, true, "/desk"), 200, "待办 4 件，其中逾期 1 件", "本周动态")
	at := 0
	for _, part := range []string{"已逾期", "规范财政预决算公开", "今天", "开展政府开放日", "本周内", "动态更新机制", "以后", "上报工作人员", "等待别人办理", "完善政策问答库"} {
		i := strings.Index(body[at:], part)
		if i < 0 {
			t.Fatalf("%s does not follow in order", part)
		}
		at += i
	}
}

func TestEveryPageStandsInItsFrame(t *testing.T) {
	want(t, get(t, true, "/desk/components"), 200, "<title>全部组件 - 云岭区政务公开</title>", `href="#main"`, `aria-current="page"><span class="sign"`, "工作台账", "!安全管理", "云岭区大数据局", "这一页摆出全部组件")
	want(t, get(t, true, "/desk/search?q=规范性文件"), 200, "<mark>规范性文件</mark>", "举措", `value="规范性文件"`)
	want(t, get(t, true, "/desk/search?q=无"), 200, "没有找到")
	want(t, get(t, true, "/desk/messages"), 200, "您的佐证被退回", "下一页")
	want(t, get(t, false, "/"), 200, "云岭区人民政府", "关于做好端午值班工作的通知", "网站标识码：0000000001", "工作人员登录")
	want(t, get(t, false, "/search?q=端午"), 200, "<mark>端午</mark>", "2026年6月17日")
	want(t, get(t, true, "/help/sample"), 200, "这一页摆出全部组件", "工作台账")
}

func TestErrorPages(t *testing.T) {
	want(t, get(t, false, "/nowhere"), 404, "没有找到", "网站标识码")
	want(t, get(t, false, "/gone"), 410, "内容有误", "依法申请公开")
	want(t, get(t, false, "/broken"), 500, "系统出错，编号 ", "!disk on fire")
	want(t, get(t, true, "/desk/security"), 403, "没有这一页的权限", "工作台账")
	if w := get(t, false, "/desk/components?lead=a"); w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fdesk%2Fcomponents%3Flead%3Da" {
		t.Error(w.Code, w.Header())
	}
}

func TestDisplayIsRemembered(t *testing.T) {
	want(t, get(t, false, "/", "mode=elder", "theme=dark"), 200, `data-mode="elder"`, `data-theme="dark"`, "退出长辈模式")
	want(t, get(t, false, "/", "mode=x", `theme="><b>`), 200, "!data-mode", "!<b>")
}

// Every component stands in the sample or in a frame, where the tests render it
// and the browser tests look at it.
func TestEveryComponentHasASample(t *testing.T) {
	var used strings.Builder
	for _, pattern := range []string{"face/testdata/template/*.html", "face/*/template/*.html", "web/component/*.html"} {
		names, err := fs.Glob(os.DirFS(".."), pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile("../" + name)
			if err != nil {
				t.Fatal(err)
			}
			used.Write(text)
		}
	}
	components, err := fs.Glob(os.DirFS("../web"), "component/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range components {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "component/"), ".html")
		if !strings.Contains(used.String(), `{{template "`+name+`"`) {
			t.Errorf("component %s has no sample", name)
		}
	}
}
