package account

import (
	"fmt"
	"math"
	"time"
)

// brake is how failed tries slow down those that follow, for one name or one
// address.
type brake struct {
	free  int64         // failures without a consequence
	lock  int64         // from this many on, locked
	hold  time.Duration // how long a lock holds
	reset time.Duration // failures are forgotten this long after the last
}

// wait is how long the next try must wait after n failures: nothing, then 1 s,
// 2 s, 4 s …, then the lock.
func (b brake) wait(n int64) time.Duration {
	switch {
	case n <= b.free:
		return 0
	case n >= b.lock:
		return b.hold
	}
	return min(time.Duration(math.Pow(2, float64(min(n-b.free-1, 30))))*time.Second, b.hold)
}

// tries are the failures of one subject.
type tries struct {
	failures    int64
	last, until time.Time
}

// blocked is how long the subject must still wait at now.
func (t tries) blocked(now time.Time) time.Duration { return max(t.until.Sub(now), 0) }

// next counts one more failure at now.
func (b brake) next(t tries, now time.Time) tries {
	if now.Sub(t.last) > b.reset {
		t.failures = 0
	}
	t.failures++
	t.last, t.until = now, now.Add(b.wait(t.failures))
	return t
}

// span says a waiting time in Chinese, rounded up.
func span(d time.Duration) string {
	if d <= time.Minute {
		return fmt.Sprintf("%d 秒", int(math.Ceil(d.Seconds())))
	}
	return fmt.Sprintf("%d 分钟", int(math.Ceil(d.Minutes())))
}
