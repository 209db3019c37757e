package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

// The building blocks of terms and texts: words of office language, and
// characters by themselves, the frequent ones first.
const (
	blocks = "政府部门单位机关工作建设管理服务发展改革规划项目工程质量安全生产生态环境保护资源土地城市农村社会保障" +
		"教育医疗卫生健康文化体育旅游交通运输住房就业创业市场监督审批许可处罚强制征收征用公开公示公告通知" +
		"意见方案办法规定条例细则标准制度机制体系责任目标任务措施计划预算决算资金财政税务审计统计调查研究" +
		"分析评估考核检查督查整改落实推进实施开展加强完善提高促进保证组织领导协调配合联合执法司法行政复议" +
		"诉讼仲裁调解信访投诉举报申请受理答复办理期限材料证明登记备案变更注销年度季度全市各级县区街道社区" +
		"乡镇村民居民企业个人法人代表人员干部群众专家学者信息数据平台系统网络技术科技创新产业经济投资贸易" +
		"金融银行保险证券合同招标采购中标合作协议知识产权商标专利食品药品消防应急救援防汛抗旱地震气象水利" +
		"林业草原渔业畜牧粮食能源电力燃气供水排水垃圾污水大气土壤噪声会议精神报告决定命令批复议案纪要总体"
	marks   = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
	points  = "，。、；：（）《》"
	mixture = "PPP APP 5G GDP WTO PM2.5 A级 H7N9 CPI 4A级 O2O VIP ISO9001 www .cn"
)

// corpus makes term lists and texts, always the same.
type corpus struct {
	*rand.Rand
	words      []string // in order of frequency
	characters []string
}

func newCorpus() *corpus {
	c := &corpus{Rand: rand.New(rand.NewPCG(2022, 5))}
	c.characters = strings.Split(marks, "")
	for r := rune(0x4e00); len(c.characters) < 4000; r += 5 {
		c.characters = append(c.characters, string(r))
	}
	known := map[string]bool{}
	add := func(w string) {
		if !known[w] {
			known[w] = true
			c.words = append(c.words, w)
		}
	}
	b := []rune(blocks)
	for i := 0; i+1 < len(b); i += 2 {
		add(string(b[i : i+2]))
	}
	for len(c.words) < 8000 { // words that no list has, of characters as frequent as theirs
		w := c.character() + c.character()
		if c.IntN(3) == 0 {
			w += c.character()
		}
		add(w)
	}
	return c
}

// often is an index below n, small ones more often: the law of Zipf and Mandelbrot,
// by which words are frequent in a text.
func (c *corpus) often(n int) int {
	const first = 20
	return int(first*math.Pow(float64(n)/first+1, c.Float64())) - first
}

func (c *corpus) character() string { return c.characters[c.often(len(c.characters))] }

func (c *corpus) word() string { return c.words[c.often(len(c.words))] }

// terms are different ones: six of ten of 3 or 4 characters, the others of 2 and of
// 5 to 12, a few of one, some with Latin letters and digits.
func (c *corpus) terms(count int) []string {
	mixed := strings.Fields(mixture)
	known, out := map[string]bool{}, []string{}
	for len(out) < count {
		var t string
		switch kind := c.IntN(1000); {
		case kind < 1:
			t = c.characters[500+c.IntN(3000)]
		case kind < 40:
			t = mixed[c.IntN(len(mixed))] + c.word()
			if c.IntN(2) == 0 {
				t = c.word() + mixed[c.IntN(len(mixed))]
			}
		case kind < 160:
			t = c.character() + c.character()
		case kind < 460:
			t = c.word() + c.character()
		default:
			for range 2 + c.IntN(c.IntN(4)+1) {
				t += c.words[c.IntN(len(c.words)/4)]
			}
			t = strings.Repeat(c.word(), c.IntN(2)) + t
		}
		if len(t) <= 36 && !known[t] {
			known[t] = true
			out = append(out, t)
		}
	}
	return out
}

// text is one of at least size bytes; of 1,000 words so many are terms, the
// shorter ones more often.
func (c *corpus) text(size int, terms []string, perMille int) string {
	var b strings.Builder
	b.Grow(size + 100)
	for b.Len() < size {
		for range 3 + c.IntN(12) {
			switch kind := c.IntN(1000); {
			case kind < perMille:
				t := terms[c.IntN(len(terms))]
				for range 2 {
					if u := terms[c.IntN(len(terms))]; len(u) < len(t) {
						t = u
					}
				}
				b.WriteString(t)
			case c.IntN(4) == 0:
				b.WriteString(c.character())
			case c.IntN(40) == 0:
				b.WriteString("2022")
			default:
				b.WriteString(c.word())
			}
		}
		p := []rune(points)
		b.WriteRune(p[c.IntN(len(p))])
		if c.IntN(20) == 0 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
