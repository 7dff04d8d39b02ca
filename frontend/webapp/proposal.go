package webapp

import (
	"net/http"
	"strings"

	"complero/db"
	"complero/db/profile"
	"complero/frontend"
	"complero/frontend/locales"
)

// An addressPage stands behind the link in a message about a new address or
// number: at the new place to confirm it, at the old one to undo it, or what came
// of it. It shows nothing of the Contact but the address.
type addressPage struct {
	frame
	Text, Yes, UndoYes string
	Address            string
	// Confirm and Undo offer to do so.
	Confirm, Undo bool
}

// placeTexts are what is said of a new address or a new number.
type placeTexts struct {
	// ended are the title and the text of a Proposal that has ended, for the place
	// that has brought that about.
	ended         map[db.ProposalStatus][2]string
	confirm, undo [2]string
	// yes are the buttons that do so.
	confirmYes, undoYes string
	asks, waitsHint     string
}

var textsOfPlace = map[db.ProposalKind]*placeTexts{
	db.ProposalEmail: {
		ended: map[db.ProposalStatus][2]string{
			db.ProposalConfirmed: {"address.confirmed.title", "address.confirmed"},
			db.ProposalRefused:   {"address.refused.title", "address.refused"},
			db.ProposalUndone:    {"address.undone.title", "address.undone"},
		},
		confirm: [2]string{"address.confirm.title", "address.confirm"}, confirmYes: "address.confirm.yes",
		undo: [2]string{"address.undo.title", "address.undo"}, undoYes: "address.undo.yes",
		asks: "address.asks", waitsHint: "address.waits.hint",
	},
	db.ProposalPhone: {
		ended: map[db.ProposalStatus][2]string{
			db.ProposalConfirmed: {"number.confirmed.title", "number.confirmed"},
			db.ProposalRefused:   {"address.refused.title", "number.refused"},
			db.ProposalUndone:    {"number.undone.title", "number.undone"},
		},
		confirm: [2]string{"number.confirm.title", "number.confirm"}, confirmYes: "number.confirm.yes",
		undo: [2]string{"number.undo.title", "number.undo"}, undoYes: "number.undo.yes",
		asks: "number.asks", waitsHint: "number.waits.hint",
	},
}

// shownPlace is an address or number as people write it.
func shownPlace(k db.ProposalKind, address string) string {
	if k == db.ProposalPhone {
		return showPhone(address)
	}
	return profile.DisplayEmail(address)
}

// upright keeps a number the right way round in a sentence that runs from right
// to left, by a mark that shows nothing (UAX #9, LRM).
func upright(v *locales.Voice, text string) string {
	if v.Dir == "rtl" && strings.HasPrefix(text, "+") {
		return "\u200e" + text
	}
	return text
}

func (a *App) showAddress(w http.ResponseWriter, r *http.Request) error {
	l, err := a.store.OpenProposal(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return frontend.Send(w, r, http.StatusOK, addressView(a.addressPage(r, l)))
}

// address confirms, refuses or undoes, as the pressed button says. What came
// of it the page tells when it is opened again.
func (a *App) address(w http.ResponseWriter, r *http.Request) error {
	l, err := a.store.OpenProposal(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := form(w, r); err != nil {
		return err
	}
	switch r.PostForm.Get("do") {
	case "confirm":
		err = l.Confirm(r.Context())
	case "refuse":
		err = l.Refuse(r.Context())
	case "undo":
		err = l.TakeBack(r.Context())
	}
	if err != nil && db.CodeOf(err) != db.ConflictCode {
		return err
	}
	http.Redirect(w, r, r.URL.Path+langQuery(chosenLanguage(r)), http.StatusSeeOther)
	return nil
}

func (a *App) addressPage(r *http.Request, l *db.ProposalLink) *addressPage {
	look, c := a.looks.of(l.Company, l.Brand), l.Company
	chosen := chosenLanguage(r)
	voice := locales.For(look.Formality, chosen, l.Locale, c.Locale)
	p := &addressPage{frame: frame{
		Voice: voice, Look: look, Root: "/address/" + r.PathValue("token"), Query: langQuery(chosen), Test: l.Mode == db.Test,
		Support: newSupport(textOf(c.SupportContact)), Imprint: textOf(c.Imprint), PrivacyURL: textOf(c.PrivacyURL),
	}, Address: shownPlace(l.Kind, l.Address)}
	say := textsOfPlace[l.Kind]
	texts := say.ended[l.Status]
	switch {
	case l.Open && l.Undo:
		texts, p.Undo, p.UndoYes = say.undo, true, voice.Say(say.undoYes)
	case l.Open:
		texts, p.Confirm, p.Yes = say.confirm, true, voice.Say(say.confirmYes)
	case l.Undo != (l.Status == db.ProposalUndone) || texts[0] == "":
		texts = [2]string{"address.ended.title", "address.ended"}
	}
	p.Title = voice.Say(texts[0])
	p.Text = voice.Say(texts[1], "Company", look.Name, "Date", voice.Date(l.ExpiresAt.In(a.zone(c))))
	return p
}

// A waitingAddress is a new address or number that has yet to be confirmed.
type waitingAddress struct{ Title, Hint, ID string }

// waiting are the new addresses that the Contact has yet to confirm.
func (v *visit) waiting() []waitingAddress {
	var list []waitingAddress
	for _, p := range v.link.Waiting {
		list = append(list, waitingAddress{
			Title: v.voice.Say("address.waits", "Address", upright(v.voice, shownPlace(p.Kind, p.Address))),
			Hint:  v.voice.Say(textsOfPlace[p.Kind].waitsHint, "Date", v.date(p.ExpiresAt)), ID: p.ID,
		})
	}
	return list
}

// keep has an address that waits not take the place of what is on file.
func (a *App) keep(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := v.link.WithdrawProposal(r.Context(), r.PostForm.Get("proposal")); err != nil {
		return err
	}
	http.Redirect(w, r, v.at(""), http.StatusSeeOther)
	return nil
}
