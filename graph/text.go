package graph

import (
	"context"
	"errors"
	"slices"

	"complero/db"
	"complero/graph/model"
	"complero/theme"
)

// A Composer makes messages, which is not this package's business.
type Composer interface {
	// Compose makes a message for every Channel as it would be sent.
	Compose(ctx context.Context, t *db.Tenant, d TextDraft) (*Composed, error)
	// BuiltInTexts are those that are sent where a Company has none of its own.
	BuiltInTexts() []*db.Text
}

// A TextDraft is a Request to look at.
type TextDraft struct {
	Outgoing *db.Outgoing
	// Brand is the one to show it in, with the nearest colours where people
	// could not read its own; nil means the Company's published one.
	Brand *db.Brand
	// Text is the wording to try; nil means the one that would be sent.
	Text *theme.Template
	// Formality is the way of address to try; nil means the Brand's.
	Formality *theme.Formality
}

// Composed is a Request as each Channel would bring it.
type Composed struct {
	Locale string // BCP 47
	From   string // the visible sender of a mail
	Mail   theme.Rendered
	SMS    theme.SMS
	Letter theme.Letter
}

var errNoComposer = errors.New("messages cannot be made here")

func composer(ctx context.Context) (Composer, error) {
	c := handler(ctx).composer
	if c == nil {
		return nil, errNoComposer
	}
	return c, nil
}

func (queryResolver) Texts(ctx context.Context, name *string, deleted *bool) ([]*db.Text, error) {
	texts, err := tenant(ctx).Texts(ctx, db.TextFilter{Name: name, Deleted: orZero(deleted)})
	rowsOf(ctx).texts.add(texts)
	return texts, err
}

func (queryResolver) BuiltInTexts(ctx context.Context) ([]*db.Text, error) {
	c, err := composer(ctx)
	if err != nil {
		return nil, err
	}
	return c.BuiltInTexts(), nil
}

func (queryResolver) TextFields(context.Context) (*model.TextFields, error) {
	return &model.TextFields{Fields: pointers(db.TextFields()), Filters: pointers(db.TextFilters())}, nil
}

func pointers[T any](list []T) []*T {
	all := make([]*T, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}

// Versions are those that were saved; a built-in text has none.
func (textResolver) Versions(ctx context.Context, text *db.Text) ([]*db.Text, error) {
	if text.Version == 0 {
		return []*db.Text{}, nil
	}
	r := rowsOf(ctx)
	versions, err := r.textVersions.get(ctx, text.TextKey, func() []db.TextKey {
		return keysOf(r.texts.of(text), func(v *db.Text) db.TextKey { return v.TextKey })
	})
	return orNone(versions), err
}

func (mutationResolver) TextSave(ctx context.Context, in model.TextSaveInput) (*model.TextPayload, error) {
	return textPayload(tenant(ctx).SaveText(ctx, db.TextSave{
		TextKey: textKey(in.Name, in.Locale, in.Formality),
		Template: theme.Template{
			Subject: in.Subject, Preheader: orZero(in.Preheader), Body: in.Body, Button: orZero(in.Button), SMS: orZero(in.Sms),
		},
	}))
}

func (mutationResolver) TextDelete(ctx context.Context, in model.TextDeleteInput) (*model.TextPayload, error) {
	return textPayload(tenant(ctx).DeleteText(ctx, textKey(in.Name, in.Locale, in.Formality)))
}

func textKey(name *string, locale string, formality *theme.Formality) db.TextKey {
	return db.TextKey{Name: orZero(name), Locale: locale, Formality: orZero(formality)}
}

func textPayload(text *db.Text, err error) (*model.TextPayload, error) {
	errs, err := userErrors(err)
	return &model.TextPayload{Text: text, UserErrors: errs}, err
}

func (queryResolver) TextPreview(ctx context.Context, in model.TextPreviewInput) (*model.TextPreview, error) {
	if c := in.Channel; c != nil && !slices.Contains([]db.Channel{db.Email, db.SMS, db.Letter}, *c) {
		return textPreview(nil, nil, &db.Error{Code: db.Invalid, Path: []string{"channel"}, Message: "there is no text for this Channel yet; choose EMAIL, SMS or LETTER"})
	}
	c, err := compose(ctx, in)
	return textPreview(c, in.Channel, err)
}

func compose(ctx context.Context, in model.TextPreviewInput) (*Composed, error) {
	c, err := composer(ctx)
	if err != nil {
		return nil, err
	}
	t := tenant(ctx)
	d := TextDraft{Formality: in.Formality}
	if in.Text != nil {
		draft, err := t.CheckTemplate(ctx, theme.Template{
			Subject: in.Text.Subject, Preheader: orZero(in.Text.Preheader), Body: in.Text.Body, Button: orZero(in.Text.Button), SMS: orZero(in.Text.Sms),
		})
		if err != nil {
			return nil, inText(err)
		}
		d.Text = &draft
	}
	d.Outgoing, err = t.SampleOutgoing(ctx, db.TextSample{ContactExternalID: in.ContactExternalID, Source: in.Source, Locale: in.Locale, Ask: in.Ask, ExpiresAt: in.ExpiresAt, Note: in.Note})
	if err != nil {
		return nil, err
	}
	d.Outgoing.Request.TextName = in.Name
	made, err := c.Compose(ctx, t, d)
	if d.Text != nil {
		err = inText(err)
	}
	return made, err
}

// inText puts the field text before the paths of a draft's errors.
func inText(err error) error {
	errs := db.ErrorsOf(err)
	if len(errs) == 0 {
		return err
	}
	within := make(db.Errors, len(errs))
	for i, e := range errs {
		within[i] = &db.Error{Code: e.Code, Message: e.Message, Path: e.Path}
		if len(e.Path) > 0 {
			within[i].Path = append([]string{"text"}, e.Path...)
		}
	}
	return within
}

func textPreview(c *Composed, only *db.Channel, err error) (*model.TextPreview, error) {
	errs, err := userErrors(err)
	p := &model.TextPreview{UserErrors: errs}
	if c == nil {
		return p, err
	}
	wanted := func(channel db.Channel) bool { return only == nil || *only == channel }
	p.Locale = &c.Locale
	if wanted(db.Email) {
		p.Mail = &model.MailPreview{From: c.From, Subject: c.Mail.Subject, HTML: c.Mail.HTML, Text: c.Mail.Text}
	}
	if wanted(db.SMS) {
		p.Sms = &c.SMS
	}
	if wanted(db.Letter) {
		p.Letter = &c.Letter
	}
	return p, err
}
