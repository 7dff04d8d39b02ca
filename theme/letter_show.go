package theme

import (
	"strconv"
	"strings"
)

// Text is the letter as plain text, wrapped at 76 characters.
func (l Letter) Text() string {
	out := wrap(nil, l.Subject, "", "")
	for i, blocks := range [][]LetterBlock{l.Body, l.Foot} {
		for j, b := range blocks {
			switch {
			case i > 0 && j == 0:
				out = append(out, "\n"+strings.Repeat("-", 20)+"\n\n"...)
			case j == 0 || b.Kind != LetterItem || blocks[j-1].Kind != LetterItem:
				out = append(out, '\n')
			}
			indent := strings.Repeat("  ", b.indent())
			first := indent
			if b.Mark != "" {
				first = indent[:len(indent)-2] + b.Mark + " "
				indent = strings.Repeat(" ", len([]rune(first)))
			}
			if b.Kind == LetterRule {
				out = append(out, indent+strings.Repeat("-", 20)+"\n"...)
				continue
			}
			out = wrap(out, b.text(), first, indent)
		}
	}
	return string(out)
}

func (b LetterBlock) indent() int {
	if b.Kind == LetterHeading {
		return 0
	}
	return b.Level
}

// text is what the block says, with the addresses of its links.
func (b LetterBlock) text() string {
	var s strings.Builder
	for i, r := range b.Runs {
		s.WriteString(r.Text)
		last := i+1 == len(b.Runs) || b.Runs[i+1].Link != r.Link
		switch address := r.printed(); {
		case address == "" || !last || address == strings.TrimSpace(r.Text):
		case b.Kind == LetterButton:
			s.WriteString(":\n" + address)
		default:
			s.WriteString(" (" + address + ")")
		}
	}
	return strings.TrimSpace(s.String())
}

// printed is where the run leads, as it stands on paper.
func (r LetterRun) printed() string {
	return strings.TrimPrefix(strings.TrimPrefix(r.Link, "mailto:"), "tel:")
}

// HTML is the letter as a document for looking at it: what it says, not how it
// is set.
func (l Letter) HTML() string {
	out := append([]byte(nil), "<!doctype html>\n<html lang=\""+l.Locale+"\" dir=\""+l.Dir+"\">\n<head><meta charset=\"utf-8\"><title>"...)
	out = append(appendHTML(out, l.Subject), "</title></head>\n<body>\n<p><strong>"...)
	out = append(appendHTML(out, l.Subject), "</strong></p>\n"...)
	for _, b := range l.Body {
		out = b.appendHTML(out)
	}
	out = append(out, "<hr>\n"...)
	for _, b := range l.Foot {
		out = b.appendHTML(out)
	}
	return string(append(out, "</body>\n</html>\n"...))
}

func (b LetterBlock) appendHTML(out []byte) []byte {
	open, shut := "<p>", "</p>\n"
	switch {
	case b.Kind == LetterRule:
		return append(out, "<hr>\n"...)
	case b.Kind == LetterHeading:
		open, shut = "<h"+strconv.Itoa(b.Level)+">", "</h"+strconv.Itoa(b.Level)+">\n"
	case b.Level > 0:
		open = `<p style="margin-inline-start:` + strconv.Itoa(b.Level*2) + `em">`
	}
	out = append(out, open...)
	if b.Mark != "" {
		out = append(out, b.Mark+" "...)
	}
	for i, r := range b.Runs {
		out = r.appendHTML(out)
		last := i+1 == len(b.Runs) || b.Runs[i+1].Link != r.Link
		if address := r.printed(); address != "" && last && address != strings.TrimSpace(r.Text) {
			between, behind := " (", ")"
			if b.Kind == LetterButton {
				between, behind = "<br>\n", ""
			}
			out = append(appendHTML(append(out, between...), address), behind...)
		}
	}
	return append(out, shut...)
}

func (r LetterRun) appendHTML(out []byte) []byte {
	if r.Bold {
		out = append(out, "<strong>"...)
	}
	if r.Italic {
		out = append(out, "<em>"...)
	}
	out = appendHTML(out, r.Text)
	if r.Italic {
		out = append(out, "</em>"...)
	}
	if r.Bold {
		out = append(out, "</strong>"...)
	}
	return out
}
