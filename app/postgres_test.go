package app

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"gongkai/kernel/audit"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// TestTheHouseOnEitherDatabase moves the demonstration onto PostgreSQL with a
// backup, and works a little on both.
func TestTheHouseOnEitherDatabase(t *testing.T) {
	work := func(t *testing.T, a *App) {
		ctx := context.Background()
		sys := a.browser(t)
		sys.signIn("sysadmin", DemoPassword)
		at := sys.want(303, "POST", "/desk/people", "", "name", "钟灵", "number", "JC7001", "phone", "19900007001").Header().Get("Location")
		sys.want(200, "GET", at, "199****7001")
		sys.want(200, "GET", "/desk/people?q=JC7001", "钟灵")
		sys.want(303, "POST", "/desk/system/robots", "", "title", "工作群", "format", "wecom", "mode", "urgent", "address", "https://group.example/key")
		sys.want(200, "GET", "/desk/system/robots", "工作群")
		staff := a.browser(t)
		staff.signIn("tongchou", DemoPassword)
		staff.want(200, "GET", "/desk", "待办")
		if err := a.Jobs.Settle(ctx); err != nil {
			t.Error(err)
		}
		if report, err := audit.Verify(ctx, a.DB, a.Trust()); err != nil || !report.Whole() {
			t.Errorf("the chain: %+v, %v", report, err)
		}
		// A second key takes over all that the first one sealed.
		if n, err := a.RotateKeys(ctx, func(int) {}); err != nil || n != 0 {
			t.Errorf("rotated %d with the key that sealed them, %v", n, err)
		}
	}
	var backup bytes.Buffer
	cfg := demoData(t)
	t.Run("sqlite", func(t *testing.T) {
		a := houseOn(t, cfg)
		if _, err := store.Backup(context.Background(), a.DB, a.Files, &backup); err != nil {
			t.Fatal(err)
		}
		work(t, a)
	})
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") != "" {
			return
		}
		cfg := demoData(t)
		cfg.Database = storetest.Own(t, false).Create(t)
		a := houseOn(t, cfg)
		if !a.DB.Postgres() || !strings.HasPrefix(cfg.Database, "postgres:") {
			t.Fatalf("not on PostgreSQL: %s", cfg.Database)
		}
		if _, err := store.Restore(context.Background(), a.DB, a.Files, &backup); err != nil {
			t.Fatal(err)
		}
		work(t, a)
	})
}
