package calendar

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"gongkai/kernel/fault"
)

func readNotice(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bare is a year without what a notice does not say.
func bare(y Year) Year {
	y.Note, y.Amends, y.Builtin, y.Version = "", "", false, 1
	return y
}

func TestParseNotice(t *testing.T) {
	t.Run("samples give the shipped years", func(t *testing.T) {
		for name, want := range map[string]Year{
			"notice-2026.txt": version(t, 2026, 1),
			"notice-2019.txt": version(t, 2019, 1),
		} {
			got, err := ParseNotice(readNotice(t, name))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !reflect.DeepEqual(got, bare(want)) {
				t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, bare(want))
			}
		}
	})
	t.Run("what Notice writes is read back", func(t *testing.T) {
		for _, y := range Builtin() {
			if y.Provisional {
				continue
			}
			got, err := ParseNotice(y.Notice())
			if err != nil {
				t.Fatalf("%s: %v\n%s", y.Tag(), err, y.Notice())
			}
			if !reflect.DeepEqual(got, bare(y)) {
				t.Errorf("%s:\ngot  %+v\nwant %+v\n%s", y.Tag(), got, bare(y), y.Notice())
			}
		}
	})
	t.Run("advice is no day off", func(t *testing.T) {
		y, err := ParseNotice("关于2024年部分节假日安排的通知\n二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位安排职工在除夕（2月9日）休息。")
		if err != nil || len(y.Off) != 1 || y.off(day("2024-02-09")) || len(y.Work) != 2 {
			t.Errorf("%+v, %v", y, err)
		}
		if p := y.checkDocument(); len(p) != 1 || p[0].ID != "CAL-01" {
			t.Errorf("CAL-01 a text without number is unsettled: %v", p)
		}
	})
	const head = "关于2026年部分节假日安排的通知\n一、元旦："
	for _, v := range []struct{ name, text, want string }{
		{"empty", "", "没有找到年份"},
		{"no holidays", "国务院办公厅关于2026年部分节假日安排的通知", "没有找到各节日的安排"},
		{"weekday", head + "1月1日（周三）至3日放假。", "元旦：2026年1月1日是周四，通知文本写作周三，请核对"},
		{"total", head + "1月1日（周四）至3日（周六）放假，共4天。", "写明共4天，按起止日期为3天"},
		{"turned round", head + "1月3日至1日放假。", "起止日期有误"},
		{"no such day", head + "2月30日放假。", "“2月30日”不是有效日期"},
		{"no month", head + "3日放假。", "没有写月份"},
		{"not understood", head + "1月1日至3日休息。", "没有看懂，应写明某日放假或某日上班"},
		{"a span worked", head + "1月1日放假。1月3日至4日上班。", "上班日应逐日写明"},
		{"no day off", head + "放假三天。", "元旦：没有找到放假日期"},
		{"another year", head + "2025年6月1日放假。", "不在本年内"},
		{"too long", strings.Repeat("假", 20_000), "文本过长"},
	} {
		t.Run(v.name, func(t *testing.T) {
			_, err := ParseNotice(v.text)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), v.want) {
				t.Errorf("got %v, want %s", err, v.want)
			}
		})
	}
	t.Run("every wrong place is named", func(t *testing.T) {
		_, err := ParseNotice(head + "1月1日（周三）放假。\n二、春节：2月15日（周一）放假。")
		if err == nil || !strings.Contains(err.Error(), "元旦") || !strings.Contains(err.Error(), "春节") {
			t.Error(err)
		}
	})
}

func FuzzParseNotice(f *testing.F) {
	f.Add(readNotice(f, "notice-2026.txt"))
	f.Add(readNotice(f, "notice-2019.txt"))
	f.Add("关于2026年\n一、元旦:1月1日至~-3日放假,共9天。12月31日、和上班。")
	f.Fuzz(func(t *testing.T, text string) {
		y, err := ParseNotice(text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("not an error for a person: %v", err)
			}
			return
		}
		if err := y.Valid(); err != nil {
			t.Fatalf("accepted an invalid year: %v", err)
		}
		y.Check()
		again, err := ParseNotice(y.Notice())
		if err != nil {
			t.Fatalf("cannot read back %q: %v", y.Notice(), err)
		}
		if len(again.Off) != len(y.Off) || len(again.Work) != len(y.Work) {
			t.Fatalf("read back other days: %q", y.Notice())
		}
	})
}
