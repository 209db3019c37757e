package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// dist holds what esbuild made of css/, js/ and the areas' static folders; only
// .keep before it ran.
//
//go:embed all:dist
var dist embed.FS

const assetPath = "/assets/"

// assets are the files browsers load: read at start, named in pages with a hash
// of their content, so that they may be kept for a year.
type assets struct {
	source fs.FS
	dev    bool
	files  map[string]asset
}

type asset struct {
	content []byte
	hash    string
	kind    string
}

func loadAssets(source fs.FS, dev bool) (*assets, error) {
	if source == nil {
		sub, err := fs.Sub(dist, "dist")
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		source = sub
	}
	a := &assets{source: source, dev: dev}
	var err error
	a.files, err = readAssets(source)
	return a, err
}

func readAssets(source fs.FS) (map[string]asset, error) {
	files := map[string]asset{}
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		content, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		files[name] = asset{content, hex.EncodeToString(sum[:6]), kindOf(name)}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	return files, nil
}

// kindOf does not ask the machine's own table, which may be missing or wrong.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".map":
		return "application/json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func (a *assets) all() map[string]asset {
	if a.dev {
		if files, err := readAssets(a.source); err == nil {
			return files
		}
	}
	return a.files
}

// missing reports whether the bundles have not been built.
func (a *assets) missing() bool {
	_, ok := a.all()["style.css"]
	return !ok
}

// address is the path under which browsers load a file, "" when there is none.
func (a *assets) address(name string) string {
	file, ok := a.all()[name]
	if !ok {
		return ""
	}
	return assetPath + name + "?v=" + file.hash
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look(r).pattern = "GET " + assetPath
	name := strings.TrimPrefix(r.URL.Path, assetPath)
	file, ok := a.all()[name]
	if !ok {
		http.Error(w, "没有这个文件", http.StatusNotFound)
		return
	}
	head := w.Header()
	head.Set("Content-Type", file.kind)
	head.Set("Etag", `"`+file.hash+`"`)
	head.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == file.hash || strings.HasPrefix(path.Base(name), "chunk-") { // esbuild names chunks by content
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", noTime, bytes.NewReader(file.content))
}
