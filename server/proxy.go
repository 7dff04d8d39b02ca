package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks whose word on a client's address counts.
type proxies []netip.Prefix

// parseProxies reads addresses and networks.
func parseProxies(texts []string) (proxies, error) {
	var all proxies
	for _, text := range texts {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, errAddress := netip.ParseAddr(text)
			if errAddress != nil {
				return nil, fmt.Errorf("--trusted-proxies %q: write an address or a network, such as 10.0.0.7 or 10.0.0.0/8 or fd00::/8", text)
			}
			address = address.Unmap().WithZone("")
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}

func (p proxies) trust(a netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// client finds out who asks: the address that connected or, where that is a
// trusted proxy's, the last one in X-Forwarded-For that is none. What stands
// before it anybody may have written. trusted tells whether a proxy said so.
func (p proxies) client(r *http.Request) (address netip.Addr, trusted bool) {
	peer, err := parseAddress(r.RemoteAddr)
	if err != nil || !p.trust(peer) {
		return peer, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	address = peer
	for i := len(hops) - 1; i >= 0 && p.trust(address); i-- {
		hop, err := parseAddress(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop
	}
	return address, true
}

// parseAddress reads 192.0.2.1, 192.0.2.1:80, 2001:db8::1 and [2001:db8::1]:80.
// An IPv4 address written as an IPv6 one is the IPv4 one; zones are dropped.
func parseAddress(text string) (netip.Addr, error) {
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().Unmap().WithZone(""), nil
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err
}

// forwardedHost is the host that a client asked a trusted proxy for, where the
// proxy says so: the last one in X-Forwarded-Host, which is the nearest's.
func forwardedHost(r *http.Request) string {
	hosts := r.Header.Values("X-Forwarded-Host")
	if len(hosts) == 0 {
		return ""
	}
	last := hosts[len(hosts)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}
