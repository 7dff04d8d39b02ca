package migrations

// reports keeps the figures of reports by Source, Channel, Employee and opt-in,
// how the data on file are covered, and who is sent which report when.
var reports = []string{
	// A row adds up what the events of a day (span 1) or a month (span 2) tell.
	// area 1 holds the Employees', who may be many, apart from all else.
	`CREATE TABLE report_sum (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		area smallint NOT NULL,
		span smallint NOT NULL,
		period KEYTEXT NOT NULL,
		dimension KEYTEXT NOT NULL,
		key KEYTEXT NOT NULL,
		sent integer NOT NULL DEFAULT 0,
		delivered integer NOT NULL DEFAULT 0,
		failed integer NOT NULL DEFAULT 0,
		returned integer NOT NULL DEFAULT 0,
		bounced integer NOT NULL DEFAULT 0,
		suppressed integer NOT NULL DEFAULT 0,
		answered integer NOT NULL DEFAULT 0,
		updated integer NOT NULL DEFAULT 0,
		confirmed integer NOT NULL DEFAULT 0,
		stopped integer NOT NULL DEFAULT 0,
		disowned integer NOT NULL DEFAULT 0,
		granted integer NOT NULL DEFAULT 0,
		declined integer NOT NULL DEFAULT 0,
		withdrawn integer NOT NULL DEFAULT 0,
		expired integer NOT NULL DEFAULT 0,
		corrected integer NOT NULL DEFAULT 0,
		PRIMARY KEY (company_id, mode, area, span, period, dimension, key)) CLUSTERED`,

	// number is the last event that report_sum has counted.
	`CREATE TABLE report_mark (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		number bigint NOT NULL,
		at TIME NOT NULL,
		PRIMARY KEY (company_id, mode))`,

	// document is what was measured last, as of at; work is what is being
	// measured, from began on, up to the Contact after.
	`CREATE TABLE report_coverage (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		number bigint NOT NULL,
		document JSON,
		at TIME,
		took integer NOT NULL DEFAULT 0,
		work JSON,
		PRIMARY KEY (company_id, mode))`,

	// letter_price is in millionths of the currency.
	`CREATE TABLE report_setting (
		company_id integer PRIMARY KEY,
		letter_price bigint,
		currency text NOT NULL DEFAULT '')`,

	`CREATE TABLE custom_report (
		company_id integer NOT NULL,
		id KEYTEXT NOT NULL,
		owner_id KEYTEXT NOT NULL,
		name text NOT NULL,
		document text NOT NULL,
		chart text NOT NULL,
		rows_path text NOT NULL,
		label_path text NOT NULL,
		value_paths JSON NOT NULL,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL,
		PRIMARY KEY (company_id, id))`,

	`CREATE TABLE report_schedule (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		owner_id KEYTEXT NOT NULL,
		custom_report_id KEYTEXT,
		every text NOT NULL,
		format text NOT NULL,
		recipients JSON NOT NULL,
		next_at TIME NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX report_schedule_next ON report_schedule (next_at)`,

	// One row for each mail: it is there before the mail goes out, and sent_at after.
	`CREATE TABLE report_mail (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		schedule_id KEYTEXT NOT NULL,
		user_id KEYTEXT NOT NULL,
		since KEYTEXT NOT NULL,
		until KEYTEXT NOT NULL,
		created_at TIME NOT NULL,
		sent_at TIME,
		PRIMARY KEY (company_id, mode, id),
		UNIQUE (company_id, mode, schedule_id, user_id, until))`,
	`CREATE INDEX report_mail_unsent ON report_mail (created_at) WHERE sent_at IS NULL`,
}
