package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// changePicture puts a logo or the icon into the draft, or takes it out.
func (a *App) changePicture(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, file, err := d.readFile(r, "picture")
	if err != nil {
		return err
	}
	draft, none := false, &query.Upload{}
	input := query.BrandUpdateInput{Publish: &draft}
	which := f.Get("which")
	switch which {
	case "logoDark":
		input.LogoDark = none
	case "icon":
		input.Icon = none
	default:
		which, input.Logo = "logo", none
	}
	api, key := d.api, "brand.picture.removed"
	if f.Get("do") != "remove" {
		if file == nil && len(f.Problems) == 0 {
			f.Problems = append(f.Problems, problem{Field: which, Text: d.voice.Say("problem.REQUIRED")})
		}
		if len(f.Problems) > 0 {
			f.Problems[0].Field = which
			return d.refusePicture(w, r, f.Problems)
		}
		file.path, key = "variables.input."+which, "brand.picture.kept"
		api = d.bring(*file)
	}
	data, err := query.BrandUpdate(r.Context(), api, input)
	if err != nil {
		return err
	}
	if wrong := data.BrandUpdate.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.refusePicture(w, r, f.Problems)
	}
	return done(w, r, d.root+"/brand#pictures", key)
}

// refusePicture shows the Brand's page with what is wrong with a picture.
func (d *desk) refusePicture(w http.ResponseWriter, r *http.Request, problems []problem) error {
	data, err := query.Brand(r.Context(), d.api)
	if err != nil {
		return err
	}
	f := brandForm(currentLook(data))
	f.Problems = problems
	return d.brandPage(w, r, data, f)
}
