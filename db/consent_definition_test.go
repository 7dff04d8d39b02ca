package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"complero/db"
)

func TestSaveConsentDefinitionMakesAVersionForEachNewWording(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		de := db.ConsentWording{Locale: "de", Title: "Neues", Wording: "Ich will Neues.\n\nGern."}
		en := db.ConsentWording{Locale: "en", Title: "News", Wording: "I want news."}
		first := w.save(db.ConsentDefinitionSave{Key: "news", Wordings: []db.ConsentWording{de, en}})
		if first.Version != 1 || !first.Active || first.Advertising || first.Channels == nil || len(first.Channels) != 0 {
			w.Errorf("a new definition is %+v", first)
		}
		crlf := de
		crlf.Wording, crlf.Locale = " Ich will Neues.\r\n\r\nGern.\n", "DE"
		same := w.save(db.ConsentDefinitionSave{
			Key: "news", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail}, Active: ptr(false),
			Wordings: []db.ConsentWording{en, crlf},
		})
		if same.ID != first.ID || same.Version != 1 || !same.Advertising || same.Active || len(same.Channels) != 1 {
			w.Errorf("the same texts with other settings give %+v, want version 1", same)
		}
		en.Wording = "I want all news."
		second := w.save(db.ConsentDefinitionSave{Key: "news", Wordings: []db.ConsentWording{de, en}})
		if second.Version != 2 || !second.Advertising || second.Active || len(second.Channels) != 1 {
			w.Errorf("a new text gives %+v, want version 2 with the settings left as they were", second)
		}
		if got := second.WordingFor("en").Wording; got != en.Wording {
			w.Errorf("current wording is %q", got)
		}
		none := w.save(db.ConsentDefinitionSave{Key: "news", Channels: []db.ConsentChannel{}, Wordings: []db.ConsentWording{de}})
		if none.Version != 3 || len(none.Channels) != 0 {
			w.Errorf("an empty list of Channels and a language less give %+v", none)
		}
		list, err := w.test.ConsentDefinitions(w.Context())
		if err != nil || len(list) != 1 || list[0].Version != 3 || len(list[0].Wordings) != 1 {
			w.Errorf("the list is %+v, %v", list, err)
		}
	})
}

func TestSaveConsentDefinitionRefusesWhatCannotBeShown(t *testing.T) {
	good := []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich will Neues."}}
	wording := func(locale, title, text string) []db.ConsentWording {
		return append(append([]db.ConsentWording{}, good...), db.ConsentWording{Locale: locale, Title: title, Wording: text})
	}
	tests := []struct {
		name string
		save db.ConsentDefinitionSave
		code db.Code
		path string
	}{
		{"no key", db.ConsentDefinitionSave{Wordings: good}, db.Required, "key"},
		{"capitals", db.ConsentDefinitionSave{Key: "News", Wordings: good}, db.Invalid, "key"},
		{"a line break", db.ConsentDefinitionSave{Key: "news\n", Wordings: good}, db.Invalid, "key"},
		{"a long key", db.ConsentDefinitionSave{Key: strings.Repeat("n", 65), Wordings: good}, db.Invalid, "key"},
		{"no wording", db.ConsentDefinitionSave{Key: "news"}, db.Required, "wordings"},
		{"too many", db.ConsentDefinitionSave{Key: "news", Wordings: make([]db.ConsentWording, 101)}, db.TooManyItems, "wordings"},
		{"no locale", db.ConsentDefinitionSave{Key: "news", Wordings: wording("", "T", "W")}, "INVALID_LOCALE", "wordings.1.locale"},
		{"no such locale", db.ConsentDefinitionSave{Key: "news", Wordings: wording("Deutsch", "T", "W")}, "INVALID_LOCALE", "wordings.1.locale"},
		{"one locale twice", db.ConsentDefinitionSave{Key: "news", Wordings: wording("DE", "T", "W")}, db.Invalid, "wordings.1.locale"},
		{"no title", db.ConsentDefinitionSave{Key: "news", Wordings: wording("en", " ", "W")}, db.Required, "wordings.1.title"},
		{"a long title", db.ConsentDefinitionSave{Key: "news", Wordings: wording("en", strings.Repeat("ü", 201), "W")}, db.TooLong, "wordings.1.title"},
		{"no text", db.ConsentDefinitionSave{Key: "news", Wordings: wording("en", "T", "\n")}, db.Required, "wordings.1.wording"},
		{"a long text", db.ConsentDefinitionSave{Key: "news", Wordings: wording("en", "T", strings.Repeat("ü", 20001))}, db.TooLong, "wordings.1.wording"},
		{"a NUL", db.ConsentDefinitionSave{Key: "news", Wordings: wording("en", "T", "W\x00")}, db.Invalid, "wordings.1.wording"},
		{"no Channel", db.ConsentDefinitionSave{Key: "news", Channels: []db.ConsentChannel{"FAX"}, Wordings: good}, db.Invalid, "channels.0"},
		{"a Channel twice", db.ConsentDefinitionSave{Key: "news", Channels: []db.ConsentChannel{"SMS", "SMS"}, Wordings: good}, db.Invalid, "channels.1"},
	}
	withConsents(t, func(w *consentWorld) {
		for _, test := range tests {
			w.Run(test.name, func(t *testing.T) {
				_, err := w.live.SaveConsentDefinition(t.Context(), test.save)
				refusesConsent(t, err, test.code, test.path)
			})
		}
		if list, err := w.live.ConsentDefinitions(w.Context()); err != nil || len(list) != 0 {
			w.Errorf("%d definitions were saved all the same, %v", len(list), err)
		}
		longest := db.ConsentWording{Locale: "en", Title: strings.Repeat("ü", 200), Wording: strings.Repeat("ü", 20000)}
		w.save(db.ConsentDefinitionSave{Key: strings.Repeat("n", 64), Wordings: []db.ConsentWording{longest}})
	})
}

