package hidden

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// piece is a stretch of a picture's file that the copy keeps, or not.
type piece struct {
	data []byte
	keep bool
}

// image gathers what a picture's file consists of. Dots are never decoded.
type image struct {
	*result
	pieces []piece
	turn   int // how the picture is to be turned (TIFF tag 274), 1 = not at all
	told   map[string]bool
}

func newImage() *image { return &image{result: &result{}, turn: 1, told: map[string]bool{}} }

func (m *image) keep(b []byte) { m.pieces = append(m.pieces, piece{b, true}) }
func (m *image) skip(b []byte) { m.pieces = append(m.pieces, piece{b, false}) }

// once reports each rule at one place only.
func (m *image) once(rule, place, message string) {
	if !m.told[rule+place] {
		m.told[rule+place] = true
		m.fixed(rule, place, message)
	}
}

func (m *image) join() []byte {
	var out []byte
	for _, p := range m.pieces {
		if p.keep {
			out = append(out, p.data...)
		}
	}
	return out
}

// picture looks at the metadata of a picture (REV-46).
func picture(kind document.Kind, data []byte) (*result, error) {
	switch kind {
	case document.KindJPEG:
		return jpeg(data)
	case document.KindPNG:
		return png(data)
	case document.KindGIF:
		return gif(data)
	case document.KindWebP:
		return webp(data)
	case document.KindTIFF:
		return tiff(data)
	case kindHEIC:
		return heic(data)
	}
	return nil, fault.New(fault.Invalid, "不是能检查的图片")
}

func cutShort() error {
	return fault.New(fault.Invalid, "图片已损坏或不完整，请重新导出后再上传")
}

