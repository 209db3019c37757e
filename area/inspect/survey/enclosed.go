package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/fault"
	"gongkai/kernel/inorder"
)

// Bounds of what is read of the files that a site hands out, in a run.
const (
	mostFile   = 20 << 20        // bytes of one
	mostFiles  = 2000            // of them
	mostBytes  = 2 << 30         // of all that were fetched
	filesTime  = 5 * time.Minute // for reading and checking them
	fileTime   = 15 * time.Second
	fileMemory = 128 << 20 // bytes that one may unpack to
	fileNotes  = 10        // files named one by one that were not read, for each reason
)

// enclosures decides during a crawl which files are kept so that their words can be
// checked.
type enclosures struct{ files, bytes atomic.Int64 }

func (e *enclosures) keep(p *fact.Page) bool {
	if !onpage.Enclosure(p) || p.Size > mostFile {
		return false
	}
	size := p.Size
	if size == 0 { // the server does not say
		size = 1 << 20
	}
	return e.files.Add(1) <= mostFiles && e.bytes.Add(size) <= mostBytes
}

// enclosed checks the files that were kept: what their words say and what is hidden
// in them. What was not checked it says in notes, in Chinese. A file at which a
// reader stumbles costs that file, not the run.
func (c *Config) enclosed(ctx context.Context, store *crawl.Store, looker *onpage.Looker) ([]fact.Finding, []string, error) {
	var files []*fact.Page
	var left unread
	err := store.Files(ctx, func(p *fact.Page) error {
		switch {
		case !onpage.Enclosure(p) || p.Size == 0 && p.Note == "": // an empty file others tell of
		case p.Size > mostFile:
			left.add(p.URL, "文件超过 20 MB")
		case len(files) >= mostFiles:
			left.add(p.URL, fmt.Sprintf("附件超过 %d 个", mostFiles))
		default:
			files = append(files, p)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		return nil, left.notes(), err
	}
	on, err := handedOutBy(ctx, store, files)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	files = slices.DeleteFunc(files, func(p *fact.Page) bool {
		again := seen[p.Hash] && p.Hash != "" // the same file under another address
		seen[p.Hash] = true
		return again
	})
	var out []fact.Finding
	end := c.Crawl.Clock.Now().Add(filesTime)
	err = inorder.Do(slices.Values(files), atOnce, atOnce, func(p *fact.Page) (r readFile) {
		if c.Crawl.Clock.Now().After(end) {
			r.why = fmt.Sprintf("检查附件的时间超过 %d 分钟", int(filesTime.Minutes()))
			return r
		}
		var data []byte
		if p.Hash != "" {
			if data, r.err = store.Kept(p.Hash); errors.Is(r.err, fs.ErrNotExist) {
				r.err = nil
			}
		}
		if r.err != nil || data == nil {
			r.why = cmp.Or(p.Note, "没有下载")
			return r
		}
		r.read = true
		r.hits, r.why, r.err = c.readEnclosure(ctx, p, on[p.URL], data)
		return r
	}, func(p *fact.Page, r readFile) error {
		page := on[p.URL]
		switch {
		case r.err != nil:
			return r.err
		case r.read && (strings.Contains(r.why, "密码") || strings.Contains(r.why, "损坏")):
			out = append(out, looker.Locked(p, page, r.why))
		case r.why != "":
			left.add(p.URL, r.why)
		}
		if r.read {
			out = append(out, looker.Enclosed(p, page, r.hits)...)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return out, left.notes(), nil
}

// readFile is what came of a file.
type readFile struct {
	hits []onpage.Hit
	why  string // Chinese, what kept its words from being read
	read bool   // its bytes were looked at
	err  error
}

// atOnce is how many files are read at the same time.
const atOnce = 2

// readEnclosure reads and checks one file; why says in Chinese what kept its words
// from being read.
func (c *Config) readEnclosure(ctx context.Context, p, on *fact.Page, data []byte) (hits []onpage.Hit, why string, err error) {
	defer func() {
		if v := recover(); v != nil {
			hits, why, err = nil, strange, nil
		}
	}()
	name := onpage.EnclosureName(p)
	docs := c.Documents
	docs.Limits.Unpacked, docs.Limits.Time = fileMemory, fileTime
	t, err := check.Read(ctx, docs, name, data)
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		t, why = nil, reason(err, name)
	default:
		t.Today = calendar.Of(c.T0)
		if on != nil && on.Read != nil && !on.Read.Published.IsZero() {
			t.Date = calendar.Of(on.Read.Published)
		}
	}
	hits, err = onpage.CheckEnclosure(ctx, c.Engine, name, data, t)
	if err != nil && ctx.Err() == nil {
		return nil, cmp.Or(why, strange), nil
	}
	return hits, why, err
}

// reason is the first sentence of what a reader of files says, without the file's name.
func reason(err error, name string) string {
	text := fault.Text(err)
	if text == "" {
		return strange
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "文件「"+name+"」"), "这个文件")
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "里"), "。")
	return text
}

// strange is the reason where a reader stumbled.
const strange = "内容异常，程序读不了"

// handedOutBy finds for each file, by its address, the page that hands it out: not
// the address that only sends on to it.
func handedOutBy(ctx context.Context, store *crawl.Store, files []*fact.Page) (map[string]*fact.Page, error) {
	from := map[string]string{} // file → address
	for _, p := range files {
		from[p.URL] = p.Referrer
	}
	out := map[string]*fact.Page{}
	for range 4 { // steps from one address to the next
		wanted := map[string][]string{}
		for file, address := range from {
			if address != "" {
				wanted[address] = append(wanted[address], file)
			}
		}
		if len(wanted) == 0 {
			break
		}
		var list []string
		for address := range wanted {
			list = append(list, address)
		}
		slices.Sort(list)
		from = map[string]string{}
		err := store.Some(ctx, list, func(p *fact.Page) error {
			short := *p
			if p.Read != nil { // some words of each, not the whole of thousands of pages
				short.Read = &fact.Reading{Kind: p.Read.Kind, Heading: p.Read.Heading, Published: p.Read.Published}
			}
			for _, file := range wanted[p.URL] {
				if p.Read != nil {
					out[file] = &short
				} else {
					from[file] = p.Referrer
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unread are the files that were not read, by reason.
type unread struct {
	reasons []string
	files   map[string][]string
}

func (u *unread) add(address, why string) {
	if u.files == nil {
		u.files = map[string][]string{}
	}
	if u.files[why] == nil {
		u.reasons = append(u.reasons, why)
	}
	u.files[why] = append(u.files[why], address)
}

// notes are the lines for the report.
func (u *unread) notes() (out []string) {
	for _, why := range u.reasons {
		list := u.files[why]
		for _, address := range list[:min(len(list), fileNotes)] {
			out = append(out, "附件的文字没有检查（"+why+"）："+address)
		}
		if n := len(list) - fileNotes; n > 0 {
			out = append(out, fmt.Sprintf("另有 %d 个附件的文字没有检查（%s）", n, why))
		}
	}
	return out
}
