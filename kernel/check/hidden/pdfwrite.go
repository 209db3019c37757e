package hidden

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
)

// pdfWrite appends a value in the form of a file.
func pdfWrite(out *bytes.Buffer, v any, depth int) {
	if depth > pdfDeep+20 {
		out.WriteString("null")
		return
	}
	switch v := v.(type) {
	case pdfName:
		out.WriteByte('/')
		for i := range len(v) {
			if c := v[i]; c <= ' ' || c > '~' || c == '#' || pdfMark(c) {
				fmt.Fprintf(out, "#%02X", c)
			} else {
				out.WriteByte(c)
			}
		}
	case pdfText:
		out.WriteByte('<')
		out.WriteString(hex.EncodeToString([]byte(v)))
		out.WriteByte('>')
	case pdfNum:
		out.WriteString(string(v))
	case pdfWord:
		out.WriteString(string(v))
	case pdfRef:
		fmt.Fprintf(out, "%d 0 R", v.num)
	case pdfArray:
		out.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				out.WriteByte(' ')
			}
			pdfWrite(out, x, depth+1)
		}
		out.WriteByte(']')
	case pdfDict:
		out.WriteString("<<")
		for _, k := range sortedKeys(v) {
			pdfWrite(out, pdfName(k), depth)
			out.WriteByte(' ')
			pdfWrite(out, v[k], depth+1)
			out.WriteByte('\n')
		}
		out.WriteString(">>")
	default:
		out.WriteString("null")
	}
}

// copy writes the file anew with the objects that its catalog leads to: what was
// before an update, and what nothing shows, is gone. Streams keep their bytes.
func (p *pdfReader) copy(info pdfDict) ([]byte, error) {
	var out bytes.Buffer
	version := []byte("1.7")
	if i := bytes.Index(p.data[:min(len(p.data), 1024)], []byte("%PDF-")); i >= 0 && i+8 <= len(p.data) {
		version = p.data[i+5 : i+8]
	}
	fmt.Fprintf(&out, "%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version)
	offsets := map[int]int{}
	var order []int
	queue := []any{p.trailer["Root"]}
	seen := map[int]bool{}
	for len(queue) > 0 {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		switch v := v.(type) {
		case pdfRef:
			if !seen[v.num] {
				seen[v.num] = true
				order = append(order, v.num)
				queue = append(queue, p.load(v.num))
			}
		case pdfArray:
			queue = append(queue, v...)
		case pdfDict:
			for _, k := range sortedKeys(v) {
				queue = append(queue, v[k])
			}
		case *pdfStream:
			for _, k := range sortedKeys(v.dict) {
				queue = append(queue, v.dict[k])
			}
		}
		if len(queue) > 10*pdfObjects {
			return nil, errPDFBomb
		}
	}
	slices.Sort(order)
	for _, num := range order {
		if p.ctx.Err() != nil {
			return nil, p.ctx.Err()
		}
		offsets[num] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", num)
		if s, ok := p.load(num).(*pdfStream); ok {
			d := pdfDict{}
			for k, v := range s.dict {
				d[k] = v
			}
			d["Length"] = pdfNum(strconv.Itoa(len(s.raw)))
			pdfWrite(&out, d, 0)
			out.WriteString("\nstream\n")
			out.Write(s.raw)
			out.WriteString("\nendstream\nendobj\n")
			continue
		}
		pdfWrite(&out, p.load(num), 0)
		out.WriteString("\nendobj\n")
	}
	last, table := 0, ""
	if len(order) > 0 {
		last = order[len(order)-1]
	}
	if len(info) > 0 {
		last++
		at := out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", last)
		pdfWrite(&out, info, 0)
		out.WriteString("\nendobj\n")
		table = fmt.Sprintf("%d 1\n%010d 00000 n \n", last, at)
	}
	start := out.Len()
	out.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for i := 0; i < len(order); {
		k := i
		for k < len(order) && order[k] == order[i]+k-i {
			k++
		}
		fmt.Fprintf(&out, "%d %d\n", order[i], k-i)
		for _, num := range order[i:k] {
			fmt.Fprintf(&out, "%010d 00000 n \n", offsets[num])
		}
		i = k
	}
	out.WriteString(table)
	trailer := pdfDict{"Root": p.trailer["Root"], "Size": pdfNum(strconv.Itoa(last + 1))}
	if len(info) > 0 {
		trailer["Info"] = pdfRef{num: last}
	}
	out.WriteString("trailer\n")
	pdfWrite(&out, trailer, 0)
	fmt.Fprintf(&out, "\nstartxref\n%d\n%%%%EOF\n", start)
	return out.Bytes(), nil
}
