package norm

import (
	"strings"
)

// own are words for the text itself.
var own = []string{"本办法", "本规定", "本条例", "本细则", "本规则", "本章程", "本制度", "本合同", "本协议", "本法", "本标准", "本规程", "本方案", "本决定"}

// references checks references to articles and tables of the text itself (C8) and
// short names used before they are explained (P14).
func (s *scan) references() {
	s.articles()
	s.captions()
	s.shortNames()
}

// articles reports references to articles behind the last one. Only a text that holds
// all its articles, the last of which says when it takes effect, can tell.
func (s *scan) articles() {
	last, count := 0, 0
	lastAt := 0
	for _, l := range s.lines {
		if l.cell {
			continue
		}
		if it, ok := s.itemAt(s.skip(l.start)); ok && it.style == article && it.start < l.end {
			if it.n == 1 && count > 0 {
				return // two texts in one
			}
			last, count, lastAt = max(last, it.n), count+1, it.end
		}
	}
	if count < 5 || count < last-2 {
		return
	}
	tail := s.s[lastAt:min(len(s.s), lastAt+600)]
	if !strings.Contains(tail, "施行") && !strings.Contains(tail, "实施") && !strings.Contains(tail, "生效") && !strings.Contains(tail, "解释") && !strings.Contains(tail, "执行") {
		return
	}
	for _, name := range own {
		s.each(name+"第", func(at int) {
			n, ok := s.numAt(at + len(name) + len("第"))
			if !ok || !s.has(n.end, "条") {
				return
			}
			if v, ok := s.value(n); ok && int(v) > last {
				s.hit("C8", n.start-len("第"), n.end+len("条"), "", "所引第%d条不存在，本文共%d条，请核对。", v, last)
			}
		})
	}
}

// captions reports references to tables and figures that have no caption (C8).
func (s *scan) captions() {
	for _, kind := range []string{"表", "图"} {
		if !s.contains(kind + "1") {
			continue
		}
		known := map[int64]bool{}
		for _, l := range s.lines {
			at := s.skip(l.start)
			if !s.has(at, kind) || at >= l.end {
				continue
			}
			if n, ok := s.numAt(s.skip(at + len(kind))); ok && !n.han {
				if v, ok := s.value(n); ok {
					known[v] = true
				}
			}
		}
		if !known[1] {
			continue
		}
		for _, verb := range []string{"见", "如", "详见"} {
			s.each(verb+kind, func(at int) {
				n, ok := s.numAt(at + len(verb) + len(kind))
				if !ok || n.han {
					return
				}
				if v, ok := s.value(n); ok && !known[v] && v < 100 && !s.has(n.end, "-") {
					s.hit("C8", n.start-len(kind), n.end, "", "%s%d不存在，请核对。", kind, v)
				}
			})
		}
	}
}

// shortNames reports 《条例》 used before 以下简称《条例》 (P14).
func (s *scan) shortNames() {
	defined := map[string]bool{}
	for _, word := range []string{"简称《", "简称:《"} {
		s.each(word, func(at int) {
			open := at + len(word) - len("《")
			end := strings.Index(s.s[open:], "》")
			if end < 0 || end > 45 {
				return
			}
			name := s.s[open : open+end+len("》")]
			if defined[name] || len(defined) > 30 { // no text explains more, and each costs a search
				return
			}
			defined[name] = true
			first := strings.Index(s.s, name)
			if first >= at || first < 0 {
				return
			}
			if w := s.window(first, 30); strings.Contains(w, "简称") || s.lineAt(first) == s.lineAt(at) {
				return
			}
			s.hit("P14", first, first+len(name), "", "简称%s在说明之前使用，请先写全称。", name)
		})
	}
}
