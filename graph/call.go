package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"
)

// maxBody is how many bytes a call may have.
const maxBody = 8 << 20

// A call is what an HTTP request asks for.
type call struct {
	query     string
	operation string
	variables []byte // a JSON object; nil without any
	files     []file
	// readOnly calls came by GET.
	readOnly bool
	close    func()
}

// readCall reads what a request asks for.
func readCall(w http.ResponseWriter, r *http.Request) (*call, *problem) {
	switch r.Method {
	case http.MethodGet:
		return readGET(r)
	case http.MethodPost:
		kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		switch {
		case err == nil && kind == "application/json":
			return readPOST(w, r)
		case err == nil && kind == "multipart/form-data" && params["boundary"] != "":
			return readMultipart(w, r, params["boundary"])
		}
		return nil, refused(http.StatusUnsupportedMediaType, codeMediaType, "send the call as application/json, or as multipart/form-data with files")
	}
	p := refused(http.StatusMethodNotAllowed, codeNotAllowed, "send the call by POST, or a query by GET")
	p.header = map[string]string{"Allow": "GET, POST"}
	return nil, p
}

func readGET(r *http.Request) (*call, *problem) {
	values := r.URL.Query()
	c := &call{query: values.Get("query"), operation: values.Get("operationName"), readOnly: true, close: func() {}}
	if c.query == "" {
		return nil, refused(http.StatusBadRequest, codeBadRequest, "there is no query; give it as the parameter query")
	}
	if vars := values.Get("variables"); vars != "" {
		c.variables = []byte(vars)
	}
	if !utf8.ValidString(c.query) || !utf8.Valid(c.variables) {
		return nil, notUTF8()
	}
	return c, c.checkVariables()
}

func readPOST(w http.ResponseWriter, r *http.Request) (*call, *problem) {
	var body bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= maxBody {
		body.Grow(int(n) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		return nil, unread(err)
	}
	return parseCall(body.Bytes())
}

// unread tells why a body could not be read.
func unread(err error) *problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refused(http.StatusRequestEntityTooLarge, codeTooLarge, "the body has more than 8 MB; send fewer items in one call")
	}
	return refused(http.StatusBadRequest, codeBadRequest, "the body ended before it was complete")
}

func notUTF8() *problem {
	return refused(http.StatusBadRequest, codeBadRequest, "the call is not in UTF-8")
}

// parseCall reads a call from JSON.
func parseCall(body []byte) (*call, *problem) {
	if !utf8.Valid(body) {
		return nil, notUTF8()
	}
	fields, err := members(body)
	if err != nil {
		return nil, refused(http.StatusBadRequest, codeBadRequest, `the body is no JSON object; send {"query": "…", "variables": {…}}`)
	}
	c := &call{close: func() {}}
	for _, f := range []struct {
		name string
		into *string
	}{{"query", &c.query}, {"operationName", &c.operation}} {
		if raw := fields[f.name]; raw != nil && json.Unmarshal(raw, f.into) != nil {
			return nil, refused(http.StatusBadRequest, codeBadRequest, f.name+" must be a string")
		}
	}
	if c.query == "" {
		return nil, refused(http.StatusBadRequest, codeBadRequest, `there is no query; send {"query": "…", "variables": {…}}`)
	}
	if e := fields["extensions"]; e != nil && e[0] != '{' && e[0] != 'n' {
		return nil, refused(http.StatusBadRequest, codeBadRequest, "extensions must be an object")
	}
	c.variables = fields["variables"]
	return c, c.checkVariables()
}

// checkVariables refuses variables that are no JSON object; null stands for none.
func (c *call) checkVariables() *problem {
	if string(bytes.TrimSpace(c.variables)) == "null" {
		c.variables = nil
	}
	if c.variables == nil {
		return nil
	}
	w := walker{data: c.variables}
	if w.next() != '{' || w.value() != nil || w.end() != nil {
		return refused(http.StatusBadRequest, codeBadRequest, "variables must be a JSON object")
	}
	return nil
}

// drain reads at most limit bytes of a part.
func drain(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = &http.MaxBytesError{Limit: limit}
	}
	return b, err
}
