package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gongkai/area/inspect/fact"
)

// What is copied of pictures that were taken of pages.
const (
	mostPictures = 100
	mostPicture  = 2 << 20 // bytes of one
)

// jpegStart is how a JPEG begins; what is kept under a picture's hash and begins
// otherwise is none.
var jpegStart = []byte{0xff, 0xd8, 0xff}

// pictureFile is the name of a picture in its folder.
func pictureFile(hash string) string { return hash + ".jpg" }

// writePictures copies the pictures that findings name. That of a page which a
// secret finding names is never copied (WEB-11).
func (p *proofs) writePictures(dir string, v *view, x Extra) error {
	if x.Proof == nil {
		return nil
	}
	banned := map[string]bool{}
	for _, f := range v.all {
		if secret(f) {
			banned[f.Picture] = true
		}
	}
	folder := filepath.Join(dir, PictureFolder)
	for _, f := range v.shown {
		hash := f.Picture
		if banned[hash] || p.pictures[hash] || !wrong(f) || !hashName.MatchString(hash) || len(p.pictures) >= mostPictures {
			continue
		}
		body, err := x.Proof(hash)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return fmt.Errorf("report: picture %s: %w", hash, err)
		}
		if !bytes.HasPrefix(body, jpegStart) || len(body) > mostPicture {
			continue
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("report: %w", err)
		}
		file, err := temporary(folder, pictureFile(hash), 0o644, func(w io.Writer) error {
			_, err := w.Write(body)
			return err
		})
		if err != nil {
			return err
		}
		if err := os.Rename(file.Name(), filepath.Join(folder, pictureFile(hash))); err != nil {
			return fmt.Errorf("report: %w", err)
		}
		p.pictures[hash] = true
	}
	return nil
}

// picture is the address of a finding's picture inside the folder; "" = none.
func (p *proofs) picture(f *fact.Finding) string {
	if p == nil || !p.pictures[f.Picture] {
		return ""
	}
	return PictureFolder + "/" + pictureFile(f.Picture)
}

// sweep takes away the copies that a run before left and this one does not need.
func (p *proofs) sweep(dir string) error {
	return errors.Join(
		sweep(filepath.Join(dir, ProofFolder), ".html", p.pages),
		sweep(filepath.Join(dir, PictureFolder), ".jpg", p.pictures),
	)
}

func sweep(folder, ending string, needed map[string]bool) error {
	list, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	for _, e := range list {
		hash, ok := strings.CutSuffix(e.Name(), ending)
		if ok && hashName.MatchString(hash) && !needed[hash] {
			if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
				return fmt.Errorf("report: %w", err)
			}
		}
	}
	return nil
}
