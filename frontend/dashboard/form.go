package dashboard

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"complero/frontend/dashboard/query"
)

// A form is what somebody typed, and what was wrong with it: a page that
// refuses something comes back with both.
type form struct {
	url.Values
	Problems []problem
}

// A problem is what was wrong with a field, by its name in the form; "" is the whole.
type problem struct{ Field, Text, Detail string }

// readForm reads what was posted.
func readForm(r *http.Request) (*form, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	return &form{Values: r.PostForm}, nil
}

// filled makes a form that shows what is on file.
func filled(pairs ...string) *form {
	f := &form{Values: url.Values{}}
	for n := 0; n+1 < len(pairs); n += 2 {
		f.Add(pairs[n], pairs[n+1])
	}
	return f
}

// optional is a field's text without the space around it; nil where there is none.
func (f *form) optional(name string) *string {
	text := strings.TrimSpace(f.Get(name))
	if text == "" {
		return nil
	}
	return &text
}

// checked reports whether a box or choice with this value was ticked.
func (f *form) checked(name, value string) bool { return slices.Contains(f.Values[name], value) }

// wrong is what is wrong with a field.
func (f *form) wrong(name string) *problem {
	at := slices.IndexFunc(f.Problems, func(p problem) bool { return p.Field == name })
	if at < 0 {
		return nil
	}
	return &f.Problems[at]
}

// refuse notes what the API found wrong. Its paths lead to fields by the longest
// beginning that names holds, without the first word "input" and joined by
// points: {"sender.address": "sender", "roles": "role"}. A path that names does
// not hold leads to the field of the path's own name.
func (d *desk) refuse(f *form, errs []query.Problem, names map[string]string) {
	for _, e := range errs {
		path := e.Path
		if len(path) > 0 && path[0] == "input" {
			path = path[1:]
		}
		field := strings.Join(path, ".")
		for n := len(path); n > 0; n-- {
			if name, found := names[strings.Join(path[:n], ".")]; found {
				field = name
				break
			}
		}
		f.Problems = append(f.Problems, problem{Field: field, Text: d.voice.Say("problem." + string(e.Code)), Detail: e.Message})
	}
}

// status is what a page with this form answers.
func (f *form) status() int {
	if len(f.Problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// done leads to a page that says that something was done, by a text "done.KEY".
func done(w http.ResponseWriter, r *http.Request, to, key string) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	values := u.Query()
	values.Set("done", key)
	u.RawQuery = values.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
	return nil
}

// An input is a field of a form.
type input struct {
	Name, Label, Hint string
	// Type is that of the input element; "textarea", "select", "checkbox" and
	// "radio" have elements of their own. "" is "text".
	Type string
	// Choices are those of select, checkbox and radio.
	Choices []pick
	// Value is what stands in the field where nothing was typed.
	Value    string
	Required bool
	Max      int
	Rows     int
	// Complete is the attribute autocomplete; "" is "off".
	Complete string
	// Pattern and what is put before a number: step.
	Pattern, Step string
}

// A pick is one of several values that can be chosen.
type pick struct{ Value, Label, Hint string }

// value is what stands in a field.
func (f *form) value(i input) string {
	if f.Has(i.Name) {
		return f.Get(i.Name)
	}
	return i.Value
}

// A confirmation asks before something that hurts, and says what will be so.
type confirmation struct {
	deskFrame
	// Consequences are sentences, with numbers where there are some.
	Consequences []string
	// Do is what the button says; Action is where it posts Hidden to.
	Do, Action string
	Hidden     *form
	// Back leads to where one was.
	Back string
	// Problem is why it was refused.
	Problem string
}

// confirm shows a question, with the status of one that was refused where it was.
func (d *desk) confirm(w http.ResponseWriter, r *http.Request, c *confirmation) error {
	status := http.StatusOK
	if c.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return send(w, r, status, confirmView(c))
}

// A link is an address with its name; Here marks the one that is shown.
type link struct {
	Label, URL string
	Here       bool
}

func (i input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

// attributes are those that all kinds of fields have.
func (i input) attributes(of *form) templ.Attributes {
	a := templ.Attributes{"id": i.Name, "name": i.Name, "autocomplete": "off", "required": i.Required}
	if i.Complete != "" {
		a["autocomplete"] = i.Complete
	}
	if i.Max > 0 {
		a["maxlength"] = strconv.Itoa(i.Max)
	}
	if i.Pattern != "" {
		a["pattern"] = i.Pattern
	}
	if i.Step != "" {
		a["step"] = i.Step
	}
	described := ""
	if i.Hint != "" {
		described = i.Name + "-hint"
	}
	if of.wrong(i.Name) != nil {
		a["aria-invalid"] = "true"
		described += " " + i.Name + "-fault"
	}
	if described != "" {
		a["aria-describedby"] = described
	}
	return a
}

// names are those of the fields, in an order that stays.
func (f *form) names() []string {
	if f == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(f.Values))
}
