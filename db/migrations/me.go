package migrations

// me makes room for the Employees' pages: who may come in and do what, what an
// Employee has seen, which mails they want, and who asked for a sign-in link.
var me = []string{
	`ALTER TABLE company ADD COLUMN employee_pages boolean NOT NULL DEFAULT true`,
	`ALTER TABLE company ADD COLUMN employee_requests boolean NOT NULL DEFAULT false`,

	// What an Employee has seen: all events up to a number, and single ones behind it.
	`CREATE TABLE employee_desk (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		employee_id KEYTEXT NOT NULL,
		seen_number bigint NOT NULL DEFAULT 0,
		mails text NOT NULL DEFAULT 'EACH',
		digest_number bigint NOT NULL DEFAULT 0,
		digest_at TIME,
		PRIMARY KEY (company_id, mode, employee_id)) CLUSTERED`,
	`CREATE INDEX employee_desk_due ON employee_desk (digest_at) WHERE digest_at IS NOT NULL`,
	`CREATE TABLE employee_seen (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		employee_id KEYTEXT NOT NULL,
		number bigint NOT NULL,
		PRIMARY KEY (company_id, mode, employee_id, number)) CLUSTERED`,

	// The address goes as soon as it has been looked up.
	`CREATE TABLE sign_in_ask (
		id KEYTEXT PRIMARY KEY,
		email KEYTEXT,
		email_hash BYTES NOT NULL,
		client_hash BYTES NOT NULL,
		created_at TIME NOT NULL)`,
	`CREATE INDEX sign_in_ask_email ON sign_in_ask (email_hash, created_at)`,
	`CREATE INDEX sign_in_ask_client ON sign_in_ask (client_hash, created_at)`,
	// employee is the roles that a link gives when it is used.
	`ALTER TABLE sign_in ADD COLUMN employee JSON`,

	`CREATE INDEX employee_email ON employee (email)`,

	`ALTER TABLE request ADD COLUMN note text`,
}
