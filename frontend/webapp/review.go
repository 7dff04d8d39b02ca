package webapp

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/db/profile"
	"complero/frontend"
)

// A reviewPage shows, before anything is saved, what a form would change.
type reviewPage struct {
	frame
	Changes []change
	// Asked tells of each new address that it has to be confirmed first.
	Asked []string
	// Granted are the Consents that would be given.
	Granted []grant
	// Sent is the form itself, to be posted again.
	Sent []pair
}

// A change is one difference, in words. A nil side is nothing.
type change struct {
	Label         string
	Before, After string
}

// Unchanged reports whether the form says just what is on file.
func (p *reviewPage) Unchanged() bool { return len(p.Changes) == 0 && len(p.Granted) == 0 }

// review shows what the form would change; what is wrong with it is shown on
// the form.
func (a *App) review(w http.ResponseWriter, r *http.Request, v *visit) error {
	f := v.readForm(r.PostForm)
	s := v.send(f)
	var changes []profile.Change
	var asked []string
	if s.data != nil {
		preview, err := v.link.Preview(r.Context(), db.Answer{Data: s.data})
		if db.CodeOf(err) == db.ConflictCode {
			return v.conflict()
		}
		if err != nil && !mendable(err) {
			return err
		}
		s.answerErrors(v, db.ErrorsOf(err))
		if preview != nil {
			changes = preview.Changes
			v.inOrder(changes)
			for _, p := range preview.Proposed {
				asked = append(asked, v.voice.Say(textsOfPlace[p.Kind].asks, "Address", upright(v.voice, shownPlace(p.Kind, p.Address))))
			}
		}
	}
	if len(s.problems) > 0 {
		return a.showProblems(w, r, v, f, s.problems)
	}
	p := reviewPage{frame: v.frame(v.voice.Say("review.title")), Granted: v.granting(r), Sent: append(f.pairs(), consentPairs(r)...)}
	p.Asked = asked
	for _, c := range changes {
		p.Changes = append(p.Changes, v.change(c))
	}
	if p.Unchanged() {
		p.Title = v.voice.Say("review.unchanged.title")
	}
	p.Until, p.Tongues = v.until(), tongues{Do: "review"}
	return frontend.Send(w, r, http.StatusOK, reviewView(&p))
}

// granting are the Consents that a posted form would give.
func (v *visit) granting(r *http.Request) []grant {
	var list []grant
	for _, decision := range v.decisions(r) {
		if !decision.Granted {
			continue
		}
		g := grant{Title: decision.Key}
		for _, d := range v.asked() {
			if w := d.WordingFor(v.voice.Tag); d.Key == decision.Key && w != nil {
				g.Title = w.Title
			}
		}
		if decision.Channel != nil {
			g.Channel = v.voice.Say(channelTexts[*decision.Channel])
		}
		list = append(list, g)
	}
	return list
}

// consentPairs are the wordings that were shown and the boxes that were ticked.
func consentPairs(r *http.Request) []pair {
	var list []pair
	for name, values := range r.PostForm {
		if strings.HasPrefix(name, "wording.") || strings.HasPrefix(name, "consent.") {
			list = append(list, pair{name, values[0]})
		}
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// change puts a change into words.
func (v *visit) change(c profile.Change) change {
	list, rest, isRow := strings.Cut(c.Field, "[")
	if key, isCustom := strings.CutPrefix(c.Field, "customFields."); isCustom {
		return change{v.customName(key), v.customValue(key, c.Before), v.customValue(key, c.After)}
	}
	if !isRow {
		return change{v.voice.Say(fieldTexts[c.Field]), v.value(c.Field, c.Before), v.value(c.Field, c.After)}
	}
	number, leaf, hasLeaf := strings.Cut(rest, "].")
	label := wholeTexts[list]
	if hasLeaf {
		label = fieldTexts[list+"."+leaf]
	}
	out := change{v.voice.Say(label), v.value(list+"."+leaf, c.Before), v.value(list+"."+leaf, c.After)}
	if !hasLeaf {
		out.Before, out.After = v.entry(list, c.Before), v.entry(list, c.After)
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(number, "]")); err == nil && n > 0 && hasLeaf {
		out.Label = v.voice.Say("form.entry", "What", out.Label, "Number", strconv.Itoa(n+1))
	}
	return out
}

// wholeTexts name whole entries.
var wholeTexts = map[string]string{"emails": "field.email", "phones": "field.phone", "addresses": "field.address"}

// value shows one side of a change of a single field; "" for none.
func (v *visit) value(field string, raw json.RawMessage) string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return ""
	}
	s, isText := value.(string)
	if !isText {
		return ""
	}
	switch field {
	case "birthDate":
		return v.day(s)
	case "locale":
		return languageName(s)
	case "emails.address":
		return profile.DisplayEmail(s)
	case "phones.number":
		return v.phones.of(s)
	case "addresses.countryCode":
		return v.voice.Country(s)
	case "emails.use", "phones.use", "addresses.use":
		return v.voice.Say(useTexts[profile.Use(s)])
	case "phones.kind":
		return v.voice.Say(kindTexts[profile.PhoneKind(s)])
	}
	return s
}

// entry shows a whole entry that comes or goes, in lines; "" for none.
func (v *visit) entry(list string, raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	switch list {
	case "emails":
		var e profile.Email
		if json.Unmarshal(raw, &e) == nil {
			return profile.DisplayEmail(e.Address)
		}
	case "phones":
		var n profile.Phone
		if json.Unmarshal(raw, &n) == nil {
			return v.phones.of(n.Number)
		}
	case "addresses":
		var a profile.Address
		if json.Unmarshal(raw, &a) == nil {
			return strings.Join(addressLines(v.voice, a, v.link.Company.CountryCode), "\n")
		}
	}
	return ""
}
