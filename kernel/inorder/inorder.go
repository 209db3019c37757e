// Package inorder does something with every element of a list on several
// goroutines and hands out what came of it in the order of the list.
package inorder

import (
	"iter"
	"sync"
)

// Do calls do for every element, by so many workers at once, at most ahead elements
// before it is their turn, and take with each element and what came of it, one after
// the other. What take returns ends it. When Do returns nothing of it runs any more.
func Do[T, R any](list iter.Seq[T], workers, ahead int, do func(T) R, take func(T, R) error) error {
	type turn struct {
		of    T
		ready chan R
	}
	turns, work, over := make(chan turn, ahead), make(chan turn, ahead), make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	defer close(over)
	all.Go(func() {
		defer close(turns)
		defer close(work)
		for of := range list {
			t := turn{of, make(chan R, 1)}
			select {
			case turns <- t:
				work <- t
			case <-over:
				return
			}
		}
	})
	for range workers {
		all.Go(func() {
			for t := range work {
				select {
				case <-over: // nobody waits for it
				default:
					t.ready <- do(t.of)
				}
			}
		})
	}
	for t := range turns {
		if err := take(t.of, <-t.ready); err != nil {
			return err
		}
	}
	return nil
}
