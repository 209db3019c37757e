package reader

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// tableDoc makes a document with one table. A cell is "text", "text<3" (three
// columns wide) or "text^2" (two rows high); a place that is covered is left out.
func tableDoc(merges bool, rows ...[]string) *document.Document {
	tab := &document.Table{Merges: merges, Rows: len(rows)}
	taken := map[[2]int]bool{}
	for r, row := range rows {
		c := 0
		for _, s := range row {
			for taken[[2]int{r, c}] {
				c++
			}
			x := document.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1}
			if i := strings.LastIndexAny(s, "<^"); i >= 0 && i == len(s)-2 {
				n := int(s[i+1] - '0')
				if s[i] == '<' {
					x.ColSpan = n
				} else {
					x.RowSpan = n
				}
				s = s[:i]
			}
			for _, p := range strings.Split(s, "\n") {
				x.Paras = append(x.Paras, document.Paragraph{Text: p})
			}
			for i := range x.RowSpan {
				for k := range x.ColSpan {
					taken[[2]int{r + i, c + k}] = true
				}
			}
			tab.Cells = append(tab.Cells, x)
			c += x.ColSpan
			tab.Cols = max(tab.Cols, c)
		}
	}
	return &document.Document{Format: "html", Blocks: []document.Block{{Table: tab}}}
}

// brief writes a reading down: S section, I item, M number text|lead|resp|due.
func brief(r *Reading) string {
	var b strings.Builder
	join := func(in []Name) string {
		var out []string
		for _, n := range in {
			out = append(out, n.Text)
		}
		return strings.Join(out, ";")
	}
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "S %s\n", s.Title)
		for _, it := range s.Items {
			fmt.Fprintf(&b, "I %s\n", it.Title)
			for _, m := range it.Measures {
				fmt.Fprintf(&b, "M %d %s|%s|%s|%s\n", m.Row, oneLine(m.Text), join(m.Lead), join(m.Resp), m.Due.Text)
			}
		}
	}
	return strings.TrimSpace(b.String())
}

