package dbtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing/fstest"

	"complero/db"
)

// templateDatabase is the database of the shared cluster that holds the
// migrations' result and nothing else; each test gets a copy.
const templateDatabase = "complero_template"

// postgresTemplate gives the shared cluster once its template is migrated.
var postgresTemplate = sync.OnceValues(func() (*Cluster, error) {
	cluster, err := sharedCluster()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	if err := cluster.exec(ctx, "CREATE DATABASE "+templateDatabase); err != nil {
		return nil, err
	}
	c := config()
	c.URL = cluster.URL(templateDatabase)
	if c.DataDir, err = os.MkdirTemp("", "complero-template-"); err != nil {
		return nil, fmt.Errorf("make the template's folder: %w", err)
	}
	if err := errors.Join(migrate(ctx, c), os.RemoveAll(c.DataDir)); err != nil {
		return nil, fmt.Errorf("migrate the PostgreSQL template: %w", err)
	}
	return cluster, nil
})

// sqliteTemplate gives the data folder of a migrated, closed SQLite database.
// It is held in memory, since no test outlives them all to remove a folder.
var sqliteTemplate = sync.OnceValues(func() (fs.FS, error) {
	c := config()
	var err error
	if c.DataDir, err = os.MkdirTemp("", "complero-template-"); err != nil {
		return nil, fmt.Errorf("make the template's folder: %w", err)
	}
	err = migrate(context.Background(), c)
	if err != nil {
		err = fmt.Errorf("migrate the SQLite template: %w", err)
	}
	files, readErr := readFolder(c.DataDir)
	return files, errors.Join(err, readErr, os.RemoveAll(c.DataDir))
})

func migrate(ctx context.Context, c db.Config) error {
	store, err := db.Open(ctx, c)
	if err != nil {
		return err
	}
	return store.Close()
}

func readFolder(dir string) (fs.FS, error) {
	files := fstest.MapFS{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = &fstest.MapFile{Data: data, Mode: info.Mode()}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the template's folder: %w", err)
	}
	return files, nil
}
