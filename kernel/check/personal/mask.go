package personal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// MaskID is what stands for an identity number where a rule orders that persons
// of one name can be told apart: the last four characters (content-review 4.2).
func MaskID(number string) string { return tail(number, 4) }

// MaskMobile keeps the first three and the last four digits. A published list
// shows no telephone at all; this form is for those who handle a case.
func MaskMobile(number string) string {
	if len(number) != 11 {
		return tail(number, 4)
	}
	return number[:3] + "****" + number[7:]
}

// MaskCard keeps the last four digits of a bank card or account.
func MaskCard(number string) string { return tail(number, 4) }

// tail puts stars for all characters but the last n.
func tail(s string, n int) string {
	if len(s) <= n {
		return strings.Repeat("*", len(s))
	}
	return strings.Repeat("*", len(s)-n) + s[len(s)-n:]
}

// MaskPlate keeps province, letter and the last character: 渝A****8.
func MaskPlate(plate string) string {
	plate = strings.NewReplacer("·", "", "•", "", " ", "").Replace(plate)
	_, size := utf8.DecodeRuneInString(plate)
	if len(plate) < size+2 {
		return strings.Repeat("*", utf8.RuneCountInString(plate))
	}
	_, last := utf8.DecodeLastRuneInString(plate)
	return plate[:size+1] + "****" + plate[len(plate)-last:]
}

// MaskEmail keeps the first character and the domain.
func MaskEmail(address string) string {
	name, domain, found := strings.Cut(address, "@")
	if !found || name == "" {
		return "***"
	}
	return name[:1] + "***@" + domain
}

// MaskDate keeps the year.
func MaskDate(date string) string {
	if len(date) < 4 || number(date[:4]) < 0 {
		return "****年"
	}
	return date[:4] + "年"
}

// MaskAddress keeps an address down to the community or village, else down to
// the street office, town or district; an address that names none is left out.
func MaskAddress(address string) string {
	for _, level := range [][]string{
		{"社区", "居委会", "村委会"}, {"村"}, {"街道", "镇", "乡"}, {"新区", "区", "县", "旗"}, {"市", "州", "盟"},
	} {
		for _, ending := range level {
			if i := strings.Index(address, ending); i > 0 && !strings.ContainsAny(address[:i], "0123456789") {
				if ending == "区" && strings.HasSuffix(address[:i], "小") { // 小区 is a housing estate
					continue
				}
				return address[:i+len(ending)]
			}
		}
	}
	return "〔住址〕"
}

// Profile says how names are masked in one matter.
type Profile struct {
	Fixed bool // always two stars, so that the length of a name tells nothing (name_mask_fixed)
}

// MaskName masks one name: 张*, 李**, 欧阳*, 阿依·*, J. S.
func (p Profile) MaskName(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		return ""
	}
	if c := name[0]; letter(c) {
		var initials []string
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '·' || r == '.' }) {
			first, _ := utf8.DecodeRuneInString(part)
			initials = append(initials, strings.ToUpper(string(first))+".")
		}
		return strings.Join(initials, " ")
	}
	for _, dot := range []string{"·", "•", "・", "．"} {
		if first, _, found := strings.Cut(name, dot); found && first != "" {
			return first + "·*"
		}
	}
	_, size := utf8.DecodeRuneInString(name)
	if d := doubleSurname(name); d > 0 && len(name) > d {
		size = d
	}
	if p.Fixed {
		return name[:size] + "**"
	}
	return name[:size] + strings.Repeat("*", max(1, utf8.RuneCountInString(name[size:])))
}

// MaskNames masks the names of one batch. Persons whose masked names are equal get
// a running number behind it, 张*（0003）; keys[i] tells persons apart (an identity
// number, an application) and is not shown; a nil keys means that each row is a person.
// The numbers are drawn anew for each batch, so that they join nothing (REV-21).
func (p Profile) MaskNames(names, keys []string, draw *rand.Rand) []string {
	masked := make([]string, len(names))
	persons := map[string]map[string]int{} // masked name → key → number
	key := func(i int) string {
		if keys == nil {
			return fmt.Sprint(i)
		}
		return names[i] + "\x00" + keys[i]
	}
	var order []string // all persons in the order of their rows
	for i, n := range names {
		masked[i] = p.MaskName(n)
		of := persons[masked[i]]
		if of == nil {
			of = map[string]int{}
			persons[masked[i]] = of
		}
		if _, known := of[key(i)]; !known {
			of[key(i)] = len(order)
			order = append(order, masked[i])
		}
	}
	numbers := draw.Perm(len(order))
	width := max(4, len(fmt.Sprint(len(order))))
	for i := range names {
		if of := persons[masked[i]]; len(of) > 1 && masked[i] != "" {
			masked[i] += fmt.Sprintf("（%0*d）", width, numbers[of[key(i)]]+1)
		}
	}
	return masked
}
