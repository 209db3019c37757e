package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"gongkai/kernel/fault"
)

func TestKindTravelsThroughWrapping(t *testing.T) {
	root := errors.New("disk full")
	err := fmt.Errorf("save: %w", fault.Wrap(root, fault.Unavailable, "磁盘已满，请联系管理员"))
	if got := fault.KindOf(err); got != fault.Unavailable {
		t.Errorf("KindOf = %v", got)
	}
	if !errors.Is(err, root) {
		t.Error("the cause is lost")
	}
	if got := fault.Text(err); got != "磁盘已满，请联系管理员" {
		t.Errorf("Text = %q", got)
	}
	if got := fault.Text(root); got != "" {
		t.Errorf("an internal error shows %q", got)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("nil is no fault")
	}
}

func TestFields(t *testing.T) {
	var none fault.Fields
	if none.Err() != nil {
		t.Error("no messages, no error")
	}
	err := fault.Fields{"title": "请写标题", "due": "请写时限"}.Err()
	if got := err.Error(); got != "有内容需要修改：请写时限；请写标题" {
		t.Errorf("Error = %q", got)
	}
	if got := fault.FieldsOf(err)["title"]; got != "请写标题" {
		t.Errorf("FieldsOf = %q", got)
	}
}
