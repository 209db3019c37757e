package reader

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

// column is one column of a plan's table. A virtual column is one that the
// header does not name but that may stand there: a number, a numbered title.
type column struct {
	role    role
	virtual bool
	head    text
	titled  bool // a measure column beside a column of titles
	merged  bool // its cell may have been merged into the one above
	second  bool // a second column for units of the same kind: the city's and one's own
}

// trait is what a cell looks like.
type trait struct {
	n        int
	level    level   // of its number
	digits   bool    // nothing but a number
	none     bool    // —
	due      bool    // a deadline
	unit     float64 // a list of units, 0–1
	group    bool    // begins with 各: hardly a unit that leads
	sentence bool
	person   bool
	done     bool // how far it is: 正在推进
	title    bool // short, no sentence
	closed   bool // ends with 。
}

func traits(t text) trait {
	s := t.tight()
	n := len([]rune(s))
	tr := trait{n: n, none: nothing(s)}
	if m, ok := t.trim().number(0); ok {
		tr.level = m.level
	}
	tr.digits = n > 0 && n <= 5 && strings.Trim(s, "0123456789.、()-") == "" && strings.ContainsAny(s, "0123456789") ||
		n <= 3 && n > 0 && hanNumber([]rune(s)) > 0
	if tr.digits {
		return tr
	}
	tr.done = n < 12 && doneCell.MatchString(s)
	tr.group = strings.HasPrefix(s, "各")
	tr.due, tr.closed = looksDue(t), strings.HasSuffix(s, "。")
	body := strings.TrimRight(s, "。;,")
	tr.sentence = strings.ContainsAny(body, "。;") || n > 45
	tr.title = n <= 45 && !strings.ContainsAny(body, "。;")
	list := strings.Count(body, "、")+strings.Count(body, ",") > 1 && !strings.ContainsAny(body, "。;") // it may be long, and end with 。
	if tr.level == plain && n <= 400 && (list || !(tr.sentence && strings.HasSuffix(s, "。") && !strings.Contains(s, "负责") && !strings.Contains(s, "牵头") && !strings.Contains(s, "配合"))) {
		tr.unit = unitness(t.whole())
	}
	tr.person = n >= 2 && n <= 4 && !isName(s) || n <= 24 && peopleList(s)
	return tr
}

// whole is t without a bracket that the file's end left open: 区民政局（区老.
func (t text) whole() text {
	for i, r := range t.fold {
		if opens(r) && t.closing(i) < 0 && i > 2 {
			return t.sub(0, i)
		}
	}
	return t
}

// doneCell is what stands in a column for progress.
var doneCell = regexp.MustCompile(`^(已|未|正在|正|基本|部分|全部)?(完成|推进|办理|办结|实施|进行|启动|达标|落实|开展)中?$`)

// peopleList reports whether s is a list of personal names of 2–4 characters.
func peopleList(s string) bool {
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == '、' || r == ',' || r == ' ' || r == '\n' }) {
		p = strings.TrimSuffix(strings.TrimSuffix(p, "同志"), "副主任")
		if n := len([]rune(p)); n < 2 || n > 4 || isName(p) {
			return false
		}
	}
	return s != ""
}

