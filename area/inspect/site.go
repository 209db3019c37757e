// Package inspect looks at websites from outside: which ones, how often, what was
// found, who mends it, and what of it proves a measure of the plan. How a site is
// crawled, read and judged stands in the rooms below.
package inspect

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Site is a website under inspection, as registered (NORM-05).
type Site struct {
	ID           id.ID `bun:",pk"`
	Name         string
	Start        string // address of the home page
	Code         string // 网站标识码
	Organ        string // 主办单位
	ICP          string `bun:"icp"`
	Police       string
	Unit         id.ID    // who answers for the site
	Department   bool     // 部门网站: only vetoes are judged
	NoServices   bool     // without outward service functions (WEB-05)
	Own          []string `bun:",type:jsonb"`
	Units        []string `bun:",type:jsonb"` // that must stand under 机构职能 (WEB-41)
	Gone         []string `bun:",type:jsonb"` // abolished units that must not
	Leaders      []string `bun:",type:jsonb"` // names (WEB-42)
	Every        Period
	IgnoreRobots bool    // by mandate of its owner
	MaxPages     int     // 0 = all
	Rate         float64 // requests a second; 0 = the usual
	Due          int     // working days that a unit has to mend what is handed to it
	By           id.ID
	At           time.Time
	Version      int
}

// Period is how often a site is inspected by itself.
type Period string

// Never leaves it to people.
const (
	Never   Period = ""
	Daily   Period = "day"
	Weekly  Period = "week"
	Monthly Period = "month"
)

// Periods lists them as people choose them.
func Periods() []Period { return []Period{Weekly, Daily, Monthly, Never} }

// Title is the Chinese name.
func (p Period) Title() string {
	switch p {
	case Daily:
		return "每天"
	case Weekly:
		return "每周"
	case Monthly:
		return "每月"
	default:
		return "不自动检查"
	}
}

// next is the day on which a round is due after one that was asked for on a day.
func (p Period) next(last calendar.Date) calendar.Date {
	switch p {
	case Daily:
		return last.Add(1)
	case Weekly:
		return last.Add(7)
	case Monthly:
		return last.Add(30)
	default:
		return calendar.Date{}
	}
}

const (
	siteCodeLength = 10 // characters of 网站标识码 (website-norms 3.1)
	maxNames       = 500
)

