package store_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// filesContract is what every Files must keep.
func filesContract(t *testing.T, files store.Files) {
	ctx := t.Context()
	put := func(text string) store.Ref {
		t.Helper()
		ref, err := files.Put(ctx, strings.NewReader(text), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	t.Run("what was put comes back, whole and in parts", func(t *testing.T) {
		ref := put("政务公开工作要点")
		if ref.Size != 24 || ref.Hash != "9ea4f5850a26da5d43ab322d3e8165667a89d9b0820735fc88976346a6c2b943" {
			t.Fatal(ref)
		}
		f, err := files.Open(ctx, ref.Hash)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		all, err := io.ReadAll(f)
		if err != nil || string(all) != "政务公开工作要点" {
			t.Fatal(string(all), err)
		}
		if _, err := f.Seek(6, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		six := make([]byte, 6)
		if _, err := io.ReadFull(f, six); err != nil || string(six) != "公开" {
			t.Fatal(string(six), err)
		}
		if _, err := f.ReadAt(six, 12); err != nil || string(six) != "工作" {
			t.Fatal(string(six), err)
		}
		if err := store.Check(ctx, files, ref); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("the same bytes are one file, also when put at once", func(t *testing.T) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if _, err := files.Put(ctx, strings.NewReader("twice"), 10); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		n := 0
		if err := files.Each(ctx, func(store.Ref) error { n++; return nil }); err != nil || n != 2 {
			t.Fatal(n, err)
		}
	})
	t.Run("empty and exactly the limit are kept, one more is refused", func(t *testing.T) {
		if ref, err := files.Put(ctx, strings.NewReader(""), 0); err != nil || ref.Size != 0 {
			t.Fatal(ref, err)
		}
		if _, err := files.Put(ctx, strings.NewReader("12345"), 5); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Put(ctx, strings.NewReader("123456"), 5); !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	})
	t.Run("a large file", func(t *testing.T) {
		large := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
		ref, err := files.Put(ctx, bytes.NewReader(large), 1<<30)
		if err != nil || ref.Size != 20<<20 {
			t.Fatal(ref, err)
		}
		if err := store.Check(ctx, files, ref); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a reader that breaks leaves nothing", func(t *testing.T) {
		boom := errors.New("boom")
		if _, err := files.Put(ctx, io.MultiReader(strings.NewReader("half"), broken{boom}), 100); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if _, ok, err := files.Has(ctx, put("half").Hash); !ok || err != nil {
			t.Fatal(ok, err)
		}
	})
	t.Run("what is not there is NotFound, whatever the name", func(t *testing.T) {
		for _, hash := range []string{strings.Repeat("0", 64), "", "../../etc/passwd", strings.Repeat("Z", 64)} {
			if _, err := files.Open(ctx, hash); !fault.Is(err, fault.NotFound) {
				t.Fatal(hash, err)
			}
			if _, ok, err := files.Has(ctx, hash); ok || err != nil {
				t.Fatal(hash, ok, err)
			}
		}
	})
	t.Run("removed is gone, again is no error", func(t *testing.T) {
		ref := put("personal")
		for range 2 {
			if err := files.Remove(ctx, ref.Hash); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, _ := files.Has(ctx, ref.Hash); ok {
			t.Fatal("still there")
		}
	})
	t.Run("listed in the order of their names", func(t *testing.T) {
		var names []string
		if err := files.Each(ctx, func(ref store.Ref) error { names = append(names, ref.Hash); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(names) != 6 || !slices.IsSorted(names) {
			t.Fatal(names)
		}
		stop := errors.New("stop")
		if err := files.Each(ctx, func(store.Ref) error { return stop }); !errors.Is(err, stop) {
			t.Fatal(err)
		}
	})
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	files, err := store.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	filesContract(t, files)
	t.Run("no part is left behind", func(t *testing.T) {
		parts, err := os.ReadDir(filepath.Join(dir, "part"))
		if err != nil || len(parts) != 0 {
			t.Fatal(parts, err)
		}
	})
	t.Run("a damaged file is told", func(t *testing.T) {
		ref, err := files.Put(t.Context(), strings.NewReader("whole"), 10)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, ref.Hash[:2], ref.Hash[2:4], ref.Hash)
		if err := errors.Join(os.Chmod(path, 0o640), os.WriteFile(path, []byte("wholE"), 0o640)); err != nil {
			t.Fatal(err)
		}
		if err := store.Check(t.Context(), files, ref); err == nil {
			t.Fatal("not told")
		}
	})
}
