package personal

import (
	"strings"
	"time"

	"gongkai/kernel/calendar"
)

// weightsID are the weights of the digits 1–17 of an identity number (GB 11643-1999).
const weightsID = "79A584216379A5842"

// checkID holds the check character for each remainder 0–10 (GB 11643-1999).
const checkID = "10X98765432"

// provinces are the codes that an identity number may begin with (GB/T 2260;
// 81–83 are the residence permits of residents of Hong Kong, Macao and Taiwan).
const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

// alphabetUSCC are the characters of a credit code by value (GB 32100-2015).
const alphabetUSCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// IDCheck tells whether 18 characters bear the check character of GB 11643-1999.
func IDCheck(number string) bool {
	if len(number) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		if !digit(number[i]) {
			return false
		}
		weight := int(weightsID[i] - '0')
		if weightsID[i] == 'A' {
			weight = 10
		}
		sum += int(number[i]-'0') * weight
	}
	return upper(number[17]) == checkID[sum%11]
}

// IDCard tells whether 18 characters are an identity number: a province, a day
// of birth that exists and is not in the future (of today; zero = not asked),
// and the check character.
func IDCard(number string, today calendar.Date) bool {
	return len(number) == 18 && province(number) && IDCheck(number) && born(number[6:14], today)
}

// idCard15 tells whether 15 digits have the shape of an identity number of before 1999.
func idCard15(number string) bool {
	return len(number) == 15 && province(number) && born("19"+number[6:12], calendar.Date{})
}

// permanent tells whether 18 characters are the number of a foreigner's permanent
// residence permit as issued since 2023-12-01.
func permanent(number string) bool {
	return len(number) == 18 && number[0] == '9' && IDCheck(number)
}

func province(number string) bool {
	return number[0] != ' ' && strings.Contains(provinces, " "+number[:2]+" ")
}

// born tells whether eight digits are a day from 1880 on that is not after today.
func born(day string, today calendar.Date) bool {
	y, m, d := number(day[:4]), number(day[4:6]), number(day[6:8])
	if y < 1880 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	date := calendar.Day(y, time.Month(m), d)
	if _, month, _ := date.Civil(); int(month) != m { // 31 April, 29 February
		return false
	}
	return today.IsZero() || !date.After(today)
}

// CreditCode tells whether 18 characters bear the check character of GB 32100-2015.
func CreditCode(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		value := strings.IndexByte(alphabetUSCC, code[i])
		if value < 0 {
			return false
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return code[17] == alphabetUSCC[(31-sum%31)%31]
}

// Luhn tells whether digits bear the check digit of ISO/IEC 7812.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		v := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return len(digits) > 1 && sum%10 == 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// number is the value of up to nine digits, -1 for anything else.
func number(digits string) int {
	if digits == "" || len(digits) > 9 {
		return -1
	}
	n := 0
	for i := range len(digits) {
		if !digit(digits[i]) {
			return -1
		}
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
