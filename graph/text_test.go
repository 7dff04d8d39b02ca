package graph_test

import (
	"fmt"
	"strings"
	"testing"
)

const textFields = "text { name locale formality subject preheader body button sms version deleted savedBy savedAt versions { version subject deleted } }"

func TestTextsAreSavedListedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		save := map[string]any{"locale": "de", "formality": "FORMAL", "subject": "Eins", "body": "Guten Tag {{ contact }}", "button": "Los", "sms": "Kurz", "preheader": "Vorab"}
		r := a.run(a.live, "textSave", textFields, save)
		equal(t, "saved", r.at("payload.text.name"), "default")
		equal(t, "saved by", r.text("payload.text.savedBy"), a.live.Viewer.KeyID)
		equal(t, "parts", r.text("payload.text.preheader")+r.text("payload.text.button")+r.text("payload.text.sms")+r.text("payload.text.formality"), "VorabLosKurzFORMAL")
		save["subject"] = "Zwei"
		a.run(a.live, "textSave", textFields, save)
		a.run(a.live, "textSave", textFields, map[string]any{"name": "move", "locale": "en", "subject": "Moved", "body": "x"})
		r = a.must(a.test, `{texts { name subject formality version versions { version subject savedAt savedBy } } named: texts(name: "move") { subject formality }
			builtInTexts { version savedAt subject versions { version } } textFields { fields { name holds } filters { name } }}`)
		equal(t, "texts", r.text("texts.0.subject")+r.text("texts.1.subject")+r.text("texts.0.version"), "ZweiMoved2")
		equal(t, "versions", r.text("texts.0.versions.0.subject")+r.text("texts.0.versions.1.subject")+r.text("texts.1.versions.0.subject"), "ZweiEinsMoved")
		equal(t, "by name", r.text("named.0.subject")+r.text("named.0.formality"), "Moved")
		equal(t, "built in", r.text("builtInTexts.0.subject")+r.text("builtInTexts.0.version")+r.text("builtInTexts.0.savedAt")+r.text("builtInTexts.0.versions.0.version"), "Stimmt es?0")
		equal(t, "fields", r.text("textFields.fields.0.name")+r.text("textFields.filters.0.name"), "greetinggreeting")
		r = a.run(a.live, "textDelete", textFields, map[string]any{"locale": "de", "formality": "FORMAL"})
		equal(t, "deleted", r.text("payload.text.deleted")+r.text("payload.text.version"), "true3")
		r = a.must(a.live, `{texts { name } all: texts(deleted: true) { name deleted }}`)
		equal(t, "left", fmt.Sprint(r.at("texts"))+r.text("all.0.deleted"), "[map[name:move]]true")
		equal(t, "deleted twice", a.run(a.live, "textDelete", "text { name }", map[string]any{"locale": "de", "formality": "FORMAL"}).userErrors("payload"), "NOT_FOUND input.name")
		r = a.run(a.live, "textSave", "text { name }", map[string]any{"locale": "de", "subject": "{{ x }}", "body": "\n{{ contact | y }}"})
		equal(t, "what is wrong", r.userErrors("payload"), "INVALID input.subject, INVALID input.body")
		if message := r.text("payload.userErrors.1.message"); !strings.HasPrefix(message, "line 2, column 1: there is no filter") {
			t.Errorf("it says %q", message)
		}
		equal(t, "a test key", a.run(a.test, "textSave", "text { name }", save).userErrors("payload"), "LIVE_ONLY")
	})
}

func TestRequestsNameTheirText(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		a.run(a.live, "textSave", "text { name }", map[string]any{"name": "move", "locale": "de", "subject": "Umzug", "body": "x"})
		ids := []string{"K-0000"}
		r := a.run(a.live, "requestsCreate", "requests { text checkCode }", map[string]any{"contactExternalIds": ids, "text": "move"})
		equal(t, "text", r.text("payload.requests.0.text"), "move")
		equal(t, "check code", len(r.text("payload.requests.0.checkCode")), 11)
		r = a.run(a.live, "requestsCreate", "requests { text }", map[string]any{"contactExternalIds": ids})
		equal(t, "no text", r.text("payload.requests.0.text"), "")
		r = a.run(a.live, "requestsCreate", "requests { text }", map[string]any{"contactExternalIds": ids, "text": "gone"})
		equal(t, "an unknown text", r.userErrors("payload"), "NOT_FOUND input.text")
	})
}

func TestTextsAreLookedAtBeforeTheyAreSaved(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		look := func(input map[string]any) *reply {
			t.Helper()
			return a.must(a.live, `query($input: TextPreviewInput!) {payload: textPreview(input: $input) {
				locale mail {from subject html text} sms {text encoding length segments} letter {subject text html} userErrors {code path message}}}`, "input", input)
		}
		r := look(map[string]any{})
		equal(t, "in use", r.text("payload.mail.subject")+r.text("payload.mail.text")+r.text("payload.sms.encoding")+r.text("payload.sms.segments"), "in useErika MustermannGSM71")
		equal(t, "language", r.text("payload.locale"), "de")
		draft := map[string]any{"subject": "Entwurf", "body": "x"}
		r = look(map[string]any{"text": draft, "contactExternalId": "K-0001", "locale": "fr", "formality": "INFORMAL", "channel": "EMAIL"})
		equal(t, "draft", r.text("payload.mail.subject")+" "+r.text("payload.mail.text")+" "+r.text("payload.locale"), "Entwurf INFORMAL Änne Müller-0001 fr")
		equal(t, "other Channels", r.text("payload.sms")+r.text("payload.letter"), "")
		equal(t, "letter", look(map[string]any{"channel": "LETTER"}).text("payload.letter.subject"), "in use")
		for _, test := range []struct {
			input map[string]any
			want  string
		}{
			{map[string]any{"contactExternalId": "nobody"}, "NOT_FOUND input.contactExternalId"},
			{map[string]any{"locale": "x!"}, "INVALID_LOCALE input.locale"},
			{map[string]any{"channel": "WHATSAPP"}, "INVALID input.channel"},
			{map[string]any{"text": map[string]any{"subject": "{{ a }}", "body": ""}}, "REQUIRED input.text.body"},
			{map[string]any{"text": map[string]any{"subject": "{{ a }}", "body": "x"}}, "INVALID input.text.subject"},
			{map[string]any{"text": map[string]any{"subject": "too long", "body": "x"}}, "TOO_LONG input.text.sms"},
		} {
			equal(t, fmt.Sprint(test.input), look(test.input).userErrors("payload"), test.want)
		}
	})
}
