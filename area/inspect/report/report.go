// Package report writes down what an inspection found: report.html for people,
// findings.xlsx for those who mend, bulletin.docx for the office and report.json
// for programs. All that came from the site is taken for hostile: no file of a
// report runs, computes or loads anything of it.
package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gongkai/area/inspect/fact"
)

// Names of the files that Write leaves; ProofFolder holds copies of pages,
// PictureFolder pictures of them.
const (
	PageFile      = "report.html"
	SheetFile     = "findings.xlsx"
	BulletinFile  = "bulletin.docx"
	DataFile      = "report.json"
	ProofFolder   = "proof"
	PictureFolder = "pictures"
)

// Extra is what a report needs beside the run itself.
type Extra struct {
	Before *fact.Report                      // last round, nil = none; its findings' At is the day they were first seen
	Proof  func(hash string) ([]byte, error) // body of a kept page or picture; nil = no copies are written
	Now    time.Time                         // when the report is written
	Secret bool                              // findings of WEB-11 stand in report.json in full; the other files never show them
}

// Write leaves the files of a run in a folder, which is made where it is
// missing. Files of a run before are replaced once all of the new ones are
// written: a failure leaves the old ones as they were.
func Write(dir string, r *fact.Report, x Extra) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	proofs, err := writeProofs(dir, r, x)
	if err != nil {
		return err
	}
	secret := fs.FileMode(0o644)
	if x.Secret {
		secret = 0o600
	}
	var done []*os.File
	defer func() {
		for _, f := range done { // those that were renamed are no longer there
			_ = os.Remove(f.Name())
		}
	}()
	files := []struct {
		name  string
		mode  fs.FileMode
		write func(io.Writer) error
	}{
		{DataFile, secret, func(w io.Writer) error { return JSON(w, r, x) }},
		{SheetFile, 0o644, func(w io.Writer) error { return Excel(w, r, x) }},
		{BulletinFile, 0o644, func(w io.Writer) error { return Bulletin(w, r, x) }},
		{PageFile, 0o644, func(w io.Writer) error { return page(w, r, x, proofs) }},
	}
	for _, file := range files {
		f, err := temporary(dir, file.name, file.mode, file.write)
		if err != nil {
			return err
		}
		done = append(done, f)
	}
	for i, file := range files {
		if err := os.Rename(done[i].Name(), filepath.Join(dir, file.name)); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return proofs.sweep(dir)
}

// temporary writes a file beside the one it will replace and closes it.
func temporary(dir, name string, mode fs.FileMode, write func(io.Writer) error) (*os.File, error) {
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	to := bufio.NewWriterSize(f, 1<<16)
	err = write(to)
	err = errors.Join(err, to.Flush(), f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		_ = os.Remove(f.Name())
		return nil, fmt.Errorf("report: write %s: %w", name, err)
	}
	return f, nil
}

// Last is the run that a folder's report.json tells of, for Extra.Before; nil
// when there is none.
func Last(dir string) (*fact.Report, error) {
	f, err := os.Open(filepath.Join(dir, DataFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	defer f.Close()
	return Read(f)
}
