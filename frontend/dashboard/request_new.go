package dashboard

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// expiryDays is how long a Request can be answered where nobody says otherwise.
const expiryDays = 90

// An askPage lets somebody say whom to ask, what about and until when.
type askPage struct {
	deskFrame
	Form       *form
	Whom, What []input
	// Chosen are the Contacts that were ticked in a list; "" for none.
	Chosen  string
	Hidden  *form
	Count   *audienceCount
	Where   string
	Missing []string
}

// An audienceCount tells who would be asked, and who would not.
type audienceCount struct {
	Asked   string
	N       int
	LeftOut []said
	Ways    []said
	// Wrong is what keeps them from being counted or asked.
	Wrong *form
}

// askedPeriods are, in days, how lately somebody was asked to be left out.
var askedPeriods = []int{30, 90, 365}

// audiencePaths leads from the API's fields to those of the form.
var audiencePaths = map[string]string{
	"whom.employeeExternalId": "employee", "whom.source": "source", "whom.contactIds": "", "whom": "", "expiresAt": "expires",
}

func (a *App) showAsk(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := &form{Values: url.Values{}}
	if err := r.ParseForm(); err != nil {
		return err
	}
	for _, name := range []string{"contact", "employee", "source", "confirmed", "asked", "search", "text"} {
		if values := r.Form[name]; len(values) > 0 {
			f.Values[name] = values
		}
	}
	if !f.Has("asked") {
		f.Set("asked", strconv.Itoa(askedPeriods[0]))
		if f.Has("contact") {
			f.Set("asked", "")
		}
	}
	for _, part := range query.AllAsk {
		f.Add("ask", string(part))
	}
	f.Set("expires", a.store.Now().In(d.tenant.Company.Location()).AddDate(0, 0, expiryDays).Format(time.DateOnly))
	f.Set("key", rand.Text())
	return d.askPage(w, r, f, nil)
}

// askPage shows the form, with what was typed and, if known, whom it comes to.
func (d *desk) askPage(w http.ResponseWriter, r *http.Request, f *form, count *audienceCount) error {
	if !d.may(db.RequestsWrite) {
		return d.missing()
	}
	data, err := query.RequestChoices(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &askPage{
		deskFrame: d.frame("requests", d.voice.Say("asking.title")), Form: f, Whom: d.whomFields(data), What: d.whatFields(data.Texts), Count: count,
		Where: d.root + "/requests/new", Hidden: &form{Values: url.Values{"key": f.Values["key"], "contact": f.Values["contact"]}},
	}
	if n := len(f.Values["contact"]); n > 0 {
		p.Chosen = d.counted("asking.chosen", n)
	}
	return send(w, r, f.status(), askView(p))
}

func (d *desk) whomFields(data *query.RequestChoicesResponse) []input {
	say := d.voice.Say
	asked := []pick{{Label: say("asking.asked.any")}, {Value: "never", Label: say("asking.asked.never")}}
	for _, days := range askedPeriods {
		asked = append(asked, pick{Value: strconv.Itoa(days), Label: say("asking.asked.days", "Days", d.number(days))})
	}
	fields := []input{
		{Name: "asked", Label: say("asking.asked"), Type: "select", Choices: asked},
		{Name: "confirmed", Label: say("asking.confirmed"), Type: "date", Hint: say("asking.confirmed.hint")},
		{Name: "search", Label: say("asking.search"), Hint: say("asking.search.hint"), Max: 200},
	}
	if i := d.employeeField("employee", data.Employees); i != nil {
		fields = append(fields, *i)
	}
	if len(data.Sources) > 1 {
		source := []pick{{Label: say("asking.source.any")}}
		for _, s := range data.Sources {
			source = append(source, pick{Value: s.Key, Label: s.Name})
		}
		fields = append(fields, input{Name: "source", Label: say("asking.source"), Type: "select", Choices: source})
	}
	return fields
}

func (d *desk) whatFields(own []query.TextName) []input {
	say := d.voice.Say
	var asks []pick
	for _, part := range query.AllAsk {
		asks = append(asks, pick{Value: string(part), Label: say("ask." + string(part)), Hint: say("ask." + string(part) + ".hint")})
	}
	texts := []pick{{Label: say("asking.text.default")}}
	for _, t := range own {
		if t.Name != db.DefaultText && !slices.ContainsFunc(texts, func(c pick) bool { return c.Value == t.Name }) {
			texts = append(texts, pick{Value: t.Name, Label: t.Name})
		}
	}
	return []input{
		{Name: "ask", Label: say("asking.ask"), Type: "checkbox", Choices: asks},
		{Name: "text", Label: say("asking.text"), Type: "select", Choices: texts, Hint: say("asking.text.hint")},
		{Name: "expires", Label: say("asking.expires"), Type: "date", Hint: say("asking.expires.hint"), Required: true},
	}
}

// whom is the audience that a form names. What cannot be is noted as a problem.
func (d *desk) whom(f *form, now time.Time) query.RequestAudience {
	zone := d.tenant.Company.Location()
	whom := query.RequestAudience{
		ContactIds: f.Values["contact"], EmployeeExternalId: f.optional("employee"), Source: f.optional("source"), Search: f.optional("search"),
	}
	if text := f.optional("confirmed"); text != nil {
		day, err := time.ParseInLocation(time.DateOnly, *text, zone)
		if err != nil {
			f.Problems = append(f.Problems, problem{Field: "confirmed", Text: d.voice.Say("problem.INVALID_DATE")})
		}
		whom.ConfirmedBefore = &day
	}
	if f.Get("asked") == "never" {
		whom.NeverAsked = new(bool)
		*whom.NeverAsked = true
	} else if days, err := strconv.Atoi(f.Get("asked")); err == nil && slices.Contains(askedPeriods, days) {
		year, month, day := now.In(zone).AddDate(0, 0, -days).Date()
		since := time.Date(year, month, day, 0, 0, 0, 0, zone)
		whom.NotAskedSince = &since
	}
	return whom
}

// request is the call that a form comes to.
func (d *desk) request(f *form, now time.Time) query.RequestsCreateInput {
	whom := d.whom(f, now)
	in := query.RequestsCreateInput{Whom: &whom, Text: f.optional("text"), IdempotencyKey: f.optional("key")}
	for _, part := range query.AllAsk {
		if f.checked("ask", string(part)) {
			in.Ask = append(in.Ask, part)
		}
	}
	if len(in.Ask) == 0 {
		f.Problems = append(f.Problems, problem{Field: "ask", Text: d.voice.Say("asking.ask.none")})
	}
	day, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(f.Get("expires")), d.tenant.Company.Location())
	if err != nil {
		f.Problems = append(f.Problems, problem{Field: "expires", Text: d.voice.Say("problem.INVALID_DATE")})
	}
	ends := day.AddDate(0, 0, 1)
	in.ExpiresAt = &ends
	return in
}

