package onpage

import (
	"golang.org/x/net/publicsuffix"

	"gongkai/area/inspect/fact"
)

// Strangers tells of an address whether it belongs to somebody who is neither the
// site nor an organ of Party and government, nor one of the media and schools that
// any page may name: a visitor who goes there is to be told (NORM-23). Of addresses
// in numbers, and of names outside the public domains, nobody can say whose they
// are. It is not safe for use by several goroutines.
func Strangers(site fact.Site) func(address string) bool {
	h := newHosts(site)
	return func(address string) bool {
		host := hostOf(address)
		_, public := publicsuffix.PublicSuffix(host)
		return public && !isNumber(host) && h.of(address) == foreign && !wellKnown.MatchString(host)
	}
}
