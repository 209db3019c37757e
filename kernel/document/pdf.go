package document

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"unicode"

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

// systemShare holds the machine's fonts, which PDFium asks what letters a file
// means whose own fonts are not in it. It is all of the disk that the sandbox sees.
const systemShare = "/usr/share"

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
	disk := wazero.NewFSConfig() // without one the library lets the sandbox write everywhere
	if _, err := os.Stat(systemShare); err == nil {
		disk = disk.WithReadOnlyDirMount(systemShare, systemShare)
	}
	pool, err := webassembly.Init(webassembly.Config{MaxIdle: 1, MaxTotal: 2, RuntimeConfig: config, FSConfig: disk})
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
	letters, strange := 0, 0
	for i := range count.PageCount {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		page, images, err := readPage(engine, file.Document, i)
		if err != nil {
			return nil, damaged(err, fmt.Sprintf("PDF 第 %d 页", i+1))
		}
		strange += page.strange
		if page.seen == 0 && images > 0 {
			pictures = append(pictures, i+1)
		}
		if letters += page.seen; letters > 40*limits.Blocks {
			return nil, tooManyBlocks(limits.Blocks)
		}
		if err := l.add(page); err != nil {
			return nil, err
		}
	}
	switch {
	case letters == 0 && len(pictures) > 0:
		return nil, refused("是扫描件：各页都是图片，没有文字层，无法读取。请改用原来的 Word 文件，或者先用文字识别（OCR）软件处理后再上传")
	case letters == 0:
		return nil, refused("里没有文字层，无法读取。请改用原来的 Word 文件")
	case strange*3 > letters:
		return nil, refused("的字体没有文字对照表，读出来是乱码。请改用原来的 Word 文件，或者先用文字识别（OCR）软件处理后再上传")
	case len(pictures) > 0:
		doc.Notes = append(doc.Notes, Note{Text: "这些页是图片，没有文字层，没有读取", Where: "第 " + joinInts(pictures) + " 页"})
	}
	return doc, l.write()
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

// readPage takes the letters and the drawn lines of a page.
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
	box, err := engine.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: page})
	if err != nil {
		return nil, 0, err
	}
	p = &pdfPage{number: i + 1, rect: rect{float64(box.Rect.Left), float64(box.Rect.Right), float64(box.Rect.Bottom), float64(box.Rect.Top)}}
	objects, err := engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, 0, err
	}
	d := pdfDrawing{engine: engine, page: p, left: 50_000} // beyond that it is a drawing
	for k := range objects.Count {
		object, err := engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: k})
		if err != nil {
			return nil, 0, err
		}
		if err := d.object(object.PageObject, plainMatrix, 0); err != nil {
			return nil, 0, err
		}
		if d.left <= 0 {
			break
		}
	}
	return p, d.images, readLetters(engine, page, p)
}

// readLetters takes what PDFium found and leaves out the blanks and line ends that
// it made up: where letters stand says more.
func readLetters(engine pdfium.Pdfium, page requests.Page, p *pdfPage) (err error) {
	text, err := engine.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return err
	}
	defer func() {
		if _, e := engine.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage}); err == nil {
			err = e
		}
	}()
	count, err := engine.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return err
	}
	turn, known := 0.0, false // of the stretch of letters that is being read
	for i := range count.Count {
		code, err := engine.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text.TextPage, Index: i})
		if err != nil {
			return err
		}
		r := rune(code.Unicode)
		if r == '\r' || r == '\n' || r == 0 || r == 0xFFFE || r == 0x02 {
			known = false
			continue
		}
		at, err := engine.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text.TextPage, Index: i})
		if err != nil {
			continue // a letter without a place cannot be seen
		}
		if unicode.IsSpace(r) && at.Rect.Left >= at.Rect.Right {
			known = false // it is made up
			continue
		}
		from, err := engine.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text.TextPage, Index: i})
		if err != nil {
			continue
		}
		if !known {
			turn, known = 0, true
			if angle, err := engine.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: text.TextPage, Index: i}); err == nil {
				turn = float64(angle.CharAngle)
			}
		}
		p.letter(r, rect{float64(at.Rect.Left), float64(at.Rect.Right), float64(at.Rect.Bottom), float64(at.Rect.Top)}, from.X, from.Y, turn)
	}
	return nil
}

// pdfDrawing gathers the straight lines of a page.
type pdfDrawing struct {
	engine pdfium.Pdfium
	page   *pdfPage
	left   int // objects that it may still look at
	images int
}

// matrix turns the coordinates of a part into those of the page.
type matrix struct{ a, b, c, d, e, f float64 }

var plainMatrix = matrix{a: 1, d: 1}

func (m matrix) of(x, y float64) (float64, float64) { return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f }

// in is the matrix of a part inside a part: m first, then outer.
func (m matrix) in(o matrix) matrix {
	return matrix{
		m.a*o.a + m.b*o.c, m.a*o.b + m.b*o.d, m.c*o.a + m.d*o.c, m.c*o.b + m.d*o.d,
		m.e*o.a + m.f*o.c + o.e, m.e*o.b + m.f*o.d + o.f,
	}
}

// object looks at one object of a page, and at those inside it.
func (d *pdfDrawing) object(object references.FPDF_PAGEOBJECT, m matrix, depth int) error {
	if d.left--; d.left < 0 || depth > 5 {
		return nil
	}
	kind, err := d.engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil {
		return err
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_IMAGE:
		d.images++
	case enums.FPDF_PAGEOBJ_PATH:
		return d.path(object, m)
	case enums.FPDF_PAGEOBJ_FORM:
		own, err := d.matrix(object)
		if err != nil {
			return err
		}
		count, err := d.engine.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
		if err != nil {
			return err
		}
		for k := range count.Count {
			inner, err := d.engine.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(k)})
			if err != nil {
				return err
			}
			if err := d.object(inner.PageObject, own.in(m), depth+1); err != nil {
				return err
			}
			if d.left <= 0 {
				break
			}
		}
	}
	return nil
}

func (d *pdfDrawing) matrix(object references.FPDF_PAGEOBJECT) (matrix, error) {
	got, err := d.engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return matrix{}, err
	}
	m := got.Matrix
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}, nil
}

// path adds the straight lines of a path that run along an axis.
func (d *pdfDrawing) path(object references.FPDF_PAGEOBJECT, m matrix) error {
	count, err := d.engine.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil {
		return err
	}
	if count.Count <= 5 { // a line or a box
		b, err := d.engine.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
		if err != nil {
			return err
		}
		x0, y0 := m.of(float64(b.Left), float64(b.Bottom))
		x1, y1 := m.of(float64(b.Right), float64(b.Top))
		d.page.box(rect{min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)})
		return nil
	}
	own, err := d.matrix(object)
	if err != nil {
		return err
	}
	m = own.in(m)
	var x, y float64
	for i := range min(count.Count, 5000) {
		segment, err := d.engine.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			return err
		}
		kind, err := d.engine.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		point, err := d.engine.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		nx, ny := m.of(float64(point.X), float64(point.Y))
		if kind.Type == enums.FPDF_SEGMENT_LINETO {
			d.page.line(rect{min(x, nx), max(x, nx), min(y, ny), max(y, ny)})
		}
		x, y = nx, ny
	}
	return nil
}
