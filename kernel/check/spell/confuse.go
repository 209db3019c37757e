package spell

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// like says in what way a character may have been written for another.
type like uint8

const (
	sameSound like = iota // 园 for 源, tone aside
	nearSound             // 棒 for 班: the syllables differ in zh/z, n/l, ng/n or the like
	sameShape             // 末 for 未: they look alike or share a part
	ways
)

// twin is a character that may have been meant.
type twin struct {
	char char
	like like
}

// confusions finds for each character those that are written for it or for which
// it is written. Proposals are only characters the model knows well.
func confusions(m *model, shapes string) map[rune][]twin {
	bySound := map[string][]char{}
	byNear := map[string][]char{}
	for n, r := range m.runes {
		if n == 0 || m.one[n] < common {
			continue
		}
		for _, s := range sounds(r) {
			bySound[s] = append(bySound[s], char(n))
		}
		for _, s := range near(sounds(r)) {
			byNear[s] = append(byNear[s], char(n))
		}
	}
	byShape := map[rune][]char{}
	for line := range strings.Lines(shapes) {
		from, list, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for _, r := range list {
			if n := m.number[r]; n != 0 && m.one[n] >= common {
				for _, f := range from {
					byShape[f] = append(byShape[f], n)
				}
			}
		}
	}
	all, either := map[rune][]twin{}, groups()
	added := make([]rune, len(m.runes)) // the character each was last added for
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		var list []twin
		add := func(chars []char, l like) {
			for _, c := range chars {
				if added[c] != r && m.runes[c] != r && !apart(either, m.runes[c], r) {
					added[c] = r
					list = append(list, twin{c, l})
				}
			}
		}
		read := sounds(r)
		for _, s := range read {
			add(bySound[s], sameSound)
		}
		for _, s := range near(read) {
			add(byNear[s], nearSound)
		}
		add(byShape[r], sameShape)
		if len(list) > 0 {
			all[r] = slices.Clip(list)
		}
	}
	return all
}

// apart tells whether two characters are never proposed for each other: a numeral
// may be any number, and of a pair like 他 and 它 either may be right.
func apart(groups map[rune]uint32, a, b rune) bool {
	return groups[a]&groups[b] != 0 || (groups[a]|groups[b])&1 != 0
}

// groups gives each character a bit for each group it is in, the numerals' first.
func groups() map[rune]uint32 {
	bits := map[rune]uint32{}
	for i, group := range append([]string{numerals}, either...) {
		for _, r := range group {
			bits[r] |= 1 << i
		}
	}
	return bits
}

const numerals = "〇一二三四五六七八九十百千万亿两几零壹贰叁肆伍陆柒捌玖拾半双单"

// either are characters of which the sense alone tells which is right.
var either = strings.Fields("他它她 的地得底 做作 订定 或和 县省市区乡镇村州街 型性 惟唯 象像 上下 前后 左右 " +
	"东西南北中 大小 年月日 场土 司市 我你您他 只支 与于 那哪 份分 账帐")

// sounds are a character's usual readings without their tones: the first that the
// table gives, and the others of the characters that have several in daily use.
func sounds(r rune) []string {
	list := strings.Split(toneless.Replace(pinyin.PinyinDict[int(r)]), ",")
	if list[0] == "" {
		return nil
	}
	if !strings.ContainsRune(several, r) {
		return list[:1]
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// toneless takes the tones off the vowels.
var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ü", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m",
)

// several lists the characters with more than one reading in daily use that
// differs in more than the tone.
const several = "重长行着还都调传曾朝藏参差弹的得地度率乐便盛单校降系薄"

// near makes syllables equal that are often not told apart.
func near(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		for _, pair := range [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}, {"hu", "f"}} {
			if rest, found := strings.CutPrefix(s, pair[0]); found {
				s = pair[1] + rest
				break
			}
		}
		s = strings.Replace(s, "ng", "n", 1)
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
