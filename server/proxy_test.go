package main

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestClientBelievesTrustedProxiesOnly(t *testing.T) {
	trusted, err := parseProxies([]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, peer, forwarded, want string
		trusted                     bool
	}{
		{"direct", "203.0.113.5:40000", "", "203.0.113.5", false},
		{"direct, with a claim", "203.0.113.5:40000", "198.51.100.1", "203.0.113.5", false},
		{"by a proxy", "10.1.2.3:40000", "203.0.113.5", "203.0.113.5", true},
		{"by a proxy, with a claim before it", "10.1.2.3:40000", "198.51.100.1, 203.0.113.5", "203.0.113.5", true},
		{"by two proxies", "10.1.2.3:40000", "203.0.113.5, 192.0.2.1", "203.0.113.5", true},
		{"by an IPv6 proxy", "[fd00::7]:40000", "2001:db8::5", "2001:db8::5", true},
		{"IPv6 with a port", "[::1]:40000", "[2001:db8::5]:1234", "2001:db8::5", true},
		{"IPv4 with a port", "10.1.2.3:40000", "203.0.113.5:1234", "203.0.113.5", true},
		{"IPv4 as IPv6", "[::ffff:10.1.2.3]:40000", "::ffff:203.0.113.5", "203.0.113.5", true},
		{"a proxy that says nothing", "10.1.2.3:40000", "", "10.1.2.3", true},
		{"a proxy that says nonsense", "10.1.2.3:40000", "203.0.113.5, unknown", "10.1.2.3", true},
		{"a zone is dropped", "10.1.2.3:40000", "fe80::1%eth0", "fe80::1", true},
		{"proxies all the way", "10.1.2.3:40000", "10.9.9.9", "10.9.9.9", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: test.peer, Header: http.Header{}}
			if test.forwarded != "" {
				for _, line := range strings.Split(test.forwarded, ", ") {
					r.Header.Add("X-Forwarded-For", line)
				}
			}
			got, byProxy := trusted.client(r)
			if got.String() != test.want || byProxy != test.trusted {
				t.Errorf("client = %s, %t; want %s, %t", got, byProxy, test.want, test.trusted)
			}
		})
	}
}

func TestTheNearestProxysHostCounts(t *testing.T) {
	for want, headers := range map[string][]string{
		"":                  nil,
		"daten.example.com": {"daten.example.com"},
		"near.example.com":  {"claimed.example.com, near.example.com"},
		"last.example.com":  {"claimed.example.com", " last.example.com "},
	} {
		r := &http.Request{Header: http.Header{"X-Forwarded-Host": headers}}
		if got := forwardedHost(r); got != want {
			t.Errorf("%q names the host %q, want %q", headers, got, want)
		}
	}
}

func TestProxiesAreReadOrRefused(t *testing.T) {
	for text, right := range map[string]bool{
		"10.0.0.0/8": true, " 10.0.0.1 ": true, "fd00::/8": true, "::1": true, "10.0.0.0/33": false, "proxy.example.com": false, "": false,
	} {
		if _, err := parseProxies([]string{text}); (err == nil) != right {
			t.Errorf("parseProxies(%q) = %v, want right: %t", text, err, right)
		}
	}
}

func FuzzClient(f *testing.F) {
	f.Add("10.0.0.1:80", "203.0.113.5, 10.0.0.2")
	f.Add("[::1]:80", "[2001:db8::1]:443,unknown,,")
	f.Add("@", "%,fe80::1%eth0")
	trusted, err := parseProxies([]string{"10.0.0.0/8", "::1", "fd00::/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		r := &http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		got, byProxy := trusted.client(r)
		if got.Is4In6() || got.Zone() != "" {
			t.Errorf("client(%q, %q) = %s, which has two spellings", peer, forwarded, got)
		}
		if from, err := parseAddress(peer); !byProxy && err == nil && got != from {
			t.Errorf("client(%q, %q) = %s, though no proxy of ours says so", peer, forwarded, got)
		}
	})
}

func TestLocalURLCanBeOpened(t *testing.T) {
	tests := map[string]string{
		"0.0.0.0:8080": "http://localhost:8080", "[::]:80": "http://localhost:80", "127.0.0.1:9000": "http://127.0.0.1:9000",
		"[::1]:9000": "http://[::1]:9000", "192.0.2.7:81": "http://192.0.2.7:81",
	}
	for address, want := range tests {
		tcp := netip.MustParseAddrPort(address)
		if got := localURL(net.TCPAddrFromAddrPort(tcp)); got != want {
			t.Errorf("localURL(%s) = %s, want %s", address, got, want)
		}
	}
}
