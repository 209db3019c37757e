package fact

import "strings"

// Overlap is the share of the characters of the shorter text that the other has
// too, 0 to 1; 0 for an empty one.
func Overlap(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	n, same := 0, 0
	for _, c := range a {
		n++
		if strings.ContainsRune(b, c) {
			same++
		}
	}
	return float64(same) / float64(max(n, 1))
}
