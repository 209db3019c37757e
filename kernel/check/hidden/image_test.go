package hidden

import (
	"bytes"
	"encoding/binary"
	stdimage "image"
	"image/color"
	stdgif "image/gif"
	stdjpeg "image/jpeg"
	stdpng "image/png"
	"strings"
	"testing"
)

func dots() stdimage.Image {
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, 20, 10))
	for x := range 20 {
		m.Set(x, x/2, color.RGBA{uint8(10 * x), 100, 50, 255})
	}
	return m
}

// exifBlock writes a directory of the given fields; GPS 1 adds a place.
func exifBlock(turn int, gps bool, author string, thumb bool) []byte {
	be := binary.BigEndian
	type field struct {
		tag, kind uint16
		count     uint32
		value     []byte
	}
	num := func(v uint32) []byte { return be.AppendUint32(nil, v) }
	fields := []field{{271, 2, 4, []byte("HUA\x00")}}
	if turn > 0 {
		fields = append(fields, field{274, 3, 1, []byte{0, byte(turn), 0, 0}})
	}
	end := uint32(8 + 2 + 12*(len(fields)+2) + 4)
	var tail []byte
	if author != "" {
		fields = append(fields, field{315, 2, uint32(len(author) + 1), num(end)})
		tail = append(append(tail, author...), 0)
		if len(tail)%2 == 1 {
			tail = append(tail, 0)
		}
	}
	if gps {
		fields = append(fields, field{34853, 4, 1, num(end + uint32(len(tail)))})
		tail = append(tail, 0, 1)                                             // one field
		tail = append(tail, 0, 1, 0, 2, 0, 0, 0, 2, 'N', 0, 0, 0, 0, 0, 0, 0) // north
	}
	next := uint32(0)
	if thumb {
		next = end + uint32(len(tail))
		tail = append(tail, 0, 1, 1, 3, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0)
	}
	out := []byte("MM\x00*\x00\x00\x00\x08")
	out = be.AppendUint16(out, uint16(len(fields)))
	for _, f := range fields {
		out = be.AppendUint16(out, f.tag)
		out = be.AppendUint16(out, f.kind)
		out = be.AppendUint32(out, f.count)
		out = append(out, f.value...)
	}
	out = be.AppendUint32(out, next)
	for len(out) < int(end) {
		out = append(out, 0)
	}
	return append(out, tail...)
}

// withSegments puts segments behind the first two bytes of a JPEG file.
func withSegments(data []byte, segments ...[]byte) []byte {
	out := append([]byte{}, data[:2]...)
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, data[2:]...)
}

func segmentOf(marker byte, body string) []byte {
	return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

func jpegFile(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, dots(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJPEG(t *testing.T) {
	plain := jpegFile(t)
	turnedSegment := segmentOf(0xE1, "Exif\x00\x00"+string(turned(6)))
	for _, c := range []struct {
		name, want string
		data, copy []byte
	}{
		{"plain", "", plain, plain},
		{"REV-46 a place", "H-IMG-GPS", withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(0, true, "", false)))), plain},
		{"REV-46 an older thumbnail", "H-IMG-THUMB", withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(1, false, "", true)))), plain},
		{"an author", "H-IMG-NAME", withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(0, false, "wang", false)))), plain},
		{"a device alone", "H-IMG-TRACE", withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(0, false, "", false)))), plain},
		{"the way to turn it stays", "H-IMG-GPS", withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(6, true, "", false)))), withSegments(plain, turnedSegment)},
		{"only the way to turn it", "", withSegments(plain, turnedSegment), withSegments(plain, turnedSegment)},
		{"XMP with a place, IPTC, a comment", "H-IMG-GPS H-IMG-NAME H-IMG-TRACE", withSegments(plain,
			segmentOf(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta exif:GPSLatitude='1'/>"), segmentOf(0xED, "Photoshop 3.0\x008BIM\x1c\x02\x50\x00\x01a"), segmentOf(0xFE, "Lavc")), plain},
		{"a colour profile stays", "", withSegments(plain, segmentOf(0xE2, "ICC_PROFILE\x00\x01\x01abc")), withSegments(plain, segmentOf(0xE2, "ICC_PROFILE\x00\x01\x01abc"))},
		{"a file behind the end", "H-IMG-TRAIL", append(bytes.Clone(plain), "PK\x03\x04secret"...), plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rules(hits(t, "a.jpg", c.data)); got != c.want {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			out, left := cleaned(t, "a.jpg", c.data)
			if left != "" || !bytes.Equal(out, c.copy) {
				t.Errorf("left %q; the copy has %d bytes, want %d", left, len(out), len(c.copy))
			}
		})
	}
	// A picture in a document is a picture, too.
	photo := withSegments(plain, segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(0, true, "", false))))
	doc := changed(t, wordFile(t, "", "word/media/image1.jpeg", string(photo)), map[string]func(string) string{"word/_rels/document.xml.rels": related("image", "media/image1.jpeg", "")})
	if got := rules(hits(t, "a.docx", doc)); got != "H-IMG-GPS" {
		t.Errorf("found %q", got)
	}
	out, _ := cleaned(t, "a.docx", doc)
	if partOf(t, out, "word/media/image1.jpeg") != string(plain) {
		t.Error("the photo in the document keeps its place")
	}
	untouched(t, doc, out, "word/media/image1.jpeg")
}

