package reader

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/kernel/document"
)

// Place is where a value stands in the document: a run of characters in one
// paragraph. All numbers are 0-based but Line, which is 1-based and 0 when the
// file has no lines.
type Place struct {
	Block int `json:"block"`          // index in Document.Blocks
	Cell  int `json:"cell"`           // index in Table.Cells, -1 for a paragraph
	Row   int `json:"row"`            // of the table, -1 for a paragraph
	Col   int `json:"col"`            // of the table, -1 for a paragraph
	Para  int `json:"para"`           // index in Cell.Paras, 0 for a paragraph
	Line  int `json:"line,omitempty"` // of a .txt file
	From  int `json:"from"`           // first rune
	To    int `json:"to"`             // behind the last rune
}

// text is a run of characters that remembers where each came from. fold is the
// same text for matching: simplified, half-width, one rune for one.
type text struct {
	raw, fold []rune
	at        []spot
}

// spot is the source of one rune: a paragraph and the offset in it; -1 is
// numbering that the word processor made and the text does not hold.
type spot struct{ para, off int32 }

// sources are the paragraphs of a document by the number that spots use.
type sources []Place

func newText(s string, para int32) text {
	n := utf8.RuneCountInString(s)
	t := text{make([]rune, 0, n), make([]rune, 0, n), make([]spot, 0, n)}
	i := int32(0)
	for _, r := range s {
		if r != utf8.RuneError && !invisible(r) { // a broken last character, a soft hyphen
			t.raw, t.fold, t.at = append(t.raw, r), append(t.fold, fold(r)), append(t.at, spot{para, i})
		}
		i++
	}
	return t
}

// invisible characters come with copied web pages and word processors.
func invisible(r rune) bool {
	return r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == '\u200e' || r == '\u200f' || r == '\u2060' || r == 0 || r == 7
}

// prefix puts numbering made by the word processor before a text.
func (t text) prefix(number string, para int32) text {
	n := newText(number, para)
	for i := range n.at {
		n.at[i].off = -1
	}
	return n.add(t)
}

func (t text) len() int       { return len(t.raw) }
func (t text) empty() bool    { return len(t.trim().raw) == 0 }
func (t text) String() string { return string(t.raw) }
func (t text) folded() string { return string(t.fold) }

func (t text) sub(i, j int) text {
	return text{t.raw[i:j:j], t.fold[i:j:j], t.at[i:j:j]}
}

func (t text) from(i int) text { return t.sub(i, len(t.raw)) }

func (t text) add(u text) text {
	if t.len() == 0 {
		return u
	}
	return text{append(t.raw, u.raw...), append(t.fold, u.fold...), append(t.at, u.at...)}
}

// line adds u as a new paragraph.
func (t text) line(u text) text {
	if t.len() == 0 {
		return u
	}
	if u.len() == 0 {
		return t
	}
	return t.add(text{[]rune{'\n'}, []rune{'\n'}, u.at[:1:1]}).add(u)
}

func (t text) trim() text {
	i, j := 0, len(t.raw)
	for i < j && unicode.IsSpace(t.fold[i]) {
		i++
	}
	for j > i && unicode.IsSpace(t.fold[j-1]) {
		j--
	}
	return t.sub(i, j)
}

// trimAny removes leading and trailing spaces and the runes of cut (folded).
func (t text) trimAny(cut string) text {
	t = t.trim()
	for t.len() > 0 && strings.ContainsRune(cut, t.fold[0]) {
		t = t.from(1).trim()
	}
	for t.len() > 0 && strings.ContainsRune(cut, t.fold[t.len()-1]) {
		t = t.sub(0, t.len()-1).trim()
	}
	return t
}

// tight is the folded text without spaces.
func (t text) tight() string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(t.fold))
}

