package main

import (
	"runtime/debug"
	"time"

	"gongkai/kernel/calendar"
)

// VersionCommand prints which build this is.
type VersionCommand struct{}

// Run prints the version, the commit it was built from and the toolchain.
func (VersionCommand) Run(s *shell) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	set := map[string]string{}
	for _, one := range info.Settings {
		set[one.Key] = one.Value
	}
	version := version()
	if version == "" {
		version = "开发版"
	}
	s.printf("gongkai %s\n", version)
	if commit := set["vcs.revision"]; commit != "" {
		at, dirty := "", ""
		if t, err := time.Parse(time.RFC3339, set["vcs.time"]); err == nil {
			at = "，" + t.In(calendar.Zone).Format(moment)
		}
		if set["vcs.modified"] == "true" {
			dirty = "，另有未提交的改动"
		}
		s.printf("提交 %s%s%s\n", commit, at, dirty)
	}
	s.printf("%s %s/%s\n", info.GoVersion, set["GOOS"], set["GOARCH"])
	return nil
}

// moment is how the command line writes an instant, in Shanghai.
const moment = "2006-01-02 15:04:05"

// version is the toolchain's own, by the tag or the commit; "" where it was not
// built from one.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return ""
}
