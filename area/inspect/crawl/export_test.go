package crawl

import (
	"context"
	"net"
)

// Through makes a test's own dialer stand in for the guarded one, so that a
// made-up site can have the usual ports.
func Through(c *Config, dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.through = dial
}
