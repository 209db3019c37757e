package probe

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/publicsuffix"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

const (
	linkTime   = 15 * time.Second // for a link to answer (section 6)
	linkBytes  = 256 << 10
	atOnce     = 4
	nameTime   = 3 * time.Second
	maxServers = 8
	maxLabels  = 8
	different  = 0.02 // share of the visible text that may differ between the families
)

// elsewhere is a public IPv6 address to which the machine's routes are asked;
// nothing is sent to it.
var elsewhere = netip.MustParseAddr("2400:3200::1")

// ipv6 tries the site over IPv6 only (NORM-40, NORM-41, WEB-63). It is nil when
// nothing can be said: the start is an IPv4 address, the name servers did not
// answer, or the home page does not open over IPv4 either.
func (p *prober) ipv6(ctx context.Context, links []string) *fact.IPv6 {
	host := p.start.Hostname()
	if a, err := netip.ParseAddr(host); err == nil && a.Unmap().Is4() {
		return nil
	}
	addrs, err := p.addresses(ctx, "ip6", host)
	if err != nil {
		return nil
	}
	out := &fact.IPv6{Address: len(addrs) > 0}
	out.Known = routed(elsewhere)
	if out.Address {
		out.Known = slices.ContainsFunc(addrs, routed)
	}
	out.Servers = !out.Known || !p.serversSilent(ctx, host)
	if !out.Address {
		if four, err := p.addresses(ctx, "ip4", host); err != nil || len(four) == 0 {
			return nil // no such name at all
		}
		out.Failed = "域名没有 IPv6 地址（AAAA 记录）"
		return out
	}
	over6, err := p.client(func(c *fetch.Config) { c.Network = "tcp6" })
	if err != nil {
		return nil
	}
	over4, err := p.client(func(c *fetch.Config) { c.Network = "tcp4" })
	if err != nil {
		return nil
	}
	page, err := p.twice(ctx, over6, p.start.String())
	four, err4 := p.get(ctx, over4, p.start.String())
	only6 := fetch.ReasonOf(err4) == fetch.Name // a site without IPv4 addresses
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil && !only6 && err4 != nil:
		return nil // not IPv6 is at fault
	case err != nil && only6 && fetch.ReasonOf(err) == fetch.Status:
		return nil
	case err != nil:
		out.Failed = "首页通过 IPv6 打不开：" + fault.Text(err)
		if out.Known = out.Known && p.line6(ctx); !out.Known {
			out.Failed = "检测用的机器没有可用的 IPv6 网络，不能判断首页能否通过 IPv6 打开"
		}
		return out
	}
	out.Answers, out.Same = true, true
	if err4 == nil {
		if again, err := p.get(ctx, over4, p.start.String()); err == nil {
			out.Same = same(four.Text, again.Text, page.Text)
		}
	}
	p.links6(ctx, out, links)
	return out
}

// twice calls an address a second time before it counts as silent.
func (p *prober) twice(ctx context.Context, c *fetch.Client, address string) (*fetch.Page, error) {
	page, err := p.get(ctx, c, address)
	if err != nil && ctx.Err() == nil {
		page, err = p.get(ctx, c, address)
	}
	return page, err
}

// addresses returns those of a name in a family ("ip", "ip4", "ip6"); none is no
// error, a name server that does not answer is one.
func (p *prober) addresses(ctx context.Context, family, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		out = []netip.Addr{a}
	} else {
		out, err = p.resolver().LookupNetIP(ctx, family, host)
		var dns *net.DNSError
		var kind *net.AddrError
		if err != nil && !(errors.As(err, &dns) && dns.IsNotFound) && !errors.As(err, &kind) {
			return nil, err
		}
	}
	fits := out[:0:0]
	for _, a := range out {
		if a = a.Unmap(); family == "ip" || a.Is4() == (family == "ip4") {
			fits = append(fits, a)
		}
	}
	return fits, nil
}

func (p *prober) resolver() fetch.Resolver {
	if p.conf.Resolver != nil {
		return p.conf.Resolver
	}
	return net.DefaultResolver
}

// routed tells whether the machine itself has IPv6 towards an address. Opening a
// UDP socket asks the routes and sends nothing.
func routed(a netip.Addr) bool {
	conn, err := net.DialUDP("udp6", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, 443)))
	if err != nil {
		return false
	}
	defer conn.Close()
	from, err := netip.ParseAddrPort(conn.LocalAddr().String())
	// From an address of a private network no public one is reached.
	return err == nil && (a.IsLoopback() || a.IsPrivate() || from.Addr().IsGlobalUnicast() && !from.Addr().IsPrivate())
}

// line6 tells whether the own line carries IPv6, as far as the control addresses
// can tell: it does not when one of them has IPv6 addresses and none answers.
func (p *prober) line6(ctx context.Context) bool {
	c, err := p.client(func(c *fetch.Config) { c.Network, c.Total = "tcp6", controlTime })
	if err != nil {
		return true
	}
	works := true
	for _, address := range p.conf.Control {
		page, err := c.Get(ctx, address)
		if page != nil {
			return true
		}
		if fetch.ReasonOf(err) != fetch.Name {
			works = false
		}
	}
	return works
}

