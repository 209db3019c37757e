package standard_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/standard"
)

// spent is the processor's time that this process has used: unlike the clock on
// the wall it does not depend on who else works on the machine.
func spent(t *testing.T) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// No rule may take more than linear time, whatever stands in a text: pieces that
// rules look at are repeated over 100 KB, on one line and on a line each. What takes
// the square of a text's length needs minutes for some of these.
func TestHostileTexts(t *testing.T) {
	rules, err := standard.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := rules.Engine(standard.House{})
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{
		"“", "”", "《", "》", "（", "〔2022", "【", "[", "1,", "1.", "1．", "1-", "一", "第一", "第1条", "2022年1月", "（一）", "http://", "张", "张三", "@", "a@b.c", ".", "—", "…", " ", "　",
		"身份证号", "电话：", "：", "、", "1%", "表", "附件1", "《a》（", "《关于》（国发〔2022〕1号）", "13800000000", "110101199001011234", "11010119900101123X ", "元", "1元", "合计", "合计1\t",
		"区政府", "人民政府", "中国", "京A12345", "甲\t1\t", "０", "a", "的", "请登陆", "<", "\u200b", "é", "同志", "习", "台湾", "\ufffd", "6月17日（星期四）", "张三，男，", "地址：", "1号", "号楼", "卡号", "机密★", "是", "十",
	} {
		for _, end := range []string{"", "\n"} {
			text := check.Plain(strings.Repeat(piece+end, 100<<10/len(piece+end)))
			text.Today = calendar.Day(2026, 11, 25)
			before := spent(t)
			engine.Check(text, check.Gate|check.Outside)
			if took := spent(t) - before; took > 2*time.Second {
				t.Errorf("%q %q: %v of the processor for 100 KB", piece, end, took)
			}
		}
	}
}
