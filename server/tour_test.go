package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
)

// typed runs commands as they stand in a text, in a folder of their own: only the
// address, the data folder and the building are put in the test's way.
func typed(t *testing.T, commands string) (folder, said string) {
	t.Helper()
	i := install(t, dbtest.SQLite)
	commands = strings.ReplaceAll(commands, "http://localhost:8080", i.URL)
	commands = strings.ReplaceAll(commands, "go run ./server &", i.file+" "+strings.Join(i.settings, " ")+" & trap 'kill $!' EXIT")
	for _, command := range []string{"setup", "import", "export", "key"} {
		commands = strings.ReplaceAll(commands, "go run ./server "+command, i.file+" "+command+" "+strings.Join(i.storage(), " "))
	}
	bash := exec.Command("bash", "-euc", commands)
	bash.Dir = t.TempDir()
	out, err := bash.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bash.Dir, string(out)
}

// The README's tour, typed as written.
func TestTheTourInREADMEWorks(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, found := strings.Cut(string(text), "## A tour in five minutes")
	if !found {
		t.Fatal("README has no tour")
	}
	tour, _, _ = strings.Cut(tour, "\n## Running it")
	var script strings.Builder
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(tour, -1) {
		script.WriteString(block[1])
	}
	folder, said := typed(t, script.String())
	if _, err := os.Stat(filepath.Join(folder, "account.json")); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		`"created":1`, `data: {"data":{"operation":{"status":"COMPLETED","processed":1,"total":1}}}`, "event: complete", `"number":"+491604905728"`, `"kind":"MOBILE"`, `"displayName":"Defne Kupfer"`, `/u/`, `"kind":"UPDATE"`,
		`"after":"Neue Allee"`, "\nK-1,V-1,,Frau,,Juliane,Kettenis,,,juliane@example.net,PRIVATE,\"'+491604905728\",MOBILE,PRIVATE,Neue Allee,7,", `"changes":[{"field":"addresses`, `"responseRate":1`, `"acknowledged":`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the tour does not show %s:\n%s", want, said)
		}
	}
	if regexp.MustCompile(`"errors":|"userErrors":\[\{`).MatchString(said) {
		t.Errorf("the tour shows an error:\n%s", said)
	}
}
