package intake

import (
	"hash/maphash"
	"strconv"
	"strings"
)

// How much of a column is looked at.
const (
	sampleRows  = 10_000 // every cell of these
	leastSample = 100    // or so many filled ones, where a column begins empty
	wordSample  = 1_000  // cells of words that are looked up
	mostValues  = 16     // different cells that are told apart in a column of keys
)

// evidence is what the cells of one column look like; all but the first four
// and date are counted within the sample.
type evidence struct {
	seen    int // filled cells
	null    int // that say NULL
	dated   bool
	date    dateEvidence
	sampled int

	email, phone, bare, postal, postalCity, dates, sci, lost int
	numeric, words, startDigit, endDigit, code, whole, short int
	wholeTried, wholeOf                                      int // cells tried as whole addresses, and how many were sampled till then
	looked, country, salutation, academic, firm              int
	oneWord, comma, givenFirst, givenLast, givenOnly         int
	decimalComma, decimalDot                                 int

	longest int            // bytes
	values  map[string]int // different cells, where there are few; nil where nobody asks
	rows    map[uint64]int // the row each different cell was first seen in; nil where nobody asks
	same    int
	ascend  int    // cells that are the number of their row
	twins   [2]int // the first two rows with the same cell
	other   string // a cell that is no address, as an example
}

var seed = maphash.MakeSeed()

// add takes in one filled cell of a row of the file, the nth that holds data.
func (e *evidence) add(cell string, row, nth int, country string) {
	e.sampled++
	e.longest = max(e.longest, len(cell))
	e.value(cell)
	if e.rows != nil {
		e.distinct(cell, row, nth)
	}
	var nDigits, nLetters, at, spaces int
	lost := false
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case digit(c):
			nDigits++
		case letterASCII(c):
			nLetters++
		case c == ' ':
			spaces++
		case c == '@':
			at++
		case c == '?':
			lost = lost || i > 0 && i+1 < len(cell) && letter(cell[i-1]) && letter(cell[i+1]) || (i == 0 && len(cell) > 2 && letter(cell[1]))
		case c >= 0x80:
			nLetters++
			lost = lost || c == 0xEF && strings.HasPrefix(cell[i:], "\uFFFD")
		}
	}
	if lost && at == 0 && !strings.Contains(cell, "://") {
		e.lost++
	}
	if spaces == 0 && nDigits > 0 && len(cell) <= 64 && at == 0 {
		e.code++
	}
	switch {
	case at > 0 && nLetters > 1:
		e.email++
	case nDigits > 0 && nLetters == 0:
		e.addNumeric(cell, nDigits, row)
	case nDigits > 0:
		e.addMixed(cell, nDigits, nLetters, row, country)
	case nLetters > 0:
		e.addWords(cell, spaces, row)
	}
	if at == 0 && nDigits < 5 && (e.other == "" || (nDigits == 0 && strings.ContainsAny(e.other, "0123456789"))) {
		e.other = strings.Clone(cell)
	}
}

// value counts a cell among the few different ones of a column of codes.
func (e *evidence) value(cell string) {
	if e.values == nil || len(e.values) > mostValues {
		return
	}
	if n, found := e.values[cell]; found {
		e.values[cell] = n + 1
		return
	}
	const code = 24 // bytes; a longer cell is no code, and one is enough to tell
	e.values[strings.Clone(cell[:min(len(cell), code)])] = 1
}

// distinct counts the cells that stood in another row before.
func (e *evidence) distinct(cell string, row, nth int) {
	var buf [20]byte
	if cell == string(strconv.AppendInt(buf[:0], int64(nth), 10)) {
		e.ascend++
	}
	hash := maphash.String(seed, cell)
	first, twice := e.rows[hash]
	if !twice {
		e.rows[hash] = row
		return
	}
	if e.same++; e.same == 1 {
		e.twins = [2]int{first, row}
	}
}

