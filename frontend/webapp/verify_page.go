package webapp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/db/verification"
	"complero/frontend"
)

// A verifyPage asks for what only the Contact should know. It shows nothing of
// the Contact: not who asks, nor whether what it asks for is on file.
type verifyPage struct {
	frame
	Text string
	// Fields are those to fill in; Day, Month and Year are the birth date's.
	Fields []field
	Birth  []field
	// BirthProblem is what is wrong with the birth date as a whole.
	BirthProblem string
	Problems     []problem
	// Wrong tells that what was typed does not match.
	Wrong string
	// Status tells of something that was just done.
	Status string
	// Send and Again are the buttons to have a code sent; "" is none.
	Send, Again string
	// Kept is what was posted meanwhile, to go on with afterwards.
	Kept []pair
	// Then is the page to go on with.
	Then string
	// Locked says for how long nothing can be entered.
	Locked string
	// AsksConsents tells that there may be something to withdraw.
	AsksConsents bool
}

// verifyPrefix begins the names of the page's own fields; thenField is the one
// for where to go on.
const (
	verifyPrefix = "verify."
	thenField    = verifyPrefix + "then"
)

// send sends the page, or the one that tells how long nothing can be entered.
func (p *verifyPage) send(w http.ResponseWriter, r *http.Request, status int, try *db.VerificationTry) error {
	if try.LockedFor > 0 {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(try.LockedFor.Seconds())+1))
	}
	return frontend.Send(w, r, status, verifyView(p))
}

// verifyPage is the page for how it stands; typed is a post of its own, whose
// entries it shows again, or nil.
func (v *visit) verifyPage(try *db.VerificationTry, typed *http.Request) *verifyPage {
	p := &verifyPage{frame: v.frame(v.voice.Say("verify.title")), AsksConsents: len(v.link.Definitions) > 0}
	p.Text = v.voice.Say("verify.lead", "Company", v.company())
	if typed != nil {
		p.Kept, p.Then = keptPairs(typed), thenOf(typed)
	}
	switch {
	case try.LockedFor > verification.FirstLock:
		p.Locked = v.voice.Say("verify.locked.day")
	case try.LockedFor > 0:
		p.Locked = v.voice.Say("verify.locked.hour")
	case try.AsksCode() && !try.HasCode && !try.MayHaveCode:
		p.Text = v.voice.Say("verify.code.enough")
	case try.AsksCode() && !try.HasCode:
		p.Send = v.voice.Say("verify.code.send")
		p.Text = v.voice.Say(codeTexts(try).lead, "Company", v.company())
	default:
		v.askFacts(p, try.Asked, typed)
		if try.AsksCode() && try.MayHaveCode {
			p.Again = v.voice.Say("verify.code.again")
		}
	}
	if p.Locked != "" {
		p.Title = v.voice.Say("verify.locked.title")
	}
	return p
}

// askFacts adds the fields for what is asked.
func (v *visit) askFacts(p *verifyPage, asked []verification.Kind, typed *http.Request) {
	value := func(name string) string {
		if typed == nil {
			return ""
		}
		return typed.PostForm.Get(name)
	}
	for _, k := range asked {
		if k == verification.BirthDate {
			for _, part := range birthParts {
				name := verifyPrefix + part.name
				p.Birth = append(p.Birth, field{Name: name, Label: v.voice.Say(part.label), Value: value(name), Type: "text", Complete: part.complete, Mode: "numeric"})
			}
			continue
		}
		as := factInputs[k]
		f := field{Name: factField(k), Label: v.voice.Say(as.label), Type: "text", Complete: as.complete, Mode: as.mode}
		if as.hint != "" {
			f.Hint = v.voice.Say(as.hint, "Company", v.company())
		}
		if !k.IsCode() {
			f.Value = value(f.Name)
		}
		p.Fields = append(p.Fields, f)
	}
}

// birthParts are the three fields of a birth date.
var birthParts = []struct{ name, label, complete string }{
	{"day", "verify.day", "bday-day"}, {"month", "verify.month", "bday-month"}, {"year", "verify.year", "bday-year"},
}

// A factInput is how a field asks for a fact.
type factInput struct{ name, label, hint, complete, mode string }

var factInputs = map[verification.Kind]factInput{
	verification.BirthDate:      {name: "day"},
	verification.PostalCode:     {"postalCode", "field.postalCode", "verify.postalCode.hint", "postal-code", ""},
	verification.CustomerNumber: {"customerNumber", "verify.customerNumber", "verify.customerNumber.hint", "off", ""},
	verification.PhoneDigits:    {"phoneDigits", "verify.phoneDigits", "verify.phoneDigits.hint", "off", "numeric"},
	verification.EmailCode:      {"code", "verify.code", "verify.code.hint", "one-time-code", "numeric"},
	verification.SMSCode:        {"code", "verify.sms", "verify.code.hint", "one-time-code", "numeric"},
}

// codeTexts are what is said of a code before and after it is sent.
func codeTexts(try *db.VerificationTry) (texts struct{ lead, sent string }) {
	texts.lead, texts.sent = "verify.code.lead", "verify.code.sent"
	if slices.Contains(try.Asked, verification.SMSCode) {
		texts.lead, texts.sent = "verify.sms.lead", "verify.sms.sent"
	}
	return texts
}

// factField is the name of the field that a fact is typed into; a birth date's first.
func factField(k verification.Kind) string { return verifyPrefix + factInputs[k].name }

// typedFact is what was typed for a fact.
func typedFact(r *http.Request, k verification.Kind) string {
	if k != verification.BirthDate {
		return strings.TrimSpace(r.PostForm.Get(factField(k)))
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(verifyPrefix + name)) }
	day, month, year := get("day"), get("month"), get("year")
	if day+month+year == "" {
		return ""
	}
	return year + "-" + month + "-" + day
}

// factProblem says what is wrong with a fact that cannot be right.
func (v *visit) factProblem(k verification.Kind, typed string) string {
	switch {
	case typed == "":
		return v.voice.Say("error.REQUIRED")
	case k == verification.BirthDate:
		return v.voice.Say("error.INVALID_DATE")
	case k == verification.PhoneDigits:
		return v.voice.Say("verify.problem.phone")
	case k.IsCode():
		return v.voice.Say("verify.problem.code")
	}
	return v.voice.Say("error.INVALID")
}

// line is a problem in the list of all of them, which names its field.
func (p *verifyPage) line(wrong problem) string {
	for _, f := range p.Fields {
		if f.Name == wrong.Field {
			return join(": ", f.Label, wrong.Text)
		}
	}
	return join(": ", p.Say("field.birthDate"), wrong.Text)
}

// keptPairs are the fields of a post that are not the page's own: what was
// typed on a form, in the order of their names.
func keptPairs(r *http.Request) []pair {
	var list []pair
	for name, values := range r.PostForm {
		if name != "do" && name != "List-Unsubscribe" && !strings.HasPrefix(name, verifyPrefix) {
			list = append(list, pair{name, values[0]})
		}
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.Name, b.Name) })
	return list
}
