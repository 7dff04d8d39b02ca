package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"complero/db/dbtest"
)

// built is the program, built once for all tests of this package.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "complero-program-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "complero")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return file, nil
})

// installation is the program with its data, as an operator has it.
type installation struct {
	t        testing.TB
	file     string
	settings []string
	temp     string // where the program puts its temporary files
	URL      string
	process  *exec.Cmd
	log      *bytes.Buffer
}

// install makes an installation on an engine, not yet running.
func install(t testing.TB, engine dbtest.Engine, settings ...string) *installation {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	settings = append([]string{"--data", t.TempDir()}, settings...)
	if engine == dbtest.Postgres {
		settings = append(settings, "--database", dbtest.PostgresURL(t))
	}
	address := freeAddress(t)
	i := &installation{
		t: t, file: file, temp: t.TempDir(), URL: "http://" + address, log: new(bytes.Buffer),
		settings: append(settings, "--listen", address, "--base-url", "http://"+address, "--log-level", "warn"),
	}
	t.Cleanup(i.kill)
	return i
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// account is what setup prints.
type account struct{ CustomerID, CompanyID, LiveKey, TestKey string }

func (i *installation) setup(company string) account {
	i.t.Helper()
	return i.setupFor("Nordlicht Gruppe", company)
}

// setupFor makes a Company of a Customer.
func (i *installation) setupFor(customer, company string) account {
	i.t.Helper()
	args := append([]string{
		"setup", "--customer", customer, "--company", company, "--country", "DE", "--locale", "de",
		"--sender", "kontakt@nordlicht.example.com", "--imprint", "Nordlicht AG, Hafenstraße 1, 24103 Kiel",
	}, i.storage()...)
	out, err := exec.Command(i.file, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			i.t.Fatalf("setup: %v\n%s", err, exit.Stderr)
		}
		i.t.Fatal(err)
	}
	var a account
	if err := json.Unmarshal(out, &a); err != nil {
		i.t.Fatalf("setup printed %q: %v", out, err)
	}
	return a
}

// storage are the settings that setup shares with serve.
func (i *installation) storage() []string {
	var shared []string
	for n := 0; n+1 < len(i.settings); n += 2 {
		if i.settings[n] == "--data" || i.settings[n] == "--database" {
			shared = append(shared, i.settings[n], i.settings[n+1])
		}
	}
	return shared
}

// start starts the program and waits until it is ready.
func (i *installation) start() {
	i.t.Helper()
	i.process = exec.Command(i.file, append([]string{"serve"}, i.settings...)...)
	i.process.Env = append(os.Environ(), "TMPDIR="+i.temp)
	i.process.Stdout, i.process.Stderr = i.log, i.log
	if err := i.process.Start(); err != nil {
		i.t.Fatal(err)
	}
	for range 1200 {
		r, err := http.Get(i.URL + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	i.kill()
	i.t.Fatalf("the program does not get ready:\n%s", i.log)
}

// kill ends the program as a power cut would.
func (i *installation) kill() {
	if i.process == nil {
		return
	}
	_ = i.process.Process.Kill()
	_ = i.process.Wait()
	i.process = nil
}

// stop asks the program to end and waits for it.
func (i *installation) stop() {
	i.t.Helper()
	if err := i.process.Process.Signal(syscall.SIGTERM); err != nil {
		i.t.Fatal(err)
	}
	if err := i.process.Wait(); err != nil {
		i.t.Fatalf("the program ended with %v:\n%s", err, i.log)
	}
	i.process = nil
}

// call posts a GraphQL document and decodes data into result. Errors fail the test.
func (i *installation) call(key, document string, variables map[string]any, result any) {
	i.t.Helper()
	if err := i.try(key, document, variables, result); err != nil {
		i.t.Fatal(err)
	}
}

// try is call for a program that may be gone.
func (i *installation) try(key, document string, variables map[string]any, result any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, i.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	return decodeAnswer(r, result)
}

// operation is what the tests read of one.
type operation struct {
	ID                                                       string
	Status                                                   string
	Processed, Created, Synced, Rejected, Deleted, Unchanged int
}

// finish waits until an Operation has ended.
func (i *installation) finish(key, id string) operation {
	i.t.Helper()
	for range 1200 {
		var got struct{ Operation operation }
		i.call(key, `query($id: ID!) { operation(id: $id) { id status processed created synced rejected deleted unchanged } }`,
			map[string]any{"id": id}, &got)
		switch got.Operation.Status {
		case "COMPLETED", "FAILED", "CANCELLED":
			return got.Operation
		}
		time.Sleep(50 * time.Millisecond)
	}
	i.t.Fatalf("Operation %s does not end:\n%s", id, i.log)
	return operation{}
}

// uploaded is the payload of both uploads.
type uploaded struct {
	Operation  *operation
	UserErrors []userError
}

type userError struct {
	Code, Message string
	Path          []string
}

const contactsUpload = `mutation($input: ContactsUploadInput!) { contactsUpload(input: $input) {
	operation { id status } userErrors { code message path } } }`

// upload sends Contacts and returns the Operation's id.
func (i *installation) upload(key string, contacts []map[string]any) (string, error) {
	var got struct{ ContactsUpload uploaded }
	if err := i.try(key, contactsUpload, map[string]any{"input": map[string]any{"contacts": contacts}}, &got); err != nil {
		return "", err
	}
	if len(got.ContactsUpload.UserErrors) > 0 {
		return "", fmt.Errorf("upload: %+v", got.ContactsUpload.UserErrors)
	}
	return got.ContactsUpload.Operation.ID, nil
}

// event is what the tests read of one.
type event struct {
	Number            int64
	Kind              string
	ContactExternalID *string `json:"contactExternalId"`
	Changes           []struct {
		Field         string
		Before, After any
	}
}

// events follows the cursor to the end.
func (i *installation) events(key string) []event {
	i.t.Helper()
	var all []event
	var after *string
	for {
		var got struct {
			Events struct {
				Nodes    []event
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		i.call(key, `query($after: String) { events(first: 1000, after: $after) { nodes { number kind contactExternalId changes { field before after } }
			pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after}, &got)
		all = append(all, got.Events.Nodes...)
		if !got.Events.PageInfo.HasNextPage {
			return all
		}
		after = got.Events.PageInfo.EndCursor
	}
}

// kinds counts events by kind.
func kinds(events []event) map[string]int {
	n := map[string]int{}
	for _, e := range events {
		n[e.Kind]++
	}
	return n
}

// onEach runs a test on both engines.
func onEach(t *testing.T, run func(t *testing.T, engine dbtest.Engine)) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) { run(t, engine) })
	}
}
