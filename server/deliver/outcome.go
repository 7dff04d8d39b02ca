package deliver

import (
	"complero/db"
	"complero/server/deliver/email"
)

// reasonRefused is why a Request FAILED whose message the mail server did not
// want, though the address may well exist.
const reasonRefused = "REFUSED"

// outcomeOf says what became of a claimed Delivery, by the error with which
// it was sent, nil for none.
func outcomeOf(o *db.Outgoing, err error) db.DeliveryOutcome {
	outcome := db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent, Plain: o.Plain}
	if err == nil {
		return outcome
	}
	outcome.Status = db.DeliveryQueued
	if email.PutOff(err) {
		return outcome // without a detail: it was not tried
	}
	failure := email.FailureOf(err)
	outcome.Detail = failure.Detail
	if failure.Final && failure.Fault != email.RouteFault {
		outcome.Status = db.DeliveryFailed
	}
	if failure.Fault == email.MessageFault && failure.Final {
		outcome.Reason = reasonRefused
	}
	return outcome
}

// cannotSay is the failure of a message that could not be made; trying again
// would make it no better.
func cannotSay(err error) error {
	if err == nil {
		return nil
	}
	return &email.Failure{Final: true, Fault: email.MessageFault, Detail: err.Error()}
}

// manyAlike is how many temporary failures in one batch, and nothing else,
// are the server's trouble and not the messages'.
const manyAlike = 5

// routeFault finds in a batch's results that the route fails: because one
// says so, or because all were put off by the server.
func routeFault(results []error) error {
	temporary := 0
	var last error
	for _, err := range results {
		if err == nil || email.PutOff(err) {
			continue
		}
		failure := email.FailureOf(err)
		if failure.Fault == email.RouteFault {
			return err
		}
		if !failure.Final {
			temporary++
			last = err
		}
	}
	if temporary >= manyAlike && temporary == len(results) {
		return last
	}
	return nil
}

func countSent(outcomes []db.DeliveryOutcome) int {
	n := 0
	for _, o := range outcomes {
		if o.Status == db.DeliverySent {
			n++
		}
	}
	return n
}
