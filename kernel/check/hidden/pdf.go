package hidden

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/ascii85"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/kernel/fault"
)

// The values of PDF (ISO 32000-1, 7.3). Numbers keep their spelling, so that a
// copy is written as the file was.
type (
	pdfName  string
	pdfText  string
	pdfNum   string
	pdfWord  string // true, false, operators
	pdfRef   struct{ num, gen int }
	pdfDict  map[string]any
	pdfArray []any
)

// pdfStream is a stream with its bytes as they stand in the file.
type pdfStream struct {
	dict pdfDict
	raw  []byte
}

// pdfReader reads objects of a file.
type pdfReader struct {
	ctx     context.Context
	data    []byte
	places  map[int]pdfPlace
	cache   map[int]any
	loading map[int]bool
	trailer pdfDict
	chain   int // tables of places, one a revision
	packs   map[int][]any
	numbers map[int][]int
	decoded int // bytes
}

// pdfPlace is where an object stands: at an offset, or as a member of a pack.
type pdfPlace struct{ at, pack, index int }

const (
	pdfDeep    = 100       // nested values
	pdfDecoded = 256 << 20 // bytes of all streams that are unpacked
	pdfOne     = 64 << 20  // bytes of one
	pdfObjects = 2_000_000
)

func damagedPDF(where string) error {
	return fault.Newf(fault.Invalid, "PDF 已损坏或不完整（%s），请重新导出后再上传", where)
}

// openPDF reads the tables of places; where they are broken, as viewers do, it
// looks for objects through the whole file.
func openPDF(ctx context.Context, data []byte) (*pdfReader, error) {
	p := &pdfReader{ctx: ctx, data: data, cache: map[int]any{}, loading: map[int]bool{}, packs: map[int][]any{}, numbers: map[int][]int{}}
	if !p.tables() || p.dict(p.trailer["Root"]) == nil {
		p.places, p.cache, p.chain = map[int]pdfPlace{}, map[int]any{}, 1
		p.search()
	}
	if p.trailer["Encrypt"] != nil {
		return nil, fault.New(fault.Invalid, "PDF 设置了密码或者权限限制，不能检查，请去掉后重新上传")
	}
	if p.dict(p.trailer["Root"]) == nil {
		return nil, damagedPDF("目录")
	}
	return p, nil
}

func (p *pdfReader) tables() bool {
	p.places = map[int]pdfPlace{}
	at := bytes.LastIndex(p.data, []byte("startxref"))
	if at < 0 {
		return false
	}
	s := &pdfScanner{b: p.data, at: at + 9}
	start, ok := pdfInt(s.value(0))
	if !ok {
		return false
	}
	seen := map[int]bool{}
	for start > 0 || p.chain == 0 {
		if seen[start] || start < 0 || start >= len(p.data) || len(seen) > 1000 {
			return p.chain > 0 && p.trailer != nil
		}
		seen[start] = true
		table, ok := p.table(start)
		if !ok {
			return false
		}
		p.chain++
		if p.trailer == nil {
			p.trailer = table
		}
		if also, ok := pdfInt(table["XRefStm"]); ok && !seen[also] && also > 0 && also < len(p.data) {
			seen[also] = true
			if _, ok := p.table(also); !ok {
				return false
			}
		}
		start, _ = pdfInt(table["Prev"])
		if start == 0 {
			break
		}
	}
	return p.trailer != nil
}

func (p *pdfReader) place(num int, at pdfPlace) {
	if _, known := p.places[num]; !known && num >= 0 && len(p.places) < pdfObjects {
		p.places[num] = at
	}
}

