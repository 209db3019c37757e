package wording

import (
	"strings"
	"testing"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

var today = calendar.MustParse("2026-11-25")

func find(t *testing.T, c check.Checker, body, day string) []check.Hit {
	t.Helper()
	e, err := check.New(c)
	if err != nil {
		t.Fatal(err)
	}
	text := check.Plain(body)
	text.Today = today
	if day != "" {
		text.Date = calendar.MustParse(day)
	}
	return e.Check(text, check.Gate)
}

// Every entry that comes with the program passes its own examples, and finds each
// of its forms in a neutral sentence where it has no conditions (REV-30).
func TestStandard(t *testing.T) {
	entries, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	words, err := New(entries, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, wrong := range e.Try(today) {
			t.Error(wrong)
		}
		for _, p := range e.Pairs {
			needed := false
			for _, c := range e.When {
				needed = needed || !c.Not
			}
			if needed {
				continue
			}
			text := check.Plain("经研究，" + p.Wrong + "。")
			text.Today = today
			hit := false
			words.Check(text, func(h check.Hit) {
				hit = hit || h.Rule == e.ID && h.Replace == p.Right
			})
			if !hit {
				t.Errorf("%s: %q is not found", e.ID, p.Wrong)
			}
		}
	}
}

func TestWords(t *testing.T) {
	entries, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	words, err := New(entries, []string{"一愁莫展茶馆"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, body, day, want string }{
		{"REV-32 a storm lands", "台风在沿海登陆。", "", ""},
		{"REV-32 a site is logged into", "请登陆网站查询。", "", "登陆→登录"},
		{"REV-33 before a date", "截止6月底，已办结18件。", "", "截止→截至"},
		{"REV-33 before now", "截止目前，已办结18件。", "", "截止→截至"},
		{"REV-33 an end", "报名截止时间为6月30日。6月30日截止。", "", ""},
		{"REV-27 an old name in 2022", "按照国家工商总局要求开展检查。", "2022-06-01", "国家工商总局→国家市场监督管理总局"},
		{"REV-27 an old name that is to do something", "理赔事宜由中国保险监督管理委员会派出机构协调。", "2026-11-18", "中国保险监督管理委员会→国家金融监督管理总局"},
		{"REV-27 an old name in the story of its end", "由中国银行业监督管理委员会、中国保险监督管理委员会整合组建。", "2026-11-18", ""},
		{"REV-27 an old name in its time", "按照国家工商总局要求开展检查。", "2017-06-01", ""},
		{"REV-27 in a title", "《国家工商总局关于企业登记的通知》", "2022-06-01", ""},
		{"REV-27 said to be old", "原国家工商总局印发的文件。", "2022-06-01", ""},
		{"the text's own year decides", "2016年，国家工商总局印发通知。", "", ""},
		{"a law that ended", "依据《合同法》第五十二条办理。", "2022-06-01", "《合同法》→《民法典》"},
		{"a law in its time", "依据《合同法》第五十二条办理。", "2020-06-01", ""},
		{"inside a known name", "一愁莫展茶馆开业。", "", ""},
		{"no hit across words", "公司按装机容量收费，打折除外，各部置换设备，提供献血服务。", "", ""},
	} {
		var got []string
		for _, h := range find(t, words, c.body, c.day) {
			got = append(got, h.Text+"→"+h.Replace)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestPhrases(t *testing.T) {
	p, err := NewPhrases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body, day string
		want            int
	}{
		{"REV-25 whole", "增强“四个意识”（政治意识、大局意识、核心意识、看齐意识）。", "", 0},
		{"REV-25 three of four", "增强“四个意识”，即政治意识、大局意识、看齐意识。", "", 1},
		{"REV-25 another order", "增强大局意识、政治意识、核心意识、看齐意识。", "", 1},
		{"REV-25 one alone", "增强大局意识，主动服务。", "", 0},
		{"a choice", "特别是增强政治意识、大局意识。", "", 0},
		{"REV-26 of its time", "协调推进全面建成小康社会、全面深化改革、全面依法治国、全面从严治党。", "2019-05-01", 0},
		{"REV-26 later", "“四个全面”：全面建成小康社会、全面深化改革、全面依法治国、全面从严治党。", "2023-05-01", 1},
		{"twelve words", "富强、民主、文明、和谐，自由、平等、公正、法治，爱国、敬业、诚信、友善", "", 0},
		{"twelve words, two exchanged", "富强、民主、文明、和谐，自由、公正、平等、法治，爱国、敬业、诚信、友善", "", 1},
		{"plain words", "坚持公开、公正、法治，推动创新、绿色发展。", "", 0},
		{"and the rest", "落实稳就业、稳外贸等六稳任务。", "", 0},
	} {
		if got := find(t, p, c.body, c.day); len(got) != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

// exchanged swaps two neighbours, homophone puts another character that sounds
// the same: what fingers do, made here so that no wrong form stands anywhere.
func exchanged(name string, i int) string {
	r := []rune(name)
	r[i], r[i+1] = r[i+1], r[i]
	return string(r)
}

func TestNames(t *testing.T) {
	n := NewNames([]string{"云溪区人民政府办公室"})
	for name := range n.right {
		r := []rune(name)
		for i := 0; i+1 < len(r); i++ {
			if r[i] == r[i+1] || strings.ContainsRune("“”、", r[i]) {
				continue
			}
			body := "会议在" + exchanged(name, i) + "举行。"
			hits := find(t, n, body, "")
			middle := i == len(r)/2-1 // both halves are hurt: not looked for
			if len(hits) == 0 && !middle && !n.right[exchanged(name, i)] {
				t.Errorf("%s with %d and %d exchanged is not found", name, i, i+1)
			}
			for _, h := range hits {
				if h.Text != "" || strings.Contains(h.Message, exchanged(name, i)) {
					t.Errorf("a hit quotes the wrong form of %s (REV-23)", name)
				}
			}
		}
		if hits := find(t, n, "会议在"+name+"举行。", ""); len(hits) > 0 {
			t.Errorf("%s itself is found", name)
		}
	}
}

func TestPersons(t *testing.T) {
	offices := []Office{
		{Title: "区长", Name: "周文涛", From: calendar.MustParse("2019-01-01"), Until: calendar.MustParse("2021-05-31")},
		{Title: "区长", Name: "林志远", From: calendar.MustParse("2021-06-01")},
		{Title: "区委书记", Name: "周文涛", From: calendar.MustParse("2021-06-01")},
	}
	p := NewPersons(offices)
	for _, c := range []struct{ name, body, day, want string }{
		{"right", "区长林志远主持会议。", "2022-03-01", ""},
		{"behind the name", "会议由林志远区长主持。", "2022-03-01", ""},
		{"REV-23 sounds the same", "区长林志" + "圆" + "主持会议。", "2022-03-01", "S1"},
		{"REV-24 not at that time", "区长周文涛主持会议。", "2022-03-01", "S2"},
		{"REV-24 in its time", "区长周文涛主持会议。", "2020-03-01", ""},
		{"REV-24 said to be former", "时任区长周文涛主持会议。", "2022-03-01", ""},
		{"another office", "区委书记周文涛主持会议。", "2022-03-01", ""},
		{"somebody else", "副区长陈明主持会议。", "2022-03-01", ""},
	} {
		var got []string
		for _, h := range find(t, p, c.body, c.day) {
			got = append(got, h.Rule)
			if h.Rule == RulePerson && h.Text != "" {
				t.Errorf("%s: the hit quotes the text", c.name)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestRegionsAndSessions(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"REV-28 among countries", "来自美国、日本、香港等国家的客商。", 1},
		{"REV-28 with regions", "来自美国、日本、中国香港等国家和地区的客商。", 0},
		{"no countries", "来自香港、澳门的客商。", 0},
	} {
		if got := find(t, NewRegions(), c.body, ""); len(got) != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	for _, c := range []struct {
		body string
		want int
	}{
		{"2022年10月召开的党的二十大", 0},
		{"2021年10月召开的党的二十大", 1},
		{"2023年十四届全国人大一次会议", 0},
		{"2022年3月召开的十四届全国人大一次会议", 1},
		{"2024年7月党的二十届三中全会", 0},
		{"2025年党的二十届三中全会", 1},
		{"到2025年，推进大数据应用。", 0},
	} {
		if got := find(t, Sessions{}, c.body, ""); len(got) != c.want {
			t.Errorf("%s: %+v", c.body, got)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"W1\twording\tconfirm\t既使→即使\t\t\t\t依据", ""},
		{"\twording\tconfirm\t既使→即使\t\t\t\t依据", "缺少规则编号"},
		{"W1\twording\tgrave\t既使→即使\t\t\t\t依据", "级别"},
		{"W1\twording\tconfirm\t\t\t\t\t依据", "个词"},
		{"W1\twording\tconfirm\t既使→既使\t\t\t\t依据", "相同"},
		{"W1\twording\tconfirm\t既使→即使\tregex:(a+)+$\t\t\t依据", "不认识的条件"},
		{"W1\twording\tconfirm\t既使→即使\tnear:\t\t\t依据", "条件near"},
		{"W1\twording\tconfirm\t既使→即使\twithin:9999\t\t\t依据", "within"},
		{"W1\twording\tconfirm\t既使→即使\t\t2020.1.1\t\t依据", "日期"},
		{"W1\twording\tconfirm\t既使→即使\t\t2020-01-01\t2019-01-01\t依据", "止期"},
		{"W1\twording\tconfirm\t既使→即使\t\t\t\t", "依据"},
	} {
		_, err := Parse("本区词表", c.line)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v", c.line, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "第1行")):
			t.Errorf("%q: %v, want %q", c.line, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("W1\twording\tconfirm\t既使→即使\t!next:用 within:3\t2018-03-22\t\t依据\t既使如此。\t")
	f.Add("#\n\n\t\t\t")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Parse("词表", text)
		if err != nil {
			return
		}
		words, err := New(list, nil)
		if err != nil {
			return
		}
		words.Check(check.Plain(text), func(h check.Hit) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("span %d–%d of %d bytes", h.Start, h.End, len(text))
			}
		})
	})
}

func BenchmarkWords(b *testing.B) {
	entries, err := Standard()
	if err != nil {
		b.Fatal(err)
	}
	words, err := New(entries, nil)
	if err != nil {
		b.Fatal(err)
	}
	text := check.Plain(strings.Repeat("各单位要加强统筹协调，按照职责分工做好重大行政决策预公开，及时发布解读信息，回应社会关切，并于月底前报送进展情况。\n", 2000))
	text.Today = today
	text.When()
	b.SetBytes(int64(len(text.Body)))
	for b.Loop() {
		words.Check(text, func(check.Hit) {})
	}
}
