package hidden

import (
	"bytes"
	"encoding/binary"

	"gongkai/kernel/fault"
)

// tiffTraces are the fields of a TIFF file that say nothing of its dots: they go.
var tiffTraces = map[uint16]bool{
	269: true, 270: true, 271: true, 272: true, 285: true, 305: true, 306: true, 315: true, 316: true, 0x8298: true,
	700: true, 33723: true, 34377: true, 34665: true, 34853: true, 50341: true,
	0x9C9B: true, 0x9C9C: true, 0x9C9D: true, 0x9C9E: true, 0x9C9F: true,
}

// tiff looks at the fields of every page of a TIFF file. Clean takes fields out in
// place and overwrites their values with zeros, so that no dot moves.
func tiff(data []byte) (*result, error) {
	m := newImage()
	out := bytes.Clone(data)
	t, at := newIFD(out)
	if t == nil {
		return nil, fault.New(fault.Invalid, "不是普通的 TIFF 图片，请另存为 jpg 或者 png")
	}
	type page struct {
		at      int
		entries []entry
		next    int
	}
	var pages []page
	for at != 0 {
		entries, next, ok := t.read(at)
		if !ok {
			if len(pages) == 0 {
				return nil, cutShort()
			}
			break
		}
		pages = append(pages, page{at, entries, next})
		at = next
	}
	var kept []stretch
	for _, p := range pages {
		kept = append(kept, stretch{p.at, p.at + 6 + 12*len(p.entries)})
		for _, e := range p.entries {
			switch e.tag {
			case 37724: // Photoshop's layers
				m.left("H-IMG-LAYER", "TIFF", "图片带有图层，能看到被盖住的内容，请合并图层后另存。")
			case 330:
				m.left("H-IMG-LAYER", "TIFF", "图片带有附加图像，请另存为 jpg 或者 png。")
			case 254:
				if t.number(e)&1 != 0 {
					m.left("H-IMG-THUMB", "TIFF", "图片带有缩略图，可能是修改前的样子，请另存为 jpg 或者 png。")
				}
			}
			if !tiffTraces[e.tag] {
				kept = append(kept, stretch{e.place, e.place + len(e.value)})
				kept = append(kept, t.strips(p.entries, e)...)
			}
		}
	}
	for _, p := range pages {
		before, traces := len(m.told), false
		for _, e := range p.entries {
			if tiffTraces[e.tag] {
				traces = true
				m.tag(t, e)
			}
		}
		if traces && len(m.told) == before {
			m.once("H-IMG-TRACE", "TIFF", "图片带有设备、时间等元数据，清理后的副本没有。")
		}
	}
	m.result.clean = func() ([]byte, error) {
		for _, p := range pages {
			end := p.at + 2
			for _, e := range p.entries {
				if tiffTraces[e.tag] {
					t.wipe(e, kept)
					continue
				}
				copy(out[end:end+12], out[e.at:e.at+12])
				end += 12
			}
			t.order.PutUint16(out[p.at:], uint16((end-p.at-2)/12))
			last := p.at + 2 + 12*len(p.entries)
			if last+4 > len(out) {
				last = len(out) - 4
			}
			if end+4 <= len(out) && end < last {
				t.order.PutUint32(out[end:], uint32(p.next))
				clear(out[end+4 : last+4])
			}
		}
		return out, nil
	}
	return m.result, nil
}

// stretch is a stretch of a file.
type stretch struct{ start, end int }

// strips are the stretches of dots that a field of offsets points at.
func (t *ifd) strips(all []entry, offsets entry) (list []stretch) {
	var counts entry
	for _, e := range all {
		if offsets.tag == 273 && e.tag == 279 || offsets.tag == 324 && e.tag == 325 || offsets.tag == 513 && e.tag == 514 {
			counts = e
		}
	}
	if counts.value == nil {
		return nil
	}
	at := func(e entry, i int) int {
		if e.kind == 3 {
			return int(t.order.Uint16(e.value[2*i:]))
		}
		return int(t.order.Uint32(e.value[4*i:]))
	}
	if offsets.kind != 3 && offsets.kind != 4 || counts.kind != 3 && counts.kind != 4 {
		return nil
	}
	for i := range min(int(offsets.count), int(counts.count), len(offsets.value)/fieldSize[offsets.kind], len(counts.value)/fieldSize[counts.kind]) {
		from := at(offsets, i)
		list = append(list, stretch{from, from + at(counts, i)})
	}
	return list
}

// wipe overwrites what a field holds, and what the directory holds that it points
// at, where no dots and no other field lie.
func (t *ifd) wipe(e entry, kept []stretch) {
	if e.tag == 34665 || e.tag == 34853 {
		again := &ifd{b: t.b, order: t.order, seen: map[int]bool{}}
		at := t.number(e)
		entries, _, _ := again.read(at)
		for _, inner := range entries {
			if inner.tag != 34665 && inner.tag != 34853 || e.tag == 34665 {
				if inner.tag != e.tag {
					t.wipe(inner, kept)
				}
			}
		}
		if len(entries) > 0 {
			t.zero(at, at+2+12*len(entries), kept)
		}
	}
	if len(e.value) > 4 {
		t.zero(e.place, e.place+len(e.value), kept)
	}
}

