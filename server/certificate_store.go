package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"

	"complero/db"
)

// How long a process holds a lock that it does not renew, and how often it asks
// for one that another has.
const (
	certificateLease = 5 * time.Minute
	certificatePoll  = time.Second
)

// errNotLocked says that a lock is let go which nobody has.
var errNotLocked = errors.New("this lock is not held here")

// certificateStore keeps certificates in the database, so that all processes on
// it have the same and only one at a time asks for a new one.
type certificateStore struct {
	store *db.Store

	mu      sync.Mutex
	holders map[string]string // who holds a lock here, by its name
}

var (
	_ certmagic.Storage          = (*certificateStore)(nil)
	_ certmagic.TryLocker        = (*certificateStore)(nil)
	_ certmagic.LockLeaseRenewer = (*certificateStore)(nil)
)

func newCertificateStore(store *db.Store) *certificateStore {
	return &certificateStore{store: store, holders: map[string]string{}}
}

// Lock waits until a lock is to be had. Each call is another holder: calls of
// one process wait for one another like those of several.
func (s *certificateStore) Lock(ctx context.Context, name string) error {
	for {
		got, err := s.TryLock(ctx, name)
		if got || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(certificatePoll):
		}
	}
}

// TryLock takes a lock if nobody has it.
func (s *certificateStore) TryLock(ctx context.Context, name string) (bool, error) {
	holder := rand.Text()
	got, err := s.store.LockCertificate(ctx, name, holder, certificateLease)
	if got {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.holders[name] = holder
	}
	return got, err
}

// RenewLockLease keeps a lock for longer. It fails once another has it.
func (s *certificateStore) RenewLockLease(ctx context.Context, name string, lease time.Duration) error {
	s.mu.Lock()
	holder := s.holders[name]
	s.mu.Unlock()
	if holder == "" {
		return errNotLocked
	}
	got, err := s.store.LockCertificate(ctx, name, holder, lease)
	if err == nil && !got {
		err = errNotLocked
	}
	return err
}

// Unlock lets a lock go.
func (s *certificateStore) Unlock(ctx context.Context, name string) error {
	s.mu.Lock()
	holder := s.holders[name]
	delete(s.holders, name)
	s.mu.Unlock()
	if holder == "" {
		return errNotLocked
	}
	return s.store.UnlockCertificate(ctx, name, holder)
}

// Store keeps a file.
func (s *certificateStore) Store(ctx context.Context, key string, value []byte) error {
	return s.store.SaveCertificateFile(ctx, key, value)
}

// Load reads a file; it fails with fs.ErrNotExist where there is none.
func (s *certificateStore) Load(ctx context.Context, key string) ([]byte, error) {
	f, err := s.store.CertificateFile(ctx, key)
	if err != nil {
		return nil, err
	}
	return f.Data, nil
}

// Delete takes a file or a folder away.
func (s *certificateStore) Delete(ctx context.Context, key string) error {
	return s.store.DeleteCertificateFile(ctx, key)
}

// Exists reports whether there is such a file or folder.
func (s *certificateStore) Exists(ctx context.Context, key string) bool {
	_, err := s.Stat(ctx, key)
	return err == nil
}

// List names what is in a folder, each with its path; recursive, also what is
// in the folders in it. It fails with fs.ErrNotExist where there is none.
func (s *certificateStore) List(ctx context.Context, folder string, recursive bool) ([]string, error) {
	names, err := s.store.CertificateFiles(ctx, folder)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fs.ErrNotExist
	}
	before := ""
	if folder != "" {
		before = folder + "/"
	}
	var list []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	for _, name := range names {
		parts := strings.Split(strings.TrimPrefix(name, before), "/")
		if !recursive {
			parts = parts[:1]
		}
		for n := range parts {
			add(before + strings.Join(parts[:n+1], "/"))
		}
	}
	return list, nil
}

// Stat tells of a file or a folder.
func (s *certificateStore) Stat(ctx context.Context, key string) (certmagic.KeyInfo, error) {
	f, err := s.store.CertificateFile(ctx, key)
	if err == nil {
		return certmagic.KeyInfo{Key: key, Modified: f.ChangedAt, Size: int64(len(f.Data)), IsTerminal: true}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return certmagic.KeyInfo{}, err
	}
	if names, errList := s.store.CertificateFiles(ctx, key); errList != nil || len(names) == 0 {
		return certmagic.KeyInfo{}, errors.Join(err, errList)
	}
	return certmagic.KeyInfo{Key: key}, nil
}
