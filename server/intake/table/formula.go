package table

// Spreadsheet programs run a cell of a CSV that begins like a formula, whoever
// wrote it (OWASP, CSV Injection). So the Writer puts an apostrophe before
// such cells, which those programs take as "this is text", and the reader
// takes it off again.
//
// Nothing is lost on the way and no mark in the file is needed: an apostrophe
// is added to what has the form of apostrophes, any number and also none,
// before one of the characters below, and one is taken off what has that form
// with at least one. Other cells that begin with an apostrophe, such as
// "'s-Gravenhage", are never touched. In files of others that form is the same
// escape, because exports that care for it do likewise.

// startsFormula lists what a cell begins with that is taken for a formula.
func startsFormula(c byte) bool {
	switch c {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// formulaLike reports whether a cell is apostrophes, any number, before the
// begin of a formula.
func formulaLike(cell string) bool {
	for i := 0; i < len(cell); i++ {
		if cell[i] != '\'' {
			return startsFormula(cell[i])
		}
	}
	return false
}

func escapeFormula(cell string) string {
	if formulaLike(cell) {
		return "'" + cell
	}
	return cell
}

func unescapeFormula(cell string) string {
	if cell != "" && cell[0] == '\'' && formulaLike(cell) {
		return cell[1:]
	}
	return cell
}
