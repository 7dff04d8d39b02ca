package graph

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"complero/db"
	"complero/graph/model"
)

// The codes of top-level errors, beside those of package db. They are stable.
const (
	codeInternal      = "INTERNAL"           // a fault of ours
	codeBadRequest    = "BAD_REQUEST"        // the HTTP request is no call: broken JSON, no query
	codeTooLarge      = "BODY_TOO_LARGE"     // more bytes than a call may have
	codeBadDocument   = "BAD_DOCUMENT"       // the GraphQL document cannot be parsed, or asks for what is not there
	codeBadVariable   = "BAD_VARIABLE"       // a value does not fit its type; extensions.path says which
	codeTooComplex    = "QUERY_TOO_COMPLEX"  // it would read too much
	codeTooDeep       = "QUERY_TOO_DEEP"     // it nests too deeply
	codeTooWide       = "QUERY_TOO_WIDE"     // it selects too many fields
	codeQueryTooLarge = "QUERY_TOO_LARGE"    // the document has too many words
	codeRateLimited   = "RATE_LIMITED"       // try again after the header Retry-After
	codeNotAllowed    = "METHOD_NOT_ALLOWED" // by that HTTP method
	codeMediaType     = "UNSUPPORTED_MEDIA_TYPE"
	codeNotAcceptable = "NOT_ACCEPTABLE"
)

// A problem is why a call is not executed at all.
type problem struct {
	status  int // of HTTP
	code    string
	message string
	path    []string // from the variable or argument inwards, where there is one
	at      []gqlerror.Location
	header  map[string]string
	// request problems are those of a call that is well-formed for HTTP, but
	// not for GraphQL.
	request bool
}

func (p *problem) Error() string { return p.message }

// refused makes a problem of the HTTP request.
func refused(status int, code, message string) *problem {
	return &problem{status: status, code: code, message: message}
}

// misasked makes a problem of the GraphQL request.
func misasked(code, message string) *problem {
	return &problem{status: http.StatusBadRequest, code: code, message: message, request: true}
}

// badVariable makes a problem of gqlgen's error about a variable, whose path
// begins with the word variable.
func badVariable(e *gqlerror.Error) *problem {
	p := misasked(codeBadVariable, e.Message)
	if len(e.Path) > 1 {
		p.path = argumentPath(e.Path, nil)
		p.message = strings.Join(p.path, ".") + ": " + e.Message
	}
	return p
}

func (p *problem) graphQL() *gqlerror.Error {
	e := &gqlerror.Error{Message: p.message, Locations: p.at, Extensions: map[string]any{"code": p.code}}
	if p.path != nil {
		e.Extensions["path"] = p.path
	}
	return e
}

// topLevel are the codes of errors that are about the call rather than its input.
var topLevel = []db.Code{db.Forbidden, db.Unauthenticated, db.BadPageSize, db.BadCursor}

// userErrors splits what a mutation returned: into errors that its caller can
// mend, for the payload, and all else, for the top level. Paths begin at the
// mutation's argument.
func userErrors(err error) ([]*db.Error, error) {
	errs := db.ErrorsOf(err)
	if len(errs) == 0 || slices.ContainsFunc(errs, func(e *db.Error) bool { return slices.Contains(topLevel, e.Code) }) {
		return []*db.Error{}, err
	}
	return inInput(errs), nil
}

// inInput puts the argument's name before the errors' paths.
func inInput(errs db.Errors) []*db.Error {
	shown := make([]*db.Error, len(errs))
	for i, e := range errs {
		shown[i] = &db.Error{Code: e.Code, Message: e.Message, Path: []string{}}
		if len(e.Path) > 0 {
			shown[i].Path = append([]string{"input"}, e.Path...)
		}
	}
	return shown
}

// present makes of an error what the caller may see. What is not meant for
// callers is logged and shown as INTERNAL.
func (h *Handler) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx), Extensions: map[string]any{}}
	var placed *gqlerror.Error
	if errors.As(err, &placed) && placed.Path != nil {
		shown.Path = placed.Path
	}
	var bad *model.BadValue
	switch known := db.ErrorsOf(err); {
	case len(known) > 0:
		shown.Message, shown.Extensions["code"] = known[0].Message, string(known[0].Code)
		if known[0].Path != nil {
			shown.Extensions["path"] = known[0].Path
		}
	case errors.As(err, &bad):
		shown.Message, shown.Extensions["code"] = bad.Message, codeBadVariable
		shown.Extensions["path"] = argumentPath(shown.Path, bad.Path)
	case placed != nil && placed.Extensions["code"] != nil:
		shown.Message, shown.Locations = placed.Message, placed.Locations
		for key, value := range placed.Extensions {
			shown.Extensions[key] = value
		}
	case ctx.Err() != nil:
		shown.Message, shown.Extensions["code"] = "the call was given up before it was done", codeInternal
	default:
		h.log.ErrorContext(ctx, "a GraphQL call failed", "requestId", requestID(ctx), "path", shown.Path.String(), "error", err)
		shown.Message, shown.Extensions["code"] = "internal error; quote the request id", codeInternal
	}
	shown.Extensions["requestId"] = requestID(ctx)
	return shown
}

// argumentPath is the way from a field's argument to a value: where gqlgen
// stood, without the field, and what the value itself tells.
func argumentPath(at ast.Path, rest []string) []string {
	path := []string{}
	for i, step := range at {
		switch step := step.(type) {
		case ast.PathName:
			if i > 0 {
				path = append(path, string(step))
			}
		case ast.PathIndex:
			path = append(path, strconv.Itoa(int(step)))
		}
	}
	return append(path, rest...)
}
