package plan

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/area/plan/reader"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// maxFile is the size of the largest file of a plan.
const maxFile = 20 << 20

// ImportFile reads a file of any kind that document can read and keeps what was
// understood as a draft. doubts is how many questions it has for a person. Errors
// are faults that say what is wrong with the file; nothing is kept then.
func (s *Service) ImportFile(ctx context.Context, who org.Actor, name string, data []byte) (draft id.ID, doubts int, err error) {
	return s.importFile(ctx, who, "", name, data)
}

// ReviseFile reads a new version of an issued plan, to be compared with it.
func (s *Service) ReviseFile(ctx context.Context, who org.Actor, plan id.ID, name string, data []byte) (draft id.ID, doubts int, err error) {
	p, err := getPlan(ctx, s.k.DB.Read, plan)
	if err != nil {
		return "", 0, err
	}
	if !p.Ended.IsZero() {
		return "", 0, fault.Newf(fault.Conflict, "%d年的任务分工已于%s办结，不能再导入新版本", p.Year, p.Ended.Chinese())
	}
	return s.importFile(ctx, who, plan, name, data)
}

func (s *Service) importFile(ctx context.Context, who org.Actor, plan id.ID, name string, data []byte) (id.ID, int, error) {
	name = tidy(name)
	switch {
	case len(data) == 0:
		return "", 0, fault.Fields{"file": "文件是空的，请确认选对了文件"}.Err()
	case len(data) > maxFile:
		return "", 0, fault.Fields{"file": fmt.Sprintf("文件超过%d MB，请删去图片等附件后再试", maxFile>>20)}.Err()
	case utf8.RuneCountInString(name) > 200:
		name = cut(name, 200)
	}
	doc, err := s.k.Documents.ReadBytes(ctx, name, data)
	if err != nil {
		return "", 0, err
	}
	scrub(doc)
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return "", 0, err
	}
	reading, err := reader.Read(doc, reader.Options{Directory: known{dir}})
	if err != nil {
		return "", 0, err
	}
	sheet := understand(reading, dir)
	if _, n, _ := sheet.Counts(); n > maxItems {
		return "", 0, fault.Newf(fault.Invalid, "读出%d项任务，超过%d项，请确认这是一份任务分工", n, maxItems)
	}
	if _, _, n := sheet.Counts(); n > maxMeasures {
		return "", 0, fault.Newf(fault.Invalid, "读出%d条举措，超过%d条，请确认这是一份任务分工", n, maxMeasures)
	}
	ref, err := s.k.Files.Put(ctx, bytes.NewReader(data), maxFile)
	if err != nil {
		return "", 0, fmt.Errorf("keep an imported file: %w", err)
	}
	d := Draft{ID: id.New(), Plan: plan, Name: name, Hash: ref.Hash, Size: ref.Size, Format: doc.Format, Document: *doc,
		State: DraftOpen, Cursor: 1, Version: 1, By: who.Person, ByName: who.Name}
	return d.ID, sheet.Open(), s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d.At = tx.Now
		if err := insertDraft(ctx, tx, d); err != nil {
			return fmt.Errorf("keep a draft: %w", err)
		}
		first := DraftStep{Draft: d.ID, N: 1, Shows: 1, What: "读取文件", By: who.Person, ByName: who.Name, At: tx.Now}
		if err := insertStep(ctx, tx, first, &sheet); err != nil {
			return fmt.Errorf("keep a draft: %w", err)
		}
		return s.record(ctx, tx, who, "plan.import", "draft", d.ID, "导入《"+name+"》")
	})
}

// scrub takes out what PostgreSQL keeps in no text; characters keep their places.
func scrub(doc *document.Document) {
	clean := func(p *document.Paragraph) {
		if strings.ContainsRune(p.Text, 0) {
			p.Text = strings.ReplaceAll(p.Text, "\x00", " ")
		}
	}
	doc.Title = strings.ReplaceAll(doc.Title, "\x00", "")
	for _, b := range doc.Blocks {
		if b.Para != nil {
			clean(b.Para)
		}
		if b.Table != nil {
			for i := range b.Table.Cells {
				for j := range b.Table.Cells[i].Paras {
					clean(&b.Table.Cells[i].Paras[j])
				}
			}
		}
	}
}

