package main

import "runtime/debug"

// VersionCommand prints which build this is.
type VersionCommand struct{}

// Run prints the version.
func (VersionCommand) Run(s *shell) error {
	s.printf("gongkai %s\n", version())
	return nil
}

// version is what the Go toolchain wrote into the binary: the module's version,
// or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "未知版本"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+"
		}
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	if revision == "" {
		return "开发版"
	}
	return revision + dirty
}
