package main_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"complero/db/dbtest"
	"complero/server/browsertest"
)

// brandValues are a Brand's form as it stands on the page.
func brandValues(changes ...string) url.Values {
	v := url.Values{
		"name": {"Nordlicht Zwei"}, "headingFont": {"System"}, "bodyFont": {"System"}, "cornerRadius": {"MEDIUM"}, "formality": {"FORMAL"},
		"colors.primary": {"#1f5f8b"}, "colors.accent": {"#0f766e"}, "colors.background": {"#ffffff"}, "colors.text": {"#1f2933"},
		"dark.primary": {""}, "dark.accent": {""}, "dark.background": {""}, "dark.text": {""}, "do": {"save"},
	}
	for n := 0; n+1 < len(changes); n += 2 {
		v.Set(changes[n], changes[n+1])
	}
	return v
}

const redSquare = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" fill="#fefefe"/><script>alert(1)</script></svg>`

func TestABrandIsMadePublishedAndTakenBack(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			i, c, _, _ := onDesk(t, engine)
			defer i.stop()
			const desk = "/app/nordlicht-zwei"
			c.expect(desk+"/brand", nil, 200, "Version 1 is in use", `value="#1f5f8b"`, "Save as draft", "14.", "Form")
			// What is looked at is kept nowhere, and offers what can be read.
			shown := c.expect(desk+"/brand", brandValues("do", "look", "colors.text", "#aaa", "bodyFont", "Lora"), 200, "To mend before", `name="take" value="colors.text=#`, "Version 1 is in use")
			take := regexp.MustCompile(`name="take" value="(colors\.text=#[0-9a-f]{6})"`).FindStringSubmatch(shown)
			if take == nil {
				t.Fatal("no colour is offered")
			}
			shown = c.expect(desk+"/brand", brandValues("colors.text", "#aaa", "take", take[1]), 200, `value="`+strings.TrimPrefix(take[1], "colors.text=")+`"`)
			if strings.Contains(shown, "To mend before") {
				t.Error("the colour that is offered does not pass")
			}
			frames := regexp.MustCompile(`<iframe src="([^"]+)"`).FindAllStringSubmatch(shown, -1)
			if len(frames) != 3 {
				t.Fatalf("there are %d frames", len(frames))
			}
			for _, frame := range frames {
				c.expect(strings.ReplaceAll(frame[1], "&amp;", "&"), nil, 200, "Mustermann")
			}
			// Nothing typed is lost, and nothing wrong goes in.
			c.expect(desk+"/brand", brandValues("colors.primary", "reddish", "name", `"><script>alert(1)</script>`), 422, `href="#colors.primary"`, `value="reddish"`, "&lt;script&gt;")
			c.expect(desk+"/brand", brandValues("cornerRadius", "ROUNDISH"), 400)
			// A picker without scripts.
			c.expect(desk+"/brand", brandValues("colors.primary.was", "#1f5f8b", "colors.primary.had", "#1f5f8b", "colors.primary.pick", "#7a1fa2", "colors.text", "#999"), 200, "The draft is saved", `value="#7a1fa2"`, "Contacts do not see this yet")
			c.expect(desk+"/brand/publish", nil, 200, "What changes", "#7a1fa2", "To mend before")
			c.expect(desk+"/brand/publish", url.Values{}, 422, "To mend before", "#colors.text")
			c.expect(desk+"/brand", brandValues("colors.primary", "#7a1fa2"), 200, "The draft is saved")
			c.upload(desk+"/brand/picture", "picture", "logo.svg", []byte(redSquare), url.Values{"which": {"logo"}}, 200, "The picture is in the draft", "hardly")
			c.upload(desk+"/brand/picture", "picture", "logo.svg", []byte("no picture"), url.Values{"which": {"icon"}}, 422, `href="#icon"`)
			c.upload(desk+"/brand/picture", "picture", "logo.png", make([]byte, 4<<20), url.Values{"which": {"icon"}}, 422, "too large")
			c.upload(desk+"/brand/picture", "picture", "x", nil, url.Values{"which": {"logo"}, "do": {"remove"}}, 200, "taken out of the draft")
			c.expect(desk+"/brand/publish", url.Values{}, 200, "It is published", "Version 2 is in use")
			c.expect(desk+"/brand/publish", url.Values{}, 200, "Version 2 is in use")
			c.expect(desk+"/brand/versions", nil, 200, "Version 1", "Version 2")
			c.expect(desk+"/brand/versions/1", nil, 200, "Use this version again", "#7a1fa2", "iframe")
			c.expect(desk+"/brand/versions/1", url.Values{}, 200, "is in use again", "version 1 once more")
			for _, path := range []string{"/brand/versions/9", "/brand/versions/x", "/brand/fonts/none/delete"} {
				c.expect(desk+path, nil, 404)
			}
			c.expect(desk+"/brand", brandValues("name", "Andere"), 200, "The draft is saved")
			c.expect(desk+"/brand/discard", nil, 200, "1 setting goes back")
			c.expect(desk+"/brand/discard", url.Values{}, 200, "The draft is discarded", "Version 3 is in use")

			c.upload(desk+"/brand/tokens", "file", "t.json", []byte(`{"color":{"primary":{"$type":"color","$value":"#7a1fa2"},"shadow":{"$type":"color","$value":"#000"}}}`),
				url.Values{"scheme": {"LIGHT"}}, 200, "It is in the draft", "color.shadow", "Not known")
			c.upload(desk+"/brand/tokens", "file", "t.json", []byte(`{`), url.Values{"scheme": {"LIGHT"}}, 422, `href="#file"`)
			c.expect(desk+"/brand/tokens.json", nil, 200, "7a1fa2")

			font, err := os.ReadFile("../theme/font/testdata/boxes.otf")
			if err != nil {
				t.Fatal(err)
			}
			c.upload(desk+"/brand/fonts", "file", "boxes.otf", font, url.Values{"licence": {""}}, 422, `href="#licence"`)
			fonts := c.upload(desk+"/brand/fonts", "file", "boxes.otf", font, url.Values{"licence": {"<b>unsere</b>"}}, 200, "The font is there", "&lt;b&gt;unsere&lt;/b&gt;", "own-0")
			c.expect(desk+"/brand/fonts.css", nil, 200, `"Own 0"`, ".font-1{")
			remove := regexp.MustCompile(`/brand/fonts/[0-9a-f]+/delete`).FindString(fonts)
			c.expect(desk+remove, nil, 200, "gone for good")
			c.expect("/app/nordlicht"+remove, nil, 404)
			c.expect("/app/nordlicht"+remove, url.Values{}, 404)
			c.expect(desk+remove, url.Values{}, 200, "The font is deleted")

			c.expect(desk+"/brand/imprint", url.Values{"imprint": {"Nordlicht AG"}, "privacyUrl": {"ftp://x"}}, 422, "ftp://x")
			c.expect(desk+"/brand/imprint", url.Values{"imprint": {"Nordlicht AG\nKiel"}, "privacyUrl": {"https://example.com/privacy"}}, 200, "That is saved", "Kiel")

			// Test mode shows it and changes nothing; other Companies are not there.
			c.expect(desk+".test/brand", nil, 200, "changed in live mode", "disabled")
			c.expect(desk+".test/brand", brandValues("name", "Anders"), 422, "live mode only")
			c.expect("/app/sudlicht/brand", nil, 404)
			c.expect("/app/sudlicht/brand", brandValues(), 404)
			c.expect("/app/sudlicht/brand/mail?name=x", nil, 404)
		})
	}
}

