package crawl

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"gongkai/area/inspect/fact"
)

// facts packs a reading.
func (s *Store) facts(r *fact.Reading) ([]byte, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return s2.Encode(nil, b), nil // three times as quick as zstd, which bodies to be kept get
}

func (s *Store) reading(packed []byte) (*fact.Reading, error) {
	if packed == nil {
		return nil, nil
	}
	b, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("crawl: a kept reading is damaged: %w", err)
	}
	r := &fact.Reading{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("crawl: a kept reading is damaged: %w", err)
	}
	return r, nil
}

func (s *Store) keptFile(hash string) string {
	return filepath.Join(s.dir, "kept", hash[:2], hash+".zst")
}

// hashBytes is the short form of a hash.
func hashBytes(hash string) []byte {
	b, err := hex.DecodeString(hash)
	if err != nil { // cannot be: hashes are made here or were looked at
		return nil
	}
	return b
}

// keep stores a file under its hash; one that is there already is left alone.
func (s *Store) keep(hash string, body []byte) error {
	name := s.keptFile(hash)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return fmt.Errorf("crawl: keep: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "new-*")
	if err != nil {
		return fmt.Errorf("crawl: keep: %w", err)
	}
	_, err = f.Write(s.pack.EncodeAll(body, nil))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("crawl: keep: %w", err)
	}
	return nil
}

// Keep stores what came by another way than the crawl, such as the picture of a
// page, and returns the hash by which Kept gives it back.
func (s *Store) Keep(body []byte) (hash string, err error) {
	hash = Hash(body)
	return hash, s.keep(hash, body)
}

// Kept returns a kept body by its hash (fact.Page.Hash); fs.ErrNotExist when it
// was not kept.
func (s *Store) Kept(hash string) ([]byte, error) {
	if len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("crawl: %q is no hash", hash)
	}
	var b []byte
	err := s.read.QueryRow(`select packed from body where hash = ?`, hashBytes(hash)).Scan(&b)
	if err != nil { // no page, or the folder of an earlier version
		b, err = os.ReadFile(s.keptFile(hash))
	}
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	d, err := zstd.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	defer d.Close()
	return io.ReadAll(d)
}
