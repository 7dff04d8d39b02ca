package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxDomains is how many host names one Company may have.
const maxDomains = 10

// Domains are the Company's own host names, as DNS knows them; the first is
// the one that its links begin with.
func (c *Company) Domains() []string { return strings.Fields(c.Hosts) }

// AnswersOn reports whether a host name is one of the Company's own.
func (c *Company) AnswersOn(host string) bool {
	return c.Hosts != "" && slices.Contains(c.Domains(), hostname(host))
}

// hostname is the name in a Host header: without port and final dot, in small letters.
func hostname(host string) string {
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		host = host[:colon]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// An origin is where this installation's addresses begin.
type origin struct{ scheme, host, port string }

func originOf(baseURL string) origin {
	u, err := url.Parse(baseURL)
	if err != nil {
		return origin{scheme: "https"}
	}
	o := origin{scheme: u.Scheme, host: hostname(u.Host)}
	if port := u.Port(); port != "" {
		o.port = ":" + port
	}
	return o
}

// BaseOf begins a Company's links: on its own host, if it has one.
func (s *Store) BaseOf(c *Company) string {
	if c.Hosts == "" {
		return s.baseURL
	}
	host, _, _ := strings.Cut(c.Hosts, " ")
	return s.origin.scheme + "://" + host + s.origin.port
}

// ServesAll reports whether a host, as it stands in a Host header, is the
// installation's own, where everything is served: that of the base URL, or one
// that no Company can have, since it is no name of the Internet's: an address,
// or a name without dots by which a proxy or a supervisor finds this process.
func (s *Store) ServesAll(host string) bool {
	name := hostname(host)
	if name == s.origin.host || !strings.Contains(name, ".") {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

// CompanyOn returns the Company whose own host this is, with its published
// Brand; both are nil if it is nobody's.
func (s *Store) CompanyOn(ctx context.Context, host string) (*Company, *Brand, error) {
	var company, version int64
	err := s.rowHot(ctx, "SELECT o.id, o.version FROM company_domain AS d JOIN company AS o ON o.id = d.company_id WHERE d.host = $1",
		[]any{hostname(host)}, &company, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find the Company of a host: %w", err)
	}
	set, err := s.settings(ctx, company, version)
	if err != nil {
		return nil, nil, err
	}
	return set.company, set.brand, nil
}

// saveDomains makes hosts the Company's own ones, and no others. One that is
// another Company's is TAKEN.
func (x *tx) saveDomains(ctx context.Context, hosts []string) error {
	if _, err := x.exec(ctx, "DELETE FROM company_domain WHERE company_id = $1", x.company); err != nil {
		return fmt.Errorf("take away domains: %w", err)
	}
	// In one order, so that no two Companies wait for one another.
	for _, host := range slices.Sorted(slices.Values(hosts)) {
		done, err := x.exec(ctx, "INSERT INTO company_domain (host, company_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
			host, x.company, x.now)
		if err != nil {
			return fmt.Errorf("add a domain: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			taken := &Error{
				Code: Taken, Path: domainPath(slices.Index(hosts, host)),
				Message: host + " belongs to another Company of this installation; it has to give it up first",
			}
			return errors.Join(err, taken)
		}
	}
	return nil
}

func domainPath(n int) []string { return []string{"domains", strconv.Itoa(n)} }

// checkDomains reads host names as people write them.
func (s *Store) checkDomains(texts []string) (hosts []string, errs Errors) {
	if len(texts) > maxDomains {
		return nil, Errors{{Code: TooManyItems, Path: []string{"domains"}, Message: fmt.Sprintf("a Company has at most %d domains", maxDomains)}}
	}
	for n, text := range texts {
		host, why := parseDomain(text)
		switch {
		case why != "":
			errs = append(errs, &Error{Code: Invalid, Path: domainPath(n), Message: fmt.Sprintf("the domain %.100q %s", text, why)})
		case host == s.origin.host:
			errs = append(errs, &Error{Code: Taken, Path: domainPath(n), Message: host + " is the address of this installation itself; choose a name of your own"})
		case !slices.Contains(hosts, host):
			hosts = append(hosts, host)
		}
	}
	return hosts, errs
}

// domainNames maps and checks host names as browsers do (UTS 46), and keeps to
// what DNS and certificates can hold (RFC 1123, section 2.1).
var domainNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true), idna.BidiRule(), idna.VerifyDNSLength(true))

// parseDomain writes a host name as DNS knows it, or says why it is none.
func parseDomain(text string) (host, why string) {
	const write = "write a name such as daten.example.com"
	text = strings.TrimSuffix(strings.TrimSpace(text), ".")
	if text == "" {
		return "", "is empty; " + write
	}
	if strings.ContainsAny(text, "/:@?#*[]") {
		return "", "is more than a host name, or less; without scheme, port, path and asterisk, " + write
	}
	host, err := domainNames.ToASCII(text)
	if again, errAgain := domainNames.ToASCII(host); err != nil || errAgain != nil || again != host || strings.HasSuffix(host, ".") {
		return "", "cannot be a host name; " + write
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return "", "is an address; " + write
	}
	if !strings.Contains(host, ".") {
		return "", "has no dot; " + write
	}
	if suffix, known := publicsuffix.PublicSuffix(host); known && suffix == host {
		return "", "is where others register their names; " + write
	}
	return host, ""
}
