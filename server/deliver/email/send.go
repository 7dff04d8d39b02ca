package email

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// An Envelope is a message on its way: who answers for it, whom it goes to,
// and its bytes as Message.Append writes them.
type Envelope struct {
	From, To string
	Data     []byte
}

// errPutOff is the outcome of a message that was not tried.
var errPutOff = errors.New("not tried")

// PutOff reports whether err tells of a message that was not tried at all and
// is as it was before.
func PutOff(err error) bool { return errors.Is(err, errPutOff) }

// Send hands over the envelopes in order and returns the outcome of each: nil,
// a Failure, or PutOff for those that it did not come to. It stops where the
// route fails, or when more, which it asks before each message, says no; what
// has been begun is always finished.
//
// A message counts as sent when the server has said so. If the connection is
// lost in between, the server may have it all the same: one message per lost
// connection can go out twice, with the same Message-ID.
func (c *Conn) Send(envelopes []Envelope, more func() bool) []error {
	outcomes := make([]error, len(envelopes))
	stopped, ahead := false, false // ahead: the server has this message's envelope already
	for i := range envelopes {
		if stopped || c.broken || !ahead && !more() {
			stopped, outcomes[i] = true, errPutOff
			continue
		}
		outcomes[i] = c.open(&envelopes[i], ahead)
		ahead = false
		if outcomes[i] == nil {
			var next *Envelope
			if c.pipelined && i+1 < len(envelopes) && c.takes(&envelopes[i+1]) == nil && more() {
				next, ahead = &envelopes[i+1], true
			}
			outcomes[i] = c.finish(&envelopes[i], next)
		}
		stopped = routeFailed(outcomes[i])
	}
	return outcomes
}

func routeFailed(err error) bool {
	f := FailureOf(err)
	return f != nil && f.Fault == RouteFault
}

// takes checks what cannot be written into a command.
func (c *Conn) takes(e *Envelope) error {
	for _, address := range []string{e.From, e.To} {
		if err := checkAddress(address); err != nil {
			return &Failure{Final: true, Fault: AddressFault, Detail: err.Error()}
		}
		if !c.utf8 && !ascii(local(address)) {
			return &Failure{Final: true, Fault: MessageFault, Detail: "the mail server takes only ASCII letters before the @ (no SMTPUTF8)"}
		}
	}
	return nil
}

// steps are the answers that open a transaction: to MAIL, RCPT and DATA. Who
// is refused as a sender is refused whatever the message.
var steps = [...]struct {
	code  int
	fault Fault
}{{250, RouteFault}, {25, AddressFault}, {354, MessageFault}}

// open opens a transaction up to where the message can be written, or, for
// one that was sent ahead, reads the answers.
func (c *Conn) open(e *Envelope, ahead bool) error {
	if !ahead {
		if err := c.takes(e); err != nil {
			return err
		}
	}
	err := c.tryOpen(e, ahead)
	if c.broken && c.sent > 0 && !c.stalled {
		// Many servers end a connection after so many messages. Nothing of
		// this one has gone out: it is for the next connection.
		return errPutOff
	}
	return err
}

func (c *Conn) tryOpen(e *Envelope, ahead bool) error {
	if ahead {
		return c.answers()
	}
	if c.unclean {
		if err := c.command("RSET\r\n", 250); err != nil {
			return c.lost(err)
		}
	}
	if c.pipelined {
		c.out = c.appendEnvelope(c.out[:0], e)
		if err := c.flush(); err != nil {
			return err
		}
		return c.answers()
	}
	c.unclean = true
	for i, line := range strings.SplitAfterN(string(c.appendEnvelope(nil, e)), "\r\n", len(steps)) {
		if err := c.command(line, steps[i].code); err != nil {
			return c.refused(err, steps[i].fault)
		}
	}
	return nil
}

// answers reads the three answers to a pipelined envelope. Each of them comes,
// whatever the first says (RFC 2920, 3.1).
func (c *Conn) answers() error {
	c.unclean = true
	var first error
	for i, step := range steps {
		_, _, err := c.client.Text.ReadResponse(step.code)
		if err != nil && first == nil {
			first = c.refused(err, step.fault)
		}
		if c.broken {
			return first
		}
		if i == len(steps)-1 && err == nil && first != nil {
			// The server wants a message for nobody: it gets an empty one.
			if err := c.command(".\r\n", 0); err != nil {
				return c.lost(err)
			}
		}
	}
	return first
}

