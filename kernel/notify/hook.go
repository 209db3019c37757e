package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

// Format is what a robot understands.
type Format string

const (
	Plain     Format = "plain"      // our JSON, signed by X-Gongkai-Signature when there is a secret
	WeCom     Format = "wecom"      // 企业微信群机器人, markdown
	WeComText Format = "wecom-text" // the same as plain text, which also shows in WeChat
	DingTalk  Format = "dingtalk"   // 钉钉群机器人, markdown, signed (加签)
)

// Title is the format's name on screens.
func (f Format) Title() string {
	return map[Format]string{Plain: "通用 JSON", WeCom: "企业微信群机器人", WeComText: "企业微信群机器人（纯文本）", DingTalk: "钉钉群机器人"}[f]
}

// Robot is a group robot that repeats what is addressed to a unit's roles.
// Messages to single persons never reach it.
type Robot struct {
	ID      id.ID `bun:",pk"`
	Title   string
	Format  Format
	Unit    id.ID // whose messages it repeats; "" for those of all units
	Mode    Mode
	Address secret.Text // whoever has it may write to the group
	Secret  secret.Text // for the signature; "" for none
	Version int64
}

type hookRow struct {
	bun.BaseModel `bun:"table:notify_hook,alias:h"`
	Robot
}

func (r Robot) valid() error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(r.Title); n < 2 || n > 40 {
		wrong["title"] = "名称请写 2 至 40 个字"
	}
	if r.Format.Title() == "" {
		wrong["format"] = "请选择类型"
	}
	if r.Mode.Title() == "" {
		wrong["mode"] = "请选择接收方式"
	}
	u, err := url.Parse(r.Address.Reveal())
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		wrong["address"] = "请填写以 https:// 开头的完整地址"
	}
	return wrong.Err()
}

// PutRobot saves a robot, a new one when it has no ID.
func (s *Service) PutRobot(ctx context.Context, who org.Actor, r Robot) (id.ID, error) {
	if err := r.valid(); err != nil {
		return "", err
	}
	isNew := r.ID == ""
	if isNew {
		r.ID = id.New()
	}
	row := hookRow{Robot: r}
	for _, c := range []struct {
		column string
		value  *secret.Text
	}{{"address", &row.Address}, {"secret", &row.Secret}} {
		if *c.value == "" {
			continue
		}
		sealed, err := s.keys.Seal(*c.value, secret.Place("notify_hook", c.column, r.ID))
		if err != nil {
			return "", err
		}
		*c.value = secret.Text(sealed)
	}
	return r.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if isNew {
			row.Version = 1
			if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
				return err
			}
		} else {
			res, err := tx.NewUpdate().Model((*hookRow)(nil)).
				Set("title = ?, format = ?, unit = ?, mode = ?, address = ?, secret = ?, version = version + 1",
					row.Title, row.Format, row.Unit, row.Mode, row.Address.Reveal(), row.Secret.Reveal()).
				Where("id = ? and version = ?", r.ID, r.Version).Exec(ctx)
			if err := store.Fresh(res, err, "这个群机器人"); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: "notify.hook", Kind: "robot", Subject: string(r.ID),
			Changes: []audit.Change{{Field: "title", New: r.Title}, {Field: "format", New: string(r.Format)}, {Field: "unit", New: string(r.Unit)}, {Field: "mode", New: string(r.Mode)}}})
	})
}

// DropRobot removes a robot; what waits for it is not sent.
func (s *Service) DropRobot(ctx context.Context, who org.Actor, key id.ID) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewDelete().Model((*hookRow)(nil)).Where("id = ?", key).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: "notify.unhook", Kind: "robot", Subject: string(key)})
	})
}