func TestSaveConsentDefinitionIsLiveOnlyAndRepeatable(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		save := db.ConsentDefinitionSave{
			Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Eins"}}, IdempotencyKey: ptr("once"),
		}
		_, err := w.test.SaveConsentDefinition(w.Context(), save)
		refusesConsent(w.T, err, db.LiveOnly, "")
		first := w.save(save)
		changed := save
		changed.IdempotencyKey = nil
		changed.Wordings = []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Zwei"}}
		w.save(changed)
		if again := w.save(save); again.ID != first.ID || again.Version != 2 {
			w.Errorf("the repeated call gives version %d of %s; it should have done nothing", again.Version, again.ID)
		}
		changed.IdempotencyKey = ptr("once")
		_, err = w.live.SaveConsentDefinition(w.Context(), changed)
		refusesConsent(w.T, err, db.IdempotencyConflict, "idempotencyKey")
	})
}

func TestSaveConsentDefinitionCountsVersionsWhenManySaveAtOnce(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		allAtOnce(w.T, 8, func(ctx context.Context, i int) error {
			_, err := w.live.SaveConsentDefinition(ctx, db.ConsentDefinitionSave{
				Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: fmt.Sprintf("Text %d", i)}},
			})
			return err
		})
		list, err := w.live.ConsentDefinitions(w.Context())
		if err != nil || len(list) != 1 || list[0].Version != 8 {
			w.Errorf("eight texts at once give %+v, %v; want one definition of version 8", list, err)
		}
	})
}

func TestConsentDefinitionsByIDKnowNoOthers(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		d := w.define("news")
		found, err := w.live.ConsentDefinitionsByID(w.Context(), []string{d.ID, d.ID + "\x00", "", "contact_1"})
		if err != nil || len(found) != 1 || found[d.ID].Key != "news" {
			w.Errorf("found %v, %v", found, err)
		}
		stranger, _ := account(w.T, w.store, "Fremde Firma")
		if other, err := stranger.ConsentDefinitionByID(w.Context(), d.ID); err != nil || other != nil {
			w.Errorf("another Company sees %v, %v", other, err)
		}
	})
}

func TestWordingForFindsTheReadersLanguage(t *testing.T) {
	tests := []struct{ have, locale, want string }{
		{"en de de-AT", "de-AT", "de-AT"},
		{"en de de-AT", "de-at", "de-AT"},
		{"en de de-AT", "de-CH", "de"},
		{"en de-DE", "de-AT", "de-DE"},
		{"en de-DE", "de", "de-DE"},
		{"en fr", "fr", "fr"},
		{"en de", "fr", "de"},
		{"en it", "fr", "en"},
		{"en de", "", "de"},
	}
	withConsents(t, func(w *consentWorld) {
		for i, test := range tests {
			save := db.ConsentDefinitionSave{Key: fmt.Sprintf("k%d", i)}
			for locale := range strings.FieldsSeq(test.have) {
				save.Wordings = append(save.Wordings, db.ConsentWording{Locale: locale, Title: locale, Wording: locale})
			}
			if got := w.save(save).WordingFor(test.locale).Locale; got != test.want {
				w.Errorf("of %s, a reader of %q gets %s, want %s", test.have, test.locale, got, test.want)
			}
		}
	})
}
