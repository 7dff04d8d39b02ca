package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marks are what programs and people write into a cell that has nothing in it:
// Excel's error values in the seven languages, what databases write for NULL,
// dashes, and the usual abbreviations of "not stated". They count only where
// they stand alone. Words such as "unbekannt" or "geheim" are none: an empty
// cell says that there is none, and takes values away; they do not say that.
// Where they cannot be right, profile.Normalize names them.
var marks = markSet(`null|nil|none|nan|undefined|-|--|---|–|—|.|..|...|…|?|??|???|/|//|*|_|\n|(null)|<null>|[null]|{null}|(leer)|(empty)|(blank)|
(none)|<none>|(vide)|(vuoto)|(vacío)|(leeg)|(puste)|n/a|n.a.|n.a|n/d|n.d.|n.d|n/k|n/v|#n/a|#n/d|#n/b|#nv|
#bezug!|#ref!|#rif!|#verw!|#adr!|#¡ref!|#name?|#nom?|#nome?|#naam?|#nazwa?|#¿nombre?|#wert!|#value!|#valeur!|
#valore!|#waarde!|#arg!|#¡valor!|#div/0!|#deel/0!|#dziel/0!|#¡div/0!|#num!|#zahl!|#nombre!|#getal!|#liczba!|
#¡num!|#null!|#leeg!|#nul!|#zero!|#¡nulo!|#error!|#spill!|#überlauf!|#calc!|#field!|#feld!|k.a.|k.a|k. a.|k/a|
keine angabe|keine angaben|nicht angegeben|not provided|not specified|non renseigné|n.c.|n.v.t.|n.v.t|nvt|b.d.|
brak danych|nie podano|s/d|sin datos|entfällt`)

// nullWords are those of the marks that some people are called.
var nullWords = markSet("null|nil|none|nan|undefined")

const longestMark = 16

// markStart are the bytes that marks begin with, in either case.
var markStart = func() (start [256]bool) {
	for mark := range marks {
		start[mark[0]] = true
		start[strings.ToUpper(mark)[0]] = true
	}
	return start
}()

func markSet(text string) map[string]bool {
	set := map[string]bool{}
	for mark := range strings.SplitSeq(text, "|") {
		set[strings.TrimSpace(mark)] = true
	}
	return set
}

// clean takes off a cell what spreadsheets put around a text: white space, the
// formula ="0815", and the apostrophe before what is not to be calculated. It
// returns "" for a mark of nothing.
func clean(cell string) string {
	cell = trim(cell)
	if cell == "" {
		return ""
	}
	switch c := cell[0]; {
	case c == '=' && len(cell) > 3 && cell[1] == '"' && cell[len(cell)-1] == '"':
		cell = trim(strings.ReplaceAll(cell[2:len(cell)-1], `""`, `"`))
	case c == '\'' && len(cell) > 1 && (digit(cell[1]) || strings.IndexByte("=+-@", cell[1]) >= 0):
		cell = cell[1:]
	}
	if cell != "" && len(cell) <= longestMark && markStart[cell[0]] && mark(cell) {
		return ""
	}
	return cell
}

// trim takes off white space; texts that have none are most.
func trim(cell string) string {
	if cell == "" {
		return ""
	}
	first, last := cell[0], cell[len(cell)-1]
	if first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf {
		return cell
	}
	return strings.TrimFunc(cell, blankRune)
}

func blankRune(r rune) bool { return unicode.IsSpace(r) || r == 0xFEFF || r == 0x200B }

// mark reports whether a cell is a mark of nothing, NULL included.
func mark(cell string) bool {
	if cell[0] == '#' && strings.Trim(cell, "#") == "" {
		return true // what a column too narrow for its number shows
	}
	var buf [2 * longestMark]byte
	return marks[string(appendLower(buf[:0], cell))]
}

// null reports whether a cell is NULL, None or the like.
func null(cell string) bool {
	if len(cell) > longestMark || cell == "" || !markStart[cell[0]] {
		return false
	}
	var buf [2 * longestMark]byte
	return nullWords[string(appendLower(buf[:0], cell))]
}

func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return append(dst[:0], strings.ToLower(s)...)
		}
		dst = append(dst, lower(s[i]))
	}
	return dst
}

// Blank reports whether a row says nothing at all, as the rows that
// spreadsheets leave at the end of a file do.
func Blank(cells []string) bool {
	for _, cell := range cells {
		if cell != Absent && clean(cell) != "" {
			return false
		}
	}
	return true
}
