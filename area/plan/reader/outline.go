package reader

import (
	"regexp"
	"strings"
)

// draft is a measure while it is read.
type draft struct {
	row    int
	mark   mark
	text   text
	under  text
	note   *note
	table  bool // its units stood in columns
	asked  bool // the table has columns for units
	merges bool // the file records merged cells: empty is empty
	below  bool // its note stood on a line of its own
	loose  bool // behind a closed measure, in a paragraph of its own: closing words unless a note follows
	item   *draftItem
	states [3]State // lead, resp, due
	cut    bool
	conf   float64
}

type draftItem struct {
	mark  mark
	title text
	note  *note // behind the heading: holds for all its measures
	from  text  // the paragraph the heading stands in
	alone bool  // the heading is a paragraph of its own
	ms    []*draft
}

type draftSection struct {
	mark  mark
	title text
	note  *note
	items []*draftItem
	from  text // the paragraph the heading stands in
	plan  bool // another plan of the file begins with it
}

// builder puts sections, items and measures together in reading order.
type builder struct {
	src      sources
	sections []*draftSection
	all      []*draft // in reading order
	row      int
	layouts  []string
	notes    []string
	rest     []left
	// tails are notes on lines of their own, and the measures before them that
	// had none: they may speak for the whole block.
	tails     []tail
	declared  bool  // the letter or preamble says that the first-named unit leads
	ended     *bool // the document ends with a complete sentence; nil when unknown
	fragment  bool  // it ends with a scrap of a line
	signed    bool  // a signature, a date or a page's foot stands behind it
	hasTable  bool  // a plan's table was read
	ran       bool  // line breaks had been lost: headings may run into the text
	lastTable bool  // its last part is a table
	several   bool  // the file holds more than one plan, and that was said
}

type left struct {
	text text
	why  string
}

type tail struct {
	note   *note
	before []*draft
}

func (b *builder) layout(name string) {
	for _, l := range b.layouts {
		if l == name {
			return
		}
	}
	b.layouts = append(b.layouts, name)
}

func (b *builder) section(m mark, title text) *draftSection {
	s := &draftSection{mark: m, title: heading(title)}
	b.sections = append(b.sections, s)
	return s
}

// current is the section that is open, made without a title when there is none.
func (b *builder) current() *draftSection {
	if len(b.sections) == 0 {
		b.section(mark{}, text{})
	}
	return b.sections[len(b.sections)-1]
}

func (b *builder) item(m mark, title, from text) *draftItem {
	s := b.current()
	it := &draftItem{mark: m, title: heading(title), from: from}
	s.items = append(s.items, it)
	return it
}

// place is the item that is open, made without a title when there is none.
func (b *builder) place() *draftItem {
	s := b.current()
	if len(s.items) == 0 {
		s.items = append(s.items, &draftItem{})
	}
	return s.items[len(s.items)-1]
}

func (b *builder) measure(m mark, t text) *draft {
	it := b.place()
	d := &draft{mark: m, text: t.trim(), item: it, conf: 1}
	it.ms = append(it.ms, d)
	b.all = append(b.all, d)
	return d
}

// heading is a title without its closing mark and spaces.
func heading(t text) text {
	return t.words().trimAny("。;:,、")
}

// splitHeading cuts the heading off a numbered paragraph: （一）标题。正文.
func splitHeading(t text, loose bool) (title, rest text) {
	t = t.trim()
	if loose {
		if n := generalTitle(t); n > 0 && n < t.len() && !strings.ContainsRune("。;,:、和及与", t.fold[n]) {
			return t.sub(0, n), t.from(n)
		}
	}
	depth := 0
	colon := -1
	for i, r := range t.fold {
		switch {
		case opens(r) || r == '“' || r == '《':
			depth++
		case closes(r) || r == '”' || r == '》':
			depth = max(depth-1, 0)
		case depth > 0:
		case r == '\n':
			return t.sub(0, i), t.from(i + 1).trim()
		case r == '。' || r == ';' && i < 40:
			if i > 70 {
				return text{}, t
			}
			return t.sub(0, i), t.from(i + 1).trim()
		case r == '一' && i >= 4 && i <= 40 && t.has("一是", i) && !strings.ContainsRune("统唯第同单专", t.fold[i-1]):
			return t.sub(0, i), t.from(i)
		case r == ':' && colon < 0 && i >= 3 && i <= 25 && t.len()-i > 20:
			colon = i
		case r == ' ' && i >= 4 && i <= 40 && !isDigit(t.fold[i-1]) && t.len()-i > 15 && (loose || t.fold[i+1] == ' '):
			return t.sub(0, i), t.from(i + 1).trim()
		}
	}
	if colon > 0 && t.len() > 40 {
		return t.sub(0, colon), t.from(colon + 1).trim()
	}
	if t.len() > 90 {
		return text{}, t
	}
	return t, text{}
}

// general are titles of parts that ask nothing of a unit by themselves.
var general = regexp.MustCompile(`^(总体要求|总体目标|总体思路|总体安排|指导思想|基本原则|工作原则|工作思路|工作目标|主要目标|发展目标|目标任务|目标要求|总体要求和主要目标|总体要求与目标|实施目标|重要意义|背景|适用范围|实施范围|工作要求|有关要求|相关要求|几点要求|工作步骤|实施步骤|进度安排|时间安排|附则|其他|其他事项|有关说明|(?:全面|切实|进一步|持续)?(?:加强|强化|完善|抓好|狠抓)?(?:组织(?:领导|保障|实施)|(?:工作|实施)保障|保障措施|工作落实))`)

// opening are general titles that never hold measures, also where no unit is
// named at all.
var opening = regexp.MustCompile(`^(总体要求|总体目标|总体思路|指导思想|基本原则|工作原则|工作思路|工作目标|主要目标|发展目标|目标要求|重要意义|适用范围|实施范围|目的意义)`)

var taskTitle = regexp.MustCompile(`^(工作任务|主要任务|重点任务|工作内容|主要内容|重点工作|工作措施|主要措施|任务分工|主要工作|工作重点|重点内容)`)

// generalTitle returns how many runes at the start of t are such a title, for
// documents whose headings run into the text.
func generalTitle(t text) int {
	s := t.folded()
	for _, re := range []*regexp.Regexp{opening, general, taskTitle} {
		if m := re.FindString(s); m != "" {
			return len([]rune(m))
		}
	}
	return 0
}

func isGeneral(t text) bool {
	s, _, _ := strings.Cut(t.tight(), ",") // 加强组织领导，确保…
	m := general.FindString(s)
	return m != "" && len([]rune(s)) <= len([]rune(m))+6
}

func isOpening(t text) bool {
	s := t.tight()
	m := opening.FindString(s)
	return m != "" && len([]rune(s)) <= len([]rune(m))+8
}

// joined text for outputs: lines of one paragraph that was broken.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "") }
