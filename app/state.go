package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// watchedFiles remembers when the place of files did not take one, as the
// database does of units of work.
type watchedFiles struct {
	store.Files
	clock   clock.Clock
	problem atomic.Pointer[store.Problem]
}

// Put keeps all of r and remembers how that went.
func (f *watchedFiles) Put(ctx context.Context, r io.Reader, limit int64) (store.Ref, error) {
	ref, err := f.Files.Put(ctx, r, limit)
	switch {
	case err == nil:
		f.problem.Store(nil)
	case fault.Is(err, fault.Unavailable):
		f.problem.CompareAndSwap(nil, &store.Problem{Text: fault.Text(err), Since: f.clock.Now()})
	}
	return ref, err
}

// said is what is wrong with the house, for everyone at work; "" when it is well.
func (a *App) said() string {
	var all []string
	s := a.DB.State()
	if s.Problem != nil {
		all = append(all, s.Problem.Text)
	}
	if p := a.files.problem.Load(); p != nil && (s.Problem == nil || p.Text != s.Problem.Text) {
		all = append(all, "上传的文件存不进去："+p.Text)
	}
	if s.ClockBehind > 0 {
		all = append(all, behind(s.ClockBehind))
	}
	return strings.Join(all, "；")
}

// behind says how far the machine's clock stands back, and what that means.
func behind(d time.Duration) string {
	return fmt.Sprintf("服务器时钟比最近一次保存的时间早%s，可能被调慢了，也可能此前走快了。在它赶上之前，新的记录都按最近一次保存的时间登记，期限不受影响。请系统管理员核对服务器时间", span(d))
}

// span says a length of time in its largest unit, rounded.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.0f天", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.0f小时", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f分钟", d.Minutes())
	}
	return fmt.Sprintf("%.0f秒", d.Seconds())
}

// settle is how old a problem is before it is tried whether it has passed.
const settle = 2 * time.Second

// probe tries whether problems have passed, so that the house is well again
// without anybody having to hand in something first.
func (a *App) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	settled := func(p *store.Problem) bool {
		return p != nil && a.DB.Clock().Now().Sub(p.Since).Abs() > settle // set back, it may have begun tomorrow
	}
	if settled(a.DB.State().Problem) {
		_ = a.write(ctx) // State remembers how it went
	}
	if settled(a.files.problem.Load()) {
		_, _ = a.files.Put(ctx, strings.NewReader("gongkai\n"), 1<<10) // always the same file
	}
}

// write is a unit of work that only keeps the instant, when none was kept for a second.
func (a *App) write(ctx context.Context) error {
	return a.DB.Do(ctx, func(context.Context, *store.Tx) error { return nil })
}

// health tells a load balancer whether this node can work: 200, or 503 and why. A
// clock that was set back is told with 200: the node goes on, and takes no harm.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	a.probe(ctx)
	text, status := "ok", http.StatusOK
	if a.DB.Postgres() && a.DB.SQL().PingContext(ctx) != nil {
		text, status = "数据库暂时无法连接", http.StatusServiceUnavailable
	} else if said := a.said(); said != "" {
		text = said
		if a.DB.State().Problem != nil || a.files.problem.Load() != nil {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
