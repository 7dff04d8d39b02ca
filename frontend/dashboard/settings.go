package dashboard

import (
	"net/http"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

func (a *App) settingsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/settings":                    a.showCompanySettings,
		"POST /app/{company}/settings":                   a.saveCompanySettings,
		"GET /app/{company}/settings/sender":             a.showSender,
		"POST /app/{company}/settings/sender":            a.saveSender,
		"GET /app/{company}/settings/fields":             a.showFields,
		"POST /app/{company}/settings/fields":            a.savePolicies,
		"GET /app/{company}/settings/fields/own":         a.showField,
		"POST /app/{company}/settings/fields/own":        a.saveField,
		"GET /app/{company}/settings/fields/own/delete":  a.showDeleteField,
		"POST /app/{company}/settings/fields/own/delete": a.deleteField,
		"GET /app/{company}/settings/verification":       a.showVerification,
		"POST /app/{company}/settings/verification":      a.saveVerification,
		"GET /app/{company}/settings/domains":            a.showDomains,
		"POST /app/{company}/settings/domains":           a.addDomain,
		"GET /app/{company}/settings/domains/remove":     a.showRemoveDomain,
		"POST /app/{company}/settings/domains/remove":    a.removeDomain,
		"GET /app/{company}/settings/sources":            a.showSources,
		"GET /app/{company}/settings/sources/source":     a.showSource,
		"POST /app/{company}/settings/sources/source":    a.saveSource,
		"GET /app/{company}/settings/archive":            a.showArchive,
		"POST /app/{company}/settings/archive":           a.archiveCompany,
	}
}

// settingsTabs are the parts of the settings, by the ends of their addresses.
var settingsTabs = []string{"", "/sender", "/fields", "/verification", "/domains", "/sources"}

// A settingsPage is a form of the settings.
type settingsPage struct {
	deskFrame
	Tabs   []link
	Form   *form
	Inputs []input
	// Key begins the texts that are this tab's own; Action is where it posts.
	Key, Action string
	Changes     bool
	// Archive leads to the page that archives the Company; "" for whoever may not.
	Archive  string
	Archived bool
}

// settings begins a tab.
func (d *desk) settings(at string, f *form) *settingsPage {
	root := d.root + "/settings"
	p := &settingsPage{
		deskFrame: d.frame("settings", d.voice.Say("settings.title")), Form: f, Key: "settings" + strings.ReplaceAll(at, "/", "."), Action: root + at,
		Changes: d.mayManage(db.CompanyWrite) && d.tenant.Company.ArchivedAt == nil, Archived: d.tenant.Company.ArchivedAt != nil,
	}
	for _, end := range settingsTabs {
		key := "settings.tab"
		if end != "" {
			key += "." + end[1:]
		}
		p.Tabs = append(p.Tabs, link{d.voice.Say(key), root + end, end == at})
	}
	if at == "" && d.administersAll() && d.tenant.Mode == db.Live {
		p.Archive = root + "/archive"
	}
	return p
}

// companySettings reads what is set up.
func (d *desk) companySettings(r *http.Request) (*query.CompanySettings, error) {
	data, err := query.Settings(r.Context(), d.api)
	if err != nil {
		return nil, err
	}
	if data.Company == nil {
		return nil, d.missing()
	}
	return data.Company, nil
}

func (a *App) showCompanySettings(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	f := filled("name", c.Name, "slug", c.Slug, "countryCode", c.CountryCode, "locale", c.Locale, "timezone", c.Timezone)
	for name, on := range map[string]bool{"withEmployees": c.WithEmployees, "confirmNewAddresses": c.ConfirmNewAddresses} {
		if on {
			f.Set(name, "on")
		}
	}
	if c.QuietHours != nil {
		f.Set("quietFrom", c.QuietHours.From)
		f.Set("quietUntil", c.QuietHours.Until)
	}
	return d.companyPage(w, r, f)
}

func (d *desk) companyPage(w http.ResponseWriter, r *http.Request, f *form) error {
	p := d.settings("", f)
	yes := func(name string) input {
		return input{Name: name, Label: d.voice.Say("settings." + name), Type: "checkbox", Choices: []pick{
			{"on", d.voice.Say("settings." + name + ".do"), d.voice.Say("settings." + name + ".hint")},
		}}
	}
	p.Inputs = []input{
		{Name: "name", Label: d.voice.Say("settings.name"), Required: true, Max: 200},
		{Name: "slug", Label: d.voice.Say("settings.slug"), Hint: d.voice.Say("settings.slug.hint"), Required: true, Max: 100},
		{Name: "countryCode", Label: d.voice.Say("settings.country"), Hint: d.voice.Say("settings.country.hint"), Required: true, Max: 2},
		{Name: "locale", Label: d.voice.Say("settings.locale"), Hint: d.voice.Say("settings.locale.hint"), Required: true, Max: 20},
		{Name: "timezone", Label: d.voice.Say("settings.timezone"), Hint: d.voice.Say("settings.timezone.hint"), Required: true, Max: 60},
		{Name: "quietFrom", Label: d.voice.Say("settings.quiet.from"), Hint: d.voice.Say("settings.quiet.hint"), Type: "time"},
		{Name: "quietUntil", Label: d.voice.Say("settings.quiet.until"), Type: "time"},
		yes("withEmployees"), yes("confirmNewAddresses"),
	}
	return send(w, r, f.status(), settingsView(p))
}

