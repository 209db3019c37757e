package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Zone is Asia/Shanghai: UTC+8, no daylight saving time. Fixed, so that no
// machine needs a time zone database.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a legal day in Shanghai, never an instant. The zero Date is "no day".
// In databases and JSON it is text "2006-01-02", and "" (JSON) or NULL for none.
type Date struct{ days int32 } // days since 0001-01-01, plus one; 0 = none

// Day returns the date of a year, month and day; out-of-range values are
// carried over as time.Date does.
func Day(year int, month time.Month, day int) Date {
	return fromUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Of returns the day in Shanghai in which the instant t falls.
func Of(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Day(y, m, d)
}

// Parse reads "2006-01-02".
func Parse(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", text)
	}
	return fromUTC(t), nil
}

// MustParse is Parse for constants.
func MustParse(text string) Date {
	d, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

const epochDays = 719162 // days from 0001-01-01 to 1970-01-01

func fromUTC(t time.Time) Date {
	return Date{int32(t.Unix()/86400) + epochDays + 1}
}

func (d Date) utc() time.Time {
	return time.Unix(int64(d.days-1-epochDays)*86400, 0).UTC()
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d.days == 0 }

// Civil returns year, month and day.
func (d Date) Civil() (int, time.Month, int) { return d.utc().Date() }

// Day returns the day of the month, from 1.
func (d Date) Day() int { return d.utc().Day() }

// Year returns the calendar year.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((d.days) % 7) }

// Add returns the date n calendar days later (earlier when negative).
func (d Date) Add(n int) Date { return Date{d.days + int32(n)} }

// Sub returns the number of calendar days from e to d.
func (d Date) Sub(e Date) int { return int(d.days - e.days) }

// Before, After and Compare order dates.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.days > e.days }

// Compare returns -1, 0 or 1.
func (d Date) Compare(e Date) int {
	switch {
	case d.days < e.days:
		return -1
	case d.days > e.days:
		return 1
	}
	return 0
}

// Start is the first instant of the day in Shanghai, in UTC; the end of a day is
// the Start of the next, spans being half-open.
func (d Date) Start() time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, 0, 0, Zone).UTC()
}

// String is "2006-01-02", "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Chinese is 2006年1月2日, as dates are written in texts.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%d年%d月%d日", y, int(m), day)
}

// MarshalText and UnmarshalText carry dates in JSON and forms.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2006-01-02" or nothing.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	var err error
	*d, err = Parse(string(text))
	return err
}

// Value stores the date as text, no day as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored; a column of type date gives a time.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = fromUTC(time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC))
		return nil
	}
	return fmt.Errorf("date: cannot read %T", src)
}

// MonthDay is 1月2日, for sentences in which the year is plain.
func (d Date) MonthDay() string {
	if d.IsZero() {
		return ""
	}
	_, m, day := d.Civil()
	return fmt.Sprintf("%d月%d日", int(m), day)
}

// WeekdayChinese is 周一 … 周日.
func (d Date) WeekdayChinese() string {
	if d.IsZero() {
		return ""
	}
	return "周" + string([]rune("日一二三四五六")[d.Weekday()])
}

// AddMonths returns the same day number n months later, or the last day of that
// month when it has no such day (C5, Civil Code Art. 202). It does not roll.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	last := Day(y, m+time.Month(n)+1, 0)
	if _, _, end := last.Civil(); day > end {
		return last
	}
	return Day(y, m+time.Month(n), day)
}

// weekend reports whether d is a Saturday or Sunday.
func (d Date) weekend() bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
