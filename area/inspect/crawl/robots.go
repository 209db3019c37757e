package crawl

import (
	"strconv"
	"strings"
	"time"
)

const maxRobots = 512 << 10 // bytes, as RFC 9309 asks a crawler to read at least

// robots are the rules of a host for one visitor (RFC 9309).
type robots struct {
	rules []rule
	delay time.Duration // Crawl-delay
}

type rule struct {
	path  string
	allow bool
}

// parseRobots reads the group that names the agent, else the one for all.
func parseRobots(text, agent string) robots {
	agent = strings.ToLower(agent)
	if len(text) > maxRobots {
		text = text[:maxRobots]
	}
	var named, all robots
	var isNamed, isAll, inRules, found bool
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if inRules {
				isNamed, isAll, inRules = false, false, false
			}
			name := strings.ToLower(value)
			isAll = isAll || name == "*"
			if name != "" && name != "*" && strings.HasPrefix(agent, name) {
				isNamed, found = true, true
			}
			continue
		}
		add := func(do func(*robots)) {
			inRules = true
			if isNamed {
				do(&named)
			}
			if isAll {
				do(&all)
			}
		}
		switch key {
		case "allow", "disallow":
			add(func(r *robots) {
				if value != "" && len(value) <= maxAddress && len(r.rules) < 2000 {
					r.rules = append(r.rules, rule{value, key == "allow"})
				}
			})
		case "crawl-delay":
			if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
				add(func(r *robots) { r.delay = min(time.Duration(s*float64(time.Second)), 10*time.Second) })
			}
		}
	}
	if found {
		return named
	}
	return all
}

// allows tells whether an address may be called: the longest rule that fits
// decides, the kinder one where two are equally long.
func (r robots) allows(canonical string) bool {
	path := canonical[len(origin(canonical)):]
	if path == "/robots.txt" {
		return true
	}
	best, allow := -1, true
	for _, rule := range r.rules {
		if n := len(rule.path); n >= best && fits(rule.path, path) && (n > best || rule.allow) {
			best, allow = n, rule.allow
		}
	}
	return allow
}

// fits matches a pattern with * and a $ at the end against the beginning of a
// path, in time linear for each star.
func fits(pattern, path string) bool {
	end := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for i, part := range parts[1:] {
		if end && i == len(parts)-2 {
			return strings.HasSuffix(path, part)
		}
		at := strings.Index(path, part)
		if at < 0 {
			return false
		}
		path = path[at+len(part):]
	}
	return !end || path == ""
}