// jpeg walks the segments of a JPEG file (ITU-T T.81, B). Entropy-coded data
// stay byte for byte. Where a camera says that the picture is to be turned, a
// metadata block with that one number stays, so that it looks the same.
func jpeg(data []byte) (*result, error) {
	m := newImage()
	m.keep(data[:2])
	metaAt, rest := len(m.pieces), data[2:]
	for {
		if len(rest) < 4 || rest[0] != 0xFF {
			return nil, cutShort()
		}
		marker := rest[1]
		switch {
		case marker == 0xFF: // fill
			rest = rest[1:]
			continue
		case marker == 0xD9:
			m.keep(rest[:2])
			return m.jpegEnd(rest[2:], metaAt), nil
		case marker >= 0xD0 && marker <= 0xD8, marker == 0x01:
			m.keep(rest[:2])
			rest = rest[2:]
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n < 4 || n > len(rest) {
			return nil, cutShort()
		}
		segment := rest[:n]
		rest = rest[n:]
		if m.segment(marker, segment[4:]) {
			m.keep(segment)
		} else {
			m.skip(segment)
		}
		if marker != 0xDA {
			continue
		}
		end := 0 // of the entropy-coded data
		for {
			i := bytes.IndexByte(rest[end:], 0xFF)
			if i < 0 || end+i+1 >= len(rest) {
				return m.jpegCut(rest, metaAt), nil
			}
			end += i
			if b := rest[end+1]; b == 0 || b >= 0xD0 && b <= 0xD7 {
				end += 2
				continue
			} else if b == 0xFF {
				end++
				continue
			}
			break
		}
		m.keep(rest[:end])
		rest = rest[end:]
		if len(rest) == 2 && rest[1] == 0xD9 {
			m.keep(rest)
			return m.jpegEnd(nil, metaAt), nil
		}
	}
}

// jpegCut is a picture that ends in its dots, as viewers still show it.
func (m *image) jpegCut(rest []byte, metaAt int) *result {
	m.keep(rest)
	return m.jpegEnd(nil, metaAt)
}

func (m *image) jpegEnd(trail []byte, metaAt int) *result {
	if len(bytes.Trim(trail, "\x00\xff\r\n ")) > 0 {
		m.fixed("H-IMG-TRAIL", "图片结尾", fmt.Sprintf("图片结尾之后还有%d字节数据（动态照片、另一张图或者别的文件），请去掉。", len(trail)))
	}
	m.result.clean = func() ([]byte, error) {
		if m.turn > 1 {
			block := append([]byte("Exif\x00\x00"), turned(m.turn)...)
			segment := append([]byte{0xFF, 0xE1, 0, byte(len(block) + 2)}, block...)
			at := metaAt // behind JFIF, where there is one
			if at < len(m.pieces) && len(m.pieces[at].data) > 1 && m.pieces[at].data[1] == 0xE0 {
				at++
			}
			m.pieces = append(m.pieces[:at:at], append([]piece{{segment, true}}, m.pieces[at:]...)...)
		}
		return m.join(), nil
	}
	return m.result
}

// segment tells whether a segment stays.
func (m *image) segment(marker byte, body []byte) bool {
	starts := func(s string) bool { return bytes.HasPrefix(body, []byte(s)) }
	switch {
	case marker == 0xE0 && starts("JFIF\x00"):
		if len(body) >= 14 && body[12] > 0 && body[13] > 0 {
			m.once("H-IMG-THUMB", "JFIF", "图片带有缩略图，可能是修改前的样子，清理后的副本没有。")
			return false // readers do without it
		}
		return true
	case marker == 0xE0:
		m.once("H-IMG-THUMB", "JFXX", "图片带有缩略图，可能是修改前的样子，清理后的副本没有。")
		return false
	case marker == 0xE1 && starts("Exif\x00"):
		if len(body) < 6 {
			return false
		}
		block := body[6:]
		m.exif(block)
		return bytes.Equal(block, turned(m.turn))
	case marker == 0xE1 && (starts("http://ns.adobe.com/x") || bytes.Contains(body, []byte("<x:xmpmeta"))):
		m.xmp(body)
		return false
	case marker == 0xE2 && starts("ICC_PROFILE\x00"), marker == 0xEE && starts("Adobe"):
		return true // colours depend on them
	case marker == 0xED:
		m.iptc(body)
		return false
	case marker == 0xFE:
		m.comment(string(body), "COM")
		return false
	case marker >= 0xE1 && marker <= 0xEF:
		m.once("H-IMG-TRACE", fmt.Sprintf("APP%d", marker-0xE0), "图片带有设备或者软件写入的数据，清理后的副本没有。")
		return false
	}
	return true
}

// comment is a text inside a picture.
func (m *image) comment(text, place string) {
	if text = strings.Trim(text, "\x00 \r\n\t"); text == "" {
		text = "空"
	}
	if low := strings.ToLower(text); hasHan(text) || localPath.MatchString(text) || strings.Contains(low, "@") || strings.Contains(low, "author") {
		m.once("H-IMG-NAME", place, "图片里写有文字说明或者作者，清理后的副本没有。")
		return
	}
	m.once("H-IMG-TRACE", place, "图片里写有软件或者说明文字，清理后的副本没有。")
}

// xmp looks at Adobe's XML about a picture; it is searched, not parsed.
func (m *image) xmp(body []byte) {
	has := func(words ...string) bool {
		for _, w := range words {
			if bytes.Contains(body, []byte(w)) {
				return true
			}
		}
		return false
	}
	if has("exif:GPSLatitude", "GPSLongitude") {
		m.once("H-IMG-GPS", "XMP", "图片带有拍摄位置，清理后的副本没有。")
	}
	if has("dc:creator", "photoshop:AuthorsPosition", "aux:OwnerName", "dc:description", "photoshop:Credit") {
		m.once("H-IMG-NAME", "XMP", "图片元数据里有作者、机主或者说明，清理后的副本没有。")
	}
	if has("xmpGImg:image", "xmp:Thumbnails") {
		m.once("H-IMG-THUMB", "XMP", "图片带有缩略图，可能是修改前的样子，清理后的副本没有。")
	}
	m.once("H-IMG-TRACE", "XMP", "图片带有编辑经过等元数据，清理后的副本没有。")
}

// iptc looks at Photoshop's resources, which hold captions of the press (IPTC-IIM
// 2:80 by-line, 2:120 caption).
func (m *image) iptc(body []byte) {
	if bytes.Contains(body, []byte{0x1C, 2, 80}) || bytes.Contains(body, []byte{0x1C, 2, 120}) {
		m.once("H-IMG-NAME", "IPTC", "图片元数据里有作者或者说明，清理后的副本没有。")
	}
	if bytes.Contains(body, []byte("8BIM\x04\x0c")) {
		m.once("H-IMG-THUMB", "IPTC", "图片带有缩略图，可能是修改前的样子，清理后的副本没有。")
	}
	m.once("H-IMG-TRACE", "IPTC", "图片带有图片软件写入的元数据，清理后的副本没有。")
}

// shownChunks are the PNG chunks that say how a picture looks (PNG 3rd edition, 11.3).
var shownChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true,
	"sRGB": true, "bKGD": true, "hIST": true, "pHYs": true, "sPLT": true, "acTL": true, "fcTL": true, "fdAT": true,
	"cICP": true, "mDCV": true, "mDCv": true, "cLLI": true, "cLLi": true,
}

