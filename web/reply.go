package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Reply is an answer ready to be written.
type Reply struct {
	view, block string
	data        any
	status      int
	location    string
	kind        string // content type of content
	content     func(io.Writer) error
	file        string // name under which the browser saves it
	notice      string
	header      http.Header
	written     bool
}

// View answers with a page: "plan/list" is area/plan/template/list.html, set in
// the frame of the desk or the portal.
func View(name string, data any) Reply { return Reply{view: name, data: data} }

// Block answers with one named block of a page's template, without a frame.
func Block(name, block string, data any) Reply { return Reply{view: name, block: block, data: data} }

// Redirect sends the browser to another page of this site after something was done.
func Redirect(location string) Reply { return Reply{location: location} }

// Text answers with plain text.
func Text(text string) Reply {
	return Reply{kind: "text/plain; charset=utf-8", content: func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}}
}

// JSON answers a script of ours or a program.
func JSON(v any) Reply {
	return Reply{kind: "application/json; charset=utf-8", content: func(w io.Writer) error {
		return json.NewEncoder(w).Encode(v)
	}}
}

// SVG answers with a drawing made on the server.
func SVG(draw func(io.Writer) error) Reply {
	return Reply{kind: "image/svg+xml", content: draw}
}

// Show answers with content the browser shows in place, such as a preview's picture.
func Show(kind string, write func(io.Writer) error) Reply {
	return Reply{kind: kind, content: write}
}

// Download answers with a file to save under name, written as it is made.
func Download(name, kind string, write func(io.Writer) error) Reply {
	return Reply{kind: kind, content: write, file: name}
}

// Xlsx answers with an Excel sheet, which document writes.
func Xlsx(name string, write func(io.Writer) error) Reply {
	return Download(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write)
}

// Written says that the handler has answered by itself through Request.Writer.
func Written() Reply { return Reply{written: true} }

// Status returns the reply with another status.
func (r Reply) Status(code int) Reply { r.status = code; return r }

// Flash returns the reply with a sentence that the next page shows once
// (“已送审，等待区司法局审核”). It is kept in a cookie until then: no personal data.
func (r Reply) Flash(text string) Reply { r.notice = text; return r }

// Part returns the reply so that htmx gets the named block alone when it asks
// for a part, and everyone else the whole page.
func (r Reply) Part(block string) Reply { r.block = "?" + block; return r }

// With returns the reply with one more header.
func (r Reply) With(name, value string) Reply {
	head := r.header.Clone()
	if head == nil {
		head = http.Header{}
	}
	head.Set(name, value)
	r.header = head
	return r
}

// Cached returns the reply so that browsers and proxies may keep it for d. Only
// for what is the same for everyone.
func (r Reply) Cached(d time.Duration) Reply {
	return r.With("Cache-Control", fmt.Sprintf("public, max-age=%d", int(d.Seconds())))
}

// send writes the reply. Pages are made whole before the first byte leaves, so
// that a failing template becomes an error page and never half a page.
func (s *site) send(r *Request, reply Reply) error {
	w := r.writer
	if reply.written {
		return nil
	}
	head := w.Header()
	for name, values := range reply.header {
		head[name] = values
	}
	switch {
	case reply.notice == "":
	case reply.view != "":
		r.notice = reply.notice
	default:
		http.SetCookie(w, s.cookie(r, noticeCookie, url.QueryEscape(reply.notice), time.Minute))
	}
	switch {
	case reply.location != "":
		if r.Header.Get("HX-Request") == "true" { // fetch would follow a 303 and swap the page in
			head.Set("HX-Redirect", reply.location)
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		w.Header().Set("Location", reply.location)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	case reply.view != "":
		var out bytes.Buffer
		block, optional := strings.CutPrefix(reply.block, "?")
		if optional {
			head.Add("Vary", "HX-Request-Type")
			if !r.Partial() {
				block = ""
			}
		}
		if err := s.render(&out, r, reply.view, block, reply.data); err != nil {
			return err
		}
		if r.notice != "" && block == "" {
			http.SetCookie(w, s.cookie(r, noticeCookie, "", -1))
		}
		head.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code(reply.status))
		_, _ = out.WriteTo(w) // fails only when the browser has gone
		return nil
	default:
		head.Set("Content-Type", reply.kind)
		if reply.file != "" {
			head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(reply.file), "+", "%20"))
		}
		late := &lateWriter{ResponseWriter: w, status: code(reply.status)}
		if err := reply.content(late); err != nil {
			if late.begun { // too late for a page: break the connection, so nobody keeps half a file
				panic(http.ErrAbortHandler)
			}
			head.Del("Content-Disposition")
			return err
		}
		late.begin()
		return nil
	}
}

func code(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}

// lateWriter sends the status with the first byte, so that an error before it
// can still become a page.
type lateWriter struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (w *lateWriter) begin() {
	if !w.begun {
		w.begun = true
		w.WriteHeader(w.status)
	}
}

func (w *lateWriter) Write(b []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(b)
}
