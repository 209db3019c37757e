package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"

	"gongkai/kernel/fault"
)

// Ref names a stored file by what is in it.
type Ref struct {
	Hash string // SHA-256, 64 hexadecimal digits, lower case
	Size int64  // bytes
}

// Files keeps files by their content: the same bytes are kept once, a file
// never changes, and its name proves it. SHA-256, not SM3, because every
// machine can recompute it with its own tools (sha256sum) and processors do it
// in hardware; what must be SM3 by rule, the audit chain, holds this name.
//
// A row that names a file is written after Put returned, so a file may be
// there without a row but never a row without its file.
type Files interface {
	// Put keeps all of r, durably. More than limit bytes are a fault.Invalid
	// and nothing is kept.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)
	// Open returns the content; a file that is not there is fault.NotFound.
	Open(ctx context.Context, hash string) (Content, error)
	// Has reports whether the file is there, and its size.
	Has(ctx context.Context, hash string) (Ref, bool, error)
	// Remove deletes the file for good, when its retention has ended. One that
	// is not there is no error.
	Remove(ctx context.Context, hash string) error
	// Each calls fn for every file there is, in the order of their hashes.
	Each(ctx context.Context, fn func(Ref) error) error
}

// Content is a file opened for reading, also in parts.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

var hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func noFile(cause error) error {
	return fault.Wrap(cause, fault.NotFound, "没有找到这个文件，可能已按保存期限删除")
}

// errNoHash is for a name that no Put ever returned.
var errNoHash = errors.New("store: not a file's hash")

// Check reads the whole file and reports whether it still is what it was.
func Check(ctx context.Context, files Files, ref Ref) error {
	f, err := files.Open(ctx, ref.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return fmt.Errorf("read file %s: %w", ref.Hash, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != ref.Hash || n != ref.Size {
		return fmt.Errorf("file %s of %d bytes is damaged: now %s of %d bytes", ref.Hash, ref.Size, got, n)
	}
	return nil
}

// intake copies r to w, hashing, and refuses more than limit bytes.
func intake(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Ref, error) {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), &bounded{ctx, r, limit})
	if err != nil {
		return Ref{}, err
	}
	return sum(h, n), nil
}

func sum(h hash.Hash, n int64) Ref { return Ref{Hash: hex.EncodeToString(h.Sum(nil)), Size: n} }

// bounded ends with an error after limit bytes or with its context.
type bounded struct {
	ctx   context.Context
	r     io.Reader
	limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if b.limit -= int64(n); b.limit < 0 {
		return 0, fault.New(fault.Invalid, "文件太大，请压缩或拆分后再上传")
	}
	return n, err
}
