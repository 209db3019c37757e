package hidden

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// compoundOf writes an OLE compound file ([MS-CFB]) of streams at the top level;
// a name alone is an empty one. Streams are filled up to 4,096 bytes.
func compoundOf(streams ...string) []byte {
	if len(streams)%2 == 1 {
		streams = append(streams, "")
	}
	const sector = 512
	le := binary.LittleEndian
	var body, fat, dir []byte
	next := uint32(0)
	chain := func(data []byte, least int) uint32 {
		start := next
		n := max(least, (len(data)+sector-1)/sector)
		padded := make([]byte, n*sector)
		copy(padded, data)
		body = append(body, padded...)
		for i := range n {
			next++
			if i == n-1 {
				fat = le.AppendUint32(fat, 0xFFFFFFFE)
			} else {
				fat = le.AppendUint32(fat, next)
			}
		}
		return start
	}
	entry := func(name string, kind byte, right, child, start uint32, size int) {
		e := make([]byte, 128)
		units := utf16.Encode([]rune(name))
		for i, u := range units {
			le.PutUint16(e[2*i:], u)
		}
		le.PutUint16(e[64:], uint16(2*len(units)+2))
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], math.MaxUint32)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint32(e[120:], uint32(size))
		dir = append(dir, e...)
	}
	entry("Root Entry", 5, math.MaxUint32, 1, 0xFFFFFFFE, 0)
	for i := 0; i < len(streams); i += 2 {
		right := uint32(i/2 + 2)
		if i+2 == len(streams) {
			right = math.MaxUint32
		}
		entry(streams[i], 2, right, math.MaxUint32, chain([]byte(streams[i+1]), 8), max(len(streams[i+1]), 4096))
	}
	dirAt := chain(dir, 1)
	fatAt := next
	fat = le.AppendUint32(fat, 0xFFFFFFFD)
	padded := slices.Repeat([]byte{0xFF}, sector)
	copy(padded, fat)
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	for at, v := range map[int]uint16{24: 0x3E, 26: 3, 28: 0xFFFE, 30: 9, 32: 6} {
		le.PutUint16(head[at:], v)
	}
	for at, v := range map[int]uint32{44: 1, 48: dirAt, 56: 4096, 60: 0xFFFFFFFE, 68: 0xFFFFFFFE} {
		le.PutUint32(head[at:], v)
	}
	for at := 76; at < sector; at += 4 {
		le.PutUint32(head[at:], math.MaxUint32)
	}
	le.PutUint32(head[76:], fatAt)
	return append(append(head, body...), padded...)
}

// summary writes a property set of an author, in GBK.
func summary(author string) string {
	le := binary.LittleEndian
	set := le.AppendUint32(nil, 0)
	set = le.AppendUint32(set, 2)
	for _, v := range []uint32{1, 24, 4, 32, 2, 936, 30, uint32(len(author))} {
		set = le.AppendUint32(set, v)
	}
	out := make([]byte, 44)
	copy(out, "\xfe\xff")
	return string(append(append(le.AppendUint32(out, 48), set...), author...))
}

func TestOld(t *testing.T) {
	word := func(flags uint16, comments uint32) string {
		b := make([]byte, 0x400)
		binary.LittleEndian.PutUint16(b, 0xA5EC)
		binary.LittleEndian.PutUint16(b[0x0A:], flags)
		binary.LittleEndian.PutUint32(b[0x5C:], comments)
		return string(b)
	}
	const wang = "\xcd\xf5\xc4\xb3" // 王某 in GBK
	for _, c := range []struct {
		name, file, want, place string
		data                    []byte
	}{
		{"a plain one is to be converted", "a.doc", "H-OLE-OLD", "", compoundOf("WordDocument", word(0, 0))},
		{"the author", "a.doc", "H-META-NAME H-OLE-OLD", "", compoundOf("WordDocument", word(0, 0), "\x05SummaryInformation", summary(wang))},
		{"a fast save and comments", "a.doc", "H-OLE-COMMENT H-OLE-FAST H-OLE-OLD", "", compoundOf("WordDocument", word(0x4, 9))},
		{"a password", "a.doc", "H-FILE-UNREADABLE", "", compoundOf("WordDocument", word(0x100, 0))},
		{"a hidden sheet and row", "a.xls", "H-OLE-OLD H-XLSX-ROW H-XLSX-SHEET", "", compoundOf("Workbook",
			"\x85\x00\x0c\x00\x00\x00\x00\x00\x02\x00\x02\x01\x95\x5e\x68\x88\x08\x02\x10\x00"+strings.Repeat("\x00", 12)+"\x20\x00\x00\x00\x0a\x00\x00\x00")},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := hits(t, c.file, c.data)
			if got := rules(list); got != c.want {
				t.Errorf("found %q, want %q: %+v", got, c.want, list)
			}
		})
	}
	if got := hits(t, "a.doc", compoundOf("WordDocument", word(0, 0), "\x05SummaryInformation", summary(wang))); !strings.Contains(got[len(got)-1].Message, "王某") {
		t.Errorf("author %+v", got)
	}
}
