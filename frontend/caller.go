package frontend

import (
	"net"
	"net/http"
	"strings"
)

// MaxForm is the largest form that is read, in bytes.
const MaxForm = 256 << 10

// longestAgent is how much of a User-Agent is kept, in bytes.
const longestAgent = 400

// Caller is where a request comes from: the address of the other side, and what
// its program calls itself, cut to 400 bytes of valid UTF-8.
func Caller(r *http.Request) (address, agent string) {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	agent = strings.ToValidUTF8(r.UserAgent(), "")
	if len(agent) > longestAgent {
		agent = strings.ToValidUTF8(agent[:longestAgent], "")
	}
	return address, agent
}
