package graph

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The media types of answers.
const (
	graphQLJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
)

// mediaType chooses how to answer: as GraphQL's own media type unless the
// caller takes JSON only.
func mediaType(r *http.Request) (string, *problem) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if accept == "" {
		return graphQLJSON, nil
	}
	chosen := ""
	for _, one := range strings.Split(accept, ",") {
		kind, params, err := mime.ParseMediaType(one)
		if err != nil || params["q"] == "0" {
			continue
		}
		switch kind {
		case graphQLJSON, "application/*", "*/*":
			return graphQLJSON, nil
		case plainJSON:
			chosen = plainJSON
		}
	}
	if chosen == "" {
		return graphQLJSON, refused(http.StatusNotAcceptable, codeNotAcceptable, "answers are "+graphQLJSON+" or "+plainJSON)
	}
	return chosen, nil
}

// refuse answers a call that is not executed. In plain JSON, GraphQL over HTTP
// has calls that are wrong only in terms of GraphQL answered with 200.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, as string, p *problem) {
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	status := p.status
	if p.request && as == plainJSON {
		status = http.StatusOK
	}
	e := p.graphQL()
	e.Extensions["requestId"] = requestID(r.Context())
	answer(w, as, status, &graphql.Response{Errors: gqlerror.List{e}})
}

// answer writes a response. The data is JSON already and not looked at again.
func answer(w http.ResponseWriter, as string, status int, response *graphql.Response) {
	var body bytes.Buffer
	body.Grow(len(response.Data) + 64)
	body.WriteByte('{')
	if len(response.Errors) > 0 {
		errs, err := json.Marshal(response.Errors)
		if err != nil {
			errs = []byte(`[{"message":"internal error","extensions":{"code":"` + codeInternal + `"}}]`)
		}
		body.WriteString(`"errors":`)
		body.Write(errs)
	}
	if response.Data != nil {
		if body.Len() > 1 {
			body.WriteByte(',')
		}
		body.WriteString(`"data":`)
		body.Write(response.Data)
	}
	body.WriteByte('}')
	w.Header().Set("Content-Type", as+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a caller who is gone misses it
}
