package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gongkai/kernel/fault"
)

// Limits bound what reading one file may cost. A zero field takes the value of
// DefaultLimits.
type Limits struct {
	File     int64         // bytes of the file
	Unpacked int64         // bytes of all the parts of a zip file together
	Ratio    int64         // unpacked ÷ packed of a part larger than 1 MiB
	Parts    int           // parts in a zip file, streams in a compound file
	Depth    int           // nested elements
	Cells    int           // cells of all tables together
	Cols     int           // columns of a table
	Blocks   int           // paragraphs and tables of the document
	Pages    int           // pages of a .pdf file
	Time     time.Duration // for the whole file
}

// DefaultLimits is enough for any office document and harmless on 1 GB of memory.
func DefaultLimits() Limits {
	return Limits{
		File: 64 << 20, Unpacked: 256 << 20, Ratio: 500, Parts: 5000, Depth: 256,
		Cells: 200_000, Cols: 1000, Blocks: 300_000, Pages: 3000, Time: 30 * time.Second,
	}
}

func (l Limits) filled() Limits {
	d := DefaultLimits()
	fill(&l.File, d.File)
	fill(&l.Unpacked, d.Unpacked)
	fill(&l.Ratio, d.Ratio)
	fill(&l.Parts, d.Parts)
	fill(&l.Depth, d.Depth)
	fill(&l.Cells, d.Cells)
	fill(&l.Cols, d.Cols)
	fill(&l.Blocks, d.Blocks)
	fill(&l.Pages, d.Pages)
	fill(&l.Time, d.Time)
	return l
}

func fill[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// Reader reads files of every kind.
type Reader struct {
	Limits Limits
	PDF    *PDF // nil: .pdf files are refused with a message
}

// Read reads a whole file from a stream and stops at the size limit.
func (r Reader) Read(ctx context.Context, name string, from io.Reader) (*Document, error) {
	limit := r.Limits.filled().File
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %d bytes of an upload: %w", len(data), err)
	}
	return r.ReadBytes(ctx, name, data)
}

// Read reads a file held in memory; name is only used in messages. Of .pdf files
// it can only say that they cannot be read here: use a Reader with a PDF.
func Read(ctx context.Context, name string, data []byte, limits Limits) (*Document, error) {
	return Reader{Limits: limits}.ReadBytes(ctx, name, data)
}

// ReadBytes reads a file held in memory. The kind is detected by content, never
// by the name. Errors are faults that say what is wrong with the file and what
// to do, and begin with its name.
func (r Reader) ReadBytes(ctx context.Context, name string, data []byte) (*Document, error) {
	limits := r.Limits.filled()
	ctx, stop := context.WithTimeout(ctx, limits.Time)
	defer stop()
	doc, err := r.read(ctx, data, limits)
	if err == nil {
		return doc, nil
	}
	var told *fault.Error
	switch {
	case errors.As(err, &told):
		named := *told
		if name != "" {
			named.Text = "文件「" + name + "」" + told.Text
		} else {
			named.Text = "这个文件" + told.Text
		}
		return nil, &named
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fault.Wrap(err, fault.TooMany, fmt.Sprintf("文件「%s」太复杂，%d 秒内没有读完。请删去与正文无关的内容，或者拆成几个文件后再试", name, int(limits.Time.Seconds())))
	}
	return nil, err
}

func (r Reader) read(ctx context.Context, data []byte, limits Limits) (*Document, error) {
	if int64(len(data)) > limits.File {
		return nil, tooMuch("超过 %s，没有读取。请删去图片等附件，或者拆成几个文件后再试", size(limits.File))
	}
	kind, err := sniff(data, limits)
	if err != nil {
		return nil, err
	}
	var doc *Document
	switch kind {
	case KindText:
		doc, err = readText(data, limits)
	case KindHTML:
		doc, err = readHTML(ctx, data, limits)
	case KindDocx:
		doc, err = readDocx(ctx, data, limits)
	case KindXlsx:
		doc, err = readXlsx(ctx, data, limits)
	case KindDoc:
		doc, err = readDoc(ctx, data, limits)
	case KindXls:
		doc, err = readXls(ctx, data, limits)
	case KindPDF:
		if r.PDF == nil {
			return nil, fault.New(fault.Unavailable, "是 PDF，这里没有启用 PDF 读取。请改用 Word、网页或纯文本文件")
		}
		doc, err = r.PDF.read(ctx, data, limits)
	default:
		return nil, refused("是%s，不能读出文字。请改用 Word（.docx、.doc）、Excel（.xlsx）、网页、PDF 或纯文本文件", kind.Title())
	}
	if err != nil {
		return nil, err
	}
	places := 0 // a few far cells may span a grid that nobody could hold
	for _, b := range doc.Blocks {
		if b.Table != nil {
			places += b.Table.Rows * b.Table.Cols
		}
	}
	if places > 10*limits.Cells {
		return nil, tooManyCells(10 * limits.Cells)
	}
	if !doc.hasText() {
		return nil, refused("里没有文字。请确认交来的是否为正确的文件；如果内容是图片，请先识别成文字")
	}
	return doc, nil
}

