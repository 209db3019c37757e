package process

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Input is what a move brings.
type Input struct {
	Reason  string
	Values  map[string]string // by Need.Name
	To      string            // the chosen state of a Back move
	Day     calendar.Date     // the legal day, when it is not today: a letter that came yesterday
	Version int64             // of the case the person saw; 0 does not ask
}

// Date is a value of kind Day, or no day.
func (in Input) Date(name string) calendar.Date {
	d, err := calendar.Parse(in.Values[name])
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// Int is a value of kind Number, or 0.
func (in Input) Int(name string) int {
	n, _ := strconv.Atoi(in.Values[name])
	return n
}

// Files are the keys of a value of kind File.
func (in Input) Files(name string) []id.ID {
	var keys []id.ID
	for key := range strings.FieldsSeq(in.Values[name]) {
		keys = append(keys, id.ID(key))
	}
	return keys
}

const (
	maxText   = 2000 // characters of a reason and of a text without a bound
	maxFiles  = 20
	reasonKey = "reason" // names of form fields besides those of the needs
	dayKey    = "day"
	toKey     = "to"
)

// clean returns the input without blanks around it and without empty values,
// or the faults of its fields. Things nobody asked for are refused: they would
// stand in the history unchecked.
func (m Move) clean(in Input, today calendar.Date) (Input, error) {
	wrong := fault.Fields{}
	in.Reason = strings.TrimSpace(in.Reason)
	switch n := utf8.RuneCountInString(in.Reason); {
	case m.NeedReason && n == 0:
		wrong[reasonKey] = "请说明理由"
	case n > maxText:
		wrong[reasonKey] = "理由请不超过" + strconv.Itoa(maxText) + "个字"
	}
	if in.Day.After(today) {
		wrong[dayKey] = "日期不能晚于今天"
	}
	values := map[string]string{}
	for _, n := range m.Needs {
		v := strings.TrimSpace(in.Values[n.Name])
		if text := n.refuses(v, today); text != "" {
			wrong[n.Name] = text
		}
		if v != "" {
			values[n.Name] = v
		}
	}
	for _, key := range slices.Sorted(maps.Keys(in.Values)) {
		if !slices.ContainsFunc(m.Needs, func(n Need) bool { return n.Name == key }) {
			wrong[key] = "“" + m.Title + "”不需要填写“" + key + "”"
		}
	}
	in.Values = values
	return in, wrong.Err()
}

// refuses says in Chinese what is wrong with a value, "" when nothing is.
func (n Need) refuses(v string, today calendar.Date) string {
	if v == "" {
		if n.Optional {
			return ""
		}
		return "请填写" + n.Title
	}
	switch n.Kind {
	case Text:
		return n.outside(utf8.RuneCountInString(v), maxText, "个字")
	case Day:
		d, err := calendar.Parse(v)
		switch {
		case err != nil:
			return n.Title + "请写成 2026-05-06 这样的日期"
		case n.NotPast && d.Before(today):
			return n.Title + "不能早于今天"
		case n.NotFuture && d.After(today):
			return n.Title + "不能晚于今天"
		}
	case File:
		for key := range strings.FieldsSeq(v) {
			if _, ok := id.Parse(key); !ok {
				return n.Title + "没有上传成功，请重新上传"
			}
		}
		return n.outside(len(strings.Fields(v)), maxFiles, "个文件")
	case Number:
		i, err := strconv.Atoi(v)
		if err != nil {
			return n.Title + "请填写整数"
		}
		if n.Min != 0 || n.Max != 0 {
			return n.outside(i, 0, "")
		}
	case Choice:
		if !slices.ContainsFunc(n.Options, func(o Option) bool { return o.Code == v }) {
			return "请从列出的选项中选择" + n.Title
		}
	}
	return ""
}

// outside checks a count against the bounds of the need.
func (n Need) outside(have, most int, unit string) string {
	if n.Max != 0 {
		most = n.Max
	}
	switch {
	case have < n.Min:
		return n.Title + "不能少于" + strconv.Itoa(n.Min) + unit
	case most != 0 && have > most:
		return n.Title + "不能超过" + strconv.Itoa(most) + unit
	}
	return ""
}

// valid reports what is wrong with the declaration of a need.
func (n Need) valid() error {
	switch n.Kind {
	case Text, Day, File, Number, Choice:
	default:
		return fault.Newf(fault.Internal, "unknown kind %q", n.Kind)
	}
	if (n.Kind == Choice) != (len(n.Options) > 0) {
		return fault.New(fault.Internal, "options belong to a choice")
	}
	if n.Max != 0 && n.Max < n.Min {
		return fault.New(fault.Internal, "its bounds are turned round")
	}
	switch n.Name {
	case reasonKey, dayKey, toKey:
		return fault.New(fault.Internal, "the name is taken by every move's form")
	}
	return nil
}
