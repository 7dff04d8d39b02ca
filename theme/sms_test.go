package theme

import (
	"strings"
	"testing"
)

func TestSMSIsCountedAsNetworksDo(t *testing.T) {
	gsm, ucs := func(n int) string { return strings.Repeat("a", n) }, func(n int) string { return strings.Repeat("ш", n) }
	tests := []struct {
		name, text       string
		encoding         SMSEncoding
		length, segments int
	}{
		{"empty", "", GSM7, 0, 1},
		{"one", gsm(160), GSM7, 160, 1},
		{"one character more", gsm(161), GSM7, 161, 2},
		{"two full", gsm(306), GSM7, 306, 2},
		{"three", gsm(307), GSM7, 307, 3},
		{"umlauts are in the alphabet", strings.Repeat("äöüßÄÖÜàèéìòùñ", 11) + "abcdef", GSM7, 160, 1},
		{"the euro sign takes two", gsm(158) + "€", GSM7, 160, 1},
		{"and makes it two segments", gsm(159) + "€", GSM7, 161, 2},
		{"an extended character is not split", gsm(152) + "€" + gsm(152), GSM7, 306, 3},
		{"cyrillic", ucs(70), UCS2, 70, 1},
		{"cyrillic, more", ucs(71), UCS2, 71, 2},
		{"two full in UCS-2", ucs(134), UCS2, 134, 2},
		{"three in UCS-2", ucs(135), UCS2, 135, 3},
		{"a pair of surrogates counts twice", ucs(68) + "😀", UCS2, 70, 1},
		{"and is not split", ucs(66) + "😀" + ucs(66), UCS2, 134, 3},
		{"Polish letters are not in the alphabet", "ą", UCS2, 1, 1},
		{"arabic", "مرحبا", UCS2, 5, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := NewSMS(test.text)
			if want := (SMS{Text: test.text, Encoding: test.encoding, Length: test.length, Segments: test.segments}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestSMSDoesWithoutTypography(t *testing.T) {
	tests := []struct {
		text, want string
		encoding   SMSEncoding
	}{
		{"„Nordlicht“ – wie geht’s…?", `"Nordlicht" - wie geht's...?`, GSM7},
		{"a\u00a0b\u200bc\u00add\te", "a bcd e", GSM7},
		{"«Ça va»", `«Ça va»`, GSM7},
		{"„Шэф“ – да", "„Шэф“ – да", UCS2}, // nothing is won by it
		{"„😀“", "„😀“", UCS2},
	}
	tests[2].want = `"Ça va"`
	for _, test := range tests {
		if got := NewSMS(test.text); got.Text != test.want || got.Encoding != test.encoding {
			t.Errorf("%q became %q in %s", test.text, got.Text, got.Encoding)
		}
	}
}

func FuzzNewSMS(f *testing.F) {
	f.Add("„Nordlicht“ – 😀")
	f.Add(strings.Repeat("€", 200))
	f.Fuzz(func(t *testing.T, text string) {
		s := NewSMS(text)
		room := map[SMSEncoding][2]int{GSM7: {gsmAlone, gsmPart}, UCS2: {ucsAlone, ucsPart}}[s.Encoding]
		switch {
		case s.Segments < 1, s.Length <= room[0] && s.Segments != 1, s.Length > room[0] && s.Segments*room[1] < s.Length:
			t.Errorf("%+v", s)
		case s.Segments > 1 && s.Length <= (s.Segments-1)*(room[1]-1):
			t.Errorf("%d segments for %d", s.Segments, s.Length)
		}
	})
}
