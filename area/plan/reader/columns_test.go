package reader

import (
	"strings"
	"testing"

	"gongkai/kernel/document"
)

func TestACellForLeadingAndResponsibleUnits(t *testing.T) {
	plan := func(before ...string) *document.Document {
		doc := tableDoc(true,
			[]string{"工作任务", "贯彻举措", "牵头单位", "责任单位"},
			[]string{"（一）公开预算", "及时公开预算。", "区财政局、区教委、区司法局<2"},
			[]string{"（二）公开决算", "及时公开决算。", "区财政局<2"},
			[]string{"（三）公开目录", "及时公开目录。", "区司法局", "区教委"})
		var blocks []document.Block
		for _, s := range before {
			blocks = append(blocks, document.Block{Para: &document.Paragraph{Text: s}})
		}
		doc.Blocks = append(blocks, doc.Blocks...)
		return doc
	}
	r, err := Read(plan(), Options{})
	if err != nil || len(r.Doubts) != 1 || r.Doubts[0].Item != 0 || !strings.Contains(r.Doubts[0].Why, "合并成一格") || r.Doubts[0].Value != "区财政局、区教委、区司法局" {
		t.Errorf("%v %+v", err, r.Doubts)
	}
	// The first leads only where the document says so.
	r, err = Read(plan("云溪区2022年任务分工", "（排在第一位的部门为牵头部门）"), Options{})
	if err != nil || len(r.Doubts) != 0 || len(r.Measures()[0].Lead) != 1 || len(r.Measures()[0].Resp) != 2 || len(r.Measures()[1].Lead) != 1 {
		t.Errorf("declared: %v %+v", err, r)
	}
}
