package norm

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/document"
)

// found lists "rule text" or "rule text→replacement" of the hits of a text.
func found(t testing.TB, text *check.Text) []string {
	t.Helper()
	engine, err := check.New(New())
	if err != nil {
		t.Fatal(err)
	}
	if text.Today.IsZero() {
		text.Today = calendar.MustParse("2022-06-20")
	}
	var out []string
	for _, h := range engine.Check(text, check.Gate) {
		if !strings.HasSuffix(h.Message, "。") {
			t.Errorf("the message of %s does not end a sentence: %q", h.Rule, h.Message)
		}
		line := h.Rule + " " + h.Text
		if h.Replace != "" {
			line += "→" + h.Replace
		}
		out = append(out, line)
	}
	return out
}

// only keeps the hits of the rules in question.
func only(list []string, rules string) []string {
	return slices.DeleteFunc(list, func(x string) bool {
		rule, _, _ := strings.Cut(x, " ")
		return rules != "" && !slices.Contains(strings.Fields(rules), rule)
	})
}

// long is a paragraph that makes a text a document.
const long = "为进一步做好政务公开工作，提升公开质量，方便群众办事，现将有关事项通知如下，请各单位结合实际认真贯彻执行，并将落实情况按时报送区政府办公室汇总，由区政府办公室负责督促检查，确保各项任务按期完成，取得实效。"

