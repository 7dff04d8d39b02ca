package graph

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/time/rate"

	"complero/db"
)

// maxRates is how many callers are remembered before idle ones are forgotten.
const maxRates = 10_000

// rates limits how often each caller uploads, in this process.
type rates struct {
	perSecond rate.Limit
	burst     int

	mu sync.Mutex
	of map[string]*rate.Limiter
}

func newRates(perSecond float64) *rates {
	return &rates{perSecond: rate.Limit(perSecond), burst: max(1, int(math.Ceil(perSecond))), of: map[string]*rate.Limiter{}}
}

// admit counts the uploads of an operation and refuses it where they are too many.
func (r *rates) admit(t *db.Tenant, operation *graphql.OperationContext) *problem {
	if r.perSecond <= 0 || operation.Operation.Operation != "mutation" {
		return nil
	}
	n := 0
	for _, f := range graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Mutation"}) {
		if f.Name == "contactsUpload" || f.Name == "employeesUpload" || f.Name == "contactsImport" || f.Name == "contactsImportAgain" {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	wait := r.reserve(callerOf(t), n, time.Now())
	if wait == 0 {
		return nil
	}
	p := refused(http.StatusTooManyRequests, codeRateLimited,
		fmt.Sprintf("at most %g uploads a second are possible; wait as the header Retry-After says, and send up to 1000 items in one", float64(r.perSecond)))
	p.header = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
	return p
}

// callerOf names a caller, for what is counted by caller.
func callerOf(t *db.Tenant) string {
	return t.Company.ID + strconv.Itoa(int(t.Mode)) + t.Viewer.KeyID + t.Viewer.UserID
}

// reserve takes n uploads of a caller, or returns how long to wait for them.
func (r *rates) reserve(caller string, n int, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	limiter := r.of[caller]
	if limiter == nil {
		if len(r.of) >= maxRates {
			r.forgetIdle(now)
		}
		limiter = rate.NewLimiter(r.perSecond, r.burst)
		r.of[caller] = limiter
	}
	reservation := limiter.ReserveN(now, n)
	if !reservation.OK() {
		return time.Duration(float64(n) / float64(r.perSecond) * float64(time.Second))
	}
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

func (r *rates) forgetIdle(now time.Time) {
	for caller, limiter := range r.of {
		if limiter.TokensAt(now) >= float64(r.burst) {
			delete(r.of, caller)
		}
	}
}
