package wording

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
	"gongkai/kernel/check/match"
)

// Rules of Hong Kong, Macao and Taiwan that a list of words cannot express
// (content-review 7.5).
const (
	RuleCountries = "H1"
	RuleState     = "H5"
)

// Regions finds Hong Kong, Macao and Taiwan in lists of countries (H1, REV-28)
// and Taiwan beside the words of a state (H5).
type Regions struct {
	set   *match.Set
	terms []regionTerm
}

type regionTerm int

const (
	region  regionTerm = iota // 香港 澳门 台湾
	country                   // 美国 …
	state                     // words of a state, directly behind 台湾
)

// NewRegions makes the checker.
func NewRegions() *Regions {
	var words []string
	r := &Regions{}
	for _, w := range []string{"香港", "澳门", "台湾"} {
		words, r.terms = append(words, w), append(r.terms, region)
	}
	for _, w := range strings.Fields(countries) {
		words, r.terms = append(words, w), append(r.terms, country)
	}
	r.set = match.New(words)
	return r
}

// countries that are often listed.
const countries = `美国 英国 法国 德国 日本 韩国 俄罗斯 加拿大 澳大利亚 新西兰 新加坡 马来西亚 泰国 印度 印度尼西亚 印尼 越南
菲律宾 缅甸 柬埔寨 老挝 巴西 阿根廷 墨西哥 智利 南非 埃及 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 芬兰 丹麦 波兰
奥地利 希腊 土耳其 以色列 沙特阿拉伯 阿联酋 伊朗 巴基斯坦 哈萨克斯坦 蒙古国 乌克兰 朝鲜`

// stateWords are what only a state has; 台湾地区 before them is right.
const stateWords = `总统 副总统 总统府 政府 国防部 外交部 中央政府 立法院 行政院 司法院 监察院 考试院 国旗 国歌 国会 独立国家`

// Rules are H1 and H5.
func (*Regions) Rules() []check.Rule {
	const source = "审核手册7.5（涉港澳台用语）"
	return []check.Rule{
		{ID: RuleCountries, Kind: check.Wording, Severity: check.Block, Title: "港澳台不与国家并列", Source: source, Stages: check.Everywhere, Discreet: true},
		{ID: RuleState, Kind: check.Wording, Severity: check.Block, Title: "涉台用语", Source: source, Stages: check.Everywhere, Discreet: true},
	}
}

// Check reports lists and words that are not right.
func (r *Regions) Check(t *check.Text, report func(check.Hit)) {
	type place struct {
		kind regionTerm
		check.Span
	}
	var list []place // one list of names parted by 、
	flush := func() {
		regions := slices.DeleteFunc(slices.Clone(list), func(p place) bool { return p.kind != region })
		if len(regions) == 0 || len(list)-len(regions) == 0 {
			list = list[:0]
			return
		}
		start, end := list[0].Start, list[len(list)-1].End
		head := t.Body[back(t.Body, start, 16):start]
		tail := t.Body[end:forth(t.Body, end, 12)]
		if around := head + tail; strings.Contains(around, "国家") && !strings.Contains(around, "地区") && !strings.Contains(around, "境外") {
			for _, p := range regions {
				if !strings.HasSuffix(t.Body[:p.Start], "中国") {
					report(check.Hit{
						Rule: RuleCountries, Start: p.Start, End: p.End,
						Message: "涉港澳台表述不规范：香港、澳门、台湾不能列为国家，应写“国家和地区”，并写作中国香港、中国澳门、中国台湾。",
					})
				}
			}
		}
		list = list[:0]
	}
	words := strings.Fields(stateWords)
	r.set.Each(t.Body, func(n, start, end int) {
		p := place{r.terms[n], check.Span{Start: start, End: end}}
		if p.kind == region && t.Of(p.Span) == "台湾" {
			for _, w := range words {
				if strings.HasPrefix(t.Body[end:], w) && !inTitle(t.Body, start) {
					report(check.Hit{
						Rule: RuleState, Start: start, End: end + len(w),
						Message: "涉台表述不规范，应写“台湾地区有关方面”“台湾地区领导人”等，请核对。",
					})
					break
				}
			}
		}
		if len(list) > 0 {
			last := list[len(list)-1]
			if start < last.End { // 印度 in 印度尼西亚
				if end > last.End {
					list[len(list)-1] = p
				}
				return
			}
			if between := t.Body[last.End:start]; utf8.RuneCountInString(between) > 5 || strings.Trim(between, "、和及与以，, 中国") != "" {
				flush()
			}
		}
		list = append(list, p)
	})
	flush()
}
