package main

import (
	"bufio"
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// alike are characters that are taken for each other though they share no part.
const alike = `
人大入八 大太犬夫天 天无元夫 己已巳 末未本木术 土士上工 王玉主五 干千于 日曰目旦 白自百 白臼 刀力九几 力为办
厂广 了子予 贝见 儿几 内丙两 休体 尼民 面而 间同 间问闻 令今 司可 史吏更 由田甲申电 外处 失矢 小少 公分 牛午生
毛手 石右古 名各 合舍会 金全 如加 成咸 或式 页贡 责贵 具其真 且目 早旱 是足 走足 兔免 鸟乌 风凤 戊戌戍 厉历 代伐
向问 住往佳 徒徙从 微徽 拔拨 刺剌 常党尝 买卖 竞竟 段假 享亨 崇祟 延廷 仓仑 毫豪 壁璧 蓝篮 籍藉 博搏 暴爆 燥躁
辨辩瓣 辛幸 密蜜 慢漫 梁粱 弛驰 暑署 宣宜 管官 园圆 昌冒 万方 长张 丛从 乃及 又叉义 交文 尤龙 免兑 尽昼 东乐 车年
设没 拆折析 治冶 睛晴 侯候 即既 雷需 革草 事争 产严 衣农 业亚 平乎 不下 止正 至到 片爪 斤斥 户尸 勿匆 互五 丰半
准淮 决快 冒胃 壮状 夭天 失夫 央决 头买 奋备 妄忘 孑子 完宗 守宁 安按 实头 宫官 导异 属居 巨臣 席度 库车 庆厌 应兴
弟第 归旧 当兰 录求 律津 徵微 快块 怀坏 性姓 悔侮 愉偷 戒戎 扰优 扎礼 报服 抓爪 担但 拍怕 择泽 拾抬 持待 指诣 挂桂
探深 提堤 援缓 摸模 撤撒 政故 敌故 斗头 旗施 昂昆 普晋 景最 曼慢 材村 杜社 枝技 柱住 栋拣 核该 桃挑 椎推 横模 欧殴
`

// shapes writes the look-alikes among the characters of the model: a character, a
// tab, and those it may be taken for. They are characters that have all parts but
// one in common, where few enough share these, a character and its part, and the
// groups above. The parts come from a list "character<tab>part part …<tab>…".
func shapes(parts, out string, chars []rune) error {
	known := map[rune]bool{}
	for _, r := range chars {
		known[r] = true
	}
	f, err := os.Open(parts)
	if err != nil {
		return err
	}
	defer f.Close()
	look := map[rune]map[rune]bool{}
	pair := func(a, b rune) {
		if a == b || !known[a] || !known[b] {
			return
		}
		for _, p := range [][2]rune{{a, b}, {b, a}} {
			if look[p[0]] == nil {
				look[p[0]] = map[rune]bool{}
			}
			look[p[0]][p[1]] = true
		}
	}
	family := map[string][]rune{} // characters of two parts by place and name of one
	whole := map[rune][]rune{}    // characters by a part
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		ways := strings.Split(lines.Text(), "\t")
		r := []rune(ways[0])
		if len(r) != 1 || !known[r[0]] {
			continue
		}
		for _, way := range ways[1:] {
			list := strings.Fields(way)
			if len(list) < 2 {
				continue
			}
			for _, part := range list {
				p, _ := utf8.DecodeRuneInString(part)
				whole[p] = append(whole[p], r[0])
			}
			if len(list) == 2 {
				family["1"+list[0]] = append(family["1"+list[0]], r[0])
				family["2"+list[1]] = append(family["2"+list[1]], r[0])
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	const few = 30 // more share a radical than look alike
	for _, list := range family {
		slices.Sort(list)
		list = slices.Compact(list)
		if len(list) > few {
			continue
		}
		for _, a := range list {
			for _, b := range list {
				pair(a, b)
			}
		}
	}
	for part, list := range whole {
		slices.Sort(list)
		list = slices.Compact(list)
		if len(list) > few {
			continue
		}
		for _, r := range list {
			pair(r, part)
		}
	}
	for _, group := range strings.Fields(alike) {
		for _, a := range group {
			for _, b := range group {
				pair(a, b)
			}
		}
	}
	var b bytes.Buffer
	for _, r := range slices.Sorted(maps.Keys(look)) {
		b.WriteString(string(r) + "\t" + string(slices.Sorted(maps.Keys(look[r]))) + "\n")
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
