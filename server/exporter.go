package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard"
	"complero/server/export"
	"complero/server/intake/table"
)

// mostExports is how many files a process writes at the same time; each may
// keep what it writes on disk until it is complete.
const mostExports = 8

// An exporter answers with files, to those who have an API key or are signed in.
type exporter struct {
	store *db.Store
	log   *slog.Logger
	busy  chan struct{} // holds an entry for each file that is being written
}

func newExporter(store *db.Store, log *slog.Logger) *exporter {
	return &exporter{store: store, log: log, busy: make(chan struct{}, mostExports)}
}

// addRoutes adds the files. Not one of them changes anything.
func (e *exporter) addRoutes(mux *http.ServeMux, desk *dashboard.App) {
	desk.Handle(mux, "GET /app/{company}/operations/{id}/{file}", e.serveRejected)
	desk.Handle(mux, "GET /app/{company}/export/{file}", e.serveExport)
	mux.HandleFunc("GET /export/{file}", e.answer(exportedFile))
	mux.HandleFunc("GET /operations/{id}/{file}", e.answer(rejectedFile))
}

// A file is what a request asks for, before anything of it was read.
type file struct {
	name  string
	kind  table.Kind
	write func(ctx context.Context, w io.Writer) error
	// note puts it down in the audit log, before its first byte; nil does not.
	note func() error
}

// fileKinds are those that can be asked for, by the end of the file's name.
var fileKinds = map[string]table.Kind{".csv": table.KindCSV, ".ndjson": table.KindNDJSON, ".xlsx": table.KindXLSX}

var mediaTypes = map[table.Kind]string{
	table.KindCSV:    "text/csv; charset=utf-8; header=present",
	table.KindNDJSON: "application/x-ndjson; charset=utf-8",
	table.KindXLSX:   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	kindPDF:          "application/pdf",
}

// answer makes a handler of what finds the file that is asked for.
func (e *exporter) answer(find func(t *db.Tenant, r *http.Request) (*file, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, err := tenantOf(e.store, r)
		if err == nil && t == nil {
			w.Header().Set("WWW-Authenticate", `Bearer realm="complero"`)
			err = &db.Error{Code: db.Unauthenticated, Message: "send an API key: Authorization: Bearer ck_live_…"}
		}
		if err != nil {
			e.refuse(w, r, err)
			return
		}
		e.serve(w, r, t, find)
	}
}

// serveExport sends an export to whoever is signed in.
func (e *exporter) serveExport(w http.ResponseWriter, r *http.Request, t *db.Tenant) {
	e.serve(w, r, t, exportedFile)
}

// serveRejected sends an import's rejected rows to whoever is signed in.
func (e *exporter) serveRejected(w http.ResponseWriter, r *http.Request, t *db.Tenant) {
	e.serve(w, r, t, rejectedFile)
}

// serve finds and sends a file, unless too many are being written.
func (e *exporter) serve(w http.ResponseWriter, r *http.Request, t *db.Tenant, find func(t *db.Tenant, r *http.Request) (*file, error)) {
	f, err := find(t, r)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		answerError(w, r, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "a file is only known when it has been written; use GET", nil)
		return
	}
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	default:
		w.Header().Set("Retry-After", "10")
		answerError(w, r, http.StatusTooManyRequests, "RATE_LIMITED", "too many files are being written at the moment; try again in some seconds", nil)
		return
	}
	x := exchangeOf(r.Context())
	taken := db.WithCause(r.Context(), db.Cause{Action: "export", Address: x.address, RequestID: x.id})
	f.note = func() error { return t.Taken(taken, r.PathValue("file")) }
	e.send(w, r, f)
}

// send writes the file. What fails before its first byte is an error that can
// be read; after that the connection is broken off, so that nobody takes half a
// file for a whole one.
func (e *exporter) send(w http.ResponseWriter, r *http.Request, f *file) {
	out := newSteady(w, f)
	err := f.write(r.Context(), out)
	switch {
	case err == nil:
		out.begin() // it may have no byte at all
	case !out.begun:
		e.refuse(w, r, err)
	default:
		if r.Context().Err() == nil {
			e.log.ErrorContext(r.Context(), "a file was broken off", "requestId", exchangeOf(r.Context()).id, "error", err)
		}
		panic(http.ErrAbortHandler)
	}
}

