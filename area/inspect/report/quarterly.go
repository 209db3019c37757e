package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
)

// Quarter is what a circular over several sites needs beside their reports
// (website-inspection 9).
type Quarter struct {
	Period   string         // 2026年第二季度
	Running  int            // sites of the district that are running; 0 = unknown
	Before   []*fact.Report // last rounds of the same sites, for the results of the re-check
	Number   string         // 发文字号; "" = left to the office
	Issuer   string         // 发文机关; "" = left to the office
	To       string         // 主送; "" = 各有关单位
	Date     calendar.Date  // 成文日期; zero = left to the office
	Deadline calendar.Date  // for mending; zero = left to the office
	Accounts *Accounts      // new media, nil = not part of the circular
	Messages *Messages      // 我为政府网站找错, nil = not part of the circular
}

// Accounts are the new-media accounts of the period.
type Accounts struct{ Running, Checked, Qualified int }

// Messages are those that 我为政府网站找错 received in the period.
type Messages struct{ Received, Closed, Late int }

// Quarterly writes the circular on the sites that were checked in a period
// (季度检查通报) as .docx: share checked, share qualified, the unqualified with
// reasons, problems by kind, deadline, results of the re-check.
func Quarterly(w io.Writer, rs []*fact.Report, q Quarter) error {
	views := make([]*view, len(rs))
	for i, r := range rs {
		views[i] = newView(r, Extra{Before: lastOf(q.Before, r.Site)})
	}
	d := &document.Docx{}
	titled(d, "关于"+plain(q.Period, 60)+"政府网站", "检查情况的通报")
	if q.Number != "" {
		d.Text(document.DocNumber, q.Number)
	}
	d.Text(document.Addressee, cmp.Or(q.To, "各有关单位")+"：")
	d.Text(document.Body, "根据"+basis+"，组织了"+q.Period+"政府网站检查。现将有关情况通报如下：")

	d.Text(document.Heading1, "一、总体情况")
	for _, p := range overallOf(views, q) {
		d.Text(document.Body, p)
	}
	section := 1
	next := func(title string) {
		section++
		d.Text(document.Heading1, han(section)+"、"+title)
	}
	if bad := having(views, "bad"); len(bad) > 0 {
		next("不合格网站")
		t := newTable([]string{"序号", "网站", "地址", "不合格原因"})
		for i, v := range bad {
			t.row(strconv.Itoa(i+1), v.name(), plain(v.Report.Site, 200), strings.Join(v.texts(v.verdict.Why), "；"))
		}
		d.Table(&t.Table, document.TableLook{Widths: []float64{8, 24, 28, 40}, Head: 1})
	}
	next("主要问题")
	problemsOf(d, views)
	if len(q.Before) > 0 {
		next("复查情况")
		recheck(d, views)
	}
	if m := q.Messages; m != nil {
		next("网民找错留言办理情况")
		text := "收到“我为政府网站找错”留言" + thousands(m.Received) + "条，已办结" + thousands(m.Closed) + "条"
		if open := m.Received - m.Closed; open > 0 {
			text += "，正在办理" + thousands(open) + "条"
		}
		if m.Late > 0 {
			text += "，超期办结" + thousands(m.Late) + "条"
		}
		d.Text(document.Body, text+"。")
	}
	next("整改要求")
	d.Text(document.Body, "请各责任单位于"+cmp.Or(q.Deadline.Chinese(), blankDay)+"前完成整改，逐条核实待人工确认的问题，并将整改情况书面报送。整改情况将在下一次检查时复查。")
	d.Text(document.Body, "附件：各网站检查结果")
	d.Text(document.Signature, cmp.Or(q.Issuer, "（发文机关署名）"))
	d.Text(document.Signature, cmp.Or(q.Date.Chinese(), blankDay))
	d.EndSection(false)
	sites(d, views)
	if err := d.Write(w); err != nil {
		return fmt.Errorf("quarterly circular: %w", err)
	}
	return nil
}

func lastOf(list []*fact.Report, site string) *fact.Report {
	for _, r := range list {
		if r.Site == site {
			return r
		}
	}
	return nil
}

func having(views []*view, mark string) (out []*view) {
	for _, v := range views {
		if v.verdict.Mark == mark {
			out = append(out, v)
		}
	}
	return out
}

