package reader

import (
	"reflect"
	"strings"
	"testing"

	"gongkai/kernel/calendar"
)

func texts(in []written) []string {
	out := []string{}
	for _, w := range in {
		s := w.text.String()
		if w.open {
			s += "+"
		}
		out = append(out, s)
	}
	return out
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		in         string
		def        role
		lead, resp string // joined by |
	}{
		{"区司法局、区财政局", resp, "", "区司法局|区财政局"},
		{"区司法局，区财政局;区教委", resp, "", "区司法局|区财政局|区教委"},
		{"区政府各部门、管委会、街道办事处", resp, "", "区政府各部门、管委会、街道办事处"},
		{"区政府各部门、管委会、街道办事处，区大数据中心", resp, "", "区政府各部门、管委会、街道办事处|区大数据中心"},
		{"区财政局、各街道办事处", resp, "", "区财政局|各街道办事处"},
		{"各县、市、区政府", resp, "", "各县、市、区政府"},
		{"市司法局，各县（市、区）政府、高新区管委会", resp, "", "市司法局|各县（市、区）政府|高新区管委会"},
		{"区政府办公室区司法局", lead, "区政府办公室|区司法局", ""},
		{"县委县政府督查室、县司法局", resp, "", "县委县政府督查室|县司法局"},
		{"市市场监管局市住房城乡建设局市水务局", resp, "", "市市场监管局|市住房城乡建设局|市水务局"},
		{"区卫生健康委、\n\n区政府新闻办", lead, "区卫生健康委|区政府新闻办", ""},
		{"区发展改革委\n区人力社保局", lead, "区发展改革委|区人力社保局", ""},
		{"区政府办公室、区住房城\n乡建设委、区教委", resp, "", "区政府办公室|区住房城乡建设委|区教委"},
		{"市政府办\n公室", resp, "", "市政府办公室"},
		{"办 公 室", resp, "", "办公室"},
		{"市教育局 市民政局", resp, "", "市教育局|市民政局"},
		{"区交通局等", resp, "", "区交通局+"},
		{"商务部、海关总署等有关部门负责", resp, "", "商务部|海关总署等有关部门"},
		{"区商务局牵头，区文旅局、区交通局配合", resp, "区商务局", "区文旅局|区交通局"},
		{"办公室牵头，各科室按职责分工落实", resp, "办公室", "各科室"},
		{"市金融办、潍水银监分局分别牵头落实", resp, "市金融办|潍水银监分局", ""},
		{"县司法局（牵头）、县教育局", resp, "县司法局", "县教育局"},
		{"人力资源社会保障部、财政部，各省级人民政府按职责分工负责", resp, "", "人力资源社会保障部|财政部|各省级人民政府"},
		{"各有关部门，乡镇人民政府按职责分工分别负责。", resp, "", "各有关部门|乡镇人民政府"},
		{"—", resp, "", ""},
		{"区住房城乡建设委（区人防办、区房管局）", resp, "", "区住房城乡建设委（区人防办、区房管局）"},
		{"各街道（功能区）", resp, "", "各街道（功能区）"},
		{"办公室\n财务科\n法规科", resp, "", "办公室|财务科|法规科"},
		{"由县水利局牵头，县应急局参与", resp, "县水利局", "县应急局"},
		{"县水利局为牵头单位", resp, "县水利局", ""},
		{"省直各部门、各单位", resp, "", "省直各部门|各单位"},
		{"县民政局和县财政局、县发展和改革局及县文化和旅游局", resp, "", "县民政局|县财政局|县发展和改革局|县文化和旅游局"},
		{"县民政局及各乡镇", resp, "", "县民政局|各乡镇"},
		{"县委和县政府办公室", resp, "", "县委和县政府办公室"},
		{"各有关部门和单位", resp, "", "各有关部门和单位"},
		{"宣传处会办公室", resp, "", "宣传处|办公室"},
		{"教育局会计核算中心", resp, "", "教育局会计核算中心"},
		{"县教育局\n团县委\n县总工会", resp, "", "县教育局|团县委|县总工会"},
		{"人力资源社会保障部\n等有关部门和\n单位", resp, "", "人力资源社会保障部等有关部门和单位"},
		{"区财政局牵头区教委、各街道配合", resp, "区财政局", "区教委|各街道"},
		{"财政部、海关总署，财政部牵头", resp, "财政部", "海关总署"},
		{"市区两级卫生健康部门", resp, "", "市区两级卫生健康部门"},
		{"省商务厅牵头，各有关部门及各市、县级政府按职责分工负责", resp, "省商务厅", "各有关部门及各市、县级政府"},
		{"县“双随机、一公开”联席会议成员单位、县市场监管局", resp, "", "县“双随机、一公开”联席会议成员单位|县市场监管局"},
		{"市公安局牵头负责，各县〈市、区〉政府、市直各单位按职责完成有关工作", resp, "市公安局", "各县〈市、区〉政府|市直各单位"},
		{"县政府办，县直有关部门、单位", resp, "", "县政府办|县直有关部门、单位"},
		{"各县（市）、区政府，市直各单位", resp, "", "各县（市）、区政府|市直各单位"},
		{"县工信局、县财政局牵头并按职责分工负责，各乡镇落实", resp, "县工信局|县财政局", "各乡镇"},
		{"省公安厅，各市〔州〕、县〔市、区、特区〕人民政府", resp, "", "省公安厅|各市〔州〕、县〔市、区、特区〕人民政府"},
		{"省公安厅，各市（自治州）、县（市、区）政府", resp, "", "省公安厅|各市（自治州）、县（市、区）政府"},
		{"省法院，各市〔州〕、县〔市、区〕人民法院", resp, "", "省法院|各市〔州〕、县〔市、区〕人民法院"},
		{"各市州、县市区人民政府负责", resp, "", "各市州、县市区人民政府"},
		{"各盟市、旗县区政府，区司法局", resp, "", "各盟市、旗县区政府|区司法局"},
		{"各市州、省财政厅", resp, "", "各市州|省财政厅"},
		{"县级分工：县发改局、教育局负责", resp, "", "县发改局|教育局"},
	} {
		got, _ := parseUnits(newText(c.in, 0), c.def, none)
		split := func(s string) []string {
			if s == "" {
				return []string{}
			}
			return strings.Split(s, "|")
		}
		if l, r := texts(got.lead), texts(got.resp); !reflect.DeepEqual(l, split(c.lead)) || !reflect.DeepEqual(r, split(c.resp)) {
			t.Errorf("%q: lead %q, resp %q; want %q, %q", c.in, l, r, c.lead, c.resp)
		}
	}
}

