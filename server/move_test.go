package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
	"complero/server/demo"
)

// moved runs the command and returns what it has told.
func moved(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), append([]string{"move"}, args...), &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if stdout.Len() > 0 {
		t.Errorf("it prints %q", &stdout)
	}
	return stderr.String()
}

// seen is what the demo's Companies see of their data, by the API and by the
// pages that their Contacts' links open.
func seen(t *testing.T, s Settings, accounts []demo.Account) []string {
	t.Helper()
	s.Only, s.BaseURL = onlyWeb, "http://complero.example.com" // so that nothing changes, not even an address
	r := start(t, s)
	var all []string
	for _, a := range accounts {
		for _, key := range []string{a.LiveKey, a.TestKey} {
			data := r.call(t, key, `{
				company { id name slug brand { version name logoUrl } }
				contacts(first: 100) { nodes { id externalId givenName birthDate updatedAt stoppedAt employee { displayName }
					emails { address } phones { number } addresses { street city } consents { state channel wording decidedAt } } }
				requests(first: 100) { nodes { id status link createdAt sentAt answeredAt deliveries { status at } } }
				events(first: 1000) { nodes { number kind occurredAt contactExternalId changes { field before after } } }
				report { contacts requests delivered updated confirmed declined responseRate }
			}`, nil)
			text, err := json.Marshal(data)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(text))
			link := regexp.MustCompile(`/u/[a-z2-7]+`).FindString(string(text))
			if link == "" && key == a.LiveKey {
				t.Fatal("no Request has a link")
			}
			if link != "" {
				answer, page := r.get(t, link)
				all = append(all, answer.Status+volatile.ReplaceAllString(page, ""))
			}
		}
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	return all
}

// volatile is what of a page is another each time.
var volatile = regexp.MustCompile(`nonce="[^"]*"`)

// The demo moves to PostgreSQL and back into a folder: the API says the same,
// and links that are out go on working.
func TestMoveTakesTheDemoThereAndBack(t *testing.T) {
	home := settings(t)
	accounts, err := demo.Make(t.Context(), home.Data, time.Now(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	want := seen(t, home, accounts)

	between := settings(t)
	between.Data, between.Database = home.Data, dbtest.PostgresURL(t)
	told := moved(t, "--from", "sqlite:"+home.Data, "--to", between.Database)
	if !strings.Contains(told, filepath.Join(home.Data, "link.key")) || !strings.Contains(told, "--link-key") {
		t.Errorf("it does not tell that the new server needs the key:\n%s", told)
	}
	wantSame(t, "on PostgreSQL", seen(t, between, accounts), want)

	back := settings(t)
	told = moved(t, "--from", between.Database, "--to", "sqlite:"+back.Data, "--data", home.Data)
	if key, err := os.Stat(filepath.Join(back.Data, "link.key")); err != nil || key.Mode().Perm() != 0o600 {
		t.Errorf("the key has not been copied for its owner alone: %v, %v", key, err)
	}
	wantSame(t, "back on SQLite", seen(t, back, accounts), want)
	checkTold(t, told)
}

func wantSame(t *testing.T, where string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s there are %d answers instead of %d", where, len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s the answer is\n%.3000s\nand was\n%.3000s", where, got[i], want[i])
		}
	}
}

// checkTold sees that each table is told of, and that the last line is the end.
func checkTold(t *testing.T, told string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(told), "\n")
	for _, want := range []string{`^moved contact: [1-9]\d* rows, \d+ rows/s$`, `^checked contact: [1-9]\d* rows, \d+ rows/s$`, `^moved jobs: `} {
		if !regexp.MustCompile(`(?m)` + want).MatchString(told) {
			t.Errorf("no line is like %s:\n%s", want, told)
		}
	}
	if last := lines[len(lines)-1]; !regexp.MustCompile(`^done: [1-9]\d* rows in [1-9]\d* tables and \d+ unfinished jobs moved in .*; counts and content hashes are the same$`).MatchString(last) {
		t.Errorf("the last line is %q", last)
	}
}

