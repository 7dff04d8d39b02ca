package table

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A style is what a cell's number stands for.
type style struct {
	date, time bool
	zeros      int // how many digits are shown at least, as in the format 00000
}

// readStyles reads which styles make dates of numbers.
func (b *workbook) readStyles() error {
	if b.look == "" {
		return nil
	}
	codes := map[string]string{}
	within := false
	return b.elements(b.look, func(t xmlToken) error {
		switch {
		case t.is("numFmt"):
			codes[t.attributeText("numFmtId")] = t.attributeText("formatCode")
		case t.is("cellXfs"):
			within = true
		case t.closes("cellXfs"):
			within = false
		case within && t.is("xf"):
			id := t.attributeText("numFmtId")
			code, own := codes[id]
			if !own {
				code = builtinFormat(id)
			}
			b.styles = append(b.styles, styleOf(code))
		}
		return nil
	})
}

// builtinFormat returns a code that means the same as a format that every
// spreadsheet program knows by number (ECMA-376, 18.8.30).
func builtinFormat(id string) string {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return ""
	case 14 <= n && n <= 17, 27 <= n && n <= 31, n == 36, 50 <= n && n <= 58:
		return "yyyy-mm-dd"
	case n == 22:
		return "yyyy-mm-dd hh:mm"
	case 18 <= n && n <= 21, 32 <= n && n <= 35, 45 <= n && n <= 47:
		return "hh:mm:ss"
	}
	return ""
}

// styleOf tells what a format's code makes of a number.
func styleOf(code string) style {
	if n := len(code); n > 1 && n <= 20 && strings.Trim(code, "0") == "" {
		return style{zeros: n}
	}
	letters := formatLetters(code)
	if letters == "" || strings.Contains(letters, "general") {
		return style{}
	}
	var s style
	// German programs write j and t for y and d into what they export.
	s.date = strings.ContainsAny(letters, "yd") || strings.Contains(letters, "jj") || strings.Contains(letters, "tt")
	s.time = strings.ContainsAny(letters, "hs")
	if !s.date && !s.time && strings.Contains(letters, "mm") {
		s.date = true
	}
	return s
}

// formatLetters returns the letters of a format's first section that are not
// text to be shown as it is.
func formatLetters(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == ';':
			return b.String()
		case c == '\\' || c == '_' || c == '*': // the next is shown, or makes room
			i++
		case c == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return b.String()
			}
			i += end + 1
		case c == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return b.String()
			}
			// A colour or a currency; but [h] counts hours.
			if inner := strings.ToLower(code[i+1 : i+end]); strings.Trim(inner, "hms") == "" {
				b.WriteString(inner)
			}
			i += end
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case c >= 'a' && c <= 'z':
			b.WriteByte(c)
		}
	}
	return b.String()
}

// appendNumber appends a cell's number as a person would write it: a date as
// ISO 8601, and any other without the noise of its binary form or an exponent.
func appendNumber(dst, v []byte, s style, date1904 bool) []byte {
	if s == (style{}) && wholeDigits(v) {
		return append(dst, v...)
	}
	n, err := strconv.ParseFloat(string(v), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return append(dst, v...)
	}
	if s.date || s.time {
		if text, ok := dateText(n, s, date1904); ok {
			return append(dst, text...)
		}
	}
	start := len(dst)
	if wholeDigits(v) {
		dst = append(dst, v...)
	} else {
		// A spreadsheet shows 15 digits; those behind them are noise.
		if short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
			n = short
		}
		if n == 0 {
			n = 0 // no minus
		}
		dst = strconv.AppendFloat(dst, n, 'f', -1, 64)
	}
	if missing := s.zeros - (len(dst) - start); missing > 0 && wholeDigits(dst[start:]) {
		digits := string(dst[start:])
		dst = append(dst[:start], strings.Repeat("0", missing)...)
		dst = append(dst, digits...)
	}
	return dst
}

func wholeDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0 && (b[0] != '0' || len(b) == 1)
}

// dateText makes a date, a time, or both of the days since the calendar's
// begin. It is false for what is no day of a spreadsheet.
func dateText(n float64, s style, date1904 bool) (string, bool) {
	if n < 0 || n >= 2958466 { // 9999-12-31
		return "", false
	}
	days := math.Floor(n)
	seconds := math.Round((n - days) * 24 * 60 * 60)
	if s.time && !s.date && n < 1 {
		return time.Unix(int64(seconds), 0).UTC().Format("15:04:05"), seconds < 24*60*60
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60:
		return "1900-02-29", true // Lotus 1-2-3 took 1900 for a leap year, and all after it do
	case days < 60:
		from = from.AddDate(0, 0, 1)
	}
	day := from.AddDate(0, 0, int(days))
	if s.time && seconds > 0 {
		return day.Add(time.Duration(seconds) * time.Second).Format("2006-01-02T15:04:05"), true
	}
	return day.Format(time.DateOnly), true
}
