package document

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// PDF reads .pdf files with PDFium in a sandbox. It starts at the first file:
// the first time on a machine that takes some seconds and 300 MB, later, with the
// compiled code in its folder, a tenth of a second. Two files are read at once.
type PDF struct {
	folder string
	mu     sync.Mutex
	pool   pdfium.Pool
	cache  wazero.CompilationCache
}

// NewPDF makes a reader that keeps compiled code in a folder, which is made when
// it is not there.
func NewPDF(folder string) *PDF { return &PDF{folder: folder} }

// pdfMemory bounds one file's memory in the sandbox, in pages of 64 KiB.
const pdfMemory = 512 << 20 >> 16

func (p *PDF) start() (pdfium.Pool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pool != nil {
		return p.pool, nil
	}
	cache, err := wazero.NewCompilationCacheWithDir(p.folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of compiled code: %w", err)
	}
	config := wazero.NewRuntimeConfig().WithCompilationCache(cache).WithMemoryLimitPages(pdfMemory).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	pool, err := webassembly.Init(webassembly.Config{MaxIdle: 1, MaxTotal: 2, RuntimeConfig: config})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start pdfium: %w", err), cache.Close(context.Background()))
	}
	p.pool, p.cache = pool, cache
	return pool, nil
}

// Close ends the sandbox; a later file starts it again.
func (p *PDF) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pool == nil {
		return nil
	}
	err := errors.Join(p.pool.Close(), p.cache.Close(context.Background()))
	p.pool, p.cache = nil, nil
	return err
}

func (p *PDF) read(ctx context.Context, data []byte, limits Limits) (doc *Document, err error) {
	pool, err := p.start()
	if err != nil {
		return nil, err
	}
	engine, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait for pdfium: %w", err)
	}
	defer guard("PDF", &err)
	defer func() {
		if e := engine.Close(); e != nil && err == nil {
			err = fmt.Errorf("give pdfium back: %w", e)
		}
	}()
	file, err := engine.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return nil, encrypted()
	case err != nil:
		return nil, damaged(err, "PDF")
	}
	count, err := engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: file.Document})
	if err != nil {
		return nil, damaged(err, "PDF 页数")
	}
	if count.PageCount > limits.Pages {
		return nil, tooMuch("有 %d 页，超过 %d 页，没有读取。请拆成几个文件后再试", count.PageCount, limits.Pages)
	}
	doc = &Document{Format: string(KindPDF)}
	if meta, err := engine.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: file.Document, Tag: "Title"}); err == nil {
		doc.Title = trim(meta.Value)
	}
	l := &pdfLayout{budget: budget{limits: limits}, doc: doc}
	var pictures []int // pages that show pictures and hold no text
	strange := 0
	for i := range count.PageCount {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		page, images, err := readPage(engine, file.Document, i)
		if err != nil {
			return nil, damaged(err, fmt.Sprintf("PDF 第 %d 页", i+1))
		}
		strange += page.strange
		if page.letters == 0 && images > 0 {
			pictures = append(pictures, i+1)
		}
		if l.letters += page.letters; l.letters > 40*limits.Blocks {
			return nil, tooManyBlocks(limits.Blocks)
		}
		if err := l.page(page); err != nil {
			return nil, err
		}
	}
	switch {
	case l.letters == 0 && len(pictures) > 0:
		return nil, refused("是扫描件：各页都是图片，没有文字层，无法读取。请改用原来的 Word 文件，或者先用文字识别（OCR）软件处理后再上传")
	case l.letters == 0:
		return nil, refused("里没有文字层，无法读取。请改用原来的 Word 文件")
	case strange*3 > l.letters:
		return nil, refused("的字体没有文字对照表，读出来是乱码。请改用原来的 Word 文件，或者先用文字识别（OCR）软件处理后再上传")
	case len(pictures) > 0:
		doc.Notes = append(doc.Notes, Note{Text: "这些页是图片，没有文字层，没有读取", Where: "第 " + joinInts(pictures) + " 页"})
	}
	return doc, l.end()
}

func joinInts(n []int) string {
	s := ""
	for i, x := range n {
		switch {
		case i == 10:
			return s + " 等"
		case i > 0:
			s += "、"
		}
		s += fmt.Sprint(x)
	}
	return s
}

// readPage takes the characters and the drawn lines of a page.
func readPage(engine pdfium.Pdfium, file references.FPDF_DOCUMENT, i int) (p *pdfPage, images int, err error) {
	loaded, err := engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: file, Index: i})
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if _, e := engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}); err == nil {
			err = e
		}
	}()
	page := requests.Page{ByReference: &loaded.Page}
	box, err := engine.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return nil, 0, err
	}
	p = &pdfPage{number: i + 1, width: box.Width, height: box.Height}
	// Lines first: they part the text of neighbouring cells.
	objects, err := engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, 0, err
	}
	for k := range min(objects.Count, 50_000) { // beyond that it is a drawing
		object, err := engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: k})
		if err != nil {
			return nil, 0, err
		}
		kind, err := engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		if err != nil {
			return nil, 0, err
		}
		switch kind.Type {
		case enums.FPDF_PAGEOBJ_IMAGE:
			images++
		case enums.FPDF_PAGEOBJ_PATH:
			if err := readPath(engine, object.PageObject, p); err != nil {
				return nil, 0, err
			}
		}
	}
	text, err := engine.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return nil, 0, err
	}
	for _, c := range text.Chars {
		at := c.PointPosition
		p.char(c.Text, rect{at.Left, at.Right, min(at.Top, at.Bottom), max(at.Top, at.Bottom)})
	}
	p.endLine()
	return p, images, nil
}

// readPath adds the straight lines of a path that run along an axis.
func readPath(engine pdfium.Pdfium, object references.FPDF_PAGEOBJECT, p *pdfPage) error {
	count, err := engine.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil {
		return err
	}
	if count.Count <= 5 { // a line or a box
		b, err := engine.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
		if err != nil {
			return err
		}
		p.box(rect{float64(b.Left), float64(b.Right), float64(b.Bottom), float64(b.Top)})
		return nil
	}
	matrix, err := engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return err
	}
	m := matrix.Matrix
	var x, y float64
	for i := range min(count.Count, 5000) {
		segment, err := engine.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			return err
		}
		kind, err := engine.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		point, err := engine.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		nx, ny := float64(m.A*point.X+m.C*point.Y+m.E), float64(m.B*point.X+m.D*point.Y+m.F)
		if kind.Type == enums.FPDF_SEGMENT_LINETO {
			p.line(rect{min(x, nx), max(x, nx), min(y, ny), max(y, ny)})
		}
		x, y = nx, ny
	}
	return nil
}
