// Package gongkai holds no code; this test keeps the shape of the house.
package gongkai_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// may says which floors a floor may import besides itself; downwards only.
// Areas never import each other: "area/*" is each area apart.
var may = map[string]string{
	"kernel": "", "fact": "kernel", "web": "kernel", "area": "kernel web",
	"area/*": "kernel web area fact", "face": "kernel web area",
	"app": "kernel web area area/* fact face", "cmd": "kernel web area area/* fact face app",
	"journey": "", "tools": "",
}

// room returns the floor of a package path below the module, and for an area
// its name.
func room(path string) (floor, area string) {
	parts := strings.Split(path, "/")
	switch {
	case parts[0] != "area":
		return parts[0], ""
	case len(parts) == 1 || parts[1] == "areatest":
		return "area", ""
	case strings.HasSuffix(parts[len(parts)-1], "fact"):
		return "fact", parts[1]
	}
	return "area/*", parts[1]
}

func sources(t *testing.T, visit func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "tools" || d.Name() == "testdata" || d.Name() == "data") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(path), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoomsImportDownwardsOnly(t *testing.T) {
	sources(t, func(path string, file *ast.File) {
		if !strings.Contains(path, "/") {
			return
		}
		floor, area := room(filepath.ToSlash(filepath.Dir(path)))
		allowed, known := may[floor]
		if !known {
			t.Errorf("%s stands in no known room", path)
			return
		}
		test := strings.HasSuffix(path, "_test.go")
		for _, imp := range file.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			target, found := strings.CutPrefix(name, "gongkai/")
			if !found {
				if name == "github.com/uptrace/bun" && !test && floor != "kernel" && !strings.HasSuffix(path, "store.go") {
					t.Errorf("%s: only *store.go may import bun", path)
				}
				continue
			}
			to, toArea := room(target)
			switch {
			case to == floor && (floor != "area/*" || area == toArea):
			case strings.Contains(" "+allowed+" ", " "+to+" ") && !(to == "area/*" && floor == "area/*"):
			default:
				t.Errorf("%s may not import %s: %s may import %q", path, name, floor, allowed)
			}
		}
	})
}

func TestTimeComesFromTheClock(t *testing.T) {
	sources(t, func(path string, file *ast.File) {
		if strings.HasPrefix(path, "kernel/clock/") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Now" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s: time.Now; take the time from a clock.Clock", path)
				}
			}
			return true
		})
	})
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	docs := map[string]bool{}
	sources(t, func(path string, file *ast.File) {
		dir := filepath.Dir(path)
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		docs[dir] = docs[dir] || file.Doc != nil
	})
	for dir, has := range docs {
		if !has {
			t.Errorf("%s has no package comment", dir)
		}
	}
}
