package main_test

import (
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"complero/db/dbtest"
)

// BenchmarkExport downloads 100,000 Contacts from a server in each format, and
// their events as NDJSON. The limit of all is one plain SELECT of the Contacts'
// documents, read to the end.
func BenchmarkExport(b *testing.B) {
	old := install(b, dbtest.SQLite, "--upload-rate", "0")
	a := old.setup("Nordlicht")
	old.start()
	uploadFiles(b, old, a.LiveKey)
	old.stop()
	multiply(b, old.data(), movedContacts)
	for _, engine := range []dbtest.Engine{dbtest.Postgres, dbtest.SQLite} {
		i := install(b, engine)
		if out, err := exec.Command(i.file, "move", "--from", old.end(), "--to", i.end()).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		if err := os.CopyFS(i.data(), keyOf(old)); err != nil && !errors.Is(err, fs.ErrExist) {
			b.Fatal(err)
		}
		for _, file := range []string{"contacts.csv", "contacts.ndjson", "contacts.xlsx", "events.ndjson"} {
			b.Run(string(engine)+"/"+file, func(b *testing.B) {
				i.t = b
				i.start()
				i.analyze(b)
				var did, limit figure
				for b.Loop() {
					began := time.Now()
					if n := download(b, i.URL+"/export/"+file, a.LiveKey); n < 1<<20 {
						b.Fatalf("%d bytes", n)
					}
					did.add(1000*movedContacts, time.Since(began))
					began = time.Now()
					limit.add(i.readDocuments(b), time.Since(began))
				}
				reportShare(b, "rows", did, limit)
				i.reportPeak(b)
				i.stop()
			})
		}
	}
}

// keyOf is the file with which an installation's links are made.
func keyOf(i *installation) fs.FS {
	key, err := os.ReadFile(filepath.Join(i.data(), "link.key"))
	if err != nil {
		i.t.Fatal(err)
	}
	return fstest.MapFS{"link.key": {Data: key, Mode: 0o600}}
}

// download reads a file to its end.
func download(b *testing.B, address, key string) int64 {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s after %d bytes: %v", answer.Status, n, err)
	}
	return n
}

// readDocuments reads all Contacts' documents and counts them.
func (i *installation) readDocuments(b *testing.B) int {
	b.Helper()
	driver, source := "pgx", i.databaseURL()
	if source == "" {
		driver, source = "sqlite", filepath.Join(i.data(), "complero.db")
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(b.Context(), "SELECT id, external_ids, profile FROM contact")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	n := 0
	var id string
	var keys, document []byte
	for rows.Next() {
		if err := rows.Scan(&id, &keys, &document); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return n
}
