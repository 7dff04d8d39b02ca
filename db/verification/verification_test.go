package verification

import (
	"strings"
	"testing"
	"time"
)

func TestFoldComparesAsPeopleWrite(t *testing.T) {
	tests := []struct {
		kind        Kind
		typed, file string
		want        bool
	}{
		{BirthDate, "1980-2-29", "1980-02-29", true},
		{BirthDate, "1980- 02-29 ", "1980-02-29", true},
		{BirthDate, "١٩٨٠-٢-٢٩", "1980-02-29", true},
		{BirthDate, "1980-2-28", "1980-02-29", false},
		{BirthDate, "80-2-29", "1980-02-29", false},
		{BirthDate, "1980-02-30", "1980-02-30", false},
		{BirthDate, "1980-x2-29", "1980-02-29", false},
		{BirthDate, "1980-29-2", "1980-02-29", false},
		{PostalCode, " 24 103", "24103", true},
		{PostalCode, "D-24103", "24103", true},
		{PostalCode, "sw1a1aa", "SW1A 1AA", true},
		{PostalCode, "00-950", "00950", true},
		{PostalCode, "1010", "LV-1010", true},
		{PostalCode, "۲۴۱۰۳", "24103", true},
		{PostalCode, "24104", "24103", false},
		{PostalCode, "SW1A", "SW1A 1AA", false},
		{CustomerNumber, "a 4711", "A-4711", true},
		{CustomerNumber, "4711", "A-4711", false},
		{CustomerNumber, "--", "##", false},
		{PhoneDigits, "5678", "+491712345678", true},
		{PhoneDigits, "0171 / 234-5678", "+491712345678", true},
		{PhoneDigits, "٥٦٧٨", "+491712345678", true},
		{PhoneDigits, "678", "+491712345678", false},
		{PhoneDigits, "110", "110", false},
		{EmailCode, "012 345", "012345", true},
		{EmailCode, "12345", "012345", false},
		{EmailCode, "012345", "", false},
		{Kind("ELSE"), "", "", false},
	}
	for _, tt := range tests {
		facts := Facts{
			BirthDate: tt.file, PostalCodes: []string{"", tt.file}, CustomerNumbers: []string{tt.file, "other"},
			PhoneNumbers: []string{tt.file}, Code: tt.file,
		}
		if got := facts.Matches([]Kind{tt.kind}, Said{tt.kind: tt.typed}); got != tt.want {
			t.Errorf("%s %q against %q: %t, want %t", tt.kind, tt.typed, tt.file, got, tt.want)
		}
	}
}

func TestMatchesWantsAllThatIsAsked(t *testing.T) {
	facts := Facts{BirthDate: "1980-02-29", PostalCodes: []string{"24103"}}
	both := []Kind{BirthDate, PostalCode}
	tests := []struct {
		name  string
		asked []Kind
		said  Said
		want  bool
	}{
		{"both right", both, Said{BirthDate: "1980-02-29", PostalCode: "24103"}, true},
		{"one wrong", both, Said{BirthDate: "1980-02-29", PostalCode: "24104"}, false},
		{"the other wrong", both, Said{BirthDate: "1980-02-28", PostalCode: "24103"}, false},
		{"one not said", both, Said{PostalCode: "24103"}, false},
		{"one not on file", []Kind{BirthDate, PhoneDigits}, Said{BirthDate: "1980-02-29", PhoneDigits: "0000"}, false},
		{"nothing asked", nil, Said{BirthDate: "1980-02-29"}, false},
	}
	for _, tt := range tests {
		if got := facts.Matches(tt.asked, tt.said); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestLocksGrow(t *testing.T) {
	want := map[int]time.Duration{0: 0, 1: 0, 4: 0, 5: time.Hour, 6: 0, 10: 24 * time.Hour, 14: 0, 15: 24 * time.Hour}
	for failures, lock := range want {
		if got := LockAfter(failures); got != lock {
			t.Errorf("%d wrong tries lock for %s, want %s", failures, got, lock)
		}
	}
}

// What is not on file matches nothing, what is matches itself, and folding
// twice is folding once.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "1980-02-29", "D-24103", "SW1A 1AA", "+49 171 2345678", "٢٤١٠٣", "\xff\x00", "a\u0301", strings.Repeat("1", 900)} {
		f.Add(s)
	}
	kinds := []Kind{BirthDate, PostalCode, CustomerNumber, PhoneDigits, EmailCode, SMSCode, "ELSE"}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range kinds {
			folded, ok := Fold(k, s)
			if (Facts{}).Matches([]Kind{k}, Said{k: s}) {
				t.Fatalf("%s: %q matches nothing on file", k, s)
			}
			if !ok {
				continue
			}
			if again, still := Fold(k, folded); again != folded || !still {
				t.Fatalf("%s: %q folds to %q, and that to %q", k, s, folded, again)
			}
			facts := Facts{BirthDate: s, PostalCodes: []string{s}, CustomerNumbers: []string{s}, PhoneNumbers: []string{s}, Code: s}
			if !facts.Matches([]Kind{k}, Said{k: s}) {
				t.Fatalf("%s: %q does not match itself", k, s)
			}
		}
	})
}
