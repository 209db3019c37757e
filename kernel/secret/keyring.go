package secret

import (
	"bufio"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Keyring holds the keys of one installation: SM4 keys, of which the last seals
// and all open, and one key for blind indexes, which does not change because
// the indexes could not be found again. It is a file outside the database, and
// without it no backup can be read:
//
//	k1 0123456789abcdef0123456789abcdef
//	k2 …
//	index …
//
// A ring is not changed once loaded, and safe for concurrent use.
type Keyring struct {
	keys    map[string]cipher.AEAD
	current string // id of the key that seals
	index   []byte
}

const keyBytes = 16

var keyName = regexp.MustCompile(`^k[1-9][0-9]*$`)

// Create makes a keyring file with a first key. An existing file is never
// touched: losing it would lose the data.
func Create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the keyring: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the keyring: %w", err)
	}
	_, err = fmt.Fprintf(f, "k1 %s\nindex %s\n", randomKey(), randomKey())
	return errors.Join(err, f.Sync(), f.Close())
}

// Load reads a keyring file. One that others may read is refused.
func Load(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(err, fault.Unavailable, "找不到密钥文件 "+path+"，没有它无法读取个人信息；请从密钥备份中恢复")
	}
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.Newf(fault.Unavailable, "密钥文件 %s 的权限是 %04o，其他用户可以读取；请执行 chmod 600 %[1]s", path, info.Mode().Perm())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ring := &Keyring{keys: map[string]cipher.AEAD{}}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if err := ring.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("keyring %s, line %d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if ring.current == "" || ring.index == nil {
		return nil, fault.Newf(fault.Unavailable, "密钥文件 %s 不完整，请从密钥备份中恢复", path)
	}
	return ring, nil
}

func (r *Keyring) line(text string) error {
	name, value, ok := strings.Cut(strings.TrimSpace(text), " ")
	if name == "" || strings.HasPrefix(name, "#") {
		return nil
	}
	key, err := hex.DecodeString(strings.TrimSpace(value))
	switch {
	case !ok || err != nil || len(key) != keyBytes:
		return errors.New("want a name and 32 hexadecimal digits")
	case name == "index":
		r.index = key
		return nil
	case !keyName.MatchString(name):
		return fmt.Errorf("unknown name %q", name)
	case r.keys[name] != nil:
		return fmt.Errorf("%s stands twice", name)
	}
	block, err := sm4.NewCipher(key)
	if err != nil {
		return err
	}
	r.keys[name], err = cipher.NewGCM(block)
	r.current = name
	return err
}

// AddKey appends a new key to a keyring file; it seals from the next Load on.
// What older keys sealed stays readable until Rotate has gone over it.
func AddKey(path string) (name string, err error) {
	ring, err := Load(path)
	if err != nil {
		return "", err
	}
	last := 0 // not the count: keys of expired backups may have been taken out
	for old := range ring.keys {
		n, _ := strconv.Atoi(old[1:]) // keyName has seen it
		last = max(last, n)
	}
	name = fmt.Sprintf("k%d", last+1)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	// The file may have been edited by hand and not end with a line's end.
	_, err = fmt.Fprintf(f, "\n%s %s\n", name, randomKey())
	return name, errors.Join(err, f.Sync(), f.Close())
}

func randomKey() string {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails: it stops the program instead
	return hex.EncodeToString(key)
}

// Place names where a sealed text stands. It is bound to the text, so that a
// sealed value moved to another row or column does not open.
func Place(table, column string, row id.ID) string { return table + "/" + column + "/" + string(row) }

// Seal encrypts a text for its place with SM4-GCM. Nothing stays nothing, so
// that an empty field is seen as empty.
func (r *Keyring) Seal(t Text, place string) (string, error) {
	if t == "" {
		return "", nil
	}
	aead := r.keys[r.current]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(t)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return r.current + "." + base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(t), []byte(place))), nil
}

// Open decrypts what Seal made for the same place. A changed or misplaced value
// and one whose key is missing are errors that name the place, never the value.
func (r *Keyring) Open(sealed, place string) (Text, error) {
	if sealed == "" {
		return "", nil
	}
	name, body, ok := strings.Cut(sealed, ".")
	aead := r.keys[name]
	if !ok || aead == nil {
		return "", fmt.Errorf("secret: %s: no key %q in the keyring", place, name)
	}
	raw, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", fmt.Errorf("secret: %s: damaged", place)
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(place))
	if err != nil {
		return "", fmt.Errorf("secret: %s: damaged or moved: %w", place, err)
	}
	return Text(plain), nil
}

// Index is a blind index: equal texts of one table and column have equal
// indexes, and nobody without the keyring can tell of which text. HMAC-SM3, in
// hexadecimal; "" for nothing.
func (r *Keyring) Index(t Text, table, column string) string {
	if t == "" {
		return ""
	}
	mac := hmac.New(sm3.New, r.index)
	mac.Write([]byte(table + "/" + column + "/" + string(t)))
	return hex.EncodeToString(mac.Sum(nil))
}
