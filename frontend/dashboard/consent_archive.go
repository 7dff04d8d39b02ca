package dashboard

import (
	"net/http"
	"strconv"

	"complero/frontend/dashboard/query"
)

// askArchive asks before a definition is not asked for any more, or again.
func (a *App) askArchive(w http.ResponseWriter, r *http.Request, d *desk) error {
	of, err := d.definitionNamed(r)
	if err != nil {
		return err
	}
	data, err := query.ConsentDefinitionVersions(r.Context(), d.api, of.Key)
	if err != nil {
		return err
	}
	what := "archive"
	if !of.Active {
		what = "restore"
	}
	granted := d.voice.Say("definition.granted.many")
	if n := data.Granted.TotalCount; n != nil {
		granted = d.voice.Count("definition.granted", *n)
	}
	name := d.titleOf(of.Key, of.Wordings)
	return send(w, r, http.StatusOK, confirmView(&confirmation{
		deskFrame:    d.frame("consents", d.voice.Say("definition."+what+".title", "Title", name)),
		Consequences: []string{d.voice.Say("definition." + what + ".lead"), granted},
		Do:           d.voice.Say("definition." + what + ".do"), Action: r.URL.Path, Hidden: filled("active", strconv.FormatBool(!of.Active)),
		Back: d.root + "/consents/definitions/" + of.Key + "/edit",
	}))
}

func (a *App) archive(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	of, err := d.definitionNamed(r)
	if err != nil {
		return err
	}
	active := f.Get("active") == "true"
	same := definitionForm(of)
	if saved, err := d.keepDefinition(r, same, of.Key, &active); err != nil {
		return err
	} else if !saved {
		return &notice{http.StatusConflict, d.voice.Say("notice.conflict.title"), same.Problems[0].Text}
	}
	key := "definition.archived"
	if active {
		key = "definition.restored"
	}
	return done(w, r, d.root+"/consents/definitions", key)
}
