package graph

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"complero/db"
)

const (
	// maxStreams is how many streams a caller has at most in one process.
	maxStreams = 50
	// streamRetry is when a caller who has too many may try again, in seconds.
	streamRetry = "10"
	// beatEvery is how often a stream shows that it lives, and sees whether its
	// caller may still have it.
	beatEvery = 10 * time.Second
)

// streams are the subscriptions that this process answers.
type streams struct {
	beat  time.Duration
	ended chan struct{}
	end   func()

	mu sync.Mutex
	n  int
	of map[string]int // by caller
}

func newStreams() *streams {
	s := &streams{beat: beatEvery, ended: make(chan struct{}), of: map[string]int{}}
	s.end = sync.OnceFunc(func() { close(s.ended) })
	return s
}

// EndStreams ends all streams, now and from now on, so that the server can
// stop. Their clients see that they were broken off, and subscribe again.
func (h *Handler) EndStreams() { h.streams.end() }

// Streams is how many streams there are.
func (h *Handler) Streams() int {
	h.streams.mu.Lock()
	defer h.streams.mu.Unlock()
	return h.streams.n
}

// admit counts a stream of a caller and refuses it where there are too many.
func (s *streams) admit(caller string) (release func(), p *problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[caller] >= maxStreams {
		p := refused(http.StatusTooManyRequests, codeRateLimited, fmt.Sprintf("a key can have %d streams at a time; end one before another", maxStreams))
		p.header = map[string]string{"Retry-After": streamRetry}
		return nil, p
	}
	s.n++
	s.of[caller]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n--
		if s.of[caller]--; s.of[caller] == 0 {
			delete(s.of, caller)
		}
	}, nil
}

// A stream is the answer to one subscription. Only the goroutine of its HTTP
// request works on it.
type stream struct {
	tenant *db.Tenant
	events *events
	run    graphql.ResponseHandler

	// These are what the subscription's field follows; see follow.
	field   *graphql.FieldContext
	changed <-chan struct{}
	close   func()
	take    func(*db.Tenant) (more bool, err error)
}

// follow is how a resolver tells what its subscription follows: at each signal
// of changed, take puts one value into the resolver's channel, for gqlgen,
// which so never has to wait, and tells whether more may come.
func follow(ctx context.Context, changed <-chan struct{}, closed func(), take func(*db.Tenant) (more bool, err error)) {
	s, _ := ctx.Value(streamKey).(*stream)
	s.field, s.changed, s.close, s.take = graphql.GetFieldContext(ctx), changed, closed, take
}

// stream answers a subscription until there is no more, its client is gone or
// its caller may no longer have it.
func (h *Handler) stream(ctx context.Context, w http.ResponseWriter, operation *graphql.OperationContext) *problem {
	// Directives may have left the one field out, which validation cannot know.
	if len(graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Subscription"})) != 1 {
		return misasked(codeBadDocument, "a subscription selects one field")
	}
	release, p := h.streams.admit(callerOf(tenant(ctx)))
	if p != nil {
		return p
	}
	defer release()
	s := &stream{tenant: tenant(ctx), close: func() {}}
	run, ctx := h.exec.DispatchOperation(context.WithValue(ctx, streamKey, s), operation)
	defer func() { s.close() }()
	s.run, s.events = run, openEvents(w)
	if s.take == nil { // its field failed, and tells why
		if s.events.next(run(ctx)) == nil {
			s.events.complete()
		}
		return nil
	}
	h.answerAll(ctx, s)
	return nil
}

// context is that of one response: what is read for it is read anew, and for
// the Tenant as it now is.
func (s *stream) context(ctx context.Context) context.Context {
	ctx = context.WithValue(WithTenant(ctx, s.tenant), rowsKey, newRows(s.tenant))
	return graphql.WithFieldContext(ctx, s.field)
}

// answerAll waits for what a stream follows. No connection to the database is
// held meanwhile.
func (h *Handler) answerAll(ctx context.Context, s *stream) {
	beat := time.NewTicker(h.streams.beat)
	defer beat.Stop()
	for more := true; more; {
		select {
		case <-ctx.Done():
			return
		case <-h.streams.ended:
			return
		case <-s.changed:
			more = h.answerOne(ctx, s)
		case <-beat.C:
			more = h.renew(ctx, s)
		}
	}
}

// answerOne sends one response and reports whether the stream goes on.
func (h *Handler) answerOne(ctx context.Context, s *stream) bool {
	more, err := s.take(s.tenant)
	if err != nil {
		h.breakOff(ctx, s, err)
		return false
	}
	response := s.run(s.context(ctx))
	if response == nil {
		return false // the client is gone
	}
	// gqlgen leaves null in the place of a field that is never null.
	if len(response.Errors) > 0 && string(response.Data) == `{"`+s.field.Field.Alias+`":null}` {
		response.Data = []byte("null")
	}
	if s.events.next(response) != nil {
		return false
	}
	if !more {
		s.events.complete()
	}
	return more
}

// renew sees whether the caller may still have the stream, and goes on with
// what the caller may now do. A database that does not answer says nothing.
func (h *Handler) renew(ctx context.Context, s *stream) bool {
	renewed, err := s.tenant.Renew(ctx)
	switch {
	case err == nil:
		s.tenant = renewed
	case db.CodeOf(err) != "":
		h.breakOff(ctx, s, err)
		return false
	case ctx.Err() == nil:
		h.log.WarnContext(ctx, "a stream's API key cannot be looked up", "requestId", requestID(ctx), "error", err)
	}
	return s.events.keepAlive() == nil
}

// breakOff ends a stream with an error.
func (h *Handler) breakOff(ctx context.Context, s *stream, err error) {
	if s.events.next(&graphql.Response{Errors: gqlerror.List{h.present(ctx, err)}}) == nil {
		s.events.complete()
	}
}
