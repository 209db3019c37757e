package browse

import (
	"bytes"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

// page is a page of an invented site with words enough to be one.
func page(head, body string) string {
	return `<html><head><meta charset="utf-8"><title>临江区人民政府</title>` + head + `</head><body>
<div style="background:#c00;color:#fff;height:80px;padding:10px">临江区人民政府门户网站</div>
<div class="text"><p>` + strings.Repeat("欢迎访问临江区人民政府门户网站，本站公布政府信息，提供办事服务。", 40) + `</p></div>` + body + `</body></html>`
}

func TestLook(t *testing.T) {
	b := open(t, nil)
	const stranger = `<p><a id="out" href="http://shop.example.com/a">友好商城</a></p>`
	at := serve(t, map[string]string{
		"/plain": page("", stranger+`<div style="position:fixed;right:10px;bottom:80px;width:60px"><a href="#">返回顶部</a><a href="/">分享</a></div>`),
		"/floats": page("", `<div id="piao" style="position:absolute;z-index:99;left:0;top:0;width:200px;height:120px;background:#fff"><a href="/zt"><img alt="优化营商环境" width="200" height="120"></a></div>
<script>var x=0;setInterval(function(){x+=2;var p=document.getElementById("piao");p.style.left=x%900+"px";p.style.top=x%500+"px"},30)</script>`),
		"/popup": page("", `<div style="position:fixed;left:0;top:0;width:100%;height:100%;background:rgba(0,0,0,.5)"></div>
<div style="position:fixed;left:400px;top:250px;width:640px;height:400px;background:#fff"><h3>关于系统维护的公告</h3><p>本站将于周六维护。</p><a href="javascript:;" onclick="this.parentNode.remove()">关闭</a></div>`),
		"/mouse": page("", `<div style="position:fixed;left:400px;top:250px;width:640px;height:400px;background:#fff"><h3>调查问卷</h3><span class="close-btn" style="display:inline-block;width:20px;height:20px" onclick="this.parentNode.remove()">×</span></div>
<p><span onclick="location='/x'">更多内容</span> <span onclick="y()" tabindex="0">可以到达</span></p>`),
		"/errors":  page("", `<script src="/ok.js"></script><script>missing.call()</script><script>try{none()}catch(e){}</script>`),
		"/aside":   page("", `<script src="/exposure/jiucuo.js"></script><script>missing.call()</script>`),
		"/caused":  page("", `<script src="/gone.js"></script><script>missing.call()</script>`),
		"/ok.js":   `var ok=1`,
		"/asks":    page("", stranger+`<script>document.addEventListener("click",function(e){var a=e.target.closest("a");if(a&&a.host!=location.host&&!confirm("您访问的链接即将离开本网站，是否继续？"))e.preventDefault()})</script>`),
		"/layer":   page("", stranger+`<script>document.getElementById("out").onclick=function(){setTimeout(function(){var d=document.createElement("div");d.style.cssText="position:fixed;left:400px;top:300px;width:600px;height:200px;background:#fff;z-index:9";d.textContent="您即将离开本站，前往外部网站";document.body.appendChild(d)},100);return false}</script>`),
		"/alert":   page("", `<script>alert("请用谷歌浏览器")</script>`),
		"/gaudy":   page("", `<div style="background:#06c;height:90px">一</div><div style="background:#0a0;height:90px">二</div><div style="background:#f80;height:90px">三</div><div style="background:#80c;height:90px">四</div><div style="background:#eee;height:90px">五</div>`),
		"/large":   page(`<style>p{font-size:26px;line-height:1.8}</style>`, ""),
		"/small":   page(`<style>p{font-size:16px;line-height:1.1}</style>`, ""),
		"/hostile": page(`<script>JSON.stringify=getComputedStyle=document.querySelectorAll=null;Array.prototype.filter=null;Map=null</script>`, stranger),
	})
	strange := func(u string) bool { return strings.Contains(u, "shop.example.com") }
	look := func(t *testing.T, path string) fact.Look {
		t.Helper()
		l, picture, err := b.Look(t.Context(), at+path, strange)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(picture)); err != nil || c.Width != shotWidth || c.Height > shotHeight {
			t.Errorf("picture: %v %+v", err, c)
		}
		return l
	}
	t.Run("a plain page", func(t *testing.T) {
		l := look(t, "/plain")
		if len(l.Windows) > 0 || len(l.Errors) > 0 || len(l.Dialogs) > 0 || len(l.Keyless) > 0 || !slices.Equal(l.Colours, []string{"红色"}) {
			t.Errorf("%+v", l)
		}
	})
	t.Run("NORM-26 windows", func(t *testing.T) {
		for path, want := range map[string]fact.Window{
			"/floats": {Name: "优化营商环境", Moving: true}, "/popup": {Name: "关于系统维护的公告", Close: "keys"}, "/mouse": {Name: "调查问卷", Close: "mouse"},
		} {
			l := look(t, path)
			if len(l.Windows) != 1 || !strings.HasPrefix(l.Windows[0].Name, want.Name) || l.Windows[0].Moving != want.Moving || l.Windows[0].Close != want.Close {
				t.Errorf("%s: %+v", path, l.Windows)
			}
		}
		if l := look(t, "/alert"); len(l.Dialogs) != 1 || l.Dialogs[0] != "请用谷歌浏览器" {
			t.Errorf("%+v", l)
		}
	})
	t.Run("NORM-52 what only a mouse reaches", func(t *testing.T) {
		if l := look(t, "/mouse"); !slices.Contains(l.Keyless, "更多内容") || slices.Contains(l.Keyless, "可以到达") {
			t.Errorf("%q", l.Keyless)
		}
	})
	t.Run("WEB-65 errors of scripts, but not those that follow from a script that did not come", func(t *testing.T) {
		if l := look(t, "/errors"); len(l.Errors) != 1 || !strings.Contains(l.Errors[0], "missing is not defined") {
			t.Errorf("%q", l.Errors)
		}
		if l := look(t, "/aside"); len(l.Errors) != 1 {
			t.Errorf("%q", l.Errors)
		}
		if l := look(t, "/caused"); len(l.Errors) != 0 {
			t.Errorf("%q", l.Errors)
		}
	})
	t.Run("NORM-23 leaving for a stranger's site", func(t *testing.T) {
		for path, want := range map[string]fact.Leaving{"/plain": fact.Unnoticed, "/asks": fact.Noticed, "/layer": fact.Noticed, "/popup": "", "/hostile": fact.Unnoticed} {
			if l := look(t, path); l.Leaves != want {
				t.Errorf("%s: %q %q", path, l.Leads, l.Leaves)
			}
		}
	})
	t.Run("NORM-17 colours", func(t *testing.T) {
		if l := look(t, "/gaudy"); !slices.Equal(l.Colours, []string{"红色", "橙色", "绿色", "蓝色", "紫色"}) {
			t.Errorf("%q", l.Colours)
		}
	})
	t.Run("NORM-51 type", func(t *testing.T) {
		if l := look(t, "/large"); l.Size != 26 || l.Line != 1.8 || l.Big < 0.9 {
			t.Errorf("%+v", l)
		}
		if l := look(t, "/small"); l.Size != 16 || l.Line != 1.1 || l.Big > 0.1 {
			t.Errorf("%+v", l)
		}
	})
	t.Run("a shot", func(t *testing.T) {
		if p, err := b.Shot(t.Context(), at+"/plain"); err != nil || len(p) < 1000 || len(p) > maxShot {
			t.Errorf("%d %v", len(p), err)
		}
	})
	t.Run("WEB-65 the list stays empty because a script fails", func(t *testing.T) {
		list := scriptedAs(`<script>fetch("/api").then(r=>r.json()).then(all=>{ document.getElementById("list").innerHTML = data.rows.join("") });start()</script>`)
		broken := serve(t, map[string]string{"/list": list, "/api": answers})
		p := &fact.Page{URL: broken + "/list", Status: 200, Depth: 1}
		var r crawl.Reader = Reader(pages{}, b, 5)
		found := r.Read(p, list)
		if found.Reading == nil || !found.Reading.Scripted || found.Reading.Rendered || len(found.Reading.Errors) == 0 || !strings.Contains(found.Reading.Errors[0], "is not defined") {
			t.Errorf("%+v", found.Reading)
		}
	})
}

// scriptedAs is the list page of TestRead with another script.
func scriptedAs(script string) string {
	head, _, _ := strings.Cut(scripted, "<script>")
	return head + script + "</body></html>"
}
