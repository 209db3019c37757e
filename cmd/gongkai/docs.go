package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/app"
	"gongkai/kernel/config"
	"gongkai/kernel/process"
)

const head = "<!-- 由 gongkai docs 生成，请不要手工修改 -->\n\n"

// configPage is docs/config.md.
func configPage() string { return head + "# 配置\n\n" + config.Markdown() }

// DocsCommand writes the documents that are made of the program itself. It is
// run in the repository.
type DocsCommand struct {
	Dir string `arg:"" default:"docs" help:"写到哪个文件夹。" placeholder:"DIR"`
}

// Run writes config.md, flows.md with a drawing of each flow, and checks.md.
func (c DocsCommand) Run(s *shell) (err error) {
	if err := os.MkdirAll(filepath.Join(c.Dir, "flows"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "config.md"), []byte(configPage()), 0o644); err != nil {
		return err
	}
	checks, err := checkTable(".")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "checks.md"), []byte(head+checks), 0o644); err != nil {
		return err
	}
	data, err := os.MkdirTemp("", "gongkai-docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	cfg := app.DemoConfig(config.Default())
	cfg.Data = data
	if _, err := app.Init(s, cfg, s.Clock, s.log(cfg, 8)); err != nil {
		return err
	}
	return s.with(cfg, 8, func(a *app.App) error {
		var b strings.Builder
		b.WriteString(head + "# 流程\n")
		for _, f := range a.Flows() {
			name := filepath.Join("flows", f.Name+".svg")
			if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(process.Diagram(f)), 0o644); err != nil {
				return err
			}
			fmt.Fprintf(&b, "\n## %s（%s）\n\n![%[1]s](%[3]s)\n\n%s\n", f.Title, f.Name, filepath.ToSlash(name), process.Describe(f))
		}
		if err := os.WriteFile(filepath.Join(c.Dir, "flows.md"), []byte(b.String()), 0o644); err != nil {
			return err
		}
		s.printf("已写出 %s 下的 config.md、flows.md、checks.md\n", c.Dir)
		return nil
	})
}

var checkID = regexp.MustCompile(`\b([A-Z]{3,4}-[0-9]{2})\b`)

// checkTable lists every check id that the sources name with the tests whose
// names begin with or hold it, and those no test names.
func checkTable(root string) (string, error) {
	tests, named := map[string][]string{}, map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"node_modules", "testdata", "data", "tools"}, d.Name())) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			for _, key := range checkID.FindAllString(string(text), -1) {
				named[key] = true
			}
			return nil
		}
		return testNames(path, text, func(key, name string) {
			named[key] = true
			line := filepath.ToSlash(filepath.Dir(path)) + "：" + name
			if !slices.Contains(tests[key], line) {
				tests[key] = append(tests[key], line)
			}
		})
	})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# 检查项和测试\n\n| 编号 | 测试 |\n| --- | --- |\n")
	var without []string
	for _, key := range slices.Sorted(maps.Keys(named)) {
		if len(tests[key]) == 0 {
			without = append(without, key)
			continue
		}
		fmt.Fprintf(&b, "| %s | %s |\n", key, strings.ReplaceAll(strings.Join(tests[key], "<br>"), "\n", " "))
	}
	fmt.Fprintf(&b, "\n没有以编号命名的测试：%s\n", strings.Join(without, "、"))
	return b.String(), nil
}

// testNames finds the check ids in the texts and the doc comments of a test file.
func testNames(path string, text []byte, found func(key, name string)) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
			continue
		}
		for _, key := range checkID.FindAllString(f.Doc.Text(), -1) {
			found(key, f.Name.Name)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if name, err := strconv.Unquote(lit.Value); err == nil && len(name) < 200 {
				if m := checkID.FindStringIndex(name); m != nil && m[0] == 0 {
					found(name[:m[1]], f.Name.Name+"/"+name)
				}
			}
			return true
		})
	}
	return nil
}
