package audit

import (
	"context"
	"fmt"
	"testing"

	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// BenchmarkVerify prints records/s over a record of 200,000.
func BenchmarkVerify(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			k := storetest.SQLite(b)
			if kind == "postgres" {
				k = storetest.Postgres(b)
			}
			db := k.Open(Migration())
			const n = 200_000
			for i := 0; i < n; i += 2000 {
				err := db.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
					for j := range 2000 {
						if err := Write(ctx, tx, sample(i+j)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if r := verify(b, db, nil); !r.Whole() || r.Records != n {
					b.Fatal(r)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(len(encode(sample(1)))), "B/record")
		})
	}
}

// BenchmarkWrite prints entries/s when each is a unit of work of its own,
// committed to the disk, from 64 writers.
func BenchmarkWrite(b *testing.B) {
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
			if err := db.Migrate(context.Background(), Migration()); err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(32) // × 2 processors
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					err := db.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
						return Write(ctx, tx, sample(i))
					})
					if err != nil {
						b.Error(fmt.Errorf("write: %w", err))
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}