// Drafts lists the open drafts, the newest first, without their documents.
func (s *Service) Drafts(ctx context.Context) ([]Draft, error) {
	return drafts(ctx, s.k.DB.Read, DraftOpen)
}

// Draft returns a draft and the sheet it shows now.
func (s *Service) Draft(ctx context.Context, key id.ID) (Draft, Sheet, error) {
	d, err := getDraft(ctx, s.k.DB.Read, key, true)
	if err != nil {
		return d, Sheet{}, err
	}
	sheet, err := sheetOf(ctx, s.k.DB.Read, key, d.Cursor)
	return d, sheet, err
}

// History lists what was done to a draft after a version of it, the newest first.
func (s *Service) History(ctx context.Context, draft id.ID, after int64) ([]DraftStep, error) {
	return draftSteps(ctx, s.k.DB.Read, draft, after)
}

// EditDraft makes a correction in the version of a draft that the person saw; one
// that is older is a Conflict. With alias the answer to "who is this?" is
// remembered in the directory. It returns the sheet as it is now.
func (s *Service) EditDraft(ctx context.Context, who org.Actor, draft id.ID, version int64, e Edit, alias bool) (Sheet, error) {
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return Sheet{}, err
	}
	var after Sheet
	err = s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := openDraft(ctx, tx, draft, version)
		if err != nil {
			return err
		}
		sheet, err := sheetOf(ctx, tx, draft, d.Cursor)
		if err != nil {
			return err
		}
		var what string
		if after, what, err = sheet.Apply(e, dir); err != nil {
			return err
		}
		if alias && e.Op == OpAnswer {
			if err := s.remember(ctx, tx, who, sheet, e); err != nil {
				return err
			}
		}
		st := DraftStep{N: d.Version + 1, Shows: d.Version + 1, Before: d.Cursor, What: what}
		return s.step(ctx, tx, who, d, st, &after)
	})
	return after, err
}

// remember makes the name that was answered an alias of the one unit or group it
// means; several units without a group have no common name to keep.
func (s *Service) remember(ctx context.Context, tx *store.Tx, who org.Actor, sheet Sheet, e Edit) error {
	n, _ := sheet.name(e.Key)
	target := e.Group
	if target == "" && len(e.Units) == 1 {
		target = e.Units[0]
	}
	if n == nil || target == "" {
		return nil
	}
	return s.k.Org.AddAlias(ctx, tx, who, target, n.Text)
}

// openDraft loads a draft to be changed.
func openDraft(ctx context.Context, tx *store.Tx, key id.ID, version int64) (Draft, error) {
	d, err := getDraft(ctx, tx, key, false)
	switch {
	case err != nil:
		return d, err
	case d.State == DraftIssued:
		return d, fault.New(fault.Conflict, "这份草稿已经下发，不能再修改；如有调整，请在计划中导入新版本")
	case d.State == DraftDropped:
		return d, fault.New(fault.Conflict, "这份草稿已经放弃，请重新导入文件")
	case version != 0 && version != d.Version:
		return d, stale{d}
	}
	return d, nil
}

// stale is the Conflict of an edit in an older version of a draft.
type stale struct{ now Draft }

func (e stale) Error() string { return e.Unwrap().Error() }

// Unwrap is what a person reads.
func (e stale) Unwrap() error {
	return fault.New(fault.Conflict, "其他人刚刚修改了这份草稿，请看过改动再决定是否保存您的修改")
}

// step writes what was done to a draft and moves it on.
func (s *Service) step(ctx context.Context, tx *store.Tx, who org.Actor, d Draft, st DraftStep, sheet *Sheet) error {
	seen := d.Version
	st.Draft, st.By, st.ByName, st.At = d.ID, who.Person, who.Name, tx.Now
	d.Version, d.Cursor = st.N, st.Shows
	if err := updateDraft(ctx, tx, d, seen); err != nil {
		return err
	}
	if err := insertStep(ctx, tx, st, sheet); err != nil {
		return fmt.Errorf("write a step of a draft: %w", err)
	}
	return s.record(ctx, tx, who, "plan.draft", "draft", d.ID, st.What)
}