// overallOf says how many sites are running, were checked and are qualified.
func overallOf(views []*view, q Quarter) (out []string) {
	checked, bad, fine := len(views), len(having(views, "bad")), len(having(views, "fine"))
	text := "检查政府网站" + thousands(checked) + "个"
	if q.Running > 0 {
		text = "正在运行的政府网站" + thousands(q.Running) + "个，" + text + "，检查比例" + percent(checked, q.Running)
	}
	text += "。"
	if checked > 0 {
		text += "其中合格" + thousands(fine) + "个，不合格" + thousands(bad) + "个"
		if open := checked - fine - bad; open > 0 {
			text += "，尚未发现不合格情形、还有事项待核实或未能判定的" + thousands(open) + "个"
		}
		text += "；合格率" + percent(fine, checked) + "，未发现不合格情形的占" + percent(checked-bad, checked) + "。"
	}
	out = append(out, text)
	if a := q.Accounts; a != nil {
		text := "正在运行的政务新媒体" + thousands(a.Running) + "个，检查" + thousands(a.Checked) + "个，检查比例" + percent(a.Checked, a.Running)
		if a.Checked > 0 {
			text += "；合格" + thousands(a.Qualified) + "个，合格率" + percent(a.Qualified, a.Checked)
		}
		out = append(out, text+"。")
	}
	secrets := 0
	for _, v := range views {
		secrets += v.secret
	}
	if secrets > 0 {
		out = append(out, "另有涉密标志疑点"+thousands(secrets)+"处，请由保密人员查看，本通报不列。")
	}
	return out
}

// percent is a share with one place; — where there is nothing to share.
func percent(part, whole int) string {
	if whole <= 0 {
		return "—"
	}
	return strconv.FormatFloat(float64(part)*100/float64(whole), 'f', 1, 64) + "%"
}

// problemsOf counts the problems of all sites by part and indicator.
func problemsOf(d *document.Docx, views []*view) {
	type kind struct {
		code, title            string
		failed, waiting, sites int
		last                   *view
	}
	byCode := map[string]*kind{}
	parts := make([][]*kind, len(groups))
	for _, v := range views {
		for _, f := range v.shown {
			if !problem(f) {
				continue
			}
			code := indicator(f)
			k := byCode[code]
			if k == nil {
				k = &kind{code: code}
				byCode[code] = k
				parts[groupOf(code)] = append(parts[groupOf(code)], k)
			}
			k.title = cmp.Or(k.title, plain(v.titles[code], 40))
			if k.last != v {
				k.last, k.sites = v, k.sites+1
			}
			if f.State == fact.Fail {
				k.failed++
			} else {
				k.waiting++
			}
		}
	}
	t := newTable([]string{"类别", "指标", "涉及网站", "确定", "待确认"})
	for g, part := range parts {
		for _, k := range part {
			t.row(groups[g].Title, strings.TrimSpace(plain(k.code, 40)+" "+k.title), strconv.Itoa(k.sites), thousands(k.failed), thousands(k.waiting))
		}
	}
	if t.Rows == 1 {
		d.Text(document.Body, "没有发现需要整改的问题。")
		return
	}
	total, waiting := 0, 0
	for _, k := range byCode {
		total, waiting = total+k.failed+k.waiting, waiting+k.waiting
	}
	d.Text(document.Body, "共发现问题"+thousands(total)+"处，其中"+thousands(waiting)+"处待人工确认。按类别统计如下：")
	d.Table(&t.Table, document.TableLook{Widths: []float64{20, 38, 14, 14, 14}, Head: 1})
}

// recheck says what became of the findings of the last round.
func recheck(d *document.Docx, views []*view) {
	sites, mended, kept, unseen := 0, 0, 0, 0
	var left []string
	for _, v := range views {
		if v.before == nil {
			continue
		}
		c := v.count()
		sites, mended, kept, unseen = sites+1, mended+len(v.mended), kept+c.kept, unseen+len(v.unseen)
		if c.kept > 0 {
			left = append(left, v.name()+thousands(c.kept)+"处")
		}
	}
	text := "对上次检查过的" + thousands(sites) + "个网站进行了复查：已整改" + thousands(mended) + "处，仍未整改" + thousands(kept) + "处"
	if unseen > 0 {
		text += "，本次没有查到、不能算作已整改的" + thousands(unseen) + "处"
	}
	d.Text(document.Body, text+"。")
	if len(left) > 0 {
		d.Text(document.Body, "仍未整改的网站："+strings.Join(left, "、")+"。")
	}
}

// sites is the table of all sites, on pages that lie on their side.
func sites(d *document.Docx, views []*view) {
	d.Text(document.Addressee, "附件")
	d.Text(document.Title, "各网站检查结果")
	t := newTable([]string{"序号", "网站", "监测时间点", "结论", "得分", "确定", "待确认", "新增", "已整改"})
	unsure := false
	for i, v := range views {
		c, score := v.count(), "—"
		if v.Report.Result.Scored {
			if score = number(v.Report.Result.Score); v.unsure() {
				score, unsure = score+"※", true
			}
		}
		added, mended := "—", "—"
		if v.before != nil {
			added, mended = thousands(c.added), thousands(len(v.mended))
		}
		t.row(strconv.Itoa(i+1), v.name(), dayOf(v.Report.T0), v.verdict.Word, score, thousands(c.failed), thousands(c.proposed), added, mended)
	}
	d.Table(&t.Table, document.TableLook{Widths: []float64{6, 28, 14, 16, 10, 8, 8, 8, 8}, Head: 1})
	if unsure {
		d.Text(document.Small, "※ 部分分值未与文件核对，只供内部参考，印发前请核对。")
	}
	d.EndSection(true)
}
