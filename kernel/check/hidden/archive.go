package hidden

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/kernel/fault"
)

const (
	member    = "压缩包成员" // begins the place of what is inside a zip file
	zipLevels = 3       // zip files inside each other that are opened (REV-47)
)

// zip looks into every member of a zip file and makes a clean copy of each.
func (c *Checker) zip(ctx context.Context, data []byte, depth int) (*result, error) {
	if depth == zipLevels {
		r := &result{}
		r.left("H-ZIP-DEPTH", "文件", fmt.Sprintf("压缩包层级过深（超过%d层），不能检查，请把里层的文件直接放进来。", zipLevels))
		return r, nil
	}
	z, err := c.container(data)
	if err != nil {
		return nil, err
	}
	r := &result{}
	for _, f := range z.files {
		p := z.parts[clean(f.Name)]
		shown := memberName(f.Name, f.NonUTF8)
		if junk(shown) {
			r.fixed("H-ZIP-JUNK", member+"“"+short(shown)+"”", "压缩包里有系统留下的或者临时的文件，请删除。")
			p.dropped = true
			continue
		}
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if strings.HasPrefix(path.Clean(strings.ReplaceAll(f.Name, `\`, "/")), "..") || path.IsAbs(f.Name) {
			r.left("H-FILE-NAME", member+"“"+short(shown)+"”", "压缩包里的文件名带有路径，解压时会写到别的文件夹，请重新打包。")
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		body, err := read(f)
		if err != nil {
			r.left("H-FILE-UNREADABLE", member+"“"+short(shown)+"”", "文件无法检查，不能发布："+strings.TrimRight(fault.Text(err), "。")+"。")
			continue
		}
		inside := c.look(ctx, path.Base(shown), body, depth+1)
		fixed := false
		for _, x := range inside.found {
			x.Place = member + "“" + short(shown) + "”：" + x.Place
			r.found = append(r.found, x)
			fixed = fixed || x.fixed
		}
		if fixed && inside.clean != nil {
			if p.whole, err = inside.clean(); err != nil {
				return nil, err
			}
		}
	}
	r.clean = z.write
	return r, nil
}

func junk(name string) bool {
	base := path.Base(strings.TrimSuffix(name, "/"))
	return strings.HasPrefix(name, "__MACOSX") || base == ".DS_Store" || strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini") ||
		strings.HasPrefix(base, "~$") || strings.HasPrefix(base, "._")
}

// memberName reads names that Windows in China wrote without saying how.
func memberName(name string, plain bool) string {
	if plain {
		if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			return text
		}
	}
	return strings.ToValidUTF8(name, "?")
}

// invisible are characters that nobody sees: they hide words, mark copies or turn
// the order of letters about.
func invisible(c rune) bool {
	switch {
	case c >= 0x200B && c <= 0x200F, c >= 0x202A && c <= 0x202E, c >= 0x2060 && c <= 0x2064, c >= 0x2066 && c <= 0x2069, c == 0xFEFF, c >= 0xE0000 && c <= 0xE007F:
		return true
	}
	return false
}

// plain looks at a text file.
func plain(data []byte) (*result, error) {
	r := &result{}
	zeros := zeroWidth(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if zeros > 0 {
		r.fixed("H-TEXT-ZERO", "正文", fmt.Sprintf("文字里夹有%d个看不见的控制字符，可能藏有标记，请删除。", zeros))
	}
	r.clean = func() ([]byte, error) { return withoutZeros(data), nil }
	return r, nil
}

func zeroWidth(data []byte) (n int) {
	if !bytes.ContainsAny(data, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff") && !bytes.Contains(data, []byte("\xf3\xa0")) {
		return 0
	}
	for _, c := range string(data) {
		if invisible(c) {
			n++
		}
	}
	return n
}

// withoutZeros keeps the mark that a file begins with and every byte of files in
// other encodings.
func withoutZeros(data []byte) []byte {
	bom := 0
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		bom = 3
	}
	out := append(make([]byte, 0, len(data)), data[:bom]...)
	for i, c := range string(data[bom:]) {
		if !invisible(c) {
			n := 1
			if c != 0xFFFD || bytes.HasPrefix(data[bom+i:], []byte("\uFFFD")) {
				n = len(string(c))
			}
			out = append(out, data[bom+i:bom+i+n]...)
		}
	}
	return out
}
