package document

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"
)

var metaCharset = regexp.MustCompile(`(?i)<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)`)

// decodeHTML decodes a page by its byte order mark, its own declaration, or as
// any text. A declaration that the bytes contradict is not believed: pages are
// often saved in another encoding than the one they were served in.
func decodeHTML(data []byte) (string, error) {
	marked := bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if m := metaCharset.FindSubmatch(data[:min(len(data), 4096)]); m != nil && !marked && !utf8.Valid(trimCut(data)) {
		switch name := strings.ToLower(string(m[1])); name {
		case "gb2312", "gbk", "gb18030", "utf-8", "utf8": // DecodeText knows better
		default:
			if enc, err := htmlindex.Get(name); err == nil {
				if text, err := enc.NewDecoder().Bytes(data); err == nil {
					return string(text), nil
				}
			} else if enc, _ := charset.Lookup(name); enc != nil {
				if text, err := enc.NewDecoder().Bytes(data); err == nil {
					return string(text), nil
				}
			}
		}
	}
	return DecodeText(data)
}

// readHTML reads a web page. Of a page of a site the navigation around the
// content is left out.
func readHTML(ctx context.Context, data []byte, limits Limits) (*Document, error) {
	text, err := decodeHTML(data)
	if err != nil {
		return nil, err
	}
	if strings.Count(text, "<") > 2*(limits.Cells+limits.Blocks) {
		return nil, tooMuch("的标签太多，没有读取。请只保存正文部分后再试")
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, damaged(err, "网页标签，常见原因是嵌套过深")
	}
	doc := &Document{Format: string(KindHTML)}
	if t := find(root, atom.Title); t != nil {
		doc.Title = collapse(rawText(t))
	}
	w := &htmlWalker{ctx: ctx, budget: budget{limits: limits}, weigh: map[*html.Node]weight{}}
	if err := w.clean(root, 0); err != nil {
		return nil, err
	}
	body := find(root, atom.Body)
	if body == nil {
		body = root
	}
	w.measure(body)
	removed := w.prune(body)
	f := &flow{w: w}
	f.container(body, look{})
	f.end()
	if f.err != nil {
		return nil, f.err
	}
	before := len(f.blocks)
	doc.Blocks = w.main(f, body, doc.Title)
	if removed || len(doc.Blocks) < before {
		doc.Notes = append(doc.Notes, Note{Text: "已去掉网页上正文以外的导航、链接和页脚。如有缺漏，请把正文另存为 Word 后再上传"})
	}
	return doc, nil
}

func find(n *html.Node, tag atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.DataAtom == tag && c.Namespace == "" {
			return c
		}
	}
	return nil
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// collapse turns runs of white space into one space, as a browser does; an end
// of line between two Han characters is no space at all.
func collapse(s string) string {
	var b strings.Builder
	var before rune
	gap, line := false, false
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f':
			gap, line = true, line || r == '\n'
			continue
		case '\u00a0':
			r = ' '
		case '\u200b', '\ufeff':
			continue
		}
		if gap && b.Len() > 0 && !(line && wide(before) && wide(r)) {
			b.WriteByte(' ')
		}
		gap, line, before = false, false, r
		b.WriteRune(r)
	}
	return trim(b.String())
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF || strings.ContainsRune("“”‘’—…", r)
}

// weight is how much text a node holds and what kind.
type weight struct {
	text  int // visible characters
	link  int // those inside links
	marks int // 。；， and the like: the signs of running text
}

type htmlWalker struct {
	budget
	ctx   context.Context
	weigh map[*html.Node]weight
}

var hiddenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)

// clean removes what is never shown.
func (w *htmlWalker) clean(n *html.Node, depth int) error {
	if depth > w.limits.Depth {
		return tooDeep(w.limits.Depth)
	}
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && unseen(c) {
			n.RemoveChild(c)
		} else if err := w.clean(c, depth+1); err != nil {
			return err
		}
		c = next
	}
	return nil
}

func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Del, atom.Rt, atom.Rp, atom.Iframe, atom.Object, atom.Embed, atom.Select,
		atom.Button, atom.Input, atom.Textarea, atom.Svg, atom.Canvas, atom.Video, atom.Audio, atom.Map, atom.Link, atom.Meta:
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && hiddenStyle.MatchString(a.Val) {
			return true
		}
	}
	return false
}

