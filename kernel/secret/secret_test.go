package secret_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"gongkai/kernel/id"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

func ring(t *testing.T) (*secret.Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys", "keyring")
	if err := secret.Create(path); err != nil {
		t.Fatal(err)
	}
	r, err := secret.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return r, path
}

func TestATextIsMaskedWhereverItIsPrinted(t *testing.T) {
	phone := secret.Text("13800138000")
	holder := struct{ Phone secret.Text }{phone}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "phone", phone, "holder", holder)
	raw, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{phone.String(), log.String(), string(raw)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all = append(all, fmt.Sprintf(verb, phone), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, &holder))
	}
	for _, text := range all {
		if strings.Contains(text, "13800138000") || strings.Contains(text, "3133383030313338303030") {
			t.Errorf("shown: %s", text)
		}
	}
	for text, want := range map[secret.Text]string{"": "", "王": "*", "王芳": "王*", "13800138000": "138****8000", "wang@example.cn": "w***@example.cn", "62350001": "623*0001"} {
		if got := text.Mask(); got != want {
			t.Errorf("mask of %q is %q, want %q", text.Reveal(), got, want)
		}
	}
}

func TestWhatIsSealedOpensOnlyInItsPlace(t *testing.T) {
	r, _ := ring(t)
	rapid.Check(t, func(t *rapid.T) {
		text := secret.Text(rapid.String().Draw(t, "text"))
		sealed, err := r.Seal(text, "a/b/1")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Open(sealed, "a/b/1"); err != nil || got != text {
			t.Fatalf("opened %v, %v", got == text, err)
		}
		if text == "" {
			return
		}
		if _, err := r.Open(sealed, "a/b/2"); err == nil {
			t.Fatal("opened in another place")
		}
		broken := []byte(sealed)
		i := rapid.IntRange(0, len(broken)-1).Draw(t, "at")
		broken[i] ^= 4
		if got, err := r.Open(string(broken), "a/b/1"); err == nil && got != text {
			t.Fatalf("a changed value opened as something else")
		}
		again := r.Index(text, "a", "b")
		if r.Index(text, "a", "b") != again || r.Index(text, "a", "b") == r.Index(text+"x", "a", "b") || r.Index(text, "a", "b") == r.Index(text, "a", "c") {
			t.Fatal("a blind index must tell equal texts of one column apart from others")
		}
	})
}

func TestAKeyringIsGuarded(t *testing.T) {
	_, path := ring(t)
	if err := secret.Create(path); err == nil {
		t.Error("an existing keyring was overwritten")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a readable keyring: %v", err)
	}
	if _, err := secret.Load(path + "-not"); err == nil || !strings.Contains(err.Error(), "找不到密钥文件") {
		t.Errorf("no keyring: %v", err)
	}
}

func TestRotation(t *testing.T) {
	tables := store.Migration{Name: "secrettest", FS: fstest.MapFS{"migration/0001_t.sql": {Data: []byte("-- +goose Up\ncreate table secret_test (id text primary key, phone text not null);\n")}}}
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open(tables)
		ctx := context.Background()
		old, path := ring(t)
		want := map[id.ID]secret.Text{}
		err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			for i := range 450 {
				key, text := id.New(), secret.Text(fmt.Sprintf("1380013%04d", i))
				want[key] = text
				sealed, err := old.Seal(text, secret.Place("secret_test", "phone", key))
				if err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, "insert into secret_test (id, phone) values (?, ?)", key, sealed); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if name, err := secret.AddKey(path); err != nil || name != "k2" {
			t.Fatalf("AddKey: %s, %v", name, err)
		}
		ring, err := secret.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		column := []secret.Column{{Table: "secret_test", Column: "phone"}}
		steps := 0
		if err := ring.Rotate(ctx, db, column, func(int) { steps++ }); err != nil {
			t.Fatal(err)
		}
		if steps != 3 {
			t.Errorf("%d batches, want 3", steps)
		}
		if err := ring.Rotate(ctx, db, column, func(int) { t.Error("a second rotation found something to do") }); err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			ID    id.ID
			Phone string
		}
		if err := db.Read.NewSelect().TableExpr("secret_test").Scan(ctx, &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			got, err := ring.Open(row.Phone, secret.Place("secret_test", "phone", row.ID))
			if err != nil || got != want[row.ID] || !strings.HasPrefix(row.Phone, "k2.") {
				t.Fatalf("row %s: %v", row.ID, err)
			}
			if _, err := old.Open(row.Phone, secret.Place("secret_test", "phone", row.ID)); err == nil {
				t.Fatal("the old keyring opens what the new key sealed")
			}
		}
	})
}
