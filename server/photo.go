package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/riverqueue/river"

	"complero/db"
	"complero/theme"
)

// fetchTimeout ends the fetching of one picture.
const fetchTimeout = 15 * time.Second

// photoClient fetches pictures from where a Company says they are. It reaches
// public addresses only: what it connects to is checked after the name was
// looked up, so no name, redirect or second answer leads it inside.
func photoClient(allowed func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !allowed(at.Addr().Unmap()) {
			return errors.New("this address is not a public one")
		}
		return nil
	}}
	return &http.Client{
		Timeout:   fetchTimeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, DisableKeepAlives: true},
		CheckRedirect: func(r *http.Request, before []*http.Request) error {
			if len(before) > 3 || r.URL.Scheme != "https" {
				return errors.New("the picture is redirected too often, or away from https")
			}
			return nil
		},
	}
}

// isPublic reports whether an address lies outside this machine and network.
func isPublic(a netip.Addr) bool {
	for _, inside := range insideNetworks {
		if inside.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// insideNetworks are ranges that lead inside though they look public: carrier-grade
// NAT (RFC 6598), IETF protocol assignments, benchmarking, and ways to wrap an
// IPv4 address (NAT64, 6to4, Teredo).
var insideNetworks = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// fetchPhoto fetches an Employee's picture and keeps it. What cannot be had is
// tried again for some hours, as River does; what is no picture is not.
func (w *workers) fetchPhoto(ctx context.Context, job *river.Job[db.FetchPhoto]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error {
		source, err := t.PhotoSource(ctx, job.Args.EmployeeID)
		if err != nil || source == "" {
			return err
		}
		data, err := download(ctx, w.photos, source)
		if err != nil {
			err = fmt.Errorf("photo of %s: %w", job.Args.EmployeeID, err)
			if job.Attempt >= photoTries {
				return river.JobCancel(err)
			}
			return err
		}
		photo, err := theme.DecodePhoto(data)
		if err != nil {
			return river.JobCancel(fmt.Errorf("photo of %s: %w", job.Args.EmployeeID, err))
		}
		return t.SavePhoto(ctx, job.Args.EmployeeID, source, photo)
	})
}

// photoTries is how often a picture is tried to be fetched.
const photoTries = 6

// download gets a file of the size of a photo at most. Its errors do not
// repeat the address, which may hold a secret.
func download(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("the address cannot be read")
	}
	answer, err := client.Do(r)
	if err != nil {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			return nil, errors.New("the host does not answer in time")
		}
		return nil, errors.New("the host cannot be reached, or is not a public one")
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the host answers %s", answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, theme.MaxPhotoBytes+1))
	if err != nil {
		return nil, errors.New("the host broke the transfer off")
	}
	return data, nil
}
