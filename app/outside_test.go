package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gongkai/area"
	"gongkai/area/inspect/demosite"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
)

// demoWebsite is where the tests' demonstration has its website: a port of this
// process's own, below those that systems give away.
func demoWebsite() string { return fmt.Sprintf("127.0.0.1:%d", 20000+os.Getpid()%10000) }

// websiteDay tells a child of the test binary to be the demonstration's website
// on a day, as `gongkai demo-site` is today.
const websiteDay = "GONGKAI_TEST_WEBSITE_DAY"

// beWebsite serves until its parent lets go of it.
func beWebsite(day, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		stop()
	}()
	fmt.Println("http://" + l.Addr().String() + "/")
	return demosite.Serve(ctx, l, func() calendar.Date { return calendar.MustParse(day) })
}

// website starts the demonstration's website as a process of its own. What it
// returns ends it.
func website(t *testing.T, day calendar.Date) (stop func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0], demoWebsite())
	cmd.Env = append(os.Environ(), websiteDay+"="+day.String())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the website does not start: %v", err)
	}
	ended := false
	stop = func() {
		if !ended {
			ended = true
			_ = in.Close()
			_ = cmd.Wait()
		}
	}
	t.Cleanup(stop)
	return stop
}

// said is what a rule says on the page of its measure: units by verdict.
func said(t *testing.T, page string) map[string]map[string][]string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string][]string{}
	doc.Find("ul.evidence > li").Each(func(_ int, rule *goquery.Selection) {
		by := map[string][]string{}
		rule.Find("details li").Each(func(_ int, line *goquery.Selection) {
			verdict := line.Find("strong").Text()
			unit, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line.Text(), verdict)), "：")
			by[verdict] = append(by[verdict], unit)
		})
		counts := strings.Join(strings.Fields(rule.ChildrenFiltered("p").Last().Text()), "")
		want := fmt.Sprintf("达标%d，未达标%d，无法判断%d", len(by["达标"]), len(by["未达标"]), len(by["无法判断"]))
		if title := rule.Find("p > strong").First().Text(); strings.HasPrefix(counts, want) {
			out[title] = by
		} else {
			t.Errorf("%s: the page counts %s, its lines %s", title, counts, want)
		}
	})
	return out
}

// TestTheLedgerShowsWhatTheWebsiteShows inspects the demonstration's website,
// which another process serves, and holds every rule about it to what
// docs/measure-rules.md says: met, not met or cannot tell, unit by unit. Then the
// website goes away, and what proved a measure is still there to be seen.
func TestTheLedgerShowsWhatTheWebsiteShows(t *testing.T) {
	ctx := context.Background()
	cfg := demoData(t)
	cfg.Allow, cfg.Browser = cfg.Allow+" "+admits(demoWebsite()), false
	a := houseOn(t, cfg)
	stop := website(t, calendar.Of(today().Now()))
	b := a.browser(t)
	b.signIn("tongchou", DemoPassword)
	key := regexp.MustCompile(`/desk/sites/([0-9a-f-]{36})"`).FindStringSubmatch(b.want(200, "GET", "/desk/sites", demosite.Name).Body.String())
	if key == nil {
		t.Fatal("no site is listed")
	}
	b.want(303, "POST", "/desk/sites/"+key[1]+"/round", "")
	if err := a.Jobs.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	b.want(200, "GET", "/desk/sites/"+key[1], "已完成")

	plans, err := a.Plan.Plans(ctx)
	if err != nil {
		t.Fatal(err)
	}
	this := plans[slices.IndexFunc(plans, func(p plan.Plan) bool { return p.Year == today().Now().Year() })]
	measures, err := a.Plan.Numbers(ctx, this.ID)
	if err != nil || len(measures) != 52 {
		t.Fatalf("%d measures, %v", len(measures), err)
	}
	titles := map[area.Verdict]string{area.Met: "达标", area.NotMet: "未达标", area.CannotTell: "无法判断"}
	asked, inside := map[string]bool{}, plan.DemoInside()
	pages := map[string]map[string]map[string][]string{}
	for _, r := range plan.DemoRules() {
		if !r.Outside() {
			continue
		}
		asked[r.Measure] = true
		if pages[r.Measure] == nil {
			pages[r.Measure] = said(t, b.want(200, "GET", "/desk/measures/"+string(measures[r.Measure]), "佐证规则").Body.String())
		}
		by := pages[r.Measure][r.Title]
		if len(by) == 0 {
			t.Errorf("%s %s: asked of nobody", r.Measure, r.Title)
		}
		for verdict, units := range by {
			for _, unit := range units {
				want := titles[r.Says]
				if slices.Contains(r.Met, unit) {
					want = titles[area.Met]
				}
				if verdict != want {
					t.Errorf("%s %s: %s is %s, want %s", r.Measure, r.Title, unit, verdict, want)
				}
			}
		}
		for _, unit := range r.Met {
			if !slices.Contains(by[titles[area.Met]], unit) {
				t.Errorf("%s %s: %s is not asked", r.Measure, r.Title, unit)
			}
		}
	}
	for number := range measures {
		if asked[number] == (inside[number] != "") {
			t.Errorf("measure %s: a rule about the website %v, why not: %q", number, asked[number], inside[number])
		}
	}

	stop() // the website is no more
	lines, err := a.Plan.AllLines(ctx, plan.Filter{Plan: this.ID, Measure: measures["14.4"]})
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, l := range lines {
		list, err := a.Plan.Evidence(ctx, l.Term)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Kind != plan.Proved || e.Hash == "" {
				continue
			}
			kept++
			page := b.want(200, "GET", "/desk/evidence/"+string(e.ID), "留存的页面").Body.String()
			for _, text := range []string{e.Hash, "抓取并留存", "Content-Type", "text/html; charset=utf-8", "区图书馆专区", "http://" + demoWebsite() + "/jczwgk/2.html"} {
				if !strings.Contains(page, text) {
					t.Errorf("the kept page lacks %q", text)
				}
			}
			break
		}
		if kept > 0 {
			break
		}
	}
	if kept == 0 {
		t.Error("no page was kept as evidence of 14.4")
	}
}
