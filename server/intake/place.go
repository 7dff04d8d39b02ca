package intake

import "strings"

// parts are the leaves of an address as a row has them, by street … countryCode.
type parts [countryCode + 1]string

// splitWhole takes an address in one cell apart, if it is unmistakable: one
// part has a postal code of the country and a city, and one before it (or
// after it, as in "10115 Berlin, Hauptstr. 5") a street.
func splitWhole(cell, country string) (parts, bool) {
	var found parts
	lines := addressLines(cell)
	if n := len(lines); n > 1 {
		if code := countryOf(lines[n-1]); code != "" && !strings.ContainsAny(lines[n-1], "0123456789") {
			found[countryCode], country = code, code
			lines = lines[:n-1]
		}
	}
	at := -1
	for i, line := range lines {
		code, rest, prefix, ok := codeAtStart(line, country)
		if !ok {
			prefix = ""
			rest, code, ok = codeAtEnd(line, country)
		}
		if !ok && i > 0 && wholeCode(line, country) {
			code, rest, ok = line, "", true
		}
		if !ok {
			continue
		}
		if at >= 0 && !NumberFirst(country) {
			return parts{}, false // two lines could be the city's
		}
		at = i
		found[postalCode], found[city] = code, rest
		if prefix != "" {
			found[countryCode], country = prefix, prefix
		}
	}
	if at < 0 || len(lines) < 2 {
		return parts{}, false
	}
	rest := append(append(make([]string, 0, len(lines)), lines[:at]...), lines[at+1:]...)
	rest = found.beforeCity(rest, at, country)
	if len(rest) == 0 || found[city] == "" {
		return parts{}, false
	}
	p := splitStreet(strings.Join(rest, ", "), country)
	if p.number == "" && !boxed(p.street) {
		return parts{}, false
	}
	found[street], found[houseNumber], found[addition] = p.street, p.number, p.addition
	return found, true
}

// beforeCity settles what English addresses put into more lines: the city
// before the code's line, the state with it. It returns the lines of the street.
func (found *parts) beforeCity(lines []string, at int, country string) []string {
	name := found[city]
	if country != "GB" && country != "US" && country != "CA" && country != "AU" && country != "IE" {
		if name == "" && at < len(lines) {
			found[city] = lines[at]
			return append(lines[:at:at], lines[at+1:]...)
		}
		if head, last, two := cutLast(name); country == "IT" && two && len(last) == 2 && strings.ToUpper(last) == last {
			found[city], found[region] = head, last
		}
		return lines
	}
	if head, state, two := cutLast(name); two && len(state) == 2 && strings.ToUpper(state) == state {
		found[city], found[region] = head, state
		return lines
	}
	if short := len(name) == 2 && strings.ToUpper(name) == name; (short || name == "") && at > 1 {
		found[region], found[city] = name, lines[at-1]
		return append(lines[:at-1:at-1], lines[at:]...)
	}
	return lines
}

func cutLast(s string) (head, last string, found bool) {
	at := strings.LastIndexByte(s, ' ')
	if at < 0 {
		return s, "", false
	}
	return strings.TrimRight(s[:at], " ,"), s[at+1:], true
}

// wholeCode reports whether a line is a postal code and nothing else.
func wholeCode(line, country string) bool {
	for form := range strings.SplitSeq(formsOf(country), ",") {
		if len(line) == len(form) && matches(line, form) {
			return true
		}
	}
	return false
}

// addressLines takes a text apart at line ends, commas, semicolons and bars.
func addressLines(cell string) []string {
	fields := strings.FieldsFunc(cell, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == '|' })
	lines := fields[:0]
	for _, line := range fields {
		if line = trim(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// splitCity takes "10115 Berlin" or "Springfield, IL 62704" apart.
func splitCity(cell, country string) (code, name, state, prefix string, ok bool) {
	if code, name, prefix, ok = codeAtStart(cell, country); ok {
		if open := strings.LastIndexByte(name, '('); country == "IT" && open > 0 && strings.HasSuffix(name, ")") {
			state, name = name[open+1:len(name)-1], strings.TrimSpace(name[:open])
		}
		if head, last, two := cutLast(name); country == "IT" && two && len(last) == 2 && strings.ToUpper(last) == last {
			name, state = head, last
		}
		return code, name, state, prefix, true
	}
	if name, code, ok = codeAtEnd(cell, country); ok {
		if head, last, two := cutLast(name); two && len(last) == 2 && strings.ToUpper(last) == last {
			name, state = head, last
		}
		return code, name, state, "", true
	}
	return "", cell, "", "", false
}
