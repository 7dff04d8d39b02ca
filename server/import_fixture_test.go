package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"complero/db"
)

// aboutImport is what the tests read of an import.
const aboutImport = `id kind status source total processed created synced unchanged deleted rejected conflicts
	errors { code message path }
	import { fileName format encoding separator headerRow columns mapping dryRun missing missingSample
		findings { severity column message } problems { severity code field column message count rows }
		sample { row externalId contact errors { code message } } }`

// An imported is an Operation as the API tells it.
type imported struct {
	ID, Status                                                                 string
	Source                                                                     string
	Total, Processed, Created, Synced, Unchanged, Deleted, Rejected, Conflicts int
	Errors                                                                     []problem
	Import                                                                     struct {
		Format, Encoding, Separator string
		HeaderRow                   int
		Columns                     []string
		Mapping                     json.RawMessage
		Findings                    []struct{ Severity, Column, Message string }
		Problems                    []struct {
			Severity, Code, Field, Column, Message string
			Count                                  int
			Rows                                   []int
		}
		Sample []struct {
			Row        int
			ExternalID string
			Contact    json.RawMessage
			Errors     []problem
		}
		Missing       *int
		MissingSample []string
	}
}

type problem struct {
	Code, Message string
	Path          []string
}

// send sends a file by the GraphQL multipart request convention, and returns
// the Operation or what the caller is to mend.
func (r *running) send(t *testing.T, key, name string, file []byte, input map[string]any) (string, []problem) {
	t.Helper()
	all := map[string]any{"file": nil}
	for field, value := range input {
		all[field] = value
	}
	operations, err := json.Marshal(map[string]any{
		"query":     `mutation($input: ContactsImportInput!) { contactsImport(input: $input) { operation { id } userErrors { code message path } } }`,
		"variables": map[string]any{"input": all},
	})
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"operations", string(operations)}, {"map", `{"0": ["variables.input.file"]}`}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("0", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/graphql", &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", form.FormDataContentType())
	_, text := do(t, request)
	var answer struct {
		Data struct {
			ContactsImport *struct {
				Operation  *struct{ ID string }
				UserErrors []problem
			}
		}
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("the API says %s (%v)", text, err)
	}
	for _, e := range answer.Errors {
		return "", []problem{{Code: e.Extensions.Code, Message: e.Message}}
	}
	if answer.Data.ContactsImport.Operation == nil {
		return "", answer.Data.ContactsImport.UserErrors
	}
	return answer.Data.ContactsImport.Operation.ID, answer.Data.ContactsImport.UserErrors
}

// finish waits until an Operation has come to its end, or to a question.
func (r *running) finish(t *testing.T, key, id string) imported {
	t.Helper()
	for range 1200 {
		data := r.call(t, key, "query($id: ID!) { operation(id: $id) { "+aboutImport+" } }", map[string]any{"id": id})
		text, err := json.Marshal(data["operation"])
		if err != nil {
			t.Fatal(err)
		}
		var op imported
		if err := json.Unmarshal(text, &op); err != nil {
			t.Fatal(err)
		}
		if op.Status != "PENDING" && op.Status != "RUNNING" {
			return op
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("Operation %s does not end:\n%s", id, r.log)
	return imported{}
}

// imports sends a file that has to be taken, and waits for what comes of it.
func (r *running) imports(t *testing.T, key, name string, file []byte, input map[string]any) imported {
	t.Helper()
	id, errs := r.send(t, key, name, file, input)
	if len(errs) > 0 {
		t.Fatalf("%s: %+v", name, errs)
	}
	return r.finish(t, key, id)
}

// contact is what is on file, as JSON; "null" if there is none.
func (r *running) contact(t *testing.T, key, externalID string) string {
	t.Helper()
	data := r.call(t, key, `query($id: String!) { contact(externalId: $id) { salutation title givenName familyName birthDate organisation
		emails { address use } phones { number kind } addresses { street houseNumber addition postalCode city countryCode } customFields } }`,
		map[string]any{"id": externalID})
	text, err := json.Marshal(data["contact"])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// command runs the program's import as typed, and returns what it prints.
func command(t *testing.T, s Settings, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), append([]string{"import", "--data", s.Data, "--database", s.Database, "--log-level", "error"}, args...), &out, &errs)
	return out.String(), errs.String(), err
}

// finished is the command's --json.
type finished struct {
	OperationID                                                     string
	Status                                                          db.OperationStatus
	Total, Processed, Created, Synced, Unchanged, Deleted, Rejected int
	DryRun                                                          bool
	Mapping                                                         json.RawMessage
	Problems                                                        []db.ImportProblem
	Sample                                                          []sampleRow
	Missing                                                         *int
}

// commandJSON is command with --json, which has to succeed.
func commandJSON(t *testing.T, s Settings, args ...string) finished {
	t.Helper()
	stdout, stderr, err := command(t, s, append(args, "--json")...)
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, stderr)
	}
	var f finished
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatalf("--json prints %q: %v", stdout, err)
	}
	return f
}

// fileOf writes a file that goes with the test.
func fileOf(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// utf16File is a text as Windows writes "Unicode text".
func utf16File(text string) []byte {
	b := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return b
}

// workbook makes an XLSX with a title, an empty row and then rows of cells.
func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetCellValue("Sheet1", "A1", "Kundenliste der Nordlicht AG, Stand November 2026"); err != nil {
		t.Fatal(err)
	}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		for i, value := range row {
			cell, err := excelize.CoordinatesToCellName(i+1, n+3)
			if err == nil {
				err = f.SetCellValue("Sheet1", cell, value)
			}
			if _, isDay := value.(time.Time); isDay && err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, day)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// in fails for every text that is not in another.
func in(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %s:\n%s", what, want, text)
		}
	}
}

func told(errs []problem) string {
	var b strings.Builder
	for _, e := range errs {
		fmt.Fprintf(&b, "%s %s: %s\n", e.Code, strings.Join(e.Path, "."), e.Message)
	}
	return b.String()
}
