package dashboard

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"complero/frontend"
	"complero/frontend/dashboard/query"
)

// messages are a Request as each Channel would bring it.
type messages struct {
	From, Subject string
	// Mail and Letter are addresses of documents to be shown in a frame; "" for none.
	Mail, Letter string
	SMS          string
	// Length says how long the SMS is, and how many segments it takes.
	Length string
	// Wrong is what keeps them from being made.
	Wrong *form
}

// mostDraft is the largest draft that is read out of an address, in bytes.
const mostDraft = 64 << 10

// messages asks the API how a Request would look.
func (d *desk) messages(r *http.Request, in query.TextPreviewInput) (messages, error) {
	data, err := query.TextPreview(r.Context(), d.api, in)
	if err != nil {
		return messages{Wrong: filled()}, err
	}
	return d.composed(&data.TextPreview, in), nil
}

// composed is what the API made, to be shown.
func (d *desk) composed(made *query.MessagePreview, in query.TextPreviewInput) messages {
	m := messages{Wrong: filled()}
	if d.refuse(m.Wrong, made.UserErrors, previewPaths); len(made.UserErrors) > 0 {
		return m
	}
	if made.Mail != nil {
		m.From, m.Subject, m.Mail = made.Mail.From, made.Mail.Subject, d.frameOf(in, query.ChannelEmail)
	}
	if made.Letter != nil {
		m.Letter = d.frameOf(in, query.ChannelLetter)
	}
	if made.Sms != nil {
		m.SMS = made.Sms.Text
		m.Length = d.voice.Count("text.sms.segments", made.Sms.Segments) + " " +
			d.voice.Say("text.sms."+string(made.Sms.Encoding), "N", d.number(made.Sms.Length))
	}
	return m
}

// previewPaths leads from the API's fields to those of the text's form.
var previewPaths = map[string]string{
	"text.subject": "subject", "text.preheader": "preheader", "text.body": "body", "text.button": "button", "text.sms": "sms",
	"contactExternalId": "contact", "locale": "locale", "formality": "formality",
}

// frameOf is the address of one message by itself. A draft goes along in it, so
// that nothing has to be kept for those who only look.
func (d *desk) frameOf(in query.TextPreviewInput, channel query.Channel) string {
	v := url.Values{"channel": {string(channel)}}
	for name, value := range map[string]*string{
		"name": in.Name, "locale": in.Locale, "formality": (*string)(in.Formality), "contact": in.ContactExternalId, "source": in.Source,
	} {
		if value != nil {
			v.Set(name, *value)
		}
	}
	for _, part := range in.Ask {
		v.Add("ask", string(part))
	}
	if in.ExpiresAt != nil {
		v.Set("expires", in.ExpiresAt.Format(time.RFC3339))
	}
	if in.Text != nil {
		v.Set("draft", packDraft(in.Text))
	}
	return d.root + "/texts/frame?" + v.Encode()
}

func packDraft(t *query.TextDraftInput) string {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		err = json.NewEncoder(z).Encode(t)
	}
	if err != nil || z.Close() != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// unpackDraft reads what packDraft wrote; nil for anything else.
func unpackDraft(text string) *query.TextDraftInput {
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostDraft))
	if err != nil {
		return nil
	}
	t := new(query.TextDraftInput)
	if json.Unmarshal(data, t) != nil {
		return nil
	}
	return t
}

// showFrame answers one message as a document by itself, for a frame: no
// script of it runs, and no link of it leads anywhere.
func (a *App) showFrame(w http.ResponseWriter, r *http.Request, d *desk) error {
	get := func(name string) *string {
		if value := r.FormValue(name); value != "" {
			return &value
		}
		return nil
	}
	channel := query.Channel(r.FormValue("channel"))
	if channel != query.ChannelEmail && channel != query.ChannelLetter {
		return d.missing()
	}
	in := query.TextPreviewInput{
		Name: get("name"), Locale: get("locale"), Formality: (*query.Formality)(get("formality")), ContactExternalId: get("contact"), Source: get("source"),
		Channel: &channel,
	}
	for _, part := range query.AllAsk {
		if slices.Contains(r.Form["ask"], string(part)) {
			in.Ask = append(in.Ask, part)
		}
	}
	if at, err := time.Parse(time.RFC3339, r.FormValue("expires")); err == nil {
		in.ExpiresAt = &at
	}
	if draft := r.FormValue("draft"); draft != "" {
		if in.Text = unpackDraft(draft); in.Text == nil {
			return d.missing()
		}
	}
	data, err := query.TextPreview(r.Context(), d.api, in)
	if err != nil {
		return err
	}
	var html string
	switch made := data.TextPreview; {
	case made.Mail != nil:
		html = made.Mail.Html
	case made.Letter != nil:
		html = made.Letter.Html
	default:
		return d.missing()
	}
	frontend.SendMessage(w, r, html, a.store.BaseOf(d.tenant.Company))
	return nil
}
