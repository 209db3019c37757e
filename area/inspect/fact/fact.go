// Package fact holds what is known of an inspected website: pages as they were
// seen, what stands in them, and what is wrong. The crawler writes it, the reader
// of pages fills it in, the indicators judge it, reports print it. It knows
// nothing of the network, the database or the screen.
package fact

import (
	"encoding/hex"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// Page is one address as it was last fetched.
type Page struct {
	URL      string        // canonical: no fragment, no session id, default port left out
	Final    string        // where redirects ended; "" = URL
	Referrer string        // the page on which it was first seen; "" for the start
	Depth    int           // clicks from the home page
	At       time.Time     // when the answer began
	Took     time.Duration // until the last byte
	Status   int           // HTTP status; 0 = no answer
	Failure  Failure       // why there is no answer or no use in it
	Note     string        // Chinese, what the fetcher saw that a person should know
	Type     string        // media type of the body, sniffed where the header lies
	Charset  string        // encoding in which it was read
	Declared string        // encoding that header or document claims; "" = none
	Size     int64         // bytes of the body, unpacked
	Hash     string        // SM3 of the body, hex
	ETag     string        // for the next round
	Modified string        // Last-Modified, as it came
	Read     *Reading      // of an HTML page; nil for other types and failures
}

// OK tells whether the page answered with something.
func (p *Page) OK() bool { return p.Failure == "" && p.Status >= 200 && p.Status < 300 }

// Failure is a kind of not getting a page.
type Failure string

const (
	NoHost      Failure = "no-host"    // the name does not resolve
	NoConnect   Failure = "no-connect" // nothing listens, or the line broke
	BadCert     Failure = "bad-cert"   // a browser would stop here
	TooSlow     Failure = "too-slow"   // no complete page in time
	TooLarge    Failure = "too-large"  // stopped at the size limit
	TooFar      Failure = "redirects"  // too many redirects, or round in a circle
	Refused     Failure = "refused"    // robots, or the server asks to be left alone (429, 403 with challenge)
	Internal    Failure = "internal"   // address of an internal network
	SoftMissing Failure = "soft-404"   // 200, but says that the page does not exist
	Broken      Failure = "broken"     // cannot be read: encoding, compression, truncated
)

// Kind is what a page is for.
type Kind string

const (
	Home         Kind = "home"
	Section      Kind = "column" // entrance of columns
	List         Kind = "list"   // list of items
	Content      Kind = "item"   // one item
	Search       Kind = "search"
	Mailbox      Kind = "mailbox"      // letters and their answers
	Library      Kind = "library"      // policy library
	Consultation Kind = "consultation" // opinions asked for
	Guide        Kind = "guide"        // service guide (办事指南)
	Disclosure   Kind = "disclosure"   // disclosure platform: guide, rules, statutory content, yearly reports
	Leader       Kind = "leader"
	Overview     Kind = "overview"
	Jump         Kind = "jump" // only sends on to another address
	Other        Kind = "other"
)

// Reading is what stands in an HTML page.
type Reading struct {
	Kind       Kind
	Title      string            // <title>
	Heading    string            // title of the item or column, without the site's name
	Meta       map[string]string // <meta name>, names as written; the page-label tags of 国办发〔2017〕47号 among them
	Breadcrumb []string          // names from the home page down, without 首页
	Published  time.Time         // of an item; zero = not stated
	DateFrom   string            // meta, mark, pattern, path: where Published was read
	Shown      time.Time         // when it was published in the words of the page itself, tags left aside; zero = not shown
	Head       map[string]string // of an item: labels over its text (索引号, 成文日期, 有效性, 来源 …) and what stands behind them, "" = nothing
	Source     string            // 来源
	Unit       string            // the unit that published or wrote it
	Number     string            // 发文字号
	Index      string            // 索引号
	Text       string            // the page's own words, without furniture
	Words      int               // characters of Text
	Links      []Link
	Entries    []Entry  // of a list page
	Next       []string // addresses of further pages of the list
	Scripted   bool     // the list or text is filled in by script: a reader without it sees nothing
	Rendered   bool     // read through a browser
	Frames     []string
	Forms      []Form
	Marks      Marks             // what a footer and a header must carry
	Jump       string            // where it sends its visitor on by itself; "" = nowhere
	Missing    bool              // says that it does not exist, whatever the status (WEB-82)
	Empty      bool              // says that nothing stands here: 正在建设中, 暂无数据 (V4.3)
	Picture    bool              // of an item: a picture in place of the text
	Guide      map[string]string // of a service guide: key elements of V6 that it names, with their content, "" = none
	Parts      map[string]string // parts of the disclosure platform it links to, by their exact label
	Tables     [][]string        // of each table of data: what its columns are called
	Rows       [][][]string      // of the same tables: their first rows, the text of a merged cell at each of its places
	Letters    []Letter          // messages to the authorities that it shows or lists (V5.2, D3.3, D3.4)
	Errors     []string          // of scripts, as a browser told them while the list stayed empty (D4.8)
}

// Letter is a message to the authorities, as a page of it or a line of a list
// shows it.
type Letter struct {
	URL      string // of its own page; "" = the page that shows it
	Title    string
	Asked    time.Time // zero = not shown
	Answered time.Time // zero = not shown
	State    string    // 办理状态, as written; "" = not shown
	Unit     string    // that answered; "" = not shown
	Answer   string    // its words, at most 600 characters; of a letter's own page only
}

// Link is one reference of a page.
type Link struct {
	URL     string
	Text    string // anchor text, or the alternative text of its picture
	Place   Place
	Element string // a img script link iframe form source object
	NoText  bool   // neither text nor alternative text
	Hidden  bool   // an inline style, or its own size, keeps it from being seen
}

// Place is where on a page a link stands.
type Place string

const (
	InNav    Place = "nav"
	InList   Place = "list"
	InBody   Place = "body"
	InFooter Place = "footer"
	InOther  Place = "other"
)

// Entry is a line of a list page.
type Entry struct {
	URL    string
	Title  string
	Date   calendar.Date // zero = none beside it
	Pinned bool
}

// Form is a form of a page; it is never submitted on foreign sites.
type Form struct {
	Action  string
	Method  string
	Fields  []string // names and labels
	Captcha bool
	Search  bool
}

// Marks are what the pages of a government site must carry (NORM-).
type Marks struct {
	SiteCode   string // 网站标识码
	ICP        string // ICP备案编号
	Police     string // 公安备案号
	Organ      string // 主办单位
	Contact    string // 联系方式
	SiteMap    string // address of 网站地图
	FindError  string // address of 我为政府网站找错
	FindCode   string // site code that its entrance names
	ICPLink    string // where the ICP number leads
	PoliceLink string // where the police number leads
	Accessible string // 无障碍 / 适老化 entrance
	Search     string // address of the search
	Emblem     bool   // 党政机关网站标识
}

// Column is a part of a site where items appear.
type Column struct {
	Name   string
	URL    string
	Class  Class
	Level  int       // clicks from the home page; 1 = in the main navigation
	Latest time.Time // newest item; zero = none found
	Items  int       // entries seen
	Blank  bool
	Site   string // host, or path of a sub-site
}

// Class is the kind of column by which its update window is chosen (WEB 3.1 V4).
type Class string

const (
	News       Class = "news"
	NoticeList Class = "notice"
	Policy     Class = "policy"
	Static     Class = "static"
	Ordinary   Class = "other"
)

// Item is one published thing of the site.
type Item struct {
	URL    string
	Title  string
	Date   calendar.Date
	Source string
	Unit   string
	Number string
	Column string // name of the column it hangs in
}

// State of a finding or an indicator in a run (website-inspection 2).
type State string

const (
	Pass          State = "PASS"
	Fail          State = "FAIL"
	Proposed      State = "PROPOSED"    // a person confirms
	NotDecided    State = "NOT_DECIDED" // not enough time or data
	NotApplicable State = "NOT_APPLICABLE"
)

// Finding is one thing that is wrong, or waits for a person.
type Finding struct {
	ID        string   // the same in every run with the same input (WEB-84); set by Identify
	Check     string   // WEB-12, NORM-03
	Also      []string // further checks that the same fault breaks
	Indicator string   // V1.3, D4.3 …; a NORM- or PLAT- check without an indicator stands for itself
	URL       string   // what is wrong
	On        string   // the page where it was seen
	Key       string   // tells apart findings of one check and address: the tag, the mark, the word; "" where there can be one only
	State     State    // what the test says; a veto counts only when it is Confirmed
	Confirmed bool     // seen again in a later look, as section 2 and 6 of the handbook ask; or by a person
	Secret    bool     // for the secrecy officer's eyes only (WEB-11): What, Seen and Proof are left out elsewhere
	What      string   // Chinese: what is wrong
	Seen      string   // Chinese: what was seen, word for word where that helps
	Mend      string   // Chinese: how to mend it
	Count     int      // pages on which it was seen, On among them; 0 and 1 are one
	Points    float64  // deducted; 0 = none or unknown
	At        time.Time
	Proof     string // hash of the kept page (crawl.Store.Kept)
	Picture   string // hash of a picture of the page, kept beside the pages; "" = none
}

// Identify sets the identity of a finding: check, address and key, not the place
// where it was seen, which may differ from round to round.
func (f *Finding) Identify() {
	sum := sm3.Sum([]byte(f.Check + "\x00" + f.URL + "\x00" + f.Key))
	f.ID = hex.EncodeToString(sum[:10])
}

// Report is what a run leaves: `report.json`.
type Report struct {
	Site     string
	Name     string    // of the site, as it calls itself or as registered
	T0       time.Time // monitoring time point
	Round    int       // of the crawl, 1 for the first
	Started  time.Time
	Ended    time.Time
	Stopped  string // Chinese, why the run ended before everything was seen; "" = whole
	Pages    int
	Columns  []Column
	Items    []Item
	Guides   []Item // service guides: they stand, whenever they were published, and have no Date here
	Findings []Finding
	Decided  map[string]State // by indicator
	Result   Result
	Notes    []string // Chinese, what belongs to no address
}

// Result is what the scheme makes of the findings (website-inspection 1).
type Result struct {
	Scheme      string   // name and version
	Unqualified []string // Chinese: confirmed vetoes; any of them ends it
	Waiting     []string // Chinese: vetoes that wait for a second look or a person
	Scored      bool     // a portal without veto
	Score       float64  // base, or base and bonus
	Lines       []Line   // one for every indicator
}

// Line is one indicator in a result.
type Line struct {
	Indicator   string
	Title       string
	Points      float64 // full marks
	Lost        float64 // never more than Points (WEB-04)
	State       State
	Reason      string // Chinese: why it is decided so, or what is lacking to decide
	Unconfirmed bool   // points or threshold were not compared with the paper (WEB-07)
}

// Site is what is known of a site beside the site itself. The zero value is
// right for a site of which only the address is known.
type Site struct {
	Start      string // address of the home page
	Name       string // registered name
	Code       string // 网站标识码
	Organ      string // 主办单位
	ICP        string
	Police     string
	Department bool     // no portal: only vetoes are judged
	NoServices bool     // without outward service functions (WEB-05)
	Own        []string // hosts that belong to the site beside that of Start
	Columns    []Duty
	Units      []string // that must stand under 机构职能
	Gone       []string // abolished units that must not
	Leaders    []string // names
}

// Duty is one line of a district's list of columns (栏目清单): what a person
// said of a column, which goes before what a program thinks (PLAT-55).
type Duty struct {
	Name    string // of the column
	URL     string // of the column; "" = by name
	Class   Class
	Days    int    // update period; 0 = that of its class
	ByEvent string // why it has no period (WEB-22); "" = it has one
	Content string
	Unit    string
	Person  string
}

// Probes are what was tried beside the crawl. Nil parts were not tried.
type Probes struct {
	Visits  []Visit  // for V2, of the last seven days
	IPv6    *IPv6    // NORM-40, WEB-63
	Search  []Asked  // WEB-62
	Missing *Missing // the answer to an address that cannot exist
	Agents  []Agent  // home page as different visitors get it (V1.3)
	TLS     *TLS     // NORM-42
	Looks   []Look   // pages as a browser shows them (D4.8, NORM-17, NORM-23, NORM-26, NORM-51, NORM-52)
}

// Visit is one opening of the home page.
type Visit struct {
	At     time.Time
	Took   time.Duration
	Status int
	Failed string // Chinese, "" = opened
	Void   bool   // our own line was out: does not count (WEB-16)
}

// IPv6 is how a site answers over IPv6.
type IPv6 struct {
	Address bool     // AAAA exists
	Servers bool     // the name servers can be reached over IPv6, or could not be asked; judged only with Known
	Known   bool     // the machine that tried has IPv6 itself
	Answers bool     // the home page answers
	Same    bool     // with the same visible text as over IPv4
	Tried   int      // internal links
	Silent  []string // of them, those that do not answer
	Failed  string   // Chinese, why
}

// Asked is one question put to the site's search.
type Asked struct {
	Query  string
	Want   string // address that should come
	Rank   int    // 1 = first; 0 = not among the results
	Failed string // Chinese, why there was no answer, or none that can be read
	Page   string // address of the answer
	Loose  bool   // asked with a wrong character or in pinyin: tells how tolerant the search is (D4.5), no matter of WEB-62
}

// Missing is the answer to an address that cannot exist.
type Missing struct {
	URL    string
	Status int
	Hash   string // of its visible text
	Title  string
	Read   *Reading
}

// Agent is the home page as a visitor with one user agent gets it.
type Agent struct {
	Name  string // browser, search engine
	Title string
	Hosts []string // foreign hosts it links to
	Hash  string
}

// TLS is how a site speaks it.
type TLS struct {
	HTTP    int    // status of plain http
	ToHTTPS bool   // which sends on to https
	Version string // best one offered: 1.2, 1.3; "" = none
	Old     string // one below 1.2 that is still accepted; "" = none
	Failed  string // Chinese
}

// Look is a page as a visitor with a browser has it before him.
type Look struct {
	URL     string
	At      time.Time
	Elder   bool          // the version for the elderly
	Took    time.Duration // until the network came to rest; 0 = it did not, or the line says nothing
	Moved   bool          // a script led on to another page, which is the one described
	Failed  string        // Chinese, why it could not be seen
	Errors  []string      // of scripts that nobody caught, with the address of the script
	Dialogs []string      // what it asked or said in a box of the browser's own
	Opened  []string      // addresses of windows that it opened by itself
	Windows []Window      // what lies over the page
	Colours []string      // families in notable use, black, white and grey left aside
	Keyless []string      // controls that only a mouse reaches, by their words
	Leads   string        // a link to a site that is none of government's
	Leaves  Leaving       // what happened when it was followed
	Size    float64       // pixels of most of its characters
	Big     float64       // share of characters of 24 pixels (18 pt) and more
	Line    float64       // line height of most of its text, in sizes; 0 = no paragraphs
	Letters int           // characters seen
	Picture string        // hash of its picture; "" = none
}

// Window is something that lies over a page.
type Window struct {
	Name   string // its words
	Moving bool   // floats about
	Close  string // keys = can be closed, also with the keyboard; mouse = with the mouse alone; "" = not at all
}

// Leaving is what a site does when a visitor follows a link to a stranger's site.
type Leaving string

const (
	Noticed   Leaving = "notice"  // it says so
	Unnoticed Leaving = "none"    // it opens without a word
	Unclear   Leaving = "unclear" // a script held it, and nothing was said
)

// Inspected is told to the house when a round of a registered site is over.
type Inspected struct {
	Site  id.ID `json:"site"`
	Round id.ID `json:"round"`
}

// Kind names the fact.
func (Inspected) Kind() string { return "inspect.done" }
