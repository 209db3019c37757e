package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// Form turns what was typed into types and keeps it as typed, so that a refused
// page shows it again. A page's data embeds *Form (or is one) and hands itself to
// the component "field".
type Form struct {
	values  url.Values
	files   map[string][]*multipart.FileHeader
	wrong   fault.Fields // by field
	message string       // about the whole form
	read    error        // why the request's body could not be read
}

// memory is how much of an upload is kept out of temporary files.
const memory = 256 << 10

// Form reads the request's form once. A body that cannot be read or is too large
// gives an empty form whose Err says so.
func (r *Request) Form() *Form {
	if r.form != nil {
		return r.form
	}
	r.form = &Form{values: url.Values{}, wrong: fault.Fields{}}
	err := r.ParseMultipartForm(memory)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil // ParseMultipartForm has called ParseForm before it noticed
	}
	err = store.DiskFault(err) // what is large goes through a temporary file
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		r.form.read = fault.Newf(fault.Invalid, "内容太大，一次最多提交 %s", size(large.Limit))
	case fault.Is(err, fault.Unavailable):
		r.form.read = err
	case err != nil:
		r.form.read = fault.Wrap(err, fault.Invalid, "没有读懂提交的内容，请返回后再提交一次")
	}
	if r.PostForm != nil {
		r.form.values = r.PostForm
	}
	if r.MultipartForm != nil {
		r.form.files = r.MultipartForm.File
	}
	return r.form
}

// Fill makes a form for editing from names and present values: texts, numbers,
// dates, bools, lists of texts or keys.
func Fill(pairs ...any) *Form {
	f := &Form{values: url.Values{}, wrong: fault.Fields{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		switch v := pairs[i+1].(type) {
		case []string:
			f.values[name] = v
		case []id.ID:
			for _, key := range v {
				f.values.Add(name, string(key))
			}
		case bool:
			if v {
				f.values.Set(name, "1")
			}
		default:
			f.values.Set(name, fmt.Sprint(v))
		}
	}
	return f
}

// Value is what stands in a field, as typed.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(name)
}

// Has reports whether value is among those chosen in a field.
func (f *Form) Has(name, value string) bool {
	if f == nil {
		return false
	}
	for _, v := range f.values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// Wrong is the message at a field, or "".
func (f *Form) Wrong(name string) string {
	if f == nil {
		return ""
	}
	return f.wrong[name]
}

// Message is what is wrong with the whole form, or "".
func (f *Form) Message() string {
	if f == nil {
		return ""
	}
	return f.message
}

// Mistake is one line of the summary above a refused form.
type Mistake struct{ Field, Text string }

// Mistakes lists the messages at fields in the order of their names.
func (f *Form) Mistakes() []Mistake {
	if f == nil {
		return nil
	}
	out := make([]Mistake, 0, len(f.wrong))
	for name, text := range f.wrong {
		out = append(out, Mistake{name, text})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

// Err says what could not be read as its type. A handler asks after the last
// field and before anything is saved.
func (f *Form) Err() error {
	if f.read != nil {
		return f.read
	}
	return f.wrong.Err()
}

// Text reads a field without the spaces around it, lines ended by \n.
func (f *Form) Text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.Value(name), "\r\n", "\n"))
}

