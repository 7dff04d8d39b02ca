package email

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Message is one mail: text and HTML that say the same, and perhaps one
// image that the HTML shows.
type Message struct {
	// ID is the Message-ID, without angle brackets.
	ID      string
	Date    time.Time
	From    Mailbox
	ReplyTo *Mailbox
	To      Mailbox
	Subject string
	Text    string
	HTML    string
	// Headers are further ones, ASCII, in the order in which they are written.
	Headers []Header
	// Image travels with the message, so that showing it asks no server and
	// tells nobody that the message was opened.
	Image *Image
	// Attachment goes along with the message; nil for none.
	Attachment *Attachment
}

// A Header is one further header of a Message.
type Header struct{ Name, Value string }

// An Image is a picture inside a message, encoded once for all messages that
// show it; their HTML names it as cid: and its ID.
type Image struct {
	ID   string
	part []byte
}

// NewImage encodes a PNG.
func NewImage(id string, png []byte) *Image {
	head := "Content-Type: image/png; name=\"logo.png\"\r\n" +
		"Content-Transfer-Encoding: base64\r\n" +
		"Content-ID: <" + id + ">\r\n" +
		"Content-Disposition: inline; filename=\"logo.png\"\r\n\r\n"
	return &Image{ID: id, part: appendBase64([]byte(head), png)}
}

// Boundaries cannot occur in quoted-printable nor base64, where = is never
// followed by _ (RFC 2045, 6.7).
const (
	alternative = "=_complero-alternative"
	related     = "=_complero-related"
)

// ErrHeader is wrapped by Append's errors, which are all about a value that
// cannot stand in a header. They do not repeat the value.
var ErrHeader = errors.New("the message cannot be written")

// Append writes the message as MIME (RFC 5322, 2045, 2046), every line ending
// in CRLF, 7-bit but for an address outside ASCII (RFC 6532). It fails for an
// address or header that would break out of its line.
func (m *Message) Append(out []byte) ([]byte, error) {
	out = append(out, "Date: "...)
	out = m.Date.AppendFormat(out, "Mon, 02 Jan 2006 15:04:05 -0700")
	out = append(out, "\r\n"...)
	var err error
	if out, err = appendMailbox(out, "From", &m.From); err != nil {
		return nil, err
	}
	if out, err = appendMailbox(out, "Reply-To", m.ReplyTo); err != nil {
		return nil, err
	}
	if out, err = appendMailbox(out, "To", &m.To); err != nil {
		return nil, err
	}
	out = appendText(out, "Subject", m.Subject)
	for _, h := range append([]Header{{"Message-ID", "<" + m.ID + ">"}}, m.Headers...) {
		if err := h.check(); err != nil {
			return nil, err
		}
		out = append(append(append(append(out, h.Name...), ": "...), h.Value...), "\r\n"...)
	}
	out = append(out, "MIME-Version: 1.0\r\n"...)
	return m.appendBody(out), nil
}

func (m *Message) appendBody(out []byte) []byte {
	if m.Attachment != nil {
		return m.appendMixed(out)
	}
	return m.appendText(out)
}

// appendText writes the two texts, the HTML with its image.
func (m *Message) appendText(out []byte) []byte {
	out = append(out, "Content-Type: multipart/alternative;\r\n boundary=\""+alternative+"\"\r\n\r\n--"+alternative+"\r\n"...)
	out = append(out, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"...)
	out = appendQuoted(out, m.Text)
	out = append(out, "\r\n--"+alternative+"\r\n"...)
	if m.Image != nil {
		out = append(out, "Content-Type: multipart/related; type=\"text/html\";\r\n boundary=\""+related+"\"\r\n\r\n--"+related+"\r\n"...)
	}
	out = append(out, "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"...)
	out = appendQuoted(out, m.HTML)
	if m.Image != nil {
		out = append(out, "\r\n--"+related+"\r\n"...)
		out = append(out, m.Image.part...)
		out = append(out, "\r\n--"+related+"--\r\n"...)
	}
	return append(out, "\r\n--"+alternative+"--\r\n"...)
}

func (h Header) check() error {
	for _, r := range h.Value {
		if r < ' ' || r > '~' {
			return fmt.Errorf("%w: header %s holds a line break or a character outside ASCII", ErrHeader, h.Name)
		}
	}
	if h.Name == "" || strings.ContainsFunc(h.Name, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
		return fmt.Errorf("%w: a header has no possible name", ErrHeader)
	}
	return nil
}

// appendBase64 writes lines of 76 characters (RFC 2045, 6.8).
func appendBase64(out, data []byte) []byte {
	const perLine = 57
	for len(data) > perLine {
		out = base64.StdEncoding.AppendEncode(out, data[:perLine])
		out = append(out, "\r\n"...)
		data = data[perLine:]
	}
	return base64.StdEncoding.AppendEncode(out, data)
}
