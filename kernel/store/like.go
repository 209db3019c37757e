package store

import "strings"

// Like makes a pattern that finds text anywhere, taken literally, for
// "like ? escape '\'".
func Like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}
