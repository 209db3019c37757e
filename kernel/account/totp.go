package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// period is how long one code holds, in seconds; a code of the period before or
// after is taken too, for clocks that go wrong.
const period = 30

// newTOTP makes a secret and the address that authenticator apps read from a QR code.
func newTOTP(issuer, login string) (secret, uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: login, Period: period, SecretSize: 20})
	if err != nil {
		return "", "", fmt.Errorf("make a TOTP secret: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// step returns the period to which code belongs around now, or 0. It never
// returns last or an earlier one: a code is taken once.
func step(secret, code string, now time.Time, last int64) (int64, error) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / period
	var found int64
	for _, n := range []int64{at - 1, at, at + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(n), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("compute a TOTP code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && n > last {
			found = n
		}
	}
	return found, nil
}

// recoveryCodes makes n codes of 80 bits for when the phone is lost, and what is kept of them.
func recoveryCodes(n int) (codes, hashes []string) {
	for range n {
		raw := make([]byte, 10)
		_, _ = rand.Read(raw)
		text := strings.ToLower(base32.StdEncoding.EncodeToString(raw)) // 16 characters
		code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		codes, hashes = append(codes, code), append(hashes, recoveryHash(code))
	}
	return codes, hashes
}

// recoveryHash is what is kept of a recovery code: with 80 bits of chance a
// slow hash would add nothing.
func recoveryHash(code string) string {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// isRecovery tells a recovery code from the six digits of an app.
func isRecovery(code string) bool {
	return len(strings.NewReplacer("-", "", " ", "").Replace(code)) == 16
}
