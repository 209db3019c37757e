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
