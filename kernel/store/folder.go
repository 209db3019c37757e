package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a Files on a local disk: DIR/ab/cd/abcd…
type Folder struct{ dir string }

// NewFolder makes dir when absent.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, "part"), 0o750); err != nil {
		return nil, fmt.Errorf("make the files folder: %w", err)
	}
	return &Folder{dir}, nil
}

func (f *Folder) path(hash string) string { return filepath.Join(f.dir, hash[:2], hash[2:4], hash) }

// Put writes beside, makes the bytes durable, and only then gives the file its name.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (ref Ref, err error) {
	part, err := os.CreateTemp(filepath.Join(f.dir, "part"), "put-")
	if err != nil {
		return Ref{}, DiskFault(err)
	}
	defer func() {
		_ = part.Close()
		if err != nil {
			_ = os.Remove(part.Name())
		}
	}()
	if ref, err = intake(ctx, part, r, limit); err != nil {
		return Ref{}, DiskFault(err)
	}
	if has, ok, err := f.Has(ctx, ref.Hash); err != nil || ok && has.Size == ref.Size {
		return ref, errors.Join(err, os.Remove(part.Name()))
	}
	if err = part.Chmod(0o440); err != nil {
		return Ref{}, err
	}
	if err = part.Sync(); err != nil {
		return Ref{}, DiskFault(err)
	}
	path := f.path(ref.Hash)
	if err = os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return Ref{}, DiskFault(err)
	}
	if err = os.Rename(part.Name(), path); err != nil {
		return Ref{}, DiskFault(err)
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) { // the names must last too
		if err = syncDir(dir); err != nil {
			return Ref{}, DiskFault(err)
		}
		if dir == filepath.Clean(f.dir) {
			return ref, nil
		}
	}
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Files.
func (f *Folder) Open(_ context.Context, hash string) (Content, error) {
	if !hashPattern.MatchString(hash) {
		return nil, noFile(errNoHash)
	}
	file, err := os.Open(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noFile(err)
	}
	if err != nil {
		return nil, DiskFault(err)
	}
	return file, nil
}

// Has implements Files.
func (f *Folder) Has(_ context.Context, hash string) (Ref, bool, error) {
	if !hashPattern.MatchString(hash) {
		return Ref{}, false, nil
	}
	info, err := os.Stat(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return Ref{}, false, nil
	}
	if err != nil {
		return Ref{}, false, DiskFault(err)
	}
	return Ref{hash, info.Size()}, true, nil
}

// Remove implements Files.
func (f *Folder) Remove(_ context.Context, hash string) error {
	if !hashPattern.MatchString(hash) {
		return errNoHash
	}
	err := os.Remove(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return DiskFault(err)
	}
	return DiskFault(syncDir(filepath.Dir(f.path(hash))))
}

// Each implements Files.
func (f *Folder) Each(ctx context.Context, fn func(Ref) error) error {
	return filepath.WalkDir(f.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // removed, or a part finished, meanwhile
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() || !hashPattern.MatchString(e.Name()) {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(Ref{e.Name(), info.Size()})
	})
}
