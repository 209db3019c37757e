package document

import (
	"bytes"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"
)

// media are the endings of recordings; a container may hold sound or pictures.
var media = []string{"mp4", "mp3", "m4a", "m4v", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "wmv", "wma", "flv", "3gp", "ts", "wav", "aac", "ogg", "oga", "ogv", "flac", "amr", "mid"}

// Endings lists how names of files of a kind may end, lower case and without the
// dot, the usual one first; nil for kinds that no office hands in.
func (k Kind) Endings() []string {
	switch k {
	case KindText:
		return []string{"txt", "csv", "tsv", "md", "log", "json"}
	case KindDocx:
		return []string{"docx", "dotx"}
	case KindDoc:
		return []string{"doc", "dot", "wps"}
	case KindXlsx:
		return []string{"xlsx", "xltx"}
	case KindXls:
		return []string{"xls", "xlt", "et"}
	case KindPptx:
		return []string{"pptx", "ppsx", "potx"}
	case KindPpt:
		return []string{"ppt", "pps", "pot", "dps"}
	case KindODF:
		return []string{"odt", "ods", "odp", "odg"}
	case KindJPEG:
		return []string{"jpg", "jpeg", "jpe", "jfif"}
	case KindTIFF:
		return []string{"tif", "tiff"}
	case KindBMP:
		return []string{"bmp", "dib"}
	case KindPDF, KindOFD, KindRTF, KindPNG, KindGIF, KindWebP:
		return []string{string(k)}
	case KindAudio, KindVideo:
		return media
	}
	return nil
}

// Ending is how a name ends, lower case and without the dot.
func Ending(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// Fits reports whether the name of a file may belong to its kind. One without an
// ending does: nothing opens it by mistake.
func (k Kind) Fits(name string) bool {
	end := Ending(name)
	return end == "" || slices.Contains(k.Endings(), end)
}

// runs are the endings of names that a click starts or a browser executes.
var runs = map[string]bool{
	"exe": true, "com": true, "scr": true, "pif": true, "msi": true, "msp": true, "dll": true, "sys": true, "cpl": true, "ocx": true, "drv": true,
	"bat": true, "cmd": true, "ps1": true, "psm1": true, "vbs": true, "vbe": true, "vb": true, "js": true, "jse": true, "mjs": true, "wsf": true, "wsh": true, "hta": true,
	"sh": true, "bash": true, "py": true, "pyw": true, "pl": true, "rb": true, "php": true, "asp": true, "aspx": true, "jsp": true,
	"jar": true, "class": true, "apk": true, "app": true, "deb": true, "rpm": true, "lnk": true, "url": true, "reg": true, "inf": true, "chm": true, "scf": true,
}

// Runs reports whether the name of a file says that it is a program or a script,
// whatever is in it.
func Runs(name string) bool { return runs[Ending(name)] }

// programs are how programs and shortcuts begin: ELF, Mach-O in four ways,
// classes of Java, WebAssembly, Android and shortcuts of Windows.
var programs = [][]byte{[]byte("\x7fELF"), []byte("\xfe\xed\xfa\xce"), []byte("\xfe\xed\xfa\xcf"), []byte("\xce\xfa\xed\xfe"), []byte("\xcf\xfa\xed\xfe"),
	[]byte("\xca\xfe\xba\xbe"), []byte("\x00asm"), []byte("dex\n0"), []byte("L\x00\x00\x00\x01\x14\x02\x00")}

// program reports whether a file is made to be run by a machine. MZ may begin a
// text too; a program of Windows has zero bytes in its head.
func program(data []byte) bool {
	if bytes.HasPrefix(data, []byte("MZ")) && bytes.IndexByte(data[:min(len(data), 64)], 0) >= 0 {
		return true
	}
	return slices.ContainsFunc(programs, func(p []byte) bool { return bytes.HasPrefix(data, p) })
}

// scriptText is how texts begin that a shell, a server or Windows runs. What only
// speaks of scripts further on is a text.
var scriptText = regexp.MustCompile(`(?i)\A(#!|<\?php|<%|(?:(?:rem\b|::)[^\n]*\n\s*)*@?(?:echo\s+off|setlocal)\b|(?:dim\s+\w+\s+)?set\s+\w+\s*=\s*(?:WScript\.)?CreateObject\()`)

var (
	pdfObject = regexp.MustCompile(`\b\d{1,10}\s+\d{1,5}\s+obj\b`)
	pdfStart  = []byte("startxref")
)

// WholePDF refuses a file that calls itself a PDF and has nothing of one: no
// objects, or no table of them at its end. The pages are not read.
func WholePDF(data []byte) error {
	if !pdfObject.Match(data) || !bytes.Contains(data, pdfStart) {
		return damaged(errors.New("no objects or no startxref"), "PDF 结构")
	}
	return nil
}
