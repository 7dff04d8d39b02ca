package dashboard

import (
	"net/http"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A consentPage shows one Consent with its proof and its history.
type consentPage struct {
	deskFrame
	Who, WhoURL, State, Tone string
	Facts, Proof             []said
	// Wording is exactly what the Contact saw.
	Wording, WordingLocale string
	Steps                  []consentStep
	// Withdraw is where it can be taken back; "" where it cannot.
	Withdraw string
	// Hidden tells that the proof is not for whoever looks.
	Hidden bool
}

// A said is a thing with its value.
type said struct{ Label, Value string }

// A consentStep is a decision of a history.
type consentStep struct {
	URL, State, Tone, When, Wording string
	Here                            bool
}

// consentNamed is the Consent that a page's address names.
func (d *desk) consentNamed(r *http.Request) (*query.ConsentNodeConsent, error) {
	data, err := query.Consent(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Node == nil {
		return nil, d.missing()
	}
	c, ok := (*data.Node).(*query.ConsentNodeConsent)
	if !ok {
		return nil, d.missing()
	}
	return c, nil
}

func (a *App) showConsent(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.consentNamed(r)
	if err != nil {
		return err
	}
	history, err := query.ConsentHistory(r.Context(), d.api, c.Contact.Id, c.Definition.Key, c.Channel)
	if err != nil {
		return err
	}
	p := &consentPage{
		deskFrame: d.frame("consents", d.titleOf(c.Definition.Key, c.Definition.Wordings)),
		Who:       c.Contact.DisplayName, WhoURL: d.root + "/contacts/" + c.Contact.Id,
		State: d.voice.Say("consent." + string(c.State)), Tone: tones[c.State],
		Facts: d.consentFacts(c), Proof: d.consentProof(c), Wording: c.Wording, WordingLocale: c.Locale, Hidden: c.Evidence == nil,
	}
	if c.State == query.ConsentStateGranted && d.may(db.ConsentsWrite) {
		p.Withdraw = d.root + "/consents/" + c.Id + "/withdraw"
	}
	for i := range history.Consents.Nodes {
		step := &history.Consents.Nodes[i]
		if textOf((*string)(step.Channel)) == textOf((*string)(c.Channel)) {
			p.Steps = append(p.Steps, d.consentStep(step, c.Id))
		}
	}
	return send(w, r, http.StatusOK, consentView(p))
}

func (d *desk) consentStep(s *query.ConsentStep, here string) consentStep {
	step := consentStep{
		URL: d.root + "/consents/" + s.Id, State: d.voice.Say("consent." + string(s.State)), Tone: tones[s.State], Here: s.Id == here,
		When:    d.voice.Say("consent.decided", "When", d.moment(s.DecidedAt)),
		Wording: d.voice.Say("consents.version", "N", d.number(s.Version), "Locale", s.Locale),
	}
	if s.WithdrawnAt != nil {
		step.When += " · " + d.voice.Say("consent.withdrawn", "When", d.moment(*s.WithdrawnAt))
	}
	return step
}

// consentFacts is what was decided, when, and for how long that matters.
func (d *desk) consentFacts(c *query.ConsentNodeConsent) []said {
	facts := []said{
		{d.voice.Say("consents.channel"), d.channelName(c.Channel)},
		{d.voice.Say("consent.at"), d.moment(c.DecidedAt)},
	}
	if c.WithdrawnAt != nil {
		facts = append(facts, said{d.voice.Say("consent.withdrawnAt"), d.moment(*c.WithdrawnAt)})
	}
	facts = append(facts,
		said{d.voice.Say("consents.wording"), d.voice.Say("consents.version", "N", d.number(c.Version), "Locale", c.Locale)},
		said{d.voice.Say("consent.basis"), d.basis(c.Definition.Advertising)})
	if c.LastUsedAt != nil {
		facts = append(facts, said{d.voice.Say("consent.used"), d.moment(*c.LastUsedAt)})
	}
	if c.RetainUntil != nil {
		facts = append(facts, said{d.voice.Say("consent.kept"), d.day(c.RetainUntil)})
	}
	return facts
}

// basis says which law a Consent is for.
func (d *desk) basis(advertising bool) string {
	if advertising {
		return d.voice.Say("definition.advertising")
	}
	return d.voice.Say("definition.other")
}

// consentProof is how and from where it was decided, and taken back.
func (d *desk) consentProof(c *query.ConsentNodeConsent) []said {
	if c.Evidence == nil {
		return nil
	}
	e := c.Evidence
	var proof []said
	add := func(key string, value *string) {
		if textOf(value) != "" {
			proof = append(proof, said{d.voice.Say(key), *value})
		}
	}
	add("evidence.manner", d.manner(e.Manner))
	if e.Channel != nil {
		by := d.voice.Say("channel." + string(*e.Channel))
		add("evidence.channel", &by)
	}
	if c.Request != nil {
		asked := d.moment(c.Request.CreatedAt)
		add("evidence.request", &asked)
	}
	add("evidence.address", e.Address)
	add("evidence.agent", e.UserAgent)
	add("evidence.hash", e.WordingHash)
	if taken := e.Withdrawal; taken != nil {
		add("evidence.withdrawal", d.manner(taken.Manner))
		add("evidence.reason", taken.Reason)
		add("evidence.withdrawal.address", taken.Address)
		add("evidence.withdrawal.agent", taken.UserAgent)
	}
	return proof
}

func (d *desk) manner(manner string) *string {
	said := d.voice.Say("evidence.manner." + manner)
	return &said
}
