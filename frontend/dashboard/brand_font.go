package dashboard

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend"
	"complero/frontend/dashboard/query"
	"complero/theme"
)

// A fontsPage shows the fonts that there are, in themselves, and takes more.
type fontsPage struct {
	deskFrame
	Tabs      []link
	Form      *form
	MayChange bool
	Elsewhere string
	Own       []ownFont
	Open      []fontRow
}

// An ownFont is a font file of the Company's.
type ownFont struct {
	fontRow
	Style, Size, Coverage, Licence, Stated, Delete string
}

// elsewhereBrand is where the Brand can be changed, if it is only the mode that forbids it here.
func (d *desk) elsewhereBrand(path string) string {
	return d.elsewhere(db.CompanyWrite, "/brand"+path)
}

func (a *App) showFonts(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.fontsPage(w, r, filled())
}

func (d *desk) fontsPage(w http.ResponseWriter, r *http.Request, f *form) error {
	data, err := query.Fonts(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &fontsPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.title")), Tabs: d.brandTabs("fonts"), Form: f, MayChange: d.mayBrand(),
		Elsewhere: d.elsewhereBrand("/fonts"),
	}
	for i, open := range theme.Fonts() {
		p.Open = append(p.Open, fontRow{open.Name, "font-" + strconv.Itoa(i)})
	}
	family := -1
	for i := range data.Fonts {
		if i == 0 || data.Fonts[i-1].Family != data.Fonts[i].Family {
			family++
		}
		p.Own = append(p.Own, d.ownFont(&data.Fonts[i], family))
	}
	return sendFraming(w, r, f.status(), fontsView(p))
}

func (d *desk) ownFont(of *query.Font, family int) ownFont {
	row := ownFont{
		fontRow: fontRow{of.Family, "own-" + strconv.Itoa(family)}, Style: strconv.Itoa(of.Lightest),
		Size: d.voice.Say("font.size", "N", d.number((of.Bytes+500)/1000)), Licence: of.Licence, Stated: textOf(of.StatedLicence),
		Delete: d.root + "/brand/fonts/" + of.Id + "/delete",
	}
	if of.Boldest != of.Lightest {
		row.Style += "–" + strconv.Itoa(of.Boldest)
	}
	if of.Italic {
		row.Style += ", " + d.voice.Say("font.italic")
	}
	var coverage []string
	for _, c := range of.Coverage {
		if c.Has > 0 && c.Of > 0 {
			coverage = append(coverage, d.voice.Say("font.coverage", "Subset", d.voice.Say("font.subset."+c.Subset), "N", strconv.Itoa(100*c.Has/c.Of)))
		}
	}
	row.Coverage = strings.Join(coverage, ", ")
	return row
}

func (a *App) uploadFont(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, file, err := d.readFile(r, "file")
	if err != nil {
		return err
	}
	if file == nil && len(f.Problems) == 0 {
		f.Problems = append(f.Problems, problem{Field: "file", Text: d.voice.Say("problem.REQUIRED")})
	}
	if len(f.Problems) > 0 {
		return d.fontsPage(w, r, f)
	}
	file.path = "variables.file"
	data, err := query.FontUpload(r.Context(), d.bring(*file), query.Upload{}, strings.TrimSpace(f.Get("licence")))
	if err != nil {
		return err
	}
	if wrong := data.FontUpload.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.fontsPage(w, r, f)
	}
	return done(w, r, d.root+"/brand/fonts", "font.kept")
}

// font is the one that a page's address names.
func (d *desk) font(r *http.Request) (*query.Font, error) {
	data, err := query.Fonts(r.Context(), d.api)
	if err != nil {
		return nil, err
	}
	for i := range data.Fonts {
		if data.Fonts[i].Id == r.PathValue("id") {
			return &data.Fonts[i], nil
		}
	}
	return nil, d.missing()
}

func (a *App) askDeleteFont(w http.ResponseWriter, r *http.Request, d *desk) error {
	of, err := d.font(r)
	if err != nil {
		return err
	}
	return d.deleteFontPage(w, r, of, "")
}

func (d *desk) deleteFontPage(w http.ResponseWriter, r *http.Request, of *query.Font, refused string) error {
	status := http.StatusOK
	if refused != "" {
		status = http.StatusConflict
	}
	return send(w, r, status, confirmView(&confirmation{
		deskFrame: d.frame("brand", d.voice.Say("font.delete.title", "Name", of.Family)), Consequences: []string{d.voice.Say("font.delete.lead")},
		Do: d.voice.Say("font.delete.do"), Action: r.URL.Path, Back: d.root + "/brand/fonts", Problem: refused,
	}))
}

func (a *App) deleteFont(w http.ResponseWriter, r *http.Request, d *desk) error {
	of, err := d.font(r)
	if err != nil {
		return err
	}
	data, err := query.FontDelete(r.Context(), d.api, of.Id)
	if err != nil {
		return err
	}
	if wrong := data.FontDelete.UserErrors; len(wrong) > 0 {
		if wrong[0].Code == query.ErrorCodeConflict {
			return d.deleteFontPage(w, r, of, d.voice.Say("font.used"))
		}
		return d.conflict(wrong)
	}
	return done(w, r, d.root+"/brand/fonts", "font.deleted")
}

// showSpecimens sends the stylesheet by which fonts are shown in themselves.
func (a *App) showSpecimens(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Fonts(r.Context(), d.api)
	if err != nil {
		return err
	}
	var s strings.Builder
	s.WriteString(theme.Specimens())
	family := -1
	for i, of := range data.Fonts {
		if i == 0 || data.Fonts[i-1].Family != of.Family {
			family++
			fmt.Fprintf(&s, ".own-%d{font-family:\"Own %d\",sans-serif}\n", family, family)
		}
		style := "normal"
		if of.Italic {
			style = "italic"
		}
		fmt.Fprintf(&s, "@font-face{font-family:\"Own %d\";src:url(%s) format(\"woff2\");font-display:swap;font-style:%s;font-weight:%d %d}\n",
			family, pathOf(of.Url), style, of.Lightest, of.Boldest)
	}
	frontend.SendFresh(w, r, "text/css; charset=utf-8", []byte(s.String()))
	return nil
}