// refuse tells what a caller can mend, and of all else only that it failed.
func (e *exporter) refuse(w http.ResponseWriter, r *http.Request, err error) {
	known := db.ErrorsOf(err)
	if len(known) == 0 {
		if r.Context().Err() == nil {
			e.log.ErrorContext(r.Context(), "a file cannot be written", "requestId", exchangeOf(r.Context()).id, "error", err)
		}
		answerFault(w, r)
		return
	}
	status := http.StatusBadRequest
	switch known[0].Code {
	case db.Unauthenticated:
		status = http.StatusUnauthorized
	case db.Forbidden:
		status = http.StatusForbidden
	case db.NotFoundCode:
		status = http.StatusNotFound
	case db.TooManyItems:
		status = http.StatusUnprocessableEntity
	}
	answerError(w, r, status, string(known[0].Code), known[0].Message, known[0].Path)
}

// answerError answers with an error in the API's form.
func answerError(w http.ResponseWriter, r *http.Request, status int, code, message string, at []string) {
	type extensions struct {
		Code      string   `json:"code"`
		Path      []string `json:"path,omitempty"`
		RequestID string   `json:"requestId"`
	}
	type apiError struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	body := map[string][]apiError{"errors": {{message, extensions{code, at, exchangeOf(r.Context()).id}}}}
	_ = json.NewEncoder(w).Encode(body) // a caller that has gone needs no answer
}

// rejectedFile are the rejected rows of an import.
func rejectedFile(t *db.Tenant, r *http.Request) (*file, error) {
	op, err := t.Operation(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if op == nil {
		return nil, db.NotFound("id", "there is no Operation %.60q", r.PathValue("id"))
	}
	if op.Import == nil {
		return nil, db.NotFound("id", "%s is no import, so it has no rows; its items tell what was rejected", op.ID)
	}
	kind := export.RejectedKind(op.Import)
	name := "rejected" + extension(kind)
	if r.PathValue("file") != name {
		return nil, db.NotFound("file", "the rejected rows of %s are to be had as %s", op.ID, name)
	}
	own := strings.TrimSuffix(op.Import.File, path.Ext(op.Import.File))
	return &file{name: cmp.Or(own, op.ID) + "-" + name, kind: kind, write: func(ctx context.Context, w io.Writer) error {
		return export.Rejected(ctx, t, op, w)
	}}, nil
}

func extension(kind table.Kind) string {
	for ext, k := range fileKinds {
		if k == kind {
			return ext
		}
	}
	return ""
}

// exportedFile are a Company's Contacts, events, Consents or audit log.
func exportedFile(t *db.Tenant, r *http.Request) (*file, error) {
	ext := path.Ext(r.PathValue("file"))
	noun, kind := strings.TrimSuffix(r.PathValue("file"), ext), fileKinds[ext]
	if kind == "" || !slices.Contains(exportNouns, noun) {
		return nil, db.NotFound("file", "%.60q is no file to be had; ask for contacts, events, consents or audit with .csv, .ndjson or .xlsx", r.PathValue("file"))
	}
	write, err := exportOf(t, noun, kind, r.URL.Query())
	if err != nil {
		return nil, err
	}
	mode := ""
	if t.Mode == db.Test {
		mode = "-test"
	}
	return &file{name: fmt.Sprintf("%s%s-%s-%s%s", t.Company.Slug, mode, noun, time.Now().UTC().Format(time.DateOnly), ext), kind: kind, write: write}, nil
}

// A steady writes a file to a client for as long as it takes some of it, however
// long all of it takes, and names the file before its first byte.
type steady struct {
	w       http.ResponseWriter
	file    *file
	control *http.ResponseController
	begun   bool
}

const (
	// steadyTime is how long a client may take for a steadyPart, in bytes.
	steadyTime = time.Minute
	steadyPart = 256 << 10
)

// newSteady lifts the deadlines of a single answer: until the first byte is
// written it is not the client that is waited for.
func newSteady(w http.ResponseWriter, f *file) *steady {
	s := &steady{w: w, file: f, control: http.NewResponseController(w)}
	// What has no deadlines needs none lifted.
	_ = s.control.SetReadDeadline(time.Time{})
	_ = s.control.SetWriteDeadline(time.Time{})
	return s
}

// begin says what the file is.
func (s *steady) begin() {
	if s.begun {
		return
	}
	s.begun = true
	h := s.w.Header()
	h.Set("Content-Type", mediaTypes[s.file.kind])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": s.file.name}))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep the file on disk
}

func (s *steady) Write(data []byte) (int, error) {
	if !s.begun && s.file.note != nil {
		if err := s.file.note(); err != nil {
			return 0, err
		}
	}
	s.begin()
	written := 0
	for len(data) > 0 {
		_ = s.control.SetWriteDeadline(time.Now().Add(steadyTime)) // as above
		n, err := s.w.Write(data[:min(len(data), steadyPart)])
		written += n
		if err != nil {
			return written, errors.Join(errors.New("the client takes no more"), err)
		}
		data = data[n:]
	}
	return written, nil
}
