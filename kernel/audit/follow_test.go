package audit_test

import (
	"context"
	"testing"

	"gongkai/kernel/audit"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

func TestFollow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx, db := context.Background(), k.Open(audit.Migration())
		write := func(subjects ...string) {
			t.Helper()
			for _, s := range subjects {
				if err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
					return audit.Write(ctx, tx, audit.Entry{Name: "测试", Action: "term.move", Kind: "term", Subject: s})
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		write("a")
		_, mark, ok, err := audit.Follow(ctx, db.Read, nil, 10)
		if err != nil || ok {
			t.Fatalf("from the beginning: ok %v, %v; want to start anew", ok, err)
		}
		if touched, _, ok, err := audit.Follow(ctx, db.Read, mark, 10); err != nil || !ok || len(touched) != 0 {
			t.Fatalf("nothing came: %v %v %v", touched, ok, err)
		}
		write("b", "c")
		touched, mark, ok, err := audit.Follow(ctx, db.Read, mark, 10)
		if err != nil || !ok || len(touched) != 2 {
			t.Fatalf("two came: %v %v %v", touched, ok, err)
		}
		seen := map[audit.Touched]bool{}
		for _, one := range touched {
			seen[one] = true
		}
		if !seen[audit.Touched{Kind: "term", Subject: "b"}] || !seen[audit.Touched{Kind: "term", Subject: "c"}] {
			t.Errorf("got %v", touched)
		}
		write("d", "e", "f")
		if _, _, ok, err := audit.Follow(ctx, db.Read, mark, 2); err != nil || ok {
			t.Errorf("more than asked for: ok %v, %v; want to start anew", ok, err)
		}
	})
}