// Undo shows the sheet before the last correction again.
func (s *Service) Undo(ctx context.Context, who org.Actor, draft id.ID, version int64) error {
	return s.turn(ctx, who, draft, version, func(now DraftStep, all []DraftStep) (int64, string, error) {
		if now.Before == 0 {
			return 0, "", fault.New(fault.Conflict, "已经回到刚读取文件的样子，没有可以撤销的修改")
		}
		return now.Before, "撤销：" + now.What, nil
	})
}

// Redo shows the last correction that was undone.
func (s *Service) Redo(ctx context.Context, who org.Actor, draft id.ID, version int64) error {
	return s.turn(ctx, who, draft, version, func(now DraftStep, all []DraftStep) (int64, string, error) {
		next, ok := redoable(now, all)
		if !ok {
			return 0, "", fault.New(fault.Conflict, "没有可以恢复的修改")
		}
		return next.N, "恢复：" + next.What, nil
	})
}

// redoable is the latest correction of the sheet that is shown; all is the
// newest first.
func redoable(now DraftStep, all []DraftStep) (DraftStep, bool) {
	i := slices.IndexFunc(all, func(st DraftStep) bool { return st.Before == now.N && st.Shows == st.N })
	if i < 0 {
		return DraftStep{}, false
	}
	return all[i], true
}

// turn moves a draft to another of its sheets.
func (s *Service) turn(ctx context.Context, who org.Actor, draft id.ID, version int64, to func(now DraftStep, all []DraftStep) (int64, string, error)) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := openDraft(ctx, tx, draft, version)
		if err != nil {
			return err
		}
		all, err := draftSteps(ctx, tx, draft, 0)
		if err != nil {
			return err
		}
		target, what, err := to(shown(d, all), all)
		if err != nil {
			return err
		}
		return s.step(ctx, tx, who, d, DraftStep{N: d.Version + 1, Shows: target, What: what}, nil)
	})
}

// shown is the step whose sheet a draft shows.
func shown(d Draft, all []DraftStep) DraftStep {
	i := slices.IndexFunc(all, func(st DraftStep) bool { return st.N == d.Cursor })
	if i < 0 {
		return DraftStep{}
	}
	return all[i]
}

// DropDraft puts a draft away; it stays readable.
func (s *Service) DropDraft(ctx context.Context, who org.Actor, draft id.ID, version int64) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := openDraft(ctx, tx, draft, version)
		if err != nil {
			return err
		}
		d.State = DraftDropped
		return s.step(ctx, tx, who, d, DraftStep{N: d.Version + 1, Shows: d.Cursor, What: "放弃草稿"}, nil)
	})
}

// IssueDraft issues the plan that a draft is, or applies it to the plan that it
// is a new version of. While questions are open it refuses, unless the person is
// sure; names that mean no unit are then left out, and said so in the audit
// record. office runs the plan.
func (s *Service) IssueDraft(ctx context.Context, who org.Actor, draft, office id.ID, sure bool) (plan id.ID, err error) {
	err = s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := openDraft(ctx, tx, draft, 0)
		if err != nil {
			return err
		}
		sheet, err := sheetOf(ctx, tx, draft, d.Cursor)
		if err != nil {
			return err
		}
		if n := sheet.Open(); n > 0 && !sure {
			return fault.Newf(fault.Conflict, "还有%d处待核对，请核对完再下发；确认不再核对时请勾选确认", n)
		}
		what := "下发"
		if d.Plan != "" {
			plan, what = d.Plan, "应用到已下发的任务分工"
			err = s.apply(ctx, tx, who, d, sheet)
		} else {
			plan, err = s.issue(ctx, tx, who, office, sheet.Outline(), d.ID)
		}
		if err != nil {
			return err
		}
		if left := sheet.unknown(); len(left) > 0 {
			what += "，未列入不认识的单位：" + cut(strings.Join(left, "、"), 300)
		}
		d.State, d.Plan = DraftIssued, plan
		return s.step(ctx, tx, who, d, DraftStep{N: d.Version + 1, Shows: d.Cursor, What: what}, nil)
	})
	return plan, err
}
