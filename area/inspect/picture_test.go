package inspect_test

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/inspect"
	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/kernel/org"
)

// TestAPictureStandsBesideAFinding: what is out of date is shown as it looked.
func TestAPictureStandsBesideAFinding(t *testing.T) {
	if _, ok := browse.Find(); !ok {
		t.Skip("no Chromium here")
	}
	server := httptest.NewServer(&website{stale: true})
	defer server.Close()
	build := func(k *area.Kernel) area.Area {
		return inspect.New(k, inspect.Settings{Browser: true, Dir: filepath.Join(t.TempDir(), "inspect"), Crawl: crawl.Config{AllowPrivate: true, Agent: "gongkai/test", RetryWait: 20 * time.Millisecond}}).Area()
	}
	areatest.Each(t, "2026-05-06", build, func(t *testing.T, h *areatest.House) {
		zhao, wang := h.Person("赵敏", "区政府办公室", org.Coordinator), h.Person("王芳", "区司法局", org.Disclosure)
		key := string(zhao.Post("/desk/sites", "name", "江州市江澄区人民政府", "start", server.URL, "every", "week", "due", "5", "kind", "portal").Want(t, 303).Key())
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		h.Settle()
		list := zhao.Get("/desk/findings?site="+key+"&indicator=V3").Want(t, 200)
		finding := "/desk/findings/" + between(t, list.Body, `<th scope="row"><a href="/desk/findings/`, `"`)
		zhao.Get(finding).Want(t, 200, `<img src="`+finding+`/picture"`)
		if a := zhao.Get(finding+"/picture").Want(t, 200); !strings.HasPrefix(a.Body, "\xff\xd8\xff") || a.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("no picture: %d bytes, %q", len(a.Body), a.Header.Get("Content-Type"))
		}
		wang.Get(finding+"/picture").Want(t, 404)
	})
}
