package dbtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// postgresHint is what a person reads who has no PostgreSQL.
const postgresHint = "install PostgreSQL (Debian: apt-get install postgresql), or put its initdb and pg_ctl on PATH"

// errNoPostgres says that this machine has no PostgreSQL programs.
var errNoPostgres = errors.New(postgresHint)

// findPostgres gives the folder of PostgreSQL's programs: Debian keeps the
// server's in a folder for each version, off PATH.
func findPostgres() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		// A link on PATH may stand alone; its siblings are where it points to.
		program, err := filepath.EvalSymlinks(initdb)
		if err != nil {
			return "", fmt.Errorf("find PostgreSQL: %w", err)
		}
		if complete(filepath.Dir(program)) {
			return filepath.Dir(program), nil
		}
	}
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("find PostgreSQL: %w", err)
	}
	best, newest := "", 0
	for _, dir := range dirs {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err == nil && version > newest && complete(dir) {
			best, newest = dir, version
		}
	}
	if best == "" {
		return "", errNoPostgres
	}
	return best, nil
}

func complete(dir string) bool {
	for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, program)); err != nil {
			return false
		}
	}
	return true
}

// serverUser is whom the server runs as: PostgreSQL refuses to run as root.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
}
