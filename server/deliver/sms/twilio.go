package sms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const twilioHost = "api.twilio.com"

// twilioLongest is the longest ValidityPeriod that Twilio takes.
const twilioLongest = 4 * time.Hour

var (
	twilioAccount = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	twilioService = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)
)

// twilio speaks the Messages resource of Twilio's API 2010-04-01.
type twilio struct {
	account, token string
	from, service  string // one of them
}

func newTwilio(user *url.Userinfo, values map[string]string) (*twilio, error) {
	t := &twilio{account: user.Username(), from: values["from"], service: values["messagingService"]}
	t.token, _ = user.Password()
	switch {
	case !twilioAccount.MatchString(t.account):
		return nil, errors.New("Twilio's address must begin with the account SID, AC and 32 hex digits: twilio://ACCOUNT_SID:AUTH_TOKEN@/?from=NUMBER")
	case t.token == "":
		return nil, errors.New("Twilio's address lacks the auth token: twilio://ACCOUNT_SID:AUTH_TOKEN@/?from=NUMBER")
	case (t.from == "") == (t.service == ""):
		return nil, errors.New("Twilio's address must say either from=NUMBER or messagingService=MG… behind the ?")
	case t.service != "" && !twilioService.MatchString(t.service):
		return nil, errors.New("messagingService in Twilio's address must be MG and 32 hex digits")
	case t.from != "":
		return t, checkSender(t.from)
	}
	return t, nil
}

func (t *twilio) name() string { return "Twilio" }

func (t *twilio) request(ctx context.Context, base string, m Message) (*http.Request, error) {
	form := url.Values{"To": {m.To}, "Body": {m.Text}}
	if t.service != "" {
		form.Set("MessagingServiceSid", t.service)
	} else {
		form.Set("From", t.from)
	}
	if m.ValidFor > 0 {
		form.Set("ValidityPeriod", strconv.Itoa(int(min(m.ValidFor, twilioLongest).Seconds())))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/2010-04-01/Accounts/"+t.account+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(t.account, t.token)
	return r, nil
}

// twilioFaults are the documented error codes that say more than the HTTP
// status does. All others of a status 400 are the message's.
var twilioFaults = map[int]Failure{
	20003: {Fault: RouteFault, Detail: "check account SID and auth token"},
	20005: {Fault: RouteFault, Detail: "the account is not active"},
	20429: {Fault: RouteFault, Detail: "too many messages at once"},
	21211: {Fault: NumberFault, Final: true, Detail: "the number is none"},
	21212: {Fault: RouteFault, Detail: "the sender is none; check from"},
	21214: {Fault: NumberFault, Final: true, Detail: "the number cannot be reached"},
	21217: {Fault: NumberFault, Final: true, Detail: "the number is none"},
	21265: {Fault: NumberFault, Final: true, Detail: "the number is a short code"},
	21408: {Fault: RouteFault, Detail: "the account may not send to this country; allow it in the Geo Permissions"},
	21603: {Fault: RouteFault, Detail: "the sender is missing; check from"},
	21606: {Fault: RouteFault, Detail: "the sender cannot send SMS; check from"},
	21608: {Fault: RouteFault, Detail: "a trial account sends to verified numbers only"},
	21610: {Fault: NumberFault, Final: true, Detail: "whoever has the number answered STOP"},
	21611: {Fault: RouteFault, Detail: "the sender's queue is full"},
	21612: {Fault: NumberFault, Final: true, Detail: "the number cannot be reached from this sender"},
	21614: {Fault: NumberFault, Final: true, Detail: "the number is no mobile one"},
	21617: {Fault: MessageFault, Final: true, Detail: "the text is too long"},
	21660: {Fault: RouteFault, Detail: "the sender is not the account's; check from"},
	21703: {Fault: RouteFault, Detail: "the messaging service has no numbers"},
	21705: {Fault: RouteFault, Detail: "the messaging service is none; check messagingService"},
	63038: {Fault: RouteFault, Detail: "the account's limit of messages a day is reached"},
}

func (t *twilio) answer(status int, body []byte) (string, *Failure) {
	var said struct {
		SID       string `json:"sid"`
		Code      int    `json:"code"`       // of an error
		ErrorCode *int   `json:"error_code"` // of a message that was made
	}
	err := json.Unmarshal(body, &said)
	if said.ErrorCode != nil {
		said.Code = *said.ErrorCode
	}
	failure := byStatus(t.name(), status)
	if known, ok := twilioFaults[said.Code]; ok && (failure != nil || said.ErrorCode != nil) {
		known.Detail = fmt.Sprintf("Twilio: %s (code %d)", known.Detail, said.Code)
		return "", &known
	}
	switch {
	case failure != nil:
		if said.Code != 0 {
			failure.Detail += fmt.Sprintf(", code %d", said.Code)
		}
		return "", failure
	case (err != nil || said.SID == "") && status != http.StatusCreated: // which it was, whatever stands there
		return "", &Failure{Fault: RouteFault, Detail: "Twilio's answer cannot be read; check the host of --sms"}
	}
	return said.SID, nil
}
