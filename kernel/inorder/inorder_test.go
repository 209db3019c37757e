package inorder_test

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"gongkai/kernel/inorder"
)

func TestDo(t *testing.T) {
	list := make([]int, 500)
	for i := range list {
		list[i] = i
	}
	stop := errors.New("enough")
	for _, c := range []struct{ workers, ahead, until int }{{1, 1, 500}, {4, 2, 500}, {3, 64, 500}, {2, 2, 0}, {4, 64, 250}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			var running atomic.Int32
			var got []int
			err := inorder.Do(slices.Values(list), c.workers, c.ahead, func(n int) int {
				running.Add(1)
				defer running.Add(-1)
				return n * n
			}, func(n, square int) error {
				if n == c.until {
					return stop
				}
				if square != n*n {
					t.Errorf("%d gave %d", n, square)
				}
				got = append(got, n)
				return nil
			})
			if c.until < len(list) && !errors.Is(err, stop) || c.until >= len(list) && err != nil || !slices.Equal(got, list[:c.until]) {
				t.Errorf("%d taken, %v", len(got), err)
			}
			if n := running.Load(); n != 0 {
				t.Errorf("%d still run", n)
			}
		})
	}
}