// fit says how well a cell fits a column; negative is a misfit.
func (c column) fit(tr trait) float64 {
	if tr.done {
		switch c.role {
		case progress, remark:
			return 2
		case due:
			return 0
		}
		return -4
	}
	switch c.role {
	case serial:
		if tr.digits {
			return 4
		}
		return -9
	case section, item:
		switch {
		case c.role == item && tr.level == paren && tr.title, tr.level == chinese && tr.title:
			return 3
		case c.virtual && tr.level == plain, tr.digits, tr.none:
			return -7
		case c.role == item && !c.virtual && tr.level == arabic && tr.title && !tr.closed && tr.n <= 30:
			return 1.8 // 14.改扩建中心学校, before a cell that says how
		case tr.level == paren || tr.level == chinese:
			return 2
		case tr.due:
			return -2
		case tr.unit >= 0.9:
			return -1.5
		case tr.sentence:
			return -1
		}
		if c.virtual {
			return -4
		}
		return 1.5
	case measure:
		switch {
		case tr.digits, tr.none:
			return -6
		case c.titled && tr.title && (tr.level == paren || tr.level == chinese):
			return -3
		case tr.unit >= 0.9 && tr.level == plain:
			return -2.5
		case c.titled && tr.level == arabic && tr.title && !tr.closed && tr.n <= 30:
			return 1.5
		case tr.due && tr.level == plain:
			return -2
		case tr.sentence, tr.level >= arabic:
			return 3
		}
		return 1
	case lead, resp:
		switch {
		case tr.none:
			return 2
		case tr.digits:
			return -6
		case tr.level != plain:
			return -5
		case tr.due && tr.unit < 0.9:
			return -3
		case tr.unit >= 0.8 && tr.group && c.role == lead:
			return 2.5
		case tr.unit >= 0.8:
			return 3
		case tr.unit >= 0.5:
			return 2
		case tr.sentence:
			return -6
		case tr.n <= 12:
			return -0.5
		}
		return -3
	case due:
		switch {
		case tr.due:
			return 3
		case tr.none:
			return 1
		case tr.digits, tr.level != plain:
			return -5
		case tr.sentence:
			return -4
		case tr.unit >= 0.8:
			return -3
		}
		return -0.5
	case person:
		switch {
		case tr.person:
			return 3
		case tr.none:
			return 1
		case tr.n <= 12 && !tr.digits && tr.level == plain:
			return -0.5
		}
		return -5
	}
	if tr.digits {
		return -2
	}
	if tr.unit >= 0.8 {
		return -1
	}
	return -0.3
}

// miss is the cost of a row without this column.
func (c column) miss() float64 {
	if c.virtual {
		return 0
	}
	switch c.role {
	case measure:
		return 4
	case lead, resp:
		switch {
		case c.second:
			return 0.7
		case c.merged:
			return 1.2
		}
		return 1.5
	case due, person:
		return 0.8
	case serial:
		return 0.3
	case section, item:
		return 0.25
	}
	return 0.1
}

// stay is the cost of a further cell in the same column.
func (c column) stay(tr trait, prev text) float64 {
	switch c.role {
	case measure:
		if tr.level >= arabic {
			return 0.1
		}
		return 0.9
	case lead, resp:
		if prev.len() > 0 && strings.ContainsRune("、,", prev.fold[prev.len()-1]) {
			return 0.2
		}
		if c.role == lead {
			return 2.1 // rather the first of those who help than a second who leads
		}
		return 1.8
	}
	return 3
}

const headRow = -1 // the column of a cell that fills a row of its own

// placed is where a cell of a row or stream belongs.
type placed struct {
	col   int  // index of the column, or headRow
	first bool // it starts a row
}

