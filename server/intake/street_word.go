package intake

import "strings"

// numberAtStart is how many bytes of s are a house number that ends at a space,
// a comma or the end: "12", "12a", "12 bis", "3-5", "12 1/2", "12 c".
func numberAtStart(s string) int {
	if s == "" || !digit(s[0]) {
		return 0
	}
	end := tokenEnd(s, 0)
	if !houseToken(s[:end]) {
		return 0
	}
	for end < len(s) && s[end] == ' ' {
		next := tokenEnd(s, end+1)
		token := s[end+1 : next]
		single := len(token) == 1 && letterASCII(token[0]) && next < len(s) && token != "a" && token != "A"
		if (token != "bis" && token != "ter" && token != "quater" && token != "1/2" && !single) || token == "" {
			break
		}
		end = next
	}
	return end
}

func tokenEnd(s string, from int) int {
	for i := from; i < len(s); i++ {
		if s[i] == ' ' || s[i] == ',' {
			return i
		}
	}
	return len(s)
}

// houseToken reports whether a word is a house number: up to 5 digits with a
// letter or a small word behind, and more of that after - / or +.
func houseToken(token string) bool {
	for i := 0; ; {
		from := i
		for i < len(token) && digit(token[i]) {
			i++
		}
		word := i
		for i < len(token) && letterASCII(token[i]) {
			i++
		}
		if i == from || word-from > 5 || (from == 0 && word == 0) || (i-word > 1 && !numberWord(token[word:i])) {
			return false
		}
		if token[i:] == "" || token[i:] == "½" {
			return true
		}
		switch {
		case token[i] == '-' || token[i] == '/' || token[i] == '+':
			i++
		case strings.HasPrefix(token[i:], "–"):
			i += len("–")
		default:
			return false
		}
	}
}

// numberWord reports the words that may belong to a house number: French bis
// and ter, the Dutch hs (huis), bv, and floors in Roman numbers.
func numberWord(s string) bool {
	switch s {
	case "bis", "ter", "quater", "Bis", "Ter", "BIS", "TER", "hs", "HS", "huis", "bv", "BV", "II", "III", "IV", "sous", "rood", "zw", "rd", "bg":
		return true
	}
	return false
}

// suffixWord reports whether a word may stand among a house number's.
func suffixWord(token string) bool {
	switch token {
	case "-", "–", "/", "+", "u.", "und", "&", "½":
		return true
	}
	return len(token) == 1 && letterASCII(token[0]) || numberWord(token)
}

// streetWord reports whether a name ends with a word that is no name by itself,
// so that the number behind it is the name.
func streetWord(name string) bool {
	name = strings.TrimRight(name, " ")
	switch strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:]) {
	case "straße", "strasse", "str.", "platz", "weg", "gasse", "rue", "avenue", "calle", "via", "strada", "street", "carrer", "carrera", "linie", "straat", "ulica", "ul.":
		return true
	}
	return false
}

// withoutNumberWord takes off a word that only says that a number follows.
func withoutNumberWord(name string) string {
	at := strings.LastIndexByte(name, ' ') + 1
	switch strings.ToLower(name[at:]) {
	case "nr.", "nr", "no.", "no", "n.", "n°", "n°.", "nº", "nº.", "num.", "núm.", "numero", "número", "hausnr.", "hausnummer", "hnr.", "n", "numéro", "#":
		return strings.TrimRight(name[:at], " ,")
	}
	return name
}

// dateStreet reports whether a trailing number is the year of a day that the
// street is named after: Rue du 8 Mai 1945, Piazza 25 Aprile 1945.
func dateStreet(name, number string) bool {
	if len(number) != 4 || !digits(number) || number < "1500" || number > "2099" {
		return false
	}
	at := strings.LastIndexByte(name, ' ') + 1
	return months[key(name[at:])] > 0 && len(name[at:]) > 2
}

// roadWord reports whether a name's last word takes a number as part of it.
func roadWord(name string) bool {
	at := strings.LastIndexByte(name, ' ') + 1
	switch strings.ToLower(strings.TrimRight(name[at:], ".")) {
	case "route", "rte", "highway", "hwy", "road", "interstate", "sr", "us", "rr", "cr", "fm", "box", "county", "unit", "lot", "flat", "apt", "suite", "route nationale", "pier":
		return true
	}
	return false
}

