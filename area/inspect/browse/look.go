package browse

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
)

//go:embed look.js
var lookScript string

const (
	shotWidth   = 1440
	shotHeight  = 4000 // pixels of a picture that is kept beside a finding
	shotQuality = 62
	maxShot     = 1500 << 10             // bytes; a larger one is taken again, only what a window shows
	between     = 700 * time.Millisecond // of page time, in which what floats moves on
	maxHeard    = 50
)

// heard is what a page told while it was open.
type heard struct {
	errors  []string // of scripts that nobody caught
	failed  []string // addresses that could not be loaded
	dialogs []string // what alert, confirm and prompt asked
	opened  []string // windows that it opened
}

// hear keeps what an event tells. It runs on the goroutine that reads events.
func (s *session) hear(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add := func(list *[]string, text string) {
		if text != "" && len(*list) < maxHeard && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	switch m.Method {
	case "Runtime.exceptionThrown":
		var e struct {
			Details struct {
				Text      string `json:"text"`
				URL       string `json:"url"`
				Exception struct {
					Description string `json:"description"`
				} `json:"exception"`
			} `json:"exceptionDetails"`
		}
		if json.Unmarshal(m.Params, &e) == nil {
			text, _, _ := strings.Cut(cmp.Or(e.Details.Exception.Description, e.Details.Text), "\n")
			add(&s.heard.errors, strings.TrimSpace(short(text, 160)+" "+short(e.Details.URL, 300)))
		}
	case "Log.entryAdded":
		var e struct {
			Entry struct {
				Source string `json:"source"`
				Level  string `json:"level"`
				URL    string `json:"url"`
			} `json:"entry"`
		}
		if json.Unmarshal(m.Params, &e) == nil && e.Entry.Source == "network" && e.Entry.Level == "error" {
			add(&s.heard.failed, short(e.Entry.URL, 1000))
		}
	case "Page.javascriptDialogOpening":
		var e struct {
			Message string `json:"message"`
		}
		if json.Unmarshal(m.Params, &e) == nil {
			add(&s.heard.dialogs, cmp.Or(short(e.Message, 200), "…"))
		}
	case "Page.windowOpen":
		var e struct {
			URL string `json:"url"`
		}
		if json.Unmarshal(m.Params, &e) == nil {
			add(&s.heard.opened, short(e.URL, 300))
		}
	}
}

// so far returns a copy of what was heard.
func (s *session) soFar() heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.heard
	h.errors, h.failed, h.dialogs, h.opened = slices.Clone(h.errors), slices.Clone(h.failed), slices.Clone(h.dialogs), slices.Clone(h.opened)
	return h
}

func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