// table reads one table, in either form, and its trailer.
func (p *pdfReader) table(at int) (pdfDict, bool) {
	s := &pdfScanner{b: p.data, at: at}
	if first := s.value(0); first != pdfWord("xref") {
		s.at = at
		stream, ok := p.object(s).(*pdfStream)
		if !ok || stream.dict["Type"] != pdfName("XRef") {
			return nil, false
		}
		return stream.dict, p.tableStream(stream)
	}
	for {
		v := s.value(0)
		if v == pdfWord("trailer") {
			d, ok := s.value(0).(pdfDict)
			return d, ok
		}
		first, ok := pdfInt(v)
		count, ok2 := pdfInt(s.value(0))
		if !ok || !ok2 || count < 0 || count > len(p.data)/18+1 {
			return nil, false
		}
		for i := range count {
			offset, ok := pdfInt(s.value(0))
			_, ok2 := pdfInt(s.value(0))
			use := s.value(0)
			if !ok || !ok2 {
				return nil, false
			}
			if use == pdfWord("n") {
				p.place(first+i, pdfPlace{at: offset, pack: -1})
			} else {
				p.place(first+i, pdfPlace{at: -1, pack: -1})
			}
		}
	}
}

func (p *pdfReader) tableStream(stream *pdfStream) bool {
	body, err := p.decode(stream)
	if err != nil {
		return false
	}
	widths, _ := stream.dict["W"].(pdfArray)
	if len(widths) < 3 {
		return false
	}
	var w [3]int
	for i := range w {
		if w[i], _ = pdfInt(widths[i]); w[i] < 0 || w[i] > 8 {
			return false
		}
	}
	row := w[0] + w[1] + w[2]
	if row == 0 {
		return false
	}
	size, _ := pdfInt(stream.dict["Size"])
	index, _ := stream.dict["Index"].(pdfArray)
	if len(index) < 2 {
		index = pdfArray{pdfNum("0"), pdfNum(strconv.Itoa(size))}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, _ := pdfInt(index[i])
		count, _ := pdfInt(index[i+1])
		for n := range max(count, 0) {
			if len(body) < row {
				return true
			}
			field := func(from, size, missing int) int {
				if size == 0 {
					return missing
				}
				v := 0
				for _, c := range body[from : from+size] {
					v = v<<8 | int(c)
				}
				return v
			}
			kind, a, b := field(0, w[0], 1), field(w[0], w[1], 0), field(w[0]+w[1], w[2], 0)
			body = body[row:]
			switch kind {
			case 1:
				p.place(first+n, pdfPlace{at: a, pack: -1})
			case 2:
				p.place(first+n, pdfPlace{at: -1, pack: a, index: b})
			default:
				p.place(first+n, pdfPlace{at: -1, pack: -1})
			}
		}
	}
	return true
}

var pdfObject = regexp.MustCompile(`(?:^|[\r\n\s])(\d{1,9})\s+\d{1,5}\s+obj\b`)

