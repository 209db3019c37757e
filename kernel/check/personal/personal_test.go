package personal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

var today = calendar.MustParse("2026-11-25")

// The numbers of the standard itself; all others below are made up and have
// their check digits computed here.
const (
	idOne = "11010519491231002X"
	idTwo = "440524188001010014"
)

// fakeID gives 17 digits their check character: no such number is known to exist.
func fakeID(d string) string {
	for _, c := range checkID {
		if IDCheck(d + string(c)) {
			return d + string(c)
		}
	}
	panic(d)
}

// fakeCard gives digits their Luhn digit.
func fakeCard(d string) string {
	for c := '0'; c <= '9'; c++ {
		if Luhn(d + string(c)) {
			return d + string(c)
		}
	}
	panic(d)
}

// fakeCode gives 17 characters their check character of GB 32100-2015.
func fakeCode(d string) string {
	for _, c := range alphabetUSCC {
		if CreditCode(d + string(c)) {
			return d + string(c)
		}
	}
	panic(d)
}

var (
	fakeMobile = "138" + strings.Repeat("0", 4) + "1234"
	hkPermit   = fakeID("81000019900101001")
	foreigner  = fakeID("91115620000101001")
	bankCard   = fakeCard("622848001234567890")
	goodCode   = fakeCode("91500103MA5U0000X")
)

// found runs a checker over a text and lists its hits as rule=text.
func found(t *testing.T, c Config, tx *check.Text) []string {
	t.Helper()
	e, err := check.New(New(c))
	if err != nil {
		t.Fatal(err)
	}
	tx.Today = today
	var out []string
	for _, h := range e.Check(tx, check.Gate) {
		if h.InText() {
			out = append(out, h.Rule+"="+h.Text)
		} else {
			out = append(out, h.Rule+"@"+h.Place)
		}
	}
	return out
}

