package norm

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// traditional pairs characters that simplified text never has with their plain form,
// one after the other. Characters that names and set words keep (乾, 於, 瞭, 藉, 昇, 甯)
// and those with several plain forms are left out.
const traditional = `後后裡里幹干國国會会學学車车門门開开關关東东風风飛飞馬马魚鱼鳥鸟長长張张書书畫画電电話话語语説说說说請请謝谢讓让認认識识議议論论設设計计訂订記记許许訴诉診诊證证評评詞词試试詩诗該该詳详誤误課课調调談谈諸诸謀谋諮咨謹谨變变財财貢贡貧贫貨货貪贪販贩貫贯責责貯贮貴贵買买賣卖貸贷費费貿贸賀贺資资賊贼賓宾賞赏賠赔賢贤質质賬账賴赖購购贈赠贊赞軍军軌轨軟软輕轻載载輔辅輛辆輝辉輩辈輸输轉转轄辖農农遞递達达違违遠远適适選选遺遗還还邊边鄉乡鄰邻鐘钟鋼钢錄录錢钱錯错鍵键鎮镇鏡镜鐵铁閉闭問问間间閒闲閣阁閱阅隊队階阶際际陽阳陰阴陳陈陸陆隨随險险難难雲云霧雾靈灵靜静韓韩響响頁页頂顶項项順顺須须預预領领頭头題题願愿類类顧顾顯显飯饭飲饮飾饰餐餐館馆騎骑驗验驚惊體体鬥斗鬧闹點点齊齐齒齿龍龙業业專专東东個个們们倉仓億亿優优偉伟側侧備备傳传傷伤價价儀仪償偿兒儿內内兩两冊册凍冻劃划劇剧動动務务勝胜勞劳勢势勵励區区協协單单參参員员啟启園园圍围圖图團团場场報报塊块壞坏壓压壯壮處处夠够奪夺奮奋婦妇孫孙寧宁審审寫写寬宽實实寶宝將将尋寻對对導导屆届屬属島岛崗岗嶺岭幣币師师帶带幫帮幾几庫库廠厂廣广廳厅張张彈弹強强錄录從从復复徹彻應应憂忧懷怀態态慶庆憲宪懲惩戰战戶户扶扶掃扫採采換换揮挥損损搖摇撥拨擇择擊击擔担據据擬拟擴扩擾扰攝摄攜携敗败敵敌數数斷断時时晉晋暫暂曉晓條条來来極极構构槍枪樣样標标樓楼樹树橋桥機机檔档檢检櫃柜權权歡欢歲岁歷历歸归殘残殺杀氣气決决沒没況况淨净淺浅減减測测渦涡湧涌準准滅灭滿满漁渔漢汉濟济濕湿濱滨灣湾災灾為为無无煙烟熱热燈灯燒烧營营爭争爾尔牆墙獎奖獨独獲获獻献現现環环產产畢毕異异療疗發发監监盤盘眾众礎础禮礼種种稱称積积穩稳窮穷競竞筆笔節节範范築筑簡简簽签糧粮糾纠紀纪約约紅红納纳紙纸級级細细終终組组結结給给統统經经綜综綠绿維维網网緊紧線线編编緩缓練练縣县總总績绩織织繼继續续罰罚羅罗義义習习聖圣聞闻聯联聲声職职聽听肅肃腦脑臨临舉举舊旧艦舰艱艰藝艺藥药蘇苏處处號号術术衛卫衝冲補补裝装製制複复見见規规視视覺觉覽览觀观觸触`

// plainForms turns the table into a map.
func plainForms() map[rune]rune {
	m := map[rune]rune{}
	chars := []rune(traditional)
	for i := 0; i+1 < len(chars); i += 2 {
		if chars[i] != chars[i+1] {
			m[chars[i]] = chars[i+1]
		}
	}
	return m
}