// align gives every cell its column by the cheapest way through the columns
// (Viterbi). at holds the column a cell would have by its position, or -1.
// In a stream rows are not known and may start at any cell; else all cells are
// one row.
func align(cells []text, trs []trait, cols []column, at []int, stream bool) []placed {
	n, k := len(cells), len(cols)
	if n == 0 {
		return nil
	}
	before, after := make([]float64, k+1), make([]float64, k+1)
	for j := 0; j < k; j++ {
		before[j+1] = before[j] + cols[j].miss()
	}
	for j := k - 1; j >= 0; j-- {
		after[j] = after[j+1] + cols[j].miss()
	}
	head := func(tr trait) float64 {
		switch {
		case tr.digits || tr.none:
			return -9
		case (tr.level == chinese || tr.level == paren) && tr.title:
			return 3.2
		case tr.level == arabic && tr.title && tr.n <= 20:
			return -2
		case tr.title && tr.level == plain && tr.n <= 30:
			return -2.6
		}
		return -6
	}
	type step struct {
		score float64
		from  int
		first bool
	}
	// state k is the heading row.
	score := make([][]step, n)
	for i := range cells {
		score[i] = make([]step, k+1)
		for j := 0; j <= k; j++ {
			best := step{math.Inf(-1), -1, true}
			if i == 0 {
				best.score = 0
				if j < k {
					best.score = -before[j]
				} else if !stream && n > 1 {
					best.score = math.Inf(-1)
				}
			} else {
				for a := 0; a <= k; a++ {
					p := score[i-1][a].score
					if math.IsInf(p, -1) {
						continue
					}
					try := func(s float64, first bool) {
						if p+s > best.score {
							best = step{p + s, a, first}
						}
					}
					if a < k && j < k {
						switch {
						case j > a:
							try(-(before[j] - before[a+1]), false)
						case j == a:
							try(-cols[j].stay(trs[i], cells[i-1]), false)
						}
					}
					if stream {
						tail := 0.0
						if a < k {
							tail = after[a+1]
						}
						if j < k {
							try(-tail-before[j]-0.3, true)
						} else {
							try(-tail-0.2, true)
						}
					}
				}
			}
			if j < k {
				best.score += cols[j].fit(trs[i])
				if at != nil && at[i] == j {
					best.score += 2.2
				}
			} else {
				best.score += head(trs[i])
			}
			score[i][j] = best
		}
	}
	best, end := math.Inf(-1), 0
	for j := 0; j <= k; j++ {
		s := score[n-1][j].score
		if j < k && !stream {
			s -= after[j+1]
		} else if j < k {
			s -= after[j+1] / 4 // the file may end here
		}
		if s > best {
			best, end = s, j
		}
	}
	out := make([]placed, n)
	for i := n - 1; i >= 0; i-- {
		out[i] = placed{end, score[i][end].first}
		if end == k {
			out[i].col = headRow
		}
		end = score[i][end].from
	}
	return out
}

// resolve turns the roles of a header into columns: the last text column holds
// the measure, the one before it the item, the one before that the section.
func resolve(roles []role, heads []text) []column {
	cols := make([]column, len(roles))
	var texts []int
	seen := map[role]bool{}
	for i, r := range roles {
		cols[i] = column{role: r, head: heads[i]}
		if r.unit() {
			cols[i].second = seen[r]
			seen[r] = true
		}
		if r.text() {
			texts = append(texts, i)
		}
	}
	for i, r := range roles { // 民生实事: what no other name explains is what is to be done
		if len(texts) == 0 && r == none && heads[i].len() > 0 && strings.ContainsFunc(heads[i].folded(), unicode.IsLetter) {
			texts = append(texts, i)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	m := texts[len(texts)-1]
	if roles[m] != measure {
		for k := len(texts) - 1; k >= 0; k-- {
			if roles[texts[k]] == measure {
				m = texts[k]
				break
			}
		}
	}
	if aimWord.MatchString(heads[m].tight()) && len(texts) > 1 && m == texts[len(texts)-1] && roles[m] != measure {
		m = texts[len(texts)-2]
	}
	next := []role{item, section}
	for k := len(texts) - 1; k >= 0; k-- {
		i := texts[k]
		switch {
		case i == m:
			cols[i].role, cols[i].titled = measure, len(texts) > 1
		case i > m:
			cols[i].role = remark
		case len(next) > 0 && !(aimWord.MatchString(heads[i].tight()) && k > 0 && len(texts) > 2):
			cols[i].role, next = next[0], next[1:]
		default:
			cols[i].role = remark
		}
	}
	return cols
}

// virtual adds the columns that a header may leave out.
func virtual(cols []column) []column {
	has := map[role]bool{}
	for _, c := range cols {
		has[c.role] = true
	}
	var out []column
	for i, c := range cols {
		if i == 0 && !has[section] {
			if c.role != serial {
				out = append(out, column{role: serial, virtual: true})
			}
		}
		if (c.role == item || c.role == measure && !has[item]) && !has[section] {
			out = append(out, column{role: section, virtual: true})
			has[section] = true
		}
		if c.role == measure {
			if !has[item] {
				out = append(out, column{role: item, virtual: true})
			}
			if len(out) == 0 || out[len(out)-1].role != serial {
				out = append(out, column{role: serial, virtual: true})
			}
		}
		out = append(out, c)
	}
	return out
}
