package email

import (
	"strings"
	"testing"
)

func TestParseURLReadsEveryPart(t *testing.T) {
	tests := []struct {
		text     string
		want     string
		user     string
		password string
	}{
		{"smtp://mail.example.com", "smtp://mail.example.com:587?tls=starttls", "", ""},
		{" smtp://mail.example.com:2525 ", "smtp://mail.example.com:2525?tls=starttls", "", ""},
		{"smtp://mail.example.com?tls=implicit", "smtp://mail.example.com:465?tls=implicit", "", ""},
		{"smtp://localhost?tls=none", "smtp://localhost:25?tls=none", "", ""},
		{"smtp://a%40b.example:p%2Fw%23@mail.example.com/", "smtp://mail.example.com:587?tls=starttls", "a@b.example", "p/w#"},
		{"smtp://[::1]:25?tls=none", "smtp://[::1]:25?tls=none", "", ""},
	}
	for _, test := range tests {
		r, err := ParseURL(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if r.String() != test.want || r.user != test.user || r.password != test.password {
			t.Errorf("%s: got %s user %q password %q", test.text, r, r.user, r.password)
		}
	}
}

func TestParseURLSaysWhatIsWrongWithoutThePassword(t *testing.T) {
	const secret = "s3cret"
	for text, want := range map[string]string{
		"":                                         "must begin with smtp://",
		"mail.example.com:25":                      "smtp://",
		"https://u:s3cret@mail.example.com":        "must begin with smtp://",
		"smtp://u:s3cret@":                         "names no host",
		"smtp://u:s3cret@mail.example.com:99999":   "1 to 65535",
		"smtp://u:s3cret@mail.example.com:x":       "cannot be read",
		"smtp://u:s3cret%zz@mail.example.com":      "percent-encoded",
		"smtp://u:s3/cret@mail.example.com":        "cannot be read",
		"smtp://u:s3#cret@mail.example.com":        "cannot be read",
		"smtp://mail.example.com/s3cret":           "goes on after host and port",
		"smtp://mail.example.com?tls=s3cret":       "none, starttls or implicit",
		"smtp://mail.example.com?pw=s3cret":        "unknown setting",
		"smtp://mail.example.com?tls=none;s3cret":  "broken part",
		"smtp://u@mail.example.com":                "without a password",
		"smtp://:s3cret@mail.example.com?tls=none": "without a user",
	} {
		r, err := ParseURL(text)
		if err == nil {
			t.Errorf("%q is read as %s", text, r)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q does not say %q", text, err, want)
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q: the error quotes the password: %q", text, err)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	f.Add("smtp://user:pass@host:25?tls=none")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseURL(text)
		if err != nil {
			return
		}
		if r.Host == "" || r.Port < 1 || r.Port > 65535 {
			t.Errorf("%q is read as %+v", text, r)
		}
	})
}