// broken looks for characters that do not belong into a text (C19, P16).
func (s *scan) broken(plain map[rune]rune) {
	body := s.t.Body
	var old []int // places of traditional characters
	han, odd := 0, 0
	mojibake := -1
	for i := 0; i < len(body); {
		b := body[i]
		if b < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(body[i:])
		next := i + size
		switch {
		case r >= 0x4e00 && r <= 0x9fff:
			han++
			if _, ok := plain[r]; ok && len(old) <= 20 {
				old = append(old, i)
			}
			switch r {
			case '锟', '烫', '屯':
				if word := s.garbage(i); word != "" {
					s.at("C19", i, i+len(word), "", "含有乱码，请改正。")
					next = i + len(word)
				}
			case '锛', '銆', '鐨':
				// UTF-8 read as GBK: ， is 锛, 。 is 銆, 的 is 鐨
				if end := misread(body[i:]); end > 0 && i > mojibake {
					s.at("C19", i, i+end, "", "含有乱码（编码错误），请改正。")
					mojibake = i + 600
				}
			}
		case r == utf8.RuneError && size == 3:
			end := i
			for strings.HasPrefix(body[end:], "\uFFFD") {
				end += 3
			}
			if strings.TrimSpace(body[end:]) != "" { // the last character may be cut by a reader
				s.at("C19", i, end, "", "含有乱码，请改正。")
			}
			next = end
		case r >= 0xE000 && r <= 0xEFFF || r >= 0xF100 && r <= 0xF8FF:
			// F000–F0FF are the bullets of symbol fonts
			if odd++; odd <= 20 {
				s.at("P16", i, next, "", "含有私有区字符，他人的电脑上无法显示，请改正。")
			}
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' && i > 0 || r == '\u2060' || r == '\u00ad':
			end := i
			for end < len(body) {
				z, n := utf8.DecodeRuneInString(body[end:])
				if z != '\u200b' && z != '\u200c' && z != '\u200d' && z != '\ufeff' && z != '\u2060' && z != '\u00ad' {
					break
				}
				end += n
			}
			before, _ := utf8.DecodeLastRuneInString(body[:i])
			after, n := utf8.DecodeRuneInString(body[end:])
			if isHan(before) && isHan(after) {
				if odd++; odd <= 20 {
					s.at("P16", i, end+n, body[end:end+n], "字间有不可见字符，应删除。")
				}
			}
			next = end
		case r >= 0x2E80 && r <= 0x2FDF || r >= 0xF900 && r <= 0xFAFF:
			if right := norm.NFKC.String(string(r)); right != string(r) {
				if odd++; odd <= 20 {
					s.at("P16", i, next, right, "此字为兼容字形，应使用通用字形“%s”。", right)
				}
			}
		case r >= 0xC0 && r <= 0xFF:
			run, bad := latin(body[i:])
			if bad && i > mojibake {
				s.at("C19", i, i+run, "", "含有乱码（编码错误），请改正。")
				mojibake = i + run + 200
			}
			next = i + run
		}
		i = next
	}
	if len(old) <= 12 && len(old)*40 < han {
		seen := map[rune]int{}
		for _, i := range old {
			r, _ := utf8.DecodeRuneInString(body[i:])
			seen[r]++
		}
		for _, i := range old {
			r, size := utf8.DecodeRuneInString(body[i:])
			if s.kept(i, size) || seen[r] > 2 { // the same one again and again is a name's
				continue
			}
			s.at("P16", i, i+size, string(plain[r]), "简体文本中有繁体字，应为“%c”。", plain[r])
		}
	}
	s.spaces()
}

// kept tells whether a traditional character stands among others, as in the name of a
// person, a work or a brand.
func (s *scan) kept(at, size int) bool {
	b, _ := utf8.DecodeLastRuneInString(s.t.Body[:at])
	a, _ := utf8.DecodeRuneInString(s.t.Body[at+size:])
	return !isHan(b) && !isHan(a)
}

