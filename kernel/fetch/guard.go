package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Resolver finds the addresses of a name; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// guard dials only where a person's address may lead. The address that was
// checked is the one that is dialled, so a name that answers differently the
// second time (DNS rebinding) gains nothing.
type guard struct {
	hosts    map[string]bool // "host" or "host:port" allowed by name
	nets     []netip.Prefix  // allowed by address
	private  bool            // own machine and private networks allowed
	network  string          // the only one that is dialled; "" = the one asked for
	resolver Resolver
	dialer   net.Dialer
	own      func() ([]net.Addr, error)
}

func newGuard(allow []string, r Resolver) (*guard, error) {
	g := &guard{hosts: map[string]bool{}, resolver: r, dialer: net.Dialer{Timeout: 10 * time.Second}, own: net.InterfaceAddrs}
	if r == nil {
		g.resolver = net.DefaultResolver
	}
	for _, entry := range allow {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			g.nets = append(g.nets, prefix.Masked())
		} else if addr, err := netip.ParseAddr(entry); err == nil {
			g.nets = append(g.nets, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
		} else if entry == "" || strings.ContainsAny(entry, "/ *") {
			return nil, fmt.Errorf("fetch: allowed address %q: want host:port, host, an address or a CIDR", entry)
		} else {
			g.hosts[entry] = true
		}
	}
	return g, nil
}

func (g *guard) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	vouched := g.hosts[host] || g.hosts[host+":"+port]
	if !vouched && !webPort(port) {
		return nil, failed(Internal, "网址的端口 %s 不是网站使用的端口，不能抓取。如确需使用，请由系统管理员加入允许名单", port)
	}
	addrs, err := g.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	if g.network != "" {
		network = g.network
	}
	if !vouched {
		own := g.ownAddresses()
		for _, a := range addrs {
			// One forbidden address condemns the name: which one a server
			// would be reached at must not be left to chance.
			if g.admits(a, own) {
				continue
			}
			return nil, failed(Internal, "%s 指向内网或本机地址，不能抓取。请使用公开网址；如确需检查内部网站，请由系统管理员加入允许名单", host)
		}
	}
	err = &net.DNSError{Err: "no address of this family", Name: host, IsNotFound: true}
	for _, a := range addrs {
		if network == "tcp4" && a.Is6() || network == "tcp6" && a.Is4() {
			continue
		}
		var conn net.Conn
		if conn, err = g.dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil || ctx.Err() != nil {
			return conn, err
		}
	}
	return nil, err
}

func (g *guard) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	if err != nil {
		return nil, err
	}
	out := make([]netip.Addr, len(addrs))
	for i, a := range addrs {
		out[i] = a.Unmap()
	}
	return out, nil
}

func (g *guard) admits(a netip.Addr, own map[netip.Addr]bool) bool {
	near := own[a] || a.IsLoopback() || a.IsPrivate() || shared.Contains(a)
	return g.allowed(a) || public(a) && !own[a] || g.private && near && a.Zone() == ""
}

func (g *guard) allowed(a netip.Addr) bool {
	for _, p := range g.nets {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// ownAddresses are those of this machine, read anew: interfaces come and go.
func (g *guard) ownAddresses() map[netip.Addr]bool {
	out := map[netip.Addr]bool{}
	addrs, err := g.own()
	if err != nil {
		return out // the internal ranges are still refused
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			out[p.Addr().Unmap()] = true
		}
	}
	return out
}

// webPort keeps people's addresses away from services that are no web server
// but might take an HTTP request for a command (mail, databases on low ports).
func webPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && (n >= 80 && n < 100 || n == 443 || n >= 1024)
}

// Ranges that are no public host, from the IANA special-purpose registries;
// 168.63.129.16 is the metadata service of one cloud, those of the others lie
// inside the ranges (169.254.169.254, 100.100.100.200).
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "3fff::/20",
)

var (
	shared = netip.MustParsePrefix("100.64.0.0/10") // of carriers, used inside large networks
	global = netip.MustParsePrefix("2000::/3")      // all public IPv6 lies here
	nat64  = netip.MustParsePrefix("64:ff9b::/96")  // IPv4 in the last 4 bytes
	sixto4 = netip.MustParsePrefix("2002::/16")     // IPv4 in bytes 2 to 5
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// public reports whether an address is one of the open internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	if a.Is6() {
		b := a.As16()
		switch {
		case nat64.Contains(a):
			return public(netip.AddrFrom4([4]byte(b[12:16])))
		case sixto4.Contains(a):
			return public(netip.AddrFrom4([4]byte(b[2:6])))
		case !global.Contains(a):
			return false
		}
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