func TestPNG(t *testing.T) {
	var b bytes.Buffer
	if err := stdpng.Encode(&b, dots()); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	with := func(chunks ...[]byte) []byte { // behind IHDR
		return append(append(bytes.Clone(plain[:33]), bytes.Join(chunks, nil)...), plain[33:]...)
	}
	for _, c := range []struct {
		name, want string
		data, copy []byte
	}{
		{"plain", "", plain, plain},
		{"texts", "H-IMG-NAME H-IMG-TRACE", with(chunkOf("tEXt", []byte("Author\x00wang")), chunkOf("tIME", make([]byte, 7))), plain},
		{"a place", "H-IMG-GPS", with(chunkOf("eXIf", exifBlock(0, true, "", false))), plain},
		{"the way to turn it stays", "H-IMG-GPS", with(chunkOf("eXIf", exifBlock(8, true, "", false))), with(chunkOf("eXIf", turned(8)))},
		{"resolution stays", "", with(chunkOf("pHYs", make([]byte, 9))), with(chunkOf("pHYs", make([]byte, 9)))},
		{"what was cropped by a phone and kept", "H-IMG-TRAIL", append(bytes.Clone(plain), plain[33:]...), plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rules(hits(t, "a.png", c.data)); got != c.want {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			out, left := cleaned(t, "a.png", c.data)
			if left != "" || !bytes.Equal(out, c.copy) {
				t.Errorf("left %q; the copy has %d bytes, want %d", left, len(out), len(c.copy))
			}
		})
	}
}

func TestGIF(t *testing.T) {
	var b bytes.Buffer
	if err := stdgif.Encode(&b, dots(), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	head := 13 + 3<<(plain[10]&7+1)
	if plain[10]&0x80 == 0 {
		head = 13
	}
	data := append(append(bytes.Clone(plain[:head]), "\x21\xFE\x06Author\x00"...), plain[head:]...)
	if got := rules(hits(t, "a.gif", data)); got != "H-IMG-NAME" {
		t.Errorf("found %q", got)
	}
	if out, _ := cleaned(t, "a.gif", data); !bytes.Equal(out, plain) {
		t.Error("the copy differs")
	}
}

func webpFile(chunks ...string) []byte {
	var body []byte
	for i := 0; i < len(chunks); i += 2 {
		body = append(binary.LittleEndian.AppendUint32(append(body, chunks[i]...), uint32(len(chunks[i+1]))), chunks[i+1]...)
		if len(chunks[i+1])%2 == 1 {
			body = append(body, 0)
		}
	}
	return append(append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), "WEBP"...), body...)
}

func TestWebP(t *testing.T) {
	vp8 := "\x30\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x00\x00"
	data := webpFile("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00", "VP8 ", vp8, "EXIF", string(exifBlock(0, true, "", false)), "XMP ", "<x:xmpmeta/>")
	if got := rules(hits(t, "a.webp", data)); got != "H-IMG-GPS H-IMG-TRACE" {
		t.Errorf("found %q", got)
	}
	out, _ := cleaned(t, "a.webp", data)
	if want := webpFile("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "VP8 ", vp8); !bytes.Equal(out, want) {
		t.Errorf("copy %q", out)
	}
}