func TestTables(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  *document.Document
		want string
	}{
		{"header of two rows", tableDoc(true,
			[]string{"序号^2", "工作任务^2", "责任单位<2", "完成时限^2"},
			[]string{"牵头", "配合"},
			[]string{"一、推进公开<5"},
			[]string{"1", "公开预算。", "县财政局", "各部门", "3月"},
			[]string{"2", "公开决算。", "县财政局", "", "9月"}), `
S 推进公开
I 
M 1 公开预算。|县财政局|各部门|3月
M 2 公开决算。|县财政局||9月`},
		{"merges win over the rule for empty cells", tableDoc(true,
			[]string{"任务", "措施", "牵头单位", "责任单位"},
			[]string{"（一）公开规划^3", "整理历史规划。", "区规划局^2", "区档案馆"},
			[]string{"公开新规划。", ""},
			[]string{"做好解读。", "", "区发改委"}), `
S 
I 公开规划
M 1 整理历史规划。|区规划局|区档案馆|
M 2 公开新规划。|区规划局||
M 3 做好解读。||区发改委|`},
		{"no merges recorded: empty takes the value above in the item", tableDoc(false,
			[]string{"任务", "措施", "牵头单位", "责任单位"},
			[]string{"公开规划", "整理历史规划。", "区规划局", "区档案馆"},
			[]string{"", "公开新规划。", "", ""},
			[]string{"公开预算", "公开部门预算。", "", "各部门"}), `
S 
I 公开规划
M 1 整理历史规划。|区规划局|区档案馆|
M 2 公开新规划。|区规划局|区档案馆|
I 公开预算
M 3 公开部门预算。||各部门|`},
		{"a section under the head that sounds like a head", tableDoc(true,
			[]string{"主要任务", "具体举措", "牵头单位", "责任单位"},
			[]string{"一、推进重点信息公开<4"},
			[]string{"（一）规划信息^2", "整理历史规划。", "区规划局", "区档案馆"},
			[]string{"公开新规划。", "区规划局", "—"}), `
S 推进重点信息公开
I 规划信息
M 1 整理历史规划。|区规划局|区档案馆|
M 2 公开新规划。|区规划局||`},
		{"merges of columns only: empty takes the value above", tableDoc(true,
			[]string{"任务", "措施", "牵头单位", "责任单位"},
			[]string{"一、推进公开<4"},
			[]string{"（一）公开规划", "整理历史规划。", "区规划局", "区档案馆"},
			[]string{"", "公开新规划。", "", "区发改委"}), `
S 推进公开
I 公开规划
M 1 整理历史规划。|区规划局|区档案馆|
M 2 公开新规划。|区规划局|区发改委|`},
		{"a measure beside several rows of units", tableDoc(true,
			[]string{"任务", "措施", "责任单位"},
			[]string{"（一）公开规划^3", "整理历史规划。^2", "区规划局"},
			[]string{"区档案馆"},
			[]string{"公开新规划。", "区规划局"}), `
S 
I 公开规划
M 1 整理历史规划。||区规划局;区档案馆|
M 2 公开新规划。||区规划局|`},
		{"three text columns and people", tableDoc(true,
			[]string{"类别", "重点任务", "具体举措", "责任领导", "责任科室", "备注"},
			[]string{"主动公开^2", "目录管理^2", "1.修订指南。\n2.完善目录。", "张伟", "办公室", "已启动"},
			[]string{"公布目录。", "王芳", "办公室、法规科", ""},
			[]string{"依申请公开", "规范办理", "按期答复。", "王芳", "法规科", ""}), `
S 主动公开
I 目录管理
M 1 修订指南。||办公室|
M 1 完善目录。||办公室|
M 2 公布目录。||办公室;法规科|
S 依申请公开
I 规范办理
M 3 按期答复。||法规科|`},
		{"sheet with a title row and a repeated header", tableDoc(true,
			[]string{"云溪区2024年任务清单<4"},
			[]string{"填报单位：云溪区政府办公室<4"},
			[]string{"序号", "重点任务", "责任单位", "完成时限"},
			[]string{"1", "公布权责清单。", "区委编办", "5月底前"},
			[]string{"序号", "重点任务", "责任单位", "完成时限"},
			[]string{"2", "公布收费目录。", "区发改委\n区财政局", "持续推进"}), `
S 
I 
M 1 公布权责清单。||区委编办|5月底前
M 2 公布收费目录。||区发改委;区财政局|持续推进`},
		{"no header", tableDoc(true,
			[]string{"1", "及时公开重大建设项目批准、核准和实施的有关信息，每季度更新。", "市发展改革委", "年底前"},
			[]string{"2", "做好义务教育招生政策、学区划分和招生结果的公开工作，方便查询。", "市教育局、各县（市、区）政府", "7月底前"},
			[]string{"3", "公开食品抽检结果，及时曝光典型案例，回应群众关心的安全问题。", "市市场监管局", "持续推进"}), `
S 
I 
M 1 及时公开重大建设项目批准、核准和实施的有关信息，每季度更新。||市发展改革委|年底前
M 2 做好义务教育招生政策、学区划分和招生结果的公开工作，方便查询。||市教育局;各县（市、区）政府|7月底前
M 3 公开食品抽检结果，及时曝光典型案例，回应群众关心的安全问题。||市市场监管局|持续推进`},
		{"one row", tableDoc(true,
			[]string{"工作任务", "牵头单位", "责任单位"},
			[]string{"公布年度公开工作要点。", "镇党政办", "各站所"}), `
S 
I 
M 1 公布年度公开工作要点。|镇党政办|各站所|`},
		{"no unit columns", tableDoc(true,
			[]string{"序号", "重点任务", "工作措施"},
			[]string{"1", "加强解读", "重大政策同步解读。（责任单位：各起草单位）"},
			[]string{"2", "加强回应", "及时回应关切。"}), `
S 
I 加强解读
M 1 重大政策同步解读。||各起草单位|
I 加强回应
M 2 及时回应关切。|||`},
		{"heading and text in one cell", tableDoc(true,
			[]string{"工作任务", "责任单位"},
			[]string{"一、推进主动公开<2"},
			[]string{"（一）公开预算。公开部门预算及三公经费。", "市财政局"},
			[]string{"（二）公开项目。公开重大项目。", "市发展改革委"}), `
S 推进主动公开
I 公开预算
M 1 公开部门预算及三公经费。||市财政局|
I 公开项目
M 2 公开重大项目。||市发展改革委|`},
	} {
		r, err := Read(c.doc, Options{Year: 2024})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := brief(r); got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}

