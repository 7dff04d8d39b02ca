package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
)

// A client that is gone before the answer, in the middle of its file or right
// behind it, leaves no file and no rows that belong to nothing; while it
// stalls, others are served.
func TestACallThatBreaksOffLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		i := install(t, engine, "--upload-rate", "0")
		a := i.setup("Nordlicht")
		i.start()
		request := importRequest(t, a.LiveKey, manyRows(t, 0, 60_000))
		for _, sent := range []int{2 << 20, len(request) - 20, len(request)} {
			conn, err := net.Dial("tcp", i.address())
			if err == nil {
				_, err = conn.Write(request[:sent])
			}
			if err != nil {
				t.Fatal(err)
			}
			id, err := i.importFile(a.LiveKey, "kunden.csv", strings.NewReader("externalId,familyName\nK-1,Frohn\n"), nil)
			if err != nil {
				t.Fatal(err)
			}
			i.finish(a.LiveKey, id)
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
			i.leavesNothing(t, sent)
		}
		i.stop()
	})
}

func (i *installation) leavesNothing(t *testing.T, sent int) {
	t.Helper()
	left := ""
	for range 1200 {
		left = strings.Join(i.uploads(t), " ")
		if n := query(i, "SELECT count(*) "+orphans); n != "0\n" {
			left += " packs of rows: " + n
		}
		if left == "" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("after %d bytes there is still %s", sent, left)
}

// uploads are the files that the program holds, as far as Linux tells.
func (i *installation) uploads(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(i.temp, "complero-upload-*"))
	if err != nil {
		t.Fatal(err)
	}
	held, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", i.process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range held {
		if name, err := os.Readlink(link); err == nil && strings.Contains(name, "complero-upload-") {
			found = append(found, name)
		}
	}
	return found
}

// importRequest is a call with a file as it goes over the wire.
func importRequest(t *testing.T, key string, file io.Reader) []byte {
	t.Helper()
	call, err := json.Marshal(map[string]any{"query": contactsImport, "variables": map[string]any{"input": map[string]any{"file": nil}}})
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err = errors.Join(form.WriteField("operations", string(call)), form.WriteField("map", `{"0": ["variables.input.file"]}`))
	part, partErr := form.CreateFormFile("0", "kunden.csv")
	if err = errors.Join(err, partErr); err == nil {
		_, err = io.Copy(part, file)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	return postRequest("/graphql", "Authorization: Bearer "+key+"\r\n", form.FormDataContentType(), body.Bytes())
}