// garbage is the known rubbish that begins a text, or "".
func (s *scan) garbage(at int) string {
	rest := s.t.Body[at:]
	for _, w := range []string{"锟斤拷", "烫烫烫", "屯屯屯"} {
		if strings.HasPrefix(rest, w) {
			end := len(w)
			for strings.HasPrefix(rest[end:], w) {
				end += len(w)
			}
			return rest[:end]
		}
	}
	return ""
}

// misread is the length of a stretch in which characters typical of UTF-8 read as GBK
// stand close together, or 0.
func misread(rest string) int {
	count, end := 0, 0
	for i, r := range rest {
		if i > 120 || r == '\n' {
			break
		}
		if strings.ContainsRune("锛銆鐨鏄鍦涓浜绗鍙鏈瀹绠鎴鍏鐢鍜", r) {
			count++
			end = i + utf8.RuneLen(r)
		}
	}
	if count >= 3 {
		return end
	}
	return 0
}

// latin is the length of the run of characters with which a text begins that UTF-8
// read as Latin-1 gives, and whether it is such a mistake: six or more, with marks
// and signs between å, æ and ä.
func latin(rest string) (end int, bad bool) {
	count, marks := 0, 0
	for i, r := range rest {
		if r < 0x80 || r > 0xFF && r != '\u0152' && r != '\u0153' && r != '\u0160' && r != '\u0161' && r != '\u017d' && r != '\u017e' && r != '\u0178' && r != '\u0192' && (r < 0x2013 || r > 0x2122) {
			break
		}
		if r >= 0x80 && r <= 0xBF || r > 0xFF {
			marks++
		}
		count++
		end = i + utf8.RuneLen(r)
	}
	return end, count >= 6 && marks*3 >= count
}

// spaces reports a lone space between Chinese characters inside a sentence (P16).
// Letter heads, names of two characters, table heads and justified lines have spaces
// by design: only few in a text, behind a comma of the same sentence, count.
func (s *scan) spaces() {
	body := s.t.Body
	var found []int
	total := 0
	for i := 1; i+1 < len(body); i++ {
		if body[i] != ' ' || body[i-1] < utf8.RuneSelf || body[i+1] < utf8.RuneSelf {
			continue
		}
		b, bs := utf8.DecodeLastRuneInString(body[:i])
		a, as := utf8.DecodeRuneInString(body[i+1:])
		if !isHan(b) || !isHan(a) {
			continue
		}
		if total++; total > 5 {
			return
		}
		bb, _ := utf8.DecodeLastRuneInString(body[:i-bs])
		aa, _ := utf8.DecodeRuneInString(body[i+1+as:])
		if isHan(bb) && isHan(aa) && s.insideSentence(i) {
			found = append(found, i)
		}
	}
	if total*150 > len(body) {
		return
	}
	for _, i := range found {
		_, as := utf8.DecodeRuneInString(body[i+1:])
		s.at("P16", i, i+1+as, body[i+1:i+1+as], "汉字之间有多余的空格。")
	}
}

// insideSentence tells whether a comma stands before an offset in its sentence and a
// full stop behind it, in a line of text.
func (s *scan) insideSentence(at int) bool {
	l := s.t.LineAt(at)
	if l.Cell || at >= l.End {
		return false
	}
	before, after := s.t.Body[max(l.Start, at-400):at], s.t.Body[at:min(l.End, at+400)]
	if i := strings.LastIndex(before, "。"); i >= 0 {
		before = before[i:]
	}
	if i := strings.LastIndex(before, "；"); i >= 0 {
		before = before[i:]
	}
	if i := strings.LastIndex(before, "："); i >= 0 {
		before = before[i:]
	}
	if strings.Contains(before, " ") {
		return false // several: a layout
	}
	comma := strings.LastIndex(before, "，")
	return comma >= 0 && len(before)-comma > 3+6 && strings.Contains(after, "。") && !strings.Contains(before, "  ")
}
