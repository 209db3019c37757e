package sitegen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
)

// Saved is a site that lies in a folder: its files, and truth.json beside them.
type Saved struct {
	root  *os.Root
	truth []byte
	host  string
}

// DirSite opens the site in a folder. Every file answers at its path below the
// folder; a folder answers with its index.html or index.htm; an address with a
// query answers with the file whose name ends in it ("list.aspx?cid=3"). What
// is not there answers 404. truth.json is a Truth whose addresses begin with
// http://{{main}}/ and is itself not served.
func DirSite(dir string) (*Saved, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f, err := root.Open("truth.json")
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	truth, err := io.ReadAll(io.LimitReader(f, 256<<20))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	s := &Saved{root: root, truth: truth, host: "main.example.invalid"}
	if _, err := s.read(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return s, nil
}

func (s *Saved) read() (t Truth, err error) {
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(s.truth), "{{main}}", s.host)), &t); err != nil {
		return t, fmt.Errorf("truth.json: %w", err)
	}
	for _, p := range t.Planted {
		if p.URL == "" || len(p.Checks) == 0 {
			return t, fmt.Errorf("truth.json: %q lacks its address or its checks", p.Kind)
		}
	}
	for i := range t.Planted {
		if p := &t.Planted[i]; len(p.Indicators) == 0 {
			p.Indicators = p.Checks[:1]
		}
	}
	if t.Site.Start == "" {
		t.Site.Start = "http://" + s.host + "/"
	}
	return t, nil
}

// Truth is what truth.json says; after Serve with the address of the site.
func (s *Saved) Truth() Truth {
	t, err := s.read()
	if err != nil { // it was read when the folder was opened
		return Truth{}
	}
	return t
}

// Handler serves the files.
func (s *Saved) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		var tries []string
		if r.URL.RawQuery != "" {
			tries = append(tries, name+"?"+r.URL.RawQuery)
		}
		tries = append(tries, name, path.Join(name, "index.html"), path.Join(name, "index.htm"))
		for _, try := range tries {
			if try == "truth.json" || !fs.ValidPath(try) {
				continue
			}
			info, err := s.root.Stat(try)
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			body, err := fs.ReadFile(s.root.FS(), try)
			if err != nil {
				continue
			}
			ext, _, _ := strings.Cut(path.Ext(try), "?")
			media := mime.TypeByExtension(ext)
			switch ext {
			case ".html", ".htm", ".shtml", ".asp", ".aspx", ".jsp", ".php", ".do", "":
				media = "text/html" // in which charset, the document says
			}
			if media == "" {
				media = "application/octet-stream"
			}
			send(w, r, 200, media, body)
			return
		}
		send(w, r, 404, "text/html; charset=utf-8", []byte("<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>页面不存在</title></head><body><p>页面不存在</p></body></html>"))
	})
}

// Serve opens the site on 127.0.0.1.
func (s *Saved) Serve() (address string, shut func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s.host = listener.Addr().String()
	sv := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = sv.Serve(listener) }() // ends by shut
	return "http://" + s.host + "/", func() { _ = sv.Close() }, nil
}

// Close lets the folder go.
func (s *Saved) Close() error { return s.root.Close() }
