package graph

import (
	"complero/db"
	"complero/graph/exec"
)

// resolver is what the executable schema calls, by type and field. It holds
// nothing: the Tenant and what a call has read travel in the context.
type resolver struct{}

// The types that have fields which their Go types do not answer themselves.
type (
	queryResolver         struct{}
	mutationResolver      struct{}
	subscriptionResolver  struct{}
	viewerResolver        struct{}
	customerResolver      struct{}
	companyResolver       struct{}
	brandResolver         struct{}
	fontResolver          struct{}
	contactResolver       struct{}
	employeeResolver      struct{}
	operationResolver     struct{}
	operationItemResolver struct{}
	requestResolver       struct{}
	requestItemResolver   struct{}
	eventResolver         struct{}
	consentResolver       struct{}
	importResultResolver  struct{}
	importFindingResolver struct{}
	importProblemResolver struct{}
	importSampleResolver  struct{}
	apiKeyResolver        struct{}
	textResolver          struct{}

	mergeSuggestionResolver struct{}
	userResolver            struct{}
	auditEntryResolver      struct{}

	consentDefinitionResolver struct{}
)

func (resolver) Query() exec.QueryResolver                 { return queryResolver{} }
func (resolver) Mutation() exec.MutationResolver           { return mutationResolver{} }
func (resolver) Subscription() exec.SubscriptionResolver   { return subscriptionResolver{} }
func (resolver) Viewer() exec.ViewerResolver               { return viewerResolver{} }
func (resolver) Customer() exec.CustomerResolver           { return customerResolver{} }
func (resolver) Company() exec.CompanyResolver             { return companyResolver{} }
func (resolver) Brand() exec.BrandResolver                 { return brandResolver{} }
func (resolver) Font() exec.FontResolver                   { return fontResolver{} }
func (resolver) Contact() exec.ContactResolver             { return contactResolver{} }
func (resolver) Employee() exec.EmployeeResolver           { return employeeResolver{} }
func (resolver) Operation() exec.OperationResolver         { return operationResolver{} }
func (resolver) OperationItem() exec.OperationItemResolver { return operationItemResolver{} }
func (resolver) Request() exec.RequestResolver             { return requestResolver{} }
func (resolver) RequestItem() exec.RequestItemResolver     { return requestItemResolver{} }
func (resolver) Event() exec.EventResolver                 { return eventResolver{} }
func (resolver) Consent() exec.ConsentResolver             { return consentResolver{} }
func (resolver) ImportResult() exec.ImportResultResolver   { return importResultResolver{} }
func (resolver) ImportFinding() exec.ImportFindingResolver { return importFindingResolver{} }
func (resolver) ImportProblem() exec.ImportProblemResolver { return importProblemResolver{} }
func (resolver) ImportSample() exec.ImportSampleResolver   { return importSampleResolver{} }
func (resolver) User() exec.UserResolver                   { return userResolver{} }
func (resolver) AuditEntry() exec.AuditEntryResolver       { return auditEntryResolver{} }
func (resolver) ApiKey() exec.ApiKeyResolver               { return apiKeyResolver{} }
func (resolver) Text() exec.TextResolver                   { return textResolver{} }
func (resolver) ConsentDefinition() exec.ConsentDefinitionResolver {
	return consentDefinitionResolver{}
}

func (resolver) MergeSuggestion() exec.MergeSuggestionResolver {
	return mergeSuggestionResolver{}
}

// page is a connection's arguments as package db has them.
func page(first *int, after *string, last *int, before *string) db.Page {
	return db.Page{First: first, After: after, Last: last, Before: before}
}

// orZero is what a filter says; one that was left out says nothing.
func orZero[T any](v *T) T {
	if v == nil {
		return *new(T)
	}
	return *v
}
