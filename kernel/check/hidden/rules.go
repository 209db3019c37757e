package hidden

import "gongkai/kernel/check"

// source is where the rules of this room stand: content-review section 10.
const source = "《政府信息公开条例》第十七条（发布前审查）；文件隐藏信息检查清单（审查规范第10节）"

// table lists every rule: id, severity, title. H-META and H-OBJ hold for every
// office format, a media part of an office file obeys H-IMG.
var table = []struct {
	id       string
	severity check.Severity
	title    string
}{
	{"H-FILE-UNREADABLE", check.Block, "文件加密、损坏或者无法识别"},
	{"H-FILE-NAME", check.Confirm, "文件名里有内部用语、电话或者草稿字样"},
	{"H-FILE-TYPE", check.Confirm, "文件内容与扩展名不一致"},

	{"H-META-NAME", check.Confirm, "文件属性里有人名、单位、路径或者旧标题"},
	{"H-META-TRACE", check.Hint, "文件属性里有编辑痕迹"},
	{"H-META-CUSTOM", check.Confirm, "自定义属性、文档变量或者附带数据"},
	{"H-META-THUMB", check.Block, "文件带有预览图"},
	{"H-OBJ-EMBED", check.Block, "嵌入的对象或者整个工作簿"},
	{"H-OBJ-MACRO", check.Block, "宏或者控件"},
	{"H-OBJ-LINK", check.Block, "指向外部文件、模板或者本机路径的链接"},
	{"H-OBJ-CROP", check.Block, "图片裁掉的部分仍保存在文件里"},
	{"H-OBJ-ORPHAN", check.Confirm, "没有任何地方使用的部件"},

	{"H-DOCX-COMMENT", check.Block, "Word 批注"},
	{"H-DOCX-CHANGE", check.Block, "Word 修订"},
	{"H-DOCX-HIDDEN", check.Block, "Word 隐藏文字"},
	{"H-DOCX-FAINT", check.Block, "Word 白色或者极小的文字"},
	{"H-DOCX-OFFPAGE", check.Block, "Word 页面以外的文本框"},
	{"H-DOCX-HEADER", check.Confirm, "Word 不显示的页眉页脚"},
	{"H-DOCX-CONTROL", check.Confirm, "Word 内容控件里的备选值"},
	{"H-DOCX-FIELD", check.Block, "Word 域里的路径或者数据源"},

	{"H-XLSX-SHEET", check.Block, "隐藏的工作表"},
	{"H-XLSX-ROW", check.Block, "隐藏的行"},
	{"H-XLSX-COLUMN", check.Block, "隐藏的列"},
	{"H-XLSX-FAINT", check.Block, "不显示的单元格（白色文字或者空格式）"},
	{"H-XLSX-PRINT", check.Confirm, "打印区域以外的单元格"},
	{"H-XLSX-COMMENT", check.Block, "Excel 批注"},
	{"H-XLSX-NAME", check.Confirm, "隐藏的或者指向外部的名称"},
	{"H-XLSX-LINK", check.Block, "Excel 外部链接及其缓存数据"},
	{"H-XLSX-PIVOT", check.Block, "数据透视表缓存"},
	{"H-XLSX-SOURCE", check.Block, "Excel 数据连接或者查询"},
	{"H-XLSX-STRING", check.Block, "没有单元格使用的文字"},

	{"H-PPTX-SLIDE", check.Block, "隐藏的幻灯片"},
	{"H-PPTX-NOTE", check.Block, "演讲者备注"},
	{"H-PPTX-OFFSLIDE", check.Block, "幻灯片以外的形状"},
	{"H-PPTX-COMMENT", check.Block, "演示文稿批注"},

	{"H-OLE-OLD", check.Confirm, "旧格式的 Office 文件"},
	{"H-OLE-FAST", check.Block, "快速保存留下的旧文字"},
	{"H-OLE-COMMENT", check.Block, "旧格式 Word 文件里的批注"},

	{"H-PDF-META", check.Confirm, "PDF 属性里有人名、路径或者旧标题"},
	{"H-PDF-TRACE", check.Hint, "PDF 属性里有制作痕迹"},
	{"H-PDF-ATTACH", check.Block, "PDF 附件"},
	{"H-PDF-NOTE", check.Block, "PDF 批注"},
	{"H-PDF-FORM", check.Confirm, "PDF 表单值"},
	{"H-PDF-LAYER", check.Block, "PDF 关闭的图层"},
	{"H-PDF-BOX", check.Block, "PDF 遮盖块下面的文字"},
	{"H-PDF-INVISIBLE", check.Confirm, "PDF 不显示的文字"},
	{"H-PDF-OUTSIDE", check.Block, "PDF 页面以外的文字"},
	{"H-PDF-REVISION", check.Block, "PDF 以前的版本"},
	{"H-PDF-SCRIPT", check.Block, "PDF 脚本或者启动动作"},
	{"H-PDF-SIGN", check.Confirm, "PDF 数字签名里的人名"},
	{"H-PDF-THUMB", check.Block, "PDF 页面缩略图"},
	{"H-PDF-SCAN", check.Confirm, "PDF 没有文字层"},

	{"H-IMG-GPS", check.Confirm, "图片带有拍摄位置"},
	{"H-IMG-NAME", check.Confirm, "图片带有作者、机主或者说明"},
	{"H-IMG-TRACE", check.Hint, "图片带有设备、时间等元数据"},
	{"H-IMG-THUMB", check.Confirm, "图片带有缩略图"},
	{"H-IMG-LAYER", check.Block, "图片带有图层或者附加图像"},
	{"H-IMG-TRAIL", check.Block, "图片结尾之后还有数据"},
	{"H-MEDIA-TRACE", check.Confirm, "音视频带有标签或者位置"},

	{"H-ZIP-DEPTH", check.Block, "压缩包层级过深"},
	{"H-ZIP-JUNK", check.Confirm, "压缩包里的系统文件或者临时文件"},

	{"H-HTML-HIDDEN", check.Block, "网页里不显示的文字"},
	{"H-HTML-OFFICE", check.Confirm, "网页里办公软件留下的注释"},
	{"H-HTML-PATH", check.Block, "网页里的本机路径"},
	{"H-HTML-USER", check.Confirm, "网页标签里的人员信息"},
	{"H-TEXT-ZERO", check.Confirm, "看不见的控制字符"},
}

// outside are the rules that are asked of the files of other people's sites: what
// somebody wrote and did not mean for everybody. Marks that programs leave are in
// nearly every file.
var outside = map[string]bool{
	"H-DOCX-COMMENT": true, "H-DOCX-CHANGE": true, "H-DOCX-HIDDEN": true,
	"H-XLSX-SHEET": true, "H-XLSX-ROW": true, "H-XLSX-COLUMN": true, "H-XLSX-COMMENT": true,
	"H-PPTX-SLIDE": true, "H-PPTX-NOTE": true, "H-PPTX-COMMENT": true,
	"H-OLE-FAST": true, "H-OLE-COMMENT": true,
	"H-PDF-ATTACH": true, "H-PDF-NOTE": true, "H-PDF-LAYER": true, "H-PDF-BOX": true,
}
