package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"gongkai/kernel/fault"
)

// CompletionCommand prints a script that completes commands and options.
type CompletionCommand struct {
	Shell string `arg:"" help:"bash、zsh 或 fish。例如：gongkai completion bash > /etc/bash_completion.d/gongkai" placeholder:"SHELL"`
}

// Run prints the script of a shell, made from the command line's own model.
func (c CompletionCommand) Run(s *shell, app *kong.Application) error {
	var words []completion
	collect(app.Node, "", &words)
	switch c.Shell {
	case "bash":
		bash(s, words)
	case "zsh":
		s.printf("#compdef gongkai\nautoload -U +X bashcompinit && bashcompinit\n")
		bash(s, words)
	case "fish":
		for _, w := range words {
			for _, o := range w.options {
				condition := fmt.Sprintf("test (__gongkai_path) = %q", w.path)
				if name, ok := strings.CutPrefix(o.word, "--"); ok {
					s.printf("complete -c gongkai -n '%s' -l %s -d %q\n", condition, name, o.help)
				} else {
					s.printf("complete -c gongkai -f -n '%s' -a %s -d %q\n", condition, o.word, o.help)
				}
			}
		}
		s.printf("function __gongkai_path\n  set -l words (commandline -opc)\n  string join ' ' (string match -v -- '-*' $words[2..-1])\nend\n")
	default:
		return fault.Newf(fault.Invalid, "不认识的 shell：%s，请用 bash、zsh 或 fish", c.Shell)
	}
	return nil
}

// completion is what may follow one path of commands.
type completion struct {
	path    string
	options []option
}

type option struct{ word, help string }

func collect(n *kong.Node, path string, out *[]completion) {
	c := completion{path: path}
	for _, child := range n.Children {
		if !child.Hidden {
			c.options = append(c.options, option{child.Name, child.Help})
		}
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			c.options = append(c.options, option{"--" + f.Name, f.Help})
		}
	}
	*out = append(*out, c)
	for _, child := range n.Children {
		if !child.Hidden {
			collect(child, strings.TrimSpace(path+" "+child.Name), out)
		}
	}
}

func bash(s *shell, words []completion) {
	s.printf("_gongkai() {\n  local path=\"\" word\n  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    [[ $word == -* ]] || path=\"$path $word\"\n  done\n  case \"${path# }\" in\n")
	for _, w := range words {
		list := make([]string, len(w.options))
		for i, o := range w.options {
			list[i] = o.word
		}
		s.printf("  %q) COMPREPLY=($(compgen -W %q -- \"${COMP_WORDS[COMP_CWORD]}\"));;\n", w.path, strings.Join(list, " "))
	}
	s.printf("  esac\n  # what is no command is a file\n  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o filenames -F _gongkai gongkai\n")
}