func TestPersonal(t *testing.T) {
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "4", "４", "5", "５", "9", "９", "X", "Ｘ").Replace(idOne)
	for _, c := range []struct{ id, text, want string }{
		// numbers with check digits
		{"REV-13", "编号" + idOne + "，", "P-ID=" + idOne},
		{"REV-13", idTwo, "P-ID=" + idTwo},
		{"REV-13", "号码" + wide + "。", "P-ID=" + wide},
		{"REV-13", "身份证号：110105 19491231 002X", "P-ID=110105 19491231 002X"},
		{"REV-13", "身份证号：110105-19491231-002x", "P-ID=110105-19491231-002x"},
		{"REV-13", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "P-ID=1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"},
		{"REV-13", "号：110105194\u200b91231002X，", "P-ID=110105194\u200b91231002X"},
		{"REV-13 a disability certificate holds an identity number", "残疾人证号" + idOne + "42", "P-ID=" + idOne + "42"},
		{"REV-13 a number of a list before it", "1." + idOne, "P-ID=" + idOne},
		{"REV-14", "110105194912310021", ""},
		{"REV-14", "身份证号码：110105194912310021", "P-ID-CHECK=110105194912310021"},
		{"REV-14", "身份证（110105194912310021）", "P-ID-CHECK=110105194912310021"},
		{"REV-15", "身份证110105********002X", "P-ID-MASK=110105********002X"},
		{"REV-15", "（110105********002X）", "P-ID-MASK=110105********002X"},
		{"REV-15", "证号440524188001******", "P-ID-MASK=440524188001******"},
		{"REV-15", "440524 **** **** 0014", "P-ID-MASK=440524 **** **** 0014"},
		{"REV-15", "440524188001****** " + fakeMobile, "P-ID-MASK=440524188001****** P-MOBILE=" + fakeMobile},
		{"REV-15", "证号440524xxxxxxxx0014", "P-ID-MASK=440524xxxxxxxx0014"},
		{"REV-15 the last four alone may stand", "身份证号：**************002X", ""},
		{"REV-65", "证件" + hkPermit, "P-PERMIT=" + hkPermit},
		{"REV-65", "外国人永久居留身份证：" + foreigner, "P-PERMIT=" + foreigner},
		{"REV-65 without the word", "文件" + foreigner, ""},
		{"section 5", "永久居留证ABC123456789012", "P-PERMIT=ABC123456789012"},
		{"section 5", "持护照E12345678入境", "P-PASSPORT=E12345678"},
		{"section 5", "往来内地通行证号码H12345678", "P-TRAVEL=H12345678"},
		{"section 5 old identity number", "身份证号码110105491231002", "P-ID15=110105491231002"},
		{"section 5 the same digits without the word", "流水110105491231002", ""},

		// telephones
		{"REV-16", "请联系" + fakeMobile + "。", "P-MOBILE=" + fakeMobile},
		{"REV-16", "手机：138 0000 1234", "P-MOBILE=138 0000 1234"},
		{"REV-16", "手机：138-0000-1234", "P-MOBILE=138-0000-1234"},
		{"REV-16", "+86 13800001234", "P-MOBILE=13800001234"},
		{"REV-16", "+86-138-0000-1234", "P-MOBILE=138-0000-1234"},
		{"REV-16", "8613800001234", "P-MOBILE=13800001234"},
		{"REV-16", "电话１３８００００１２３４", "P-MOBILE=１３８００００１２３４"},
		{"REV-16", "138\u200b0000\u200b1234", "P-MOBILE=138\u200b0000\u200b1234"},
		{"REV-16", "Tel:13800001234", "P-MOBILE=13800001234"},
		{"REV-16 in Chinese figures", "电话一三八〇〇〇〇一二三四", "P-MOBILE=一三八〇〇〇〇一二三四"},
		{"REV-16 two in a row", "13800001234、13900001234", "P-MOBILE=13800001234 P-MOBILE=13900001234"},
		{"REV-16 masked", "138****1234", ""},
		{"REV-16 a sum", "资金13800001234元", ""},
		{"REV-16 a code", "项目编号：13800001234", ""},
		{"REV-16 a longer number", "20231380000123456", ""},
		{"phones", "咨询电话：023-63761234", ""},
		{"phones", "联系人：李明，联系电话：023-63761234。", ""},
		{"phones", "拨打12345热线或者400-123-4567、96333", ""},
		{"phones", "家庭电话：023-63761234", "P-PHONE=023-63761234"},
		{"phones", "住宅电话63761234", "P-PHONE=63761234"},
		{"phones", "申请人王小明，男，电话：023-63761234。", "P-NAME=王小明 P-PHONE=023-63761234"},
		{"phones", "申请人可拨打023-63761234咨询。", ""},

		// money
		{"REV-17", "卡号：" + bankCard, "P-CARD=" + bankCard},
		{"REV-17", "银行卡6228 4800 1234 5678 904", "P-ACCOUNT=6228 4800 1234 5678 904"},
		{"REV-17", "1234567890123456789", ""},
		{"REV-17", "补贴发放至账号3100123456789", "P-ACCOUNT=3100123456789"},
		{"a unit's account", "收款单位：某某区财政局\n开户行：某某银行某某支行\n账号：3100123456789012", ""},
		{"a unit's account", "户名：某某区非税收入管理处，账号：" + bankCard, ""},
		{"a person's account", "户名：王小明，账号：3100123456789012", "P-NAME=王小明 P-ACCOUNT=3100123456789012"},

		// credit codes
		{"REV-18", "统一社会信用代码：" + goodCode, ""},
		{"REV-18", "统一社会信用代码：" + goodCode[:9] + "B" + goodCode[10:], "P-USCC=" + goodCode[:9] + "B" + goodCode[10:]},
		{"REV-18", "某某公司（" + goodCode[:9] + "B" + goodCode[10:] + "）", "P-USCC=" + goodCode[:9] + "B" + goodCode[10:]},

		// the rest of section 5
		{"plate", "车辆渝A12345违停", "P-PLATE=渝A12345"},
		{"plate", "号牌为渝A·D12345", "P-PLATE=渝A·D12345"},
		{"plate", "渝AD12345", "P-PLATE=渝AD12345"},
		{"plate masked", "渝A****5", ""},
		{"plate: a licence of a website", "渝ICP备05012345号", ""},
		{"REV-17 a notice behind it", "路一鸣，银行账号6222021001116245705。对公示对象有异议的，请反映。", "P-NAME=路一鸣 P-ACCOUNT=6222021001116245705"},
		{"mail", "申请人王小明，邮箱：wxm1985@163.com", "P-NAME=王小明 P-EMAIL=wxm1985@163.com"},
		{"mail", "意见请发送至电子邮箱：xxgk@163.com", ""},
		{"mail", "13800001234@139.com", "P-EMAIL=13800001234@139.com"},
		{"mail", "个人邮箱：wxm1985@qq.com", "P-EMAIL=wxm1985@qq.com"},
		{"mail", "手机13800001234，邮箱wxm@mail.example.cn，", "P-MOBILE=13800001234 P-EMAIL=wxm@mail.example.cn"},
		{"mail", "邮箱zwgk@example.gov.cn", ""},
		{"mail", "联系人：王芳，邮箱：abc@163.com", ""},
		{"mail", "请与王小明联系，王小明邮箱wxm@163.com", "P-NAME=王小明 P-NAME=王小明 P-EMAIL=wxm@163.com"},
		{"a login is no account", "登录账号：500103001234", ""},
		{"chat", "微信号：wxm_1985", "P-CHAT=wxm_1985"},
		{"chat", "QQ：123456789", "P-CHAT=123456789"},
		{"chat", "工作QQ群：123456789", ""},
		{"chat", "关注微信公众号：yuzhongfb", ""},
		{"chat", "微信同号13800001234", "P-MOBILE=13800001234"},
		{"address", "家住渝中区中山四路12号3单元5-1。", "P-ADDRESS=渝中区中山四路12号3单元5-1"},
		{"address", "家庭住址：某某街道某某社区正街8号附3号", "P-ADDRESS=某某街道某某社区正街8号附3号"},
		{"address", "王小明，男，汉族，住某某县某某镇某某村3组12号。", "P-NAME=王小明 P-ADDRESS=某某县某某镇某某村3组12号"},
		{"address down to the village", "住址：某某县某某镇某某村", ""},
		{"address of a unit", "办公地址：渝中区和平路211号", ""},
		{"address of a unit", "地址：渝中区和平路211号政务服务大厅3楼", ""},
		{"address of a unit", "某某公司，住所：渝中区和平路211号5-1", ""},
		{"birth", "出生日期：1985年3月2日", "P-BIRTH=1985年3月2日"},
		{"birth", "王小明，男，1985年3月2日出生。", "P-NAME=王小明 P-BIRTH=1985年3月2日"},
		{"birth", "出生年月：1985-03", "P-BIRTH=1985-03"},
		{"birth of a group", "2015年8月31日以前出生的儿童", ""},
		{"birth of a group", "年龄35周岁以下（1987年6月1日以后出生）", ""},
		{"birth of a group", "出生日期在2016年8月31日前", ""},
		{"birth in an appointment notice", "王小明，男，汉族，1975年3月生，中共党员，现任某某局副局长，拟任某某局局长。", ""},
		{"coordinates", "位置106.551234，29.563456", "P-GEO=106.551234，29.563456"},
		{"coordinates of a project", "项目中心坐标106.551234，29.563456", ""},

		// names
		{"names", "申请人：王小明。", "P-NAME=王小明"},
		{"names", "被告人王小明犯盗窃罪。", "P-NAME=王小明"},
		{"names", "姓名：欧阳修远，性别：男", "P-NAME=欧阳修远"},
		{"names", "患者王小明（身份证号：" + idOne + "）", "P-NAME=王小明 P-ID=" + idOne},
		{"names", "户主：阿依·古丽", "P-NAME=阿依·古丽"},
		{"names in a row", "被告人：王小明、李小花、赵芳。", "P-NAME=王小明 P-NAME=李小花 P-NAME=赵芳"},
		{"names of honours", "学生王小明、李小花获得一等奖。", ""},
		{"names again", "申请人：王小明。经查，王小明符合条件。", "P-NAME=王小明 P-NAME=王小明"},
		{"names hidden", "申请人：王某某；当事人李×", ""},
		{"names: no name follows", "申请人应当提交申请，当事人方可领取，患者高血压用药，申请人许可。", ""},
		{"names: units", "申请人：高新区管委会", ""},
		{"names: officials", "区长王小明主持会议，联系人：李明。", ""},
		{"names beside a number", "王小明 " + fakeMobile, "P-NAME=王小明 P-MOBILE=" + fakeMobile},
		{"names: 张工 is no name", "张工 " + fakeMobile + "，销售部王经理 " + fakeMobile, "P-MOBILE=" + fakeMobile + " P-MOBILE=" + fakeMobile},
		{"names on duty", "联系人：王小明，" + fakeMobile, "P-MOBILE=" + fakeMobile},

		// health and persons who stay unnamed
		{"health", "患者王小明，诊断为尿毒症。", "P-NAME=王小明 P-HEALTH=尿毒症"},
		{"health", "王小明，男，肢体残疾二级。", "P-NAME=王小明 P-HEALTH=肢体残疾二级"},
		{"health", "王小明患有尿毒症。", "P-NAME=王小明 P-HEALTH=尿毒症"},
		{"health of nobody", "老人长期患有高血压，父亲患有糖尿病，部分居民被诊断为肺结核。", ""},
		{"health of nobody", "对艾滋病、肺结核患者免费治疗。", ""},
		{"REV-66", "吸毒人员王小明被查获。", "P-CASE=王小明"},
		{"REV-66", "未成年人李小花遭受侵害。", "P-CASE=李小花"},
		{"REV-66", "王小明，男，12岁，某某小学学生。", "P-CASE=王小明 P-PRIVATE=12岁"},
		{"REV-66", "犯罪嫌疑人王小明之妻李小花到案。", "P-NAME=王小明 P-CASE=李小花"},
		{"REV-66", "吸毒人员王某某被查获，未成年人李某遭受侵害。", ""},
		{"REV-66 the one who is named is no child", "被告人王小明拐骗儿童。", "P-NAME=王小明"},
		{"REV-68", "流调情况通报\n病例1：女，35岁，某某公司员工，7月3日8:30乘坐地铁。", "P-TRACE=女 P-TRACE=35岁 P-TRACE=某某公司员工 P-TRACE=7月3日8:30乘坐地铁"},
		{"REV-68 counts", "新增确诊病例3例，其中男性2例，开展流调。", ""},

		// lists
		{"REV-20", "申请人：王小明。申请人：李小花。申请人：赵大海。申请人：周芳。申请人：吴建国。", "P-NAME=王小明 P-NAME=李小花 P-NAME=赵大海 P-NAME=周芳 P-NAME=吴建国 P-LIST@全文"},
		{"REV-20 one person five times", strings.Repeat("申请人：王小明。", 5), strings.Repeat("P-NAME=王小明 ", 4) + "P-NAME=王小明"},

		// fields of a form and of a row
		{"form", "姓　　名：王小明\n性　　别：男\n住　　址：某某路12号\n电　　话：（023）68801234", "P-NAME=王小明 P-ADDRESS=某某路12号 P-PHONE=（023）68801234"},
		{"row", "王小明，92岁，某某街道某某路72号3-5，" + fakeMobile, "P-NAME=王小明 P-ADDRESS=某某街道某某路72号3-5 P-MOBILE=" + fakeMobile},
		{"notice", "联系人：王老师\n联系电话：023-63761234\n电子邮箱：abc@163.com", ""},
		{"notice", "报名材料（姓名、身份证号、住址）发送至邮箱abc_rsk@163.com。", ""},
		{"web address", "https://www.example.cn/?id=13800001234", ""},
	} {
		t.Run(c.id+" "+c.text, func(t *testing.T) {
			if got := strings.Join(found(t, Config{}, check.Plain(c.text)), " "); got != c.want {
				t.Errorf("found  %s\nwanted %s", got, c.want)
			}
		})
	}
}

