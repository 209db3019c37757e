package onpage

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"path"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

// Store is what is asked of what the crawl kept (crawl.Store).
type Store interface {
	Pages(ctx context.Context, part crawl.Part, do func(*fact.Page) error) error
}

// Links says what is wrong with where the site leads, for a caller without a
// Looker; Looker.Links knows the files of service guides too.
func Links(ctx context.Context, store Store, dead []crawl.Dead, site fact.Site) ([]fact.Finding, error) {
	return New(site, nil, time.Time{}).Links(ctx, store, dead)
}

// Links says which addresses are dead (WEB-60, WEB-82), which answers nobody can
// judge (WEB-81), which files are empty or not what they are called (PLAT-16,
// WEB-53), and which other sites are not any more what they were when they were
// linked to (WEB-12). Call it when the pages were looked at.
func (l *Looker) Links(ctx context.Context, store Store, dead []crawl.Dead) ([]fact.Finding, error) {
	var out []fact.Finding
	named, err := l.named(ctx, store, dead)
	if err != nil {
		return nil, err
	}
	var unknown []*crawl.Dead // names that this machine cannot ask for
	for i := range dead {
		if p := dead[i].Page; p.Failure == fact.NoHost && !named && !neverGiven.MatchString(hostOf(p.URL)) {
			unknown = append(unknown, &dead[i])
			continue
		}
		if f, ok := l.deadLink(&dead[i]); ok {
			out = append(out, f)
		}
	}
	if len(unknown) > 0 {
		out = append(out, nameless(unknown))
	}
	refused := map[string]int{} // by host
	hash := map[string]string{} // of the files of samples
	wanted := map[string]bool{}
	for _, s := range l.samples {
		wanted[s.blank], wanted[s.filled] = true, true
	}
	for _, part := range []crawl.Part{crawl.File, crawl.Outside} {
		err := store.Pages(ctx, part, func(p *fact.Page) error {
			if wanted[p.URL] && p.OK() {
				hash[p.URL] = p.Hash
			}
			if p.Failure == fact.Refused {
				if f, ok := notDecided(p, refused); ok {
					out = append(out, f)
				}
				return nil
			}
			if part == crawl.File && p.OK() && p.Final != "" {
				if f, ok := l.guarded(p); ok {
					out = append(out, f)
				}
			}
			if !p.OK() || p.Final != "" {
				return nil
			}
			f, ok := fact.Finding{}, false
			if part == crawl.File {
				f, ok = l.file(p)
			} else if l.hosts.of(p.URL) == foreign {
				f, ok = outside(p)
			}
			if ok {
				out = append(out, f)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("onpage: links: %w", err)
		}
	}
	for host, n := range refused {
		if n > maxOfHost {
			out = append(out, fact.Finding{
				Check: "WEB-81", Indicator: "D4.3", URL: "//" + host, Key: "其余", State: fact.NotDecided, Count: n - maxOfHost,
				What: fmt.Sprintf("%s 还有 %d 个链接因对方限制程序访问而没有判定", host, n-maxOfHost),
				Mend: "抽几个用浏览器打开看看。",
			})
		}
	}
	for _, s := range l.samples {
		if s.blank == s.filled || hash[s.blank] != "" && hash[s.blank] == hash[s.filled] {
			out = append(out, fact.Finding{
				Check: "WEB-53", Indicator: "D2.6", URL: s.filled, On: s.page, Key: "样表", State: fact.Fail, Count: 1,
				What: "填写样表与空白表格是同一个文件",
				Seen: "“" + cut(s.name, 40) + "”与空白表格内容相同。",
				Mend: "上传一份填好内容的样表，供办事人对照填写。",
			})
		}
	}
	for i := range out {
		out[i].Identify()
	}
	slices.SortStableFunc(out, byPlace)
	return out, nil
}

// neverGiven are names that the rules of the net keep from everybody (RFC 6761).
var neverGiven = regex.New(`\.(?:invalid|test|example)$`)

// named tells whether any name was found in this run: where none was, it is this
// machine that cannot ask, and no name is judged (WEB-81).
func (l *Looker) named(ctx context.Context, store Store, dead []crawl.Dead) (bool, error) {
	found := func(p *fact.Page) bool {
		host := hostOf(p.URL)
		return (p.Status > 0 || p.Failure != "" && p.Failure != fact.NoHost && p.Failure != fact.Internal) && strings.Contains(host, ".") && net.ParseIP(strings.Trim(host, "[]")) == nil
	}
	if found(&fact.Page{URL: l.site.Start, Status: 200}) {
		return true, nil
	}
	for i := range dead {
		if found(dead[i].Page) {
			return true, nil
		}
	}
	ok := false
	err := store.Pages(ctx, crawl.Outside, func(p *fact.Page) error {
		ok = ok || found(p)
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("onpage: links: %w", err)
	}
	return ok, nil
}

// nameless is the finding of links whose names nobody here could ask for.
func nameless(list []*crawl.Dead) fact.Finding {
	first := list[0]
	f := fact.Finding{
		Check: "WEB-81", Indicator: "D4.3", URL: first.Page.URL, On: first.Page.Referrer, Key: "域名", State: fact.NotDecided, Count: len(list), At: first.Page.At,
		What: fmt.Sprintf("检测用的机器解析不了任何域名，%d 个外部链接能否打开没有判定", len(list)),
		Mend: "在能够解析域名的机器上再检查一次。",
	}
	var names []string
	for _, d := range list {
		if name := hostOf(d.Page.URL); !slices.Contains(names, name) && len(names) < 5 {
			names = append(names, name)
		}
	}
	f.Seen = "例如 " + strings.Join(names, "、") + "。"
	return f
}

// deadLink is the finding of an address that does not answer. One that failed
// fewer than three times may be a passing trouble (WEB-60).
func (l *Looker) deadLink(d *crawl.Dead) (fact.Finding, bool) {
	p := d.Page
	if len(d.Tries) < 3 && p.Failure != fact.TooFar && p.Failure != fact.BadCert { // these a server does to everybody always
		return fact.Finding{}, false
	}
	f := fact.Finding{
		Check: "WEB-60", Indicator: "D4.3", URL: p.URL, On: p.Referrer, State: fact.Fail, Confirmed: d.Confirmed(),
		Count: d.Count, At: p.At, Proof: p.Hash,
	}
	ref := crawl.Referrer{Depth: p.Depth - 1}
	if len(d.On) > 0 {
		ref = d.On[0]
		f.On = ref.URL
	}
	if p.Failure == fact.SoftMissing {
		f.Check, f.Also = "WEB-82", []string{"WEB-60"}
	}
	if p.Failure == fact.BadCert && strings.Contains(p.Note, "中间证书") {
		f.State = fact.Proposed // browsers fetch a missing link of the chain themselves
	}
	thing := l.thing(d, &ref.Link)
	if thing == "附件" {
		f.Also = append(f.Also, "PLAT-16")
	}
	what := "链接"
	if ref.Depth == 0 && len(d.On) > 0 {
		what = "首页上的链接"
	}
	switch thing {
	case "链接", "":
	case "图片", "脚本", "样式", "嵌入的网页", "音视频":
		what = strings.Replace(what, "链接", thing, 1)
	default:
		what = strings.Replace(what, "链接", thing+"链接", 1)
	}
	f.What = what + "打不开：" + reason(p)
	if len(d.On) == 0 && p.Depth == 0 {
		f.What = "网站首页打不开：" + reason(p)
	}
	if text := strings.TrimSpace(ref.Link.Text); text != "" {
		f.Seen = "“" + cut(text, 60) + "”"
	}
	if n := len(d.Tries); n > 0 {
		f.Seen += fmt.Sprintf("试了 %d 次都失败，最近一次 %s。", n, timeText(d.Tries[n-1]))
	} else {
		f.Seen += "检查于 " + timeText(p.At) + "。"
	}
	if d.Count > 1 {
		f.Seen += fmt.Sprintf("有 %d 个页面链接到它。", d.Count)
	}
	f.Mend = mend(d, thing)
	return f, true
}

// thing is what a dead address should have been.
func (l *Looker) thing(d *crawl.Dead, k *fact.Link) string {
	switch {
	case k.Element == "img":
		return "图片"
	case k.Element == "script":
		return "脚本"
	case k.Element == "link":
		return "样式"
	case k.Element == "iframe" || k.Element == "object":
		return "嵌入的网页"
	case k.Element == "source":
		return "音视频"
	case attachment.MatchString(d.Page.URL):
		return "附件"
	case d.Part == crawl.Outside:
		return "外部网站"
	case d.Part == crawl.File:
		return "文件"
	}
	return ""
}

// reason says why an address is dead, as a person would.
func reason(p *fact.Page) string {
	switch p.Failure {
	case fact.NoHost:
		return "域名无法解析，网站可能已经关闭"
	case fact.NoConnect:
		return cmp.Or(p.Note, "无法连接对方服务器")
	case fact.BadCert:
		return "安全证书有问题，浏览器会拦截" + bracket(strings.ReplaceAll(p.Note, "；已跳过证书验证继续读取", ""))
	case fact.TooSlow:
		return "太慢，规定时间内没有打开" + bracket(p.Note)
	case fact.TooFar:
		return "跳转次数过多或者来回跳转"
	case fact.SoftMissing:
		return "页面提示内容不存在，返回的状态却是正常"
	case fact.Broken:
		return cmp.Or(p.Note, "内容损坏，无法读取")
	}
	switch {
	case p.Status == 404:
		return "页面不存在（404）"
	case p.Status == 410:
		return "页面已删除（410）"
	case p.Status >= 500:
		return fmt.Sprintf("服务器出错（%d）", p.Status)
	}
	return fmt.Sprintf("返回状态 %d", p.Status)
}

func bracket(note string) string {
	if note == "" {
		return ""
	}
	return "（" + note + "）"
}

// slip are addresses that were typed or put together wrongly: a second scheme in
// the path, a host taken for a folder.
var slip = regex.New(`(?i)^https?://(?:https?(?:[:/]|$)|[^/]+/.*(?:https?:/|(?:^|/)www\.[\w-]+\.(?:com|cn|gov|org|net)))|^https?://[^/]*%20|%20$`)

func mend(d *crawl.Dead, thing string) string {
	switch p := d.Page; {
	case slip.MatchString(p.URL):
		return "链接写法有误（网址被重复拼接或者少了“http://”），请改成完整、正确的网址。"
	case thing == "附件":
		return "重新上传附件并核对链接；附件已不需要公开的，删除链接并说明。"
	case thing == "图片" || thing == "音视频":
		return "重新上传，或者从页面中删除。"
	case thing == "脚本" || thing == "样式":
		return "请网站技术单位核对文件地址，补传文件或者删除引用；缺少它页面可能显示不正常。"
	case p.Failure == fact.NoHost:
		return "核对网址；对方网站已关闭的，删除链接或者换成新网址，防止域名被他人抢注。"
	case p.Failure == fact.BadCert && d.Part != crawl.Outside:
		return "更换有效的安全证书，并安装完整的证书链。"
	case d.Part == crawl.Outside:
		return "用浏览器打开核实；打不开的，换成对方的新网址或者删除链接。"
	case p.Failure == fact.SoftMissing:
		return "删除或者更正链接，并请技术单位让不存在的页面返回 404 状态。"
	case p.Failure == fact.TooFar:
		return "请技术单位检查跳转设置。"
	}
	return "恢复页面，或者更正、删除链接；内容搬了家的，在旧地址设置跳转。"
}

// notDecided is the finding of an address whose server asks to be left alone.
func notDecided(p *fact.Page, refused map[string]int) (fact.Finding, bool) {
	host := hostOf(p.URL)
	if refused[host]++; refused[host] > maxOfHost {
		return fact.Finding{}, false
	}
	return fact.Finding{
		Check: "WEB-81", Indicator: "D4.3", URL: p.URL, On: p.Referrer, State: fact.NotDecided, Count: 1, At: p.At,
		What: "对方网站限制程序访问，链接能否打开没有判定",
		Seen: cmp.Or(p.Note, fmt.Sprintf("返回状态 %d", p.Status)) + "。",
		Mend: "请用浏览器打开看一次。",
	}, true
}

// answer looks at what came of a page of the site that cannot be read.
func (l *Looker) answer(p *fact.Page) {
	const g group = "answer"
	l.faults.saw(g, 0)
	switch {
	case p.Failure == fact.Refused:
		l.faults.add(g, 0, p, fact.Finding{
			Check: "WEB-81", Indicator: "D4.3", On: cmp.Or(p.Referrer, p.URL), State: fact.NotDecided,
			What: "网站限制程序访问，页面没有检查",
			Seen: cmp.Or(p.Note, fmt.Sprintf("返回状态 %d", p.Status)) + "。",
			Mend: "请网站技术单位允许检查程序访问后再检查一次。",
		})
	case p.Failure == fact.TooLarge:
		l.faults.add(g, 0, p, fact.Finding{
			Check: "NORM-18", On: cmp.Or(p.Referrer, p.URL), Key: "过大", State: fact.NotDecided,
			What: "页面过大，没有读完，未作检查",
			Seen: cmp.Or(p.Note, fmt.Sprintf("已读 %d 字节", p.Size)) + "。",
			Mend: "把过长的页面分页，图片和附件不要直接写进页面代码。",
		})
	case p.Failure == "" && p.Status == 200 && p.Size == 0 && p.Read == nil && p.Final == "" && strings.Contains(p.Type, "html"):
		l.faults.add(g, 0, p, fact.Finding{
			Check: "WEB-60", Also: []string{"WEB-82"}, Indicator: "D4.3", On: cmp.Or(p.Referrer, p.URL), Key: "空白页", State: fact.Proposed,
			What: "页面打开是一片空白",
			Seen: "服务器返回正常，但没有任何内容（0 字节）。",
			Mend: "恢复页面，或者更正、删除链接。",
		})
	case p.Failure == "" && (p.Status == 401 || p.Status == 403):
		l.faults.add(g, 0, p, fact.Finding{
			Check: "WEB-60", Indicator: "D4.3", On: cmp.Or(p.Referrer, p.URL), Key: "拒绝访问", State: fact.NotDecided,
			What: fmt.Sprintf("页面拒绝访问（%d），用浏览器能否打开没有判定", p.Status),
			Seen: "服务器没有给出内容。",
			Mend: "用浏览器打开核实；需要登录才能看的内容，不要在公开页面上直接链接。",
		})
	}
}

// kindOf are the kinds of content that an ending may stand for, as their first
// bytes show.
var kindOf = map[string]string{
	"pdf": "pdf", "doc": "ole", "xls": "ole", "ppt": "ole", "wps": "ole", "et": "ole", "dps": "ole",
	"docx": "zip", "xlsx": "zip", "pptx": "zip", "ofd": "zip", "zip": "zip", "rar": "rar", "7z": "7z",
}

// kindOfType is the same for a media type; "" = not known well enough to speak.
func kindOfType(t string) string {
	switch {
	case t == "application/pdf":
		return "pdf"
	case strings.Contains(t, "openxmlformats"), t == "application/zip", t == "application/ofd":
		return "zip"
	case t == "application/msword", strings.Contains(t, "ole-storage"), strings.HasPrefix(t, "application/vnd.ms-"):
		return "ole"
	case strings.Contains(t, "rar-compressed"), t == "application/vnd.rar":
		return "rar"
	case t == "application/x-7z-compressed":
		return "7z"
	case strings.HasPrefix(t, "image/"):
		return "image"
	case t == "text/html":
		return "html"
	}
	return ""
}

// logIn are addresses of pages that ask who one is.
var logIn = regex.New(`(?i)^https?://(?:(?:login|sso|passport|cas|auth|oauth|uias)\.[^/?#]*|[^/?#]+(?:/[^/?#]*)*?/(?:login|logon|signin|sign-in|sso|passport|cas|oauth2?|userlogin|tologin|denglu)(?:[./?#;]|$))`)

// guarded tells of a file for which one must log in (PLAT-57): what is public is
// read and fetched without.
func (l *Looker) guarded(p *fact.Page) (fact.Finding, bool) {
	if !logIn.MatchString(p.Final) || logIn.MatchString(p.URL) {
		return fact.Finding{}, false
	}
	return fact.Finding{
		Check: "PLAT-57", Also: []string{"PLAT-16"}, URL: p.URL, On: p.Referrer, Key: "要求登录", State: fact.Fail, Count: 1, At: p.At, Proof: p.Hash,
		What: "附件要登录才能下载",
		Seen: "打开后跳转到登录页面 " + cut(p.Final, 120) + "。",
		Mend: "取消附件的登录限制，公开的信息应当不登录就能查阅和下载。",
	}, true
}

// file looks at an attachment: that it is not empty, and is what it is called
// (PLAT-16; of a service guide WEB-53).
func (l *Looker) file(p *fact.Page) (fact.Finding, bool) {
	if !attachment.MatchString(p.URL) {
		return fact.Finding{}, false
	}
	f := fact.Finding{Check: "PLAT-16", Also: []string{"WEB-60"}, Indicator: "D4.3", URL: p.URL, On: p.Referrer, State: fact.Fail, Count: 1, At: p.At, Proof: p.Hash}
	if l.guided[p.URL] {
		f.Check, f.Also, f.Indicator = "WEB-53", []string{"PLAT-16"}, "D2.6"
	}
	address, _, _ := strings.Cut(p.URL, "?")
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(address), "."))
	if p.Size == 0 {
		f.Key, f.What, f.Seen = "空文件", "附件是空文件（0 字节）", "服务器返回的内容为空。"
		f.Mend = "重新上传附件，上传后下载一次核对。"
		return f, true
	}
	want, got := kindOf[ending], kindOfType(p.Type)
	if want == "" || got == "" || want == got {
		return fact.Finding{}, false
	}
	f.Key = "类型不符"
	f.What = "附件的内容与扩展名不一致"
	f.Seen = "扩展名为 ." + ending + "，实际内容为 " + typeName(got) + "。"
	f.Mend = "用正确的格式重新保存后上传，不要直接改扩展名。"
	switch {
	case got == "html":
		f.State = fact.Proposed
		f.What, f.Mend = "附件打开后是网页，不是文件", "用浏览器下载一次核实；打开的是提示页的，重新上传附件。"
	case want == "ole" && got == "zip", want == "zip" && got == "ole":
		f.State = fact.Proposed // office programs open it after a question
	}
	return f, true
}

func typeName(kind string) string {
	switch kind {
	case "pdf":
		return "PDF"
	case "zip":
		return "新版 Office 文件或压缩包"
	case "ole":
		return "旧版 Office 文件"
	case "image":
		return "图片"
	case "html":
		return "网页"
	}
	return kind + " 压缩包"
}

// parked are pages of a domain that has no site any more.
var (
	parked     = regex.New(`(?i)域名(?:正在)?(?:出售|转让|停放|已过期|过期未续费|可转让|交易)|(?:出售|转让|购买)(?:此|该|本)?域名|(?:此|该|本)域名(?:正在)?(?:出售|可能出售|可以转让|已过期|已到期)|domain (?:is |name is |may be )?(?:for sale|parked|parking|has expired)|buy this domain|this domain is for sale|parked (?:free|domain)`)
	parkedHost = regex.New(`(?i)(?:^|\.)(?:sedoparking\.com|sedo\.com|dan\.com|hugedomains\.com|afternic\.com|parkingcrew\.net|bodis\.com|above\.com|4\.cn|ename\.com|parklogic\.com)$`)
)

// outside looks at a page of another site by its title and first words (WEB-12,
// V1.3): domains run out and are bought by others.
func outside(p *fact.Page) (fact.Finding, bool) {
	f := fact.Finding{Check: "WEB-12", Indicator: "V1.3", URL: p.URL, On: p.Referrer, State: fact.Proposed, Count: 1, At: p.At, Proof: p.Hash}
	title, text := "", ""
	if p.Read != nil {
		title, text = p.Read.Title, cut(p.Read.Text, 1000)
		text += "\n" + p.Read.Meta["keywords"] + "\n" + p.Read.Meta["description"]
	}
	said := cmp.Or(title, strings.TrimSpace(text))
	switch {
	case offers(title) != "" || manyOffers(title+"\n"+text):
		f.Key, f.What = "不良内容", "链接指向的外部网站含有赌博、色情等内容"
		f.Seen = "对方网页标题：" + cut(said, 80) + "。"
		f.Mend = "立即删除链接（旧文章里的也要删），并报告主管部门；对方域名可能已被他人抢注。"
	case parked.MatchString(title) || parked.MatchString(text) || parkedHost.MatchString(hostOf(p.URL)):
		f.Key, f.What = "域名停放", "链接指向的域名已停用或者正在出售，可能被他人抢注"
		f.Seen = "对方网页标题：" + cut(said, 80) + "。"
		f.Mend = "删除链接，或者换成对方单位的新网址。"
	default:
		return fact.Finding{}, false
	}
	return f, true
}

// manyOffers tells whether a text offers what badOffer names in several words: one
// may be a quotation.
func manyOffers(text string) bool {
	words := map[string]bool{}
	for _, w := range badOffer.FindAllString(text, 20) {
		words[w] = true
	}
	return len(words) >= 3 && !fighting.MatchString(text)
}
