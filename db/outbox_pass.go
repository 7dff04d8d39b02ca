package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// outboxPassTime is how long a browser may look into the outbox before it has
// to show the test key again.
const outboxPassTime = 12 * time.Hour

// OutboxPass lets a browser look into the outbox of test mode in place of the
// test key, which it needs to show only once. The pass names the key and an
// end, is signed and stored nowhere. It fails with UNAUTHENTICATED for an
// unknown key and with TEST_ONLY for a live one.
func (s *Store) OutboxPass(ctx context.Context, key string) (pass string, until time.Time, err error) {
	t, err := s.Authenticate(ctx, key)
	if err != nil {
		return "", time.Time{}, err
	}
	if t.Mode != Test {
		return "", time.Time{}, fail(TestOnly, "key", "only the outbox of test mode can be read; use a test key")
	}
	if err := t.check(RequestsLink); err != nil {
		return "", time.Time{}, err
	}
	until = s.now().Add(outboxPassTime).Truncate(time.Second)
	content := t.Viewer.KeyID + "." + strconv.FormatInt(until.Unix(), 10)
	return content + "." + s.sealPass(content), until, nil
}

// OutboxTenant returns the Tenant that a pass opens, with no right but to read
// the outbox. It fails with UNAUTHENTICATED when the pass is not one of ours
// or has ended, or its key no longer holds.
func (s *Store) OutboxTenant(ctx context.Context, pass string) (*Tenant, error) {
	unknown := fail(Unauthenticated, "", "show the test key once more")
	cut := strings.LastIndexByte(pass, '.')
	if cut < 0 || !hmac.Equal([]byte(s.sealPass(pass[:cut])), []byte(pass[cut+1:])) {
		return nil, unknown
	}
	id, end, _ := strings.Cut(pass[:cut], ".")
	seconds, err := strconv.ParseInt(end, 10, 64)
	if err != nil || !s.now().Before(time.Unix(seconds, 0)) {
		return nil, unknown
	}
	t, err := s.keyTenant(ctx, "id", id, unknown)
	if err != nil {
		return nil, err
	}
	if t == nil || t.Mode != Test || !t.Viewer.May(RequestsLink) {
		return nil, unknown
	}
	t.Viewer.Rights = []Right{RequestsLink}
	return t, nil
}

func (s *Store) sealPass(content string) string {
	mac := hmac.New(sha256.New, s.linkKey)
	fmt.Fprintf(mac, "outbox\x00%s", content)
	return hex.EncodeToString(mac.Sum(nil))
}