// TestKinds holds for each kind of content-review 4.1 what must be found, exactly,
// and what looks like it and must stay.
func TestKinds(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"name: a salutation", "关于噪声问题的答复\n曾令辉先生：\n您的来信收悉。", "P-NAME=曾令辉"},
		{"name: a salutation without a title", "答复书\n丁国荣：\n本机关收到你提交的申请表。", "P-NAME=丁国荣"},
		{"name: no salutation", "区财政局：\n你单位来函收悉。", ""},
		{"name: an appointment", "王小明同志：\n经研究，聘任您为行风监督员。", ""},
		{"name: children of the address", "尊敬的家长：\n您好。", ""},
		{"name: leaders", "王小明，男，汉族，1970年5月生，研究生学历。\n现任区委副书记、区长。", ""},
		{"name: delegates", "清溪镇：王玉兰（女）、李国强、谭明（女）", ""},
		{"name: candidates", "序号\t姓名\t性别\t准考证号\t拟录用职位\n1\t周子涵\t女\t11250010203\t科员\n2\t何俊宇\t男\t11250010417\t科员", ""},
		{"name: a candidate with a number", "准考证号\t姓名\t报考岗位\t备注\n1\t卢思远\t编辑\t" + idOne, "P-NAME=卢思远 P-ID=" + idOne},
		{"name: bars", "姓名|村组|补贴金额（元）|手机\n王小明|一组|300|" + fakeMobile + "\n李小花|二组|400|略\n", "P-COLUMN=手机 P-NAME=王小明 P-MOBILE=" + fakeMobile + " P-NAME=李小花"},
		{"name: the bracket behind it", "受理车玉琼（聋哑人，身份证号" + idOne + "）的申请", "P-NAME=车玉琼 P-HEALTH=聋哑人 P-ID=" + idOne},
		{"name: the item it begins", "2.王小明，二级建造师，身份证号" + idOne + "；", "P-NAME=王小明 P-ID=" + idOne},
		{"name: Latin letters", "John Smith（护照号E12345678）", "P-NAME=John Smith P-PASSPORT=E12345678"},
		{"name: parties in service by publication", "王小明（身份证号" + idOne + "）：依法向你公告送达起诉状。", "P-ID=" + idOne},
		{"name: people who do not obey judgments", "失信被执行人名单\n姓名\t证件号码\n吴大勇\t110105********002X", "P-ID-MASK=110105********002X"},
		{"name: a unit's people", "法定代表人：王小明；联系人：李小花；委托代理人：赵芳律师", ""},
		{"name: a word behind a unit", "与某某公司合作，住宿区独立。", ""},

		{"name: who calls", "市民柯少军来电反映问题。当事人翁建中承诺拆除。", "P-NAME=柯少军 P-NAME=翁建中"},
		{"name: a relative's", "聂文斌之子走失，其母亲蒙秀珍为监督人。", "P-NAME=聂文斌 P-NAME=蒙秀珍"},
		{"name: no name", "有部分学生慕名而来，实行人车分流。", ""},

		{"home phone", "王小明（身份证号" + idOne + "），家庭电话：023-63761234", "P-NAME=王小明 P-ID=" + idOne + " P-PHONE=023-63761234"},
		{"office phone", "办公电话：023-63761234，监督电话：12388，热线12345", ""},
		{"chat", "已加入志愿者王小明（QQ 49582736）", "P-NAME=王小明 P-CHAT=49582736"},
		{"chat: somebody's own", "发送至工作人员个人微信（微信号：ljm_2016）或者QQ：283047716。", "P-CHAT=ljm_2016 P-CHAT=283047716"},
		{"chat: a group", "咨询QQ群：723456181；交流群：723456182", ""},
		{"mail in a form", "来信人：聂海波\n邮箱：nhb1990@126.com", "P-NAME=聂海波 P-EMAIL=nhb1990@126.com"},
		{"mail of an office in a form", "联系人：李老师\n邮箱：abc1990@126.com", ""},

		{"account: money paid out", "救助款4500元已汇入农村信用社账户" + bankCard, "P-CARD=" + bankCard},
		{"account: money paid in", "请将罚款缴至区财政局账户，账号：" + bankCard, ""},

		{"address: a flat in a letter", "您反映所住金科花园3栋2单元502室漏水，现答复如下。", "P-ADDRESS=金科花园3栋2单元502室"},
		{"address: who lives there", "江岸路17号2单元3-1住户违规搭建。", "P-ADDRESS=江岸路17号2单元3-1"},
		{"address: what is compensated", "户号\t被征收人\t房屋坐落\t补偿总额\n1\t金玉兰\t顺城街33号附5号\t59", "P-NAME=金玉兰 P-ADDRESS=顺城街33号附5号"},
		{"address: of a firm", "代理机构：某某招标公司，地址：兴业街9号3单元7-2，电话：023-63761234", ""},
		{"address: houses for sale", "房源：3栋1单元、3栋2单元共132套。锦绣花园5栋1单元楼道堆放杂物。", ""},

		{"health: behind a name", "将田茂林肝癌术后复查结果填错", "P-NAME=田茂林 P-HEALTH=肝癌"},
		{"health: what was found", "患者段文强（身份证" + idOne + "）被诊断为肺部感染。", "P-NAME=段文强 P-ID=" + idOne + " P-HEALTH=肺部感染"},
		{"health: without the word for the sick", "居民龚素芬（" + idOne + "，精神障碍患者）", "P-CASE=龚素芬 P-ID=" + idOne + " P-HEALTH=精神障碍"},
		{"health: a relative in a letter", "您提到父亲患有帕金森病，我们理解。", "P-HEALTH=帕金森病"},
		{"health: policy", "患有精神障碍、恶性肿瘤的参保人，报销比例为75%。不符合条件妊娠的，应当及时终止妊娠。", ""},
		{"health: a hospital", "王小明（身份证号" + idOne + "）在肿瘤医院工作", "P-NAME=王小明 P-ID=" + idOne},
		{"health: a remark of a row", "姓名\t报考岗位\t备注\n白晓雪\t检验\t妊娠期，延期体检", "P-NAME=白晓雪 P-HEALTH=妊娠"},

		{"income", "一号申请人康文斌（" + idOne + "），家庭月收入3460元", "P-NAME=康文斌 P-ID=" + idOne + " P-PRIVATE=3460元"},
		{"income of a rule", "家庭人均月收入低于2000元的申请人，可以申请。", ""},
		{"marriage", "二号申请人程秀英，离异，独自抚养一名9岁女儿", "P-NAME=程秀英 P-PRIVATE=离异 P-PRIVATE=9岁"},
		{"marriage in a rule", "申请人离异、丧偶的，须提供证明；夫妻离异后，按离异前家庭计算。", ""},
		{"children of a rule", "年满6周岁的儿童可以入学，女儿满3岁以上的免费。", ""},

		{"certificate", "鲜俊豪，学号2022110345，已核对", "P-NAME=鲜俊豪 P-CERT=2022110345"},
		{"certificate of a house", "登记在卢元德名下的房屋，不动产权证号：渝（2019）某某区不动产权第000812345号", "P-NAME=卢元德 P-CERT=渝（2019）某某区不动产权第000812345号"},
		{"certificate of a firm", "某某餐饮店遗失食品经营许可证，编号JY25001970012345，声明作废。", ""},
		{"loss", "蓝桂英遗失居民身份证，声明作废。", "P-NAME=蓝桂英"},

		{"name: behind the salutation's brackets", "关于叶应娟信访事项的答复\n叶应娟同志（身份证号：" + idOne + "，地址：新华街73号7栋3单元203室）：\n您反映的情况收悉。", "P-NAME=叶应娟 P-NAME=叶应娟 P-ID=" + idOne + " P-ADDRESS=新华街73号7栋3单元203室"},
		{"name: a greeting", "答复内容：邹光轩先生您好，来信收悉。", "P-NAME=邹光轩"},
		{"name: every line of a list", "1.姜丽，身份证号" + idOne + "；\n2.何正明，身份证号" + idTwo + "。", "P-NAME=姜丽 P-ID=" + idOne + " P-NAME=何正明 P-ID=" + idTwo},
		{"name: a cell that begins like a word", "姓名\t身份证号\n白天林\t" + idOne, "P-COLUMN=身份证号 P-NAME=白天林 P-ID=" + idOne},
		{"name: who drives", "与肖正元驾驶的无号牌摩托车相撞", "P-NAME=肖正元"},
		{"name: who was paid", "付秦春凤务工费493元（电话" + fakeMobile + "）。付给施工队工资500元。", "P-NAME=秦春凤 P-MOBILE=" + fakeMobile},
		{"name: those who live together", "申请人\t身份证号\t共同申请人\n王小明\t" + idOne + "\t苟飞", "P-COLUMN=身份证号 P-NAME=王小明 P-ID=" + idOne + " P-NAME=苟飞"},
		{"name: licences are published with their holders", "姓名\t证书编号\t执业单位\n潘霞\t202150092035029\t某某药房", ""},
		{"name: a place that ends in a post's beginning", "被反映人夏长云（住临江县长岭镇大石村5组12号）", "P-NAME=夏长云 P-ADDRESS=临江县长岭镇大石村5组12号"},
		{"address: of an estate without a word for one", "家住滨江一号20幢28-4，", "P-ADDRESS=滨江一号20幢28-4"},
		{"address: where somebody builds", "王小明（身份证号" + idOne + "）：\n经查，你在阳光花园25幢13-4楼顶擅自搭建。", "P-NAME=王小明 P-ID=" + idOne + " P-ADDRESS=阳光花园25幢13-4"},
		{"address: a place of business", "工作人员对31栋103号麻将馆进行了走访。", ""},
		{"health: the next sentence", "王小明，住址某某村，电话" + fakeMobile + "。其子系精神二级残疾。", "P-NAME=王小明 P-MOBILE=" + fakeMobile + " P-HEALTH=精神二级残疾"},
		{"health: why somebody is helped", "姓名\t致困原因\t救助金额\n王小明\t因残\t500", "P-NAME=王小明 P-HEALTH=因残"},
		{"passport of a column", "姓名\t护照号码\n张光云\tG52274914", "P-NAME=张光云 P-PASSPORT=G52274914"},
		{"punishments of old", "犯罪嫌疑人汪琴（男，23岁，曾因盗窃罪被判处有期徒刑二年）", "P-NAME=汪琴 P-PRIVATE=曾因盗窃罪被判处有期徒刑二年"},
		{"status", "重点人员：晏玉萍，社区矫正对象，住某某村", "P-NAME=晏玉萍 P-PRIVATE=社区矫正对象"},
		{"status of nobody", "加强吸毒人员、社区矫正对象等重点人员服务管理。", ""},
		{"parents", "儿童姓名\t父母情况\n陆佳阳\t父亡母改嫁", "P-NAME=陆佳阳 P-PRIVATE=父亡母改嫁"},
		{"REV-20 a list of masked names asks for nothing here", "户主\t补贴金额\n王*\t1\n李*\t2\n赵*\t3\n周*\t4\n吴*\t5", "P-LIST@全文"},
		{"name: before a number whatever calls it", "逝者车锦安，身份证" + idOne + "，请协助核查席顺森（" + idTwo + "）", "P-NAME=车锦安 P-ID=" + idOne + " P-NAME=席顺森 P-ID=" + idTwo},
		{"name: no label is a name", "本人的养老金账户" + bankCard, "P-CARD=" + bankCard},
		{"name: with a dot", "居民巴特尔·苏和来电反映漏水。", "P-NAME=巴特尔·苏和"},
		{"name: money back", "现将舒振兵的水费505元退回其工商银行卡" + bankCard, "P-NAME=舒振兵 P-CARD=" + bankCard},
		{"name: several of them", "投诉人宁建贵等3人反映某某劳务公司拖欠工资。", "P-NAME=宁建贵"},
		{"name: honours", "关于授予称号的决定\n武艳石（女）　环卫所工人", ""},
		{"name: who is on duty", "某某街道值班员顾秋泰，手机" + fakeMobile + "；值班员卓玛·央金，手机" + fakeMobile, "P-MOBILE=" + fakeMobile + " P-MOBILE=" + fakeMobile},
		{"name: a corrected birth", "居民司文岭身份号码" + idOne + "，现将司文岭出生日期更正为1968年5月15日", "P-NAME=司文岭 P-ID=" + idOne + " P-NAME=司文岭 P-BIRTH=1968年5月15日"},
		{"name: further persons of a row", "购房人\t身份证号\t担保人\n王小明\t" + idOne + "\t赵小伟\n李小花\t" + idTwo + "\t何锦昌", "P-COLUMN=身份证号 P-NAME=王小明 P-ID=" + idOne + " P-NAME=赵小伟 P-NAME=李小花 P-ID=" + idTwo + " P-NAME=何锦昌"},
		{"address: a building by letter", "家住荣盛华庭A座1206室，家庭住址：恒大绿洲12-3-301", "P-ADDRESS=荣盛华庭A座1206室 P-ADDRESS=恒大绿洲12-3-301"},
		{"address: nobody lives there", "异议材料送达地址：某某区中华路59号某某登记中心。某某公司，住所地某某区解放路943号。《办法》（住建部〔2012〕第11号令）。现在在家住户只有4户。", ""},
		{"health: an illness no list has", "王小明，身份证号" + idOne + "，丈夫患成骨发育不全，", "P-NAME=王小明 P-ID=" + idOne + " P-HEALTH=成骨发育不全"},
		{"health: a cell of an illness", "姓名\t身份证号\t结论\n王小明\t" + idOne + "\t戈谢病", "P-COLUMN=身份证号 P-NAME=王小明 P-ID=" + idOne + " P-HEALTH=戈谢病"},
		{"health: of a rule in a letter", "如您是低保对象，患结肠癌，可以申请救助。您的来信收悉。", ""},
		{"children: of two", "双方育有一子华苡辰（13岁）。", "P-CASE=华苡辰 P-PRIVATE=13岁"},
		{"coordinates of a river", "河流名称：光明河；起点106.380951，29.966413；", ""},
		{"name: ending like an office", "你本人邱衍科，身份证号码" + idOne + "，贺科（" + idTwo + "）", "P-NAME=邱衍科 P-ID=" + idOne + " P-NAME=贺科 P-ID=" + idTwo},
		{"name: the child before the bracket", "救助结果：骆宇萱（父亲季荣启，电话" + fakeMobile + "，肺动脉高压，救助3万元）", "P-NAME=骆宇萱 P-NAME=季荣启 P-MOBILE=" + fakeMobile + " P-HEALTH=肺动脉高压"},
		{"name: of an owner", "业主田翰：您已欠缴物业费。其父母是退休人员，业主应当缴费。", "P-NAME=田翰"},
		{"name: a relative and a verb", "咨询人：王小明，电话" + fakeMobile + "，与丈夫曹安益婚后育有一子。", "P-NAME=王小明 P-MOBILE=" + fakeMobile + " P-NAME=曹安益"},
		{"name: a clause by itself", "李文秀，现居外地，周小舟，电话" + fakeMobile + "。联系人：陈鹏、张宇，" + fakeMobile, "P-NAME=李文秀 P-NAME=周小舟 P-MOBILE=" + fakeMobile + " P-MOBILE=" + fakeMobile},
		{"name: Latin letters in a form", "姓名：David Johnson　国籍：英国　护照号码：E12345678", "P-NAME=David Johnson P-PASSPORT=E12345678"},
		{"account: a card without a holder", "请汇至农业银行账号" + bankCard, "P-CARD=" + bankCard},
		{"debts", "借款学生：曾志文；身份证：" + idOne + "；欠款4654元。", "P-NAME=曾志文 P-ID=" + idOne + " P-PRIVATE=4654元"},
		{"birth: in a row by commas", "谭思霖,女,2011-10-08," + idOne, "P-NAME=谭思霖 P-BIRTH=2011-10-08 P-ID=" + idOne},
		{"old number behind a description", "王小明　男　88岁　110105491231002", "P-NAME=王小明 P-ID15=110105491231002"},
		{"health: what somebody died of", "王小明（电话" + fakeMobile + "），儿子史倚因克罗恩病去世。", "P-NAME=王小明 P-MOBILE=" + fakeMobile + " P-NAME=史倚 P-HEALTH=克罗恩病"},
		{"health: of a form", "姓名：王小明\n手机：" + fakeMobile + "\n病史：先天性心脏病", "P-NAME=王小明 P-MOBILE=" + fakeMobile + " P-HEALTH=先天性心脏病"},
		{"name: of a row of judgments", "在审理被告人谷梓晨盗窃一案中，申请人之子庄秋在某某厂务工。", "P-NAME=谷梓晨 P-CASE=庄秋"},
		{"name: the dead", "经辨认，死者为田真，男，5岁。", "P-CASE=田真 P-PRIVATE=5岁"},
		{"name: what was found", "内有向立锦身份证一张（号码" + idOne + "）。于胜利路走失，身份证号" + idTwo, "P-NAME=向立锦 P-ID=" + idOne + " P-ID=" + idTwo},
		{"name: who is called in need", "姓名：王小明，紧急联系人：梅玲海（女儿），" + fakeMobile + "，慢性病：多发性硬化。", "P-NAME=王小明 P-NAME=梅玲海 P-MOBILE=" + fakeMobile + " P-HEALTH=多发性硬化"},
		{"account: of an association", "法定代表人：王小明，统一社会信用代码：" + goodCode + "，开户行：某某银行，账号：340865677459851。", ""},
		{"office phone in a list of posts", "姓名\t职务\t办公电话\t手机\n谭涛\t村会计\t023-63761234\t" + fakeMobile, "P-COLUMN=手机 P-MOBILE=" + fakeMobile},
		{"office phone behind a list", "王小明 " + fakeMobile + "\n请参保人员与社保所联系，电话023-63761234。", "P-NAME=王小明 P-MOBILE=" + fakeMobile},
		{"address: what is let", "甲方王小明（身份证号" + idOne + "）将位于胜利路466号29-1的房屋出租，", "P-NAME=王小明 P-ID=" + idOne + " P-ADDRESS=胜利路466号29-1"},
		{"disability of a form", "申请人：赵笃贺；残疾类别：肢体；残疾等级：二级；残疾人证号：" + idOne + "42", "P-NAME=赵笃贺 P-HEALTH=肢体 P-HEALTH=二级 P-ID=" + idOne + "42"},
		{"name: who is visited", "先到于飞兰家（胜利路5号3栋2单元502室），膀胱癌多年，电话" + fakeMobile, "P-NAME=于飞兰 P-ADDRESS=胜利路5号3栋2单元502室 P-HEALTH=膀胱癌多年 P-MOBILE=" + fakeMobile},
		{"account: of a fund that is paid into", "请肇事方江秀将救助款转入：某某区社会救助基金，账号71799779607111499。", ""},
		{"certificate of a hospital", "王小明，身份证号" + idOne + "。\n鉴定材料：住院病案（住院号：964547041）复印件一份。", "P-NAME=王小明 P-ID=" + idOne + " P-CERT=964547041"},
		{"address: a field of a record", "出租人王小明，身份证" + idOne + "；房屋坐落小店镇四合村五组32号；租期一年。", "P-NAME=王小明 P-ID=" + idOne + " P-ADDRESS=小店镇四合村五组32号"},
		{"address: in brackets behind a name", "申请业主：郑清（水口乡高桥村10组216号）、蔡勤伯（和园7号楼1704室）。地点：某某区某某局（和平路21号3楼）。", "P-NAME=郑清 P-ADDRESS=水口乡高桥村10组216号 P-NAME=蔡勤伯 P-ADDRESS=和园7号楼1704室"},
		{"birth: between a name and a number", "武奇德，1984-10-10，" + idOne, "P-NAME=武奇德 P-BIRTH=1984-10-10 P-ID=" + idOne},
		{"loss in a street", "于某日在梅林巷遗失钱包。", ""},
		{"orders and codes", "订单号202411250012345678，项目代码2409-500197-04-01-123456，资金编号2024500197000123456", ""},
	} {
		t.Run(c.kind, func(t *testing.T) {
			if got := strings.Join(found(t, Config{}, check.Plain(c.text)), " "); got != c.want {
				t.Errorf("found  %s\nwanted %s", got, c.want)
			}
		})
	}
}