func (s Site) clean() Site {
	trim := func(list []string) []string {
		out := []string{}
		for _, one := range list {
			if one = strings.TrimSpace(one); one != "" && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
		return out
	}
	s.Name, s.Code, s.Organ = strings.TrimSpace(s.Name), strings.TrimSpace(s.Code), strings.TrimSpace(s.Organ)
	s.Start = strings.TrimSpace(s.Start)
	if s.Start != "" && !strings.Contains(s.Start, "://") {
		s.Start = "https://" + s.Start
	}
	if start, ok := crawl.Canonical(s.Start); ok {
		s.Start = start
	}
	s.Own, s.Units, s.Gone, s.Leaders = trim(s.Own), trim(s.Units), trim(s.Gone), trim(s.Leaders)
	return s
}

// valid tells what is wrong with a site, by the fields of its form.
func (s Site) valid() error {
	wrong := fault.Fields{}
	if n := len([]rune(s.Name)); n < 2 || n > 60 {
		wrong["name"] = "请写网站登记的名称，2至60个字"
	}
	if _, ok := crawl.Canonical(s.Start); !ok || len(s.Start) > 500 {
		wrong["start"] = "请写首页的完整网址，例如 https://www.example.gov.cn/"
	}
	if s.Code != "" && len(s.Code) != siteCodeLength {
		wrong["code"] = "网站标识码是10位数字或字母"
	}
	for field, text := range map[string]string{"organ": s.Organ, "icp": s.ICP, "police": s.Police} {
		if len([]rune(text)) > 60 {
			wrong[field] = "不超过60个字"
		}
	}
	for field, list := range map[string][]string{"own": s.Own, "units": s.Units, "gone": s.Gone, "leaders": s.Leaders} {
		if len(list) > maxNames {
			wrong[field] = "最多500行"
		}
		for _, one := range list {
			if len([]rune(one)) > 100 {
				wrong[field] = "有一行超过100个字"
			}
		}
	}
	for _, host := range s.Own {
		if u, err := url.Parse("http://" + strings.TrimPrefix(host, "*.")); err != nil || u.Host == "" || u.Path != "" {
			wrong["own"] = "“" + host + "”不是主机名，请写成 sub.example.gov.cn 或 *.example.gov.cn"
		}
	}
	if !slices.Contains(Periods(), s.Every) {
		wrong["every"] = "请从列表中选择"
	}
	if s.MaxPages < 0 || s.MaxPages > 1_000_000 {
		wrong["max_pages"] = "请填0至1000000的整数，0表示全部"
	}
	if s.Due < 1 || s.Due > 60 {
		wrong["due"] = "请填1至60个工作日"
	}
	if s.Rate < 0 || s.Rate > 100 {
		wrong["rate"] = "请填0至100的数，0表示按惯例"
	}
	return wrong.Err()
}

// facts is what an inspection is told of the site.
func (s Site) facts(columns []Column) fact.Site {
	out := fact.Site{Start: s.Start, Name: s.Name, Code: s.Code, Organ: s.Organ, ICP: s.ICP, Police: s.Police, Department: s.Department,
		NoServices: s.NoServices, Own: s.Own, Units: s.Units, Gone: s.Gone, Leaders: s.Leaders}
	for _, c := range columns {
		if c.Settled {
			out.Columns = append(out.Columns, fact.Duty{Name: c.Name, URL: c.URL, Class: c.Class, Days: c.Days, ByEvent: c.ByEvent, Content: c.Content, Unit: string(c.Unit), Person: c.Person})
		}
	}
	return out
}

// Column is a line of the list of columns (栏目清单): what the inspection saw of
// it, and what a person laid down (PLAT-55).
type Column struct {
	ID      id.ID `bun:",pk"`
	Site    id.ID
	Name    string
	URL     string `bun:"url"`
	Class   fact.Class
	Days    int    // update period; 0 = that of its class
	ByEvent string // why it has none
	Content string // what it publishes
	Unit    id.ID  // who keeps it
	Person  string
	Settled bool // a person confirmed class and period
	Latest  calendar.Date
	Items   int
	Blank   bool
	Level   int
	Round   int // in which it was last seen
	At      time.Time
	Version int
}

// Default windows by class, in days (website-inspection 9.1).
const (
	newsDays    = 14
	noticeDays  = 183
	defaultDays = 365
)

// Window is how many days the column may stand still; 0 = it has no period.
func (c Column) Window() int {
	switch {
	case c.ByEvent != "" || c.Class == fact.Static:
		return 0
	case c.Days > 0:
		return c.Days
	case c.Class == fact.News:
		return newsDays
	case c.Class == fact.NoticeList || c.Class == fact.Policy:
		return noticeDays
	default:
		return defaultDays
	}
}

// Freshness is how near a column is to the end of its window: yellow at 70 %, red
// at 90 % (website-inspection 9.1).
type Freshness string

// The states of a column.
const (
	Fresh   Freshness = "fresh"
	Aging   Freshness = "aging"
	Urgent  Freshness = "urgent"
	Stale   Freshness = "stale"
	Empty   Freshness = "empty"
	Exempt  Freshness = "exempt" // no period
	Unknown Freshness = "unknown"
)

// Title is the Chinese name.
func (f Freshness) Title() string {
	switch f {
	case Fresh:
		return "正常"
	case Aging:
		return "将到期"
	case Urgent:
		return "即将超期"
	case Stale:
		return "超期"
	case Empty:
		return "空白"
	case Exempt:
		return "无更新周期"
	default:
		return "未知"
	}
}

// Badge is the colour in which a state is shown.
func (f Freshness) Badge() string {
	switch f {
	case Fresh:
		return "done"
	case Aging:
		return "slow"
	case Urgent, Stale, Empty:
		return "late"
	default:
		return "idle"
	}
}

// State is how fresh the column is on a day.
func (c Column) State(today calendar.Date) Freshness {
	w := c.Window()
	switch {
	case c.Blank:
		return Empty
	case w == 0:
		return Exempt
	case c.Latest.IsZero():
		return Unknown
	}
	switch age := today.Sub(c.Latest); {
	case age > w:
		return Stale
	case age*10 >= w*9:
		return Urgent
	case age*10 >= w*7:
		return Aging
	default:
		return Fresh
	}
}

// ClassTitle is the Chinese name of a class of columns.
func ClassTitle(c fact.Class) string {
	switch c {
	case fact.News:
		return "动态要闻"
	case fact.NoticeList:
		return "通知公告"
	case fact.Policy:
		return "政策文件"
	case fact.Static:
		return "静态信息"
	default:
		return "其他"
	}
}

// Classes lists the classes of columns as people choose them.
func Classes() []fact.Class {
	return []fact.Class{fact.News, fact.NoticeList, fact.Policy, fact.Ordinary, fact.Static}
}

// valid tells what is wrong with what a person laid down.
func (c Column) valid() error {
	wrong := fault.Fields{}
	if !slices.Contains(Classes(), c.Class) {
		wrong["class"] = "请从列表中选择"
	}
	if c.Days < 0 || c.Days > 3660 {
		wrong["days"] = "请填1至3660天，不填按栏目类别"
	}
	if len([]rune(c.ByEvent)) > 200 {
		wrong["by_event"] = "不超过200个字"
	}
	if c.Days > 0 && c.ByEvent != "" {
		wrong["by_event"] = "写了更新周期，就不再填“按需更新的理由”"
	}
	if len([]rune(c.Content)) > 500 {
		wrong["content"] = "不超过500个字"
	}
	if len([]rune(c.Person)) > 30 {
		wrong["person"] = "不超过30个字"
	}
	return wrong.Err()
}

// rank is the order of states in lists: what is bad first.
func (f Freshness) rank() int {
	return slices.Index([]Freshness{Empty, Stale, Urgent, Unknown, Aging, Fresh, Exempt}, f)
}