// hasText reports whether any paragraph holds more than blanks.
func (d *Document) hasText() bool {
	for _, b := range d.Blocks {
		if b.Para != nil && !blank(b.Para.Text) {
			return true
		}
		if b.Table != nil {
			for i := range b.Table.Cells {
				if !b.Table.Cells[i].empty() {
					return true
				}
			}
		}
	}
	return false
}

func (c *Cell) empty() bool {
	for _, p := range c.Paras {
		if !blank(p.Text) || p.Number != "" {
			return false
		}
	}
	return true
}

// refused is a message about a file that cannot be read as it is; the name of
// the file is put in front of it.
func refused(format string, args ...any) error {
	return fault.Newf(fault.Invalid, format, args...)
}

// tooMuch is a message about a file beyond a limit.
func tooMuch(format string, args ...any) error {
	return fault.Newf(fault.TooMany, format, args...)
}

// damaged is the message for a file that breaks its own format at a place.
func damaged(cause error, where string) error {
	return fault.Wrap(cause, fault.Invalid, "已损坏或不完整（"+where+"）。请用原来的软件打开、另存一份后再试")
}

func tooManyCells(limit int) error {
	return tooMuch("的表格超过 %d 个单元格，没有读取。请删去无关的工作表、行和列后再试", limit)
}

func tooManyCols(limit int) error {
	return tooMuch("的表格超过 %d 列，没有读取。请删去无关的列（常见原因是整行设置了格式）后再试", limit)
}

func tooManyBlocks(limit int) error {
	return tooMuch("超过 %d 个段落，没有读取。请拆成几个文件后再试", limit)
}

func tooDeep(limit int) error {
	return refused("的内部结构嵌套超过 %d 层，不像正常的文件，没有读取。请用原来的软件另存一份后再试", limit)
}

func encrypted() error {
	return refused("设置了打开密码，无法读取。请去掉密码后重新上传")
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d 字节", n)
}

// guard turns a panic of somebody else's parser into the message for a damaged file.
func guard(where string, err *error) {
	if p := recover(); p != nil {
		*err = damaged(fmt.Errorf("panic: %v", p), where)
	}
}

// budget counts what a reader has produced against the limits.
type budget struct {
	limits        Limits
	cells, blocks int
}

func (b *budget) cell(cols int) error {
	if cols > b.limits.Cols {
		return tooManyCols(b.limits.Cols)
	}
	if b.cells++; b.cells > b.limits.Cells {
		return tooManyCells(b.limits.Cells)
	}
	return nil
}

func (b *budget) block() error {
	if b.blocks++; b.blocks > b.limits.Blocks {
		return tooManyBlocks(b.limits.Blocks)
	}
	return nil
}

// lines appends a paragraph, split at its line breaks: a Paragraph is one line
// for its readers. The number stays with the first.
func (b *budget) lines(out *[]Block, p Paragraph) error {
	texts := []string{p.Text}
	if strings.Contains(p.Text, "\n") {
		texts = strings.FieldsFunc(p.Text, func(r rune) bool { return r == '\n' })
		if len(texts) == 0 {
			texts = []string{""}
		}
	}
	for i, text := range texts {
		line := p
		line.Text = text
		if i > 0 {
			line.Number = ""
		}
		*out = append(*out, Block{Para: &line})
		if err := b.block(); err != nil {
			return err
		}
	}
	return nil
}

func readerAt(data []byte) *bytes.Reader { return bytes.NewReader(data) }