func TestABrandsMailIsFramedWithoutScripts(t *testing.T) {
	i, c, _, _ := onDesk(t, dbtest.SQLite)
	defer i.stop()
	for path, want := range map[string]string{
		"/app/nordlicht/brand":                                 "frame-src 'self'",
		"/app/nordlicht/brand/mail?" + brandValues().Encode():  "base-uri 'none'; sandbox",
		"/app/nordlicht/brand/mail?version=1":                  "base-uri 'none'; sandbox",
		"/app/nordlicht/brand/mail?version=1&mode=dark&locale": "base-uri 'none'; sandbox",
	} {
		r, err := c.http.Get(c.base + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		policy := r.Header.Get("Content-Security-Policy")
		if r.StatusCode != http.StatusOK || !strings.Contains(policy, want) || strings.Contains(policy, "script-src 'unsafe") || !strings.Contains(policy, "frame-ancestors") {
			t.Errorf("%s: %d %s", path, r.StatusCode, policy)
		}
	}
}

// A designer types a colour, sees what comes of it, takes the one that is
// offered, and saves.
func TestABrandIsTriedOutWhileTyping(t *testing.T) {
	i := install(t, dbtest.SQLite)
	i.named()
	link, _ := i.signInLink()
	i.start()
	defer i.stop()
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.Record(&log))
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		for n, step := range steps {
			if err := chromedp.Do(ctx, step); err != nil {
				t.Fatalf("step %d: %v", n, err)
			}
		}
	}
	do(
		chromedp.Navigate(link), chromedp.Click(chromedp.CSS("form .button")), chromedp.WaitVisible(chromedp.CSS("#name")),
		chromedp.Navigate(i.URL+"/app/nordlicht/brand"), chromedp.WaitVisible(chromedp.CSS("#look .pairs")),
		chromedp.Clear(chromedp.CSS("#colors\\.text")),
		chromedp.SendKeys(chromedp.CSS("#colors\\.text"), "#aaaaaa"),
		chromedp.WaitVisible(chromedp.CSS("#look .problems")),
		chromedp.Click(chromedp.CSS("#look li.refused button.take")),
		chromedp.WaitNotPresent(chromedp.CSS("#look .problems")),
		chromedp.Click(chromedp.CSS(`button[value="save"]`)),
		chromedp.WaitVisible(chromedp.CSS(".state.draft")),
	)
	if errs := log.Errors(); len(errs) > 0 {
		t.Errorf("the pages complain: %q", errs)
	}
	if hosts := log.Hosts(); len(hosts) != 1 {
		t.Errorf("the pages asked %v", hosts)
	}
}