func (a *App) saveCompanySettings(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var quiet *query.QuietHoursInput
	if from, until := f.optional("quietFrom"), f.optional("quietUntil"); from != nil || until != nil {
		quiet = &query.QuietHoursInput{From: textOf(from), Until: textOf(until)}
	}
	said := func(name string) *string {
		text := f.Get(name)
		return &text
	}
	employees, confirm := f.checked("withEmployees", "on"), f.checked("confirmNewAddresses", "on")
	answer, err := query.SaveCompany(r.Context(), d.api, said("name"), said("slug"), said("countryCode"), said("locale"), said("timezone"), &employees, &confirm, quiet)
	if err != nil {
		return err
	}
	d.refuse(f, answer.CompanyUpdate.UserErrors, map[string]string{"quietHours.from": "quietFrom", "quietHours.until": "quietUntil"})
	if len(f.Problems) > 0 || answer.CompanyUpdate.Company == nil {
		return d.companyPage(w, r, f)
	}
	return done(w, r, "/app/"+answer.CompanyUpdate.Company.Slug+"/settings", "settings.saved")
}

func (a *App) showSender(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	return d.senderPage(w, r, filled("senderName", textOf(c.SenderName), "senderAddress", textOf(c.SenderAddress),
		"supportContact", textOf(c.SupportContact), "imprint", textOf(c.Imprint), "privacyUrl", textOf(c.PrivacyUrl)))
}

func (d *desk) senderPage(w http.ResponseWriter, r *http.Request, f *form) error {
	p := d.settings("/sender", f)
	for _, i := range []input{
		{Name: "senderName", Max: 100},
		{Name: "senderAddress", Type: "email", Max: 254},
		{Name: "supportContact", Max: 300},
		{Name: "imprint", Type: "textarea", Max: 4000, Rows: 6},
		{Name: "privacyUrl", Type: "url", Max: 2000},
	} {
		i.Label, i.Hint = d.voice.Say("settings."+i.Name), d.voice.Say("settings."+i.Name+".hint")
		p.Inputs = append(p.Inputs, i)
	}
	return send(w, r, f.status(), settingsView(p))
}

func (a *App) saveSender(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	answer, err := query.SaveSender(r.Context(), d.api, f.optional("senderName"), f.optional("senderAddress"), f.optional("supportContact"), f.optional("imprint"), f.optional("privacyUrl"))
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CompanyUpdate.UserErrors, nil); len(f.Problems) > 0 {
		return d.senderPage(w, r, f)
	}
	return done(w, r, d.root+"/settings/sender", "settings.saved")
}

// verifications are the kinds that can be chosen; SMS needs a Channel that there is not.
var verifications = []query.VerificationKind{
	query.VerificationKindBirthDate, query.VerificationKindPostalCode, query.VerificationKindCustomerNumber,
	query.VerificationKindPhoneDigits, query.VerificationKindEmailCode,
}

func (a *App) showVerification(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.companySettings(r)
	if err != nil {
		return err
	}
	f := filled()
	for _, kind := range c.Verification {
		f.Add("verification", string(kind))
	}
	return d.verificationPage(w, r, f)
}

func (d *desk) verificationPage(w http.ResponseWriter, r *http.Request, f *form) error {
	p := d.settings("/verification", f)
	kinds := input{Name: "verification", Label: d.voice.Say("settings.verification"), Hint: d.voice.Say("settings.verification.hint"), Type: "checkbox"}
	for _, kind := range verifications {
		kinds.Choices = append(kinds.Choices, pick{string(kind), d.voice.Say("verification." + string(kind)), ""})
	}
	p.Inputs = []input{kinds}
	return send(w, r, f.status(), settingsView(p))
}

func (a *App) saveVerification(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	kinds := []query.VerificationKind{}
	for _, kind := range f.Values["verification"] {
		kinds = append(kinds, query.VerificationKind(kind))
	}
	answer, err := query.SaveVerification(r.Context(), d.api, kinds)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CompanyUpdate.UserErrors, map[string]string{"verification": "verification"}); len(f.Problems) > 0 {
		return d.verificationPage(w, r, f)
	}
	return done(w, r, d.root+"/settings/verification", "settings.saved")
}
