package desk

import (
	"strconv"

	"gongkai/kernel/fault"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

func (s *Screens) jobRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/system/jobs", org.SystemAdmin, s.jobs),
		web.POST("/desk/system/jobs/{job}/retry", org.SystemAdmin, s.retryJob),
		web.POST("/desk/system/jobs/{job}/cancel", org.SystemAdmin, s.cancelJob),
	}
}

// jobsPage lists background jobs by state.
type jobsPage struct {
	Tabs    []web.Tab
	Filters []web.Filter
	States  []web.Tab
	List    page.Of[jobs.Job]
}

// Badge is the letter of a job's state.
func (jobsPage) Badge(state jobs.State) string {
	switch state {
	case jobs.Done:
		return "done"
	case jobs.Failed:
		return "late"
	case jobs.Again:
		return "slow"
	case jobs.Running:
		return "doing"
	case jobs.Waiting:
	}
	return "idle"
}

// Stuck reports whether a job can be run again now, and Open whether it can be given up.
func (jobsPage) Stuck(state jobs.State) bool { return state == jobs.Failed || state == jobs.Again }

// Open reports whether a job has not come to its end.
func (jobsPage) Open(state jobs.State) bool { return state == jobs.Again || state == jobs.Waiting }

func (s *Screens) jobs(r *web.Request) (web.Reply, error) {
	p := jobsPage{Tabs: s.systemTabs("jobs")}
	state := jobs.State(r.Query("state"))
	counts, err := s.Jobs.Counts(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	p.States = []web.Tab{{Title: "全部", Href: r.Changed("state", ""), Now: state == ""}}
	for _, one := range jobs.States() {
		p.States = append(p.States, web.Tab{Title: one.Title(), Href: r.Changed("state", string(one)), Count: counts[one], Now: state == one})
	}
	kinds := web.Filter{Name: "kind", Title: "任务", Value: r.Query("kind")}
	for _, k := range s.Jobs.Kinds() {
		kinds.Options = append(kinds.Options, web.Option{Value: k.Name, Text: k.Title})
	}
	p.Filters = []web.Filter{kinds}
	p.List, err = s.Jobs.List(r.Context(), jobs.Filter{State: state, Kind: kinds.Value}, r.Page())
	return web.View("desk/jobs", p), err
}

func (s *Screens) retryJob(r *web.Request) (web.Reply, error) {
	key, err := jobKey(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/system/jobs").Flash("已安排立即重试"), s.Jobs.Retry(r.Context(), r.Who, key)
}

func (s *Screens) cancelJob(r *web.Request) (web.Reply, error) {
	key, err := jobKey(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/system/jobs").Flash("已取消这项任务"), s.Jobs.Cancel(r.Context(), r.Who, key)
}

func jobKey(r *web.Request) (int64, error) {
	key, err := strconv.ParseInt(r.PathValue("job"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "没有找到这项后台任务，可能已清理")
	}
	return key, nil
}
