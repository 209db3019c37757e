package hidden

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// presentation looks into the parts of a pptx file (ECMA-376 part 1, 19).
func (o *office) presentation() error {
	const main = "ppt/presentation.xml"
	wide, tall := 0, 0
	var order []string // relation ids of the slides
	var lines []*element
	p := o.parts[main]
	if err := o.walk(o.ctx, main, visitor{close: func(e *element) {
		switch {
		case e.Name.Local == "sldSz":
			wide, tall = number(e.attr("cx")), number(e.attr("cy"))
		case e.Name.Local == "sldId":
			lines = append(lines, e)
			if id := e.rel("id"); id != "" {
				order = append(order, id)
			}
		}
	}}); err != nil {
		return err
	}
	for i, id := range order {
		for _, r := range o.rels[main] {
			if r.id != id || r.external || !o.has(r.target) {
				continue
			}
			hidden, err := o.slide(r.target, i+1, wide, tall)
			if err != nil {
				return err
			}
			if !hidden {
				continue
			}
			if len(order) == 1 {
				o.left("H-PPTX-SLIDE", "第1张", "文件只有一张隐藏的幻灯片，请核对。")
				continue
			}
			o.fixed("H-PPTX-SLIDE", fmt.Sprintf("第%d张", i+1), "文件含有隐藏的幻灯片，请删除后重新上传。")
			o.sever(main, r)
			number := ""
			for _, e := range lines {
				if e.rel("id") == id {
					number = attrPlain(e, "id")
				}
			}
			for _, e := range lines { // the sections name it once more
				if e.rel("id") == "" && attrPlain(e, "id") == number {
					p.cut(e)
				}
			}
		}
	}
	return o.slideExtras(main)
}

// attrPlain is an attribute without a namespace.
func attrPlain(e *element, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// slide looks at one slide; wide and tall are EMU.
func (o *office) slide(name string, n, wide, tall int) (hidden bool, err error) {
	off := 0
	var shapes []*element
	err = o.walk(o.ctx, name, visitor{
		open: func(e *element) {
			switch e.Name.Local {
			case "sld":
				hidden = e.attr("show") == "0" || e.attr("show") == "false"
			case "sp", "pic", "graphicFrame":
				shapes = append(shapes, e)
			}
		},
		close: func(e *element) {
			o.crop(name, e)
			switch e.Name.Local {
			case "off", "ext":
				// Inside groups coordinates are the group's own.
				if e.parent == nil || e.parent.Name.Local != "xfrm" || e.in("grpSp") != nil || len(shapes) == 0 {
					return
				}
				s := shapes[len(shapes)-1]
				xy, ok := s.data.([2]int)
				if e.Name.Local == "off" {
					s.data = [2]int{number(e.attr("x")), number(e.attr("y"))}
				} else if ok && wide > 0 && tall > 0 && (xy[0] >= wide || xy[1] >= tall || xy[0]+number(e.attr("cx")) <= 0 || xy[1]+number(e.attr("cy")) <= 0) {
					off++
				}
			case "sp", "pic", "graphicFrame":
				shapes = shapes[:len(shapes)-1]
			}
		},
	})
	if err == nil && off > 0 && !hidden {
		o.left("H-PPTX-OFFSLIDE", fmt.Sprintf("第%d张（%s）", n, name), "幻灯片以外放着形状或者文字，请删除。")
	}
	return hidden, err
}

// slideExtras are notes and comments.
func (o *office) slideExtras(main string) error {
	live := o.reachable()
	for _, name := range o.names() {
		dir, base := path.Dir(name), path.Base(name)
		switch {
		case dir == "ppt/notesSlides" && path.Ext(base) == ".xml":
			words := 0
			if err := o.walk(o.ctx, name, visitor{text: func(e *element, s string) {
				// The number of the slide stands in a field of its own.
				if e.Name.Local == "t" && e.in("fld") == nil && strings.TrimSpace(s) != "" {
					words++
				}
			}}); err != nil {
				return err
			}
			if words > 0 && live[name] {
				o.fixed("H-PPTX-NOTE", name, "幻灯片带有演讲者备注，请删除。")
			}
			if words > 0 {
				o.remove(name)
			}
		case dir == "ppt/comments" && path.Ext(base) == ".xml":
			if err := o.comments(name, "cm", "H-PPTX-COMMENT"); err != nil {
				return err
			}
			o.remove(name)
		case slices.Contains([]string{"ppt/commentAuthors.xml", "ppt/authors.xml"}, name):
			o.remove(name)
		}
	}
	return nil
}
