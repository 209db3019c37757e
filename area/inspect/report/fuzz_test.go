package report_test

import (
	"bytes"
	"testing"

	"gongkai/area/inspect/report"
)

// Whatever a file says that it is a report.json, it is refused or read; what was
// read is written, and reads back as the same.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := report.JSON(&b, sample(), report.Extra{Secret: true}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for _, s := range []string{``, `{}`, `[]`, `null`, `{"t0":"2026-06-30T12:00:00+08:00","started":"x"}`, `{"started":"0001-01-01T00:00:00Z","ended":"9999-12-31T23:59:59+14:00"}`,
		`{"columns":[{"latest":"2026-02-30"}]}`, `{"columns":[{"latest":"9999-12-31"}],"findings":[{"count":-1,"points":1e308,"at":"","since":""}]}`,
		`{"result":{"score":1e400}}`, `{"result":{"lines":[{}],"scored":true},"decided":{"":""}}`, `{"findings":[{"url":"javascript:alert(1)","what":"<script>","secret":true,"check":"WEB-11"},{"id":"a"},{"id":"a"}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var one, two, page bytes.Buffer
		if err := report.JSON(&one, r, report.Extra{Secret: true}); err != nil {
			t.Fatal(err)
		}
		back, err := report.Read(bytes.NewReader(one.Bytes()))
		if err != nil {
			t.Fatalf("%v: %s", err, one.String())
		}
		if err := report.JSON(&two, back, report.Extra{Secret: true}); err != nil {
			t.Fatal(err)
		}
		if one.String() != two.String() {
			t.Errorf("read back differently:\n%s\n%s", one.String(), two.String())
		}
		if err := report.HTML(&page, r, report.Extra{}); err != nil {
			t.Fatal(err)
		}
		safe(t, page.String())
	})
}
