package migrations

// lookups finds what people who work here look for: the messages of a Request
// as they went out, and Contacts who are not to be asked, of whom there are few.
var lookups = []string{
	`CREATE INDEX outbox_request ON outbox (company_id, mode, request_id) WHERE request_id IS NOT NULL`,
	`CREATE INDEX contact_stopped ON contact (company_id, mode, id) WHERE stopped_at IS NOT NULL`,
}