func (t *ifd) zero(start, end int, kept []stretch) {
	if start < 8 || end > len(t.b) {
		return
	}
	for _, k := range kept {
		if start < k.end && k.start < end {
			return
		}
	}
	clear(t.b[start:end])
}

// heic looks into the boxes of a HEIF file (ISO/IEC 23008-12). Clean overwrites
// the items of metadata in place: readers take the way to turn a picture from
// its own property (irot), never from there.
func heic(data []byte) (*result, error) {
	m := newImage()
	meta, _ := box(data, 0, "meta")
	if len(meta) < 4 {
		return nil, cutShort()
	}
	kinds := map[uint32]string{}
	if info, _ := box(meta[4:], 0, "iinf"); len(info) > 6 {
		list := info[6:]
		if info[0] != 0 {
			list = info[min(8, len(info)):]
		}
		for len(list) >= 8 {
			n := int(binary.BigEndian.Uint32(list))
			if n < 8 || n > len(list) {
				break
			}
			one := list[8:n]
			list = list[n:]
			switch {
			case len(one) >= 12 && one[0] == 2:
				kinds[uint32(binary.BigEndian.Uint16(one[4:]))] = string(one[8:12])
			case len(one) >= 14 && one[0] == 3:
				kinds[binary.BigEndian.Uint32(one[4:])] = string(one[10:14])
			}
		}
	}
	var wipes []cut
	for _, x := range extents(meta[4:]) {
		if x.start < 0 || x.end > len(data) || x.start > x.end {
			continue
		}
		body := data[x.start:x.end]
		switch kinds[x.item] {
		case "Exif":
			if len(body) >= 4 {
				skip := 4 + int64(binary.BigEndian.Uint32(body))
				if skip < int64(len(body)) {
					m.exif(body[skip:])
				}
			}
			fill := make([]byte, len(body))
			if len(fill) >= 4+len(nothing)+4 {
				copy(fill[4:], nothing)
			}
			wipes = append(wipes, cut{x.start, x.end, string(fill)})
		case "mime":
			if len(bytes.TrimSpace(body)) > 0 {
				m.xmp(body)
			}
			wipes = append(wipes, cut{x.start, x.end, string(bytes.Repeat([]byte(" "), len(body)))})
		}
	}
	m.result.clean = func() ([]byte, error) { return apply(data, wipes), nil }
	return m.result, nil
}

// box finds a box of a name at the top of b and where its content begins.
func box(b []byte, at int, name string) ([]byte, int) {
	for at+8 <= len(b) {
		n, head := int64(binary.BigEndian.Uint32(b[at:])), 8
		if n == 1 && at+16 <= len(b) {
			n, head = int64(binary.BigEndian.Uint64(b[at+8:])), 16
		} else if n == 0 {
			n = int64(len(b) - at)
		}
		if n < int64(head) || n > int64(len(b)-at) {
			return nil, 0
		}
		if string(b[at+4:at+8]) == name {
			return b[at+head : at+int(n)], at + head
		}
		at += int(n)
	}
	return nil, 0
}

// extent is where an item's bytes lie in the file.
type extent struct {
	item       uint32
	start, end int
}

// extents reads the iloc box (ISO/IEC 14496-12, 8.11.3).
func extents(meta []byte) (list []extent) {
	b, _ := box(meta, 0, "iloc")
	if len(b) < 8 {
		return nil
	}
	version := b[0]
	sizes := [4]int{int(b[4] >> 4), int(b[4] & 15), int(b[5] >> 4), int(b[5] & 15)} // offset, length, base, index
	if sizes[0]+sizes[1] == 0 {
		return nil
	}
	at := 6
	ok := true
	number := func(n int) int {
		if n > 8 || at+n > len(b) {
			ok = false
			return 0
		}
		v := 0
		for _, c := range b[at : at+n] {
			v = v<<8 | int(c)
		}
		at += n
		return v
	}
	wide := 2
	if version == 2 {
		wide = 4
	}
	count := number(wide)
	for range count {
		item, method := uint32(number(wide)), 0
		if version > 0 {
			method = number(2) & 15
		}
		number(2) // data reference
		base := number(sizes[2])
		for range number(2) {
			if version > 0 {
				number(sizes[3])
			}
			from, n := number(sizes[0]), number(sizes[1])
			if !ok {
				return list
			}
			if method == 0 && from >= 0 && n > 0 && base >= 0 && base < 1<<40 && from < 1<<40 && n < 1<<40 {
				list = append(list, extent{item, base + from, base + from + n})
			}
		}
		if !ok {
			return list
		}
	}
	return list
}
