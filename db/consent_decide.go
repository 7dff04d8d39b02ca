package db

import (
	"context"
	"fmt"
	"strconv"
)

// ConsentDecision is what a Contact says to one opt-in.
type ConsentDecision struct {
	// Key is the definition's.
	Key string
	// Channel is the one decided about; nil means every Channel of the definition.
	Channel *ConsentChannel
	Granted bool
	// Version is the one that was shown, which need not be the current one any
	// more; 0 means the current one.
	Version int
	// Locale is the language that was asked for; "" means the Contact's.
	Locale string
}

// consentAnswer is a decision about one place, checked: what was shown, and
// what was said to it.
type consentAnswer struct {
	place       consentPlace
	granted     bool
	advertising bool
	version     int
	wording     *ConsentWording
}

// decideConsents records what a locked Contact decided, by a Request or, if r
// is nil, without one. A decision that says what the latest one says changes
// nothing. Otherwise each becomes a Consent of its own, with an event; only
// saying no to what was granted withdraws that instead.
//
// Errors have paths below "consents" and the decision's index: NOT_FOUND for
// an unknown key; INVALID for a Channel that the definition does not have, a
// version that there never was, or two contrary decisions; CONFLICT for
// granting what is no longer asked for.
func (x *tx) decideConsents(ctx context.Context, c *Contact, r *Request, decisions []ConsentDecision, evidence Evidence) error {
	if len(decisions) == 0 {
		return nil
	}
	list, err := x.tenant.latestConsents(ctx, x.Tx.Tx, []string{c.ID})
	if err != nil {
		return err
	}
	latest := make(map[consentPlace]*Consent, len(list))
	for _, consent := range list {
		latest[consent.place()] = consent
	}
	answers, err := x.checkDecisions(ctx, c, decisions, latest)
	if err != nil {
		return err
	}
	requestID := ""
	if r != nil {
		requestID = r.ID
		if r.Channel != nil && evidence.Channel == "" {
			evidence.Channel = *r.Channel
		}
	}
	for _, a := range answers {
		if err := x.decideConsent(ctx, c, a, latest[a.place], requestID, evidence); err != nil {
			return err
		}
	}
	return nil
}

// decideConsent records one answer; last is what was decided there before, or nil.
func (x *tx) decideConsent(ctx context.Context, c *Contact, a consentAnswer, last *Consent, requestID string, evidence Evidence) error {
	if last != nil {
		switch last.State {
		case ConsentGranted:
			if a.granted {
				return nil
			}
			return x.withdrawGranted(ctx, c, last, withdrawal{requestID: requestID, evidence: evidence})
		case ConsentDeclined, ConsentWithdrawn:
			if !a.granted {
				return nil
			}
		}
		last.Latest = false
		if err := x.saveConsent(ctx, last); err != nil {
			return err
		}
	}
	consent := &Consent{
		CompanyID: x.company, Mode: x.mode, ID: newID("consent"), DefinitionID: a.place.definition, ContactID: c.ID,
		ChannelOrNone: a.place.channel, Version: a.version, Locale: a.wording.Locale, State: ConsentDeclined,
		RequestID: nullable(requestID), DecidedAt: x.afterConsent(last), Latest: true, Evidence: evidence,
	}
	consent.Evidence.WordingHash = a.wording.hash()
	kind := ConsentDeclinedEvent
	if a.granted {
		consent.State, kind = ConsentGranted, ConsentGrantedEvent
		if a.advertising {
			consent.retainFrom(consent.DecidedAt)
		}
	}
	if _, err := x.NewInsert().Model(consent).Exec(ctx); err != nil {
		return fmt.Errorf("insert Consent: %w", err)
	}
	e := c.consentEvent(kind, consent, consent.DecidedAt)
	e.RequestID = requestID
	x.record(e)
	return nil
}