func startsWithWord(s string) bool {
	return s != "" && (letter(s[0]) || ordinal(s) || (digit(s[0]) && englishOrdinal(s)))
}

// ordinal reports whether a text begins with "2." or "2º".
func ordinal(s string) bool {
	i := 0
	for i < len(s) && digit(s[i]) {
		i++
	}
	return i > 0 && i < len(s) && (s[i] == '.' || strings.HasPrefix(s[i:], "º") || strings.HasPrefix(s[i:], "°") || strings.HasPrefix(s[i:], "ª"))
}

func englishOrdinal(s string) bool {
	i := 0
	for i < len(s) && digit(s[i]) {
		i++
	}
	for _, end := range [...]string{"st ", "nd ", "rd ", "th "} {
		if i+3 <= len(s) && strings.EqualFold(s[i:i+3], end) {
			return true
		}
	}
	return false
}

// additionWords begin what stands behind a house number; before marks those
// that a number or an ordinal stands before, such as OG.
var (
	additionWords = wordSet("additionWords")
	floorWords    = wordSet("floorWords")
)

// additionIn is where an addition begins in s, behind a space; 0 if nowhere.
func additionIn(s string) int {
	for at := strings.IndexByte(s, ' '); at >= 0; {
		word := at + 1
		if rest := s[word:]; rest != "" && rest[0] != ' ' && additionAt(rest) {
			return word
		}
		next := strings.IndexByte(s[word:], ' ')
		if next < 0 {
			return 0
		}
		at = word + next
	}
	return 0
}

// additionAt reports whether s begins with an addition: "Apt 4", "2. OG", "#12".
func additionAt(s string) bool {
	if s[0] == '#' && len(s) > 1 && digit(s[1]) || s[0] == '(' {
		return true
	}
	end := tokenEnd(s, 0)
	if end == 0 {
		return false
	}
	if ordinal(s[:end]) || (digit(s[0]) && end < len(s)) {
		rest := strings.TrimLeft(s[end:], " ")
		return rest != "" && wordIn(floorWords, rest[:tokenEnd(rest, 0)]) && !digits(rest[:tokenEnd(rest, 0)])
	}
	word := s[:end]
	if strings.EqualFold(word, "c/o") || strings.EqualFold(word, "z.Hd.") {
		return true
	}
	if !letter(word[0]) || !wordIn(additionWords, strings.TrimRight(word, ".:")) {
		return false
	}
	// "Haus" and "M" begin additions only where something is numbered or lettered.
	return end < len(s) || (len(word) > 1 && word != "hs" && word != "HS") // the Dutch 12 hs is a number
}

func isCareOf(s string) bool {
	for _, mark := range [...]string{"c/o ", "c/o", "C/O ", "z. Hd. ", "z.Hd. ", "p/a ", "presso ", "chez ", "bei ", "p.a. ", "℅ "} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

// boxWords are how the countries name a post-office box.
var boxWords = [...]string{
	"postfach", "po box", "p.o. box", "p.o.box", "p. o. box", "pobox", "post office box", "bp ", "b.p.", "b. p.", "boîte postale", "boite postale", "case postale",
	"casella postale", "c.p. ", "cp ", "apartado de correos", "apartado postal", "apartado", "apdo. de correos", "apdo", "postbus", "antwoordnummer", "skr. pocztowa", "skr. poczt", "skrytka pocztowa", "skr.poczt", "cs ", "tsa ",
}

// boxed reports whether a line is a post-office box rather than a street.
func boxed(s string) bool {
	switch lower(s[0]) {
	case 'p', 'b', 'c', 'a', 's', 't':
	default:
		return false
	}
	for _, word := range boxWords {
		if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
			rest := strings.TrimLeft(s[len(word):], " .:Nnr°º")
			return rest == "" || digit(rest[0])
		}
	}
	return false
}

// boxLine writes a box's number with its word, as the country has it.
func boxLine(cell, country string) string {
	if !digit(cell[0]) {
		return cell
	}
	switch country {
	case "DE", "AT", "CH", "LI":
		return "Postfach " + cell
	case "FR", "MC", "LU", "BE":
		return "BP " + cell
	case "IT":
		return "Casella postale " + cell
	case "ES":
		return "Apartado " + cell
	case "NL":
		return "Postbus " + cell
	case "PL":
		return "Skr. poczt. " + cell
	}
	return "PO Box " + cell
}