// png walks the chunks of a PNG file.
func png(data []byte) (*result, error) {
	m := newImage()
	m.keep(data[:8])
	rest, dots := data[8:], 0
	for {
		if len(rest) < 12 {
			return nil, cutShort()
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest))-12 {
			return nil, cutShort()
		}
		chunk, body, name := rest[:12+n], rest[8:8+n], string(rest[4:8])
		rest = rest[12+n:]
		if name == "IDAT" && dots == 0 {
			dots = len(m.pieces)
		}
		switch {
		case shownChunks[name], name[0]&0x20 == 0: // and what a reader must understand
			m.keep(chunk)
		case name == "eXIf":
			m.exif(body)
			if bytes.Equal(body, turned(m.turn)) {
				m.keep(chunk)
			} else {
				m.skip(chunk)
			}
		case name == "tEXt", name == "zTXt", name == "iTXt":
			key, text, _ := bytes.Cut(body, []byte{0})
			switch k := strings.ToLower(string(key)); {
			case strings.Contains(k, "xmp"):
				m.xmp(text)
			case strings.Contains(k, "raw profile type"):
				m.once("H-IMG-TRACE", "PNG "+short(string(key)), "图片带有元数据，清理后的副本没有。")
			case k == "author", k == "copyright":
				m.once("H-IMG-NAME", "PNG "+short(string(key)), "图片里写有文字说明或者作者，清理后的副本没有。")
			default:
				m.comment(string(text), "PNG "+short(string(key)))
			}
			m.skip(chunk)
		default:
			m.once("H-IMG-TRACE", "PNG "+name, "图片带有软件写入的数据，清理后的副本没有。")
			m.skip(chunk)
		}
		if name == "IEND" {
			break
		}
	}
	if len(bytes.Trim(rest, "\x00\r\n ")) > 0 {
		m.fixed("H-IMG-TRAIL", "图片结尾", fmt.Sprintf("图片结尾之后还有%d字节数据，请去掉。", len(rest)))
	}
	m.result.clean = func() ([]byte, error) {
		if m.turn > 1 {
			m.pieces = append(m.pieces[:dots:dots], append([]piece{{chunkOf("eXIf", turned(m.turn)), true}}, m.pieces[dots:]...)...)
		}
		return m.join(), nil
	}
	return m.result, nil
}

