package pagetest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"

	"complero/db"
	"complero/db/profile"
)

// consents defines one with Channels and one without.
func (c *cast) consents(set setting) {
	c.t.Helper()
	texts := map[string][2]string{
		"de": {"Neuigkeiten und Angebote", "Ich möchte **Angebote** von " + set.company + " erhalten.\n\n- jederzeit [widerruflich](https://example.com)"},
		"en": {"News and offers", "I would like to hear of **offers** by " + set.company + ".\n\n- to be [withdrawn](https://example.com) at any time"},
		"ar": {"أخبار وعروض", "أرغب في تلقي **عروض** من " + set.company + "."},
	}
	surveys := map[string][2]string{
		"de": {"Umfragen", "Ich mache höchstens einmal im Jahr bei einer Umfrage mit."},
		"en": {"Surveys", "I will take part in a survey, once a year at most."},
		"ar": {"استطلاعات الرأي", "أشارك في استطلاع للرأي مرة واحدة في السنة على الأكثر."},
	}
	for _, key := range []string{"advertising", "survey"} {
		save := db.ConsentDefinitionSave{Key: key, Advertising: ptr(key == "advertising")}
		if key == "advertising" {
			save.Channels = []db.ConsentChannel{db.ConsentEmail, db.ConsentPhone}
		}
		for _, language := range []string{"de", "en", "ar"} {
			text := texts[language]
			if key == "survey" {
				text = surveys[language]
			}
			save.Wordings = append(save.Wordings, db.ConsentWording{Locale: language, Title: text[0], Wording: text[1]})
		}
		_, err := c.live.SaveConsentDefinition(c.t.Context(), save)
		c.must(err)
	}
}

// fields defines a field of the Company's own of each type.
func (c *cast) fields() {
	c.t.Helper()
	label := func(de, en, ar string) []profile.Label {
		return []profile.Label{{Locale: "de", Label: de}, {Locale: "en", Label: en}, {Locale: "ar", Label: ar}}
	}
	colours := []profile.Choice{{Value: "red", Labels: label("Rot", "Red", "أحمر")}, {Value: "blue", Labels: label("Blau", "Blue", "أزرق")}}
	var towns []profile.Choice
	for _, town := range []string{"Kiel", "Lübeck", "Husum", "Plön", "Eutin", "Preetz"} {
		towns = append(towns, profile.Choice{Value: town})
	}
	for _, field := range []struct {
		policy db.Policy
		profile.Definition
	}{
		{db.FieldEditable, profile.Definition{
			Key: "contract_no", Type: profile.TypeText, Pattern: ptr("[A-Z]-[0-9]{4}"), Labels: label("Vertragsnummer", "Contract number", "رقم العقد"),
			Hints: label("Steht auf jeder Rechnung, wie A-4711", "It is on every invoice, like A-4711", "مثل A-4711"),
		}},
		{db.FieldEditable, profile.Definition{Key: "children", Type: profile.TypeNumber, Minimum: ptr(0.0), Maximum: ptr(20.0), Labels: label("Kinder", "Children", "الأطفال")}},
		{db.FieldRequired, profile.Definition{Key: "since", Type: profile.TypeDate, Earliest: ptr("1950-01-01"), Labels: label("Kundin seit", "Customer since", "عميل منذ")}},
		{db.FieldEditable, profile.Definition{Key: "newsletter", Type: profile.TypeBoolean, Labels: label("Rundbrief", "Newsletter", "النشرة")}},
		{db.FieldRequired, profile.Definition{Key: "paperless", Type: profile.TypeBoolean, Labels: label("Post nur digital", "No paper", "بلا ورق")}},
		{db.FieldEditable, profile.Definition{Key: "colour", Type: profile.TypeChoice, Choices: colours, Labels: label("Farbe", "Colour", "اللون")}},
		{db.FieldEditable, profile.Definition{Key: "town", Type: profile.TypeChoice, Choices: towns, Labels: label("Filiale", "Branch", "الفرع")}},
		{db.FieldShown, profile.Definition{Key: "score", Type: profile.TypeNumber, Labels: label("Treuepunkte", "Points", "النقاط")}},
	} {
		_, err := c.live.SaveCustomField(c.t.Context(), db.CustomFieldSave{Definition: field.Definition, Policy: &field.policy})
		c.must(err)
	}
}

// under shows a page while fields are under other policies, as pairs.
func (c *cast) under(show func() *page, pairs ...string) *page {
	c.t.Helper()
	set := func(policy func(n int) db.Policy) {
		var save []db.FieldPolicy
		for n := 0; n+1 < len(pairs); n += 2 {
			save = append(save, db.FieldPolicy{Field: pairs[n], Policy: policy(n)})
		}
		_, err := c.live.SaveFieldPolicies(c.t.Context(), save)
		c.must(err)
	}
	set(func(n int) db.Policy { return db.Policy(pairs[n+1]) })
	defer set(func(int) db.Policy { return db.FieldEditable })
	return show()
}

// drawLogo draws a ring and three bars beside it.
func drawLogo(t *testing.T, ink color.Color) io.Reader {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 320, 80))
	for x := range 320 {
		for y := range 80 {
			from := (x-40)*(x-40) + (y-40)*(y-40)
			ring, bar := from < 1500 && from > 500, x > 100 && x < 300-40*(y/24) && y%24 < 14 && y > 4 && y < 74
			if ring || bar {
				picture.Set(x, y, ink)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return &b
}
