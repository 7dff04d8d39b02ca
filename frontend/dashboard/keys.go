package dashboard

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

func (a *App) keysRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/keys":              a.showKeys,
		"GET /app/{company}/keys/new":          a.showNewKey,
		"POST /app/{company}/keys/new":         a.makeKey,
		"GET /app/{company}/keys/{id}/rotate":  a.showRotateKey,
		"POST /app/{company}/keys/{id}/rotate": a.rotateKey,
		"GET /app/{company}/keys/{id}/revoke":  a.showRevokeKey,
		"POST /app/{company}/keys/{id}/revoke": a.revokeKey,
	}
}

// A keysPage lists API keys: those that open something, and those that did.
type keysPage struct {
	deskFrame
	Open, Ended []keyRow
	Changes     bool
}

// A keyRow is an API key in the list.
type keyRow struct {
	URL, Name, Source, Rights, Used string
	Test                            bool
	// Until says when it ends or has ended; Former until when its former secret is good.
	Until, Former string
}

func (a *App) showKeys(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Keys(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &keysPage{deskFrame: d.frame("keys", d.voice.Say("keys.title")), Changes: d.mayManage(db.CompanyWrite)}
	for i := range data.ApiKeys {
		k := &data.ApiKeys[i]
		if k.RevokedAt == nil && (k.ExpiresAt == nil || d.now().Before(*k.ExpiresAt)) {
			p.Open = append(p.Open, d.keyRow(k))
		} else {
			p.Ended = append(p.Ended, d.keyRow(k))
		}
	}
	return send(w, r, http.StatusOK, keysView(p))
}

func (d *desk) keyRow(k *query.KeyRow) keyRow {
	row := keyRow{URL: d.root + "/keys/" + k.Id, Name: k.Name, Test: k.Test, Used: d.keyUsed(k)}
	if k.Source != "crm" {
		row.Source = k.Source
	}
	if row.Rights = d.voice.Count("keys.scopes", len(k.Scopes)); len(k.Scopes) == len(db.AllScopes()) {
		row.Rights = d.voice.Say("keys.all")
	}
	switch {
	case k.RevokedAt != nil:
		row.Until = d.voice.Say("keys.revoked", "Date", d.day(k.RevokedAt))
	case k.ExpiresAt != nil && d.now().Before(*k.ExpiresAt):
		row.Until = d.voice.Say("keys.until", "Date", d.day(k.ExpiresAt))
	case k.ExpiresAt != nil:
		row.Until = d.voice.Say("keys.expired", "Date", d.day(k.ExpiresAt))
	}
	if k.FormerUntil != nil && d.now().Before(*k.FormerUntil) {
		row.Former = d.voice.Say("keys.former", "Date", d.moment(*k.FormerUntil))
	}
	return row
}

func (d *desk) keyUsed(k *query.KeyRow) string {
	if k.LastUsedAt == nil {
		return d.voice.Say("keys.unused")
	}
	return d.moment(*k.LastUsedAt)
}

// A newKeyPage asks what a key is to be good for.
type newKeyPage struct {
	deskFrame
	Form   *form
	Inputs []input
}

// usualScopes are those of a key that passes data on between a CRM and here.
var usualScopes = []db.Right{
	db.CompanyRead, db.ContactsRead, db.ContactsWrite, db.EmployeesRead, db.EmployeesWrite, db.RequestsRead, db.RequestsWrite,
	db.EventsRead, db.EventsWrite, db.ConsentsRead, db.ReportRead,
}

func (a *App) showNewKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := filled("mode", "live")
	for _, scope := range usualScopes {
		if d.may(scope) {
			f.Add("scopes", string(scope))
		}
	}
	return d.newKeyPage(w, r, f)
}