// search finds objects without tables; of two with one number the last counts.
func (p *pdfReader) search() {
	p.trailer = nil
	for _, m := range pdfObject.FindAllSubmatchIndex(p.data, pdfObjects) {
		num, _ := strconv.Atoi(string(p.data[m[2]:m[3]]))
		p.places[num] = pdfPlace{at: m[2], pack: -1}
	}
	for at := 0; ; {
		i := bytes.Index(p.data[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + 7
		s := &pdfScanner{b: p.data, at: at}
		if d, ok := s.value(0).(pdfDict); ok && d["Root"] != nil {
			p.trailer = d
		}
	}
	nums := make([]int, 0, len(p.places))
	for n := range p.places {
		nums = append(nums, n)
	}
	slices.Sort(nums)
	for _, n := range nums {
		switch v := p.get(pdfRef{num: n}).(type) {
		case *pdfStream:
			if v.dict["Type"] == pdfName("XRef") && v.dict["Root"] != nil && p.trailer == nil {
				p.trailer = v.dict
			}
			if v.dict["Type"] == pdfName("ObjStm") {
				p.unpack(n)
				for i, num := range p.numbers[n] {
					p.place(num, pdfPlace{at: -1, pack: n, index: i})
				}
			}
		case pdfDict:
			if v["Type"] == pdfName("Catalog") && p.trailer == nil {
				p.trailer = pdfDict{"Root": pdfRef{num: n}}
			}
		}
	}
}

// get follows references to a value.
func (p *pdfReader) get(v any) any {
	for range 20 {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = p.load(ref.num)
	}
	return nil
}

func (p *pdfReader) load(num int) any {
	if v, ok := p.cache[num]; ok {
		return v
	}
	if p.loading[num] {
		return nil
	}
	p.loading[num] = true
	defer delete(p.loading, num)
	place, ok := p.places[num]
	var v any
	switch {
	case !ok || place.at < 0 && place.pack < 0:
	case place.pack >= 0:
		if list := p.unpack(place.pack); place.index < len(list) && place.index >= 0 {
			v = list[place.index]
		}
	case place.at < len(p.data):
		s := &pdfScanner{b: p.data, at: place.at}
		v = p.object(s)
	}
	p.cache[num] = v
	return v
}

// object reads "1 0 obj … endobj" at a place.
func (p *pdfReader) object(s *pdfScanner) any {
	if _, ok := pdfInt(s.value(0)); !ok {
		return nil
	}
	if _, ok := pdfInt(s.value(0)); !ok {
		return nil
	}
	if s.value(0) != pdfWord("obj") {
		return nil
	}
	v := s.value(0)
	d, ok := v.(pdfDict)
	if !ok {
		return v
	}
	end := s.at
	if s.value(0) != pdfWord("stream") {
		s.at = end
		return v
	}
	at := s.at
	if at < len(s.b) && s.b[at] == '\r' {
		at++
	}
	if at < len(s.b) && s.b[at] == '\n' {
		at++
	}
	n, known := pdfInt(p.get(d["Length"]))
	if known && n >= 0 && at+n <= len(s.b) && bytes.HasPrefix(bytes.TrimLeft(s.b[at+n:min(len(s.b), at+n+20)], "\r\n \t"), []byte("endstream")) {
		return &pdfStream{d, s.b[at : at+n]}
	}
	i := bytes.Index(s.b[at:], []byte("endstream"))
	if i < 0 {
		i = len(s.b) - at
	}
	raw := s.b[at : at+i]
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	return &pdfStream{d, raw}
}

// unpack reads an object stream (ISO 32000-1, 7.5.7).
func (p *pdfReader) unpack(num int) []any {
	if list, ok := p.packs[num]; ok {
		return list
	}
	p.packs[num] = nil
	stream, ok := p.load(num).(*pdfStream)
	if !ok {
		return nil
	}
	body, err := p.decode(stream)
	count, _ := pdfInt(p.get(stream.dict["N"]))
	first, _ := pdfInt(p.get(stream.dict["First"]))
	if err != nil || first < 0 || first > len(body) || count < 0 || count > len(body) {
		return nil
	}
	head := &pdfScanner{b: body[:first]}
	var list []any
	var numbers []int
	for range count {
		num, ok := pdfInt(head.value(0))
		at, ok2 := pdfInt(head.value(0))
		if !ok || !ok2 || at < 0 || first+at > len(body) {
			break
		}
		s := &pdfScanner{b: body, at: first + at}
		list, numbers = append(list, s.value(0)), append(numbers, num)
	}
	p.packs[num], p.numbers[num] = list, numbers
	return list
}

func (p *pdfReader) dict(v any) pdfDict {
	switch v := p.get(v).(type) {
	case pdfDict:
		return v
	case *pdfStream:
		return v.dict
	}
	return nil
}

func (p *pdfReader) array(v any) pdfArray {
	a, _ := p.get(v).(pdfArray)
	return a
}

func (p *pdfReader) number(v any) float64 {
	n, _ := p.get(v).(pdfNum)
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return 0
	}
	return f
}

func pdfInt(v any) (int, bool) {
	n, ok := v.(pdfNum)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(string(n))
	return i, err == nil
}

// decode unpacks a stream. Filters of pictures and LZW are not known to it.
func (p *pdfReader) decode(s *pdfStream) ([]byte, error) {
	filters, params := p.array(s.dict["Filter"]), p.array(s.dict["DecodeParms"])
	if f, ok := p.get(s.dict["Filter"]).(pdfName); ok {
		filters, params = pdfArray{f}, pdfArray{s.dict["DecodeParms"]}
	}
	if len(filters) > 8 {
		return nil, damagedPDF("过滤器")
	}
	out := s.raw
	for i, f := range filters {
		var param pdfDict
		if i < len(params) {
			param = p.dict(params[i])
		}
		var err error
		switch name, _ := p.get(f).(pdfName); name {
		case "FlateDecode", "Fl":
			out, err = p.inflate(out)
			if err == nil {
				out, err = p.predict(out, param)
			}
		case "ASCIIHexDecode", "AHx":
			text := bytes.Map(func(r rune) rune {
				if strings.ContainsRune("0123456789abcdefABCDEF", r) {
					return r
				}
				return -1
			}, bytes.Split(out, []byte(">"))[0])
			if len(text)%2 == 1 {
				text = append(text, '0')
			}
			out, err = hex.AppendDecode(nil, text)
		case "ASCII85Decode", "A85":
			text, _, _ := bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(out), []byte("<~")), []byte("~>"))
			out, err = io.ReadAll(io.LimitReader(ascii85.NewDecoder(bytes.NewReader(text)), pdfOne))
		default:
			err = fault.New(fault.Invalid, "PDF 的压缩方式不能读取")
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *pdfReader) inflate(b []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, pdfOne+1))
	if p.decoded += len(out); len(out) > pdfOne || p.decoded > pdfDecoded {
		panic(errPDFBomb)
	}
	if err != nil && len(out) == 0 {
		return nil, err
	}
	return out, nil // a stream cut short shows what it has
}

