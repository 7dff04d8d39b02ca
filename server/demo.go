package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"complero/db"
	"complero/server/demo"
)

// runDemo makes the demo unless it is there already, serves it, and prints
// what to open. It has a folder of its own and knows neither another database
// nor a mail server, so that nothing real is touched or written to.
func runDemo(ctx context.Context, s Settings, stdout, stderr io.Writer) error {
	if s.LogLevel == nil {
		quiet := "warn"
		s.LogLevel = &quiet
	}
	log := s.logger(stderr)
	if s.Database != "" || s.SMTP != "" || s.LinkKey != "" {
		fmt.Fprintln(stderr, "complero: the demo keeps to its own SQLite database and outbox; --database, --smtp and --link-key are not used")
	}
	s.Data = filepath.Join(s.Data, "demo")
	s.Database, s.SMTP, s.LinkKey = "", "", ""
	if _, err := s.config(); err != nil {
		return err
	}
	if err := checkFolder("--data", s.Data); err != nil {
		return err
	}
	accounts, err := demo.Make(ctx, s.Data, time.Now(), onlyWarnings(log))
	if err != nil {
		return err
	}
	m, err := New(ctx, s, true, log)
	if err != nil {
		return err
	}
	if err := m.printGuide(ctx, accounts, stdout); err != nil {
		return errors.Join(err, m.close())
	}
	return m.Run(ctx)
}

// printGuide tells what can be opened.
func (m *Main) printGuide(ctx context.Context, accounts []demo.Account, out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nComplero's demo is at %s\n\n", m.store.BaseURL())
	fmt.Fprintf(&b, "  The outbox: every message that was \"sent\"\n    %s/outbox\n\n", m.store.BaseURL())
	fmt.Fprintf(&b, "  How it works: guides, and all that the API can do\n    %s/docs\n\n", m.store.BaseURL())
	door, err := m.demoDoor(ctx, accounts)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "  The dashboard, by a link that works once\n    %s\n\n", door)
	for _, a := range accounts {
		t, err := m.store.Authenticate(ctx, a.LiveKey)
		if err != nil {
			return fmt.Errorf("open the demo's Company %s: %w", a.Company, err)
		}
		link, err := openLink(ctx, t)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "  %s\n", a.Company)
		if link != "" {
			fmt.Fprintf(&b, "    a Contact's link   %s\n", link)
		}
		fmt.Fprintf(&b, "    API key, live      %s\n    API key, test      %s\n\n", a.LiveKey, a.TestKey)
	}
	fmt.Fprintf(&b, "  The API, for example:\n    %s\n\n  Ctrl+C ends it. What you change stays; delete the demo's folder to begin anew.\n\n",
		curlLine(m.store.BaseURL(), accounts[0].LiveKey))
	_, err = io.WriteString(out, b.String())
	return err
}

// demoDoor is a new link into the dashboard for whoever administers the demo's Customer.
func (m *Main) demoDoor(ctx context.Context, accounts []demo.Account) (string, error) {
	t, err := m.store.Authenticate(ctx, accounts[0].LiveKey)
	if err != nil {
		return "", fmt.Errorf("open the demo's dashboard: %w", err)
	}
	return appoint(ctx, m.store, t.Company.ID, "demo@example.com", "Demo")
}

// curlLine is a call that works as it is printed.
func curlLine(baseURL, key string) string {
	const query = `{ report { contacts requests updated confirmed responseRate } ` +
		`events(last: 3) { nodes { number kind occurredAt contact { givenName familyName } changes { field before after } } } }`
	return fmt.Sprintf(`curl -s %s/graphql -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"query":"%s"}'`, baseURL, key, query)
}

// openLink is a link that a Contact has not answered by yet; "" if there is none.
func openLink(ctx context.Context, t *db.Tenant) (string, error) {
	for _, status := range []db.RequestStatus{db.RequestSent, db.RequestDelivered, db.RequestUpdated, db.RequestConfirmed} {
		first := 20
		requests, err := t.Requests(ctx, db.Page{First: &first}, db.RequestFilter{Status: &status})
		if err != nil {
			return "", err
		}
		for _, r := range requests.Nodes {
			if link := t.RequestLink(r); link != nil && r.Open(time.Now()) {
				return *link, nil
			}
		}
	}
	return "", nil
}