// links6 tries internal links over IPv6. One is silent when it does not open in
// two tries and does over IPv4; what asks to be left alone is not counted.
func (p *prober) links6(ctx context.Context, out *fact.IPv6, links []string) {
	over6, err := p.client(func(c *fetch.Config) { c.Network, c.Total, c.MaxBytes = "tcp6", linkTime, linkBytes })
	if err != nil {
		return
	}
	over4, err := p.client(func(c *fetch.Config) { c.Network, c.Total, c.MaxBytes = "tcp4", linkTime, linkBytes })
	if err != nil {
		return
	}
	links = distinct(links, maxLinks)
	tried, silent := make([]bool, len(links)), make([]bool, len(links))
	next := make(chan int)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for i := range next {
				page, err := p.twice(ctx, over6, links[i])
				if page != nil && (page.Status == http.StatusTooManyRequests || challenged(page)) || ctx.Err() != nil {
					continue
				}
				tried[i] = true
				if answered(err) {
					continue
				}
				_, err = p.get(ctx, over4, links[i])
				silent[i] = answered(err) && ctx.Err() == nil
			}
		})
	}
	for i := range links {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	for i := range links {
		if tried[i] {
			out.Tried++
		}
		if silent[i] {
			out.Silent = append(out.Silent, links[i])
		}
	}
}

// answered tells whether an address gave something; more than was wanted counts.
func answered(err error) bool {
	return err == nil || fetch.ReasonOf(err) == fetch.Large || fetch.ReasonOf(err) == fetch.Missing
}

func distinct(list []string, most int) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] && len(out) < most {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// same compares the visible text over IPv6 with what two answers over IPv4 have
// in common: what changes from one to the next (counters, a picture of the day)
// is no difference between the families, nor is a line about IPv6 itself.
func same(four, again, six string) bool {
	a, b, x := lineSet(four), lineSet(again), lineSet(six)
	total, lost, churn, more := 0, 0, 0, 0
	for l, n := range a {
		total += n
		if b[l] == 0 {
			churn += n
		} else if x[l] == 0 {
			lost += n
		}
	}
	for l, n := range b {
		if a[l] == 0 {
			churn += n
		}
	}
	for l, n := range x {
		if a[l] == 0 && b[l] == 0 {
			more += n
		}
	}
	bound := different * float64(max(total, 1))
	return float64(lost) <= bound && float64(more) <= bound+float64(churn)
}

// lineSet are the lines of a text without digits and blanks, with their lengths.
func lineSet(text string) map[string]int {
	out := map[string]int{}
	for l := range strings.Lines(text) {
		l = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) || unicode.IsSpace(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, l)
		if l != "" && !strings.Contains(l, "ipv") {
			out[l] = utf8.RuneCountInString(l)
		}
	}
	return out
}

// serversSilent tells whether it was seen that no name server of the site's zone
// answers over IPv6. Where that cannot be asked it is false.
func (p *prober) serversSilent(ctx context.Context, host string) bool {
	names, ok := p.resolver().(interface {
		LookupNS(ctx context.Context, name string) ([]*net.NS, error)
	})
	top, err := publicsuffix.EffectiveTLDPlusOne(host)
	if _, literal := netip.ParseAddr(host); !ok || err != nil || literal == nil {
		return false
	}
	var servers []*net.NS
	zone := host
	for range maxLabels {
		if servers, err = names.LookupNS(ctx, zone); err == nil && len(servers) > 0 || zone == top {
			break
		}
		_, zone, _ = strings.Cut(zone, ".")
	}
	if err != nil || len(servers) == 0 {
		return false
	}
	for _, s := range servers[:min(len(servers), maxServers)] {
		addrs, err := p.addresses(ctx, "ip6", strings.TrimSuffix(s.Host, "."))
		if err != nil {
			return false
		}
		for _, a := range addrs {
			if !p.web.Admits(a) || !routed(a) || p.answersName(ctx, a, zone) || ctx.Err() != nil {
				return false
			}
		}
	}
	return true
}

// answersName asks a name server, over UDP, who is in charge of a zone.
func (p *prober) answersName(ctx context.Context, server netip.Addr, zone string) bool {
	name, err := dnsmessage.NewName(strings.TrimSuffix(zone, ".") + ".")
	if err != nil {
		return false
	}
	for range 2 { // UDP may lose one
		q := dnsmessage.Message{
			Header:    dnsmessage.Header{ID: uint16(rand.Uint32())},
			Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeSOA, Class: dnsmessage.ClassINET}},
		}
		packed, err := q.Pack()
		if err != nil {
			return false
		}
		if p.exchange(ctx, netip.AddrPortFrom(server, p.conf.namePort), packed, q.ID) {
			return true
		}
	}
	return false
}

func (p *prober) exchange(ctx context.Context, to netip.AddrPort, question []byte, id uint16) bool {
	ctx, cancel := context.WithTimeout(ctx, nameTime)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp6", to.String())
	if err != nil {
		return false
	}
	defer conn.Close()
	if until, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(until)
	}
	if _, err := conn.Write(question); err != nil {
		return false
	}
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return false
		}
		var parser dnsmessage.Parser
		if h, err := parser.Start(buffer[:n]); err == nil && h.ID == id && h.Response {
			return true
		}
	}
}