// measure weighs every node.
func (w *htmlWalker) measure(n *html.Node) weight {
	var sum weight
	if n.Type == html.TextNode {
		for _, r := range n.Data {
			if !unicode.IsSpace(r) {
				sum.text++
			}
			if strings.ContainsRune("。；，、：", r) {
				sum.marks++
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s := w.measure(c)
		sum.text, sum.link, sum.marks = sum.text+s.text, sum.link+s.link, sum.marks+s.marks
	}
	if n.DataAtom == atom.A && value(n, "href") != "" {
		sum.link = sum.text
	}
	w.weigh[n] = sum
	return sum
}

func value(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

var aside = regexp.MustCompile(`(?i)(^|[-_\s])(nav|navbar|navi|menu|topnav|subnav|footer|foot|header|top|topbar|breadcrumb|crumbs?|sidebar|aside|share|bdsharebuttonbox|copyright|friendlink|links|pagination|pager|toolbar|search|login|banner|qrcode|position|location)($|[-_\s\d])`)

// prune removes navigation: boxes that are nearly all links or are called so and
// hold no running text. A table of several rows is never removed.
func (w *htmlWalker) prune(n *html.Node) bool {
	removed := false
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode {
			if w.navigation(c) {
				n.RemoveChild(c)
				removed = true
			} else {
				removed = w.prune(c) || removed
			}
		}
		c = next
	}
	return removed
}

func (w *htmlWalker) navigation(n *html.Node) bool {
	s := w.weigh[n]
	switch n.DataAtom {
	case atom.Div, atom.Ul, atom.Ol, atom.Section, atom.Td, atom.Dl, atom.Center, atom.Form, atom.Table, atom.Li:
	case atom.Nav, atom.Footer, atom.Aside, atom.Header:
		return !hasTable(n) && (n.DataAtom != atom.Header || find(n, atom.H1) == nil) && s.marks < 20
	default:
		return false
	}
	if s.text == 0 || hasTable(n) {
		return false
	}
	links := s.link*10 >= s.text*7
	switch {
	case n.DataAtom == atom.Li || n.DataAtom == atom.Td:
		return false
	case links && s.text >= 12 && s.marks*20 < s.text && countLinks(n) >= 3:
		return true
	}
	if aside.MatchString(value(n, "class") + " " + value(n, "id")) {
		return s.marks*25 < s.text && s.text < 600 && (s.link*10 >= s.text*3 || s.text < 40 && find(n, atom.H1) == nil)
	}
	return false
}

func countLinks(n *html.Node) int {
	count := 0
	for c := range n.Descendants() {
		if c.DataAtom == atom.A && value(c, "href") != "" {
			count++
		}
	}
	return count
}

// hasTable reports whether n is or holds a table of several rows and columns that is data.
func hasTable(n *html.Node) bool {
	if n.DataAtom == atom.Table && dataTable(n) {
		return true
	}
	for c := range n.Descendants() {
		if c.DataAtom == atom.Table && dataTable(c) {
			return true
		}
	}
	return false
}

func dataTable(n *html.Node) bool {
	if find(n, atom.Table) != nil {
		return false
	}
	rows := 0
	for _, tr := range tableRows(n) {
		filled := 0
		for _, td := range rowCells(tr) {
			if !blank(rawText(td)) && countLinks(td) == 0 {
				filled++
			}
		}
		if filled > 1 {
			rows++
		}
	}
	return rows >= 2
}

// tableRows are the table's own rows, not those of tables inside it.
func tableRows(n *html.Node) []*html.Node {
	var rows []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			rows = append(rows, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			rows = append(rows, tableRows(c)...)
		}
	}
	return rows
}

func rowCells(n *html.Node) []*html.Node {
	var cells []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, c)
		}
	}
	return cells
}

// look is what a node inherits.
type look struct {
	bold, center bool
	heading      int
	pre          bool
	noTable      bool // inside a table's cell: tables are flattened
}

// flow gathers blocks in reading order.
type flow struct {
	w      *htmlWalker
	blocks []Block
	nodes  []*html.Node // where each block began
	text   strings.Builder
	at     *html.Node
	look   look
	seen   bool
	light  bool
	number string // waiting for the first text of a list item
	err    error
}

// end closes the present paragraph.
func (f *flow) end() {
	raw := f.text.String()
	f.text.Reset()
	text := collapse(raw)
	if f.look.pre {
		text = strings.TrimRight(raw, " \t\r\n")
	}
	if text != "" {
		f.push(Block{Para: &Paragraph{
			Text: text, Number: f.number, Heading: f.look.heading, Center: f.look.center, Bold: f.seen && !f.light,
		}}, f.at)
		f.number = ""
	}
	f.seen, f.light, f.at = false, false, nil
}

func (f *flow) push(b Block, at *html.Node) {
	if f.err == nil {
		f.err = f.w.block()
	}
	if f.err == nil {
		f.blocks, f.nodes = append(f.blocks, b), append(f.nodes, at)
	}
}

