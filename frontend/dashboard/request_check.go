package dashboard

import (
	"net/http"
	"strings"

	"complero/frontend/dashboard/query"
)

// A checkPage shows, before anybody is asked, who and how many they are, what
// it costs and what they will read.
type checkPage struct {
	deskFrame
	// Form is what was filled in, to be sent again.
	Form  *form
	Count *audienceCount
	Facts []said
	// Sample is whom the messages are written to, as they would be sent.
	Sample   string
	Messages messages
	// Page is an example of the page that the link opens; "" for none.
	Page  string
	Do    string
	Where string
}

// checkAsk shows what asking would come to.
func (a *App) checkAsk(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := d.request(f, a.store.Now())
	if len(f.Problems) > 0 {
		return d.askPage(w, r, f, nil)
	}
	count, preview, err := a.countAudience(r, d, f)
	if err != nil {
		return err
	}
	if len(count.Wrong.Problems) > 0 || count.N == 0 {
		f.Problems = count.Wrong.Problems
		if len(f.Problems) == 0 {
			f.Problems = []problem{{Field: "asked", Text: d.voice.Say("asking.nobody")}}
		}
		return d.askPage(w, r, f, count)
	}
	p := &checkPage{
		deskFrame: d.frame("requests", d.counted("asking.check.title", count.N)), Form: &form{Values: f.Values}, Count: count,
		Do: d.counted("asking.do", count.N), Where: d.root + "/requests/new",
	}
	var asks []string
	for _, part := range in.Ask {
		asks = append(asks, d.voice.Say("ask."+string(part)))
	}
	text := d.voice.Say("asking.text.default")
	if in.Text != nil {
		text = *in.Text
	}
	last := in.ExpiresAt.AddDate(0, 0, -1)
	p.Facts = []said{
		{d.voice.Say("request.asks"), strings.Join(asks, ", ")},
		{d.voice.Say("request.text.title"), text},
		{d.voice.Say("request.expires"), d.day(&last)},
	}
	mail := query.ChannelEmail
	look := query.TextPreviewInput{Name: in.Text, Ask: in.Ask, ExpiresAt: &last, Channel: &mail}
	if s := preview.Sample; s != nil {
		p.Sample = s.DisplayName
		if len(s.ExternalIds) > 0 {
			look.ContactExternalId, look.Source = &s.ExternalIds[0].Value, &s.ExternalIds[0].Source
		}
	}
	made, err := query.AskingLookAt(r.Context(), d.api, look)
	if err != nil {
		return err
	}
	if p.Messages = d.composed(&made.TextPreview, look); made.BrandPreview != nil {
		p.Page = made.BrandPreview.PageUrl
	}
	return sendFraming(w, r, http.StatusOK, checkView(p))
}