func TestMoveNeverOverwritesAnotherKey(t *testing.T) {
	home := settings(t)
	account(t, home, "Holding", "Nord")
	there := filepath.Join(t.TempDir(), "link.key")
	const other = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	if err := os.WriteFile(there, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	to := "sqlite:" + filepath.Dir(there)
	err := run(t.Context(), []string{"move", "--from", "sqlite:" + home.Data, "--to", to}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), there+" is there already and is not the key") {
		t.Errorf("it says %v", err)
	}
	if text, err := os.ReadFile(there); err != nil || string(text) != other {
		t.Errorf("the key is now %q (%v)", text, err)
	}
	if err := os.Remove(there); err != nil {
		t.Fatal(err)
	}
	moved(t, "--from", "sqlite:"+home.Data, "--to", to)
	if err := start(t, Settings{Data: filepath.Dir(there), Listen: "127.0.0.1:0", Workers: 1, Only: onlyWeb, Log: "json"}).stop(); err != nil {
		t.Error(err)
	}
}

func TestMoveSaysWhatIsWrong(t *testing.T) {
	empty := t.TempDir()
	tests := []struct {
		name     string
		from, to string
		want     []string
	}{
		{"nothing to move", "sqlite:" + empty, "sqlite:" + t.TempDir(), []string{"the source, sqlite:" + empty, "there is no database"}},
		{"no kind", "./data", "sqlite:" + empty, []string{"--from: write sqlite:DIR"}},
		{"the file", "sqlite:./data/complero.db", "sqlite:" + empty, []string{"--from: name the data folder"}},
		{"another kind", "sqlite:" + empty, "mysql://u:topsecret@h/x", []string{"--to: write sqlite:DIR"}},
		{"no server", "sqlite:" + empty, "postgres://u:topsecret@127.0.0.1:1/x", []string{"--to: PostgreSQL at 127.0.0.1:1 cannot be reached"}},
		{"unreadable", "postgres://u:topsecret@h:port/x", "sqlite:" + empty, []string{"--from: this address cannot be read"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), []string{"move", "--from", test.from, "--to", test.to}, &stdout, &stderr)
			if err == nil {
				t.Fatal("it moved")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("says %q, want %q in it", err, want)
				}
			}
			if all := err.Error() + stdout.String() + stderr.String(); strings.Contains(all, "topsecret") || strings.Contains(err.Error(), "\n") {
				t.Errorf("says %q", all)
			}
		})
	}
}

func TestParseEndReadsFoldersAndAddresses(t *testing.T) {
	tests := []struct{ text, url, dir string }{
		{"sqlite:./data", "", "data"},
		{"sqlite:data/", "", "data"},
		{"sqlite:/var/lib/complero", "", "/var/lib/complero"},
		{"sqlite:///var/lib/complero", "", "/var/lib/complero"},
		{"sqlite:.", "", "."},
		{"postgres://u:p@h:5432/n?sslmode=disable", "postgres://u:p@h:5432/n?sslmode=disable", ""},
		{"postgresql://h/n", "postgresql://h/n", ""},
		{"sqlite:", "", ""},
		{"sqlite://data", "", ""},
		{"sqlite:./data/complero.db", "", ""},
		{"SQLITE:./data", "", ""},
		{"", "", ""},
	}
	for _, test := range tests {
		end, err := parseEnd(test.text)
		if end.URL != test.url || end.DataDir != test.dir || (err != nil) != (test.url+test.dir == "") {
			t.Errorf("%q is %q, %q, %v", test.text, end.URL, end.DataDir, err)
		}
	}
}

func FuzzParseEnd(f *testing.F) {
	for _, text := range []string{"sqlite:./data", "postgres://u:topsecret@h/n", "sqlite:", "sqlite:\x00", "mysql://u:topsecret@h/n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end, err := parseEnd(text)
		if err == nil && (end.URL == "") == (end.DataDir == "") {
			t.Errorf("%q is %q and %q", text, end.URL, end.DataDir)
		}
		if err != nil && strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
