package webapp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"complero/db"
)

// A grant is a Consent that holds, with what a page needs to withdraw it.
type grant struct {
	ID      string
	Title   string
	Channel string
	Date    string
}

// A question is one ConsentDefinition as it is put to the Contact.
type question struct {
	Key   string
	Title string
	// Words are the wording, made from Markdown; Locale is its language.
	Words  templ.Component
	Locale string
	// Version is what is shown, and therefore what is decided on.
	Version int
	Boxes   []box
}

// A box is one choice of a question: an unticked box, or what was granted.
type box struct {
	Name    string
	Label   string
	Channel *db.ConsentChannel
	Ticked  bool
	// Granted is the Consent that holds already, if any.
	Granted *grant
}

// agreeTexts and channelTexts name what a Consent opens.
var (
	agreeTexts = map[db.ConsentChannel]string{
		db.ConsentEmail: "consent.EMAIL", db.ConsentSMS: "consent.SMS", db.ConsentWhatsApp: "consent.WHATSAPP",
		db.ConsentLetter: "consent.LETTER", db.ConsentPhone: "consent.PHONE",
	}
	channelTexts = map[db.ConsentChannel]string{
		db.ConsentEmail: "channel.EMAIL", db.ConsentSMS: "channel.SMS", db.ConsentWhatsApp: "channel.WHATSAPP",
		db.ConsentLetter: "channel.LETTER", db.ConsentPhone: "channel.PHONE",
	}
)

// grants are the Contact's Consents that hold, which every page that shows
// data offers to withdraw, whatever the Request asks about.
func (v *visit) grants() []grant {
	var list []grant
	for _, c := range v.link.Consents {
		if c.State == db.ConsentGranted {
			list = append(list, v.grant(c))
		}
	}
	return list
}

func (v *visit) grant(c *db.Consent) grant {
	g := grant{ID: c.ID, Title: v.voice.Say("group.consents"), Channel: v.voice.Say(channelTexts[c.ChannelOrNone]), Date: v.date(c.DecidedAt)}
	if c.ChannelOrNone == "" {
		g.Channel = ""
	}
	if w := v.link.WordingOf(c); w != nil {
		g.Title = w.Title
	}
	return g
}

// decided returns the latest decision about a definition and Channel; nil if
// there is none that still counts.
func (v *visit) decided(definition string, channel db.ConsentChannel) *db.Consent {
	for _, c := range v.link.Consents {
		if c.DefinitionID == definition && c.ChannelOrNone == channel && c.State != db.ConsentExpired {
			return c
		}
	}
	return nil
}

// openQuestion reports whether there is a Consent that the Request asks for
// and the Contact has never decided on.
func (v *visit) openQuestion() bool {
	return slices.ContainsFunc(v.asked(), func(d *db.ConsentDefinition) bool {
		return slices.ContainsFunc(channelsOf(d), func(c db.ConsentChannel) bool { return v.decided(d.ID, c) == nil })
	})
}

// asked are the definitions that the Request asks for.
func (v *visit) asked() []*db.ConsentDefinition {
	if !v.link.Request.Asks(db.AskConsents) {
		return nil
	}
	var list []*db.ConsentDefinition
	for _, d := range v.link.Definitions {
		if d.Active {
			list = append(list, d)
		}
	}
	return list
}

// channelsOf are the Channels to decide on; "" alone where there are none.
func channelsOf(d *db.ConsentDefinition) []db.ConsentChannel {
	if len(d.Channels) == 0 {
		return []db.ConsentChannel{""}
	}
	return d.Channels
}

// questions puts what the Request asks for to the Contact. ticked tells which
// boxes are ticked, by name; on a fresh page none is.
func (a *App) questions(v *visit, ticked func(name string) bool) []question {
	var list []question
	for _, d := range v.asked() {
		w := d.WordingFor(v.voice.Tag)
		if w == nil {
			continue
		}
		q := question{
			Key: d.Key, Title: w.Title, Locale: w.Locale, Version: d.Version,
			Words: a.wordings.html(d.ID, d.Version, w),
		}
		for _, channel := range channelsOf(d) {
			q.Boxes = append(q.Boxes, v.box(d, channel, ticked))
		}
		list = append(list, q)
	}
	return list
}

func (v *visit) box(d *db.ConsentDefinition, channel db.ConsentChannel, ticked func(string) bool) box {
	b := box{Name: "consent." + d.Key, Label: v.voice.Say("consent.agree")}
	if channel != "" {
		b.Name += "." + string(channel)
		b.Label = v.voice.Say(agreeTexts[channel])
		b.Channel = &channel
	}
	if c := v.decided(d.ID, channel); c != nil && c.State == db.ConsentGranted {
		g := v.grant(c)
		b.Granted = &g
	}
	b.Ticked = b.Granted == nil && ticked(b.Name)
	return b
}

// shown is the value of the hidden field that says which wording was shown.
func (q *question) shown() string { return strconv.Itoa(q.Version) + " " + q.Locale }

// decisions reads what a posted form says about Consents. A box that was shown
// and left unticked is a no; one that was not shown says nothing.
func (v *visit) decisions(r *http.Request) []db.ConsentDecision {
	var list []db.ConsentDecision
	for _, d := range v.asked() {
		version, locale, found := strings.Cut(r.PostForm.Get("wording."+d.Key), " ")
		number, err := strconv.Atoi(version)
		if !found || err != nil || number < 1 {
			continue
		}
		for _, channel := range channelsOf(d) {
			b := v.box(d, channel, r.PostForm.Has)
			if b.Granted != nil {
				continue
			}
			list = append(list, db.ConsentDecision{Key: d.Key, Channel: b.Channel, Granted: b.Ticked, Version: number, Locale: locale})
		}
	}
	return list
}

// withdraw takes back one Consent, or all of them, also after expiry and before
// a Verification: withdrawing is as easy as granting (Art. 7 (3) GDPR).
func (a *App) withdraw(w http.ResponseWriter, r *http.Request) error {
	v, err := a.posted(w, r)
	if err != nil {
		return err
	}
	if chosen := r.PostForm.Get("consent"); chosen == "all" {
		err = v.link.WithdrawAll(r.Context(), evidence(r))
	} else {
		err = v.link.Withdraw(r.Context(), chosen, evidence(r))
	}
	// Whether there was anything to withdraw is nobody's business but the
	// Contact's, and either way nothing is granted any more.
	if code := db.CodeOf(err); err != nil && code != db.NotFoundCode && code != db.ConflictCode {
		return err
	}
	return a.showNotice(w, r, &notice{
		status: http.StatusOK, title: "consent.withdrawn.title", text: "consent.withdrawn",
		visit: v, reload: v.link.State == db.LinkOpen || v.link.State == db.LinkUnverified,
	})
}

// withdrawal says what a button withdraws, to those who do not see where it stands.
func (g *grant) withdrawal(f *frame) string {
	return f.Say("consent.withdraw.name", "Title", join(f.Say("list.comma"), g.Title, g.Channel))
}

// undecided reports whether the Contact has decided on none of a question's boxes.
func (v *visit) undecided(q question) bool {
	for _, d := range v.asked() {
		if d.Key != q.Key {
			continue
		}
		for _, channel := range channelsOf(d) {
			if v.decided(d.ID, channel) != nil {
				return false
			}
		}
	}
	return true
}