// errPDFBomb is thrown where the unpacked streams grow beyond all measure.
var errPDFBomb = fault.New(fault.TooMany, "PDF 解压后过大，可能是压缩炸弹，没有检查")

// predict undoes PNG and TIFF prediction (ISO 32000-1, 7.4.4.4).
func (p *pdfReader) predict(b []byte, param pdfDict) ([]byte, error) {
	get := func(key string, missing int) int {
		if n, ok := pdfInt(p.get(param[key])); ok {
			return n
		}
		return missing
	}
	kind := get("Predictor", 1)
	if kind < 10 {
		if kind != 1 {
			return nil, fault.New(fault.Invalid, "PDF 的压缩方式不能读取")
		}
		return b, nil
	}
	colors, bits, columns := get("Colors", 1), get("BitsPerComponent", 8), get("Columns", 1)
	if colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, damagedPDF("过滤器")
	}
	size, row := max(1, colors*bits/8), (colors*bits*columns+7)/8
	out := make([]byte, 0, len(b))
	before := make([]byte, row)
	for len(b) > 1 {
		kind := b[0]
		n := min(row, len(b)-1)
		line := make([]byte, row)
		copy(line, b[1:1+n])
		b = b[1+n:]
		for i := range line {
			var left, corner byte
			if i >= size {
				left, corner = line[i-size], before[i-size]
			}
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += before[i]
			case 3:
				line[i] += byte((int(left) + int(before[i])) / 2)
			case 4:
				a, bb, c := int(left), int(before[i]), int(corner)
				pa, pb, pc := abs(bb-c), abs(a-c), abs(a+bb-2*c)
				switch {
				case pa <= pb && pa <= pc:
					line[i] += left
				case pb <= pc:
					line[i] += before[i]
				default:
					line[i] += corner
				}
			}
		}
		out = append(out, line[:n]...)
		before = line
	}
	return out, nil
}

func abs(n int) int { return max(n, -n) }