// without returns t less the runes from i to j.
func (t text) without(i, j int) text {
	return text{
		append(append([]rune{}, t.raw[:i]...), t.raw[j:]...),
		append(append([]rune{}, t.fold[:i]...), t.fold[j:]...),
		append(append([]spot{}, t.at[:i]...), t.at[j:]...),
	}
}

// words returns t without its spaces, for texts that were spaced out or broken
// over lines.
func (t text) words() text {
	var out text
	for i, r := range t.fold {
		if !unicode.IsSpace(r) {
			out = text{append(out.raw, t.raw[i]), append(out.fold, r), append(out.at, t.at[i])}
		}
	}
	return out
}

// index finds folded words in t from rune i on, or -1.
func (t text) index(words string, i int) int {
	w := []rune(words)
	for ; i+len(w) <= t.len(); i++ {
		if slices.Equal(t.fold[i:i+len(w)], w) {
			return i
		}
	}
	return -1
}

// has reports whether folded words stand at rune i.
func (t text) has(words string, i int) bool {
	for _, r := range words {
		if i >= t.len() || t.fold[i] != r {
			return false
		}
		i++
	}
	return true
}

// places are the runs of t in the document.
func (s sources) places(t text) []Place {
	var out []Place
	last := int32(-1)
	for _, at := range t.at {
		if at.para < 0 || int(at.para) >= len(s) {
			continue
		}
		off := int(max(at.off, 0))
		if at.para != last {
			p := s[at.para]
			p.From, p.To = off, off
			out = append(out, p)
			last = at.para
		}
		p := &out[len(out)-1]
		p.From = min(p.From, off)
		if at.off >= 0 {
			p.To = max(p.To, off+1)
		}
	}
	return out
}

// paragraph makes the text of a paragraph, its automatic number before it.
func (s *sources) paragraph(p *document.Paragraph, at Place) text {
	at.Line = p.Line
	*s = append(*s, at)
	n := int32(len(*s) - 1)
	t := labelsOut(unPinyin(newText(p.Text, n)))
	if p.Number != "" {
		t = t.prefix(p.Number, n)
	}
	return t
}

// unmark drops the marks of Markdown, # before headings and ** around words, and
// the ?? that a wrong conversion left of an indent.
func unmark(t text) text {
	if i := 0; t.has("??", 0) {
		for i < t.len() && t.fold[i] == '?' {
			i++
		}
		t = t.from(i)
	}
	if strings.HasPrefix(string(t.fold), "#") {
		if u := t.trimAny("#"); u.len() > 0 {
			t = u
		}
	}
	for i := t.index("**", 0); i >= 0; i = t.index("**", i) {
		t = t.without(i, i+2)
	}
	return t
}

// unPinyin drops pronunciations that some mirrors put behind characters: 开(kāi).
func unPinyin(t text) text {
	for i := 1; i < t.len(); i++ {
		if t.fold[i] != '(' || !unicode.Is(unicode.Han, t.raw[i-1]) {
			continue
		}
		j, toned := i+1, false
		for j < t.len() && j-i < 8 && unicode.Is(unicode.Latin, t.raw[j]) && unicode.IsLower(t.raw[j]) {
			toned = toned || t.raw[j] > 0x7f
			j++
		}
		if toned && j < t.len() && t.fold[j] == ')' {
			t = t.without(i, j+1)
		}
	}
	return t
}

// labelsOut makes labels that stand in brackets of their own ones with a colon:
// 【牵头单位】区司法局【配合单位】区教委.
func labelsOut(t text) text {
	for i := 0; i < t.len(); i++ {
		if t.fold[i] != '[' { // 区司法局（牵头单位） marks the name before it
			continue
		}
		j := i + 1
		for j < t.len() && j-i < 10 && unicode.Is(unicode.Han, t.fold[j]) {
			j++
		}
		ro := none
		if j < t.len() && closes(t.fold[j]) && j-i >= 5 {
			ro = roleOf(t.sub(i+1, j).tight())
		}
		if !ro.unit() && ro != due && ro != person || j+1 == t.len() || strings.ContainsRune("、,。;)]", t.fold[j+1]) {
			continue
		}
		if t.fold[j+1] == ':' {
			t = t.without(j, j+1)
		} else {
			t.fold[j] = ':'
		}
		if i == 0 || strings.ContainsRune("。;,:([ ", t.fold[i-1]) {
			t = t.without(i, i+1)
		} else {
			t.fold[i] = ';'
		}
	}
	return t
}

