package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// idempotencyPeriod is how long a key is remembered.
const idempotencyPeriod = 24 * time.Hour

// once runs do unless the same key and input have done so within a day: then
// it fills result with what that call kept. It is the transaction's first
// statement: of two calls at once the second waits and gets the first's
// result. Without a key it just runs do. What is kept are ids and a hash of
// the input; result points to a small struct of ids.
func (x *tx) once(ctx context.Context, mutation string, key *string, input, result any, do func() error) (repeated bool, err error) {
	if key == nil || *key == "" {
		return false, do()
	}
	if len(*key) > 200 {
		return false, fail(TooLong, "idempotencyKey", "an idempotencyKey has at most 200 characters")
	}
	own := x.tenant.apart(*key)
	key = &own
	hash := inputHash(input)
	claimed, err := x.claimKey(ctx, mutation, *key, hash)
	if err != nil {
		return false, err
	}
	if !claimed {
		return true, x.recall(ctx, mutation, *key, hash, result)
	}
	if err := do(); err != nil {
		return false, err
	}
	_, err = x.exec(ctx, "UPDATE idempotency SET result = $5 WHERE company_id = $1 AND mode = $2 AND mutation = $3 AND key = $4",
		x.company, x.mode, mutation, *key, jsonOf(result))
	return false, err
}

// claimKey inserts the key's row, or takes over one that is too old to count.
func (x *tx) claimKey(ctx context.Context, mutation, key string, hash []byte) (bool, error) {
	const claim = `INSERT INTO idempotency (company_id, mode, mutation, key, input_hash, result, created_at)
		VALUES ($1, $2, $3, $4, $5, 'null', $6)
		ON CONFLICT (company_id, mode, mutation, key) DO UPDATE
			SET input_hash = excluded.input_hash, result = excluded.result, created_at = excluded.created_at
			WHERE idempotency.created_at <= $7
		RETURNING mode`
	var mode Mode
	err := x.row(ctx, claim, x.company, x.mode, mutation, key, hash, x.now, x.now.Add(-idempotencyPeriod)).Scan(&mode)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keep idempotencyKey: %w", err)
	}
	return true, nil
}

// recall reads what the first call with this key kept.
func (x *tx) recall(ctx context.Context, mutation, key string, hash []byte, result any) error {
	var known, kept []byte
	err := x.row(ctx, "SELECT input_hash, result FROM idempotency WHERE company_id = $1 AND mode = $2 AND mutation = $3 AND key = $4",
		x.company, x.mode, mutation, key).Scan(&known, &kept)
	if err != nil {
		return fmt.Errorf("read idempotencyKey: %w", err)
	}
	if !bytes.Equal(known, hash) {
		return fail(IdempotencyConflict, "idempotencyKey",
			"this idempotencyKey was used within the last 24 hours with another input; use a new one for a new call")
	}
	return json.Unmarshal(kept, result)
}

// inputHash is the SHA-256 of an input's JSON, whose fields have a fixed order.
func inputHash(input any) []byte {
	sum := sha256.Sum256([]byte(jsonOf(input)))
	return sum[:]
}

// canonical is JSON as its sender wrote it. Marshalled, it has one form: many
// programs write an object's fields in another order each time.
type canonical []byte

// MarshalJSON puts the fields of every object in order.
func (c canonical) MarshalJSON() ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(c))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// forgetKeys deletes idempotency rows that no longer count.
func (s *Store) forgetKeys(ctx context.Context) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM idempotency WHERE created_at <= $1",
		s.engine.args([]any{s.now().Add(-idempotencyPeriod)})...)
	return err
}