func (f *flow) container(n *html.Node, l look) {
	list := 0
	for c := n.FirstChild; c != nil && f.err == nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			f.write(c, l)
		case html.ElementNode:
			f.element(c, l, &list, n)
		}
	}
}

func (f *flow) write(n *html.Node, l look) {
	if l.pre {
		for i, line := range splitLines(n.Data) {
			if i > 0 {
				f.end()
			}
			f.begin(n, l)
			f.text.WriteString(line)
		}
		return
	}
	if !blank(n.Data) {
		f.begin(n, l)
		f.seen = true
		f.light = f.light || !l.bold
	}
	f.text.WriteString(n.Data)
}

// begin notes where the paragraph starts and what it looks like.
func (f *flow) begin(n *html.Node, l look) {
	if f.at == nil {
		f.at, f.look = n, l
	}
}

func (f *flow) element(n *html.Node, l look, list *int, parent *html.Node) {
	l = inherit(n, l)
	switch n.DataAtom {
	case atom.Br:
		f.end()
	case atom.Table:
		f.end()
		f.table(n, l)
	case atom.Hr:
		f.end()
	case atom.Li:
		f.end()
		if parent.DataAtom == atom.Ol && !strings.Contains(strings.ReplaceAll(value(parent, "style"), " ", ""), "list-style:none") {
			f.number = listNumber(n, parent, list)
		}
		f.container(n, l)
		f.end()
		f.number = ""
	case atom.Td, atom.Th: // of a table that is only layout
		f.end()
		f.container(n, l)
		f.end()
	default:
		if !blockTag(n.DataAtom) {
			f.container(n, l)
			return
		}
		f.end()
		f.container(n, l)
		f.end()
	}
}

func listNumber(li, ol *html.Node, list *int) string {
	if *list == 0 {
		if start, err := strconv.Atoi(value(ol, "start")); err == nil {
			*list = start - 1
		}
	}
	*list++
	if v, err := strconv.Atoi(value(li, "value")); err == nil {
		*list = v
	}
	format := map[string]string{"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}[value(ol, "type")]
	if strings.Contains(value(ol, "style"), "cjk-ideographic") || strings.Contains(value(ol, "style"), "chinese") {
		return FormatNumber(*list, "chineseCountingThousand") + "、"
	}
	return FormatNumber(*list, format) + "."
}

func blockTag(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd,
		atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Nav, atom.Aside, atom.Blockquote, atom.Pre,
		atom.Center, atom.Form, atom.Fieldset, atom.Figure, atom.Figcaption, atom.Address, atom.Tr, atom.Tbody, atom.Thead,
		atom.Tfoot, atom.Caption, atom.Details, atom.Summary, atom.Body, atom.Html, atom.Legend:
		return true
	}
	return false
}

var (
	centered = regexp.MustCompile(`(?i)text-align\s*:\s*center`)
	aligned  = regexp.MustCompile(`(?i)text-align\s*:`)
	boldness = regexp.MustCompile(`(?i)font-weight\s*:\s*(bold|[6-9]00)`)
	lightly  = regexp.MustCompile(`(?i)font-weight\s*:\s*(normal|[1-5]00)`)
	preStyle = regexp.MustCompile(`(?i)white-space\s*:\s*pre`)
)

func inherit(n *html.Node, l look) look {
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Th:
		l.bold = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		l.heading = int(n.Data[1] - '0')
		l.bold = true
	case atom.Center:
		l.center = true
	case atom.Pre:
		l.pre = true
	case atom.Td:
		l.center = false
	}
	style := value(n, "style")
	switch align := value(n, "align"); {
	case centered.MatchString(style), align == "center" && !aligned.MatchString(style) && n.DataAtom != atom.Table:
		l.center = true
	case aligned.MatchString(style), align != "" && n.DataAtom != atom.Table:
		l.center = false
	}
	if boldness.MatchString(style) {
		l.bold = true
	} else if lightly.MatchString(style) {
		l.bold = false
	}
	if preStyle.MatchString(style) {
		l.pre = true
	}
	return l
}

// layout reports whether a table only places other things: it has one filled
// cell, or one filled cell a row around other tables, or most of its text stands
// in tables of several rows inside it.
func (f *flow) layout(n *html.Node) bool {
	if value(n, "role") == "presentation" {
		return true
	}
	rows := tableRows(n)
	filled, most := 0, 0
	for _, tr := range rows {
		here := 0
		for _, td := range rowCells(tr) {
			if !blank(rawText(td)) {
				here++
			}
		}
		filled += here
		most = max(most, here)
	}
	if filled <= 1 {
		return true
	}
	inner := 0
	for c := range n.Descendants() {
		if c.DataAtom == atom.Table && outermost(c, n) {
			inner += len([]rune(rawText(c)))
		}
	}
	if inner == 0 {
		return false
	}
	return most <= 1 || inner*2 >= len([]rune(rawText(n)))
}

