package document

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// DecodeText turns the bytes of a text file into a string: UTF-8 or UTF-16 by
// their byte order mark, else UTF-8 where it is valid (a last character that was
// cut off is dropped), else GB18030, or Big5 where that fits much better. What is
// none of them is refused with a message.
func DecodeText(data []byte) (string, error) {
	text, bad := decode(data)
	if notText(text) || bad > 0 && bad*200 > utf8.RuneCountInString(text) {
		return "", refused("不是文本，或者文字编码无法识别（可识别 UTF-8、UTF-16、GB18030 和 Big5）。请用原来的软件另存为 UTF-8 文本后再试")
	}
	return text, nil
}

// decode returns the text and the number of places that could not be decoded.
func decode(data []byte) (text string, bad int) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = trimCut(data[3:])
		return strings.ToValidUTF8(string(data), "\uFFFD"), invalid(data)
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decode16(data[2:], 1, 0)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decode16(data[2:], 0, 1)
	}
	data = trimNUL(data)
	if whole := trimCut(data); utf8.Valid(whole) {
		return string(whole), 0
	}
	gb, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	gbBad := bytes.Count(gb, []byte("\uFFFD"))
	if err != nil {
		gbBad = len(data)
	}
	// A single broken byte in a long UTF-8 text must not turn it into rubbish.
	if utfBad := invalid(data); utfBad*100 < len(data) && utfBad <= gbBad {
		return strings.ToValidUTF8(string(data), "\uFFFD"), utfBad
	}
	if gbBad > 0 { // traditional characters of old systems
		big5, err := traditionalchinese.Big5.NewDecoder().Bytes(data)
		if bad := bytes.Count(big5, []byte("\uFFFD")); err == nil && 4*bad < gbBad {
			return string(big5), bad
		}
	}
	text = string(gb)
	// A character cut at the end decodes to one U+FFFD there.
	if t := strings.TrimRight(text, "\uFFFD"); len(text)-len(t) == len("\uFFFD") {
		return t, gbBad - 1
	}
	return text, gbBad
}

// decode16 decodes UTF-16; hi and lo are the places of the two bytes of a unit.
func decode16(data []byte, hi, lo int) (string, int) {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+hi])<<8 | uint16(data[2*i+lo])
	}
	text := string(utf16.Decode(units))
	return text, strings.Count(text, "\uFFFD")
}

// trimCut drops an incomplete UTF-8 character at the end.
func trimCut(data []byte) []byte {
	for i := 1; i <= min(3, len(data)); i++ {
		if c := data[len(data)-i]; utf8.RuneStart(c) {
			if c >= 0xC0 && !utf8.FullRune(data[len(data)-i:]) {
				return data[:len(data)-i]
			}
			return data
		}
	}
	return data
}

// trimNUL drops the padding that some old programs leave at a text's end.
func trimNUL(data []byte) []byte { return bytes.TrimRight(data, "\x00\x1a") }

func invalid(data []byte) int {
	n := 0
	for len(data) > 0 {
		r, w := utf8.DecodeRune(data)
		if r == utf8.RuneError && w == 1 {
			n++
		}
		data = data[w:]
	}
	return n
}

// notText reports whether text holds control characters that no text has.
func notText(text string) bool {
	n := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == 0:
			return true
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != 0x1a && c != 0x1b:
			n++
		}
	}
	return n*500 > len(text)
}

// blank reports whether s holds nothing that can be seen.
func blank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			return false
		}
	}
	return true
}

// trim drops blanks at both ends, the full-width and the zero-width ones too.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
	})
}

// readText reads a plain text: one paragraph per line, as it stands.
func readText(data []byte, limits Limits) (*Document, error) {
	text, err := DecodeText(data)
	if err != nil {
		return nil, err
	}
	if strings.Count(text, "\n")+strings.Count(text, "\r") > 2*limits.Blocks {
		return nil, tooManyBlocks(limits.Blocks)
	}
	lines := splitLines(text)
	if len(lines) > limits.Blocks {
		return nil, tooManyBlocks(limits.Blocks)
	}
	doc := &Document{Format: string(KindText), Blocks: make([]Block, len(lines))}
	paras := make([]Paragraph, len(lines))
	for i, line := range lines {
		paras[i] = Paragraph{Text: line, Line: i + 1}
		doc.Blocks[i].Para = &paras[i]
	}
	return doc, nil
}

// splitLines cuts at \n, \r\n and \r; an end of line at the very end opens no new line.
func splitLines(text string) []string {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
