package theme

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ReadTokens reads a Brand's settings from a file of design tokens. It tells
// of every token what became of it; what cannot be used does not keep the rest
// from being used. A file that is none at all, or unfolds beyond all measure,
// is a Problem.
//
// A token means a setting by its type and its path, in whatever case and
// however joined: color.primary, color.brand.primary and Brand/Primary all mean
// the primary colour. Fonts are those of own, the families that the Company has
// uploaded, and those that all have.
func ReadTokens(data []byte, scheme TokenScheme, own ...string) (TokenSettings, []TokenResult, error) {
	root, err := readJSON(data)
	if err != nil {
		return TokenSettings{}, nil, Problem{Message: err.Error()}
	}
	r := &tokenReader{tree: &tokenTree{root: root}, scheme: scheme, own: own, taken: map[string]takenToken{}}
	if err := r.read(); err != nil {
		return TokenSettings{}, nil, Problem{Message: err.Error()}
	}
	return r.settings, r.told(), nil
}

// A tokenReader gathers settings and tells of tokens.
type tokenReader struct {
	tree     *tokenTree
	scheme   TokenScheme
	own      []string // the Company's own families of fonts
	settings TokenSettings
	results  []TokenResult
	taken    map[string]takenToken // by setting
}

// A takenToken is the best that has been found for a setting.
type takenToken struct {
	rank  int
	index int // of its result
	value string
}

func (r *tokenReader) read() error {
	tokens, bad, err := r.tree.tokens()
	if err != nil {
		return err
	}
	for _, group := range bad {
		r.results = append(r.results, TokenResult{Path: strings.Join(group.path, "."), Outcome: TokenUnusable, Message: group.reason})
	}
	for _, token := range tokens {
		result, err := r.token(token)
		if err != nil {
			return err
		}
		r.results = append(r.results, result)
	}
	for setting, best := range r.taken {
		*r.settings.field(setting) = best.value
	}
	r.extension()
	if len(r.results) == 0 {
		return errors.New("there is no design token in the file; a token is an object with $type and $value")
	}
	return nil
}

// token finds out what a token means and notes its value. The result stands
// behind those there are.
func (r *tokenReader) token(f foundToken) (TokenResult, error) {
	result := TokenResult{Path: strings.Join(f.path, ".")}
	value, kind, err := r.tree.value(f, []string{"{" + result.Path + "}"})
	var bad badReference
	if errors.As(err, &bad) {
		result.Outcome, result.Message = TokenUnusable, bad.reason
		return result, nil
	}
	if err != nil {
		return result, err
	}
	if kind == "" {
		result.Outcome, result.Message = TokenUnusable, "its type is not said; give it a $type, or its group"
		return result, nil
	}
	name, ok := nameToken(f.path, kind, r.scheme)
	if !ok {
		result.Outcome, result.Message = TokenUnknown, "no setting of a Brand goes by that name and type"
		return result, nil
	}
	result.Setting = name.setting
	setting, note, err := r.setting(kind, value)
	switch {
	case err != nil:
		result.Outcome, result.Message = TokenUnusable, err.Error()
	case note != "":
		result.Outcome, result.Message = TokenAdapted, note
		r.take(&result, name, setting)
	default:
		result.Outcome = TokenUsed
		r.take(&result, name, setting)
	}
	return result, nil
}

// take keeps the value if it is the best one for its setting so far.
func (r *tokenReader) take(result *TokenResult, name tokenName, value string) {
	overruled := func(loser *TokenResult, by string) {
		loser.Outcome, loser.Message = TokenOverruled, "the token "+shorten(by, 80)+" says it"
	}
	best, found := r.taken[name.setting]
	if found && best.rank <= name.rank {
		overruled(result, r.results[best.index].Path)
		return
	}
	if found {
		overruled(&r.results[best.index], result.Path)
	}
	r.taken[name.setting] = takenToken{name.rank, len(r.results), value}
}

func (r *tokenReader) setting(kind string, value *jsonNode) (setting, note string, err error) {
	switch kind {
	case "color":
		return tokenHex(value)
	case "dimension":
		radius, note, err := tokenRadius(value)
		return string(radius), note, err
	}
	return r.font(value)
}

// extension takes what Tokens wrote that is no token.
func (r *tokenReader) extension() {
	own := r.tree.root.member("$extensions").member(ownExtension)
	path := "$extensions." + ownExtension + "."
	if name := own.member("name"); name != nil {
		result := TokenResult{Path: path + "name", Setting: "name", Outcome: TokenUsed, Message: nameProblem(name.text)}
		if result.Message != "" {
			result.Outcome = TokenUnusable
		} else {
			r.settings.Name = strings.TrimSpace(name.text)
		}
		r.results = append(r.results, result)
	}
	if formality := own.member("formality"); formality != nil {
		result := TokenResult{Path: path + "formality", Setting: "formality", Outcome: TokenUsed}
		if f := Formality(formality.text); f.IsValid() {
			r.settings.Formality = f
		} else {
			result.Outcome, result.Message = TokenUnusable, "choose FORMAL or INFORMAL"
		}
		r.results = append(r.results, result)
	}
}

// field is the setting of that name.
func (s *TokenSettings) field(setting string) *string {
	scheme, name, _ := strings.Cut(setting, ".")
	switch scheme {
	case "headingFont":
		return &s.HeadingFont
	case "bodyFont":
		return &s.BodyFont
	case "cornerRadius":
		return (*string)(&s.CornerRadius)
	}
	colors := &s.Colors
	if scheme == "dark" {
		colors = &s.Dark
	}
	fields := colors.fields()
	at := slices.IndexFunc(fields, func(f colorField) bool { return f.name == name })
	return fields[max(at, 0)].value
}

// told are the results, what is used first, with no more of the unknown ones
// than anybody reads.
func (r *tokenReader) told() []TokenResult {
	order := []TokenOutcome{TokenUsed, TokenAdapted, TokenUnusable, TokenOverruled, TokenUnknown}
	slices.SortStableFunc(r.results, func(a, b TokenResult) int {
		return cmp.Compare(slices.Index(order, a.Outcome), slices.Index(order, b.Outcome))
	})
	unknown := slices.IndexFunc(r.results, func(t TokenResult) bool { return t.Outcome == TokenUnknown })
	if unknown < 0 || len(r.results)-unknown <= maxUnknown {
		return r.results
	}
	left := len(r.results) - unknown - maxUnknown
	return append(r.results[:unknown+maxUnknown], TokenResult{
		Outcome: TokenUnknown, Message: fmt.Sprintf("%d more tokens mean no setting of a Brand", left),
	})
}
