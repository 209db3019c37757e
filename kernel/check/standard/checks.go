package standard

import (
	"context"
	"sync"

	"gongkai/kernel/check"
)

// Checks is the engine in force in a running house. What the house adds may
// change at any time, in this process or another one: the engine is made anew
// when the mark of its rules has changed. It is safe for use by many goroutines.
type Checks struct {
	mark func(ctx context.Context) (string, error) // changes whenever the house's rules do; nil = they never do
	load func(ctx context.Context) (House, error)

	once  sync.Once
	rules *Rules
	wrong error

	mu     sync.Mutex
	seen   string
	engine *check.Engine
}

// Own says where the house's rules come from. It is called while the house is put
// together, before the first check.
func (c *Checks) Own(mark func(context.Context) (string, error), load func(context.Context) (House, error)) {
	c.mark, c.load = mark, load
}

// Engine is the engine with the house's rules as they are now. The first call
// makes the built-in rules ready, which takes about a second.
func (c *Checks) Engine(ctx context.Context) (*check.Engine, error) {
	c.once.Do(func() { c.rules, c.wrong = Load() })
	if c.wrong != nil {
		return nil, c.wrong
	}
	mark := "built-in"
	if c.mark != nil {
		m, err := c.mark(ctx)
		if err != nil {
			return nil, err
		}
		mark = m
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.engine != nil && c.seen == mark {
		return c.engine, nil
	}
	var house House
	if c.load != nil {
		h, err := c.load(ctx)
		if err != nil {
			return nil, err
		}
		house = h
	}
	engine, err := c.rules.Engine(house)
	if err != nil {
		return nil, err
	}
	c.engine, c.seen = engine, mark
	return engine, nil
}
