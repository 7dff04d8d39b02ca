package intake

import "strings"

func (e *evidence) addWords(cell string, spaces, row int) {
	e.words++
	if len(cell) > 80 {
		return
	}
	if e.looked++; e.looked > wordSample {
		e.looked--
		return
	}
	if len(cell) < 30 && spaces > 0 && e.date.add(cell, row) {
		e.dates++ // 5 May without its number would be no date: only "V 1970" and the like
		return
	}
	if spaces == 0 {
		e.oneWord++
	}
	if wordIn(salutationWords, strings.Trim(cell, ".")) {
		e.salutation++
	}
	if countryOf(cell) != "" {
		e.country++
	}
	if firm(cell) {
		e.firm++
	}
	e.addName(cell, spaces)
}

// addName looks for given names: where they stand tells how names are written.
func (e *evidence) addName(cell string, spaces int) {
	head, _, _ := strings.Cut(cell, " ")
	if wordIn(academicWords, strings.Trim(head, ".,")) || wordIn(academicWords, firstPart(head)) {
		e.academic++
	}
	if strings.Contains(cell, ", ") {
		e.comma++
		return
	}
	if spaces == 0 {
		if wordIn(givenNames, firstPart(cell)) {
			e.givenOnly++
		}
		return
	}
	var p person
	rest := p.leading(cell)
	head, tail, _ := strings.Cut(rest, " ")
	tail = tail[strings.LastIndexByte(tail, ' ')+1:]
	first, last := wordIn(givenNames, firstPart(head)), wordIn(givenNames, tail)
	switch {
	case first && !last:
		e.givenFirst++
	case last && !first:
		e.givenLast++
	}
}

// firstPart is the part before a hyphen: Karl-Heinz, Dipl.-Ing.
func firstPart(word string) string {
	if i := strings.IndexAny(word, "-."); i > 0 {
		return word[:i]
	}
	return word
}
