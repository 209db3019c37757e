package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/secret"
)

// Aliyun is a Texter over the SendSms call of Alibaba Cloud's short message
// service, version 2017-05-25, signed by the RPC scheme (signature version 1.0,
// HMAC-SHA1). Several other clouds and private gateways speak it too: Base is
// theirs then.
//
// The operators let only approved texts through. The one to have approved has
// two places, for example: 您有${count}条政务公开待办：${title}，请登录系统办理。
type Aliyun struct {
	Base     string // [https://dysmsapi.aliyuncs.com]
	Region   string // [cn-hangzhou]
	KeyID    string
	Secret   secret.Text
	SignName string // 短信签名
	Template string // its code, SMS_…
	HTTP     *http.Client
	Clock    clock.Clock
}

// smsTitle is how many characters operators let into one place of a template.
const smsTitle = 35

// Text sends a short message.
func (a *Aliyun) Text(ctx context.Context, to secret.Text, key id.ID, count int, title string) error {
	params, err := json.Marshal(map[string]string{"count": strconv.Itoa(count), "title": cut(title, smsTitle)})
	if err != nil {
		return err
	}
	base, region := a.Base, a.Region
	if base == "" {
		base = "https://dysmsapi.aliyuncs.com"
	}
	if region == "" {
		region = "cn-hangzhou"
	}
	form := map[string]string{
		"Action": "SendSms", "Version": "2017-05-25", "Format": "JSON", "RegionId": region,
		"AccessKeyId": a.KeyID, "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
		"SignatureNonce": string(id.New()), "Timestamp": a.Clock.Now().UTC().Format("2006-01-02T15:04:05Z"),
		"PhoneNumbers": to.Reveal(), "SignName": a.SignName, "TemplateCode": a.Template, "TemplateParam": string(params), "OutId": string(key),
	}
	query, signature := signRPC(http.MethodPost, form, a.Secret)
	// In the body, not in the address: proxies write addresses down.
	body := "Signature=" + escapeRPC(signature) + "&" + query
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(base, "/")+"/", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := a.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("短信服务没有响应：%w", err)
	}
	defer res.Body.Close()
	var answer struct{ Code, Message string }
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err == nil {
		err = json.Unmarshal(raw, &answer)
	}
	switch {
	case err != nil:
		return fmt.Errorf("短信服务的答复无法读取（状态 %d）", res.StatusCode)
	case answer.Code == "OK":
		return nil
	}
	said := errors.New("短信服务没有接受：" + answer.Code + " " + answer.Message)
	if res.StatusCode >= 500 || slices.Contains(smsLater, answer.Code) {
		return said
	}
	return Refused(said)
}

// smsLater are the codes after which trying again may help: limits of speed and
// failures inside the service.
var smsLater = []string{"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "Throttling", "Throttling.User", "ServiceUnavailable", "InternalError"}

// signRPC returns the canonical query and its signature: parameters sorted by
// name and escaped, method, "/" and query escaped again, HMAC-SHA1 under the
// secret with "&" behind it.
func signRPC(method string, params map[string]string, key secret.Text) (query, signature string) {
	pairs := make([]string, 0, len(params))
	for name, value := range params {
		pairs = append(pairs, escapeRPC(name)+"="+escapeRPC(value))
	}
	slices.Sort(pairs)
	query = strings.Join(pairs, "&")
	mac := hmac.New(sha1.New, []byte(key.Reveal()+"&"))
	mac.Write([]byte(method + "&%2F&" + escapeRPC(query)))
	return query, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escapeRPC is percent-encoding by RFC 3986.
func escapeRPC(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}
