package plan_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store/storetest"
)

// BenchmarkEvidence prints how many pieces of evidence a second are
// acknowledged durably, each a posted form, from 64 clients, while four readers
// look at duties. 20 units × 30 measures.
func BenchmarkEvidence(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var s *plan.Service
			build := func(k *area.Kernel) area.Area { s = plan.New(k); return s.Area() }
			ctx := context.Background()
			kit := storetest.SQLite(b)
			url := kit.URL(areatest.Rooms(build)...)
			if kind == "postgres" {
				url = storetest.Own(b, true).Create(b)
			}
			db := kit.Reopen(url)
			if err := db.Migrate(ctx, areatest.Rooms(build)...); err != nil {
				b.Fatal(err)
			}
			h := areatest.On(b, db, kit.Clock, "2022-06-17", build)
			office := h.Person("赵敏", "区政府办公室", org.Coordinator)
			o := plan.Outline{Year: 2022, Title: "江澄区2022年政务公开工作要点任务分工", IssuedOn: calendar.MustParse("2022-06-17"), Items: []plan.OutlineItem{{Section: 1, Number: "（一）", Title: "公开"}}}
			var units []areatest.Visitor
			for i := range 20 {
				units = append(units, h.Person(fmt.Sprintf("人员%d", i+100), fmt.Sprintf("区第%d局", i+1), org.Disclosure))
			}
			for i := range 30 {
				m := plan.OutlineMeasure{Text: fmt.Sprintf("第%d条举措，按时公开有关信息。", i+1), Lead: []plan.Named{{Unit: h.Unit("区政府办公室")}}}
				for _, u := range units {
					m.Resp = append(m.Resp, plan.Named{Unit: u.Who.Unit})
				}
				o.Items[0].Measures = append(o.Items[0].Measures, m)
			}
			key, err := s.Issue(ctx, office.Who, h.Unit("区政府办公室"), o)
			if err != nil {
				b.Fatal(err)
			}
			lines, err := s.AllLines(ctx, plan.Filter{Plan: key, Role: plan.Responsible})
			if err != nil {
				b.Fatal(err)
			}
			by := map[string]areatest.Visitor{}
			for _, u := range units {
				by[string(u.Who.Unit)] = u
			}
			for _, l := range lines {
				if err := s.Move(ctx, by[string(l.Unit)].Who, l.Case, "accept", process.Input{}); err != nil {
					b.Fatal(err)
				}
			}
			var warm sync.WaitGroup // a server that runs has its connections and templates
			for i := range 4 {
				warm.Go(func() {
					l := lines[i]
					for range 5 {
						by[string(l.Unit)].Get("/desk/duties/" + string(l.Duty))
					}
				})
			}
			warm.Wait()
			var took []time.Duration
			var mu sync.Mutex
			var readers sync.WaitGroup
			stop := make(chan struct{})
			for i := range 4 {
				readers.Go(func() {
					for n := i; ; n += 7 {
						select {
						case <-stop:
							return
						default:
						}
						l := lines[n%len(lines)]
						start := clock.System{}.Now()
						if a := by[string(l.Unit)].Get("/desk/duties/" + string(l.Duty)); a.Code != 200 {
							b.Errorf("reading: %d", a.Code)
							return
						}
						mu.Lock()
						took = append(took, clock.System{}.Now().Sub(start))
						mu.Unlock()
						time.Sleep(100 * time.Millisecond) // a reader reads
					}
				})
			}
			var next atomic.Int64
			b.SetParallelism(32) // × 2 processors
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := next.Add(1)
					l := lines[int(n)%len(lines)]
					a := by[string(l.Unit)].Post("/desk/terms/"+string(l.Term)+"/evidence", "duty", string(l.Duty), "kind", "text", "title", fmt.Sprintf("佐证%d", n), "text", "已完成", "dated_on", "2022-06-17")
					if a.Code != 303 {
						b.Errorf("writing: %d", a.Code)
						return
					}
				}
			})
			b.StopTimer()
			close(stop)
			readers.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
			slices.Sort(took)
			if len(took) > 0 {
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "read-p99-ms")
			}
		})
	}
}
