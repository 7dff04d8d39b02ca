package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// consentsPerPage is how many rows the list shows at a time.
const consentsPerPage = 50

// A consentsPage lists what Contacts decided.
type consentsPage struct {
	deskFrame
	Tabs     []link
	Total    string
	Filter   *form
	Purposes []pick
	Rows     []decisionRow
	// Filtered tells that not all are listed; Unmade that there is nothing to
	// agree to yet, and whoever looks may make it.
	Filtered, Unmade, MayDefine bool
	// Exports are the files of what is listed, by their ending; none for those who may not.
	Exports       []link
	Before, After string
}

// A decisionRow is a Consent in a list.
type decisionRow struct {
	URL, Who, Sub, Title, Channel, State, Tone, When, Withdrawn, Wording string
}

func (a *App) consentsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/consents":                            a.showConsents,
		"GET /app/{company}/consents/{id}":                       a.showConsent,
		"GET /app/{company}/consents/{id}/withdraw":              a.showWithdraw,
		"POST /app/{company}/consents/{id}/withdraw":             a.withdraw,
		"GET /app/{company}/consents/ask":                        a.showPermission,
		"GET /app/{company}/consents/definitions":                a.showDefinitions,
		"GET /app/{company}/consents/definitions/new":            a.showNewDefinition,
		"POST /app/{company}/consents/definitions/new":           a.makeDefinition,
		"GET /app/{company}/consents/definitions/{key}/edit":     a.showDefinition,
		"POST /app/{company}/consents/definitions/{key}/edit":    a.saveDefinition,
		"GET /app/{company}/consents/definitions/{key}/archive":  a.askArchive,
		"POST /app/{company}/consents/definitions/{key}/archive": a.archive,
	}
}

// consentTabs are the parts of the area.
func (d *desk) consentTabs(here string) []link {
	var tabs []link
	for _, t := range []struct{ key, path string }{{"list", ""}, {"ask", "/ask"}, {"definitions", "/definitions"}} {
		tabs = append(tabs, link{d.voice.Say("consents.tab." + t.key), d.root + "/consents" + t.path, t.key == here})
	}
	return tabs
}

func (a *App) showConsents(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := filled()
	for _, name := range []string{"search", "key", "channel", "state", "since"} {
		if value := strings.TrimSpace(r.FormValue(name)); value != "" {
			f.Set(name, value)
		}
	}
	filter, err := consentFilter(f, d.tenant.Company.Location())
	if err != nil {
		f.Problems = append(f.Problems, problem{Field: "since", Text: d.voice.Say("problem.INVALID_DATE")})
	}
	first, after, last, before := pageOf(r, consentsPerPage)
	data, err := query.Consents(r.Context(), d.api, first, after, last, before, filter)
	if err != nil {
		return err
	}
	p := &consentsPage{
		deskFrame: d.frame("consents", d.voice.Say("consents.title")), Tabs: d.consentTabs("list"), Filter: f,
		Purposes: d.purposes(data.ConsentDefinitions, "consents.all.purposes"), Filtered: len(f.Values) > 0,
		Unmade: len(data.ConsentDefinitions) == 0, MayDefine: d.mayDefine(),
	}
	if n := data.Consents.TotalCount; n != nil {
		p.Total = d.voice.Say("consents.total", "N", d.number(*n))
	}
	for i := range data.Consents.Nodes {
		p.Rows = append(p.Rows, d.decisionRow(&data.Consents.Nodes[i]))
	}
	if d.may(db.DataExport) && len(p.Rows) > 0 {
		p.Exports = d.consentExports(f, filter)
	}
	p.Before, p.After = beside(d.root+"/consents", f.Values, data.Consents.PageInfo)
	if r.Header.Get("HX-Request") != "" {
		return send(w, r, f.status(), consentsList(p))
	}
	return send(w, r, f.status(), consentsView(p))
}

