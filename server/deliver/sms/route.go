package sms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// answerTime is how long a provider may take to take a message.
const answerTime = 10 * time.Second

// maxAnswer bounds what is read of an answer; those of the providers are short.
const maxAnswer = 64 << 10

// A Message is one short message.
type Message struct {
	To   string // E.164
	Text string
	// ValidFor is for how long it is worth bringing; 0 is as long as the network
	// likes.
	ValidFor time.Duration
}

// A Route is the provider that takes the messages. It is safe for concurrent use.
type Route struct {
	// Timeout is how long the provider may take for one message; 0 means 10 s.
	Timeout time.Duration

	base     string // of the addresses it is called at
	provider provider
	client   *http.Client
}

// A provider is a service's own way of being told and of answering.
type provider interface {
	// name is what people call it.
	name() string
	// request says a message; base is where the service is.
	request(ctx context.Context, base string, m Message) (*http.Request, error)
	// answer reads what came back: the message's id at the provider, or why not.
	answer(status int, body []byte) (id string, failure *Failure)
}

// ParseURL reads twilio://ACCOUNT_SID:AUTH_TOKEN@HOST/?from=NUMBER (or
// messagingService=MG…) or seven://API_KEY@HOST/?from=NAME. HOST is the
// provider's usual one where it is left out; tls=none, to a gateway on one's own
// machine, leaves TLS out. Errors say what is wrong and never quote the key.
func ParseURL(text string) (*Route, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		// The error of url.Parse quotes its input, key and all.
		return nil, errors.New("the SMS provider's address cannot be read: write it as twilio://ACCOUNT_SID:AUTH_TOKEN@/?from=NUMBER or " +
			"seven://API_KEY@/?from=NAME, with special characters percent-encoded, such as %40 for @")
	}
	if strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("the SMS provider's address has more than settings behind the host: a /, ? or # in a key must be percent-encoded")
	}
	values, err := settings(u)
	if err != nil {
		return nil, err
	}
	r := &Route{client: &http.Client{
		// The key goes to nobody whom an answer names.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	host := u.Host
	switch u.Scheme {
	case "twilio":
		r.provider, err = newTwilio(u.User, values)
		if host == "" {
			host = twilioHost
		}
	case "seven":
		r.provider, err = newSeven(u.User, values)
		if host == "" {
			host = sevenHost
		}
	default:
		return nil, errors.New("the SMS provider's address must begin with twilio:// or seven://")
	}
	if err != nil {
		return nil, err
	}
	r.base = "https://" + host
	if values["tls"] == "none" {
		r.base = "http://" + host
	}
	return r, nil
}

// settings are what stands behind the ?, each once.
func settings(u *url.URL) (map[string]string, error) {
	known := map[string][]string{"twilio": {"from", "messagingService", "tls"}, "seven": {"from", "tls"}}[u.Scheme]
	broken := errors.New("the SMS provider's address has a broken or unknown part behind the ?: there may be " + strings.Join(known, ", ") + ", each once")
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, broken
	}
	all := map[string]string{}
	for _, name := range known {
		if len(values[name]) > 1 {
			return nil, broken
		}
		all[name] = values.Get(name)
		delete(values, name)
	}
	if len(values) > 0 && len(known) > 0 {
		return nil, broken
	}
	if tls := all["tls"]; tls != "" && tls != "none" {
		return nil, errors.New("tls in the SMS provider's address can only be none; leave it out for https")
	}
	// A + that is not written as %2B is a blank by the rules of such addresses.
	if from := all["from"]; strings.HasPrefix(from, " ") {
		all["from"] = "+" + from[1:]
	}
	return all, nil
}

// What a provider takes as a sender: a number, or up to 11 letters, digits and
// blanks with a letter among them, which many countries allow and some do not.
var (
	senderNumber = regexp.MustCompile(`^\+?[0-9]{3,16}$`)
	senderName   = regexp.MustCompile(`^[A-Za-z0-9 ]{0,10}[A-Za-z][A-Za-z0-9 ]{0,10}$`)
)

func checkSender(from string) error {
	if senderNumber.MatchString(from) || len(from) <= 11 && senderName.MatchString(from) {
		return nil
	}
	return errors.New("from in the SMS provider's address must be a number, such as +4915112345678, or a name of at most 11 letters, digits and blanks")
}

// String names the provider for logs, without keys.
func (r *Route) String() string { return r.provider.name() + " at " + r.base }

// Send hands a message over, and returns the provider's id of it, which may be
// empty. Its error is a Failure. Nothing tells whether the message arrives.
func (r *Route) Send(ctx context.Context, m Message) (id string, err error) {
	timeout := r.Timeout
	if timeout == 0 {
		timeout = answerTime
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := r.provider.request(ctx, r.base, m)
	if err != nil {
		return "", &Failure{Final: true, Fault: MessageFault, Detail: r.provider.name() + ": this message cannot be said"}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Complero")
	answer, err := r.client.Do(request)
	if err != nil {
		return "", r.unreached(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return "", r.unreached(err)
	}
	id, failure := r.provider.answer(answer.StatusCode, body)
	if failure != nil {
		return "", failure
	}
	return id, nil
}

// unreached is the failure of a provider that cannot be reached, or does not
// end its answer. What the client says of it names the whole address.
func (r *Route) unreached(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	detail := "cannot be reached"
	if errors.Is(err, context.DeadlineExceeded) {
		detail = "does not answer in time"
	}
	return &Failure{Fault: RouteFault, Detail: fmt.Sprintf("%s %s", r.provider.name(), detail), cause: err}
}

// byStatus is the failure that an answer's HTTP status alone stands for; nil
// for one that is none.
func byStatus(name string, status int) *Failure {
	f := &Failure{Fault: RouteFault, Detail: fmt.Sprintf("%s answers HTTP %d", name, status)}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		f.Detail += "; check the account and key of --sms"
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity:
		f.Fault, f.Final = MessageFault, true
	}
	return f
}
