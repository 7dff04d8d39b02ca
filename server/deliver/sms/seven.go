package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const sevenHost = "gateway.seven.io"

// sevenLongest is the longest ttl that seven.io takes, in minutes: a week.
const sevenLongest = 10080

// seven speaks seven.io's POST /api/sms.
type seven struct{ key, from string }

func newSeven(user *url.Userinfo, values map[string]string) (*seven, error) {
	s := &seven{key: user.Username(), from: values["from"]}
	_, more := user.Password()
	switch {
	case s.key == "" || more:
		return nil, errors.New("seven.io's address takes the API key alone: seven://API_KEY@/?from=NAME")
	case s.from == "":
		return nil, errors.New("seven.io's address must say from=NAME or from=NUMBER behind the ?")
	}
	return s, checkSender(s.from)
}

func (s *seven) name() string { return "seven.io" }

func (s *seven) request(ctx context.Context, base string, m Message) (*http.Request, error) {
	form := url.Values{"to": {m.To}, "text": {m.Text}, "from": {s.from}}
	if m.ValidFor > 0 {
		form.Set("ttl", strconv.Itoa(min(max(int(m.ValidFor.Minutes()), 1), sevenLongest)))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/sms", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Api-Key", s.key)
	return r, nil
}

// What seven.io says of a message that it takes, and of one that it has taken
// within the last 180 seconds.
const (
	sevenTaken = 100
	sevenAgain = 402
)

// sevenFaults are the other documented codes.
var sevenFaults = map[int]Failure{
	101: {Fault: NumberFault, Final: true, Detail: "the number cannot be reached"},
	201: {Fault: RouteFault, Detail: "the sender is none; check from"},
	202: {Fault: NumberFault, Final: true, Detail: "the number is none"},
	301: {Fault: MessageFault, Final: true, Detail: "the number is missing"},
	305: {Fault: MessageFault, Final: true, Detail: "the text is none"},
	401: {Fault: MessageFault, Final: true, Detail: "the text is too long"},
	403: {Fault: NumberFault, Detail: "the number got as many messages today as it may"},
	500: {Fault: RouteFault, Detail: "the account has no credit left"},
	600: {Fault: RouteFault, Detail: "the carrier failed"},
	700: {Fault: RouteFault, Detail: "an error that it does not name"},
	802: {Fault: MessageFault, Final: true, Detail: "the label is none"},
	900: {Fault: RouteFault, Detail: "check the API key"},
	901: {Fault: RouteFault, Detail: "the account wants signed calls; switch that off for this key"},
	902: {Fault: RouteFault, Detail: "the API key may not send SMS"},
	903: {Fault: RouteFault, Detail: "the account does not allow this server's address"},
}

func (s *seven) answer(status int, body []byte) (string, *Failure) {
	code, id := sevenSays(body)
	switch code {
	case sevenTaken, sevenAgain:
		if failure := byStatus(s.name(), status); failure != nil {
			return "", failure
		}
		return id, nil
	}
	if known, ok := sevenFaults[code]; ok {
		known.Detail = fmt.Sprintf("seven.io: %s (code %d)", known.Detail, code)
		return "", &known
	}
	if failure := byStatus(s.name(), status); failure != nil {
		return "", failure
	}
	return "", &Failure{Fault: RouteFault, Detail: "seven.io's answer cannot be read; check the host of --sms"}
}

// sevenSays reads an answer: an object whose success is a code, as a text or a
// number, or for some errors the code alone. 0 is none that can be read.
func sevenSays(body []byte) (code int, id string) {
	var said struct {
		Success  json.RawMessage `json:"success"`
		Messages []struct {
			ID json.RawMessage `json:"id"`
		} `json:"messages"`
	}
	word := body
	if err := json.Unmarshal(body, &said); err == nil {
		word = said.Success
	}
	code, _ = strconv.Atoi(unquoted(word))
	if len(said.Messages) > 0 && !bytes.Equal(said.Messages[0].ID, []byte("null")) {
		id = unquoted(said.Messages[0].ID)
	}
	return code, id
}

func unquoted(raw []byte) string { return strings.Trim(strings.TrimSpace(string(raw)), `"`) }
