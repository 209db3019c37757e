package notify

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The example in the published description of the signature.
func TestSignatureOfThePublishedExample(t *testing.T) {
	_, got := signRPC("GET", map[string]string{
		"AccessKeyId": "testId", "Timestamp": "2017-07-12T02:42:19Z", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
		"SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "Format": "XML", "Action": "SendSms", "Version": "2017-05-25", "RegionId": "cn-hangzhou",
		"PhoneNumbers": "15300000001", "SignName": "阿里云短信测试专用", "TemplateParam": `{"customer":"test"}`, "TemplateCode": "SMS_71390007", "OutId": "123",
	}, "testSecret")
	if got != "zJDF+Lrzhj/ThnlvIToysFRq6t4=" {
		t.Errorf("signature %q", got)
	}
}

func TestBounded(t *testing.T) {
	lines := make([]line, 200)
	for i := range lines {
		lines[i] = line{Title: "催办：公布责任清单", URL: "https://zwgk.linjiang.example/desk/1"}
	}
	text := bounded(lines, markdown, 4096)
	if len(text) > 4096 || !strings.Contains(text, "条，请登录系统查看") {
		t.Errorf("%d bytes", len(text))
	}
	text = bounded([]line{{Title: "x", Text: strings.Repeat("长", 3000)}}, plain, 2048)
	if len(text) > 2048 || !utf8.ValidString(text) || !strings.HasSuffix(text, "…") {
		t.Errorf("%d bytes", len(text))
	}
}
