package fetch

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"gongkai/kernel/fault"
)

func TestOwnPublicAddressIsRefused(t *testing.T) {
	g, err := newGuard(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	g.own = func() ([]net.Addr, error) {
		return []net.Addr{&net.IPNet{IP: net.ParseIP("93.184.216.34"), Mask: net.CIDRMask(24, 32)}}, nil
	}
	if !public(netip.MustParseAddr("93.184.216.34")) {
		t.Fatal("not a public address")
	}
	if _, err := g.dial(context.Background(), "tcp", "93.184.216.34:443"); ReasonOf(err) != Internal || !strings.Contains(fault.Text(err), "本机") {
		t.Errorf("%v", err)
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "100.63.255.255": true, "100.128.0.1": true, "172.32.0.1": true, "2400:3200::1": true, "64:ff9b::808:808": true, "2002:808:808::1": true,
		"100.64.0.1": false, "172.31.255.255": false, "255.255.255.255": false, "168.63.129.16": false, "::": false, "::1": false, "::8.8.8.8": false,
		"2001:db8::1": false, "2001::1": false, "fc00::1": false, "fec0::1": false, "64:ff9b::a00:1": false, "64:ff9b:1::1": false, "2002:c0a8:1::": false, "::ffff:10.0.0.1": false, "fe80::1%eth0": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestPrivateAdmitsOwnNetworksOnly(t *testing.T) {
	g, err := newGuard(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	own := map[netip.Addr]bool{netip.MustParseAddr("93.184.216.34"): true}
	for text, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "10.1.2.3": true, "192.168.1.5": true, "fd00::2": true, "100.64.0.1": true, "93.184.216.34": true, "8.8.8.8": true,
		"169.254.169.254": false, "168.63.129.16": false, "224.0.0.1": false, "0.0.0.0": false, "fe80::1%eth0": false, "2001:db8::1": false,
	} {
		g.private = true
		if got := g.admits(netip.MustParseAddr(text), own); got != want {
			t.Errorf("private, %s: %v", text, got)
		}
		g.private = false
		if got := g.admits(netip.MustParseAddr(text), own); got != (text == "8.8.8.8") {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// families answers for every name with one address of each family.
type families struct{}

func (families) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}, nil
}

func TestOneFamilyIsDialled(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	g, err := newGuard(nil, families{})
	if err != nil {
		t.Fatal(err)
	}
	g.private = true
	g.network = "tcp4"
	conn, err := g.dial(t.Context(), "tcp", "both.example:"+port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	g.network = "tcp6"
	if conn, err = g.dial(t.Context(), "tcp", "both.example:"+port); err == nil {
		t.Errorf("reached %s over IPv6", conn.RemoteAddr())
	}
	if _, err = g.dial(t.Context(), "tcp", "127.0.0.1:"+port); err == nil {
		t.Error("an IPv4 address was called over IPv6")
	}
}
