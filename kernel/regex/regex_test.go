package regex_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/kernel/regex"
)

// expressions are of every shape that decides what is looked for first.
var expressions = []string{
	`信箱|来信|我要写信`, `^(?:更多.{0,6}|上一页|\d+|[<>»]+)$`, `(?i)search|sousuo|/so[./?]`, `(?:^|\D)(\d{1,2})日?\s{1,3}(\d{4})`,
	`^[\p{Han}]{1,12}(?:省|市)$`, `(?:政策|法规)?库$`, `\bnews\b`, `a*`, `(?m)^第`, `主\s?办`, `(?i)k`, `[^a]b`, `年|月日`, `^$`, `x`, `(?s).库`, `\x00甲`,
}

func TestFindsWhatRegexpFinds(t *testing.T) {
	texts := []string{
		"", "甲", "信", "信箱", "写给信箱的来信", "更多内容", "上一页", "12", ">>", "12日 2024", " 3 2023", "SOUSUO", "/so?", "江州市", "政策库", "库", "the news", "news",
		"newsy", "第一\n第二", "主 办：", "主办", "K", "\u212a", "ab", "bb", "\xff\xfe", "信\xff箱", "月日", "年", "x", "甲库", "\x00甲", "更多", "意见",
	}
	for _, e := range expressions {
		p, r := regex.New(e), regexp.MustCompile(e)
		for _, s := range texts {
			same(t, p, r, e, s)
		}
	}
}

func TestMay(t *testing.T) {
	for _, c := range []struct {
		expression, text string
		want             bool
	}{
		{`信箱|来信`, "关于印发实施意见的通知", false},
		{`信箱|来信`, "来信", true},
		{`^来信`, "一封来信", false},
		{`^年`, "去年", false},
		{`.信`, "关于通知", false},
	} {
		if got := regex.New(c.expression).May(c.text); got != c.want {
			t.Errorf("%s in %q: %t", c.expression, c.text, got)
		}
	}
}

func TestWithWords(t *testing.T) {
	p := regex.With("信箱 来信", `信箱$|^来信`)
	for text, want := range map[string]bool{"书记信箱": true, "来信选登": true, "信箱使用说明": false, "书记信": false, "": false} {
		if got := p.MatchString(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func FuzzSame(f *testing.F) {
	for i := range expressions {
		f.Add(i, strings.Repeat("信箱12日 2024", 3))
	}
	f.Fuzz(func(t *testing.T, i int, s string) {
		e := expressions[(i%len(expressions)+len(expressions))%len(expressions)]
		same(t, regex.New(e), regexp.MustCompile(e), e, s)
	})
}

func same(t *testing.T, p *regex.Pattern, r *regexp.Regexp, e, s string) {
	t.Helper()
	if p.MatchString(s) != r.MatchString(s) || p.FindString(s) != r.FindString(s) || !slices.Equal(p.FindStringIndex(s), r.FindStringIndex(s)) ||
		!slices.Equal(p.FindStringSubmatch(s), r.FindStringSubmatch(s)) || !slices.Equal(p.FindStringSubmatchIndex(s), r.FindStringSubmatchIndex(s)) ||
		!slices.Equal(p.FindAllString(s, -1), r.FindAllString(s, -1)) || len(p.FindAllStringIndex(s, -1)) != len(r.FindAllStringIndex(s, -1)) ||
		len(p.FindAllStringSubmatch(s, 2)) != len(r.FindAllStringSubmatch(s, 2)) || len(p.FindAllStringSubmatchIndex(s, 2)) != len(r.FindAllStringSubmatchIndex(s, 2)) ||
		p.ReplaceAllString(s, "换") != r.ReplaceAllString(s, "换") {
		t.Errorf("%s in %q is found otherwise", e, s)
	}
}

func BenchmarkMatch(b *testing.B) {
	const e = `信箱|来信|我要写信|写信|留言|咨询投诉|投诉举报|网上咨询|问政|领导邮箱|互动咨询|信件`
	text := strings.Repeat("各县（市、区）人民政府，市政府各部门：现将有关事项通知如下，请结合实际认真贯彻落实。", 4)
	for name, match := range map[string]func(string) bool{"regex": regex.New(e).MatchString, "regexp": regexp.MustCompile(e).MatchString} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				match(text)
			}
		})
	}
}
