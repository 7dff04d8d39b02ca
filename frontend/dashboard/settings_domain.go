package dashboard

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"complero/frontend/dashboard/query"
)

// A domainsPage lists the Company's own host names, and how DNS has them.
type domainsPage struct {
	*settingsPage
	Domains []domainRow
	// Host is the installation's own, where the names are to lead.
	Host string
}

// A domainRow is a host name; State is the end of a text's key.
type domainRow struct {
	Host, State, Remove string
	// Record is what DNS is to hold.
	Record string
	First  bool
}

func (a *App) showDomains(w http.ResponseWriter, r *http.Request, d *desk) error {
	return a.domainsPage(w, r, d, filled())
}

func (a *App) domainsPage(w http.ResponseWriter, r *http.Request, d *desk, f *form) error {
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	p := &domainsPage{settingsPage: d.settings("/domains", f)}
	if base, err := url.Parse(a.store.BaseURL()); err == nil {
		p.Host = base.Hostname()
	}
	p.Inputs = []input{{Name: "domain", Label: d.voice.Say("settings.domain"), Hint: d.voice.Say("settings.domain.hint"), Required: true, Max: 253}}
	states := domainStates(r.Context(), p.Host, c.Domains)
	for i, host := range c.Domains {
		p.Domains = append(p.Domains, domainRow{Host: host, Record: host + ". CNAME " + p.Host + ".", State: states[i], First: i == 0, Remove: p.Action + "/remove?domain=" + url.QueryEscape(host)})
	}
	return send(w, r, f.status(), domainsView(p))
}

// dnsTime is for how long DNS is waited for.
const dnsTime = 1500 * time.Millisecond

// domainStates asks DNS where host names lead: "here", as the installation's
// own does, "elsewhere" or "nowhere".
func domainStates(ctx context.Context, own string, hosts []string) []string {
	ctx, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	addresses := make([][]string, len(hosts)+1)
	var all sync.WaitGroup
	for i, host := range append([]string{own}, hosts...) {
		all.Go(func() {
			addresses[i], _ = net.DefaultResolver.LookupHost(ctx, host) // one that is not found leads nowhere
		})
	}
	all.Wait()
	states := make([]string, len(hosts))
	for i := range hosts {
		found := addresses[i+1]
		switch {
		case len(found) == 0:
			states[i] = "nowhere"
		case slices.ContainsFunc(found, func(a string) bool { return slices.Contains(addresses[0], a) }):
			states[i] = "here"
		default:
			states[i] = "elsewhere"
		}
	}
	return states
}

func (a *App) addDomain(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	answer, err := query.SaveDomains(r.Context(), d.api, append(c.Domains, strings.TrimSpace(f.Get("domain"))))
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CompanyUpdate.UserErrors, map[string]string{"domains": "domain"}); len(f.Problems) > 0 {
		return a.domainsPage(w, r, d, f)
	}
	return done(w, r, d.root+"/settings/domains", "settings.saved")
}

func (a *App) showRemoveDomain(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	host := r.FormValue("domain")
	if !slices.Contains(c.Domains, host) {
		return d.missing()
	}
	back := d.root + "/settings/domains"
	return d.confirm(w, r, &confirmation{
		deskFrame:    d.frame("settings", d.voice.Say("settings.domain.remove.title", "Host", host)),
		Consequences: []string{d.voice.Say("settings.domain.remove.lead", "Host", host), d.voice.Count("settings.domain.remove.left", len(c.Domains)-1)},
		Do:           d.voice.Say("settings.domain.remove"), Action: back + "/remove", Hidden: filled("domain", host), Back: back,
	})
}

func (a *App) removeDomain(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(append([]string{}, c.Domains...), func(host string) bool { return host == f.Get("domain") })
	answer, err := query.SaveDomains(r.Context(), d.api, left)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CompanyUpdate.UserErrors, map[string]string{"domains": "domain"}); len(f.Problems) > 0 {
		return a.domainsPage(w, r, d, f)
	}
	return done(w, r, d.root+"/settings/domains", "settings.saved")
}
