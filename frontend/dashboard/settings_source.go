package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"complero/frontend/dashboard/query"
)

// A sourcesPage lists the Sources, the highest rank first.
type sourcesPage struct {
	*settingsPage
	Sources []sourceRow
}

type sourceRow struct{ Key, Name, Rank, Identity, URL string }

var identities = []query.IdentityPolicy{query.IdentityPolicySuggest, query.IdentityPolicyAutomatic, query.IdentityPolicyOff}

func (a *App) showSources(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Sources(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &sourcesPage{settingsPage: d.settings("/sources", filled())}
	for _, s := range data.Sources {
		p.Sources = append(p.Sources, sourceRow{
			Key: s.Key, Name: s.Name, Rank: strconv.Itoa(s.Rank + 1), Identity: d.voice.Say("identity." + string(s.Identity)),
			URL: p.Action + "/source?key=" + url.QueryEscape(s.Key),
		})
	}
	return send(w, r, http.StatusOK, sourcesView(p))
}

// showSource shows the form of a Source: the one with the parameter's key, else a new one.
func (a *App) showSource(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Sources(r.Context(), d.api)
	if err != nil {
		return err
	}
	key := r.FormValue("key")
	if key == "" {
		return d.sourcePage(w, r, filled("rank", strconv.Itoa(len(data.Sources)+1), "identity", string(query.IdentityPolicySuggest)))
	}
	at := slices.IndexFunc(data.Sources, func(s query.SourceRow) bool { return s.Key == key })
	if at < 0 {
		return d.missing()
	}
	s := data.Sources[at]
	return d.sourcePage(w, r, filled("key", s.Key, "name", s.Name, "rank", strconv.Itoa(s.Rank+1), "identity", string(s.Identity)))
}

func (d *desk) sourcePage(w http.ResponseWriter, r *http.Request, f *form) error {
	p := d.settings("/sources", f)
	p.Action, p.Key = p.Action+"/source", "settings.source"
	identity := input{Name: "identity", Label: d.voice.Say("settings.source.identity"), Hint: d.voice.Say("settings.source.identity.hint"), Type: "select", Required: true}
	for _, policy := range identities {
		identity.Choices = append(identity.Choices, pick{string(policy), d.voice.Say("identity." + string(policy)), ""})
	}
	p.Inputs = []input{
		{Name: "key", Label: d.voice.Say("settings.source.key"), Hint: d.voice.Say("settings.source.key.hint"), Required: true, Max: 40},
		{Name: "name", Label: d.voice.Say("settings.source.name"), Required: true, Max: 100},
		{Name: "rank", Label: d.voice.Say("settings.source.rank"), Hint: d.voice.Say("settings.source.rank.hint"), Type: "number", Required: true},
		identity,
	}
	return send(w, r, f.status(), settingsView(p))
}

func (a *App) saveSource(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	identity := query.IdentityPolicy(f.Get("identity"))
	if !slices.Contains(identities, identity) {
		identity = query.IdentityPolicySuggest
	}
	rank, err := strconv.Atoi(f.Get("rank"))
	if err != nil {
		f.Problems = append(f.Problems, problem{"rank", d.voice.Say("problem.INVALID"), ""})
		return d.sourcePage(w, r, f)
	}
	rank--
	answer, err := query.SourceSave(r.Context(), d.api, query.SourceSaveInput{Key: f.Get("key"), Name: f.optional("name"), Rank: &rank, Identity: &identity})
	if err != nil {
		return err
	}
	if d.refuse(f, answer.SourceSave.UserErrors, nil); len(f.Problems) > 0 {
		return d.sourcePage(w, r, f)
	}
	return done(w, r, d.root+"/settings/sources", "settings.saved")
}
