package graph

import (
	"bytes"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// writeTime is how long a client may take to read what is sent to it.
const writeTime = 30 * time.Second

// events are the server-sent events of one answer, as GraphQL over SSE has
// them in its distinct connections mode.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// openEvents begins an answer of events. It may go on for as long as its
// client listens, whatever time the server gives to single answers.
func openEvents(w http.ResponseWriter) *events {
	h := w.Header()
	h.Set("Content-Type", eventStream+"; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events back
	w.WriteHeader(http.StatusOK)
	e := &events{w: w, control: http.NewResponseController(w)}
	_ = e.control.SetReadDeadline(time.Time{}) // a writer without deadlines needs none lifted
	return e
}

// next sends a response.
func (e *events) next(response *graphql.Response) error {
	body := encode(response)
	// JSON has line ends between its signs only; in an event they would end the data.
	for i, b := range body {
		if b == '\n' || b == '\r' {
			body[i] = ' '
		}
	}
	return e.write([]byte("event: next\ndata: "), body, []byte("\n\n"))
}

// complete ends the answer. The empty data is what makes a browser's
// EventSource show the event.
func (e *events) complete() {
	_ = e.write([]byte("event: complete\ndata:\n\n")) // nothing follows for a client that is gone
}

// keepAlive sends what no client sees, and proxies take for life.
func (e *events) keepAlive() error { return e.write([]byte(":\n\n")) }

func (e *events) write(parts ...[]byte) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTime)) // as above
	if _, err := e.w.Write(bytes.Join(parts, nil)); err != nil {
		return err
	}
	return e.control.Flush()
}