func TestRoles(t *testing.T) {
	for s, want := range map[string]role{
		"序号": serial, "工作任务": item, "重点任务": item, "主要任务": item, "类别": section, "贯彻举措": measure, "具体要求": measure, "主要内容": measure,
		"牵头单位": lead, "主办单位": lead, "牵头部门": lead, "牵头责任单位": lead, "責任單位": resp, "责任科室": resp, "配合单位": resp, "协办单位": resp, "责任主体": resp,
		"市级责任单位": resp, "完成时限": due, "时间要求": due, "时限要求": due, "责任领导": person, "分管领导": person, "责任人": person, "牵头负责领导": person,
		"进展情况": progress, "完成情况": progress, "备注": remark, "责任单位（科室）": resp, "牵头（责任）单位": lead, "责 任 单 位": resp, "牵头、配合单位": resp,
		"加强组织领导": none, "发布时间": none, "信息来源": none, "浏览次数": none,
	} {
		if got := roleOf(newText(s, 0).tight()); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
}

func TestDeadlines(t *testing.T) {
	day := calendar.MustParse
	for s, want := range map[string]Deadline{
		"2022年底前":          {Kind: Once, By: day("2022-12-31")},
		"年底前":              {Kind: Once, By: day("2023-12-31")},
		"6月底前":             {Kind: Once, By: day("2023-06-30")},
		"2月底":              {Kind: Once, By: day("2023-02-28")},
		"6月30日前":           {Kind: Once, By: day("2023-06-30")},
		"6月底完成":            {Kind: Once, By: day("2023-06-30")},
		"2023年12月底前完成":     {Kind: Once, By: day("2023-12-31")},
		"12月底前完成，并长期坚持":    {Kind: Once, By: day("2023-12-31")},
		"上半年":              {Kind: Once, By: day("2023-06-30")},
		"第三季度":             {Kind: Once, By: day("2023-09-30")},
		"2024年3月":          {Kind: Once, By: day("2024-03-31")},
		"每年至少1次":           {Kind: Recurring, Per: "year", Times: 1},
		"每季度":              {Kind: Recurring, Per: "quarter", Times: 1},
		"每半年至少开展两次":        {Kind: Recurring, Per: "half", Times: 2},
		"每月10日前":           {Kind: Recurring, Per: "month", Times: 1, Month: 1, Day: 10},
		"每月5日前报送":          {Kind: Recurring, Per: "month", Times: 1, Month: 1, Day: 5},
		"每月底前":             {Kind: Recurring, Per: "month", Times: 1},
		"每季度首月10日前":        {Kind: Recurring, Per: "quarter", Times: 1, Month: 1, Day: 10},
		"每季度末月25日前":        {Kind: Recurring, Per: "quarter", Times: 1, Month: 3, Day: 25},
		"每季度第二个月底前":        {Kind: Recurring, Per: "quarter", Times: 1, Month: 2, Day: 31},
		"每年6月底前":           {Kind: Recurring, Per: "year", Times: 1, Month: 6, Day: 31},
		"每年1月31日前":         {Kind: Recurring, Per: "year", Times: 1, Month: 1, Day: 31},
		"每年第一季度":           {Kind: Recurring, Per: "year", Times: 1, Month: 3, Day: 31},
		"全年不少于2次":          {Kind: Recurring, Per: "year", Times: 2},
		"全年至少4次":           {Kind: Recurring, Per: "year", Times: 4},
		"年内至少1次":           {Kind: Recurring, Per: "year", Times: 1},
		"每年组织培训不少于2次":      {Kind: Recurring, Per: "year", Times: 2},
		"每季度更新目录一次":        {Kind: Recurring, Per: "quarter", Times: 1},
		"2次/年":             {Kind: Recurring, Per: "year", Times: 2},
		"每3个月1次":           {Kind: Recurring, Per: "quarter", Times: 1},
		"4月1日至6月30日":       {Kind: Once, By: day("2023-06-30")},
		"4月1日-6月30日":       {Kind: Once, By: day("2023-06-30")},
		"3月至11月":           {Kind: Once, By: day("2023-11-30")},
		"3—11月":            {Kind: Once, By: day("2023-11-30")},
		"6月1日至15日":         {Kind: Once, By: day("2023-06-15")},
		"11月至次年3月":         {Kind: Once, By: day("2024-03-31")},
		"2023年3月至2024年6月底": {Kind: Once, By: day("2024-06-30")},
		"2023年至2025年":      {Kind: Once, By: day("2025-12-31")},
		"每年3月至5月":          {Kind: Recurring, Per: "year", Times: 1, Month: 5, Day: 31},
		"5个工作日内":           {Kind: PerEvent, N: 5, Unit: "workday", AtMost: true},
		"20个工作日内":          {Kind: PerEvent, N: 20, Unit: "workday", AtMost: true},
		"一般不少于30日":         {Kind: PerEvent, N: 30, Unit: "day"},
		"不少于30日":           {Kind: PerEvent, N: 30, Unit: "day"},
		"3个月内":             {Kind: PerEvent, N: 3, Unit: "month", AtMost: true},
		"24小时内":            {Kind: PerEvent, N: 24, Unit: "hour", AtMost: true},
		"持续推进":             {Kind: Standing}, "长期坚持": {Kind: Standing}, "全年": {Kind: Standing}, "即时": {Kind: Standing}, "按时限要求": {Kind: Standing},
		"另行通知":  {Kind: Unclear},
		"2月30日": {Kind: Unclear},
	} {
		got := typed(newText(s, 0), 2023)
		if got.Text != s || got.Kind != want.Kind || got.By != want.By || got.Per != want.Per || got.Times != want.Times || got.Month != want.Month || got.Day != want.Day || got.N != want.N || got.Unit != want.Unit || got.AtMost != want.AtMost {
			t.Errorf("%s: %+v", s, got)
		}
		if s != "另行通知" && s != "2月30日" && !looksDue(newText(s, 0)) {
			t.Errorf("%s is not seen as a deadline", s)
		}
	}
	// What a value cannot hold is asked about.
	for s, want := range map[string]Deadline{
		"每季度更新一次，6月底前完成首次": {Kind: Recurring, Per: "quarter", Times: 1},
		"每年3月、9月":        {Kind: Recurring, Per: "year", Times: 2},
		"每年1月、4月、7月和10月": {Kind: Recurring, Per: "year", Times: 4},
		"6、12月底前":        {Kind: Recurring, Per: "year", Times: 2},
		"每月10日、20日前":     {Kind: Recurring, Per: "month", Times: 2},
		"每季度10日前":        {Kind: Recurring, Per: "quarter", Times: 1, Month: 1, Day: 10},
		"每两个月一次":         {Kind: Recurring, Per: "year", Times: 6},
		"每两年一次":          {Kind: Unclear},
		"次月10日前":         {Kind: Unclear},
		"每月次月10日前":       {Kind: Unclear},
		"每季度后15日内":       {Kind: Unclear},
		"每年2月30日前":       {Kind: Unclear},
		"每年10日前":         {Kind: Unclear},
		"7月1日起":          {Kind: Standing},
		"每月更新，每季度通报":     {Kind: Recurring, Per: "month", Times: 1},
	} {
		got := typed(newText(s, 0), 2023)
		if got.Text != s || got.Kind != want.Kind || got.By != want.By || got.Per != want.Per || got.Times != want.Times || got.Month != want.Month || got.Day != want.Day {
			t.Errorf("%s: %+v", s, got)
		}
		if got.Conf >= 0.8 || got.Why == "" {
			t.Errorf("%s is not asked about: %+v", s, got)
		}
	}
	if d := typed(newText("6月底前", 0), 0); d.Conf > 0.5 || d.Why == "" {
		t.Errorf("a date without a year is not asked about: %+v", d)
	}
}

func TestDeadlinesInText(t *testing.T) {
	for s, want := range map[string]string{
		"明确提出意见的方式和期限（一般不少于30日），公布情况。":          "一般不少于30日",
		"2022年底前，各方面政策全部入库，并在5个工作日内回复。":         "2022年底前 5个工作日内",
		"每年至少进行1次全面清理，分值不低于4%，应配置1—2名工作人员。":     "每年至少进行1次",
		"对2021年政务公开工作要点落实情况开展“回头看”，公开2022年度清单。": "",
		"在文件形成之日起20个工作日内公开。":                    "20个工作日内",
		"汇总1月至6月数据，每季度更新一次，6月底前完成首次更新。":         "每季度更新一次",
		"每年一次性公开全部清单，每月5日前更新。":                  "每年 每月5日前",
		"全年组织培训不少于2次，每季度结束后10日内报送。":             "全年组织培训不少于2次 每季度结束后10日内",
		"对2022年1月至6月的数据开展分析，4月1日至6月30日完成。":      "4月1日至6月30日",
		"通报1月至6月开展情况，公开3月至11月工作。":               "",
		"4月底至6月底开展专项整治。":                        "4月底至6月底",
	} {
		var got []string
		for _, d := range deadlines(newText(s, 0), 2022, true) {
			got = append(got, d.Text)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s: %q, want %q", s, g, want)
		}
	}
}

func TestFoldTable(t *testing.T) {
	for r, s := range simplified {
		if r == s || len(string(r)) != 3 || len(string(s)) != 3 {
			t.Errorf("%c → %c", r, s)
		}
	}
	for in, want := range map[string]string{"責任單位": "责任单位", "牽頭": "牵头", "協辦": "协办", "時間節點": "时间节点", "鄉鎮": "乡镇", "廳局": "厅局", "點": "点", "衛": "卫", "（１）．": "(1)."} {
		if got := newText(in, 0).folded(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
