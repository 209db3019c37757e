package check

import (
	"context"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// Read makes the Text of a file. Of a text file it is the file's own characters,
// so that spans are places in the file; of an office file the words in reading
// order. Errors are faults in Chinese that name the file.
func Read(ctx context.Context, docs document.Reader, name string, data []byte) (*Text, error) {
	kind, err := document.Sniff(data)
	if err == nil && kind == document.KindText && len(data) > 0 && int64(len(data)) <= document.DefaultLimits().File {
		body, err := document.DecodeText(data)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "文件「%s」%s", name, fault.Text(err))
		}
		t := Plain(body)
		t.File = name
		return t, nil
	}
	doc, err := docs.ReadBytes(ctx, name, data)
	if err != nil {
		return nil, err
	}
	return Extract(name, doc), nil
}

// Segment is a stretch of a text with the hits that cover it, for showing.
type Segment struct {
	Text string
	Hits []int // indices into the hits
}

// Segments cuts a text at the ends of its hits; Start and End count characters, as
// the engine hands them out.
func Segments(body string, hits []Hit) []Segment {
	runes := []rune(body)
	cuts := map[int]bool{0: true, len(runes): true}
	for _, h := range hits {
		if h.InText() {
			cuts[h.Start], cuts[h.End] = true, true
		}
	}
	var out []Segment
	start := 0
	for i := 1; i <= len(runes); i++ {
		if !cuts[i] {
			continue
		}
		s := Segment{Text: string(runes[start:i])}
		for k, h := range hits {
			if h.InText() && h.Start <= start && i <= h.End {
				s.Hits = append(s.Hits, k)
			}
		}
		out, start = append(out, s), i
	}
	return out
}