// Texts reads a field that may stand several times, empty ones left out.
func (f *Form) Texts(name string) []string {
	var out []string
	for _, v := range f.values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Lines reads one value a line, empty lines left out.
func (f *Form) Lines(name string) []string {
	var out []string
	for line := range strings.SplitSeq(f.Text(name), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Date reads 2022-06-17 and what people write by hand: 2022年6月17日, 2022/6/17,
// 2022.6.17. Empty is no day; what is no day of the calendar is a mistake.
func (f *Form) Date(name string) calendar.Date {
	text := f.Text(name)
	if text == "" {
		return calendar.Date{}
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-/.年月日 ", r) })
	if len(parts) == 3 && len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2 {
		d, err := calendar.Parse(fmt.Sprintf("%s-%02s-%02s", parts[0], parts[1], parts[2]))
		if err == nil {
			return d
		}
	}
	f.wrong[name] = "请写成 2022-06-17 这样的日期"
	return calendar.Date{}
}

// Int reads a whole number; empty is 0.
func (f *Form) Int(name string) int {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.wrong[name] = "请只写整数"
	}
	return n
}

// Bool reports whether a box is ticked.
func (f *Form) Bool(name string) bool {
	switch f.Text(name) {
	case "", "0", "false", "off":
		return false
	}
	return true
}

// Key reads one key; empty is none, anything but a key a mistake.
func (f *Form) Key(name string) id.ID {
	keys := f.Keys(name)
	if len(keys) == 0 {
		return ""
	}
	return keys[0]
}

// Keys reads the keys chosen in a field.
func (f *Form) Keys(name string) []id.ID {
	var out []id.ID
	for _, text := range f.Texts(name) {
		key, ok := id.Parse(text)
		if !ok {
			f.wrong[name] = "请重新选择"
			return nil
		}
		out = append(out, key)
	}
	return out
}

// File is an uploaded file. It is gone when the request is answered: copy what
// must stay. Name is the sender's, without folders; what the file is, only its
// content says.
type File struct {
	Name string
	Size int64
	io.ReadSeekCloser
	io.ReaderAt
}

// File opens what was uploaded in a field, at most limit bytes; nil when nothing
// was. The route's Body must allow as much.
func (f *Form) File(name string, limit int64) (*File, error) {
	files, err := f.Files(name, 1, limit)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return files[0], nil
}

// above is a size beyond a limit in words that differ from the limit's.
func above(bytes, limit int64) string {
	if size(bytes) != size(limit) {
		return size(bytes)
	}
	return strconv.FormatInt(bytes, 10) + " 字节"
}

// Files opens up to most files of limit bytes each.
func (f *Form) Files(name string, most int, limit int64) ([]*File, error) {
	if f.read != nil {
		return nil, f.read
	}
	heads := f.files[name]
	if len(heads) > most {
		return nil, f.mistake(name, fmt.Sprintf("一次最多上传 %d 个文件", most))
	}
	var out []*File
	for _, head := range heads {
		if head.Size > limit {
			return nil, f.mistake(name, fmt.Sprintf("文件“%s”有 %s，超过了 %s 的上限", head.Filename, above(head.Size, limit), size(limit)))
		}
		if head.Size == 0 && head.Filename == "" {
			continue
		}
		content, err := head.Open()
		if err != nil {
			return nil, fmt.Errorf("open upload: %w", err)
		}
		out = append(out, &File{path.Base(strings.ReplaceAll(head.Filename, `\`, "/")), head.Size, content, content})
	}
	return out, nil
}

func (f *Form) mistake(name, text string) error {
	f.wrong[name] = text
	return f.wrong.Err()
}

// Clash makes of a Conflict what the second of two editors needs: at each field
// that the first one left otherwise than it was typed now, what stands there, and
// the version that saves over it. now is the form as it would open (Fill), options
// name the codes of its choices. Other errors, and none, come back as they are.
func (f *Form) Clash(err error, now *Form, options ...[]Option) error {
	if !fault.Is(err, fault.Conflict) || now == nil || now.Value("version") == f.Value("version") {
		return err
	}
	title := func(v string) string {
		for _, o := range slices.Concat(options...) {
			if o.Value == v {
				return o.Text
			}
		}
		return v
	}
	for name := range now.values {
		if name == "version" || now.same(f, name) {
			continue
		}
		var saved []string
		for _, v := range now.values[name] {
			saved = append(saved, strings.Split(title(strings.TrimSpace(v)), "\n")...)
		}
		f.wrong[name] = "已被别人改为：" + cmp.Or(strings.Join(saved, "、"), "（空）")
	}
	f.values.Set("version", now.Value("version"))
	return fault.Newf(fault.Conflict, "%s；您填写的内容都还在，再次保存以您的为准", fault.Text(err))
}

// same reports whether a field holds the same in both forms, in whatever order.
func (f *Form) same(g *Form, name string) bool {
	a, b := f.Texts(name), g.Texts(name)
	for _, list := range [][]string{a, b} {
		for i, v := range list {
			list[i] = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
		}
		slices.Sort(list)
	}
	return slices.Equal(a, b)
}

// Refused shows the page again with everything still in it: 422 with messages at
// the fields and a summary that links to them, 409 when somebody else was faster,
// 503 when it could not be saved now. data is what the view needs beside the form; it must embed this *Form. Any
// other error is passed on.
func (f *Form) Refused(err error, view string, data ...any) (Reply, error) {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && kind != fault.Unavailable {
		return Reply{}, err
	}
	for name, text := range fault.FieldsOf(err) {
		f.wrong[name] = text
	}
	var e *fault.Error
	if errors.As(err, &e) {
		f.message = e.Text
	}
	var dot any = f
	if len(data) > 0 {
		dot = data[0]
	}
	return View(view, dot).Status(status(kind)), nil
}
