package hidden

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// turned is a metadata block that says how a picture is to be turned and nothing
// else: a TIFF header and a directory of the one tag 274.
func turned(turn int) []byte {
	out := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	return append(out, 0, byte(turn), 0, 0, 0, 0, 0, 0)
}

// entry is one field of a directory (TIFF 6.0, section 2).
type entry struct {
	tag, kind uint16
	count     uint32
	at        int    // of its 12 bytes
	value     []byte // nil where it lies outside the block
	place     int    // of value
}

// sizes of the field types of TIFF, by number.
var fieldSize = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

// ifd is a TIFF structure: Exif in a picture, or a TIFF file.
type ifd struct {
	b     []byte
	order binary.ByteOrder
	seen  map[int]bool
}

func newIFD(b []byte) (*ifd, int) {
	if len(b) < 8 {
		return nil, 0
	}
	t := &ifd{b: b, seen: map[int]bool{}}
	switch string(b[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return nil, 0
	}
	return t, int(t.order.Uint32(b[4:]))
}

// read reads a directory; next is where the one after it stands, 0 at the end. A
// directory is read once only, so circles end.
func (t *ifd) read(at int) (entries []entry, next int, ok bool) {
	if at < 8 || at+2 > len(t.b) || t.seen[at] || len(t.seen) > 1000 {
		return nil, 0, false
	}
	t.seen[at] = true
	n := int(t.order.Uint16(t.b[at:]))
	if at+2+12*n > len(t.b) {
		return nil, 0, false
	}
	for i := range n {
		e := entry{at: at + 2 + 12*i}
		f := t.b[e.at:]
		e.tag, e.kind, e.count = t.order.Uint16(f), t.order.Uint16(f[2:]), t.order.Uint32(f[4:])
		if int(e.kind) < len(fieldSize) {
			size := int64(fieldSize[e.kind]) * int64(e.count)
			e.place = e.at + 8
			if size > 4 {
				e.place = int(t.order.Uint32(f[8:]))
			}
			if int64(e.place)+size <= int64(len(t.b)) {
				e.value = t.b[e.place : e.place+int(size)]
			}
		}
		entries = append(entries, e)
	}
	if end := at + 2 + 12*n; end+4 <= len(t.b) {
		next = int(t.order.Uint32(t.b[end:]))
	}
	return entries, next, true
}

// number is the first number of a field.
func (t *ifd) number(e entry) int {
	switch {
	case e.kind == 3 && len(e.value) >= 2:
		return int(t.order.Uint16(e.value))
	case (e.kind == 4 || e.kind == 13) && len(e.value) >= 4:
		return int(t.order.Uint32(e.value))
	case e.kind == 1 && len(e.value) >= 1:
		return int(e.value[0])
	}
	return 0
}

// names of the tags that tell of people; 0x9C9B… are Windows' title, comment,
// author, keywords and subject.
var nameTags = map[uint16]string{
	270: "说明", 315: "作者", 0x9C9B: "标题", 0x9C9C: "备注", 0x9C9D: "作者", 0x9C9E: "关键词", 0x9C9F: "主题",
	0x8298: "版权", 0xA430: "机主", 0x9286: "备注", 269: "文件名", 285: "页名", 316: "计算机名", 700: "XMP",
}

// exif reports what an Exif block says and remembers how to turn the picture. A
// block that says only that is no finding.
func (m *image) exif(block []byte) {
	t, at := newIFD(block)
	before := len(m.told)
	if t != nil {
		entries, next, _ := t.read(at)
		for _, e := range entries {
			if e.tag == 274 {
				if n := t.number(e); n >= 1 && n <= 8 {
					m.turn = n
				}
			}
			m.tag(t, e)
		}
		if entries, _, ok := t.read(next); ok && len(entries) > 0 { // the second directory is a thumbnail
			m.once("H-IMG-THUMB", "EXIF", "图片带有缩略图，可能是修改前的样子，清理后的副本没有。")
		}
	}
	if len(m.told) == before && len(bytes.Trim(block, "\x00")) > 0 && !bytes.Equal(block, turned(m.turn)) && !emptied(block) {
		m.once("H-IMG-TRACE", "EXIF", "图片带有设备、时间等元数据，清理后的副本没有。")
	}
}

// emptied is a block without any field, as Clean leaves it in a HEIC file.
func emptied(block []byte) bool {
	return bytes.HasPrefix(block, []byte(nothing)) && len(bytes.Trim(block[len(nothing):], "\x00")) == 0
}

// nothing is a TIFF structure of one directory without fields.
const nothing = "MM\x00*\x00\x00\x00\x08\x00\x00"

// tag reports one field, and those of the directories that it points at.
func (m *image) tag(t *ifd, e entry) {
	switch e.tag {
	case 34853: // GPS; a version alone is no place
		entries, _, _ := t.read(t.number(e))
		for _, g := range entries {
			if g.tag >= 1 && g.tag <= 4 {
				m.once("H-IMG-GPS", "EXIF GPS", "图片带有拍摄位置，清理后的副本没有。")
				return
			}
		}
	case 34665: // Exif
		entries, _, _ := t.read(t.number(e))
		for _, x := range entries {
			if x.tag != 34665 && x.tag != 34853 {
				m.tag(t, x)
			}
		}
	default:
		if what := nameTags[e.tag]; what != "" && spoken(e.value) {
			m.once("H-IMG-NAME", "EXIF "+what, "图片元数据的“"+what+"”里有文字，清理后的副本没有。")
		}
	}
}

// spoken tells whether a field holds letters.
func spoken(value []byte) bool {
	for _, head := range []string{"ASCII", "UNICODE", "JIS"} { // of user comments
		value = bytes.TrimPrefix(value, []byte(head))
	}
	return telling(strings.ReplaceAll(string(value), "\x00", ""))
}