func TestRules(t *testing.T) {
	signed := "\n区政府办公室\n2022年6月17日"
	for _, c := range []struct {
		name, rules, text, want string // want: hits joined by |
	}{
		{"REV-34 square brackets", "", "《政务公开工作方案》（渝中府办[2022]24号）", "F1 [2022]→〔2022〕"},
		{"REV-34 black brackets", "", "渝中府办【2022】24号", "F1 【2022】→〔2022〕"},
		{"REV-34 round brackets", "", "渝中府办（2022）24号", "F1 （2022）→〔2022〕"},
		{"REV-34 small brackets", "", "渝府办发﹝2022﹞24号", "F1 ﹝2022﹞→〔2022〕"},
		{"REV-34 a decree", "", "国务院令第711号；《规定》（国令第711号）；渝中府办〔2022〕24号", ""},
		{"F1 a map, a case, a certificate", "", "审图号：GS(2023)2767号；（2022）渝0103民初123号；渝（2022）渝中区不动产权第000123号；建许证字[2022]012号", ""},
		{"REV-35 no leading zero, no 第", "", "渝府办发〔2022〕024号，渝府办发〔2022〕第24号", "F2 024号→24号|F2 第24号→24号"},
		{"F2 the year in full", "", "渝府办发〔22〕24号", "F2 〔22〕→〔2022〕"},
		{"F3 without 号", "", "《通知》（渝府办发〔2022〕24）", "F3 24→24号"},
		{"F3 a list of numbers", "", "渝府办发〔2022〕24、25号", ""},
		{"REV-69 a date with dots", "", "会议定于2022.6.17召开。版本v2022.6.17，地址10.2.3.4。", "F4 2022.6.17→2022年6月17日"},
		{"REV-69 in a table", "F4", "日期\t单位\n2022-06-17\t甲\n2022.6.17\t乙", ""},
		{"F4 leading zeros", "", "会议定于2022年06月07日召开。", "F4 2022年06月07日→2022年6月7日"},
		{"F4 a stamp of a page", "", "发布时间：2022年06月07日 10:20", ""},
		{"F4 a date in words", "F4", long + "\n区政府办公室\n二〇二二年六月十七日", "F4 二〇二二年六月十七日→2022年6月17日"},
		{"F4 a court dates in words", "F4", long + "\n渝中区人民法院\n二〇二二年六月十七日", ""},
		{"REV-37 a mark behind the name", "F5", "附件：1.任务分工表；\n2.联系人名单", "F5 ；"},
		{"F5 a comma behind the number", "F5", "附件：1、任务分工表\n2、联系人名单", "F5 1、→1."},
		{"F6 another name", "F6", "附件：1.政务公开任务分工表\n2.联系人名单\n附件1\n政务公开工作分工表\n附件2\n联系人名单", "F6 政务公开任务分工表"},
		{"REV-36 subject words", "", "主题词：政务公开  通知", "F7 主题词"},
		{"F7 a field of a page", "F7", "索引号：0001\n主题词：政务公开", ""},
		{"F8 F9", "F8 F9", "关于做好政务公开工作的通知的通知\n各单位：", "F9 的通知的通知→的通知"},
		{"F8", "F8", "关于做好政务公开工作的通知。\n各单位：", "F8 。"},
		{"F9 nested titles", "F9 P5", "转发《关于印发《工作方案》的通知》", "F9 《工作方案》→〈工作方案〉"},
		{"F11", "", "此件公开发布", "F11 此件公开发布→（此件公开发布）"},
		{"F12", "", "特急\n关于做好汛期工作的通知", "F12 特急"},
		{"F13", "", "根据渝府办发〔2022〕59号文件要求", "F13 渝府办发〔2022〕59号"},

		{"REV-62 ranges", "", "约9～16亿元，占15~30%，共5—10万人", "N2 9～16亿→9亿～16亿|N2 15~30%→15%~30%|N2 5—10万→5万—10万"},
		{"REV-62 right forms", "", "重100—150kg，在6、7月，获一、二等奖，共100多件，占15%～30%，5000—1万元，2016—2020年", ""},
		{"N3 a hyphen", "", "增长4-6%", "N3 4-6%→4%—6%"},
		{"N4 short years", "", "于22年底完成，在21年6月启动", "N4 22年→2022年|N4 21年→2021年"},
		{"N4 spans of time", "", "工作10年，近20年来，有期徒刑12年6个月，满15年", ""},
		{"REV-63 the zero of years", "", "二零二二年，二○二二年，二O二二年", "N5 二零二二→二〇二二|N5 二○二二→二〇二二|N5 二O二二→二〇二二"},
		{"REV-63 the zero of counts", "", "一百零五人，二〇二二年，一百〇五人", "N5 一百〇五→一百零五"},
		{"N6 approximate numbers", "", "用了三、四个月，有3、4个小组", "N6 三、四→三四|N6 3、4→三四"},
		{"N6 both meant", "", "一、二年级，第三、四季度，6、7月，5、6号楼，第三、四条，一、二、三等奖", ""},
		{"N7", "", "3千人参加，8百多户", "N7 3千→3000|N7 8百→800"},
		{"N7 units and words", "", "3千米，5千克，2千瓦，世界500强，3万人，10百分点", ""},
		{"N8", "", "10几人，几十人，十几人，100多件", "N8 10几→十几"},
		{"N9", "", "11届全国人大第1次会议，增强“4个意识”，推进1带1路", "N9 11→十一|N9 1→一|N9 4个意识→四个意识|N9 1带1路→一带一路"},
		{"REV-64 two kinds of numerals", "", "二〇二二年6月17日，2022年六月十七日", "N10 二〇二二年6月17日→2022年6月17日|N10 2022年六月十七日→2022年6月17日"},
		{"N10 the lunar calendar", "N10", "2022年八月十五，二〇二二年六月十七日", ""},
		{"N11", "N11", "第一章 总则\n第二章 公开\n第3章 附则", "N11 第3章"},
		{"N12", "N12", "纪念“五·四”运动，“一二·九”运动，一二九运动", "N12 五·四→五四|N12 一二九运动→“一二·九”运动"},
		{"N13", "", "农历8月15", "N13 8月15→八月十五"},
		{"N14", "N14", "金额12,34,567元，1,234,567元", "N14 12,34,567"},
		{"N16", "N16", "每月星期5接待", ""},
		{"N17", "", "人民币壹万贰仟元整（¥13000.00元）", "N17 壹万贰仟元整"},
		{"N17 equal", "", "人民币壹万贰仟元整（¥12,000.00元），合同价123.5万元（大写：壹佰贰拾叁万伍仟元整）", ""},
		{"N18", "N18", "长20公分，面积100平方，30平方公里", "N18 公分→厘米|N18 平方→平方米"},
		{"N1", "", "占百分之六十三点五", "N1 百分之六十三点五→63.5%"},

		{"P1", "P1", "《甲办法》、《乙办法》", "P1 、"},
		{"P2", "P2", "（一）、加强领导", "P2 （一）、→（一）"},
		{"P3", "P3", "加强领导,落实责任。时间9:30，网址http://a.cn", "P3 ,→，"},
		{"P4 a lone mark", "P4", "坚持“公开为常态、不公开为例外的原则。\n下一段。", "P4 “"},
		{"P4 the wrong way round", "P4", "坚持”公开为常态“的原则。", "P4 ”公开为常态“→“公开为常态”"},
		{"P4 a long quotation", "P4", "他说：“第一段。\n“第二段。”\n下一段。", ""},
		{"P5 a lone bracket", "P5", "做好公开（含解读工作。\n下一段。", "P5 （"},
		{"P5 two widths", "P5", "做好公开（含解读)工作。", "P5 )→）"},
		{"P5 numbers of a list", "P5", "1）甲；2）乙；a)丙。", ""},
		{"P5 a sentence broken by its layout", "P5", "做好公开（含解读、\n\n回应）工作。\n下一段。", ""},
		{"P6", "P6", "工作落实。。。\n依此类推...", "P6 。。。→……|P6 ...→……"},
		{"P7", "P7", "公开--解读", "P7 --→——"},
		{"P9", "P9", "加强领导，，落实责任。。各单位、，要", "P9 ，，→，|P9 。。→。|P9 、，→，"},
		{"P9 right neighbours", "P9", "《办法》，“原则”。（一）；完成！！……", ""},
		{"P10", "P10", "他说：“做好公开。”。", "P10 。”。→。”"},
		{"P12", "P12", "公开、解读、等工作，一等、二等、等级评定", "P12 、等→等"},
		{"P13", "P13", "举办《政务公开日活动》", "P13 《政务公开日活动》→“政务公开日活动”"},
		{"P14", "P14", "要执行《条例》。\n《政府信息公开条例》（以下简称《条例》）规定", "P14 《条例》"},
		{"P16 an invisible character", "P16", "政务\u200b公开", "P16 \u200b公→公"},
		{"P16 a space", "P16", long + "各单位要高度重视，切实加强 领导。", "P16  领→领"},
		{"P16 letter heads and names", "P16", long + "\n重庆市渝中区人民政府办公室 关于做好工作的通知\n张 三，李 四。\n第一条 为了规范公开，制定本办法。", ""},
		{"P16 a traditional character", "P16", long + "各单位要認真落实。", "P16 認→认"},

		{"REV-38 weekday", "", "会议定于2022年6月17日（星期四）召开，6月20日（周一）结束", "C1 星期四→星期五"},
		{"C1 the year of the context", "", "2022年会议：6月21日（周一）报到", "C1 周一→周二"},
		{"C1 days of every week", "", "2022年7月1日至8月30日（周一至周五）", ""},
		{"C1 a table", "C1", "日期\t星期\n2022年6月17日\t星期四\n2022年6月18日\t星期六", "C1 星期四→星期五"},
		{"C1 the turn of a year", "", "2022年12月30日（星期五）至1月3日（星期二）", ""},
		{"REV-39 no such day", "", "2023年2月29日，6月31日，2022年13月5日", "C2 2023年2月29日|C2 6月31日|C2 2022年13月5日"},
		{"C2 codes and the lunar calendar", "", "二月三十日，电话023-13-45，编号2022-13-45，2024年2月29日", ""},
		{"C3 a range", "", "时间为2022年6月20日至2022年6月10日，6月20日至15日，2022年12月20日至1月5日", "C3 2022年6月10日|C3 15日"},
		{"C3 a consultation", "C3", "关于《办法（征求意见稿）》公开征求意见的公告\n征求意见时间：2022年6月1日至2022年6月10日。", "C3 2022年6月1日至2022年6月10日"},
		{"C3 in force before it was made", "C3", "本办法自2022年1月1日起施行。" + signed, "C3 2022年1月1日"},
		{"C3 ends before it begins", "C3", "本办法自2022年7月1日起施行，有效期至2021年6月30日。", "C3 2021年6月30日"},
		{"C4", "C4", "请于2022年5月30日前报送。" + signed, "C4 2022年5月30日"},
		{"F14", "F14", "成文日期：2022年6月18日\n" + long + signed, "F14 2022年6月18日"},

		{"REV-40 persons", "C5", "单位\t人数\n甲镇\t40\n乙镇\t35\n丙镇\t24\n合计\t100", "C5 100"},
		{"REV-40 rounded amounts", "C5", "单位\t金额（万元）\n甲镇\t3.3\n乙镇\t3.3\n丙镇\t3.3\n合计\t10.0", ""},
		{"C5 several columns, a total above", "C5", "单位\t男\t女\t合计\n总计\t70\t68\t138\n甲镇\t40\t35\t75\n乙镇\t30\t32\t62", "C5 68|C5 138"},
		{"C5 one wrong part", "C5", "单位\t男\t女\t合计\n甲镇\t40\t35\t75\n乙镇\t30\t33\t62\n丙镇\t10\t11\t21\n合计\t80\t78\t158", "C5 33→32"},
		{"C5 subtotals", "C5", "类别\t件\n甲\t1\n乙\t2\n小计\t3\n丙\t4\n丁\t5\n小计\t9\n合计\t12", ""},
		{"C5 what cannot be added", "C5", "单位\t增长率\t单价\n甲\t3\t5\n乙\t4\t6\n合计\t5\t9", ""},
		{"C5 running text", "C5", "甲镇40人、乙镇35人，合计76人。共76人，其中男40人、女35人。", "C5 76|C5 76"},
		{"C5 running text that may leave parts out", "C5", "共有党员76人，其中女党员20人、少数民族5人。甲镇40人、乙镇35人，合计75人。", ""},
		{"REV-41 four items", "", "做好以下4项工作：\n1.公开。\n2.解读。\n3.回应。\n" + long, "C6 4项"},
		{"REV-41 three", "", "做好以下3项工作：\n1.公开。\n2.解读。\n3.回应。\n" + long, ""},
		{"C6 inside a paragraph", "", "做好以下三个方面：（一）公开；（二）解读。抓好四个方面：一是公开；二是解读；三是回应。", "C6 三个方面|C6 四个方面"},
		{"C7 a gap", "C7", "一、总体要求\n二、主要任务\n四、工作要求", "C7 四、"},
		{"C7 a repeat", "C7", "（一）公开\n（二）解读\n（二）回应\n（三）保障", "C7 （二）"},
		{"C7 lists begin anew", "C7", "一、任务\n1.甲\n2.乙\n二、要求\n1.甲\n2.乙\n3.15活动", ""},
		{"C7 a number inside a line", "C7", "一、甲。二、乙。\n三、丙。\n四、丁。", ""},
		{"C7 inside a paragraph", "C7", "一是公开；二是解读；四是回应。①甲；②乙；④丙。", "C7 四是|C7 ④"},
		{"C7 articles", "C7", "第一条 甲\n第二条 乙\n第三条 丙\n第五条 丁", "C7 第五条"},
		{"C7 a column", "C7", "序号\t单位\n1\t甲\n2\t乙\n4\t丙", "C7 4"},
		{"C7 chapters", "C7", "第一章 总则\n第一条 甲\n第三章 附则\n第二条 乙", "C7 第三章"},
		{"C6 in an article", "C6", "第一条 下列三项应当公开：\n（一）规划；\n（二）预算。\n第二条 违反第一条第（三）项的，追责。\n" + long, "C6 三项"},
		{"C10 a column of shares", "C5 C10", "单位\t件\t占比（%）\n甲\t120\t60.0\n乙\t50\t25.0\n丙\t30\t25.0\n合计\t200\t100.0", "C10 25.0"},
		{"C8 articles", "C8", "第一条 甲\n第二条 乙\n第三条 丙\n第四条 违反本办法第八条的，从其规定。\n第五条 本办法自发布之日起施行。", "C8 第八条"},
		{"C8 tables", "C8", "表1 任务\n详见表3。", "C8 表3"},
		{"REV-42", "C9", "见附件3。\n附件：1.甲表\n2.乙表", "C9 附件3"},
		{"REV-42 another document's", "C9", "按《方案》附件3执行，见附件2。\n附件：1.甲表\n2.乙表", ""},
		{"C9 nothing attached", "C9", "有关要求详见附件。" + signed, "C9 附件"},
		{"C10 growth", "C10", "办件量从100件增加到120件，增长25%。从300件增加到400件，增长33.3%。", "C10 25"},
		{"C10 two years", "C10", "2021年收到申请80件，2022年收到申请100件，同比增长20%。2021年收到80件，2022年办结100件，同比增长20%。", "C10 20"},
		{"C10 points", "C10", "办结率由95%提高到98%，提高2个百分点。由95.4%提高到97.6%，提高2.2个百分点。", "C10 2"},
		{"C10 a share without a word for the total", "C10", "公开信息1000条，其中规范性文件200条，占25%。", "C10 25"},
		{"C5 parts that nearly make the whole", "C5", "建服务点12个，其中街道8个、社区5个。建服务点12个，其中街道6个、社区2个。有干部76人，其中女40人、党员37人。", "C5 12"},
		{"C10 a share", "C10", "共受理200件，其中网上办理50件，占35%。", "C10 35"},
		{"C10 a column", "C10", "单位\t2020年\t2021年\t增长率（%）\n甲\t100\t110\t10.0\n乙\t200\t250\t25.0\n丙\t50\t60\t25.0", "C10 25.0"},
		{"C12 two numbers", "C12", "《关于全面推进政务公开工作的意见》（渝府办发〔2022〕59号）……《关于全面推进政务公开工作的意见》（渝府办发〔2022〕95号）", "C12 渝府办发〔2022〕95号"},
		{"C12 two titles", "C12", "《关于全面推进政务公开工作的意见》（渝府办发〔2022〕59号）……《关于做好汛期安全生产的通知》（渝府办发〔2022〕59号）", "C12 关于做好汛期安全生产的通知"},
		{"C12 two issuers, a short form", "C12", "《关于全面推进政务公开工作的意见》（国办发〔2022〕8号）《关于全面推进政务公开工作的意见》（渝府办发〔2022〕59号）《政务公开工作的意见》（国办发〔2022〕8号）", ""},
		{"REV-54 broken characters", "C19", "政务\uFFFD公开锟斤拷", "C19 \uFFFD|C19 锟斤拷"},
		{"REV-54 a measure left out", "C16", "设施检修需要停水的，应当提前××小时告知用户，并在××个工作日内恢复。", "C16 ××|C16 ××"},
		{"REV-54 placeholders", "C16", "会议定于××月××日召开，地点（待定）。张××，138××××0000。", "C16 ××|C16 ××|C16 （待定）"},
		{"C18", "C18", long + long + "各单位要高度重视，切实加强领导、", "C18 、"},
		{"C20", "", "详情点击这里", "C20 点击这里"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(only(found(t, check.Plain(c.text)), c.rules), "|")
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// Merged heads, as they stand in an office file.
func TestTableOfAFile(t *testing.T) {
	text := func(words string) []document.Paragraph { return []document.Paragraph{{Text: words}} }
	cell := func(row, column int, words string) document.Cell {
		return document.Cell{Row: row, Col: column, RowSpan: 1, ColSpan: 1, Paras: text(words)}
	}
	wide := func(c document.Cell, rows, columns int) document.Cell {
		c.RowSpan, c.ColSpan = rows, columns
		return c
	}
	build := func(values [3][6]string) *check.Text {
		table := &document.Table{Rows: 5, Cols: 7, Cells: []document.Cell{
			wide(cell(0, 0, "单位"), 2, 1), wide(cell(0, 1, "受理（件）"), 1, 3), wide(cell(0, 4, "办结（件）"), 1, 3),
			cell(1, 1, "小计"), cell(1, 2, "网上"), cell(1, 3, "窗口"), cell(1, 4, "小计"), cell(1, 5, "网上"), cell(1, 6, "窗口"),
		}}
		for r, name := range []string{"甲镇", "乙镇", "合计"} {
			table.Cells = append(table.Cells, cell(r+2, 0, name))
			for c, v := range values[r] {
				table.Cells = append(table.Cells, cell(r+2, c+1, v))
			}
		}
		return check.Extract("表.docx", &document.Document{Blocks: []document.Block{{Table: table}}})
	}
	right := [3][6]string{{"75", "40", "35", "70", "40", "30"}, {"20", "12", "8", "20", "12", "8"}, {"95", "52", "43", "90", "52", "38"}}
	if got := found(t, build(right)); len(got) > 0 {
		t.Errorf("REV-40 right sums: %v", got)
	}
	wrong := right
	wrong[2][4] = "53"
	if got := found(t, build(wrong)); strings.Join(got, "|") != "C5 90|C5 53" {
		t.Errorf("REV-40 a wrong sum: %v", got)
	}
	wrong = right
	wrong[1][1] = "13"
	if got := found(t, build(wrong)); strings.Join(got, "|") != "C5 13→12" {
		t.Errorf("REV-40 a wrong part: %v", got)
	}
}

func TestRuleTable(t *testing.T) {
	if _, err := check.New(New()); err != nil {
		t.Fatal(err)
	}
}

// Whatever is typed: no panic, spans lie between characters.
func FuzzCheck(f *testing.F) {
	f.Add("渝中府办[2022]24号，2022年6月17日（星期四）\n一、甲\n三、乙\t1\t2\n附件：1.甲；")
	f.Add("单位\t人\n甲\t1\n合计\t3\n（“》」…共5人，其中男1人、女2人")
	f.Add("人民币壹拾元（9元）\u200b\uFFFD二O二二年3、4个，，。。")
	f.Fuzz(func(t *testing.T, body string) {
		text := check.Plain(body)
		text.Today = calendar.MustParse("2022-06-20")
		New().Check(text, func(h check.Hit) {
			if h.Start < 0 || h.End <= h.Start || h.End > len(text.Body) {
				t.Fatalf("%s: span %d–%d of %d bytes", h.Rule, h.Start, h.End, len(text.Body))
			}
			if s := text.Body[h.Start:h.End]; !utf8.ValidString(s) {
				t.Fatalf("%s: the span cuts a character: %q", h.Rule, s)
			}
		})
	})
}

// official makes a text of a document of about n characters.
func official(n int) string {
	part := "一、总体要求\n（一）根据《关于做好政务公开工作的通知》（渝府办发〔2022〕59号），定于2022年6月17日（星期五）召开会议，共受理120件，同比增长8.3%，其中网上办理50件、窗口办理70件。\n1.公开“十四五”规划，做到应公开尽公开（含解读、回应）。\n" + long + "\n序号\t单位\t件\n1\t甲镇\t40\n2\t乙镇\t35\n合计\t\t75\n"
	var b strings.Builder
	for range n/utf8.RuneCountInString(part) + 1 {
		b.WriteString(part)
	}
	return b.String()
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{2000, 10000, 1000000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			body, c := official(n), New()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				t := check.Plain(body)
				t.Today = calendar.MustParse("2022-06-20")
				c.Check(t, func(check.Hit) {})
			}
		})
	}
}
