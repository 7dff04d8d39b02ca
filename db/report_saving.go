package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"regexp"
)

// A Price is an amount of a currency.
type Price struct {
	// Amount is in the currency's main unit: 0.85.
	Amount float64
	// Currency is by ISO 4217: EUR.
	Currency string
}

// maxPrice is the most that a letter can be said to cost.
const maxPrice = 1000

var currencies = regexp.MustCompile(`^[A-Z]{3}$`)

func (p *Price) check() error {
	switch {
	case math.IsNaN(p.Amount) || p.Amount < 0 || p.Amount > maxPrice:
		return fail(Invalid, "amount", "a letter costs 0 to %d; give the price of one", maxPrice)
	case !currencies.MatchString(p.Currency):
		return fail(Invalid, "currency", "%.20q is no currency; give three capital letters of ISO 4217, such as EUR", p.Currency)
	}
	return nil
}

// ReportSettings say by what a Company's reports reckon.
type ReportSettings struct {
	// LetterPrice is what one letter costs, paper, print and postage; nil where
	// nobody has said so.
	LetterPrice *Price
}

// ReportSettings reads them.
func (t *Tenant) ReportSettings(ctx context.Context) (*ReportSettings, error) {
	if err := errors.Join(t.check(ReportRead), t.whole("by what its reports reckon")); err != nil {
		return nil, err
	}
	set := &ReportSettings{}
	var micro sql.NullInt64
	var currency string
	rows, err := t.read(ctx, "SELECT letter_price, currency FROM report_setting WHERE company_id = $1", t.Company.Key)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&micro, &currency) })
	if err != nil {
		return nil, fmt.Errorf("read the report's settings: %w", err)
	}
	if micro.Valid {
		set.LetterPrice = &Price{float64(micro.Int64) / 1e6, currency}
	}
	return set, nil
}

// SaveReportSettings changes them, for live and test mode.
func (t *Tenant) SaveReportSettings(ctx context.Context, set ReportSettings) (*ReportSettings, error) {
	if err := t.check(CompanyWrite); err != nil {
		return nil, err
	}
	if err := errors.Join(t.whole("changing its settings"), t.liveOnly("a report's settings")); err != nil {
		return nil, err
	}
	var micro *int64
	currency := ""
	if p := set.LetterPrice; p != nil {
		if err := p.check(); err != nil {
			return nil, under("letterPrice", err)
		}
		micro, currency = ptr(int64(math.Round(p.Amount*1e6))), p.Currency
	}
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		_, err := x.exec(ctx, `INSERT INTO report_setting (company_id, letter_price, currency) VALUES ($1, $2, $3)
			ON CONFLICT (company_id) DO UPDATE SET letter_price = excluded.letter_price, currency = excluded.currency`, x.company, micro, currency)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save the report's settings: %w", err)
	}
	return &set, nil
}

// under puts a name before the paths of errors.
func under(name string, err error) error {
	errs := ErrorsOf(err)
	for _, e := range errs {
		e.Path = append([]string{name}, e.Path...)
	}
	if len(errs) == 0 {
		return err
	}
	return errs
}

// Savings are the letters that need not come back.
type Savings struct {
	// Letters counts the Contacts' own changes of a postal address that was on
	// file: without each, the next letter would have gone to where the Contact no
	// longer is.
	Letters int
	// Price is what each is reckoned at, Amount what all of them come to; nil
	// where nobody has said a price.
	Price  *Price
	Amount *float64
}

// Savings reckons the period's at a price, or else at the Company's own. Several
// Companies are reckoned at each its own, where these are of one currency. Nil
// where that is none of the Viewer's matters.
func (r *Report) Savings(ctx context.Context, letterPrice *Price) (*Savings, error) {
	if letterPrice != nil {
		if err := letterPrice.check(); err != nil {
			return nil, under("letterPrice", err)
		}
	}
	of := r.whole()
	all, err := r.sums(ctx, byTotal.area(), of)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	out := &Savings{}
	amount, known := 0.0, true
	for i, t := range of {
		letters := 0
		if s := all[i][sumKey{dimension: byTotal}]; s != nil {
			letters = s.Corrected
		}
		each := letterPrice
		if each == nil {
			set, err := t.ReportSettings(ctx)
			if err != nil {
				return nil, err
			}
			each = set.LetterPrice
		}
		out.Letters += letters
		switch {
		case each == nil || out.Price != nil && out.Price.Currency != each.Currency:
			known = false
			continue
		case out.Price == nil:
			out.Price = each
		}
		amount += float64(letters) * each.Amount
	}
	if known {
		out.Amount = ptr(math.Round(amount*100) / 100)
	} else if len(of) > 1 {
		out.Price = nil
	}
	return out, nil
}
