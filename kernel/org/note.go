package org

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongkai/kernel/audit"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// Actions names in Chinese what this room writes into the audit record.
func Actions() map[string]string {
	return map[string]string{
		"unit.add": "新增单位", "unit.change": "修改单位", "unit.alias": "修改单位别名",
		"group.save": "保存单位组", "group.drop": "删除单位组",
		"person.save": "保存人员", "person.leave": "人员离岗", "person.return": "人员返岗", "person.reveal": "查看联系方式",
		"post.add": "分配角色", "post.end": "取消角色", "absence.add": "登记外出代理", "absence.end": "结束外出代理",
		"org.import": "导入单位和人员", "org.export": "导出单位和人员",
	}
}

// note writes what was done into the audit record. about says in words whom it
// concerns; names of staff are no secret, their numbers and addresses are.
func note(ctx context.Context, tx *store.Tx, who Actor, action, kind string, subject id.ID, about string, changes []audit.Change) error {
	if !strings.HasPrefix(action, "person.reveal") {
		if err := touch(ctx, tx); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, audit.Entry{
		Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: kind, Subject: string(subject),
		Changes: append([]audit.Change{{Field: "about", New: about}}, changes...),
	})
}

// changes compares two values field by field as they stand in JSON; nil stands
// for a value that is not there.
func changes(before, after any) []audit.Change {
	old, now := fields(before), fields(after)
	var names []string
	for name := range old {
		names = append(names, name)
	}
	for name := range now {
		if _, both := old[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []audit.Change
	for _, name := range names {
		if name != "version" && old[name] != now[name] {
			out = append(out, audit.Change{Field: name, Old: old[name], New: now[name]})
		}
	}
	return out
}

// fields reads a value of this room as texts by JSON name. Our types always
// marshal; should one not, the record says so instead of losing the entry.
func fields(v any) map[string]string {
	out := map[string]string{}
	if v == nil {
		return out
	}
	raw := map[string]json.RawMessage{}
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &raw)
	}
	if err != nil {
		return map[string]string{"error": fmt.Sprint(err)}
	}
	for name, value := range raw {
		var s string
		if json.Unmarshal(value, &s) != nil {
			s = string(value)
		}
		out[name] = s
	}
	return out
}

// plain is a person without what is secret: only whether it is there.
func plain(p Person) map[string]any {
	return map[string]any{
		"name": p.Name, "number": p.Number, "active": p.Active,
		"phone": p.Phone.String(), "email": p.Email.String(),
	}
}
