package org

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Traditional characters that occur in names of units, and their simplified
// forms at the same place.
const (
	traditional = "區縣鎮鄉廳辦處員會務監國資財衛衞體發環規劃設農業經濟貿應統計審醫療險檔館網訊聯團婦殘軍議協檢產質電機關術學組織紀勞動運輸園綠營實驗認證門東龍灣臺廣觀慶漢陽陰場廠車鐵銀稅氣權數據號總頭責單級屬黨戰構編幹視聽傳與鹽礦漁準標創藝義華長兒紅僑歸備"
	simplified  = "区县镇乡厅办处员会务监国资财卫卫体发环规划设农业经济贸应统计审医疗险档馆网讯联团妇残军议协检产质电机关术学组织纪劳动运输园绿营实验认证门东龙湾台广观庆汉阳阴场厂车铁银税气权数据号总头责单级属党战构编干视听传与盐矿渔准标创艺义华长儿红侨归备"
)

// narrow maps one character to the form names are compared in: half width,
// simplified, lower case. It never changes the number of characters.
func narrow(r rune) rune {
	if r < 0x80 {
		return unicode.ToLower(r)
	}
	if n := []rune(norm.NFKC.String(string(r))); len(n) == 1 {
		r = n[0]
	}
	if s, ok := simple[r]; ok {
		return s
	}
	return unicode.ToLower(r)
}

var simple = func() map[rune]rune {
	m, to := map[rune]rune{}, []rune(simplified)
	for i, r := range []rune(traditional) {
		m[r] = to[i]
	}
	return m
}()

// fold is narrow over a text, without white space.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return narrow(r)
	}, text)
}

// District says whose directory it is, for the prefixes that names carry.
type District struct {
	Name string // 渝中区
	Full string // 重庆市渝中区, or ""
}

// level is the last character of the district's name: 区 县 市 旗.
func (d District) level() string {
	r := []rune(fold(d.Name))
	if len(r) < 2 {
		return ""
	}
	return string(r[len(r)-1])
}

// prefixes are the ways in which the district stands before a name, longest first.
func (d District) prefixes() []string {
	var out []string
	for _, p := range []string{fold(d.Full), fold(d.Name), d.level()} {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// bare takes the district's own name off a folded name: 渝中区司法局, 区司法局
// and 司法局 are one. What is left has at least two characters.
func (d District) bare(name string) string {
	for _, p := range d.prefixes() {
		if rest, ok := strings.CutPrefix(name, p); ok && len([]rune(rest)) >= 2 {
			return rest
		}
	}
	return name
}

// Longer and shorter ways to write the same ending, in the order they are tried.
var endings = strings.NewReplacer(
	"管理委员会", "管委", "管委会", "管委", "委员会", "委", "人民政府", "政府",
	"街道办事处", "街道", "办公室", "办",
)

// key is the form in which two ways to write one name are equal: folded, bare
// of the district, without marks, with the short endings, without 和 inside.
func (d District) key(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return r
	}, fold(name))
	name = endings.Replace(d.bare(name))
	out := []rune(name)
	kept := out[:0]
	for i, r := range out {
		if i >= 2 && i < len(out)-2 && (r == '和' || r == '与') {
			continue
		}
		kept = append(kept, r)
	}
	return string(kept)
}

// outside returns the name without what stands in brackets, and what stands in them.
func outside(name string) (rest, inner string) {
	name = fold(name)
	open := strings.IndexAny(name, "(〔[【")
	end := strings.LastIndexAny(name, ")〕]】")
	if open < 0 || end < open {
		return name, ""
	}
	_, size := runeAt(name, end)
	_, osize := runeAt(name, open)
	return name[:open] + name[end+size:], name[open+osize : end]
}

func runeAt(s string, at int) (rune, int) {
	for _, r := range s[at:] {
		return r, len(string(r))
	}
	return 0, 0
}
