package email

import "strings"

// An Attachment is a file that goes along with a Message.
type Attachment struct {
	// Name is the file's, Type its media type; both are ASCII. Whatever else a
	// name holds is left out.
	Name, Type string
	Data       []byte
}

// mixed parts the texts from the file.
const mixed = "=_complero-mixed"

// appendMixed writes the texts and then the file (RFC 2046, 5.1.3; RFC 2183).
func (m *Message) appendMixed(out []byte) []byte {
	out = append(out, "Content-Type: multipart/mixed;\r\n boundary=\""+mixed+"\"\r\n\r\n--"+mixed+"\r\n"...)
	out = m.appendText(out)
	name := strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' && r != '"' && r != '\\' {
			return r
		}
		return -1
	}, m.Attachment.Name)
	out = append(out, "--"+mixed+"\r\nContent-Type: "+m.Attachment.Type+"; name=\""+name+"\"\r\n"...)
	out = append(out, "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\""+name+"\"\r\n\r\n"...)
	out = appendBase64(out, m.Attachment.Data)
	return append(out, "\r\n--"+mixed+"--\r\n"...)
}