// Robots lists the robots by name.
func (s *Service) Robots(ctx context.Context) ([]Robot, error) {
	var rows []hookRow
	if err := s.db.Read.NewSelect().Model(&rows).Order("h.title", "h.id").Scan(ctx); err != nil {
		return nil, store.Fault(err)
	}
	out := make([]Robot, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = s.unsealed(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) hook(ctx context.Context, key id.ID) (Robot, error) {
	var r hookRow
	if err := s.db.Read.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx); err != nil {
		return Robot{}, store.Found(err, "没有找到这个群机器人，可能已删除")
	}
	return s.unsealed(r)
}

func (s *Service) unsealed(r hookRow) (Robot, error) {
	for _, c := range []struct {
		column string
		value  *secret.Text
	}{{"address", &r.Address}, {"secret", &r.Secret}} {
		if *c.value == "" {
			continue
		}
		var err error
		if *c.value, err = s.keys.Open(c.value.Reveal(), secret.Place("notify_hook", c.column, r.ID)); err != nil {
			return Robot{}, err
		}
	}
	return r.Robot, nil
}

// hooksFor lists the robots that repeat what is addressed so.
func hooksFor(ctx context.Context, tx *store.Tx, to []Recipient) ([]Robot, error) {
	var units []id.ID
	for _, r := range to {
		if r.Person == "" {
			units = append(units, r.Unit)
		}
	}
	if len(units) == 0 {
		return nil, nil
	}
	var rows []hookRow
	err := tx.NewSelect().Model(&rows).Column("id", "mode").Where("unit = '' or unit in (?)", bun.List(slices.Compact(units))).Order("h.id").Scan(ctx)
	out := make([]Robot, len(rows))
	for i, r := range rows {
		out[i] = r.Robot
	}
	return out, err
}

// call hands messages to a robot.
func (s *Service) call(ctx context.Context, r Robot, d Delivery, messages []message) error {
	now := s.db.Clock().Now()
	body, err := json.Marshal(s.payload(r.Format, now, messages))
	if err != nil {
		return err
	}
	address := r.Address.Reveal()
	if r.Format == DingTalk && r.Secret != "" {
		ms := strconv.FormatInt(now.UnixMilli(), 10)
		u, err := url.Parse(address)
		if err != nil {
			return Refused(errors.New("群机器人的地址写法不对"))
		}
		q := u.Query()
		q.Set("timestamp", ms)
		q.Set("sign", base64.StdEncoding.EncodeToString(sign(r.Secret, ms+"\n"+r.Secret.Reveal())))
		u.RawQuery = q.Encode()
		address = u.String()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Refused(errors.New("群机器人的地址写法不对"))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if r.Format == Plain {
		req.Header.Set("X-Gongkai-Delivery", string(d.ID)) // the same when it is sent again
		if r.Secret != "" {
			req.Header.Set("X-Gongkai-Signature", "sha256="+hex.EncodeToString(sign(r.Secret, string(body))))
		}
	}
	res, err := s.conf.HTTP.Do(req)
	if err != nil {
		if text := fault.Text(err); text != "" { // the guard's refusal, which names no path
			return errors.New(text)
		}
		var outer *url.Error // its words hold the address, and that the key
		if errors.As(err, &outer) {
			err = outer.Err
		}
		return fmt.Errorf("群机器人没有响应：%w", err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("群机器人的答复中断：%w", err)
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return fmt.Errorf("群机器人返回状态 %d", res.StatusCode)
	case res.StatusCode >= 300:
		return Refused(fmt.Errorf("群机器人返回状态 %d，请检查地址", res.StatusCode))
	case r.Format == Plain:
		return nil
	}
	var answer struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return errors.New("群机器人的答复无法读取，请检查地址和类型")
	}
	switch answer.Code {
	case 0:
		return nil
	case -1, 45009, 130101, 410100: // busy; WeCom's and DingTalk's limits of speed
		return fmt.Errorf("群机器人暂时没有接受：%d %s", answer.Code, answer.Text)
	}
	return Refused(fmt.Errorf("群机器人没有接受：%d %s", answer.Code, answer.Text))
}

func sign(key secret.Text, text string) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// payload is what a robot of a format is told.
func (s *Service) payload(f Format, now time.Time, messages []message) any {
	lines := s.lines(messages)
	title := lines[0].Title
	if len(lines) > 1 {
		title = fmt.Sprintf("%d 条待办和提醒", len(lines))
	}
	type object = map[string]any
	switch f {
	case WeCom:
		return object{"msgtype": "markdown", "markdown": object{"content": bounded(lines, markdown, 4096)}}
	case WeComText:
		return object{"msgtype": "text", "text": object{"content": bounded(lines, plain, 2048)}}
	case DingTalk:
		return object{"msgtype": "markdown", "markdown": object{"title": title, "text": bounded(lines, markdown, 18000)}}
	}
	list := make([]object, len(lines))
	for i, m := range messages {
		list[i] = object{"id": m.ID, "kind": m.Kind, "title": m.Title, "text": lines[i].Text, "link": lines[i].URL, "urgent": m.Urgent,
			"time": m.CreatedAt.UTC().Format(time.RFC3339)}
	}
	return object{"title": title, "source": s.conf.Name, "time": now.UTC().Format(time.RFC3339), "messages": list}
}

func markdown(l line) string {
	title := tame(l.Title)
	if l.URL != "" {
		title = "[" + title + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(l.URL) + ")"
	}
	out := "**" + title + "**"
	if l.Urgent {
		out = "【紧急】" + out
	}
	if l.Text != "" {
		out += "\n\n> " + strings.ReplaceAll(tame(l.Text), "\n", "\n> ")
	}
	return out
}

func plain(l line) string {
	out := l.Title
	if l.Urgent {
		out = "【紧急】" + out
	}
	if l.Text != "" {
		out += "\n" + l.Text
	}
	if l.URL != "" {
		out += "\n" + l.URL
	}
	return out
}

// tame keeps words from being taken for markup or for a call to everybody.
func tame(s string) string {
	return strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "｀", "@", "＠").Replace(s)
}

// bounded writes as many lines as fit into the bytes a robot takes, and says
// how many do not.
func bounded(lines []line, write func(line) string, most int) string {
	const rest = 60 // bytes kept for the last words
	var b strings.Builder
	for i, l := range lines {
		text := write(l)
		if b.Len()+len(text)+2 > most-rest {
			if i > 0 {
				fmt.Fprintf(&b, "\n\n另有 %d 条，请登录系统查看", len(lines)-i)
				break
			}
			text = strings.ToValidUTF8(text[:most-rest-len("…")], "") + "…"
		}
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(text)
	}
	return b.String()
}