func (e *evidence) addNumeric(cell string, nDigits, row int) {
	e.numeric++
	if digit(cell[0]) {
		e.startDigit++
	}
	isDate := (nDigits >= 3 && nDigits < len(cell) || nDigits >= 4 || cell[0] == '-') && e.date.add(cell, row)
	if isDate {
		e.dates++
	}
	plain := digits(cell)
	first := cell[0]
	switch {
	case plain && nDigits <= 6:
		if nDigits >= 3 {
			e.postal++
		}
		if nDigits == 4 {
			e.short++
		}
	case isDate:
	case len(cell) == 10 && cell[5] == '-' && nDigits == 9: // ZIP+4
		e.postal++
	case nDigits >= 16 && allPhones(cell, "/"):
		e.phone++
	case nDigits >= 6 && nDigits <= 17 && (first == '+' || first == '0' || first == '('):
		e.phone++
	case nDigits >= 7 && nDigits <= 15:
		e.bare++
	case len(cell) <= 8 && (strings.IndexByte(cell, '-') == 2 || strings.IndexByte(cell, ' ') == 3 || strings.HasSuffix(cell, ".0")):
		e.postal++
	}
	if i := strings.LastIndexAny(cell, ".,"); i >= 0 && !isDate && len(cell)-i != 4 && strings.Count(cell, cell[i:i+1]) == 1 {
		if cell[i] == ',' {
			e.decimalComma++
		} else {
			e.decimalDot++
		}
	}
}

func (e *evidence) addMixed(cell string, nDigits, nLetters, row int, country string) {
	first, last := cell[0], cell[len(cell)-1]
	if digit(first) {
		e.startDigit++
	}
	switch {
	case lostDigits(cell):
		e.sci++
		return
	case len(cell) <= 40 && (e.dates > 0 || e.sampled < wordSample) && e.date.add(cell, row):
		e.dates++
		return
	case nDigits >= 6 && nDigits > nLetters && nLetters <= 16 && labelledPhone(cell):
		e.phone++
		return
	}
	word := cell[strings.LastIndexByte(cell, ' ')+1:]
	if word != cell && (digit(last) || digit(word[0])) {
		e.endDigit++
	} else if word != cell && len(word) == 1 && nDigits < 6 {
		e.endDigit++ // 12 c
	}
	if len(cell) <= 8 && (wholeCode(cell, "NL") || wholeCode(cell, "GB") || wholeCode(cell, "CA")) {
		e.postal++
	} else if code, prefix := cleanPostal(cell, ""); prefix != "" && wholeCode(code, prefix) {
		e.postal++
	} else if nDigits >= 4 && nDigits <= 9 && len(cell) > 6 {
		e.addPlace(cell, country)
	}
}

// labelledPhone reports whether a cell is a number with words beside it: "Tel.
// 030 1234567", "0171 1234567 (abends)". A-1000123 is none.
func labelledPhone(cell string) bool {
	if number, _ := barePhone(cell); number == cell {
		return cell[0] == '+'
	}
	words := cell[:strings.IndexAny(cell, "+(0123456789")]
	return words == "" || vocabulary[key(words)].concept == "phone"
}

// addPlace looks for a city with its postal code and for whole addresses.
func (e *evidence) addPlace(cell, country string) {
	if (digit(cell[0]) || letterASCII(cell[0])) && strings.IndexByte(cell, ',') < 0 && strings.IndexByte(cell, '\n') < 0 {
		head := strings.TrimLeft(cell, "ABCDEFHILNPT-")
		for _, n := range [...]int{4, 5, 6, 7} {
			if len(head) > n+2 && head[n] == ' ' && digit(head[0]) && letter(head[n+1]) && (digits(head[:n]) || wholeCode(head[:n], "PL") || wholeCode(head[:n], "NL")) {
				e.postalCity++
				return
			}
		}
	}
	if e.wholeTried > wordSample || len(cell) < 16 {
		return
	}
	if e.wholeTried++; e.wholeTried > wordSample {
		e.wholeOf = e.sampled - 1
		return
	}
	if _, ok := splitWhole(cell, country); ok {
		e.whole++
	} else if strings.ContainsAny(cell, ",\n") {
		for _, other := range [...]string{"DE", "AT", "GB", "US", "NL", "PL"} {
			if _, ok := splitWhole(cell, other); ok && other != country {
				e.whole++
				return
			}
		}
	}
}

// share is n of the sampled cells.
func (e *evidence) share(n int) float64 {
	if e.sampled == 0 {
		return 0
	}
	return min(1, float64(n)/float64(e.sampled))
}

// wholes is the share of cells that are whole addresses.
func (e *evidence) wholes() float64 {
	of := e.sampled
	if e.wholeOf > 0 {
		of = e.wholeOf
	}
	return float64(e.whole) / float64(max(1, of))
}

// ofWords is n of the cells of words that were looked up, and of all others.
func (e *evidence) ofWords(n int) float64 {
	if e.looked == 0 {
		return 0
	}
	return float64(n) / float64(e.looked) * e.share(e.words)
}

// unique is the share of cells that no other cell is equal to.
func (e *evidence) unique() float64 {
	if e.rows == nil || e.sampled == 0 {
		return 0
	}
	return 1 - float64(e.same)/float64(e.sampled)
}
