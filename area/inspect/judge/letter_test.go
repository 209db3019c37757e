package judge

import (
	"testing"

	"gongkai/area/inspect/fact"
)

// TestTheLettersOfAColumn holds that the page of one letter is no column of its
// own, though its tags name the column in which it stands.
func TestTheLettersOfAColumn(t *testing.T) {
	w := begin("政策咨询 zx/")
	w.page("zx/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "政策咨询", Meta: map[string]string{"ColumnName": "政策咨询"}, Letters: []fact.Letter{
		{URL: at("zx/1.html"), Title: "关于补贴", Asked: moment("2026-05-11"), Answered: moment("2026-05-12")}}})
	w.page("zx/1.html", 2, &fact.Reading{Kind: fact.Mailbox, Heading: "关于补贴", Breadcrumb: []string{"政策咨询"}, Meta: map[string]string{"ColumnName": "政策咨询"}, Letters: []fact.Letter{
		{Title: "关于补贴", Asked: moment("2026-05-11"), Answered: moment("2026-05-12"), Answer: goodAnswer}}})
	if r := w.judge(t); len(r.Columns) != 1 || r.Columns[0].URL != at("zx/") {
		t.Errorf("%+v", r.Columns)
	}
}
