package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Report(ctx context.Context, filter *db.ReportFilter) (*db.Report, error) {
	return tenant(ctx).Report(ctx, orZero(filter))
}

func (queryResolver) CustomerReport(ctx context.Context, filter *db.ReportFilter) (*db.CustomerReport, error) {
	return tenant(ctx).CustomerReport(ctx, orZero(filter))
}

// Report is of the Companies that the caller may see, which with an API key is one.
func (customerResolver) Report(ctx context.Context, _ *db.Customer, filter *db.ReportFilter) (*db.Report, error) {
	all, err := tenant(ctx).CustomerReport(ctx, orZero(filter))
	if err != nil {
		return nil, err
	}
	return all.Total, nil
}

func (queryResolver) ReportSettings(ctx context.Context) (*db.ReportSettings, error) {
	return tenant(ctx).ReportSettings(ctx)
}

func (mutationResolver) ReportSettingsSave(ctx context.Context, input db.ReportSettings) (*model.ReportSettingsPayload, error) {
	settings, err := tenant(ctx).SaveReportSettings(ctx, input)
	errs, err := userErrors(err)
	return &model.ReportSettingsPayload{Settings: settings, UserErrors: errs}, err
}

func (queryResolver) ReportSchedules(ctx context.Context) ([]*db.ReportSchedule, error) {
	return tenant(ctx).ReportSchedules(ctx)
}

func (mutationResolver) ReportScheduleSave(ctx context.Context, input db.ReportScheduleSave) (*model.ReportSchedulePayload, error) {
	return schedulePayload(tenant(ctx).SaveReportSchedule(ctx, input))
}

func (mutationResolver) ReportScheduleDelete(ctx context.Context, input model.ReportScheduleDeleteInput) (*model.ReportSchedulePayload, error) {
	return schedulePayload(tenant(ctx).DeleteReportSchedule(ctx, input.ID))
}

func schedulePayload(s *db.ReportSchedule, err error) (*model.ReportSchedulePayload, error) {
	errs, err := userErrors(err)
	return &model.ReportSchedulePayload{Schedule: s, UserErrors: errs}, err
}
