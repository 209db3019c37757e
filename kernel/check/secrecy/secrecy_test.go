package secrecy

import (
	"strings"
	"testing"

	"gongkai/kernel/check"
)

func found(t *testing.T, text string) string {
	t.Helper()
	e, err := check.New(New())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range e.Check(check.Plain(text), check.Gate) {
		out = append(out, h.Rule+"="+h.Text)
	}
	return strings.Join(out, " ")
}

func TestSecrecy(t *testing.T) {
	for _, c := range []struct{ id, text, want string }{
		{"REV-09", "机密★1年\n某某办公室文件", "W-SECRET=机密★1年"},
		{"REV-09", "秘密★长期", "W-SECRET=秘密★长期"},
		{"REV-09", "绝 密 ★", "W-SECRET=绝 密 ★"},
		{"REV-09", "机密＊10年", "W-SECRET=机密＊10年"},
		{"REV-09", "文件编号12 机密☆6个月 印5份", "W-SECRET=机密☆6个月"},
		{"REV-09 alone in the head", "000123\n秘密\n某某区人民政府文件", "W-SERIAL=000123 W-SECRET=秘密"},
		{"REV-09 alone in the head", "【机密】\n关于某事的报告", "W-SECRET=【机密】"},
		{"REV-09 the same words further down", strings.Repeat("正文。\n", 12) + "秘密", ""},
		{"3.4 serial number with urgency", "000123\n特急\n某某文件", "W-SERIAL=000123"},
		{"3.4 six digits alone are none", "400010\n某某区人民政府", ""},
		{"REV-10", "依法保护商业秘密、个人隐私和国家秘密，做好保密审查。", ""},
		{"REV-10", "涉及国家秘密、工作秘密、商业秘密的，不得公开。", ""},
		{"REV-10", "分为绝密、机密、秘密三级", ""},
		{"REV-10", "密级\t保密期限\n无\t无", ""},
		{"REV-11", "此件不公开", "W-INTERNAL=此件不公开"},
		{"REV-11", "（此件不予公开）", "W-INTERNAL=此件不予公开"},
		{"REV-11", "（此件依申请公开）", "W-INTERNAL=此件依申请公开"},
		{"REV-11", "（此件公开发布）", ""},
		{"REV-11", "内部资料  注意保存", "W-INTERNAL=内部资料 W-INTERNAL=注意保存"},
		{"REV-11", "工作简报（内部资料 请勿外传）", "W-INTERNAL=内部资料 W-INTERNAL=请勿外传"},
		{"REV-11", "通讯录（内部使用）", "W-INTERNAL=内部使用"},
		{"REV-11", "阅后收回", "W-INTERNAL=阅后收回"},
		{"REV-11", "本件属内部资料，不得外传。", "W-INTERNAL=内部资料 W-INTERNAL=不得外传"},
		{"REV-11 a sentence of its own", "会议强调安全。内部资料，请勿外传。", "W-INTERNAL=内部资料 W-INTERNAL=请勿外传"},
		{"REV-11 in a sentence", "清理标注内部资料字样的文件，未经批准不得公开，注意保存单据。", ""},
		{"REV-11 in a sentence", "第八条 未经审查的信息不得公开。", ""},
		{"3.4 telegram", "特急明电\n关于防汛的通知", "W-TELEGRAM=特急明电"},
		{"3.4 telegram", "发电单位：某某局\n明电\n", "W-TELEGRAM=明电"},
		{"3.4 draft", "某某区工作方案（送审稿）\n正文", "W-DRAFT=送审稿"},
		{"3.4 draft for comments", "关于征求《某某办法（征求意见稿）》意见的公告", ""},
		{"3.4 draft in a sentence", "部门报送送审稿后，由司法局审查。", ""},
		{"3.2 number of a classified document", "根据某政密〔2020〕3号文件", "W-CLASSIFIED=某政密〔2020〕3号"},
		{"section 5", "访问http://192.168.1.5/oa", "W-SYSTEM=192.168.1.5"},
		{"section 5", "服务器10.23.45.67", "W-SYSTEM=10.23.45.67"},
		{"section 5", "见D:\\办公\\名单.doc，", "W-SYSTEM=D:\\办公\\名单.doc"},
		{"section 5", "file:///C:/tmp/a.doc", "W-SYSTEM=file:///C:/tmp/a.doc"},
		{"section 5", `共享\\fileserver\share\a.xls`, `W-SYSTEM=\\fileserver\share\a.xls`},
		{"section 5: a heading and a version", "10.1.2.3 基本要求，版本172.5.1", ""},
		{"section 5: a public address", "8.8.8.8", ""},
	} {
		t.Run(c.id+" "+c.text, func(t *testing.T) {
			if got := found(t, c.text); got != c.want {
				t.Errorf("found  %s\nwanted %s", got, c.want)
			}
		})
	}
	t.Run("REV-09 in a header of a file", func(t *testing.T) {
		tx := check.Plain(strings.Repeat("正文。\n", 12) + "秘密\n")
		tx.Lines[12].Place = "页眉"
		n := 0
		New().Check(tx, func(check.Hit) { n++ })
		if n != 1 {
			t.Errorf("%d hits", n)
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"机密★", "秘 密", "(内部", "此件", "10.0.0.1", `\\a\`, "C:\\", "密〔2020〕1号", "000123\n特急"} {
		f.Add(s)
	}
	e, err := check.New(New())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) { e.Check(check.Plain(s), check.Gate) })
}

func BenchmarkCheck(b *testing.B) {
	text := strings.Repeat("各区县人民政府要加强组织领导，不得泄露国家秘密、商业秘密，内部资料按规定管理，6月30日前完成。", 50)
	c := New()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Check(check.Plain(text), func(check.Hit) {})
	}
}