// outermost reports whether no table stands between c and n.
func outermost(c, n *html.Node) bool {
	for p := c.Parent; p != nil && p != n; p = p.Parent {
		if p.DataAtom == atom.Table {
			return false
		}
	}
	return true
}

func (f *flow) table(n *html.Node, l look) {
	l.center = false
	if l.noTable || f.layout(n) {
		f.container(n, l)
		f.end()
		return
	}
	rows := tableRows(n)
	t := &Table{Rows: len(rows), Merges: true}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Caption {
			t.Name = collapse(rawText(c))
		}
	}
	var until []int // by column: first row that no cell from above covers
	for r, tr := range rows {
		col := 0
		for _, td := range rowCells(tr) {
			for col < len(until) && until[col] > r {
				col++
			}
			down, right := span(value(td, "rowspan"), len(rows)-r), span(value(td, "colspan"), f.w.limits.Cols+1)
			if value(td, "rowspan") == "0" {
				down = len(rows) - r
			}
			if f.err == nil {
				f.err = f.w.cell(col + right)
			}
			if f.err != nil {
				return
			}
			for len(until) < col+right {
				until = append(until, 0)
			}
			for k := col; k < col+right; k++ {
				if until[k] > r { // a span that would cover a cell from above ends before it
					right = k - col
					break
				}
				until[k] = r + down
			}
			inner := &flow{w: f.w}
			lc := inherit(td, inherit(tr, look{noTable: true, bold: l.bold}))
			inner.container(td, lc)
			inner.end()
			if inner.err != nil {
				f.err = inner.err
				return
			}
			cell := Cell{Row: r, Col: col, RowSpan: down, ColSpan: right, Header: td.DataAtom == atom.Th || tr.Parent.DataAtom == atom.Thead}
			for _, b := range inner.blocks {
				cell.Paras = append(cell.Paras, *b.Para)
			}
			t.Cells = append(t.Cells, cell)
			col += right
			t.Cols = max(t.Cols, col)
		}
	}
	if len(t.Cells) > 0 {
		f.push(Block{Table: t}, n)
	}
}

// span reads a rowspan or colspan between 1 and most.
func span(s string, most int) int {
	n, err := strconv.Atoi(trim(s))
	if err != nil || n < 1 {
		return 1
	}
	return max(1, min(n, most))
}

// main cuts the content out of the blocks of a page: from the title to the end
// of the densest box. Tables of several rows outside it are kept.
func (w *htmlWalker) main(f *flow, body *html.Node, title string) []Block {
	box := body
	total := w.measure(body) // again: navigation is gone
	if total.text < 400 {
		return f.blocks
	}
	for {
		var best *html.Node
		for c := box.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (blockTag(c.DataAtom) || c.DataAtom == atom.Table || c.DataAtom == atom.Td) && (best == nil || w.density(c) > w.density(best)) {
				best = c
			}
		}
		if best == nil || w.density(best)*100 < w.density(box)*85 || best.DataAtom == atom.P {
			break
		}
		if best.DataAtom == atom.Table && !f.layout(best) || best.DataAtom == atom.Tr && box.DataAtom != atom.Table && !f.layout(tableOf(best)) {
			break
		}
		box = best
	}
	first, last := -1, -1
	for i, n := range f.nodes {
		if inside(n, box) || f.blocks[i].Table != nil && f.blocks[i].Table.Rows > 2 && f.blocks[i].Table.Cols > 1 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return f.blocks
	}
	// The title usually stands in a box of its own above the text.
	for i := first - 1; i >= 0; i-- {
		if p := f.blocks[i].Para; p != nil && isTitle(p, title) {
			for first = i; first > 0 && f.blocks[first-1].Para != nil && isTitle(f.blocks[first-1].Para, title); {
				first-- // a title on several lines
			}
			break
		}
	}
	return f.blocks[first : last+1]
}

func tableOf(n *html.Node) *html.Node {
	for n.DataAtom != atom.Table && n.Parent != nil {
		n = n.Parent
	}
	return n
}

// density is the worth of a box: text outside links, running text counted more.
func (w *htmlWalker) density(n *html.Node) int {
	s := w.weigh[n]
	return s.text - s.link + 10*s.marks
}

func inside(n, box *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

// isTitle reports whether a paragraph says what the page's <title> says, or is a
// main heading.
func isTitle(p *Paragraph, title string) bool {
	text := squeeze(p.Text)
	n := utf8.RuneCountInString(text)
	if n < 4 {
		return false
	}
	return p.Heading == 1 || n >= 8 && strings.Contains(squeeze(title), text) || (p.Heading == 2 || p.Center) && n >= 8
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
