package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/graph"
	"complero/server/export"
	"complero/server/intake/table"
)

// exportNouns are what can be exported.
var exportNouns = []string{"contacts", "events", "consents", "audit"}

// exportOf makes what writes an export, narrowed by parameters that are named
// as in the API's filters. What is unknown is an error: nobody is to get all who
// meant to ask for some. Parameters stand in addresses, which are written down
// in many places, so there is none that holds a name or an e-mail address.
func exportOf(t *db.Tenant, noun string, kind table.Kind, asked url.Values) (func(context.Context, io.Writer) error, error) {
	p := parameters{asked: asked, known: map[string]bool{}}
	var write func(context.Context, io.Writer) error
	switch noun {
	case "contacts":
		which := db.ContactExport{
			Source: p.text("source"), EmployeeExternalID: p.text("employeeExternalId"),
			UpdatedSince: p.moment("updatedSince"), ConfirmedBefore: p.moment("confirmedBefore"),
			Stopped: p.truth("stopped"), Confirmed: p.truth("confirmed"),
		}
		write = func(ctx context.Context, w io.Writer) error { return export.Contacts(ctx, t, which, kind, w) }
	case "events":
		after := p.text("after")
		filter := db.EventFilter{Kinds: p.kinds("kinds"), Since: p.moment("since"), Until: p.moment("until"), Consumer: p.text("consumer")}
		write = func(ctx context.Context, w io.Writer) error { return export.Events(ctx, t, after, filter, kind, w) }
	case "audit":
		filter := db.AuditFilter{
			ViewerID: p.text("viewerId"), Viewer: p.text("viewer"), Action: p.text("action"), Target: p.text("target"),
			Since: p.moment("since"), Until: p.moment("until"),
		}
		write = func(ctx context.Context, w io.Writer) error { return export.Audit(ctx, t, filter, kind, w) }
	default:
		filter := db.ConsentFilter{
			Key: p.text("key"), Channel: (*db.ConsentChannel)(p.oneOf("channel", "ConsentChannel")),
			State: (*db.ConsentState)(p.oneOf("state", "ConsentState")), DecidedSince: p.moment("decidedSince"),
		}
		write = func(ctx context.Context, w io.Writer) error { return export.Consents(ctx, t, filter, kind, w) }
	}
	return write, p.fault()
}

// parameters are those of an address, read one by one.
type parameters struct {
	asked url.Values
	known map[string]bool
	err   error
}

// text is a parameter's value; nil where it is not given.
func (p *parameters) text(name string) *string {
	p.known[name] = true
	values := p.asked[name]
	switch {
	case len(values) == 0:
		return nil
	case len(values) > 1:
		p.refuse(name, "is given %d times; give it once", len(values))
	case values[0] == "" || strings.ContainsRune(values[0], 0):
		p.refuse(name, "has no value; leave it out, or give it one")
	}
	return &values[0]
}

func (p *parameters) moment(name string) *time.Time {
	s := p.text(name)
	if s == nil {
		return nil
	}
	at, err := time.Parse(time.RFC3339, *s)
	if err != nil {
		p.refuse(name, "%.40q is no moment; write it as 2026-01-31T00:00:00Z", *s)
	}
	return &at
}

func (p *parameters) truth(name string) *bool {
	s := p.text(name)
	if s == nil {
		return nil
	}
	if *s != "true" && *s != "false" {
		p.refuse(name, "%.40q is neither true nor false", *s)
	}
	yes := *s == "true"
	return &yes
}

// kinds reads a list with commas between.
func (p *parameters) kinds(name string) []db.EventKind {
	s := p.text(name)
	if s == nil {
		return nil
	}
	var kinds []db.EventKind
	for kind := range strings.SplitSeq(*s, ",") {
		kinds = append(kinds, db.EventKind(p.among(name, "EventKind", strings.TrimSpace(kind))))
	}
	return kinds
}

// oneOf reads one of the values of an enumeration of the API.
func (p *parameters) oneOf(name, enum string) *string {
	s := p.text(name)
	if s != nil {
		p.among(name, enum, *s)
	}
	return s
}

func (p *parameters) among(name, enum, value string) string {
	if values := graph.Enum(enum); !slices.Contains(values, value) {
		p.refuse(name, "%.40q is none of %s", value, strings.Join(values, ", "))
	}
	return value
}

func (p *parameters) refuse(name, format string, args ...any) {
	if p.err == nil {
		p.err = &db.Error{Code: db.Invalid, Path: []string{name}, Message: name + " " + fmt.Sprintf(format, args...)}
	}
}

// fault is what is wrong with the parameters, if anything is.
func (p *parameters) fault() error {
	for _, name := range slices.Sorted(maps.Keys(p.asked)) {
		if !p.known[name] {
			p.refuse(name, "is no parameter here; there are %s", strings.Join(slices.Sorted(maps.Keys(p.known)), ", "))
		}
	}
	return p.err
}
