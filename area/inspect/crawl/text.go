package crawl

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var metaCharset = regexp.MustCompile(`(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)`)

// decode turns the body of a page into UTF-8: by its byte order mark, else as
// header and document declare, unless the bytes contradict: then it is UTF-8
// where that is valid, else GB18030. It returns the encoding used, the one
// declared (that of the header, which browsers follow, before that of the
// document), and in Chinese where they disagree.
func decode(body []byte, header string) (text, used, declared, note string) {
	_, params, _ := mime.ParseMediaType(header)
	inHeader := encodingName(params["charset"])
	inPage := ""
	if m := metaCharset.FindSubmatch(around(body[:min(len(body), 4096)])); m != nil {
		inPage = encodingName(string(m[1]))
	}
	declared = cmp.Or(inHeader, inPage)
	if inHeader != "" && inPage != "" && inHeader != inPage {
		note = "响应头声明的编码是 " + inHeader + "，页面声明的是 " + inPage
	}
	for _, bom := range []struct{ mark, name string }{{"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}} {
		if bytes.HasPrefix(body, []byte(bom.mark)) {
			text, _ = with(body[len(bom.mark):], bom.name)
			return text, bom.name, declared, disagree(note, declared, bom.name)
		}
	}
	high := bytes.IndexFunc(body, func(r rune) bool { return r >= 0x80 }) >= 0
	if !high { // plain ASCII is the same in all of them
		return string(body), cmp.Or(declared, "utf-8"), declared, note
	}
	whole := trimCut(body)
	valid := utf8.Valid(whole)
	if valid && (declared == "utf-8" || utf8.RuneCount(whole) < len(whole)-8) {
		return string(whole), "utf-8", declared, disagree(note, declared, "utf-8")
	}
	for _, name := range []string{inHeader, inPage} {
		switch name {
		case "", "utf-8", "windows-1252", "gbk", "gb18030":
			continue // what servers say of everything; the bytes decide
		}
		if text, bad := with(body, name); bad*100 <= len(body) {
			return text, name, declared, disagree(note, declared, name)
		}
	}
	if valid && declared == "" {
		return string(whole), "utf-8", declared, note
	}
	gb, bad := with(body, "gb18030")
	if broken := invalid(whole); broken*50 < len(body) && broken <= bad { // a few broken bytes in UTF-8
		return strings.ToValidUTF8(string(body), "\uFFFD"), "utf-8", declared, disagree(note, declared, "utf-8")
	}
	if declared == "windows-1252" && bad*50 > len(body) {
		text, _ = with(body, declared)
		return text, declared, declared, note
	}
	used = "gb18030"
	if declared == "gbk" {
		used = "gbk"
	}
	if bad*20 > len(body) {
		note = join(note, "页面编码无法识别，文字可能有误")
	}
	return gb, used, declared, disagree(note, declared, used)
}

// around is the part of a page's head in which it may declare its encoding; the
// pattern is slow over all of it.
func around(head []byte) []byte {
	at := -1
	for _, word := range []string{"harset", "HARSET", "harSet", "ncoding", "NCODING"} {
		if i := bytes.Index(head, []byte(word)); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	return head[max(0, at-250):]
}

func disagree(note, declared, used string) string {
	if declared == "" || declared == used || declared == "gbk" && used == "gb18030" || declared == "gb18030" && used == "gbk" {
		return note
	}
	return join(note, "声明的编码 "+declared+" 与实际不符，按 "+used+" 读取")
}

// encodingName is the one name of an encoding, "" for what is none.
func encodingName(label string) string {
	if label == "" {
		return ""
	}
	_, name := charset.Lookup(strings.TrimSpace(label))
	return name
}

func with(body []byte, name string) (text string, bad int) {
	var enc encoding.Encoding
	if name == "gb18030" || name == "gbk" {
		enc = simplifiedchinese.GB18030 // the superset
	} else {
		enc, _ = charset.Lookup(name)
	}
	if enc == nil {
		return strings.ToValidUTF8(string(body), "\uFFFD"), len(body)
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\uFFFD"), len(body)
	}
	return string(out), bytes.Count(out, []byte("\uFFFD"))
}

// trimCut drops a character that was cut off at the end.
func trimCut(b []byte) []byte {
	for i := 1; i <= min(3, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= 0xC0 && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

func invalid(b []byte) (n int) {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			n++
		}
		i += size
	}
	return n
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "；" + b
}

// sketch is a text as the smallest hashes of its runs of five characters
// (shingles): two texts are as similar as their sketches.
type sketch []uint64

const (
	shingle    = 5
	sketchSize = 200
	alike      = 0.9 // share of shingles in common from which two pages say the same
)

// sketchOf takes what two answers of one program differ in (numbers, Latin
// letters of an address told back) out of a Chinese text first.
func sketchOf(seed maphash.Seed, text string) sketch {
	runes := make([]rune, 0, min(len(text), 8192))
	han := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			han++
		}
		if !unicode.IsSpace(r) && !unicode.IsPunct(r) {
			runes = append(runes, r)
		}
		if len(runes) >= 6000 {
			break
		}
	}
	if han >= 4 {
		runes = slices.DeleteFunc(runes, func(r rune) bool { return r < 0x80 })
	}
	var out sketch
	buf := make([]byte, 0, shingle*4)
	for i := 0; i < max(1, len(runes)-shingle+1); i++ {
		buf = buf[:0]
		for _, r := range runes[i:min(len(runes), i+shingle)] {
			buf = utf8.AppendRune(buf, r)
		}
		out = append(out, maphash.Bytes(seed, buf))
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), sketchSize)]
}

// similar is the share of shingles two texts have in common, 0 … 1, as their
// sketches estimate it.
func (s sketch) similar(t sketch) float64 {
	if len(s) == 0 || len(t) == 0 {
		return 0
	}
	// The smallest hashes of the union are a fair sample of it.
	both, n, i, j := 0, 0, 0, 0
	for n < sketchSize && (i < len(s) || j < len(t)) {
		switch {
		case j >= len(t) || i < len(s) && s[i] < t[j]:
			i++
		case i >= len(s) || t[j] < s[i]:
			j++
		default:
			both++
			i++
			j++
		}
		n++
	}
	return float64(both) / float64(n)
}
