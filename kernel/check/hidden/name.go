package hidden

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	phoneInName = regexp.MustCompile(`(?:^|\D)1[3-9]\d{9}(?:\D|$)`)
	wordsInName = regexp.MustCompile(`修改意见|征求意见反馈|最终版\d|终稿\d|最终最终|改稿|不公开|勿外传|内部(?:资料|文件|使用|材料|传阅|掌握|版)|[（(〔\[【]内部[）)〕\]】]|送审稿|领导批示|机密|绝密|秘密[★级]`)
	pathInName  = regexp.MustCompile(`^[A-Za-z]:[\\/]|\\\\|^/(?:home|Users|tmp)/`)
)

// named looks at a file's name (section 10, row "any").
func named(r *result, name string) {
	switch {
	case phoneInName.MatchString(name):
		r.left("H-FILE-NAME", "文件名", "文件名里有手机号码，请改名后再发布。")
	case pathInName.MatchString(name):
		r.left("H-FILE-NAME", "文件名", "文件名里有本机路径，请改名后再发布。")
	case wordsInName.MatchString(name):
		r.left("H-FILE-NAME", "文件名", "文件名里有“"+wordsInName.FindString(name)+"”字样，请确认是最后的公开稿并改名。")
	}
}

// makers are what programs and installers write where a person's name belongs.
var makers = map[string]bool{
	"administrator": true, "admin": true, "user": true, "users": true, "owner": true, "pc": true, "home": true, "root": true,
	"windows user": true, "windows 用户": true, "microsoft office user": true, "microsoft": true, "office": true,
	"lenovo": true, "lenovo user": true, "dell": true, "hp": true, "asus": true, "acer": true, "huawei": true, "china": true,
	"unknown": true, "un-named": true, "anonymous": true, "default": true, "guest": true, "author": true, "作者": true, "用户": true,
	"微软用户": true, "微软中国": true, "微软": true, "windows": true, "python-docx": true, "openpyxl": true, "apache poi": true,
	"xuri": true, "wps": true, "wps office": true, "libreoffice": true, "excelize": true, "normal": true, "normal.dotm": true, "normal.dot": true,
	"雨林木风": true, "深度技术": true, "番茄花园": true, "系统之家": true, "mc system": true, "sky123.org": true,
}

// telling reports whether a property may name a person, a unit or a place.
func telling(value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "" || makers[value] || strings.HasPrefix(value, "wps_") && !hasHan(value) {
		return false
	}
	return strings.ContainsFunc(value, unicode.IsLetter) || strings.ContainsFunc(value, unicode.IsDigit)
}

var localPath = regexp.MustCompile(`(?i)file:/{2,3}|(?:^|[^a-z])[a-z]:[\\/]|(?:^|\s)\\\\[^\\\s]|(?:^|\s)/(?:users|home)/[^/]`)

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}
