package onpage

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	"gongkai/area/inspect/fact"
)

// place is what a host is to the site.
type place uint8

const (
	foreign  place = iota
	own            // of the site, or under the same registered domain
	official       // of Party and government, or a service every government site must load from
	internal       // an address that only an inner network knows
)

// hosts tells hosts apart. Its memory of those it met is bounded.
type hosts struct {
	names   map[string]bool // of the site; those that are no more than an address with their port
	numbers map[string]bool // its addresses without port: no internal ones, since the site is inspected there
	wild    []string        // ".x.gov.cn"
	domain  string          // registered domain of the start; "" = an address without one
	loop    bool            // the site is inspected on this machine: other addresses of it are the outside world
	known   map[string]place
}

func newHosts(site fact.Site) *hosts {
	h := &hosts{names: map[string]bool{}, numbers: map[string]bool{}, known: map[string]place{}}
	for _, o := range append([]string{site.Start}, site.Own...) {
		if _, rest, ok := strings.Cut(o, "*."); ok {
			h.wild = append(h.wild, "."+portless(rest))
			continue
		}
		if strings.Contains(o, "://") {
			o = authority(o)
		}
		name := portless(strings.ToLower(o))
		if isNumber(name) {
			h.numbers[name] = true
			name = strings.ToLower(o) // behind another port is another site
		}
		h.names[name] = true
	}
	h.domain = registered(hostOf(site.Start))
	h.loop = isLoop(hostOf(site.Start))
	return h
}

// isNumber tells whether a host is an address, or the machine itself.
func isNumber(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}

// isLoop tells whether a host is a loopback address, given as a number.
func isLoop(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// registered is the domain that was registered for a host: handan.gov.cn.
func registered(host string) string {
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return d
}

// hostOf is the host of an address in lower case, without port and brackets.
func hostOf(address string) string { return portless(authority(address)) }

// authority is the host of an address in lower case, with its port.
func authority(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	return strings.ToLower(rest)
}

func portless(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return strings.TrimRight(strings.Trim(host, "[]"), ".")
}

func (h *hosts) of(address string) place {
	if len(address) >= 5 && strings.EqualFold(address[:5], "file:") {
		return internal
	}
	host := authority(address)
	if p, ok := h.known[host]; ok {
		return p
	}
	p := h.judge(host, portless(host))
	if len(h.known) < maxLines {
		h.known[strings.Clone(host)] = p
	}
	return p
}

func (h *hosts) judge(whole, host string) place {
	switch {
	case host == "" || h.names[host] || h.names[whole]:
		return own
	case h.numbers[host]:
		return foreign
	}
	for _, w := range h.wild {
		if strings.HasSuffix(host, w) || host == w[1:] {
			return own
		}
	}
	if isInternal(host) {
		if h.loop && isLoop(host) {
			return foreign
		}
		return internal
	}
	if h.domain != "" && registered(host) == h.domain {
		return own
	}
	if isOfficial(host) {
		return official
	}
	return foreign
}

// isInternal tells whether only an inner network can know a host (WEB-85).
func isInternal(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && (a.Unmap().IsPrivate() || a.Unmap().IsLoopback() || a.Unmap().IsLinkLocalUnicast() || a.IsUnspecified())
}

// mandated are hosts outside government suffixes from which a government site must
// load: the Party-and-government mark, and the entrance for reporting errors as it
// was run before it moved to www.gov.cn.
var mandated = []string{"conac.cn", "pucha.kaipuyun.cn"}

func isOfficial(host string) bool {
	if host == "gov.cn" || strings.HasSuffix(host, ".gov.cn") || strings.HasSuffix(host, ".xn--zfr164b") || strings.HasSuffix(host, ".政务") {
		return true
	}
	for _, m := range mandated {
		if host == m || strings.HasSuffix(host, "."+m) {
			return true
		}
	}
	return false
}
