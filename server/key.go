package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"complero/db"
)

// keyCommand makes an API key.
type keyCommand struct {
	Company string   `required:"" placeholder:"ID-OR-SLUG" help:"The Company, by its id or its slug."`
	Name    string   `required:"" placeholder:"NAME" help:"What people tell the key by, such as the agency's name."`
	Source  string   `placeholder:"SOURCE" help:"The Source that the key is bound to. Left out: a key of the whole Company."`
	Test    bool     `help:"A key of test mode."`
	Scopes  []string `placeholder:"SCOPE" help:"The rights that it has, such as contacts:read,contacts:write. Left out: all, with --source all but company:write."`
	Days    int      `placeholder:"N" help:"After how many days it ends. Left out: never."`
}

// madeKey is what the command prints.
type madeKey struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Source    string     `json:"source"`
	Test      bool       `json:"test"`
	Scopes    []db.Right `json:"scopes"`
	ExpiresAt *time.Time `json:"expiresAt"`
	Key       string     `json:"key"`
}

// run makes the key and prints it as one JSON object, which is all that
// standard output gets.
func (c keyCommand) run(ctx context.Context, s Settings, log *slog.Logger, stdout io.Writer) (err error) {
	store, live, err := openTenant(ctx, s, c.Company, false, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	in := db.KeyCreate{Name: c.Name, Source: &c.Source, Test: c.Test}
	for _, scope := range c.Scopes {
		in.Scopes = append(in.Scopes, db.Right(scope))
	}
	if c.Days > 0 {
		end := time.Now().AddDate(0, 0, c.Days)
		in.ExpiresAt = &end
	}
	key, secret, err := live.CreateKey(ctx, in)
	if err != nil {
		return err
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	made := madeKey{
		ID: key.ID, Name: key.Name, Source: key.Source, Test: key.Mode == db.Test,
		Scopes: key.Scopes, ExpiresAt: key.ExpiresAt, Key: secret,
	}
	if err := out.Encode(made); err != nil {
		return fmt.Errorf("print the key, which has been made: %w", err)
	}
	return nil
}
