// Package nearest finds the word that a misspelled one was probably meant to be.
package nearest

// Of returns the word among the candidates that is nearest to a misspelled one, or
// "" if none is near: at most one letter is wrong, missing, too many or swapped with
// its neighbor in a word of up to four letters, and at most two in a longer one. Of
// equals it is the first.
//
//	Of("fxi", []string{"fix", "help"})  // "fix"
//	Of("fmt", []string{"fix", "help"})  // ""
func Of(word string, candidates []string) string {
	least := 2
	if len(word) <= 4 {
		least = 1
	}
	best := ""
	for _, c := range candidates {
		if d := distance(word, c); d < least || d == least && best == "" {
			best, least = c, d
		}
	}
	return best
}

// distance returns how many letters have to be changed, inserted, deleted or swapped
// with their neighbors to make b of a: the optimal string alignment distance.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
