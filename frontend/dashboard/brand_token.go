package dashboard

import (
	"encoding/json"
	"net/http"
	"slices"

	"complero/frontend/dashboard/query"
)

// A tokensPage takes settings from design tokens, and gives them away as such.
type tokensPage struct {
	deskFrame
	Tabs      []link
	Form      *form
	MayChange bool
	Elsewhere string
	// Export is where the tokens are; Groups are what became of each token of an import.
	Export string
	Groups []tokenGroup
	// Drafted tells that the import went into the draft.
	Drafted bool
}

// A tokenGroup are tokens that fared alike.
type tokenGroup struct {
	Title, Tone string
	Rows        []tokenRow
}

type tokenRow struct{ Path, Setting, Message string }

func (d *desk) tokensPage(f *form) *tokensPage {
	return &tokensPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.title")), Tabs: d.brandTabs("tokens"), Form: f, MayChange: d.mayBrand(),
		Elsewhere: d.elsewhereBrand("/tokens"), Export: d.root + "/brand/tokens.json",
	}
}

func (a *App) showTokens(w http.ResponseWriter, r *http.Request, d *desk) error {
	return send(w, r, http.StatusOK, tokensView(d.tokensPage(filled())))
}

// importTokens answers with what became of each token; nothing but the draft
// was changed, so that sending it again does no harm.
func (a *App) importTokens(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, file, err := d.readFile(r, "file")
	if err != nil {
		return err
	}
	if file == nil && len(f.Problems) == 0 {
		f.Problems = append(f.Problems, problem{Field: "file", Text: d.voice.Say("problem.REQUIRED")})
	}
	p := d.tokensPage(f)
	if len(f.Problems) > 0 {
		return send(w, r, f.status(), tokensView(p))
	}
	scheme := query.BrandTokenScheme(f.Get("scheme"))
	file.path = "variables.input.file"
	data, err := query.BrandImportTokens(r.Context(), d.bring(*file), query.BrandImportTokensInput{File: &query.Upload{}, Scheme: &scheme})
	if err != nil {
		return err
	}
	d.refuse(f, data.BrandImportTokens.UserErrors, map[string]string{"tokens": "file"})
	p.Drafted = len(f.Problems) == 0
	p.Groups = d.tokenGroups(data.BrandImportTokens.Tokens)
	return send(w, r, f.status(), tokensView(p))
}

func (d *desk) tokenGroups(tokens []query.Token) []tokenGroup {
	var groups []tokenGroup
	for _, t := range tokens {
		title := d.voice.Say("token." + string(t.Outcome))
		at := slices.IndexFunc(groups, func(g tokenGroup) bool { return g.Title == title })
		if at < 0 {
			at = len(groups)
			groups = append(groups, tokenGroup{Title: title, Tone: tokenTones[t.Outcome]})
		}
		row := tokenRow{Path: t.Path, Message: textOf(t.Message)}
		if t.Setting != nil {
			row.Setting = d.voice.Say("brand." + *t.Setting)
		}
		groups[at].Rows = append(groups[at].Rows, row)
	}
	return groups
}

// tokenTones are how what became of a token looks.
var tokenTones = map[query.BrandTokenOutcome]string{
	query.BrandTokenOutcomeUsed: "good", query.BrandTokenOutcomeAdapted: "good", query.BrandTokenOutcomeUnusable: "bad",
}

// exportTokens sends the draft, or else what is in use, as design tokens.
func (a *App) exportTokens(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.BrandTokens(r.Context(), d.api)
	if err != nil {
		return err
	}
	tokens := data.Company.Brand.Tokens
	if data.Company.BrandDraft != nil {
		tokens = data.Company.BrandDraft.Tokens
	}
	body, err := json.MarshalIndent(tokens, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+d.tenant.Company.Slug+`.tokens.json"`)
	_, err = w.Write(body)
	return err
}
