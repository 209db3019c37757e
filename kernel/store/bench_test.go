package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// BenchmarkDo prints durable units of work a second from 64 goroutines, each
// an insert, while four others read.
func BenchmarkDo(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			k := storetest.SQLite(b)
			url := ""
			if kind == "postgres" {
				url = storetest.Own(b, true).Create(b)
			} else {
				url = k.URL()
			}
			db := k.Reopen(url)
			ctx := context.Background()
			if err := db.Migrate(ctx, things()); err != nil {
				b.Fatal(err)
			}
			stop := make(chan struct{})
			var readers sync.WaitGroup
			var mu sync.Mutex
			var took []time.Duration
			system := clock.System{}
			for range 4 {
				readers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						start := system.Now()
						var n int
						if err := db.Read.NewRaw("select count(*) from (select 1 from thing order by id desc limit 20) t").Scan(ctx, &n); err != nil {
							b.Error(err)
							return
						}
						mu.Lock()
						took = append(took, system.Now().Sub(start))
						mu.Unlock()
						time.Sleep(5 * time.Millisecond) // a reader thinks, too
					}
				})
			}
			b.SetParallelism(32) // × 2 processors
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, string(id.New())) }); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.StopTimer()
			close(stop)
			readers.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
			slices.Sort(took)
			if len(took) > 0 {
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "read-p99-ms")
			}
		})
	}
}