// checkDecisions turns decisions into answers, in their order, one for each
// place; latest are the Contact's decisions that count now.
func (x *tx) checkDecisions(ctx context.Context, c *Contact, decisions []ConsentDecision, latest map[consentPlace]*Consent) ([]consentAnswer, error) {
	keys := make([]string, len(decisions))
	for i, d := range decisions {
		keys[i] = d.Key
	}
	definitions, err := x.tenant.consentDefinitionsKeyed(ctx, x.Tx.Tx, keys...)
	if err != nil {
		return nil, err
	}
	texts, err := x.wordingsShown(ctx, decisions, definitions)
	if err != nil {
		return nil, err
	}
	var answers []consentAnswer
	var errs Errors
	said := map[consentPlace]bool{}
	for i, d := range decisions {
		found, wrong := d.answers(definitions[d.Key], texts, latest, c.Profile.Locale)
		for _, a := range found {
			before, repeated := said[a.place]
			if repeated && before != a.granted {
				wrong = &Error{Invalid, []string{"granted"}, fmt.Sprintf("%q is both granted and refused here; decide once", d.Key)}
			}
			if !repeated {
				answers = append(answers, a)
			}
			said[a.place] = a.granted
		}
		if wrong != nil {
			wrong.Path = append([]string{"consents", strconv.Itoa(i)}, wrong.Path...)
			errs = append(errs, wrong)
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return answers, nil
}

// wordingsShown reads the texts that the decisions are about: the current
// ones, which the definitions hold, and those of the versions that are named.
func (x *tx) wordingsShown(ctx context.Context, decisions []ConsentDecision, definitions map[string]*ConsentDefinition) (map[shown][]*ConsentWording, error) {
	var former []shown
	for _, d := range decisions {
		// Versions count from 1; whatever else a form may send was never shown.
		if definition := definitions[d.Key]; definition != nil && d.Version > 0 && d.Version < definition.Version {
			former = append(former, shown{definition.ID, d.Version})
		}
	}
	texts, err := x.tenant.wordings(ctx, x.Tx.Tx, former)
	if err != nil {
		return nil, err
	}
	for _, definition := range definitions {
		texts[shown{definition.ID, definition.Version}] = definition.Wordings
	}
	return texts, nil
}

// answers checks one decision against its definition, which is nil if there
// is none, and spreads it over the places that it is about.
func (d ConsentDecision) answers(definition *ConsentDefinition, texts map[shown][]*ConsentWording, latest map[consentPlace]*Consent, locale string) ([]consentAnswer, *Error) {
	if definition == nil {
		return nil, &Error{NotFoundCode, []string{"key"}, fmt.Sprintf("there is no ConsentDefinition %.100q", d.Key)}
	}
	if d.Version == 0 && d.Granted && !definition.Active {
		return nil, &Error{ConflictCode, []string{"key"}, fmt.Sprintf("%q is no longer asked for, so it cannot be granted", d.Key)}
	}
	version := d.Version
	if version == 0 {
		version = definition.Version
	}
	wording := wordingIn(texts[shown{definition.ID, version}], d.Locale, locale, definition.companyLocale)
	if wording == nil {
		return nil, &Error{Invalid, []string{"version"}, fmt.Sprintf("%q has no version %d", d.Key, d.Version)}
	}
	places := d.places(definition, latest)
	if len(places) == 0 {
		return nil, &Error{Invalid, []string{"channel"}, fmt.Sprintf("%q is not about the Channel %.20s", d.Key, *d.Channel)}
	}
	answers := make([]consentAnswer, len(places))
	for i, place := range places {
		answers[i] = consentAnswer{place, d.Granted, definition.Advertising, version, wording}
	}
	return answers, nil
}

// places are what the decision is about: its Channel, or all of the
// definition's. Refusing reaches Channels that the definition no longer has
// but the Contact once granted, so that saying no is as easy as saying yes.
// None means that the definition does not have the decision's Channel.
func (d ConsentDecision) places(definition *ConsentDefinition, latest map[consentPlace]*Consent) []consentPlace {
	channels := definition.Channels
	if len(channels) == 0 {
		channels = []ConsentChannel{""}
	}
	var places []consentPlace
	listed := map[ConsentChannel]bool{}
	for _, channel := range channels {
		listed[channel] = true
		if d.Channel == nil || *d.Channel == channel {
			places = append(places, consentPlace{definition.ID, channel})
		}
	}
	if d.Granted {
		return places
	}
	for _, channel := range []ConsentChannel{"", ConsentEmail, ConsentSMS, ConsentWhatsApp, ConsentLetter, ConsentPhone} {
		place := consentPlace{definition.ID, channel}
		granted := latest[place] != nil && latest[place].State == ConsentGranted
		if granted && !listed[channel] && (d.Channel == nil || *d.Channel == channel) {
			places = append(places, place)
		}
	}
	return places
}
