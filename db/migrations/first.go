package migrations

import "fmt"

// first makes every table that the main job needs. Tenant tables start their
// keys with company_id and mode.
var first = []string{
	`CREATE TABLE setting (
		key text PRIMARY KEY,
		value text NOT NULL)`,

	`CREATE TABLE customer (
		id KEYTEXT PRIMARY KEY,
		name text NOT NULL UNIQUE,
		created_at TIME NOT NULL)`,

	`CREATE TABLE company (
		id SERIAL,
		public_id KEYTEXT NOT NULL UNIQUE,
		customer_id KEYTEXT NOT NULL REFERENCES customer (id),
		slug KEYTEXT NOT NULL UNIQUE,
		name text NOT NULL,
		country_code text NOT NULL,
		locale text NOT NULL,
		timezone text NOT NULL,
		with_employees boolean NOT NULL,
		sender_name text,
		sender_address text,
		support_contact text,
		imprint text,
		privacy_url text,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL)`,
	`CREATE INDEX company_customer ON company (customer_id)`,

	`CREATE TABLE brand (
		company_id integer NOT NULL,
		version integer NOT NULL,
		document JSON NOT NULL,
		published_at TIME,
		PRIMARY KEY (company_id, version))`,

	`CREATE TABLE asset (
		company_id integer NOT NULL,
		hash KEYTEXT NOT NULL,
		content_type text NOT NULL,
		data BYTES NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, hash))`,

	`CREATE INDEX asset_hash ON asset (hash)`,

	`CREATE TABLE source (
		company_id integer NOT NULL,
		key KEYTEXT NOT NULL,
		name text NOT NULL,
		rank integer NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, key))`,

	`CREATE TABLE api_key (
		id KEYTEXT PRIMARY KEY,
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		name text NOT NULL,
		source KEYTEXT NOT NULL,
		scopes JSON NOT NULL,
		hash BYTES NOT NULL UNIQUE,
		created_at TIME NOT NULL,
		expires_at TIME,
		revoked_at TIME)`,

	`CREATE TABLE employee (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		external_id KEYTEXT NOT NULL,
		display_name text NOT NULL,
		given_name text,
		family_name text,
		email text,
		phone text,
		job_title text,
		photo_url text,
		photo_source text,
		sort_name KEYTEXT NOT NULL,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, id),
		UNIQUE (company_id, mode, external_id))`,
	`CREATE INDEX employee_name ON employee (company_id, mode, sort_name, id)`,

	`CREATE TABLE contact (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		employee_id KEYTEXT,
		external_ids JSON NOT NULL,
		sort_name KEYTEXT NOT NULL,
		search text NOT NULL,
		profile JSON NOT NULL,
		provenance JSON NOT NULL,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL,
		confirmed_at TIME,
		stopped_at TIME,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX contact_updated ON contact (company_id, mode, updated_at, id)`,
	`CREATE INDEX contact_name ON contact (company_id, mode, sort_name, id)`,
	`CREATE INDEX contact_employee ON contact (company_id, mode, employee_id, id)`,

	`CREATE TABLE contact_key (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		source KEYTEXT NOT NULL,
		external_id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		PRIMARY KEY (company_id, mode, source, external_id)) CLUSTERED`,

	`CREATE TABLE suppression (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		hash BYTES NOT NULL,
		stopped_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, hash)) CLUSTERED`,

	`CREATE TABLE operation (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		kind text NOT NULL,
		status text NOT NULL,
		source KEYTEXT,
		options JSON NOT NULL,
		total integer,
		processed integer NOT NULL DEFAULT 0,
		created integer NOT NULL DEFAULT 0,
		synced integer NOT NULL DEFAULT 0,
		unchanged integer NOT NULL DEFAULT 0,
		deleted integer NOT NULL DEFAULT 0,
		rejected integer NOT NULL DEFAULT 0,
		conflicts integer NOT NULL DEFAULT 0,
		errors JSON NOT NULL,
		created_at TIME NOT NULL,
		finished_at TIME,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX operation_unfinished ON operation (company_id, mode, id) WHERE finished_at IS NULL`,
	`CREATE INDEX operation_finished ON operation (finished_at)`,

	`CREATE TABLE operation_payload (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		operation_id KEYTEXT NOT NULL,
		data BYTES NOT NULL,
		PRIMARY KEY (company_id, mode, operation_id))`,

	`CREATE TABLE operation_slice (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		operation_id KEYTEXT NOT NULL,
		first_item integer NOT NULL,
		items JSON NOT NULL,
		rejected integer NOT NULL,
		PRIMARY KEY (company_id, mode, operation_id, first_item))`,
	`CREATE INDEX operation_slice_rejected ON operation_slice (company_id, mode) WHERE rejected > 0`,

	`CREATE TABLE request (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		employee_id KEYTEXT,
		source text NOT NULL,
		status text NOT NULL,
		reason text,
		channel text,
		channels JSON NOT NULL,
		ask JSON NOT NULL,
		generation integer NOT NULL,
		token_hash BYTES NOT NULL UNIQUE,
		created_at TIME NOT NULL,
		sent_at TIME,
		delivered_at TIME,
		answered_at TIME,
		expires_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX request_contact ON request (company_id, mode, contact_id, id)`,
	`CREATE INDEX request_open ON request (expires_at) WHERE status IN ('PENDING', 'SENT', 'DELIVERED')`,

	`CREATE TABLE delivery (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		request_id KEYTEXT NOT NULL,
		channel text NOT NULL,
		status text NOT NULL,
		attempts integer NOT NULL,
		due_at TIME NOT NULL,
		at TIME NOT NULL,
		detail text,
		PRIMARY KEY (company_id, mode, id)) BY AGE`,
	`CREATE INDEX delivery_queued ON delivery (company_id, mode, due_at, id) WHERE status = 'QUEUED'`,
	`CREATE INDEX delivery_request ON delivery (company_id, mode, request_id)`,

	`CREATE TABLE outbox (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		message_id text NOT NULL,
		request_id KEYTEXT,
		contact_id KEYTEXT,
		employee_id KEYTEXT,
		recipient text NOT NULL,
		subject text NOT NULL,
		message BYTES NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE UNIQUE INDEX outbox_message ON outbox (company_id, mode, message_id)`,

	`CREATE TABLE event_counter (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		last_number bigint NOT NULL,
		PRIMARY KEY (company_id, mode))`,

	`CREATE TABLE event (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		number bigint NOT NULL,
		kind text NOT NULL,
		occurred_at TIME NOT NULL,
		contact_id KEYTEXT,
		contact_external_id KEYTEXT,
		source KEYTEXT,
		employee_id KEYTEXT,
		request_id KEYTEXT,
		consent_id KEYTEXT,
		operation_id KEYTEXT,
		channel text,
		reason text,
		erased_at TIME,
		PRIMARY KEY (company_id, mode, number)) BY COMPANY`,
	`CREATE INDEX event_contact ON event (company_id, mode, contact_id, number)`,

	`CREATE TABLE event_value (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		first_number bigint NOT NULL,
		data JSON NOT NULL,
		PRIMARY KEY (company_id, mode, first_number)) BY COMPANY`,

	`CREATE TABLE consumer (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		name KEYTEXT NOT NULL,
		number bigint NOT NULL,
		updated_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, name))`,

	`CREATE TABLE source_mark (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		source KEYTEXT NOT NULL,
		number bigint NOT NULL,
		PRIMARY KEY (company_id, mode, source))`,

	`CREATE TABLE idempotency (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		mutation KEYTEXT NOT NULL,
		key KEYTEXT NOT NULL,
		input_hash BYTES NOT NULL,
		result JSON NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, mode, mutation, key))`,
	`CREATE INDEX idempotency_age ON idempotency (created_at)`,

	`CREATE TABLE consent_definition (
		company_id integer NOT NULL,
		id KEYTEXT NOT NULL,
		key KEYTEXT NOT NULL,
		advertising boolean NOT NULL,
		channels JSON NOT NULL,
		version integer NOT NULL,
		active boolean NOT NULL,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL,
		PRIMARY KEY (company_id, id),
		UNIQUE (company_id, key))`,

	`CREATE TABLE consent_version (
		company_id integer NOT NULL,
		definition_id KEYTEXT NOT NULL,
		version integer NOT NULL,
		wordings JSON NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, definition_id, version))`,

	`CREATE TABLE consent (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		definition_id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		channel text NOT NULL,
		version integer NOT NULL,
		locale text NOT NULL,
		state text NOT NULL,
		request_id KEYTEXT,
		decided_at TIME NOT NULL,
		withdrawn_at TIME,
		last_used_at TIME,
		retain_until TIME,
		latest boolean NOT NULL,
		evidence JSON NOT NULL,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX consent_contact ON consent (company_id, mode, contact_id, definition_id)`,
	`CREATE UNIQUE INDEX consent_latest ON consent (company_id, mode, contact_id, definition_id, channel) WHERE latest`,

	`CREATE TABLE report_day (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		employee_id KEYTEXT NOT NULL,
		day KEYTEXT NOT NULL,
		requests integer NOT NULL DEFAULT 0,
		sent integer NOT NULL DEFAULT 0,
		delivered integer NOT NULL DEFAULT 0,
		failed integer NOT NULL DEFAULT 0,
		updated integer NOT NULL DEFAULT 0,
		confirmed integer NOT NULL DEFAULT 0,
		declined integer NOT NULL DEFAULT 0,
		answered integer NOT NULL DEFAULT 0,
		PRIMARY KEY (company_id, mode, employee_id, day)) CLUSTERED`,

	`CREATE TABLE report_total (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		employee_id KEYTEXT NOT NULL,
		contacts bigint NOT NULL DEFAULT 0,
		PRIMARY KEY (company_id, mode, employee_id)) CLUSTERED`,
}

// firstPostgres makes the partitions: events by Company, Deliveries by month
// (the months themselves follow at start and daily; see db/migrate.go).
var firstPostgres = append(append(append(
	compression,
	partitions("event", 8)...),
	partitions("event_value", 8)...),
	`CREATE TABLE delivery_default PARTITION OF delivery DEFAULT`,
)

// compression spares an upload work: payloads come compressed already,
// and packs are compressed by lz4 where the server was built with it.
var compression = []string{
	`ALTER TABLE operation_payload ALTER COLUMN data SET STORAGE EXTERNAL`,
	`DO $$ BEGIN
		EXECUTE 'ALTER TABLE event_value ALTER COLUMN data SET COMPRESSION lz4';
		EXECUTE 'ALTER TABLE operation_slice ALTER COLUMN items SET COMPRESSION lz4';
	EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL;
	END $$`,
}

func partitions(table string, n int) []string {
	var statements []string
	for i := range n {
		statements = append(statements, fmt.Sprintf(
			`CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d)`, table, i, table, n, i))
	}
	return statements
}
