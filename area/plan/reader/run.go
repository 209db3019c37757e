package reader

import (
	"regexp"
	"unicode/utf8"
)

// A whole document, or a part of it, may have lost its line breaks. It is cut into
// lines again where its numbers go on counting and where the letter's parts end,
// so that all that follows reads it like any other.

var (
	// letterHead are the parts that stand before a letter's text.
	letterHead = []*regexp.Regexp{
		regexp.MustCompile(`^[\p{Han}()]{1,14}[\[(]\d{4}[\])]\d{1,4}号`),
		regexp.MustCompile(`^[^。:为根按]{0,60}关于[^。:]{4,80}?的通知`),
		regexp.MustCompile(`^[^。:]{4,120}[^。:《》]:`),
	}
	// signature is who signed when, inside a line.
	signature = regexp.MustCompile(`[。)][ ]*(?:附件?:?[^。]{4,60})?([\p{Han}()]{3,30}(?:政府|办公室|办公厅|委员会|局|厅|委|院|部|办|会))?[ ]*(\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日)[ ]*(\(此件[^()]{2,14}\))?`)
	// pageFoot is what a web page leaves behind the last sentence.
	pageFoot = regexp.MustCompile(`(?:^|[ 。)])((?:信息来源:|来源:|作者:|责任编辑:|附件下载|相关附件|扫一扫|分享到|打印|关闭)[^。;]{0,60})$`)
)

// unrun cuts lines that hold many numbers of a plan. b.ran is set where it did.
func (b *builder) unrun(lines []text) []text {
	var out []text
	for _, l := range lines {
		if parts := runParts(l); parts != nil {
			b.ran = true
			out = append(out, parts...)
		} else {
			out = append(out, l)
		}
	}
	return out
}

// runParts cuts a line that is many paragraphs; nil when it is one.
func runParts(l text) []text {
	if l.len() < 150 || gluedHead.MatchString(l.folded()) || tabbed(l) || inBox(l) || l.index("|", 0) >= 0 {
		return nil
	}
	l = l.trim()
	var foot text
	if m := pageFoot.FindStringSubmatchIndex(l.folded()); m != nil {
		n := utf8.RuneCountInString(l.folded()[:m[2]])
		l, foot = l.sub(0, n), l.from(n)
	}
	ps := l.pieces(arabic, true)
	if deep := l.pieces(parened, true); countThrough(deep) {
		ps = deep
	}
	inner := 0
	for i, p := range ps {
		if i > 0 && p.mark.level == chinese {
			inner++
		}
	}
	if len(ps) < 3 || inner == 0 && !(len(ps) > 4 && ps[0].mark.level == plain) {
		return nil
	}
	var out []text
	at := 0
	put := func(end int) {
		if t := l.sub(at, end).trim(); t.len() > 0 {
			out = append(out, t)
		}
		at = end
	}
	if ps[0].mark.level == plain {
		for _, re := range letterHead {
			if m := re.FindString(ps[0].body.folded()); m != "" && at+utf8.RuneCountInString(m) < ps[0].body.len() {
				n := utf8.RuneCountInString(m)
				put(at + n)
				ps[0].body = ps[0].body.from(n)
			}
		}
	}
	pos := at
	for _, p := range ps {
		end := pos + p.mark.end + p.body.len()
		f := l.sub(pos, end).folded()
		if m := signature.FindStringSubmatchIndex(f); m != nil && (m[2] >= 0 || m[6] >= 0) { // a date alone may be a deadline
			for _, i := range []int{max(m[2], m[0]+1), m[4], m[5], m[1]} {
				put(pos + utf8.RuneCountInString(f[:i]))
			}
			for i := at; i < min(end, at+80); i++ {
				if l.fold[i] == ' ' && looksTitle(l.sub(at, i)) {
					put(i)
					break
				}
			}
		}
		put(end)
		pos = end
	}
	if foot.len() > 0 {
		out = append(out, foot)
	}
	return out
}

// countThrough reports whether （1） count on through the headings 1. above them.
func countThrough(ps []piece) bool {
	for i := 1; i < len(ps); i++ {
		if ps[i].mark.level == parened && ps[i].mark.n > 1 && ps[i-1].mark.level == arabic {
			return true
		}
	}
	return false
}