func (d *desk) newKeyPage(w http.ResponseWriter, r *http.Request, f *form) error {
	if !d.mayManage(db.CompanyWrite) {
		return d.missing()
	}
	data, err := query.Keys(r.Context(), d.api)
	if err != nil {
		return err
	}
	source := input{Name: "source", Label: d.voice.Say("keys.source"), Hint: d.voice.Say("keys.source.hint"), Type: "select", Required: true}
	for _, s := range data.Sources {
		name := s.Name
		if s.Key == "crm" {
			name = d.voice.Say("keys.whole")
		}
		source.Choices = append(source.Choices, pick{s.Key, name, ""})
	}
	scopes := input{Name: "scopes", Label: d.voice.Say("keys.rights"), Hint: d.voice.Say("keys.rights.hint"), Type: "checkbox", Required: true}
	for _, scope := range data.Viewer.Scopes {
		scopes.Choices = append(scopes.Choices, pick{scope, d.rightName(scope), scope})
	}
	p := &newKeyPage{deskFrame: d.frame("keys", d.voice.Say("keys.new.title")), Form: f, Inputs: []input{
		{Name: "name", Label: d.voice.Say("keys.name"), Hint: d.voice.Say("keys.name.hint"), Required: true, Max: 100},
		{Name: "mode", Label: d.voice.Say("keys.mode"), Type: "radio", Choices: []pick{
			{"live", d.voice.Say("keys.live"), d.voice.Say("keys.live.hint")}, {"test", d.voice.Say("keys.test"), d.voice.Say("keys.test.hint")},
		}},
		source,
		{Name: "expires", Label: d.voice.Say("keys.expires"), Hint: d.voice.Say("keys.expires.hint"), Type: "date"},
		scopes,
	}}
	return send(w, r, f.status(), newKeyView(p))
}

// makeKey makes a key and shows its secret this once.
func (a *App) makeKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	test := f.Get("mode") == "test"
	in := query.ApiKeyCreateInput{Name: f.Get("name"), Source: f.optional("source"), Test: &test, Scopes: append([]string{}, f.Values["scopes"]...)}
	if day := f.optional("expires"); day != nil {
		if in.ExpiresAt = d.endOf(*day); in.ExpiresAt == nil {
			f.Problems = append(f.Problems, problem{"expires", d.voice.Say("problem.INVALID_DATE"), ""})
			return d.newKeyPage(w, r, f)
		}
	}
	answer, err := query.KeyCreate(r.Context(), d.api, in)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.ApiKeyCreate.UserErrors, map[string]string{"expiresAt": "expires"}); len(f.Problems) > 0 {
		return d.newKeyPage(w, r, f)
	}
	made := answer.ApiKeyCreate
	if made.ApiKey == nil || made.Secret == nil {
		return d.missing()
	}
	return d.secretPage(w, r, made.ApiKey.Name, *made.Secret, "")
}

// startOf is when a day begins in the Company's zone; nil for what is no day.
func (d *desk) startOf(day string) *time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, d.tenant.Company.Location())
	if err != nil || at.Year() < 1 || at.Year() > 9998 {
		return nil
	}
	at = at.UTC()
	return &at
}

// endOf is when a day is over in the Company's zone; nil for what is no day.
func (d *desk) endOf(day string) *time.Time {
	at := d.startOf(day)
	if at == nil {
		return nil
	}
	next := at.In(d.tenant.Company.Location()).AddDate(0, 0, 1).UTC()
	return &next
}

// A keySecretPage shows a key's secret, this once.
type keySecretPage struct {
	deskFrame
	Secret, Former, Curl string
}

func (d *desk) secretPage(w http.ResponseWriter, r *http.Request, name, secret, former string) error {
	return send(w, r, http.StatusOK, keySecretView(&keySecretPage{
		deskFrame: d.frame("keys", d.voice.Say("keys.made.title", "Name", name)), Secret: secret, Former: former,
		Curl: "Authorization: Bearer " + secret[:min(len(secret), strings.LastIndexByte(secret, '_')+1)] + "…",
	}))
}

// keyNamed is the key that a page's address names.
func (d *desk) keyNamed(r *http.Request) (*query.KeyRow, error) {
	if !d.mayManage(db.CompanyWrite) {
		return nil, d.missing()
	}
	data, err := query.Keys(r.Context(), d.api)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(data.ApiKeys, func(k query.KeyRow) bool { return k.Id == r.PathValue("id") })
	if at < 0 {
		return nil, d.missing()
	}
	return &data.ApiKeys[at], nil
}
