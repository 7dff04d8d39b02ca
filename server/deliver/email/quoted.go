package email

const hexDigits = "0123456789ABCDEF"

// maxQuoted is the longest line of quoted-printable without its soft break.
const maxQuoted = 75

// asIs tells the bytes that quoted-printable leaves as they are. The dot is
// none of them at a line's beginning, where SMTP would double it; blanks are
// none at a line's end.
var asIs = func() (table [256]bool) {
	for c := ' '; c <= '~'; c++ {
		table[c] = c != '='
	}
	table['\t'] = true
	return table
}()

// appendQuoted writes text as quoted-printable (RFC 2045, 6.7). Lines may end
// in \n or \r\n. It does what mime/quotedprintable does, by runs instead of by
// bytes, which takes less than half the time.
func appendQuoted(out []byte, s string) []byte {
	column := 0
	for i := 0; i < len(s); {
		if s[i] == '\n' || s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			if s[i] == '\r' {
				i++
			}
			out = append(out, '\r', '\n')
			column = 0
			i++
			continue
		}
		end, limit := i, min(len(s), i+maxQuoted-column)
		for end < limit && asIs[s[end]] {
			end++
		}
		if column == 0 && end > i && s[i] == '.' {
			end = i
		}
		if end > i && blank(s[end-1]) && lineEnds(s, end) {
			end--
		}
		out = append(out, s[i:end]...)
		column += end - i
		i = end
		if i == len(s) || s[i] == '\n' || s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			continue
		}
		if asIs[s[i]] && column >= maxQuoted || column+3 > maxQuoted {
			out = append(out, "=\r\n"...)
			column = 0
			continue
		}
		out = append(out, '=', hexDigits[s[i]>>4], hexDigits[s[i]&15])
		column += 3
		i++
	}
	return out
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

func lineEnds(s string, i int) bool {
	return i == len(s) || s[i] == '\n' || s[i] == '\r'
}
