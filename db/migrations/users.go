package migrations

// users lets people sign in: Users with their roles, passkeys, sessions and
// sign-in links, and the log of who did what.
var users = []string{
	// roles holds what the User may do where; version counts its changes.
	`CREATE TABLE app_user (
		id KEYTEXT PRIMARY KEY,
		customer_id KEYTEXT NOT NULL REFERENCES customer (id),
		email KEYTEXT NOT NULL,
		name text NOT NULL,
		locale text NOT NULL DEFAULT '',
		roles JSON NOT NULL,
		created_at TIME NOT NULL,
		signed_in_at TIME,
		removed_at TIME)`,
	`CREATE UNIQUE INDEX app_user_email ON app_user (customer_id, email) WHERE removed_at IS NULL`,

	`CREATE TABLE passkey (
		id KEYTEXT PRIMARY KEY,
		user_id KEYTEXT NOT NULL REFERENCES app_user (id),
		credential_id BYTES NOT NULL UNIQUE,
		name text NOT NULL,
		data JSON NOT NULL,
		created_at TIME NOT NULL,
		used_at TIME)`,
	`CREATE INDEX passkey_user ON passkey (user_id, id)`,

	`CREATE TABLE sign_in (
		id KEYTEXT PRIMARY KEY,
		hash BYTES NOT NULL UNIQUE,
		user_id KEYTEXT NOT NULL REFERENCES app_user (id),
		created_at TIME NOT NULL,
		expires_at TIME NOT NULL,
		used_at TIME)`,
	`CREATE INDEX sign_in_user ON sign_in (user_id)`,

	// A session without a User is one that is signing in.
	`CREATE TABLE session (
		id KEYTEXT PRIMARY KEY,
		hash BYTES NOT NULL UNIQUE,
		user_id KEYTEXT REFERENCES app_user (id),
		data BYTES NOT NULL,
		address text NOT NULL,
		agent text NOT NULL,
		created_at TIME NOT NULL,
		seen_at TIME NOT NULL)`,
	`CREATE INDEX session_of ON session (user_id, id)`,
	`CREATE INDEX session_by_age ON session (seen_at)`,

	`CREATE TABLE audit (
		id KEYTEXT PRIMARY KEY,
		customer_id KEYTEXT NOT NULL,
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		at TIME NOT NULL,
		viewer_kind text NOT NULL,
		viewer_id KEYTEXT NOT NULL,
		action KEYTEXT NOT NULL,
		targets JSON NOT NULL,
		address text NOT NULL,
		request_id text NOT NULL)`,
	`CREATE INDEX audit_company ON audit (company_id, id)`,
	`CREATE INDEX audit_customer ON audit (customer_id, id)`,

	// Taking whole files along becomes a right of its own; who could, still can.
	`UPDATE api_key SET scopes = CAST(replace(CAST(scopes AS text), '"contacts:read"', '"contacts:read","data:export"') AS JSON)`,
}
