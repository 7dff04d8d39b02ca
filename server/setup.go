package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"complero/db"
)

// setupCommand makes an account.
type setupCommand struct {
	Customer string `required:"" placeholder:"NAME" help:"The firm that buys. One that is known gets a further Company."`
	Company  string `required:"" placeholder:"NAME" help:"The Company: one brand's account."`
	Country  string `required:"" placeholder:"DE" help:"The Company's country, in two letters. It also sets the timezone."`
	Locale   string `required:"" placeholder:"de" help:"The Company's language, such as de or en-GB."`
	Sender   string `placeholder:"ADDRESS" help:"E-mail address that messages come from."`
	Imprint  string `placeholder:"TEXT" help:"The imprint that every message and page shows."`
	Admin    string `placeholder:"ADDRESS" help:"E-mail address of whoever is to administer the Customer in the dashboard; the sender's if left out."`
	Timezone string `placeholder:"ZONE" help:"Such as Europe/Berlin, if not the one of most people in the country."`
}

// madeAccount is what the command prints.
type madeAccount struct {
	*db.Account
	// SignIn is the administrator's link into the dashboard, which works once.
	SignIn string `json:"signIn,omitempty"`
}

// appoint makes the User who administers a Company's Customer, or finds
// them by their address, and returns a link by which they sign in.
func appoint(ctx context.Context, store *db.Store, company, address, name string) (string, error) {
	t, err := store.WorkOn(ctx, company, db.Live)
	if err != nil {
		return "", err
	}
	_, link, err := t.InviteUser(ctx, db.UserInvite{Email: address, Name: name, Roles: []db.Grant{{Role: db.CustomerAdmin}}, Unmailed: true})
	if err != nil {
		return "", err
	}
	return t.SignInURL(link), nil
}

// run makes the account and prints its ids and keys as one JSON object, which
// is all that standard output gets.
func (c setupCommand) run(ctx context.Context, s Settings, log *slog.Logger, stdout io.Writer) (err error) {
	means, err := s.config()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, s, means, false, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	account, err := store.CreateAccount(ctx, db.Setup{
		Customer: c.Customer, Company: c.Company, Country: c.Country, Locale: c.Locale, Timezone: c.Timezone,
		Sender: c.Sender, Imprint: c.Imprint,
	})
	if err != nil {
		return err
	}
	made := madeAccount{Account: account}
	if admin := cmp.Or(c.Admin, c.Sender); admin != "" {
		if made.SignIn, err = appoint(ctx, store, account.CompanyID, admin, c.Customer); err != nil {
			return fmt.Errorf("the account %s with its keys has been made, but nobody to administer it: %w", account.CompanyID, err)
		}
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(made); err != nil {
		return fmt.Errorf("print the account, which has been made: %w", err)
	}
	return nil
}
