package theme

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// An SMS is a short message and what it takes to send it.
type SMS struct {
	Text     string
	Encoding SMSEncoding
	// Length counts what segments are measured by: septets of GSM-7, in which
	// some characters take two, or UTF-16 code units of UCS-2.
	Length   int
	Segments int
}

// SMSEncoding is how an SMS is coded (3GPP TS 23.038).
type SMSEncoding string

// The encodings. One character that GSM-7 does not have makes UCS-2 of the
// whole, which holds less than half as much.
const (
	GSM7 SMSEncoding = "GSM7"
	UCS2 SMSEncoding = "UCS2"
)

// MarshalGQL writes e as a GraphQL enum value.
func (e SMSEncoding) MarshalGQL(w io.Writer) { writeEnum(w, string(e)) }

// What one SMS holds, and each segment of a longer one, whose header takes
// six bytes.
const (
	gsmAlone, gsmPart = 160, 153
	ucsAlone, ucsPart = 70, 67
)

// maxSMS is how many segments a message has at most; more, and many networks
// drop it.
const maxSMS = 10

// gsmBasic is the default alphabet, each character one septet, and
// gsmExtension what takes two.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

	gsmExtension = "\f^{}\\[~]|€"
)

// septets are the characters of GSM-7 and what each takes.
var septets = func() map[rune]int {
	all := map[rune]int{}
	for _, r := range gsmBasic {
		all[r] = 1
	}
	for _, r := range gsmExtension {
		all[r] = 2
	}
	return all
}()

// plainer are characters that people do not miss in an SMS, and what stands
// for them in GSM-7.
var plainer = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "‹", "'", "›", "'", "′", "'", "`", "'", "´", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`,
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-",
	"…", "...", "•", "-", "·", "-", "\u00a0", " ", "\u2009", " ", "\u202f", " ", "\t", " ",
	"\u00ad", "", "\u200b", "", "\u2060", "", "\u200e", "",
)

// NewSMS measures a text, with plainer quotation marks and dashes where that
// lets it go in GSM-7.
func NewSMS(text string) SMS {
	plain := plainer.Replace(text)
	if n, segments, ok := countGSM(plain); ok {
		return SMS{Text: plain, Encoding: GSM7, Length: n, Segments: segments}
	}
	n, segments := countUCS(text)
	return SMS{Text: text, Encoding: UCS2, Length: n, Segments: segments}
}

// countGSM counts septets and segments; ok is false for a text beyond GSM-7. A
// character of two septets is not split between segments.
func countGSM(text string) (n, segments int, ok bool) {
	parts, room := 1, gsmPart
	for _, r := range text {
		size := septets[r]
		if size == 0 {
			return 0, 0, false
		}
		n += size
		if room < size {
			parts, room = parts+1, gsmPart
		}
		room -= size
	}
	if n <= gsmAlone {
		parts = 1
	}
	return n, parts, true
}

// countUCS counts code units and segments; a pair of surrogates is not split.
func countUCS(text string) (n, segments int) {
	parts, room := 1, ucsPart
	for _, r := range text {
		size := max(utf16.RuneLen(r), 1)
		n += size
		if room < size {
			parts, room = parts+1, ucsPart
		}
		room -= size
	}
	if n <= ucsAlone {
		parts = 1
	}
	return n, parts
}

// SMS makes the short message: the Template's, the link to the Contact's page
// if it does not show it, how to stop, and the check code. The Company's
// imprint and privacy notice stand on the page that it leads to. It fails as
// Render does, and for a message of more than 10 segments.
func (l *Layout) SMS(values map[string]string) (SMS, error) {
	f, err := l.fill(values, nil)
	if err != nil {
		return SMS{}, err
	}
	m := l.message
	var text strings.Builder
	m.resolve(&text, m.sms, f.holds)
	lines := []string{f.plain(text.String())}
	if m.link >= 0 && !strings.Contains(text.String(), string(rune(markBase+m.link))) {
		lines = append(lines, f.values[m.link])
	}
	if l.frame.SMSStop != "" {
		lines = append(lines, l.frame.SMSStop+" "+f.values[stopField])
	}
	if l.frame.SMSCheck != "" {
		lines = append(lines, l.frame.SMSCheck+" "+f.values[checkField])
	}
	if lines[0] == "" {
		lines = lines[1:]
	}
	s := NewSMS(strings.Join(lines, "\n"))
	if s.Segments > maxSMS {
		return SMS{}, fmt.Errorf("the SMS has %d segments, and at most %d are possible: %w", s.Segments, maxSMS, ErrMessageTooLarge)
	}
	return s, nil
}

// plain fills a resolved text that is no Markdown: blanks at the ends of lines
// and more than one between words are left out, empty lines too.
func (f *filling) plain(resolved string) string {
	var filled strings.Builder
	for _, p := range partsOf(resolved) {
		if p.field < 0 {
			filled.WriteString(cleanLiteral(p.text))
		} else {
			filled.WriteString(f.values[p.field])
		}
	}
	var lines []string
	for _, line := range strings.Split(filled.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
