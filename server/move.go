package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"complero/db"
)

// moveCommand moves everything to another database.
type moveCommand struct {
	From string `required:"" placeholder:"DATABASE" help:"What to move: sqlite:DIR for a data folder, or postgres://USER:PASSWORD@HOST:PORT/NAME. Stop every server on it first, and leave it stopped: what it changed afterwards would stay behind. The source is brought up to date and otherwise left as it is."`
	To   string `required:"" placeholder:"DATABASE" help:"Where to: an empty database, or a folder without one, written as for --from. Interrupted, it is marked as unfinished; the same command then empties it and starts over. From PostgreSQL to a folder, --data or --link-key tell where the key of the Contacts' links is."`
}

// run moves, tells on stderr how far it is, and says in its last line that it
// is done.
func (c moveCommand) run(ctx context.Context, s Settings, log *slog.Logger, stderr io.Writer) error {
	means, err := s.config()
	if err != nil {
		return err
	}
	from, err := c.end(ctx, "--from", c.From)
	if err != nil {
		return err
	}
	to, err := c.end(ctx, "--to", c.To)
	if err != nil {
		return err
	}
	if to.URL == "" {
		if err := checkFolder("--to", to.DataDir); err != nil {
			return err
		}
	}
	from.LinkKey, from.Log, to.Log = means.linkKey, onlyWarnings(log), onlyWarnings(log)
	if from.URL != "" {
		if from.DataDir, err = filepath.Abs(s.Data); err != nil {
			return fmt.Errorf("--data %s: %w", s.Data, err)
		}
	}
	moved, err := db.Move(ctx, db.MoveConfig{From: from, To: to, Progress: func(p db.MoveProgress) {
		fmt.Fprintln(stderr, progressLine(p))
	}})
	if err != nil {
		return err
	}
	fmt.Fprintln(stderr, keyLine(moved, from))
	fmt.Fprintf(stderr, "done: %d rows in %d tables and %d unfinished jobs moved in %s; counts and content hashes are the same\n",
		moved.Rows, moved.Tables, moved.Jobs, moved.Took.Round(100*time.Millisecond))
	return nil
}

// end reads one of the two flags and sees that its PostgreSQL answers.
func (c moveCommand) end(ctx context.Context, flag, text string) (db.Config, error) {
	end, err := parseEnd(text)
	if err != nil {
		return end, fmt.Errorf("%s: %w", flag, err)
	}
	if end.URL != "" {
		return end, reach(ctx, flag, end.URL)
	}
	if end.DataDir, err = filepath.Abs(end.DataDir); err != nil {
		return end, fmt.Errorf("%s: %w", flag, err)
	}
	return end, nil
}

// parseEnd reads a database as it is written for the move. What it complains
// about it does not repeat: it may be an address with a password.
func parseEnd(text string) (db.Config, error) {
	if strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://") {
		return db.Config{URL: text}, nil
	}
	dir, lite := strings.CutPrefix(text, "sqlite:")
	if !lite {
		return db.Config{}, errors.New("write sqlite:DIR, such as sqlite:./data, or postgres://USER:PASSWORD@HOST:PORT/NAME")
	}
	if dir == "" || strings.IndexByte(dir, 0) >= 0 || strings.HasPrefix(dir, "//") && !strings.HasPrefix(dir, "///") {
		return db.Config{}, errors.New("write the data folder behind sqlite:, such as sqlite:./data or sqlite:/var/lib/complero")
	}
	if filepath.Ext(dir) == ".db" {
		return db.Config{}, errors.New("name the data folder, not the file in it")
	}
	return db.Config{DataDir: filepath.Clean(dir)}, nil
}

// progressLine tells how far a table is.
func progressLine(p db.MoveProgress) string {
	did := "moving"
	switch {
	case p.Checking && p.Done:
		did = "checked"
	case p.Checking:
		did = "checking"
	case p.Done:
		did = "moved"
	}
	return fmt.Sprintf("%s %s: %d rows, %.0f rows/s", did, p.Table, p.Rows, float64(p.Rows)/max(p.Took.Seconds(), 0.001))
}

// keyLine tells where the key of the Contacts' links is now.
func keyLine(moved *db.Moved, from db.Config) string {
	if moved.LinkKeyFile != "" {
		return "the key of the Contacts' links is in " + moved.LinkKeyFile
	}
	former := "that of the former server"
	if from.URL == "" {
		former = filepath.Join(from.DataDir, "link.key") + ", if the former server was not given another"
	}
	return "the Contacts' links need the key that they were made with (" + former + "): " +
		"start the new server with --data and a folder that holds it as link.key, or with --link-key"
}
