package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// actionsOf collects what a package writes into the audit record: the Action of
// an entry, and what is handed to a parameter of that name.
func actionsOf(t *testing.T, files []*ast.File) []string {
	t.Helper()
	takes := map[string]int{} // functions with a parameter "action" and its place
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			at := 0
			for _, field := range fn.Type.Params.List {
				for _, name := range field.Names {
					if name.Name == "action" {
						takes[fn.Name.Name] = at
					}
					at++
				}
			}
		}
	}
	var out []string
	text := func(x ast.Expr) {
		if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(s, ".") {
				out = append(out, s)
			}
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Action" {
					text(n.Value)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if name, ok := to.(*ast.Ident); ok && name.Name == "action" && i < len(n.Rhs) {
						text(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				name := ""
				switch fn := n.Fun.(type) {
				case *ast.Ident:
					name = fn.Name
				case *ast.SelectorExpr:
					name = fn.Sel.Name
				}
				if at, ok := takes[name]; ok && at < len(n.Args) {
					text(n.Args[at])
				}
			}
			return true
		})
	}
	return out
}

func TestEveryAuditActionHasAName(t *testing.T) {
	packages := map[string][]*ast.File{}
	for _, floor := range []string{"kernel", "area", "face", "app", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", floor), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path) // seen by the test cache
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	named, seen := house(t).actions(), map[string]bool{}
	for dir, files := range packages {
		for _, action := range actionsOf(t, files) {
			seen[action] = true
			if named[action] == "" {
				t.Errorf("%s writes %q into the audit record, which has no Chinese name", dir, action)
			}
		}
	}
	for _, want := range []string{"account.in", "person.save", "jobs.retry", "plan.urge", "assess.training", "calendar.confirm", "notify.hook"} {
		if !seen[want] {
			t.Errorf("%s was not found in the sources; the search misses something", want)
		}
	}
	for _, want := range []string{"duty.open", "duty.close", "duty.delegate", "recheck.mend"} {
		if named[want] == "" {
			t.Errorf("the flow's action %s has no name", want)
		}
	}
}
