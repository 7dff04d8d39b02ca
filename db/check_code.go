package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"complero/theme"
)

// A check code is the first 50 bits of the hash of a Request's token, which is
// an HMAC: nobody can make one up, the link cannot be read back from it, and
// the index over the hashes finds its Request. It is ten characters of
// Crockford's base32, which leaves out I, L, O and U.
const (
	checkAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	checkLength   = 10
	checkBits     = 5 * checkLength
)

// checkCode writes the code as people read it: 7K3QF-2MXD9; "" without a hash.
func checkCode(tokenHash []byte) string {
	if len(tokenHash) < 8 {
		return ""
	}
	bits := binary.BigEndian.Uint64(tokenHash) >> (64 - checkBits)
	var code [checkLength + 1]byte
	for i, at := checkLength-1, checkLength; i >= 0; i, at = i-1, at-1 {
		if at == checkLength/2 {
			code[at] = '-'
			at--
		}
		code[at] = checkAlphabet[bits&31]
		bits >>= 5
	}
	return string(code[:])
}

// misread are the letters that people take for others of the code's.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "\u00a0", "", "\u2010", "", "\u2011", "", "\u2013", "", ".", "", "\t", "", "\u200e", "", "\u200f", "")

// parseCheckCode reads a code however it is typed.
func parseCheckCode(typed string) (bits uint64, ok bool) {
	if len(typed) > 100 {
		return 0, false
	}
	code := misread.Replace(strings.ToUpper(typed))
	if len(code) != checkLength {
		return 0, false
	}
	for i := range len(code) {
		at := strings.IndexByte(checkAlphabet, code[i])
		if at < 0 {
			return 0, false
		}
		bits = bits<<5 | uint64(at)
	}
	return bits, true
}

// checkRange is where hashes that begin with the bits lie in the index: from
// one up to, but without, the other.
func checkRange(bits uint64) (from, to []byte) {
	from = binary.BigEndian.AppendUint64(nil, bits<<(64-checkBits))
	if bits == 1<<checkBits-1 {
		return from, bytes.Repeat([]byte{0xff}, 33) // longer than any hash
	}
	return from, binary.BigEndian.AppendUint64(nil, (bits+1)<<(64-checkBits))
}

// Written is what anybody may know about a message whose check code they have.
type Written struct {
	CompanyID string
	// Name is that of the Company, as its messages have it.
	Name      string
	Formality theme.Formality
	// On is the moment at which it was sent, in the Company's timezone.
	On   time.Time
	Mode Mode
}

// Written tells who wrote the message that a check code stands in; nil where
// no message was sent that has it. It fails with INVALID for what is no code,
// and changes nothing.
func (s *Store) Written(ctx context.Context, code string) (*Written, error) {
	bits, ok := parseCheckCode(code)
	if !ok {
		return nil, fail(Invalid, "code", "a code has %d letters and digits, such as 7K3QF-2MXD9", checkLength)
	}
	from, to := checkRange(bits)
	var company, version int64
	w := new(Written)
	const query = `SELECT r.company_id, o.version, r.mode, r.sent_at FROM request AS r JOIN company AS o ON o.id = r.company_id
		WHERE r.token_hash >= $1 AND r.token_hash < $2 AND r.sent_at IS NOT NULL ORDER BY r.token_hash LIMIT 1`
	err := s.rowHot(ctx, query, []any{from, to}, &company, &version, &w.Mode, &w.On)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up a check code: %w", err)
	}
	set, err := s.settings(ctx, company, version)
	if err != nil {
		return nil, err
	}
	w.CompanyID, w.Name, w.On = set.company.ID, set.company.Name, w.On.In(set.company.Location())
	if set.brand != nil {
		w.Name, w.Formality = set.brand.Theme.Name, set.brand.Theme.Formality
	}
	if set.company.SenderName != nil {
		w.Name = *set.company.SenderName
	}
	return w, nil
}
