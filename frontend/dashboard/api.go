package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"complero/db"
)

// An API answers GraphQL calls for a Tenant in this process, by the schema,
// limits and rights of any other client: body is a request as JSON or, with
// files, as multipart/form-data, as contentType says; the answer is JSON.
type API func(ctx context.Context, t *db.Tenant, contentType string, body io.Reader) ([]byte, error)

// A client calls the API for the Tenant whose pages are shown.
type client struct {
	api    API
	tenant *db.Tenant
	// files go with the next call.
	files []upload
}

// NewClient calls the API for a Tenant.
func NewClient(api API, t *db.Tenant) graphql.Client { return client{api: api, tenant: t} }

// MakeRequest makes one call. Top-level errors come back as an apiError.
func (c client) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	body, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("write the call %s: %w", req.OpName, err)
	}
	contentType := "application/json"
	if len(c.files) > 0 {
		if contentType, body, err = withFiles(body, c.files); err != nil {
			return fmt.Errorf("write the files of the call %s: %w", req.OpName, err)
		}
	}
	answer, err := c.api(ctx, c.tenant, contentType, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("call %s: %w", req.OpName, err)
	}
	return readAnswer(req, answer, resp)
}

func readAnswer(req *graphql.Request, answer []byte, resp *graphql.Response) error {
	decoder := json.NewDecoder(bytes.NewReader(answer))
	if err := decoder.Decode(resp); err != nil {
		return fmt.Errorf("read the answer to %s: %w", req.OpName, err)
	}
	if len(resp.Errors) > 0 {
		return newAPIError(req.OpName, resp.Errors)
	}
	return nil
}

// An apiError is a call that the API refused as a whole.
type apiError struct {
	call, message string
	code          db.Code
}

func newAPIError(call string, errs gqlerror.List) *apiError {
	code, _ := errs[0].Extensions["code"].(string)
	return &apiError{call: call, message: errs[0].Message, code: db.Code(code)}
}

func (e *apiError) Error() string { return e.call + ": " + string(e.code) + ": " + e.message }

// mendable reports whether another address or form would have been answered.
// A page's own documents are right: what is wrong came with the request.
func (e *apiError) mendable() bool {
	return e.code == db.BadCursor || e.code == db.BadPageSize || e.code == "BAD_VARIABLE" || e.code == "BAD_REQUEST"
}

// Refused reports whether an error is a call's that the API answered with an
// error which another call would not have had, and not a fault.
func Refused(err error) bool {
	var refused *apiError
	return errors.As(err, &refused) && refused.code != "INTERNAL"
}
