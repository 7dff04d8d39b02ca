package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A scheduleRow is a report that is mailed again and again.
type scheduleRow struct {
	ID, What, When, To, Next string
	Mine                     bool
}

// A scheduleForm plans one; Problems are beside its fields, by their names.
type scheduleForm struct {
	Every, Format, Custom string
	Chosen                []string
	People                []person
	Problems              map[string]string
}

// A person can be mailed to.
type person struct{ ID, Name string }

// A priceForm says what a letter costs.
type priceForm struct {
	Amount, Currency string
	May              bool
	Problem          string
}

// fillReportDesk reads what stands beside the figures.
func (d *desk) fillReportDesk(ctx context.Context, p *reportPage, form scheduleForm, price priceForm) error {
	data, err := query.ReportDesk(ctx, d.api)
	if err != nil {
		return err
	}
	me := d.who.User
	people := []person{{me.ID, me.Name}}
	if d.tenant.Viewer.May(db.TeamRead) {
		team, err := query.Recipients(ctx, d.api)
		if err != nil {
			return err
		}
		for _, u := range team.Users {
			if u.Id != me.ID {
				people = append(people, person{u.Id, u.Name})
			}
		}
	}
	names := map[string]string{}
	for _, c := range data.CustomReports {
		names[c.Id] = c.Name
		p.Customs = append(p.Customs, link{Label: c.Name, URL: d.root + "/report/custom/" + c.Id})
	}
	for i := range data.ReportSchedules {
		p.Schedules = append(p.Schedules, d.scheduleRow(&data.ReportSchedules[i], names, people))
	}
	if form.Every == "" {
		form.Every, form.Format, form.Chosen = "MONTHLY", "PDF", []string{me.ID}
	}
	form.People = people
	if price.Problem == "" && data.ReportSettings.LetterPrice != nil {
		price.Amount = strings.Replace(strconv.FormatFloat(data.ReportSettings.LetterPrice.Amount, 'f', -1, 64), ".", d.voice.Say("number.point"), 1)
		price.Currency = data.ReportSettings.LetterPrice.Currency
	}
	if price.Currency == "" {
		price.Currency = "EUR"
	}
	price.May = d.tenant.Viewer.May(db.CompanyWrite) && d.tenant.Mode == db.Live
	p.Form, p.Price = form, price
	return nil
}

func (d *desk) scheduleRow(s *query.Schedule, names map[string]string, people []person) scheduleRow {
	row := scheduleRow{
		ID: s.Id, What: d.voice.Say("schedule.standard"), Next: d.moment(s.NextAt),
		When: d.voice.Say("schedule.every."+string(s.Every)) + ", " + string(s.Format),
		Mine: s.OwnerId == d.who.User.ID || d.tenant.Viewer.May(db.CompanyWrite),
	}
	if s.CustomReportId != nil {
		row.What = names[*s.CustomReportId]
	}
	var to []string
	for _, id := range s.Recipients {
		name := d.voice.Say("schedule.other")
		if i := slices.IndexFunc(people, func(p person) bool { return p.ID == id }); i >= 0 {
			name = people[i].Name
		}
		to = append(to, name)
	}
	row.To = strings.Join(to, ", ")
	return row
}

func (a *App) saveSchedule(w http.ResponseWriter, r *http.Request, d *desk) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := scheduleForm{Every: r.PostFormValue("every"), Format: r.PostFormValue("format"), Custom: r.PostFormValue("custom"), Chosen: r.PostForm["to"]}
	input := query.ReportScheduleSaveInput{
		Every: query.ReportEvery(form.Every), Format: query.ReportFormat(form.Format), Recipients: form.Chosen,
	}
	if input.Recipients == nil {
		input.Recipients = []string{}
	}
	if form.Custom != "" {
		input.CustomReportId = &form.Custom
	}
	done, err := query.SaveSchedule(r.Context(), d.api, input)
	if err != nil {
		return err
	}
	if errs := done.ReportScheduleSave.UserErrors; len(errs) > 0 {
		form.Problems = problemsOf(errs)
		return a.reportOf(w, r, d, http.StatusUnprocessableEntity, form, priceForm{})
	}
	http.Redirect(w, r, d.root+"/report#schedules", http.StatusSeeOther)
	return nil
}

// problemsOf are errors by the field of the input that they are about.
func problemsOf(errs []query.UserError) map[string]string {
	problems := map[string]string{}
	for _, e := range errs {
		field := ""
		if len(e.Path) > 1 {
			field = e.Path[1]
		}
		problems[field] = strings.TrimSpace(problems[field] + " " + e.Message)
	}
	return problems
}

func (a *App) deleteSchedule(w http.ResponseWriter, r *http.Request, d *desk) error {
	done, err := query.DeleteSchedule(r.Context(), d.api, r.PostFormValue("id"))
	if err != nil {
		return err
	}
	if len(done.ReportScheduleDelete.UserErrors) > 0 {
		return d.missing()
	}
	http.Redirect(w, r, d.root+"/report#schedules", http.StatusSeeOther)
	return nil
}

// savePrice says what a letter costs; an empty amount says that nobody knows.
func (a *App) savePrice(w http.ResponseWriter, r *http.Request, d *desk) error {
	form := priceForm{Amount: strings.TrimSpace(r.PostFormValue("amount")), Currency: strings.ToUpper(strings.TrimSpace(r.PostFormValue("currency")))}
	var input query.ReportSettingsSaveInput
	if form.Amount != "" {
		amount, err := strconv.ParseFloat(strings.Replace(form.Amount, ",", ".", 1), 64)
		if err != nil {
			form.Problem = d.voice.Say("price.bad")
			return a.reportOf(w, r, d, http.StatusUnprocessableEntity, scheduleForm{}, form)
		}
		input.LetterPrice = &query.PriceInput{Amount: amount, Currency: form.Currency}
	}
	done, err := query.SaveReckoning(r.Context(), d.api, input)
	if err != nil {
		return err
	}
	if errs := done.ReportSettingsSave.UserErrors; len(errs) > 0 {
		form.Problem = errs[0].Message
		return a.reportOf(w, r, d, http.StatusUnprocessableEntity, scheduleForm{}, form)
	}
	http.Redirect(w, r, d.root+"/report#savings", http.StatusSeeOther)
	return nil
}
