package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Year is the holiday arrangement (节假日安排) of one year as one document fixed
// it. A document that changes a year makes a new version; old versions stay, for
// they explain the deadlines that were counted with them.
type Year struct {
	Year        int     `json:"year"`
	Version     int     `json:"version"`               // 1 is the first notice; 0 only statutory days are known
	Number      string  `json:"number,omitempty"`      // 文号 of the document in force
	Issued      Date    `json:"issued,omitzero"`       // its date of issue
	Amends      string  `json:"amends,omitempty"`      // 文号 of the document it changes
	Provisional bool    `json:"provisional,omitempty"` // no notice yet: days in lieu and make-up days are unknown
	Note        string  `json:"note,omitempty"`
	Off         []Break `json:"off"`             // as in the notice, may begin in December before
	Work        []Shift `json:"work"`            // make-up working days (调休上班)
	Local       []Break `json:"local,omitempty"` // local_days_off of the district, empty by default

	// Who loaded and who confirmed it (CAL-06). Years that come with the program
	// are Builtin: they were compared with two other calendars before release.
	Builtin     bool      `json:"-"`
	LoadedBy    id.ID     `json:"-"`
	LoadedAt    time.Time `json:"-"`
	ConfirmedBy id.ID     `json:"-"`
	ConfirmedAt time.Time `json:"-"`
}

// Break is a run of days off, both ends included.
type Break struct {
	Name string `json:"name"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
}

// Shift is a Saturday or Sunday on which state organs work.
type Shift struct {
	Date Date   `json:"date"`
	Name string `json:"name,omitempty"` // the holiday it makes up for
}

// Unsettled reports whether deadlines in the year cannot be final: no notice, or
// one whose number or date is not registered (CAL-01).
func (y Year) Unsettled() bool {
	return y.Provisional || y.Number == "" || y.Issued.IsZero()
}

// Tag names year and version in stored deadlines, as in "2020.2".
func (y Year) Tag() string { return fmt.Sprintf("%d.%d", y.Year, y.Version) }

// Source names the document for people: 国办发明电〔2025〕7号, or that there is none.
func (y Year) Source() string {
	switch {
	case y.Unsettled():
		return fmt.Sprintf("%d年法定节假日（暂定）", y.Year)
	case y.Version > 1:
		return fmt.Sprintf("%s（%d年第%d版）", y.Number, y.Year, y.Version)
	}
	return fmt.Sprintf("%s（%d年）", y.Number, y.Year)
}

// maxBreak is the longest run of days off that is believed; longer ones are
// slips of the pen. The longest so far had ten days.
const maxBreak = 31

// Valid reports what makes the data unusable whatever it says: dates missing,
// turned round, or of another year. What it says is checked by Check.
func (y Year) Valid() error {
	wrong := func(format string, args ...any) error {
		return fault.Newf(fault.Invalid, "%d年节假日安排：%s", y.Year, fmt.Sprintf(format, args...))
	}
	if y.Year < firstYear || y.Year > lastYear {
		return fault.Newf(fault.Invalid, "节假日安排的年份应在%d年至%d年之间，现为%d年", firstYear, lastYear, y.Year)
	}
	if y.Version < 0 || y.Version == 0 && !y.Provisional {
		return wrong("版本号应从1开始")
	}
	// The last days of December before may belong to New Year's Day.
	first, last := Day(y.Year-1, time.December, 20), Day(y.Year, time.December, 31)
	in := func(d Date) bool { return !d.Before(first) && !d.After(last) }
	for _, b := range slices.Concat(y.Off, y.Local) {
		switch {
		case b.Name == "":
			return wrong("%s放假没有写名称", b.From.Chinese())
		case !in(b.From) || !in(b.To):
			return wrong("%s放假日期%s至%s不在本年内", b.Name, b.From, b.To)
		case b.To.Before(b.From) || b.To.Sub(b.From) >= maxBreak:
			return wrong("%s放假的起止日期%s至%s有误", b.Name, b.From, b.To)
		}
	}
	for _, s := range y.Work {
		if !in(s.Date) {
			return wrong("上班日期%s不在本年内", s.Date)
		}
	}
	return nil
}

//go:embed years.json
var yearsFile []byte

// Builtin returns every version of every year that comes with the program, in
// order of year and version.
func Builtin() []Year {
	var years []Year
	if err := json.Unmarshal(yearsFile, &years); err != nil {
		panic("calendar: years.json: " + err.Error())
	}
	for i := range years {
		years[i].Builtin = true
	}
	return years
}

// Latest keeps of each year the newest version that was issued on or before the
// day known; the zero day means all that is known now. The result is ordered by
// year.
func Latest(years []Year, known Date) []Year {
	best := map[int]Year{}
	for _, y := range years {
		if !known.IsZero() && y.Issued.After(known) {
			continue
		}
		if old, ok := best[y.Year]; !ok || y.Version > old.Version {
			best[y.Year] = y
		}
	}
	out := make([]Year, 0, len(best))
	for _, y := range best {
		out = append(out, y)
	}
	slices.SortFunc(out, func(a, b Year) int { return a.Year - b.Year })
	return out
}
