package db

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// A CertificateFile is what is kept for the certificates of Companies' host
// names: a certificate, its key, an account with the authority. It is sealed
// with a key made of the link key, so that a copy of the database alone
// impersonates nobody.
type CertificateFile struct {
	Name      string
	Data      []byte
	ChangedAt time.Time
}

// SaveCertificateFile keeps a file, in place of one of the same name.
func (s *Store) SaveCertificateFile(ctx context.Context, name string, data []byte) error {
	sealed, err := s.sealCertificate(name, data)
	if err == nil {
		_, err = s.write.DB.ExecContext(ctx, `INSERT INTO certificate_file (name, data, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET data = excluded.data, changed_at = excluded.changed_at`,
			s.engine.args([]any{name, sealed, s.now()})...)
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

// CertificateFile reads a file; it fails with fs.ErrNotExist where there is none.
func (s *Store) CertificateFile(ctx context.Context, name string) (*CertificateFile, error) {
	f := &CertificateFile{Name: name}
	var sealed []byte
	err := s.read.DB.QueryRowContext(ctx, "SELECT data, changed_at FROM certificate_file WHERE name = $1",
		s.engine.args([]any{name})...).Scan(&sealed, &f.ChangedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fs.ErrNotExist
	}
	if err == nil {
		f.Data, err = s.openCertificate(name, sealed)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return f, nil
}

// CertificateFiles lists the names of the files in a folder and those below it;
// "" is the outermost.
func (s *Store) CertificateFiles(ctx context.Context, folder string) ([]string, error) {
	rows, err := s.read.DB.QueryContext(ctx, "SELECT name FROM certificate_file ORDER BY name", s.engine.args(nil)...)
	var names []string
	err = scanRows(rows, err, func(r rowScanner) error {
		var name string
		err := r.Scan(&name)
		if folder == "" || strings.HasPrefix(name, folder+"/") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list certificates: %w", err)
	}
	return names, nil
}

// DeleteCertificateFile takes a file away, or a folder with all that is in it.
func (s *Store) DeleteCertificateFile(ctx context.Context, name string) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM certificate_file WHERE name = $1 OR substr(name, 1, $2) = $3",
		s.engine.args([]any{name, len([]rune(name)) + 1, name + "/"})...)
	if err != nil {
		return fmt.Errorf("take away %s: %w", name, err)
	}
	return nil
}

// LockCertificate takes the lock of a name for a holder, or renews it, for some
// time to come: unless it is let go or renewed by then, others may take it. It
// reports whether the holder has it now.
func (s *Store) LockCertificate(ctx context.Context, name, holder string, lease time.Duration) (bool, error) {
	done, err := s.write.DB.ExecContext(ctx, `INSERT INTO certificate_lock (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE certificate_lock.holder = $2 OR certificate_lock.until < $4`,
		s.engine.args([]any{name, holder, s.now().Add(lease), s.now()})...)
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", name, err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// UnlockCertificate lets a lock go that the holder has.
func (s *Store) UnlockCertificate(ctx context.Context, name, holder string) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM certificate_lock WHERE name = $1 AND holder = $2",
		s.engine.args([]any{name, holder})...)
	if err != nil {
		return fmt.Errorf("unlock %s: %w", name, err)
	}
	return nil
}

// certificateCipher seals files. Their names go in as well, so that none can be
// passed off as another.
func (s *Store) certificateCipher() (cipher.AEAD, error) {
	mac := hmac.New(sha256.New, s.linkKey)
	mac.Write([]byte("certificates"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *Store) sealCertificate(name string, data []byte) ([]byte, error) {
	c, err := s.certificateCipher()
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, data, []byte(name)), nil
}

func (s *Store) openCertificate(name string, sealed []byte) ([]byte, error) {
	c, err := s.certificateCipher()
	if err != nil {
		return nil, err
	}
	return c.Open(nil, nil, sealed, []byte(name))
}