// consentFilter is what was asked for; it holds without a day that is none.
func consentFilter(f *form, zone *time.Location) (*query.ConsentFilter, error) {
	filter := &query.ConsentFilter{Search: f.optional("search"), Key: f.optional("key")}
	if channel := query.ConsentChannel(f.Get("channel")); channel != "" {
		filter.Channel = &channel
	}
	if state := query.ConsentState(f.Get("state")); state != "" {
		filter.State = &state
	}
	if !f.Has("since") {
		return filter, nil
	}
	since, err := time.ParseInLocation(time.DateOnly, f.Get("since"), zone)
	if err != nil {
		return filter, err
	}
	filter.DecidedSince = &since
	return filter, nil
}

// consentExports lead to files of what a filter lists. A search is left out:
// it may be somebody's name, and addresses are written down in many places.
func (d *desk) consentExports(f *form, filter *query.ConsentFilter) []link {
	if f.Has("search") {
		return nil
	}
	values := url.Values{}
	for _, name := range []string{"key", "channel", "state"} {
		if f.Has(name) {
			values.Set(name, f.Get(name))
		}
	}
	if filter.DecidedSince != nil {
		values.Set("decidedSince", filter.DecidedSince.UTC().Format(time.RFC3339))
	}
	return fileLinks(d.root+"/export/consents", values.Encode(), "csv", "xlsx")
}

func (d *desk) decisionRow(c *query.ConsentRow) decisionRow {
	row := decisionRow{
		URL: d.root + "/consents/" + c.Id, Who: c.Contact.DisplayName, Sub: c.Contact.ExternalId,
		Title: d.titleOf(c.Definition.Key, c.Definition.Wordings), Channel: d.channelName(c.Channel),
		State: d.voice.Say("consent." + string(c.State)), Tone: tones[c.State], When: d.moment(c.DecidedAt),
		Wording: d.voice.Say("consents.version", "N", d.number(c.Version), "Locale", c.Locale),
	}
	if c.WithdrawnAt != nil {
		row.Withdrawn = d.voice.Say("consent.withdrawn", "When", d.moment(*c.WithdrawnAt))
	}
	return row
}

// tones are how a state's badge looks.
var tones = map[query.ConsentState]string{
	query.ConsentStateGranted: "good", query.ConsentStateWithdrawn: "bad", query.ConsentStateDeclined: "bad",
}

// channelName is what a Channel is called; a dash for none.
func (d *desk) channelName(c *query.ConsentChannel) string {
	if c == nil {
		return "–"
	}
	return d.voice.Say("channel." + string(*c))
}

// titleOf is what a definition is called in the User's language, else in its first.
func (d *desk) titleOf(key string, wordings []query.Wording) string {
	for _, w := range wordings {
		if w.Locale == d.voice.Tag || strings.HasPrefix(w.Locale, d.voice.Tag+"-") {
			return w.Title
		}
	}
	if len(wordings) > 0 {
		return wordings[0].Title
	}
	return key
}

// purposes are the definitions to choose one of, behind a word for none.
func (d *desk) purposes(definitions []query.DefinitionName, none string) []pick {
	picks := []pick{{"", d.voice.Say(none), ""}}
	for _, one := range definitions {
		picks = append(picks, pick{one.Key, d.titleOf(one.Key, one.Wordings), ""})
	}
	return picks
}

// channelPicks are the Channels of Consents, behind a word for none unless that is "".
func channelPicks(f frame, none string) []pick {
	var picks []pick
	if none != "" {
		picks = append(picks, pick{"", f.Say(none), ""})
	}
	for _, c := range query.AllConsentChannel {
		picks = append(picks, pick{string(c), f.Say("channel." + string(c)), ""})
	}
	return picks
}

func statePicks(f frame) []pick {
	picks := []pick{{"", f.Say("consents.all.states"), ""}}
	for _, s := range query.AllConsentState {
		picks = append(picks, pick{string(s), f.Say("consent." + string(s)), ""})
	}
	return picks
}
