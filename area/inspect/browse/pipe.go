package browse

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

const (
	maxMessage = 64 << 20 // bytes; longer ones are skipped and their asker waits in vain
	maxEvents  = 1024     // of a page that wait to be looked at; more are dropped
)

// params are the arguments of a call.
type params map[string]any

// message is one of the DevTools protocol: a reply has an ID, an event a method.
type message struct {
	ID      int             `json:"id"`
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// pipe speaks the DevTools protocol over --remote-debugging-pipe: JSON texts,
// each ended by a zero byte.
type pipe struct {
	out  io.WriteCloser
	done chan struct{} // closed when the other end has gone

	writing sync.Mutex
	mu      sync.Mutex
	last    int
	calls   map[int]chan message
	pages   map[string]chan message
}

func newPipe(in io.Reader, out io.WriteCloser) *pipe {
	p := &pipe{out: out, done: make(chan struct{}), calls: map[int]chan message{}, pages: map[string]chan message{}}
	go p.receive(bufio.NewReaderSize(in, 64<<10))
	return p
}

func (p *pipe) receive(in *bufio.Reader) {
	defer close(p.done)
	var text []byte
	over := false
	for {
		part, err := in.ReadSlice(0)
		if over = over || len(text)+len(part) > maxMessage; over {
			text = nil
		} else {
			text = append(text, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return
		}
		var m message
		if !over && json.Unmarshal(text[:len(text)-1], &m) == nil {
			p.deliver(m)
		}
		if over = false; cap(text) > 1<<20 {
			text = nil
		}
		text = text[:0]
	}
}

func (p *pipe) deliver(m message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.ID != 0 {
		if c := p.calls[m.ID]; c != nil {
			delete(p.calls, m.ID)
			c <- m // has room for one
		}
		return
	}
	switch m.Method {
	case "Page.lifecycleEvent", "Page.javascriptDialogOpening", "Emulation.virtualTimeBudgetExpired", "Inspector.targetCrashed",
		"Runtime.exceptionThrown", "Log.entryAdded", "Page.windowOpen":
		if c := p.pages[m.Session]; c != nil {
			select {
			case c <- m:
			default: // a page that floods hurts itself: it is read when its time is over
			}
		}
	}
}

// call asks something of the browser ("" = of no page) and waits for the reply.
func (p *pipe) call(ctx context.Context, session, method string, in params, out any) error {
	reply := make(chan message, 1)
	p.mu.Lock()
	p.last++
	id := p.last
	p.calls[id] = reply
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.calls, id)
		p.mu.Unlock()
	}()
	if in == nil {
		in = params{}
	}
	question := map[string]any{"id": id, "method": method, "params": in}
	if session != "" {
		question["sessionId"] = session
	}
	text, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("browse: %s: %w", method, err)
	}
	p.writing.Lock()
	_, err = p.out.Write(append(text, 0))
	p.writing.Unlock()
	if err != nil {
		return fmt.Errorf("browse: %s: %w", method, err)
	}
	select {
	case m := <-reply:
		if m.Error != nil {
			return fmt.Errorf("browse: %s: %s", method, m.Error.Message)
		}
		if out != nil {
			if err := json.Unmarshal(m.Result, out); err != nil {
				return fmt.Errorf("browse: %s: %w", method, err)
			}
		}
		return nil
	case <-p.done:
		return errGone
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listen returns the events of a page from now on.
func (p *pipe) listen(session string) <-chan message {
	c := make(chan message, maxEvents)
	p.mu.Lock()
	p.pages[session] = c
	p.mu.Unlock()
	return c
}

func (p *pipe) forget(session string) {
	p.mu.Lock()
	delete(p.pages, session)
	p.mu.Unlock()
}
