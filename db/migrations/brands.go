package migrations

// brands notes of a version of a Brand which older one it brought back.
var brands = []string{
	`ALTER TABLE brand ADD COLUMN restored_from integer`,
}
