package hidden

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"gongkai/kernel/document"
)

var (
	noneStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all`)
	zeroStyle = regexp.MustCompile(`(?i)font-size\s*:\s*0(?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)`)
	colour    = regexp.MustCompile(`(?i)(?:^|;)\s*color\s*:\s*([^;!]+)`)
	behind    = regexp.MustCompile(`(?i)(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)`)
	officeTag = regexp.MustCompile(`(?i)^\s*\[if\s|StartFragment|EndFragment|\bmso\b|<w:|<xml>|<o:`)
	userData  = regexp.MustCompile(`(?i)^data-.*(?:user|author|editor|owner|creator)`)
)

// page looks at HTML that was pasted or uploaded. Where a page brings scripts,
// these may show what is hidden at first: a person confirms it then.
func page(data []byte) (*result, error) {
	r := &result{}
	scripted := bytes.Contains(bytes.ToLower(data), []byte("<script"))
	z := html.NewTokenizer(bytes.NewReader(data))
	z.SetMaxBuf(len(data) + 1)
	at := 0
	var cuts []cut
	var hiddenTag string // the element in whose hidden content we are
	depth, begin, words := 0, 0, 0
	hides, comments, paths, users := 0, 0, 0, 0
	seen := true // outside script and style
	gbk := !utf8.Valid(data)
	for {
		kind := z.Next()
		raw := z.Raw()
		start := at
		at += len(raw)
		if kind == html.ErrorToken {
			break
		}
		switch kind {
		case html.CommentToken:
			if officeTag.Match(z.Text()) {
				comments++
				cuts = append(cuts, cut{start, at, ""})
			}
		case html.TextToken:
			if hiddenTag != "" && seen {
				words += letters(raw)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			switch token.Data {
			case "script", "style", "noscript", "template", "title", "textarea":
				seen = kind != html.StartTagToken
			}
			if hiddenTag == token.Data && kind == html.StartTagToken {
				depth++
			}
			style := ""
			for _, a := range token.Attr {
				switch {
				case a.Key == "style":
					style = a.Val
				case (a.Key == "src" || a.Key == "href" || a.Key == "background" || a.Key == "data") && localPath.MatchString(a.Val) && !strings.HasPrefix(strings.ToLower(a.Val), "data:") && !strings.HasPrefix(a.Val, "/"):
					paths++
				case userData.MatchString(a.Key) && telling(a.Val):
					users++
				}
			}
			if hiddenTag == "" && kind == html.StartTagToken && !void[token.Data] && token.Data != "body" && token.Data != "html" && (style != "" && unseenStyle(style) || hasAttr(token, "hidden")) {
				hiddenTag, depth, begin, words = token.Data, 1, at, 0
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "noscript", "template", "title", "textarea":
				seen = true
			}
			if hiddenTag != "" && string(name) == hiddenTag {
				if depth--; depth == 0 {
					if words > 0 {
						hides++
						if !scripted {
							cuts = append(cuts, cut{begin, start, ""})
						}
					}
					hiddenTag = ""
				}
			}
		}
	}
	if hides > 0 {
		r.add(!scripted, "H-HTML-HIDDEN", fmt.Sprintf("网页共%d处", hides), "网页里有不显示的文字（display:none、字号为0或者与底色相同），请删除。")
		if scripted {
			r.found[len(r.found)-1].Severity = "confirm"
		}
	}
	if comments > 0 {
		r.fixed("H-HTML-OFFICE", fmt.Sprintf("网页共%d处", comments), "网页里有从 Word 等软件粘贴来的注释，清理后的副本没有。")
	}
	if paths > 0 {
		r.left("H-HTML-PATH", fmt.Sprintf("网页共%d处", paths), "网页里的图片或者链接指向本机路径，别人打不开，还会泄露路径，请重新上传图片或者改正链接。")
	}
	if users > 0 {
		r.left("H-HTML-USER", fmt.Sprintf("网页共%d处", users), "网页标签的 data- 属性里有人员信息，请删除。")
	}
	if n := zeroWidth(bytes.TrimPrefix(data, []byte("\uFEFF"))); n > 0 && !gbk {
		r.fixed("H-TEXT-ZERO", "网页正文", fmt.Sprintf("文字里夹有%d个看不见的控制字符，可能藏有标记，请删除。", n))
	}
	r.clean = func() ([]byte, error) {
		out := apply(data, cuts)
		if !gbk {
			out = withoutZeros(out)
		}
		return out, nil
	}
	return r, nil
}

// void are elements without an end.
var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

func hasAttr(t html.Token, key string) bool {
	for _, a := range t.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// unseenStyle tells whether a style hides the text of its element.
func unseenStyle(style string) bool {
	if noneStyle.MatchString(style) || zeroStyle.MatchString(style) {
		return true
	}
	c, b := colour.FindStringSubmatch(style), behind.FindStringSubmatch(style)
	return c != nil && b != nil && plainColour(c[1]) != "" && plainColour(c[1]) == plainColour(b[1])
}

// plainColour writes colours that are told apart by spelling alone the same way.
func plainColour(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "white", "#fff", "#ffffff", "rgb(255,255,255)", "rgb(255, 255, 255)":
		return "#ffffff"
	case "black", "#000", "#000000", "rgb(0,0,0)", "rgb(0, 0, 0)":
		return "#000000"
	case "inherit", "transparent", "initial", "none", "currentcolor", "windowtext":
		return ""
	}
	return s
}

// letters counts the bytes of letters, in whatever encoding.
func letters(raw []byte) (n int) {
	text, err := document.DecodeText(raw)
	if err != nil {
		return 0
	}
	if strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")) != "" {
		n++
	}
	return n
}