// finish writes the message, with the envelope of the next one right behind
// it (RFC 2920, 3.1), and reads whether it was taken.
func (c *Conn) finish(e, next *Envelope) error {
	c.out = appendDotted(c.out[:0], e.Data)
	if next != nil {
		c.out = c.appendEnvelope(c.out, next)
	}
	if err := c.flush(); err != nil {
		return err
	}
	if _, _, err := c.client.Text.ReadResponse(250); err != nil {
		return c.refused(err, MessageFault)
	}
	c.unclean = false
	c.sent++
	return nil
}

func (c *Conn) appendEnvelope(out []byte, e *Envelope) []byte {
	out = append(out, "MAIL FROM:<"...)
	out = append(out, asciiDomain(e.From)...)
	out = append(out, '>')
	if c.utf8 && (!ascii(local(e.From)) || !ascii(local(e.To))) {
		out = append(out, " SMTPUTF8"...)
	}
	out = append(out, "\r\nRCPT TO:<"...)
	out = append(out, asciiDomain(e.To)...)
	return append(out, ">\r\nDATA\r\n"...)
}

// command writes one line and reads its answer; code 0 takes any.
func (c *Conn) command(line string, code int) error {
	c.out = append(c.out[:0], line...)
	if err := c.flush(); err != nil {
		return err
	}
	_, _, err := c.client.Text.ReadResponse(code)
	return err
}

func (c *Conn) flush() error {
	if err := c.client.UpdateDeadline(c.timeout); err != nil {
		return c.lost(err)
	}
	w := c.client.Text.W
	if _, err := w.Write(c.out); err != nil {
		return c.lost(err)
	}
	if err := w.Flush(); err != nil {
		return c.lost(err)
	}
	return nil
}

// refused is a step that the server answered with a refusal.
func (c *Conn) refused(err error, fault Fault) error {
	f := reply(err, fault)
	if f == nil {
		return c.lost(err)
	}
	if f.Fault == RouteFault && strings.HasPrefix(f.Detail, "421") {
		c.broken = true
	}
	return f
}

// lost is the end of the connection.
func (c *Conn) lost(err error) error {
	c.broken, c.stalled = true, errors.Is(err, os.ErrDeadlineExceeded)
	if f := reply(err, RouteFault); f != nil {
		return f
	}
	return &Failure{Fault: RouteFault, Detail: shorten("connection lost: " + err.Error())}
}

// appendDotted writes a message for DATA. A dot at the beginning of a line is
// doubled (RFC 5321, 4.5.2), after a bare LF too, so that no message can end
// itself and begin another.
func appendDotted(out, data []byte) []byte {
	if bytes.HasPrefix(data, []byte(".")) {
		out = append(out, '.')
	}
	for {
		i := bytes.Index(data, []byte("\n."))
		if i < 0 {
			break
		}
		out = append(append(out, data[:i+2]...), '.')
		data = data[i+2:]
	}
	out = append(out, data...)
	if !bytes.HasSuffix(out, []byte("\r\n")) {
		out = append(out, "\r\n"...)
	}
	return append(out, ".\r\n"...)
}

// checkAddress refuses what is no address, and above all what would be a
// command or a header of its own. It does not repeat the address.
func checkAddress(address string) error {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 || len(address) > 254 || !utf8.ValidString(address) {
		return errors.New("this is no e-mail address")
	}
	for _, r := range address {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`<>()[]\,;:"`, r) || r >= 0x80 && r <= 0x9f {
			return fmt.Errorf("the e-mail address holds the character %q, which is not possible", r)
		}
	}
	return nil
}

func local(address string) string { return address[:max(0, strings.LastIndexByte(address, '@'))] }

// asciiDomain writes the domain as mail servers know it (IDNA, RFC 5891).
func asciiDomain(address string) string {
	if ascii(address) {
		return address
	}
	at := strings.LastIndexByte(address, '@')
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + domain
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
