package email

import (
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
)

// checkQuoted encodes, checks what mail servers rely on, and decodes.
func checkQuoted(t *testing.T, text string) {
	t.Helper()
	encoded := string(appendQuoted(nil, text))
	for _, line := range strings.Split(encoded, "\r\n") {
		switch {
		case len(line) > 76:
			t.Errorf("a line of %d characters: %q", len(line), line)
		case strings.HasPrefix(line, "."):
			t.Errorf("a line begins with a dot: %q", line)
		case strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t"):
			t.Errorf("a line ends in a blank: %q", line)
		case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r > '~' }):
			t.Errorf("a line is not 7-bit: %q", line)
		}
	}
	decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(encoded)))
	if err != nil {
		t.Fatalf("decode %q: %v", encoded, err)
	}
	want := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	if string(decoded) != want {
		t.Errorf("decoded %q, want %q", decoded, want)
	}
}

func TestQuotedReadsBackAsItWas(t *testing.T) {
	for _, text := range []string{
		"", "plain", "Grüße\n", "a = b\n", ".\n", "..\n.", "blank \n", "tab\t\n", " ", "\r", "a\rb\r\nc",
		strings.Repeat("x", 75), strings.Repeat("x", 76), strings.Repeat("x", 74) + " \n", strings.Repeat("ä", 60),
		strings.Repeat("x", 75) + ".\n.", strings.Repeat("x", 73) + "=\n", "\x00\x7f", "👩‍🚀 שלום\n\n",
	} {
		checkQuoted(t, text)
	}
}

func FuzzQuoted(f *testing.F) {
	for _, text := range []string{"Grüße = \r\n.\n", strings.Repeat("a b.", 40)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Line ends other than ours and the decoder's own leniency are not the matter here.
		if strings.Contains(text, "\r") {
			return
		}
		checkQuoted(t, text)
	})
}

var html = strings.Repeat(`<p style="margin:0 0 16px">Wir prüfen &amp; fragen: <a href="https://example.com/u/abcdefgh">hier</a></p>`+"\n", 80)

func BenchmarkQuoted(b *testing.B) {
	out := make([]byte, 0, 64<<10)
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		out = appendQuoted(out[:0], html)
	}
}

func BenchmarkQuotedByTheLibrary(b *testing.B) {
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		w := quotedprintable.NewWriter(io.Discard)
		if _, err := io.WriteString(w, html); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