func TestWhiteList(t *testing.T) {
	c := Config{Phones: []string{"138-0000-1234"}, Accounts: []string{"3100123456789"}, Mailboxes: []string{"Wxm@163.com"}, Domains: []string{"house.cn"}, Addresses: []string{"和平路211号"}}
	for _, text := range []string{
		"REV-16 值班手机：13800001234", "缴费账号3100123456789", "申请人王某某邮箱wxm@163.com", "王小明的个人邮箱a@mail.house.cn", "现住渝中区和平路211号",
	} {
		if got := found(t, c, check.Plain(text)); len(got) > 0 && !strings.HasPrefix(got[0], "P-NAME") {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestTables(t *testing.T) {
	row := func(cells ...string) string { return strings.Join(cells, "\t") + "\n" }
	for _, c := range []struct{ id, text, want string }{
		{"REV-19 whatever the values", row("姓名", "手机", "病种") + row("王小明", "略", "一类"),
			"P-COLUMN=手机 P-COLUMN=病种 P-NAME=王小明 P-HEALTH=一类"},
		{"REV-19 an empty form", row("姓名", "身份证号", "手机") + row("", "", ""), ""},
		{"REV-19 a unit's account", row("单位名称", "开户行", "账号") + row("某某局", "某某银行", "3100123456789"), ""},
		{"REV-14 in a column", row("姓名", "身份证号") + row("王小明", "110105194912310021"), "P-COLUMN=身份证号 P-NAME=王小明 P-ID-CHECK=110105194912310021"},
		{"section 4.3 an address of the column", row("户主", "家庭住址", "补助金额") + row("王小明", "某某路12号", "500"), "P-COLUMN=家庭住址 P-NAME=王小明 P-ADDRESS=某某路12号"},
		{"section 4.3 by values", row("编组", "备注") + row("一", fakeMobile) + row("二", fakeMobile), "P-MOBILE=" + fakeMobile + " P-MOBILE=" + fakeMobile},
		{"a catalogue of diseases", row("病种", "支付标准") + row("尿毒症", "500"), ""},
		{"a rule on retirement", row("出生时间", "退休年龄") + row("1965年1月", "60"), ""},
		{"officials", row("姓名", "现任职务", "出生年月") + row("王小明", "某某局副局长", "1975.03"), ""},
		{"masked", row("姓名", "社区", "补助金额") + row("王*", "某某社区", "500"), ""},
		{"a list of fields", row("序号", "字段名称", "说明") + row("1", "身份证号", "18位"), ""},
		{"exam results", row("姓名", "准考证号", "成绩") + row("王小明", "20260101001", "90"), ""},
	} {
		t.Run(c.id, func(t *testing.T) {
			if got := strings.Join(found(t, Config{}, check.Plain(c.text)), " "); got != c.want {
				t.Errorf("found  %s\nwanted %s", got, c.want)
			}
		})
	}
}

func TestMask(t *testing.T) {
	for name, want := range map[string]string{"张三": "张*", "李小明": "李**", "欧阳修远": "欧阳**", "欧阳修": "欧阳*", "阿依·古丽": "阿依·*", "John Smith": "J. S."} {
		if got := (Profile{}).MaskName(name); got != want {
			t.Errorf("REV-21 %s: %s, wanted %s", name, got, want)
		}
	}
	if got := (Profile{Fixed: true}).MaskName("张三"); got != "张**" {
		t.Errorf("REV-21 name_mask_fixed: %s", got)
	}
	for got, want := range map[string]string{
		MaskID(idOne): "**************002X", MaskMobile("13800001234"): "138****1234", MaskPlate("渝A·12348"): "渝A****8",
		MaskEmail("zhang@163.com"): "z***@163.com", MaskDate("1985年3月2日"): "1985年",
		MaskAddress("某某区某某街道某某社区正街8号"): "某某区某某街道某某社区", MaskAddress("渝中区中山路12号"): "渝中区", MaskAddress("中山路12号"): "〔住址〕",
	} {
		if got != want {
			t.Errorf("%s, wanted %s", got, want)
		}
	}
	names, keys := []string{"张三", "张四", "李五", "张三"}, []string{"a", "b", "c", "a"}
	one := (Profile{}).MaskNames(names, keys, rand.New(rand.NewPCG(1, 1)))
	if one[0] == one[1] || one[0] != one[3] || one[2] != "李*" || !strings.HasPrefix(one[0], "张*（0") {
		t.Errorf("REV-21 namesakes: %v", one)
	}
	differ := false
	for seed := range uint64(20) {
		two := (Profile{}).MaskNames(names, keys, rand.New(rand.NewPCG(seed, 7)))
		differ = differ || two[0] != one[0]
	}
	if !differ {
		t.Error("REV-21 the numbers of batches are the same")
	}
}

func TestChecksums(t *testing.T) {
	if !Luhn("79927398713") || Luhn("79927398710") {
		t.Error("REV-17 ISO/IEC 7812")
	}
	for _, d := range []string{"11010519490230002", "11010520990101002", "99010519491231002"} {
		if IDCard(fakeID(d), today) {
			t.Errorf("REV-13 %s is no identity number", d)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{idOne, "姓名\t手机\n王\t1", "患者：·", "车渝A", "@", "住1号", "病例1：", "110105********002X", "+86-", "106.551234，29.563456"} {
		f.Add(s)
	}
	e, err := check.New(New(Config{}))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tx := check.Plain(s)
		for _, h := range e.Check(tx, check.Gate) {
			if h.InText() && !strings.Contains(tx.Body, h.Text) {
				t.Errorf("%v", h)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	text := strings.Repeat("各区县人民政府要加强组织领导，申请人应当于2022年6月30日前向住所地街道办事处提交材料，咨询电话：023-63761234。", 40)
	c := New(Config{})
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Check(check.Plain(text), func(check.Hit) {})
	}
	b.ReportMetric(float64(len([]rune(text))), "characters")
}

func ExampleProfile_MaskName() {
	fmt.Println(Profile{}.MaskName("张三"), Profile{}.MaskName("司马光"))
	// Output: 张* 司马*
}
