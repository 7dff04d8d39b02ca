package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/frontend/dashboard/query"
)

// A fieldsPage shows what Contacts may do with each field, and the Company's own ones.
type fieldsPage struct {
	*settingsPage
	Own []ownField
}

type ownField struct{ Key, Label, Type, URL, Delete string }

var policies = []query.Policy{query.PolicyHidden, query.PolicyShown, query.PolicyEditable, query.PolicyRequired}

func (a *App) showFields(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.fieldsPage(w, r, filled())
}

func (d *desk) fieldsPage(w http.ResponseWriter, r *http.Request, f *form) error {
	data, err := query.Fields(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &fieldsPage{settingsPage: d.settings("/fields", f)}
	labels := map[string]string{}
	for i := range data.CustomFields {
		c := &data.CustomFields[i]
		own := ownField{
			Key: c.Key, Label: d.labelOf(c.Labels, c.Key), Type: d.voice.Say("fieldtype." + string(c.Type)),
			URL: p.Action + "/own?key=" + c.Key, Delete: p.Action + "/own/delete?key=" + c.Key,
		}
		labels["customFields."+c.Key] = own.Label
		p.Own = append(p.Own, own)
	}
	for _, field := range data.FieldPolicies {
		i := input{Name: "policy." + field.Field, Label: labels[field.Field], Type: "select", Required: true, Value: string(field.Policy)}
		if i.Label == "" {
			i.Label = d.voice.Say("policyfield." + field.Field)
		}
		for _, policy := range policies {
			if field.Field != "customFields" || policy != query.PolicyRequired {
				i.Choices = append(i.Choices, pick{string(policy), d.voice.Say("policy." + string(policy)), ""})
			}
		}
		p.Inputs = append(p.Inputs, i)
	}
	return send(w, r, f.status(), fieldsView(p))
}

// labelOf is a field's label in the reader's language, else the first.
func (d *desk) labelOf(labels []query.FieldText, otherwise string) string {
	for _, l := range labels {
		if strings.HasPrefix(l.Locale, d.voice.Tag) {
			return l.Label
		}
	}
	if len(labels) > 0 {
		return labels[0].Label
	}
	return otherwise
}

func (a *App) savePolicies(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	input := []query.FieldPolicySaveInput{}
	for _, name := range f.names() {
		if field, is := strings.CutPrefix(name, "policy."); is && slices.Contains(policies, query.Policy(f.Get(name))) {
			input = append(input, query.FieldPolicySaveInput{Field: field, Policy: query.Policy(f.Get(name))})
		}
	}
	answer, err := query.PoliciesSave(r.Context(), d.api, input)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i, field := range input {
		names[strconv.Itoa(i)] = "policy." + field.Field
	}
	if d.refuse(f, answer.FieldPolicySave.UserErrors, names); len(f.Problems) > 0 {
		return d.fieldsPage(w, r, f)
	}
	return done(w, r, d.root+"/settings/fields", "settings.saved")
}

// showField shows the form of a field of the Company's own: the one with the
// parameter's key, else a new one.
func (a *App) showField(w http.ResponseWriter, r *http.Request, d *desk) error {
	key := r.FormValue("key")
	if key == "" {
		return d.fieldPage(w, r, filled("type", "TEXT", "policy", "EDITABLE"), false)
	}
	c, err := d.ownField(r, key)
	if err != nil {
		return err
	}
	return d.fieldPage(w, r, filled("key", c.Key, "labels", fieldTexts(c.Labels), "hints", fieldTexts(c.Hints), "type", string(c.Type),
		"choices", fieldChoices(c.Choices), "maxLength", numeral(c.MaxLength), "pattern", textOf(c.Pattern), "minimum", decimal(c.Minimum),
		"maximum", decimal(c.Maximum), "earliest", textOf(c.Earliest), "latest", textOf(c.Latest), "policy", string(c.Policy)), true)
}

func (d *desk) ownField(r *http.Request, key string) (*query.CustomFieldRow, error) {
	data, err := query.Fields(r.Context(), d.api)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(data.CustomFields, func(c query.CustomFieldRow) bool { return c.Key == key })
	if at < 0 {
		return nil, d.missing()
	}
	return &data.CustomFields[at], nil
}

// fieldPage shows the form; that of a known field keeps its key.
func (d *desk) fieldPage(w http.ResponseWriter, r *http.Request, f *form, known bool) error {
	p := d.settings("/fields", f)
	p.Action, p.Key = p.Action+"/own", "settings.field"
	say := d.voice.Say
	kind := input{Name: "type", Label: say("settings.field.type"), Type: "select", Required: true}
	for _, t := range []string{"TEXT", "NUMBER", "DATE", "BOOLEAN", "CHOICE"} {
		kind.Choices = append(kind.Choices, pick{t, say("fieldtype." + t), ""})
	}
	policy := input{Name: "policy", Label: say("settings.field.policy"), Type: "select", Required: true}
	for _, x := range policies {
		policy.Choices = append(policy.Choices, pick{string(x), say("policy." + string(x)), ""})
	}
	key := input{Name: "key", Label: say("settings.field.key"), Hint: say("settings.field.key.hint"), Required: true, Max: 64}
	if known {
		key.Hint = say("settings.field.key.known")
	}
	p.Inputs = []input{
		key,
		{Name: "labels", Label: say("settings.field.labels"), Hint: say("settings.field.labels.hint"), Type: "textarea", Required: true},
		{Name: "hints", Label: say("settings.field.hints"), Hint: say("settings.field.hints.hint"), Type: "textarea"},
		kind, policy,
		{Name: "choices", Label: say("settings.field.choices"), Hint: say("settings.field.choices.hint"), Type: "textarea", Rows: 5},
		{Name: "maxLength", Label: say("settings.field.max"), Type: "number"},
		{Name: "pattern", Label: say("settings.field.pattern"), Hint: say("settings.field.pattern.hint"), Max: 200},
		{Name: "minimum", Label: say("settings.field.minimum"), Type: "number", Step: "any"},
		{Name: "maximum", Label: say("settings.field.maximum"), Type: "number", Step: "any"},
		{Name: "earliest", Label: say("settings.field.earliest"), Type: "date"},
		{Name: "latest", Label: say("settings.field.latest"), Type: "date"},
	}
	return send(w, r, f.status(), settingsView(p))
}

func (a *App) saveField(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	policy := query.Policy(f.Get("policy"))
	in := query.CustomFieldSaveInput{
		Key: strings.TrimSpace(f.Get("key")), Labels: readFieldTexts(f.Get("labels"), "\n"), Hints: readFieldTexts(f.Get("hints"), "\n"),
		Type: query.CustomFieldType(f.Get("type")), Pattern: f.optional("pattern"), Earliest: f.optional("earliest"), Latest: f.optional("latest"), Policy: &policy,
	}
	for line := range strings.Lines(f.Get("choices")) {
		if value, labels, _ := strings.Cut(strings.TrimSpace(line), "="); strings.TrimSpace(value) != "" {
			in.Choices = append(in.Choices, query.CustomFieldChoiceInput{Value: strings.TrimSpace(value), Labels: readFieldTexts(labels, ";")})
		}
	}
	if text := f.optional("maxLength"); text != nil {
		n, err := strconv.Atoi(*text)
		if in.MaxLength = &n; err != nil {
			f.Problems = append(f.Problems, problem{"maxLength", d.voice.Say("problem.INVALID"), ""})
		}
	}
	for name, to := range map[string]**float64{"minimum": &in.Minimum, "maximum": &in.Maximum} {
		if text := f.optional(name); text != nil {
			n, err := strconv.ParseFloat(*text, 64)
			if *to = &n; err != nil {
				f.Problems = append(f.Problems, problem{name, d.voice.Say("problem.INVALID"), ""})
			}
		}
	}
	if len(f.Problems) > 0 {
		return d.fieldPage(w, r, f, false)
	}
	answer, err := query.FieldSave(r.Context(), d.api, in)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CustomFieldSave.UserErrors, map[string]string{"labels": "labels", "hints": "hints", "choices": "choices"}); len(f.Problems) > 0 {
		return d.fieldPage(w, r, f, false)
	}
	return done(w, r, d.root+"/settings/fields", "settings.saved")
}

func (a *App) showDeleteField(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.ownField(r, r.FormValue("key"))
	if err != nil {
		return err
	}
	back := d.root + "/settings/fields"
	return d.confirm(w, r, &confirmation{
		deskFrame:    d.frame("settings", d.voice.Say("settings.field.delete.title", "Name", d.labelOf(c.Labels, c.Key))),
		Consequences: []string{d.voice.Say("settings.field.delete.lead"), d.voice.Say("settings.field.delete.back")},
		Do:           d.voice.Say("settings.field.delete"), Action: back + "/own/delete", Hidden: filled("key", c.Key), Back: back,
	})
}

func (a *App) deleteField(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	answer, err := query.FieldDelete(r.Context(), d.api, f.Get("key"))
	if err != nil {
		return err
	}
	if len(answer.CustomFieldDelete.UserErrors) > 0 {
		return d.missing()
	}
	return done(w, r, d.root+"/settings/fields", "settings.saved")
}