// fold maps a rune to the one we match by.
func fold(r rune) rune {
	switch {
	case r < 0x80:
		if r == '\t' || r == '\r' || r == '\v' || r == '\f' {
			return ' '
		}
		if r == '{' || r == '}' {
			break
		}
		return r
	case r == '｛' || r == '｝':
	case r >= 0xff01 && r <= 0xff5e: // full-width ASCII
		r -= 0xfee0
		if r == '~' {
			return '-'
		}
		return r
	}
	switch r {
	case '\u3000', '\u00a0', '\u2002', '\u2003', '\u2009':
		return ' '
	case '〔', '【', '﹝', '〖', '﹙', '［', '{', '｛', '﹛':
		return '['
	case '〕', '】', '﹞', '〗', '﹚', '］', '}', '｝', '﹜':
		return ']'
	case '「', '『', '﹁', '﹃':
		return '“'
	case '」', '』', '﹂', '﹄':
		return '”'
	case '〈', '‹', '﹤':
		return '<'
	case '〉', '›', '﹥':
		return '>'
	case '｡':
		return '。'
	case '﹑', '､':
		return '、'
	case '﹒', '．':
		return '.'
	case '︰', '∶', '﹕':
		return ':'
	case '﹔':
		return ';'
	case '﹐':
		return ','
	case '│', '┃', '丨', '¦':
		return '|'
	case '—', '–', '―', '─', '－', '‐', '−', '‑':
		return '-'
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	return r
}

// simplified holds the traditional characters that occur in plans, as pairs.
var simplified = pairs(`責责單单務务領领導导時时間间門门節节點点實实舉举體体內内牽牵頭头辦办協协與与參参負负處处縣县區区鎮镇鄉乡廳厅會会員员機机構构關关級级國国黨党財财稅税產产業业發发農农醫医衛卫環环監监審审計计統统應应圖图館馆檔档總总資资訊讯網网備备註注進进項项號号標标準准類类別别組组長长經经濟济積积極极繼继續续開开從从對对後后來来為为個个們们這这過过還还運运選选達达條条現现規规劃划書书議议論论設设證证認认該该請请調调談谈諮咨詢询訓训報报場场園园強强專专屆届嚴严銷销錄录隊队階阶際际險险隨随難难電电靜静頁页順顺題题願愿顧顾風风飛飞養养驗验齊齐龍龙創创新新優优擴扩擊击擬拟據据攜携政政數数敘叙於于旅旅歲岁歷历殘残氣气決决況况測测減减準准滿满漁渔災灾無无營营獎奖獲获環环畫画異异當当療疗監监盡尽確确礦矿種种穩稳窗窗競竞範范築筑簡简糧粮納纳紀纪約约級级細细終终結结給给絡络維维綜综綠绿編编緊紧線线縮缩績绩織织職职聯联聲声聽听肅肃脅胁腦脑臨临舊旧興兴華华萬万落落著着藝艺藥药處处術术衝冲補补裝装複复製制觀观訂订記记許许訴诉評评詳详誤误說说誠诚諾诺講讲謀谋識识譯译護护變变讓让貌貌貢贡貧贫貨货販贩貫贯買买費费貿贸賓宾賞赏賦赋質质購购車车軌轨軍军軟软較较載载輔辅輕轻輸输轄辖轉转農农連连週周遊游遠远適适遷迁遺遗郵邮釋释針针銀银錢钱鐵铁閉闭閱阅闊阔陸陆陽阳隱隐雙双雜杂離离雲云預预領领頒颁頻频額额顯显飲饮餐餐馬马驅驱鬥斗魚鱼黃黄齡龄億亿價价傳传債债僅仅儲储兒儿兩两冊册凍冻則则剛刚劑剂動动勞劳勢势勵励匯汇啟启啓启問问團团圍围執执塊块壓压壞坏夠够奪夺婦妇學学寧宁審审寫写寬宽將将尋寻屬属峽峡島岛幣币師师帶带幫帮幹干庫库廢废廣广彈弹歸归徑径復复徵征態态慮虑慶庆憑凭憲宪懲惩戶户戲戏撥拨揮挥損损搶抢撫抚擇择擔担攔拦敗败斷断晝昼曉晓東东棄弃業业樓楼樂乐樹树橋桥檢检權权歐欧殺杀毀毁氛氛污污沒没湧涌溝沟準准溫温滯滞潔洁澤泽濕湿灣湾熱热爭争狀状獨独環环甌瓯癥症瞭了礎础禮礼穀谷竊窃糾纠級级紅红純纯紙纸絕绝絲丝網网緩缓縣县縱纵繁繁罰罚義义習习脫脱膚肤艦舰蓋盖蘇苏虛虚蟲虫裏里見见覺觉覽览訪访註注診诊詞词試试話话誰谁課课諒谅謝谢證证譽誉讀读貝贝責责貼贴賠赔賣卖賴赖贈赠贏赢趙赵趨趋跡迹躍跃軸轴輩辈輪轮辭辞邊边郷乡鄧邓鄭郑鄰邻醜丑採采釀酿鋪铺鋼钢錯错鍵键鎖锁鏈链鏡镜鐘钟鑒鉴陣阵陰阴陳陈階阶雞鸡響响頂顶頗颇頸颈飯饭飾饰館馆駐驻騙骗騰腾驚惊鮮鲜鳥鸟麗丽麥麦點点`)

func pairs(s string) map[rune]rune {
	r := []rune(s)
	m := make(map[rune]rune, len(r)/2)
	for i := 0; i+1 < len(r); i += 2 {
		if r[i] != r[i+1] {
			m[r[i]] = r[i+1]
		}
	}
	return m
}

func opens(r rune) bool  { return r == '(' || r == '[' }
func closes(r rune) bool { return r == ')' || r == ']' }

// closing returns the index of the bracket that closes the one at i, or -1.
// Kinds are not compared: （…) and 〔…) are common slips. A bracket that long does
// not close is left open.
func (t text) closing(i int) int {
	depth := 0
	for j := i; j < min(t.len(), i+3000); j++ {
		switch {
		case opens(t.fold[j]):
			depth++
		case closes(t.fold[j]):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// quoteEnd returns the index of the mark that closes the quotation mark or angle
// at i, which some documents use as a bracket, or -1.
func (t text) quoteEnd(i int) int {
	to, ok := map[rune]rune{'“': '”', '<': '>'}[t.fold[i]]
	if !ok {
		return -1
	}
	if j := slices.Index(t.fold[i:], to); j > 0 {
		return i + j
	}
	return -1
}

func hanAt(t text, i int) bool { return i >= 0 && i < t.len() && unicode.Is(unicode.Han, t.raw[i]) }

// ends cuts t behind the runes of marks that stand outside brackets and 《》.
func (t text) ends(marks string) []text {
	var out []text
	depth, start := 0, 0
	for i, r := range t.fold {
		switch {
		case opens(r) || r == '《':
			depth++
		case closes(r) || r == '》':
			depth = max(depth-1, 0)
		case depth == 0 && strings.ContainsRune(marks, r):
			out = append(out, t.sub(start, i+1))
			start = i + 1
		}
	}
	if start < t.len() {
		out = append(out, t.from(start))
	}
	return out
}
