package main_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"complero/db/dbtest"
)

// runnable are a guide's examples that are to work when typed, and the answers that
// it shows: the language, what is said beside it, and the example.
var runnable = regexp.MustCompile("(?sm)^```(sh|graphql|answer)((?: \\w+)*)\n(.*?)^```$")

// step is an example and what is shown of its answer.
type step struct {
	commands string
	// account is whether the examples of other guides build on it.
	account bool
	want    []string
}

// stepsOf are the examples of a guide, in the order in which they stand.
func stepsOf(t *testing.T, guide string) []step {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../frontend/docs/pages", guide+".md"))
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	for _, block := range runnable.FindAllStringSubmatch(string(text), -1) {
		marks := strings.Fields(block[2])
		runs := len(marks) > 0 && marks[0] == "run"
		switch {
		case block[1] == "answer" && len(steps) == 0:
			t.Fatalf("%s shows an answer to nothing", guide)
		case block[1] == "answer":
			last := &steps[len(steps)-1]
			last.want = append(last.want, block[3])
		case runs && block[1] == "graphql":
			steps = append(steps, step{commands: "complero <<'END'\n" + block[3] + "END\n"})
		case runs:
			steps = append(steps, step{commands: block[3], account: len(marks) > 1 && marks[1] == "account"})
		}
	}
	return steps
}

func guides(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../frontend/docs/pages/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".md")
	}
	return files
}

// mistaken finds answers that are errors. Errors of single items are shown on purpose.
var mistaken = regexp.MustCompile(`(?m)^\{"errors":.*|.*"userErrors":\[\{.*`)

// The guides' examples, typed as written; those of other guides go on from where the
// account was made in the first one. Answers are as the guide shows them.
func TestTheExamplesInTheDocsWork(t *testing.T) {
	for _, guide := range guides(t) {
		steps := stepsOf(t, guide)
		if len(steps) == 0 {
			continue
		}
		t.Run(guide, func(t *testing.T) {
			t.Parallel()
			if guide != "start" {
				var first []step
				for _, s := range stepsOf(t, "start") {
					if s.account {
						first = append(first, s)
					}
				}
				steps = append(first, steps...)
			}
			const end = "=== the next example ==="
			var script strings.Builder
			for _, s := range steps {
				script.WriteString(s.commands + "\necho; echo '" + end + "'\n")
			}
			_, said := typed(t, script.String())
			answers := strings.Split(said, end+"\n")
			if len(answers) != len(steps)+1 {
				t.Fatalf("%d examples gave %d answers:\n%s", len(steps), len(answers)-1, said)
			}
			for i, s := range steps {
				if wrong := mistaken.FindString(answers[i]); wrong != "" {
					t.Errorf("%s\nanswers %s", s.commands, wrong)
				}
				for _, want := range s.want {
					if !shows(answers[i], want) {
						t.Errorf("%s\nanswers\n%s\nand not\n%s", s.commands, answers[i], want)
					}
				}
			}
		})
	}
}

// shows reports whether an answer has all that is shown of it, in this order: … stands
// for anything, and spaces do not matter.
func shows(answer, want string) bool {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	answer = bare(answer)
	for piece := range strings.SplitSeq(bare(want), "…") {
		_, rest, found := strings.Cut(answer, piece)
		if !found {
			return false
		}
		answer = rest
	}
	return true
}

var inReference = regexp.MustCompile(`(?s)<pre><code>(.*?)</code></pre>`)

// Every query that the reference shows and that needs nothing is answered.
func TestTheReferencesQueriesAreAnswered(t *testing.T) {
	i := install(t, dbtest.SQLite)
	a := i.setup("Nordlicht")
	i.start()
	_, page := fetch(t, i.URL+"/docs/api")
	nouns := regexp.MustCompile(`href="(/docs/api/[a-z]+)"`).FindAllStringSubmatch(page, -1)
	asked := map[string]bool{}
	for _, noun := range nouns {
		_, page := fetch(t, i.URL+noun[1])
		for _, found := range inReference.FindAllStringSubmatch(page, -1) {
			document := html.UnescapeString(found[1])
			if asked[document] || strings.Contains(document, "$") || !strings.HasPrefix(document, "{") && !strings.HasPrefix(document, "query") {
				continue
			}
			asked[document] = true
			if answer := ask(t, i.URL, a.LiveKey, document); strings.Contains(answer, `"errors":`) {
				t.Errorf("%s\nanswers %s", document, answer)
			}
		}
	}
	if len(asked) < 10 {
		t.Errorf("only %d queries were found", len(asked))
	}
}

func fetch(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, answer.Status, err)
	}
	return answer, string(body)
}

func ask(t *testing.T, address, key, document string) string {
	t.Helper()
	call, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", bytes.NewReader(call))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