// countAudience asks the API whom a form comes to.
func (a *App) countAudience(r *http.Request, d *desk, f *form) (*audienceCount, *query.AudiencePreview, error) {
	whom := d.whom(f, a.store.Now())
	if len(f.Problems) > 0 {
		return nil, nil, nil
	}
	data, err := query.RequestsPreview(r.Context(), d.api, whom)
	if err != nil {
		return nil, nil, err
	}
	p := &data.RequestsPreview
	c := &audienceCount{Asked: d.counted("asking.count", p.Asked), N: p.Asked, Wrong: filled()}
	d.refuse(c.Wrong, p.UserErrors, audiencePaths)
	for _, l := range p.LeftOut {
		c.LeftOut = append(c.LeftOut, said{d.reason(&l.Reason), d.number(l.Contacts)})
	}
	for _, way := range p.Channels {
		cost := d.voice.Say("asking.cost.unknown")
		if way.Cost != nil && *way.Cost == 0 {
			cost = d.voice.Say("asking.cost.none")
		} else if way.Cost != nil {
			cost = strconv.FormatFloat(*way.Cost, 'f', 2, 64)
		}
		c.Ways = append(c.Ways, said{d.voice.Say("channel." + string(way.Channel)), d.voice.Say("asking.way", "N", d.number(way.Requests), "Cost", cost)})
	}
	return c, p, nil
}

// countAsk says whom a form comes to: beside it as it is filled in or, without
// scripts, with the whole page.
func (a *App) countAsk(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	count, _, err := a.countAudience(r, d, f)
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "" {
		return d.askPage(w, r, f, count)
	}
	if count == nil {
		count = &audienceCount{Wrong: f}
	}
	return send(w, r, http.StatusOK, countView(d.visit.frame(""), count))
}

// counted says how many, as the language does; large numbers with their groups.
func (d *desk) counted(key string, n int) string {
	if n < 1000 {
		return d.voice.Count(key, n)
	}
	return d.voice.Say(key+".many", "N", d.number(n))
}

// ask asks the audience of a form.
func (a *App) ask(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := d.request(f, a.store.Now())
	if len(f.Problems) > 0 {
		return d.askPage(w, r, f, nil)
	}
	data, err := query.RequestsAsk(r.Context(), d.api, in)
	if err != nil {
		return err
	}
	made := data.RequestsCreate
	if len(made.UserErrors) > 0 || made.Operation == nil {
		d.refuse(f, made.UserErrors, audiencePaths)
		return d.askPage(w, r, f, nil)
	}
	http.Redirect(w, r, d.root+"/asking/"+made.Operation.Id, http.StatusSeeOther)
	return nil
}
