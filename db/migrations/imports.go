package migrations

// imports makes room for files: their rows until they are worked off, what
// comes of reading them, and the mappings that are used again.
var imports = []string{
	`CREATE TABLE import_rows (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		operation_id KEYTEXT NOT NULL,
		first_item integer NOT NULL,
		data BYTES NOT NULL,
		PRIMARY KEY (company_id, mode, operation_id, first_item))`,
	`CREATE INDEX import_rows_operation ON import_rows (operation_id)`,

	`ALTER TABLE operation ADD COLUMN import JSON`,

	`CREATE TABLE import_mapping (
		company_id integer NOT NULL,
		source KEYTEXT NOT NULL,
		name KEYTEXT NOT NULL,
		mapping JSON NOT NULL,
		created_at TIME NOT NULL,
		updated_at TIME NOT NULL,
		PRIMARY KEY (company_id, source, name))`,
}

// importsPostgres spares compressing what comes compressed.
var importsPostgres = []string{
	`ALTER TABLE import_rows ALTER COLUMN data SET STORAGE EXTERNAL`,
}
