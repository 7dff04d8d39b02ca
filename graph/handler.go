package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"complero/db"
	"complero/graph/exec"
)

// Config says how a Handler answers.
type Config struct {
	// UploadRate is how many uploads a second an API key may make on average,
	// and how many at once; 0 sets no limit.
	UploadRate float64
	// Importer reads files; without one contactsImport fails.
	Importer Importer
	// Composer makes messages to look at; without one textPreview and brandPreview fail.
	Composer Composer
	// Log gets faults; nil discards them.
	Log *slog.Logger
}

// A Handler answers GraphQL over HTTP, by the specification of that name:
// GET for queries, POST with JSON, and POST with multipart/form-data for
// files; subscriptions by GraphQL over SSE. It needs to be told by WithTenant for whom a call is, and by
// WithRequestID how the call is named.
type Handler struct {
	log       *slog.Logger
	exec      *executor.Executor
	documents *documents
	inputs    inputTypes
	uploads   *rates
	importer  Importer
	composer  Composer
	streams   *streams
}

// New makes a Handler.
func New(c Config) *Handler {
	schema := exec.NewExecutableSchema(exec.Config{Resolvers: resolver{}})
	h := &Handler{
		log:       c.Log,
		exec:      executor.New(schema),
		documents: newDocuments(schema.Schema()),
		inputs:    newInputTypes(schema.Schema()),
		uploads:   newRates(c.UploadRate),
		importer:  c.Importer,
		composer:  c.Composer,
		streams:   newStreams(),
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	h.exec.SetQueryCache(readDocument{})
	h.exec.SetErrorPresenter(h.present)
	h.exec.SetRecoverFunc(h.recovered)
	h.exec.Use(extension.Introspection{})
	h.exec.AroundRootFields(noteCause)
	return h
}

// ServeHTTP answers one call.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	takes, p := mediaTypes(r)
	if p == nil && tenant(r.Context()) == nil {
		p = refused(http.StatusUnauthorized, string(db.Unauthenticated), "no valid API key was sent; send one as: Authorization: Bearer ck_live_…")
		p.header = map[string]string{"WWW-Authenticate": "Bearer"}
	}
	if p == nil {
		p = disagreement(tenant(r.Context()), r.Header)
	}
	var c *call
	if p == nil {
		c, p = readCall(w, r)
	}
	if p != nil {
		h.refuse(w, r, takes.as, p)
		return
	}
	defer c.close()
	ctx, operation, p := h.ready(r.Context(), c)
	switch {
	case p != nil:
	case operation.Operation.Operation != ast.Subscription:
		run, ctx := h.exec.DispatchOperation(context.WithValue(ctx, rowsKey, newRows(tenant(ctx))), operation)
		answer(w, takes.as, http.StatusOK, run(ctx))
	case !takes.stream:
		p = refused(http.StatusNotAcceptable, codeNotAcceptable, "a subscription is answered as a stream of events; send it with the header Accept: "+eventStream)
	default:
		p = h.stream(ctx, w, operation)
	}
	if p != nil {
		h.refuse(w, r, takes.as, p)
	}
}

// disagreement refuses a call that names another Company or mode than the one
// that its key opens: whoever sent it would read or write the wrong data.
func disagreement(t *db.Tenant, h http.Header) *problem {
	mode := "live"
	if t.Mode == db.Test {
		mode = "test"
	}
	for name, opened := range map[string]string{"Complero-Company": t.Company.ID, "Complero-Mode": mode} {
		if named := h.Get(name); named != "" && named != opened {
			return refused(http.StatusForbidden, string(db.Forbidden), "the API key is not for what the header "+name+" names; leave the header out, or send the right key")
		}
	}
	return nil
}

// ready makes of a call what gqlgen runs, or tells why it is not run.
func (h *Handler) ready(ctx context.Context, c *call) (context.Context, *graphql.OperationContext, *problem) {
	doc, p := h.documents.read(ctx, c.query)
	if p != nil {
		return ctx, nil, p
	}
	op := doc.Operations.ForName(c.operation)
	if op == nil {
		return ctx, nil, misasked(codeBadDocument, "the document has no operation of the name given in operationName")
	}
	if op.Operation == ast.Mutation && c.readOnly {
		p := refused(http.StatusMethodNotAllowed, codeNotAllowed, "a mutation is sent by POST; GET only reads")
		p.header = map[string]string{"Allow": "POST"}
		return ctx, nil, p
	}
	ctx = context.WithValue(context.WithValue(ctx, handlerKey, h), documentKey, doc)
	ctx = graphql.StartOperationTrace(ctx) // gqlgen wants its time
	operation, p := h.prepare(ctx, c, op)
	if p == nil {
		p = checkCost(op, operation.Variables)
	}
	if p == nil {
		p = h.uploads.admit(tenant(ctx), operation)
	}
	return ctx, operation, p
}

// prepare checks the variables and makes the operation that gqlgen runs.
func (h *Handler) prepare(ctx context.Context, c *call, op *ast.OperationDefinition) (*graphql.OperationContext, *problem) {
	vars, p := h.inputs.variables(op, c)
	if p != nil {
		return nil, p
	}
	params := &graphql.RawParams{Query: c.query, OperationName: c.operation, Variables: vars.values}
	operation, errs := h.exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return nil, badVariable(errs[0])
	}
	vars.restore(operation.Variables)
	return operation, nil
}

// noteCause gives each field of a mutation what it is put down to, and those of
// queries where reading is noted.
func noteCause(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	writes := graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation
	if field := graphql.GetRootFieldContext(ctx); field != nil && (writes || tenant(ctx).Viewer.Masked) {
		ctx = db.WithCause(ctx, cause(ctx, field.Field.Name))
	}
	return next(ctx)
}

// recovered turns a panic into a fault that is logged.
func (h *Handler) recovered(ctx context.Context, cause any) error {
	h.log.ErrorContext(ctx, "a resolver panicked", "requestId", requestID(ctx), "cause", cause, "stack", string(debug.Stack()))
	return errors.New("a resolver panicked")
}

// readDocument hands gqlgen the document that this call's has been read to,
// in the place of a cache.
type readDocument struct{}

func (readDocument) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, found := ctx.Value(documentKey).(*ast.QueryDocument)
	return doc, found
}

func (readDocument) Add(context.Context, string, *ast.QueryDocument) {}