func TestTIFF(t *testing.T) {
	data := exifBlock(1, true, "wang", false)
	if got := rules(hits(t, "a.tif", data)); got != "H-IMG-GPS H-IMG-NAME" {
		t.Errorf("found %q", got)
	}
	out, _ := cleaned(t, "a.tif", data)
	if bytes.Contains(out, []byte("wang")) || bytes.Contains(out, []byte("HUA")) || len(out) != len(data) {
		t.Errorf("copy %q", out)
	}
	ifd, at := newIFD(out)
	if fields, next, ok := ifd.read(at); !ok || len(fields) != 1 || fields[0].tag != 274 || next != 0 {
		t.Errorf("fields %+v next %d", fields, next)
	}
}

// heicFile holds two items: Exif and XMP.
func heicFile(exif, xmp string) []byte {
	box := func(name string, body string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + name + body
	}
	infe := func(id byte, kind string) string {
		return box("infe", "\x02\x00\x00\x00\x00"+string(id)+"\x00\x00"+kind+"\x00")
	}
	head := box("ftyp", "heic\x00\x00\x00\x00mif1heic")
	build := func(at int) string {
		place := func(id byte, from, n int) string {
			return "\x00" + string(id) + "\x00\x00\x00\x01" + string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(from)), uint32(n)))
		}
		return box("meta", "\x00\x00\x00\x00"+box("iinf", "\x00\x00\x00\x00\x00\x02"+infe(1, "Exif")+infe(2, "mime"))+
			box("iloc", "\x00\x00\x00\x00\x44\x00\x00\x02"+place(1, at, len(exif))+place(2, at+len(exif), len(xmp))))
	}
	at := len(head) + len(build(0)) + 8
	return []byte(head + build(at) + box("mdat", exif+xmp+"dots"))
}

func TestHEIC(t *testing.T) {
	data := heicFile("\x00\x00\x00\x00"+string(exifBlock(6, true, "wang", false)), "<x:xmpmeta dc:creator='li'/>")
	if got := rules(hits(t, "a.heic", data)); got != "H-IMG-GPS H-IMG-NAME H-IMG-TRACE" {
		t.Errorf("found %q", got)
	}
	out, left := cleaned(t, "a.heic", data)
	if left != "" || rules(hits(t, "a.heic", out)) != "" || len(out) != len(data) || bytes.Contains(out, []byte("wang")) || !bytes.HasSuffix(out, []byte("dots")) {
		t.Errorf("copy %q", out)
	}
}

func TestMedia(t *testing.T) {
	if r := media([]byte("\x00\x00\x00\x18ftypmp42" + strings.Repeat("x", 99) + "\xa9xyz+30.1")); rulesOf(r) != "H-MEDIA-TRACE" {
		t.Errorf("%+v", r)
	}
	if r := media([]byte("\x00\x00\x00\x18ftypmp42")); rulesOf(r) != "" {
		t.Errorf("%+v", r)
	}
}

func rulesOf(r *result) string {
	out := ""
	for _, f := range r.found {
		out += f.Rule
	}
	return out
}

func FuzzPictures(f *testing.F) {
	f.Add(withSegments(jpegFile(f), segmentOf(0xE1, "Exif\x00\x00"+string(exifBlock(6, true, "wang", true)))))
	f.Add(exifBlock(1, true, "wang", false))
	f.Add(webpFile("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00", "EXIF", string(exifBlock(3, true, "", false))))
	f.Add(heicFile("\x00\x00\x00\x00"+string(exifBlock(6, true, "wang", false)), "<x/>"))
	f.Add([]byte("\x89PNG\r\n\x1a\n" + string(chunkOf("IHDR", make([]byte, 13))) + string(chunkOf("eXIf", exifBlock(3, false, "a", true))) + string(chunkOf("IEND", nil))))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00\x21\xFE\x01a\x00\x3b"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a", data) })
}
