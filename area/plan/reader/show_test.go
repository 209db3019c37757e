package reader

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestShow(t *testing.T) {
	for _, f := range strings.Fields(os.Getenv("SHOWFILES")) {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(lines(string(data)), Options{})
		fmt.Println("=====", f, err)
		if err != nil {
			continue
		}
		fmt.Println("TITLE", r.Title, "| NO", r.Number, "| ISS", r.Issuer, "|", r.Date, r.Year, r.Layouts)
		for _, l := range r.Letter {
			fmt.Println("  LETTER", l.Number, l.Title, "::", short2(l.Text))
		}
		for _, s := range r.Sections {
			fmt.Printf("S %q %q\n", s.Number, s.Title)
			for _, it := range s.Items {
				fmt.Printf("  I %q %q\n", it.Number, it.Title)
				for _, m := range it.Measures {
					fmt.Printf("    M r%d %q %s [%d]\n        L", m.Row, m.Number, short2(m.Text), len([]rune(m.Text)))
					for _, n := range m.Lead {
						fmt.Print(" ", n.Text)
						if n.Open {
							fmt.Print("+")
						}
					}
					fmt.Print(" (", m.LeadState, ") R")
					for _, n := range m.Resp {
						fmt.Print(" ", n.Text)
						if n.Open {
							fmt.Print("+")
						}
					}
					fmt.Print(" (", m.RespState, ") D ", m.Due.Text, " ", m.Due.Kind, m.Due.By)
					if len(m.People) > 0 {
						fmt.Print(" P ", m.People)
					}
					fmt.Println()
				}
			}
		}
		for _, n := range r.Notes {
			fmt.Println("NOTE", n)
		}
		for _, n := range r.Rest {
			fmt.Println("REST", short2(n.Text), n.Why)
		}
	}
}
func short2(s string) string {
	r := []rune(strings.ReplaceAll(s, "\n", "⏎"))
	if len(r) > 34 {
		return string(r[:34])
	}
	return string(r)
}