// pass lets the page's own time run on for a while, which takes none of ours.
func (s *session) pass(ctx context.Context, d time.Duration) error {
	select {
	case <-s.passed:
	default:
	}
	if err := s.call(ctx, "Emulation.setVirtualTimePolicy", params{"policy": "advance", "budget": d.Milliseconds()}, nil); err != nil {
		return err
	}
	alarm := time.NewTimer(3 * time.Second) // a page whose scripts never pause
	defer alarm.Stop()
	select {
	case <-s.passed:
	case <-alarm.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// own makes a world of our own in the page, in which look.js runs unharmed.
func (s *session) own(ctx context.Context) (world int, err error) {
	var out struct {
		ID int `json:"executionContextId"`
	}
	if err := s.call(ctx, "Page.createIsolatedWorld", params{"frameId": s.frame, "worldName": "gongkai"}, &out); err != nil {
		return 0, err
	}
	return out.ID, s.eval(ctx, out.ID, lookScript+";0", nil)
}

// eval runs an expression there and reads what it gives.
func (s *session) eval(ctx context.Context, world int, expression string, out any) error {
	var reply struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Failed *struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	if err := s.call(ctx, "Runtime.evaluate", params{"expression": expression, "contextId": world, "returnByValue": true}, &reply); err != nil {
		return err
	}
	if reply.Failed != nil {
		return fault.New(fault.Unavailable, "网页的内容使浏览器不能查看它")
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(reply.Result.Value, out)
}

// leaving are words of a notice that a visitor leaves the site (NORM-23).
var leaving = regexp.MustCompile(`离开|跳转|外部(?:网站|链接|网页)|其他网站|第三方|非本网?站|即将访问`)

// Look shows a page to an eye that measures, as a visitor with a window of 1440
// pixels has it, and takes its picture. strange says of an address whether a visitor
// who follows it leaves the official sites; nil = that is not tried. What is
// followed is never really left. Errors are faults in Chinese.
func (b *Browser) Look(ctx context.Context, address string, strange func(string) bool) (fact.Look, []byte, error) {
	l := fact.Look{URL: address, At: b.conf.Clock.Now()}
	var picture []byte
	err := b.show(ctx, address, shotWidth, true, func(ctx context.Context, s *session) error {
		l.Took = s.took
		if s.moved {
			l.Moved = true // the page that is shown is another one
		}
		world, err := s.own(ctx)
		if err != nil {
			return err
		}
		var first struct {
			Scripts []string `json:"scripts"`
			Colours []string `json:"colours"`
			Keyless []string `json:"keyless"`
			Out     []string `json:"out"`
			Type    struct {
				Size    float64 `json:"size"`
				Big     float64 `json:"big"`
				Line    float64 `json:"line"`
				Letters int     `json:"letters"`
			} `json:"type"`
		}
		if err := s.eval(ctx, world, "look.first()", &first); err != nil {
			return err
		}
		if picture, err = s.picture(ctx); err != nil {
			return err
		}
		if err := s.pass(ctx, between); err != nil {
			return err
		}
		var windows []struct {
			Name   string `json:"name"`
			Moving bool   `json:"moving"`
			Close  string `json:"close"`
		}
		if err := s.eval(ctx, world, "look.second()", &windows); err != nil {
			return err
		}
		for _, w := range windows {
			l.Windows = append(l.Windows, fact.Window{Name: short(w.Name, 40), Moving: w.Moving, Close: w.Close})
		}
		h := s.soFar()
		l.Colours, l.Keyless, l.Dialogs, l.Opened = first.Colours, first.Keyless, h.dialogs, h.opened
		l.Size, l.Big, l.Line, l.Letters = first.Type.Size, first.Type.Big, first.Type.Line, first.Type.Letters
		l.Errors = caused(h, first.Scripts)
		if strange == nil {
			return nil
		}
		for _, to := range first.Out {
			if strange(to) {
				l.Leads = to
				l.Leaves, err = s.leave(ctx, world, to)
				return err
			}
		}
		return nil
	})
	return l, picture, err
}

// aside are scripts that no other one needs: marks of the footer, counters.
var aside = regexp.MustCompile(`(?i)jiucuo|conac|hm\.baidu|cnzz|analytics|/dcs|tongji|/stat`)

// caused are the errors of a page, unless a script of it did not come: then they
// follow from that, which is another finding or our own line's trouble.
func caused(h heard, scripts []string) []string {
	for _, s := range scripts {
		if slices.Contains(h.failed, s) && !aside.MatchString(s) {
			return nil
		}
	}
	return h.errors
}

// leave follows a link to another site and says what happens.
func (s *session) leave(ctx context.Context, world int, to string) (fact.Leaving, error) {
	asked := len(s.soFar().dialogs)
	quoted, err := json.Marshal(to)
	if err != nil {
		return "", err
	}
	var went string
	if err := s.eval(ctx, world, "look.leave("+string(quoted)+")", &went); err != nil {
		return "", err
	}
	if err := s.pass(ctx, between); err != nil {
		return "", err
	}
	var over []string
	if err := s.eval(ctx, world, "look.said()", &over); err != nil {
		return "", err
	}
	for _, text := range append(over, s.soFar().dialogs[asked:]...) {
		if leaving.MatchString(text) {
			return fact.Noticed, nil
		}
	}
	switch went {
	case "open":
		return fact.Unnoticed, nil
	case "held":
		return fact.Unclear, nil
	}
	return "", nil
}

// picture takes what a window of the usual width shows, the top of the page first.
func (s *session) picture(ctx context.Context) ([]byte, error) {
	var size struct {
		Content struct{ Height float64 } `json:"cssContentSize"`
	}
	if err := s.call(ctx, "Page.getLayoutMetrics", nil, &size); err != nil {
		return nil, err
	}
	for _, most := range []float64{shotHeight, viewHeight} {
		clip := params{"x": 0, "y": 0, "width": shotWidth, "height": max(1, min(size.Content.Height, most)), "scale": 1}
		var out struct {
			Data string `json:"data"`
		}
		if err := s.call(ctx, "Page.captureScreenshot", params{"format": "jpeg", "quality": shotQuality, "captureBeyondViewport": true, "clip": clip}, &out); err != nil {
			return nil, err
		}
		data, err := base64.StdEncoding.DecodeString(out.Data)
		if err != nil || len(data) <= maxShot {
			return data, err
		}
	}
	return nil, fault.New(fault.Invalid, "网页截图太大，没有保存")
}

// Shot is the picture of a page as JPEG, at most 4,000 pixels high and 1.5 MB large,
// to stand beside a finding.
func (b *Browser) Shot(ctx context.Context, address string) (picture []byte, err error) {
	err = b.show(ctx, address, shotWidth, true, func(ctx context.Context, s *session) error {
		picture, err = s.picture(ctx)
		return err
	})
	return picture, err
}
