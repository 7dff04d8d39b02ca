package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db"
)

func TestTextsAreWrittenInTheDashboard(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			s.Only = onlyWeb
			r := start(t, s)
			own, other := account(t, s, "Holding", "Nord"), account(t, s, "Andere", "Süd")
			v := r.visitor(t, own.CompanyID, db.CompanyAdmin)
			status, body, _ := v.get("nord/texts")
			v.wants("the list", status, body, 200, "The usual text", "German", "built in", "!version 1")
			const edit = "nord/texts/edit?formality=FORMAL&locale=de&name=default"
			status, body, _ = v.get(edit)
			v.wants("the built-in text", status, body, 200, "the built-in text is in use", "{{ greeting }}", "contact.givenName", "!Back to the built-in text")

			key := func(subject, text string) url.Values {
				return url.Values{"name": {"default"}, "locale": {"de"}, "formality": {"FORMAL"}, "subject": {subject}, "body": {text}, "sms": {"{{ link }}"}}
			}
			wrong := key("Hallo <b>", "Guten Tag\n\n  {{ nothing }} "+script)
			status, body, _ = v.post("nord/texts/edit", wrong)
			v.wants("a wrong text", status, body, 422, "line 3, column 3", "Hallo &lt;b&gt;", "&lt;script&gt;", "!<script>alert", "built-in text is in use")
			status, body, _ = v.send(http.MethodPost, "nord/texts/preview", wrong, map[string]string{"HX-Request": "true"})
			v.wants("its live preview", status, body, 200, "line 3, column 3", "!<html", "!<iframe")
			status, body, _ = v.post("nord/texts/preview", wrong)
			v.wants("its preview without scripts", status, body, 422, "line 3, column 3", "Hallo &lt;b&gt;", "<html")

			right := key("Frage eins", "{{ greeting }}\n\nStimmt das **alles**? "+script)
			status, body, _ = v.send(http.MethodPost, "nord/texts/preview", right, map[string]string{"HX-Request": "true"})
			v.wants("a live preview", status, body, 200, "Frage eins", "1 segment.", "characters")
			frames := regexp.MustCompile(`<iframe[^>]* src="/app/([^"]+)" sandbox=""`).FindAllStringSubmatch(body, -1)
			if len(frames) != 2 {
				t.Fatalf("mail and letter are not shown\n%s", body)
			}
			for _, f := range frames {
				status, html, _ := v.get(strings.ReplaceAll(f[1], "&amp;", "&"))
				v.wants("a message in its frame", status, html, 200, "<strong>alles</strong>", "Mustermann", "!<script>alert")
			}
			r.frames(t, v, strings.ReplaceAll(frames[0][1], "&amp;", "&"), other)

			status, body, at := v.post("nord/texts/edit", right)
			v.wants("saving", status, body, 200, "From now on Requests go out with this text", "version 1 of", "Frage eins")
			if at != edit+"&done=textSaved" && !strings.Contains(at, "done=textSaved") {
				t.Errorf("saving leads to %s", at)
			}
			v.post("nord/texts/edit", key("Frage zwei", "{{ greeting }} und nun?"))
			status, body, _ = v.post("nord/texts/restore", url.Values{"name": {"default"}, "locale": {"de"}, "formality": {"FORMAL"}, "version": {"1"}})
			v.wants("taking version 1 again", status, body, 200, "That version is in use again", "Version 3", `value="Frage eins"`)
			status, body, _ = v.get("nord/texts")
			v.wants("the list then", status, body, 200, "version 3 of", "your own")
			status, body, _ = v.get("nord/texts/delete?formality=FORMAL&locale=de&name=default")
			v.wants("the question", status, body, 200, "Your 3 versions stay", "German")
			status, body, _ = v.post("nord/texts/delete", url.Values{"name": {"default"}, "locale": {"de"}, "formality": {"FORMAL"}})
			v.wants("deleting", status, body, 200, "The built-in text is in use again", "Version 4: deleted", "{{ greeting }}")
			status, body, _ = v.post("nord/texts/delete", url.Values{"name": {"default"}, "locale": {"de"}, "formality": {"FORMAL"}})
			v.wants("deleting twice", status, body, 422, "not there")

			status, body, _ = v.get("nord.test/texts/edit?locale=de&name=default&formality=FORMAL")
			v.wants("in test mode", status, body, 200, "are changed in live mode", "!Save and use", "/app/nord/texts/edit")
			stranger := r.visitor(t, other.CompanyID, db.CompanyAdmin)
			for _, path := range []string{"nord/texts", edit, "nord/texts/delete?locale=de&name=default", "nord/texts/edit", "sud/texts/delete?locale=de&name=default&formality=FORMAL"} {
				if status, body, _ := stranger.get(path); status != 404 {
					t.Errorf("a stranger gets %s: %d\n%s", path, status, body)
				}
			}
			if status, _, _ := stranger.post("nord/texts/edit", right); status != 404 {
				t.Errorf("a stranger saves a text: %d", status)
			}
		})
	}
}

// frames asks for messages that there are not, and looks at how one is sent.
func (r *running) frames(t *testing.T, v *visitor, path string, other db.Account) {
	t.Helper()
	r.call(t, other.LiveKey, `mutation { contactsUpload(input: {contacts: [{externalId: "S-1"}]}) { operation { id } } }`, nil)
	for _, wrong := range []string{"nord/texts/frame", "nord/texts/frame?channel=SMS", "nord/texts/frame?channel=EMAIL&draft=x", "nord/texts/frame?channel=EMAIL&contact=S-1", "nord/texts/frame?channel=EMAIL&locale=%00"} {
		if status, body, _ := v.get(wrong); status < 400 || status >= 500 {
			t.Errorf("%s answers %d\n%s", wrong, status, body)
		}
	}
	answer, err := v.http.Get(v.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	policy := answer.Header.Get("Content-Security-Policy")
	for _, rule := range []string{"default-src 'none'", "frame-ancestors 'self'", "sandbox"} {
		if !strings.Contains(policy, rule) || strings.Contains(policy, "script") {
			t.Errorf("a message may do %s", policy)
		}
	}
}
