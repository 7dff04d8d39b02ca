package email

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"
)

func sample() *Message {
	return &Message{
		ID:      "delivery_01@example.com",
		Date:    time.Date(2026, 11, 21, 20, 15, 0, 0, time.FixedZone("", 3600)),
		From:    Mailbox{"Defne Kupfer (Nordlicht Versicherung)", "kontakt@nordlicht.example"},
		ReplyTo: &Mailbox{"Defne Kupfer", "d.kupfer@nordlicht.example"},
		To:      Mailbox{"Juliane Kettenis", "juliane@example.net"},
		Subject: "Stimmen Ihre Daten noch?",
		Text:    "Grüße\n",
		HTML:    "<p>Grüße</p>\n",
		Headers: []Header{{"List-Unsubscribe", "<https://example.com/u/abc/stop>"}},
	}
}

func read(t *testing.T, m *Message) *mail.Message {
	t.Helper()
	data, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.IndexFunc(data, func(r rune) bool { return r > '~' }); i >= 0 {
		t.Errorf("byte %d is not 7-bit", i)
	}
	if bytes.Contains(bytes.ReplaceAll(data, []byte("\r\n"), nil), []byte("\n")) {
		t.Error("a line ends without CR")
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestAppendWritesTextAndHTML(t *testing.T) {
	m := sample()
	m.Image = NewImage("logo@example.com", bytes.Repeat([]byte{1, 2, 3}, 100))
	parsed := read(t, m)
	parts := map[string]string{}
	walk(t, parsed.Header.Get("Content-Type"), parsed.Body, parts)
	if parts["text/plain"] != "Grüße\r\n" || parts["text/html"] != "<p>Grüße</p>\r\n" {
		t.Errorf("parts are %q", parts)
	}
	if _, ok := parts["image/png"]; !ok {
		t.Error("the image is missing")
	}
	if id := parsed.Header.Get("Message-ID"); id != "<delivery_01@example.com>" {
		t.Errorf("Message-ID is %s", id)
	}
	if date, err := parsed.Header.Date(); err != nil || !date.Equal(m.Date) {
		t.Errorf("Date is %v, %v", date, err)
	}
}

func walk(t *testing.T, contentType string, body io.Reader, parts map[string]string) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(data)
		return
	}
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		p, err := r.NextPart() // decodes quoted-printable
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		walk(t, p.Header.Get("Content-Type"), p, parts)
	}
}

func TestAppendEncodesNamesOfAllScripts(t *testing.T) {
	for _, name := range []string{
		"Defne Kupfer (Nordlicht Versicherung)", "Jürgen Größe", "שרה כהן", "محمد علي (شركة)", "👩‍🚀 Ada", `O"Neil, \ Ltd.`,
		"=?utf-8?q?trick?=", strings.Repeat("ö", 120), strings.Repeat("long name ", 20), "Dr. x", "山田太郎",
	} {
		m := sample()
		m.From.Name, m.To.Name, m.Subject = name, name, name
		parsed := read(t, m)
		for _, header := range []string{"From", "To"} {
			got, err := mail.ParseAddress(parsed.Header.Get(header))
			if err != nil || got.Name != strings.TrimSpace(name) {
				t.Errorf("%s of %q reads as %v, %v", header, name, got, err)
			}
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil || subject != strings.TrimSpace(name) {
			t.Errorf("Subject of %q reads as %q, %v", name, subject, err)
		}
		data, _ := m.Append(nil)
		head, _, _ := strings.Cut(string(data), "\r\n\r\n")
		for _, line := range strings.Split(head, "\r\n") {
			if len(line) > 78 && !strings.HasPrefix(line, "From: ") && !strings.HasPrefix(line, "To: ") || len(line) > 998 {
				t.Errorf("a header line of %d characters: %q", len(line), line)
			}
		}
	}
}

func TestAppendLetsNothingBreakOutOfItsHeader(t *testing.T) {
	for _, attack := range []string{"x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com", "x\rBcc: evil@example.com", "x\u2028Bcc: y", "x\x00Bcc: y", "ä\r\n\r\nBody"} {
		m := sample()
		m.From.Name, m.To.Name, m.ReplyTo.Name, m.Subject = attack, attack, attack, attack
		parsed := read(t, m)
		if got := parsed.Header.Get("Bcc"); got != "" {
			t.Errorf("%q made a header Bcc: %s", attack, got)
		}
		if len(parsed.Header) != 9 {
			t.Errorf("%q left %d headers", attack, len(parsed.Header))
		}
	}
	for _, address := range []string{"", "a", "@b", "a@", "a@b\r\nBcc: c@d", "a b@c.de", "a@b.de> <c@d.de", "a@b.de,c@d.de", `"a"@b.de`, strings.Repeat("a", 250) + "@b.de"} {
		m := sample()
		m.To.Address = address
		if _, err := m.Append(nil); !errors.Is(err, ErrHeader) {
			t.Errorf("address %q: %v", address, err)
		}
	}
	m := sample()
	m.Headers = []Header{{"List-Unsubscribe", "<https://x>\r\nBcc: a@b.de"}}
	if _, err := m.Append(nil); !errors.Is(err, ErrHeader) {
		t.Errorf("a header with a line break: %v", err)
	}
}

func TestAppendWritesInternationalDomainsInASCII(t *testing.T) {
	m := sample()
	m.To.Address = "anna@bücher.example"
	if got := read(t, m).Header.Get("To"); !strings.Contains(got, "<anna@xn--bcher-kva.example>") {
		t.Errorf("To is %s", got)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add("Grüße, (x)", "a@b.de")
	f.Fuzz(func(t *testing.T, text, address string) {
		m := sample()
		m.From.Name, m.Subject, m.To = text, text, Mailbox{text, address}
		data, err := m.Append(nil)
		if err != nil {
			return
		}
		parsed, err := mail.ReadMessage(bytes.NewReader(data))
		if err != nil || len(parsed.Header) != 9 {
			t.Errorf("%q <%s> makes %v, %v", text, address, parsed, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	m := sample()
	m.Text, m.HTML = strings.Repeat("Guten Tag, schöne Grüße.\n", 60), html
	out := make([]byte, 0, 64<<10)
	for b.Loop() {
		var err error
		if out, err = m.Append(out[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