func chunkOf(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// gif walks the blocks of a GIF file (GIF89a).
func gif(data []byte) (*result, error) {
	m := newImage()
	if len(data) < 13 {
		return nil, cutShort()
	}
	head := 13
	if data[10]&0x80 != 0 {
		head += 3 << (data[10]&7 + 1)
	}
	if head > len(data) {
		return nil, cutShort()
	}
	m.keep(data[:head])
	rest := data[head:]
	// blocks is the length of a chain of sub-blocks from a place, its end included.
	blocks := func(at int) int {
		for at < len(rest) {
			n := int(rest[at])
			at += n + 1
			if n == 0 {
				return at
			}
		}
		return -1
	}
	for {
		if len(rest) < 1 {
			return nil, cutShort()
		}
		end, keep := -1, true
		switch rest[0] {
		case 0x3B:
			m.keep(rest[:1])
			if len(bytes.Trim(rest[1:], "\x00\r\n ")) > 0 {
				m.fixed("H-IMG-TRAIL", "图片结尾", fmt.Sprintf("图片结尾之后还有%d字节数据，请去掉。", len(rest)-1))
			}
			m.result.clean = func() ([]byte, error) { return m.join(), nil }
			return m.result, nil
		case 0x2C:
			if len(rest) < 11 {
				return nil, cutShort()
			}
			at := 10
			if rest[9]&0x80 != 0 {
				at += 3 << (rest[9]&7 + 1)
			}
			end = blocks(at + 1)
		case 0x21:
			if len(rest) < 3 {
				return nil, cutShort()
			}
			end = blocks(2)
			if end < 0 {
				return nil, cutShort()
			}
			switch body := rest[2:end]; {
			case rest[1] == 0xFE:
				m.comment(string(body[1:]), "GIF 注释")
				keep = false
			case rest[1] == 0xFF && !bytes.Contains(body[:min(len(body), 12)], []byte("NETSCAPE")) && !bytes.Contains(body[:min(len(body), 12)], []byte("ANIMEXTS")):
				if bytes.Contains(body[:min(len(body), 12)], []byte("XMP")) {
					m.xmp(body)
				} else {
					m.once("H-IMG-TRACE", "GIF 附加数据", "图片带有软件写入的数据，清理后的副本没有。")
				}
				keep = false
			}
		}
		if end < 0 || end > len(rest) {
			return nil, cutShort()
		}
		m.pieces = append(m.pieces, piece{rest[:end], keep})
		rest = rest[end:]
	}
}

// webp walks the chunks of a WebP file (RFC 9649).
func webp(data []byte) (*result, error) {
	m := newImage()
	if len(data) < 12 {
		return nil, cutShort()
	}
	size := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if size > int64(len(data)) || size < 12 {
		return nil, cutShort()
	}
	rest, extended := data[12:size], -1
	for len(rest) >= 8 {
		n := int64(binary.LittleEndian.Uint32(rest[4:]))
		n += n & 1
		if n > int64(len(rest))-8 {
			if n-1 == int64(len(rest))-8 {
				n-- // the last fill byte is often forgotten
			} else {
				return nil, cutShort()
			}
		}
		chunk, body := rest[:8+n], rest[8:8+n]
		rest = rest[8+n:]
		switch name := string(chunk[:4]); name {
		case "EXIF":
			m.exif(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
			if bytes.Equal(body, turned(m.turn)) {
				m.keep(chunk)
			} else {
				m.skip(chunk)
			}
		case "XMP ":
			m.xmp(body)
			m.skip(chunk)
		case "VP8X":
			extended = len(m.pieces)
			m.keep(bytes.Clone(chunk))
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			m.keep(chunk)
		default:
			m.once("H-IMG-TRACE", "WebP "+short(strings.ToValidUTF8(name, "")), "图片带有软件写入的数据，清理后的副本没有。")
			m.skip(chunk)
		}
	}
	if int64(len(data)) > size {
		m.fixed("H-IMG-TRAIL", "图片结尾", fmt.Sprintf("图片结尾之后还有%d字节数据，请去掉。", int64(len(data))-size))
	}
	m.result.clean = func() ([]byte, error) {
		turn := m.turn > 1 && extended >= 0
		if extended >= 0 && len(m.pieces[extended].data) > 8 {
			flags := &m.pieces[extended].data[8]
			*flags &^= 0x04 | 0x08 // XMP, Exif
			if turn {
				*flags |= 0x08
			}
		}
		if turn {
			body := turned(m.turn)
			m.keep(append(binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(body))), body...))
		}
		body := m.join()
		return append(append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), "WEBP"...), body...), nil
	}
	return m.result, nil
}

// media looks at the tags of sound and video. They are reported only: a container
// is to be written anew by the program that made it.
func media(data []byte) *result {
	r := &result{}
	head := data[:min(len(data), 1<<20)]
	tail := data[max(0, len(data)-1<<20):]
	for _, place := range [][]byte{head, tail} {
		if bytes.Contains(place, []byte("\xa9xyz")) || bytes.Contains(place, []byte("com.apple.quicktime.location")) {
			r.left("H-MEDIA-TRACE", "视频信息", "视频带有拍摄位置，请用视频软件去掉元数据后再上传。")
			return r
		}
	}
	if bytes.HasPrefix(data, []byte("ID3")) || len(data) > 128 && bytes.HasPrefix(data[len(data)-128:], []byte("TAG")) || bytes.Contains(head, []byte("udta")) || bytes.Contains(tail, []byte("udta")) {
		r.left("H-MEDIA-TRACE", "音视频信息", "音频或者视频带有标签（标题、作者、设备等），请确认或者去掉后再上传。")
	}
	return r
}
