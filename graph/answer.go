package graph

import (
	"bytes"
	"cmp"
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
	eventStream = "text/event-stream"
)

// accepted is how a caller takes answers.
type accepted struct {
	// as is the media type of single answers.
	as string
	// stream tells that subscriptions can be answered.
	stream bool
}

// mediaTypes chooses how to answer: as GraphQL's own media type unless the
// caller takes JSON or events only.
func mediaTypes(r *http.Request) (accepted, *problem) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if accept == "" {
		return accepted{as: graphQLJSON}, nil
	}
	var a accepted
	for _, one := range strings.Split(accept, ",") {
		kind, params, err := mime.ParseMediaType(one)
		if err != nil || params["q"] == "0" {
			continue
		}
		switch kind {
		case graphQLJSON, "application/*", "*/*":
			a.as = graphQLJSON
		case plainJSON:
			a.as = cmp.Or(a.as, plainJSON)
		case eventStream:
			a.stream = true
		}
	}
	switch {
	case a.as != "":
		return a, nil
	case a.stream:
		return accepted{as: eventStream, stream: true}, nil
	}
	return accepted{as: graphQLJSON}, refused(http.StatusNotAcceptable, codeNotAcceptable, "answers are "+graphQLJSON+" or "+plainJSON+", those to subscriptions "+eventStream)
}

// refuse answers a call that is not executed. In plain JSON, GraphQL over HTTP
// has calls that are wrong only in terms of GraphQL answered with 200; in
// events, GraphQL over SSE has them answered with an event, which a browser's
// EventSource shows, unlike a status.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, as string, p *problem) {
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	status := p.status
	switch {
	case p.request && as == plainJSON:
		status = http.StatusOK
	case !p.request && as == eventStream:
		as = graphQLJSON
	}
	e := p.graphQL()
	e.Extensions["requestId"] = requestID(r.Context())
	answer(w, as, status, &graphql.Response{Errors: gqlerror.List{e}})
}

// answer writes a response.
func answer(w http.ResponseWriter, as string, status int, response *graphql.Response) {
	if as == eventStream {
		events := openEvents(w)
		if events.next(response) == nil {
			events.complete()
		}
		return
	}
	body := encode(response)
	w.Header().Set("Content-Type", as+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a caller who is gone misses it
}

// encode makes JSON of a response. The data is JSON already and not looked at again.
func encode(response *graphql.Response) []byte {
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
	return body.Bytes()
}
