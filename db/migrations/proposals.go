package migrations

// proposals makes room for what Contacts write from their pages: questions to
// whoever looks after them, and new addresses that wait to be confirmed at the
// new place. What a proposal holds goes with its end.
var proposals = []string{
	`ALTER TABLE company ADD COLUMN confirm_new_addresses boolean NOT NULL DEFAULT true`,

	`ALTER TABLE report_day ADD COLUMN enquiries integer NOT NULL DEFAULT 0`,

	`CREATE TABLE enquiry (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		request_id KEYTEXT NOT NULL,
		employee_id KEYTEXT,
		words text,
		reply_to text,
		created_at TIME NOT NULL,
		sent_at TIME,
		PRIMARY KEY (company_id, mode, id)) CLUSTERED`,
	`CREATE INDEX enquiry_request ON enquiry (company_id, mode, request_id)`,
	`CREATE INDEX enquiry_contact ON enquiry (company_id, mode, contact_id)`,
	`CREATE INDEX enquiry_unsent ON enquiry (created_at) WHERE sent_at IS NULL`,

	`CREATE TABLE proposal (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		request_id KEYTEXT,
		kind text NOT NULL,
		status text NOT NULL,
		value JSON,
		confirm_hash BYTES NOT NULL,
		undo_hash BYTES NOT NULL,
		generation integer NOT NULL,
		created_at TIME NOT NULL,
		expires_at TIME NOT NULL,
		ended_at TIME,
		asked_at TIME,
		told_at TIME,
		PRIMARY KEY (company_id, mode, id)) CLUSTERED`,
	`CREATE INDEX proposal_contact ON proposal (company_id, mode, contact_id)`,
	`CREATE UNIQUE INDEX proposal_confirm ON proposal (confirm_hash)`,
	`CREATE UNIQUE INDEX proposal_undo ON proposal (undo_hash)`,
	`CREATE INDEX proposal_expires ON proposal (expires_at)`,
}
