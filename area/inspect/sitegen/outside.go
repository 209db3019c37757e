package sitegen

import (
	"net/http"
	"time"
)

// hostNames are the hosts of a site and of the world around it.
func hostNames() []string {
	return []string{"main", "sub", "good", "closed", "slow", "busy", "guarded", "gamble", "parked", "cdn"}
}

// outside is a host that the site links to.
func (s *Site) outside(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		html := func(status int, title, text string) {
			send(w, r, status, "text/html; charset=utf-8", []byte("<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>"+title+"</title></head><body><h1>"+title+"</h1><p>"+text+"</p></body></html>"))
		}
		switch name {
		case "good":
			switch r.URL.Path {
			case "/removed":
				html(404, "未找到", "未找到该页面。")
			case "/gone":
				html(410, "已删除", "该页面已删除。")
			case "/fault":
				html(500, "服务器错误", "服务器内部错误。")
			case "/lost":
				html(200, "页面不存在", "抱歉，您访问的页面不存在，可能已被删除。")
			case "/loop":
				http.Redirect(w, r, "/loop2", http.StatusFound)
			case "/loop2":
				http.Redirect(w, r, "/loop", http.StatusFound)
			default:
				html(200, s.place.city+"公共服务平台", "本平台提供政策查询、办事预约和信息查阅服务，工作日有人员在线解答。")
			}
		case "slow":
			trickle(w, r, answer{body: "<!-- 正在加载 -->", pause: time.Second})
		case "busy":
			w.Header().Set("Retry-After", "3600")
			html(429, "访问频繁", "访问过于频繁，请稍后再试。")
		case "guarded":
			html(403, "安全验证", "请完成安全验证后继续访问。")
		case "gamble":
			html(200, "澳门博彩娱乐城_真人百家乐_时时彩投注平台", "注册即送彩金，百家乐、老虎机、体育投注、六合彩在线开户，24小时提款到账。")
		case "parked":
			html(200, "域名出售", "您访问的域名正在出售，欢迎联系购买。This domain is for sale.")
		case "cdn":
			switch r.URL.Path {
			case "/count.js", "/lib.js":
				send(w, r, 200, "text/javascript", []byte("window.visits=1;"))
			case "/font.css":
				send(w, r, 200, "text/css", []byte("@font-face{font-family:song;src:local('SimSun')}"))
			case "/banner.png":
				send(w, r, 200, "image/png", picture("banner", 300, 80))
			default:
				html(200, "天气预报", "晴，气温十五到二十二度。")
			}
		default:
			http.NotFound(w, r)
		}
	})
}