// The word processor's own numbering is not in the text.
func TestAutomaticNumbers(t *testing.T) {
	para := func(number, text string) document.Block {
		return document.Block{Para: &document.Paragraph{Number: number, Text: text}}
	}
	r, err := Read(&document.Document{Blocks: []document.Block{
		para("", "云溪区2024年工作要点"),
		para("一、", "推进公开"),
		para("（一）", "公开预算。公开部门预算。（责任单位：区财政局）"),
		para("（二）", "公开项目"),
		para("1.", "公开项目清单。（责任单位：区发改委）"),
		para("2.", "公开项目进展。（责任单位：区发改委）"),
	}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "S 推进公开\nI 公开预算\nM 1 公开部门预算。||区财政局|\nI 公开项目\nM 2 公开项目清单。||区发改委|\nM 3 公开项目进展。||区发改委|"
	if got := brief(r); got != want {
		t.Errorf("got\n%s", got)
	}
	if p := r.Sections[0].Items[0].Measures[0].Places; len(p) != 1 || p[0].Block != 2 || p[0].From != 5 || p[0].To != 12 {
		t.Errorf("places %+v", p)
	}
}

func TestPlaces(t *testing.T) {
	doc := tableDoc(true, []string{"工作任务", "牵头单位"}, []string{"公开预算。", "区财政局、区审计局"})
	r, err := Read(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Sections[0].Items[0].Measures[0]
	if p := m.Lead[1].Places; len(p) != 1 || p[0].Row != 1 || p[0].Col != 1 || p[0].Cell != 3 || p[0].From != 5 || p[0].To != 9 {
		t.Errorf("%+v", p)
	}
}

func TestStates(t *testing.T) {
	r, err := Read(lines("工作任务\t工作措施\t牵头单位\t责任单位\n公开规划\t整理规划。\t区规划局\t—\n\t公开规划。\t\t\n公开预算\t公开预算。\t区财政局\t\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.Measures() {
		got = append(got, string(m.LeadState)+"/"+string(m.RespState))
	}
	if want := []string{"stated/none", "inherited/inherited", "stated/missing"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

type directory map[string]string

func (d directory) Find(name string) []string {
	if k, ok := d[name]; ok {
		return strings.Fields(k)
	}
	return nil
}

func (d directory) Near(name string) []string {
	var out []string
	for k := range d {
		if strings.HasPrefix(k, string([]rune(name)[:2])) {
			out = append(out, k)
		}
	}
	return out
}

func (d directory) Names() (out []string) {
	for k := range d {
		out = append(out, k)
	}
	return out
}

func TestDirectory(t *testing.T) {
	d := directory{"发改委": "fgw", "财政局": "czj", "司法局": "sfj", "区发展改革委": "fgw", "各街道": "j1 j2"}
	r, err := Read(lines("一、公开\n1.公开规划。（责任单位：发改委财政局、各街道）\n2.公开预算。（责任单位：司法局等，区教委、发改委和财政局）"), Options{Directory: d})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.Measures() {
		for _, n := range m.Resp {
			got = append(got, n.Text+"="+strings.Join(n.Units, "+"))
		}
	}
	want := []string{"发改委=fgw", "财政局=czj", "各街道=j1+j2", "司法局=sfj", "区教委=", "发改委和财政局=fgw+czj"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	unknown := false
	for i, q := range r.Doubts {
		if i > 0 && q.Conf < r.Doubts[i-1].Conf {
			t.Error("doubts are not in order")
		}
		unknown = unknown || q.Value == "区教委" && q.What == "责任单位" && q.Why != ""
	}
	if !unknown {
		t.Errorf("the unknown unit is not asked about: %+v", r.Doubts)
	}
}

func TestWrongInput(t *testing.T) {
	for name, doc := range map[string]*document.Document{
		"empty":   {},
		"blank":   lines("\n  \n\t\n"),
		"no plan": lines("天气预报\n今天晴，最高气温二十度。\n明天多云。"),
		"figures": tableDoc(true, []string{"姓名", "得分"}, []string{"张伟", "90"}),
		"letter":  lines("关于印发云溪区2023年政务公开工作要点的通知\n各街道办事处，区政府各部门：\n《云溪区2023年政务公开工作要点》已经区政府同意，现印发给你们，请认真贯彻执行。\n云溪区人民政府办公室\n2023年5月8日"),
	} {
		_, err := Read(doc, Options{})
		if s := fault.Text(err); s == "" || !strings.Contains(s, "请") {
			t.Errorf("%s: %v does not say what to do", name, err)
		}
	}
}

// The title is the plan's own, and the letter's demands are none of its measures.
func TestLetters(t *testing.T) {
	demands := "一、提高认识。各乡镇、各部门要高度重视，明确专人。\n二、抓好落实。各责任单位要细化措施，按时完成。\n"
	plan := "一、推进公开\n1.公开招生政策。（责任单位：县教育局）\n2.公开考试安排。（责任单位：县教育局）"
	for _, c := range []struct {
		text, title string
		letter      int
	}{
		{"云溪县人民政府办公室关于印发《云溪县2024年工作要点》的通知\n各乡镇人民政府：\n《云溪县2024年工作要点》已经县政府同意，现印发给你们，请认真抓好落实。\n" + plan, "云溪县2024年工作要点", 0},
		{"云溪县人民政府办公室关于印发云溪县2024年工作要点任务分工的通知\n各乡镇人民政府：\n现将任务分工印发给你们，并提出如下要求，请一并落实。\n" + demands + plan, "云溪县2024年工作要点任务分工", 2},
		{"关于分解落实2024年工作的通知\n各乡镇人民政府：\n现提出以下要求。\n" + demands + "云溪县人民政府办公室\n2024年3月1日\n" + plan, "关于分解落实2024年工作的通知", 2},
		{"云溪县2024年工作要点\n" + plan, "云溪县2024年工作要点", 0},
		{"云溪县2024年为民实事\n" + plan, "云溪县2024年为民实事", 0},
		{"2024年为民办18件实事\n" + plan, "2024年为民办18件实事", 0},
		{"2024年十大民生实事工作目标\n" + plan, "2024年十大民生实事工作目标", 0},
		{"云溪县2024年民生实事项目\n" + plan, "云溪县2024年民生实事项目", 0},
	} {
		r, err := Read(lines(c.text), Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Title != c.title || len(r.Letter) != c.letter || len(r.Measures()) != 2 {
			t.Errorf("title %q, %d demands, %d measures of\n%s", r.Title, len(r.Letter), len(r.Measures()), c.text)
		}
	}
}

// What a printed page says of itself before the title is no part of it.
func TestLinesThatStandAlone(t *testing.T) {
	for _, c := range []struct {
		last, next string
		want       bool
	}{
		{"(此件公开发布)", "云溪区2024年工作要点", false},
		{"（此件主动公开）", "云溪区2024年工作要点", false},
		{"加强公开（此件公开发布）", "的工作要求", true},
	} {
		if got := carriesOn(newText(c.last, 0), newText(c.next, 0), true, true); got != c.want {
			t.Errorf("%s %s: %v", c.last, c.next, got)
		}
	}
}

func TestLostMarks(t *testing.T) {
	r, err := Read(lines("一、公开\n1.公开预算。（财政部、商务部负责）\n2.公开决算。（审计署、财政部商务部、国务院办公室负责）\n3.公开清单。（国务院、办公室负责）"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := joined(r.Measures()[1].Resp); got != "审计署|财政部|商务部|国务院办公室" {
		t.Error(got)
	}
}

// What is odd but can be read is read, and said.
func TestOddInput(t *testing.T) {
	head := []string{"工作任务", "具体举措", "责任单位"}
	for name, c := range map[string]struct {
		doc      *document.Document
		measures int
		said     string // in a note or a question
	}{
		"a table without units":  {tableDoc(true, []string{"工作任务", "具体举措"}, []string{"公开预算", "按期公开部门预算。"}, []string{"公开决算", "按期公开部门决算。"}), 2, "没有写明"},
		"unit cells left empty":  {tableDoc(true, head, []string{"公开预算", "按期公开部门预算。", ""}), 1, "没有写明"},
		"a table of one row":     {tableDoc(true, head, []string{"公开预算", "按期公开部门预算。", "区财政局"}), 1, ""},
		"a plan without a table": {lines("云溪区2023年政务公开工作要点\n一、公开预算\n1.按期公开部门预算。\n2.按期公开部门决算。"), 2, "没有写明"},
		"numbers twice":          {lines("一、公开\n（一）预算。按期公开。（责任单位：区财政局）\n（一）决算。按期公开。（责任单位：区财政局）"), 2, "编号"},
		"a very long measure":    {lines("一、公开\n1." + strings.Repeat("及时公开有关信息，", 2300) + "。（责任单位：区财政局）\n2.公开预算。（责任单位：区财政局）"), 2, "特别长"},
	} {
		r, err := Read(c.doc, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := strings.Join(r.Notes, "\n")
		for _, d := range r.Doubts {
			said += "\n" + d.What + d.Why
		}
		if n := len(r.Measures()); n != c.measures || !strings.Contains(said, c.said) {
			t.Errorf("%s: %d measures, said %q", name, n, said)
		}
	}
}

func TestSpecialCases(t *testing.T) {
	long := strings.Repeat("及时公开有关信息，", 2300)
	r, err := Read(lines("一、公开\n1."+long+"。（责任单位：区财政局）\n2.公开预算。（责任单位：区财政局）"), Options{})
	if err != nil || len(r.Measures()) != 2 || len(r.Doubts) == 0 {
		t.Errorf("a very long measure: %v", err)
	}
	two := "云溪区2023年工作要点\n一、公开\n1.公开预算。（责任单位：区财政局）\n二、解读\n1.做好解读。（责任单位：区政府办公室）\n云溪区2023年考核方案\n一、考核\n1.开展考核。（责任单位：区政府办公室）\n二、奖惩\n1.通报结果。（责任单位：区政府办公室）"
	r, err = Read(lines(two), Options{})
	if err != nil || len(r.Sections) != 4 || len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "不止一份方案") {
		t.Errorf("two plans: %v %+v", err, r)
	}
	r, err = Read(lines("一、公开\n（一）公开预算。按期公开。（责任单位：区财政局）\n（一）公开决算。按期公开。（责任单位：区财政局）"), Options{})
	if err != nil || len(r.Doubts) != 1 || r.Doubts[0].What != "编号" {
		t.Errorf("duplicate numbers: %v %+v", err, r)
	}
	cited := "一、公开\n1.落实《关于公开工作的通知》（云府办〔2022〕17号），用好“政策问答库”平台和“减税降费”栏目。（责任单位：区财政局）"
	r, err = Read(lines(cited), Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Measures()[0]
	if !reflect.DeepEqual(m.Cited, []Cited{{"关于公开工作的通知", "云府办〔2022〕17号"}}) || !reflect.DeepEqual(m.Quoted, []Quoted{{"政策问答库", "平台"}, {"减税降费", "栏目"}}) {
		t.Errorf("%+v %+v", m.Cited, m.Quoted)
	}
}

func TestTwoPlansInOneFile(t *testing.T) {
	rows := func(words ...string) string {
		out := ""
		for i, w := range words {
			out += fmt.Sprintf("|（%c）推进%s公开|及时公开%s信息。|区财政局|各街道办事处|\n", []rune("一二三")[i], w, w)
		}
		return out
	}
	const head = "|工作任务|贯彻举措|牵头单位|责任单位|\n"
	const first, second = "云溪区2022年政务公开工作要点任务分工\n", "云溪区2023年政务公开工作要点任务分工\n"
	const prose = "（一）公开文件\n1．清理规范性文件。（牵头单位：区司法局）\n2．公开目录。（责任单位：区财政局）\n（二）管好平台\n3．改进栏目。（责任单位：区大数据局）\n"
	cells := func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "|\n|", "\n"), "|", "\n") }
	tabs := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "|\n", "\n"), "\n|", "\n"), "|", "\t")
	}
	table := func(title string, words ...string) []document.Block {
		all := [][]string{{"工作任务", "贯彻举措", "牵头单位", "责任单位"}}
		for i, w := range words {
			all = append(all, []string{fmt.Sprintf("（%c）推进%s公开", []rune("一二三")[i], w), "及时公开" + w + "信息。", "区财政局", "各街道办事处"})
		}
		return append([]document.Block{{Para: &document.Paragraph{Text: title}}}, tableDoc(false, all...).Blocks...)
	}
	titled := func(year int, words ...string) [][]string {
		all := [][]string{{fmt.Sprintf("云溪区%d年政务公开工作要点任务分工<4", year)}, {"工作任务", "贯彻举措", "牵头单位", "责任单位"}}
		for i, w := range words {
			all = append(all, []string{fmt.Sprintf("（%c）推进%s公开", []rune("一二三")[i], w), "及时公开" + w + "信息。", "区财政局", "各街道办事处"})
		}
		return all
	}
	inside := func(year int, words ...string) []document.Block {
		return tableDoc(true, titled(year, words...)...).Blocks
	}
	office := &document.Document{Format: "docx", Blocks: slices.Concat(table("云溪区2022年政务公开工作要点任务分工", "预算", "决算", "权责"), table("云溪区2023年政务公开工作要点任务分工", "预算", "决算"))}
	for _, c := range []struct {
		name     string
		doc      *document.Document
		sections int
		measures int
	}{
		{"tables of an office file", office, 2, 5},
		{"tables with titles inside", &document.Document{Format: "xlsx", Blocks: slices.Concat(inside(2022, "预算", "决算", "权责"), inside(2023, "预算", "决算"))}, 2, 5},
		{"one table with two titles", tableDoc(true, slices.Concat(titled(2022, "预算", "决算", "权责"), titled(2023, "预算", "决算"))...), 2, 5},
		{"tables with |", lines(first + head + rows("预算", "决算", "权责") + second + head + rows("预算", "决算")), 2, 5},
		{"with a number below the title", lines(first + head + rows("预算", "决算", "权责") + "\n" + second + "云溪府办〔2023〕9号\n" + head + rows("预算", "决算")), 2, 5},
		{"a cell a line", lines(first + cells(head+rows("预算", "决算", "权责")) + second + cells(head+rows("预算", "决算"))), 2, 5},
		{"tabs", lines(first + tabs(head+rows("预算", "决算", "权责")) + second + tabs(head+rows("预算", "决算"))), 2, 5},
		{"prose", lines(first + prose + second + prose), 2, 6},
		{"prose behind a table", lines(first + head + rows("预算", "决算") + second + prose), 2, 5},
		{"a table behind prose", lines(first + prose + second + head + rows("预算", "决算")), 2, 5},
	} {
		r, err := Read(c.doc, Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(r.Sections) != c.sections || len(r.Measures()) != c.measures || len(r.Doubts) != 0 {
			t.Errorf("%s: %d sections, %d measures, %+v", c.name, len(r.Sections), len(r.Measures()), r.Doubts)
		}
		if said := strings.Join(r.Notes, "\n"); strings.Count(said, "不止一份方案") != 1 || !strings.Contains(said, "2023年") || !strings.Contains(said, "分别导入") {
			t.Errorf("%s: said %q", c.name, said)
		}
	}
	// The sheets of one plan are one plan.
	sheets := &document.Document{Format: "xlsx", Blocks: slices.Concat(inside(2022, "预算"), inside(2022, "决算"))}
	if r, err := Read(sheets, Options{}); err != nil || strings.Contains(strings.Join(r.Notes, ""), "不止一份") {
		t.Errorf("sheets: %v %+v", err, r)
	}
	// A letter's demands and its plan are one plan, as are the pages of one table.
	for name, s := range map[string]string{
		"letter": "云溪区政府办公室关于印发2022年任务分工的通知\n各街道：\n一、提高认识。各责任单位要高度重视。\n二、加强督查。定期通报。\n云溪区政府办公室\n2022年6月7日\n" + first + head + rows("预算", "决算"),
		"pages":  first + head + rows("预算", "决算") + first + head + "|（三）推进权责公开|及时公开权责信息。|区财政局|各街道办事处|\n",
	} {
		if r, err := Read(lines(s), Options{}); err != nil || strings.Contains(strings.Join(r.Notes, ""), "不止一份") {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
}

func TestSentencesWithoutUnitsAreMeasures(t *testing.T) {
	for s, want := range map[string]int{
		"云溪区2022年工作要点\n（一）公开财政预决算。\n（二）公开权责清单。\n（三）做好解读。":             3,
		"云溪区2022年工作要点\n一、政策公开\n（一）公开财政预决算。\n二、平台建设\n（二）管好网站。":         2,
		"云溪区2022年工作要点\n一、政策公开\n（一）公开财政。\n（二）规范文件公开\n1．公开目录。\n2．公布结果。": 3,
		"云溪区2022年工作要点\n一、公开财政预决算。\n二、公开权责清单。":                         2,
	} {
		r, err := Read(lines(s), Options{})
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		asked := 0
		for _, d := range r.Doubts {
			if d.What == "单位" {
				asked++
			}
		}
		if n := len(r.Measures()); n != want || asked != want {
			t.Errorf("%s: %d measures, %d asked about, want %d", s, n, asked, want)
		}
	}
}

func TestATableOfAPDFWithoutLines(t *testing.T) {
	// As such files are read: line by line over all columns.
	torn := lines("云溪区2022年政务公开工作要点任务分工\n工作任务\n贯彻举措\n牵头单位\n责任单位\n（一）推进预算公\n1．区财政局及时汇\n区财政局\n各街道办事处、区\n开\n总并公开本级政府\n教委\n预算、部门预算以\n（二）推进政策解\n2．对重要政策文件\n区政府办公室\n区司法局、区发展\n读\n及时开展解读。\n改革委")
	torn.Format = "pdf"
	if r, err := Read(torn, Options{}); err == nil || !strings.Contains(fault.Text(err), "框线") || !strings.Contains(fault.Text(err), "原件") {
		t.Errorf("%v %+v", err, r)
	}
	// Beside a table that has lines it is left out, and that is said.
	ruled := tableDoc(true, []string{"工作任务", "贯彻举措", "牵头单位"}, []string{"（一）推进预算公开", "及时公开预算。", "区财政局"})
	ruled.Format, ruled.Blocks = "pdf", append(ruled.Blocks, torn.Blocks...)
	r, err := Read(ruled, Options{})
	if err != nil || len(r.Measures()) != 1 || !strings.Contains(strings.Join(r.Notes, ""), "框线") {
		t.Errorf("beside another: %v %+v", err, r)
	}
	torn.Format = "txt" // a text file is flattened in its own ways
	if _, err := Read(torn, Options{}); err != nil {
		t.Error(err)
	}
}

func TestDiff(t *testing.T) {
	old := []Entry{
		{Item: "甲", Text: "公开部门预算，每年1次。", Lead: []string{"区财政局"}, Due: "3月底前"},
		{Item: "甲", Text: "公开重大建设项目清单及实施情况。", Resp: []string{"区发改委"}},
		{Item: "甲", Text: "建立政务舆情回应台账。"},
		{Item: "乙", Text: "开展业务培训。", Resp: []string{"各街道"}},
	}
	new := []Entry{
		{Item: "甲", Text: "公开部门预算，每年一次", Lead: []string{"区财政局"}, Due: "4月底前"},
		{Item: "乙", Text: "公开重大建设项目清单和实施情况，积极引导预期。", Resp: []string{"区发改委", "区住建委"}},
		{Item: "乙", Text: "开展业务培训。", Resp: []string{"各街道"}},
		{Item: "乙", Text: "配备专职人员。"},
	}
	var got []string
	for _, c := range Diff(old, new) {
		got = append(got, fmt.Sprintf("%s %d→%d moved=%v words=%v due=%v +%v", c.Kind, c.Old, c.New, c.Moved, c.Words, c.Due, c.RespCame))
	}
	want := []string{
		"changed 0→0 moved=false words=true due=true +[]",
		"changed 1→1 moved=true words=true due=false +[区住建委]",
		"removed 2→-1 moved=false words=false due=false +[]",
		"same 3→2 moved=false words=false due=false +[]",
		"added -1→3 moved=false words=false due=false +[]",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func FuzzRead(f *testing.F) {
	f.Add("一、公开\n（一）预算。公开预算。（A牵头，B、C配合，6月底完成）\n责任单位：\n区财政局")
	f.Add("工作任务 | 措施 | 牵头单位 | 责任单位 |\n一、甲 | 1.公开。2.解读。 | 区财政局 | — |\n")
	f.Add("\t任务\n\t措施\n\t责任单位\n\n\t甲\n\t1．公开\n\n2．解读\n\t区财政局区教委等\n")
	f.Add("工作任务\n|\n责任科室\n|\n甲（（【\n|\n办公室\n|||\n")
	f.Add("序号\n主要任务\n责任单位\n1\n公开。\n各科室\n2")
	f.Add("┌──┬──┐\n│任务│责任单位│\n├──┤  │\n│1.公开。│区财政局│\n└──┴──┘")
	f.Add("分解表序号项目名称主要内容分管领导牵头单位配合单位1增加供给实施改扩建3个。张菁教育局高新园（北山镇）各街道2促进就业落实政策。李明人社局")
	f.Add("云府办〔2022〕4号关于印发《要点》的通知各街道：现印发给你们。一、提高认识。各单位要重视。区政府2022年6月7日要点一、公开（一）财政。1.公开预算。（区财政局负责）二、解读（二）解读。1.解读。——区司法局")
	f.Add("任务\t措施\t责任单位\t\n\t\t牵头\t配合\n甲\t1.公开\n2.解读\t区财政局\n区教委\t—\n任务一：公开。\n●牵头：区财政局")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4000 {
			return
		}
		r, err := Read(lines(s), Options{})
		if err != nil {
			if fault.Text(err) == "" {
				t.Fatal(err)
			}
			return
		}
		r.Wire()
		Diff(r.Entries(), r.Entries())
	})
}
