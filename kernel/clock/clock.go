// Package clock is the only place that asks the machine for the time.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time. Every part of the house gets one handed in, so that a
// test can fix it.
type Clock interface{ Now() time.Time }

// System is the machine's clock, in UTC and whole microseconds, which is what
// both databases keep.
type System struct{}

// Now returns the present instant.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Fixed is a clock for tests and demonstrations that moves only when told.
type Fixed struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a clock standing at t.
func At(t time.Time) *Fixed { return &Fixed{now: t.UTC().Truncate(time.Microsecond)} }

// Now returns the instant the clock stands at.
func (c *Fixed) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t, forwards or back.
func (c *Fixed) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC().Truncate(time.Microsecond)
}

// Advance moves the clock forward by d.
func (c *Fixed) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }
