package account

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"gongkai/kernel/fault"
)

// Cost of one hash: argon2id as OWASP advises for servers; 54 ms here.
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	threads = 1
	keySize = 32
)

// hasher computes at most two hashes at once, so that a flood of sign-ins
// costs time, not the memory of the machine.
type hasher struct {
	turn   chan struct{}
	memory uint32 // KiB; less only in tests
}

func newHasher() hasher { return hasher{make(chan struct{}, 2), memory} }

func (h hasher) derive(password string, salt []byte, m, t uint32, p uint8) []byte {
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	return argon2.IDKey([]byte(password), salt, t, m, p, keySize)
}

// hash makes the text that is kept of a password, in the form of the argon2
// reference ($argon2id$v=19$m=…,t=…,p=…$salt$key).
func (h hasher) hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails; it ends the program instead
	key := h.derive(password, salt, h.memory, passes, threads)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, passes, threads,
		enc.EncodeToString(salt), enc.EncodeToString(key))
}

// check compares a password with a kept text. For "" (a name that is not
// there) it takes the same time and says no.
func (h hasher) check(kept, password string) bool {
	var version int
	m, t, p := h.memory, uint32(passes), uint8(threads)
	salt, key := make([]byte, 16), make([]byte, keySize)
	good := false
	if parts := strings.Split(kept, "$"); len(parts) == 6 && parts[1] == "argon2id" {
		s, err1 := base64.RawStdEncoding.DecodeString(parts[4])
		k, err2 := base64.RawStdEncoding.DecodeString(parts[5])
		_, err3 := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &m, &t, &p)
		if err1 == nil && err2 == nil && err3 == nil && len(k) == keySize && version == argon2.Version {
			salt, key, good = s, k, true
		} else {
			m, t, p = h.memory, passes, threads
		}
	}
	return subtle.ConstantTimeCompare(h.derive(password, salt, m, t, p), key) == 1 && good
}

//go:embed common.txt
var common string

// weak says in Chinese why a password is refused, "" when it is not.
func weak(password, login, name string, least int) string {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return "密码含有无法识别的字符"
	case n < least:
		return fmt.Sprintf("密码至少 %d 个字符，建议用几个不相干的词组成", least)
	case n > 128:
		return "密码不能超过 128 个字符"
	}
	lower := strings.ToLower(password)
	if login != "" && strings.Contains(lower, strings.ToLower(login)) {
		return "密码不能包含用户名"
	}
	if utf8.RuneCountInString(name) >= 2 && strings.Contains(password, name) {
		return "密码不能包含姓名"
	}
	letters := []rune(lower)
	slices.Sort(letters)
	if len(slices.Compact(letters)) < 5 {
		return "密码重复的字符太多，请至少使用 5 种不同的字符"
	}
	stem := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	for line := range strings.Lines(common) {
		if word := strings.TrimSpace(line); !strings.HasPrefix(word, "#") && (word == lower || word == stem) {
			return "这个密码太常见，容易被猜到，请换一个"
		}
	}
	if sequence(lower) {
		return "密码不能是连续的数字或字母"
	}
	return ""
}

// sequence reports whether all characters follow one another: 0123456789, jihgfedcba.
func sequence(s string) bool {
	r := []rune(s)
	step := r[1] - r[0]
	if step != 1 && step != -1 {
		return false
	}
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d != step && d != -9*step { // 9 is followed by 0
			return false
		}
	}
	return true
}

// temporary makes a first password that is easy to read out.
func temporary() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789" // none that looks like another
	b := make([]byte, 14)
	raw := make([]byte, 1)
	for i := 0; i < len(b); {
		_, _ = rand.Read(raw)
		if int(raw[0]) < len(letters)*(256/len(letters)) { // no letter more likely than another
			b[i] = letters[int(raw[0])%len(letters)]
			i++
		}
	}
	return fmt.Sprintf("%s-%s-%s", b[:4], b[4:9], b[9:])
}

func refused(field, text string) error { return fault.Fields{field: text}.Err() }
