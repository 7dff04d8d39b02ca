package db

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
)

// settings are all that is set up for a Company, as of a version.
type settings struct {
	company     *Company
	brand       *Brand // the published one
	definitions []*ConsentDefinition
	rules       *FieldRules

	mu        sync.Mutex
	employees map[employeeKey]*Employee // those that somebody has asked for
}

type employeeKey struct {
	mode Mode
	id   string
}

// mostEmployees is how many Employees of one Company a process keeps in mind.
const mostEmployees = 10_000

// knownEmployees reads Employees by id, if need be. The settings' version, which
// every change of an Employee raises, tells how old they may be.
func (t *Tenant) knownEmployees(ctx context.Context, ids []string) (map[string]*Employee, error) {
	if t.settings == nil {
		return t.employeesBy(ctx, "id", ids)
	}
	found := make(map[string]*Employee, len(ids))
	if unknown := t.settings.find(t.Mode, ids, found); len(unknown) > 0 {
		read, err := t.employeesBy(ctx, "id", unknown)
		if err != nil {
			return nil, err
		}
		t.settings.keep(t.Mode, read)
		maps.Copy(found, read)
	}
	maps.DeleteFunc(found, func(_ string, e *Employee) bool { return !t.employs(e) })
	return found, nil
}

// knownEmployee is knownEmployees for one; nil where there is none.
func (t *Tenant) knownEmployee(ctx context.Context, id string) (*Employee, error) {
	if t.settings != nil {
		if e := t.settings.employee(t.Mode, id); e != nil && t.employs(e) {
			return e, nil
		}
	}
	found, err := t.knownEmployees(ctx, []string{id})
	return found[id], err
}

func (s *settings) employee(mode Mode, id string) *Employee {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.employees[employeeKey{mode, id}]
}

func (s *settings) find(mode Mode, ids []string, found map[string]*Employee) (unknown []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if e := s.employees[employeeKey{mode, id}]; e != nil {
			found[id] = e
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

func (s *settings) keep(mode Mode, read map[string]*Employee) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.employees == nil || len(s.employees)+len(read) > mostEmployees {
		s.employees = map[employeeKey]*Employee{}
	}
	for id, e := range read {
		s.employees[employeeKey{mode, id}] = e
	}
}

// knownSettings are the Companies' settings that a process has read. It knows
// them again by the version, which every read tells anew: it never decides by
// itself how fresh they are, so processes need not tell one another. What is
// known is shared and must not be changed.
type knownSettings struct {
	companies sync.Map
	many      atomic.Int32
}

// mostCompanies is how many Companies' settings a process keeps in mind.
const mostCompanies = 10_000

// keep notes settings that were read. When they are too many, all go: those
// that are in use are soon read again.
func (k *knownSettings) keep(read *settings) {
	if _, known := k.companies.Swap(read.company.Key, read); !known && k.many.Add(1) > mostCompanies {
		k.many.Store(0)
		k.companies.Clear()
	}
}

// settings returns a Company's settings, which are read unless they are known
// as of the version, or of a later one.
func (s *Store) settings(ctx context.Context, company, version int64) (*settings, error) {
	if known, found := s.known.companies.Load(company); found {
		if as := known.(*settings); as.company.Version >= version {
			return as, nil
		}
	}
	// The version is read first: what changes meanwhile is read again next time.
	read := &settings{company: new(Company)}
	t := &Tenant{store: s, Company: read.company}
	err := s.rowHot(ctx, "SELECT "+companyColumns+" FROM company AS o WHERE o.id = $1", []any{company}, read.company.into()...)
	if err == nil {
		read.brand, err = s.brand(ctx, company)
	}
	if err == nil {
		read.definitions, err = t.consentDefinitions(ctx, s.hot(), "true")
	}
	if err == nil {
		read.rules, err = t.storedRules(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings of Company %d: %w", company, err)
	}
	s.known.keep(read)
	return read, nil
}

// changeSettings locks the Company's row and gives its settings a new version.
func (x *tx) changeSettings(ctx context.Context) error {
	_, err := x.exec(ctx, "UPDATE company SET version = version + 1, updated_at = $2 WHERE id = $1", x.company, x.now)
	if err != nil {
		return fmt.Errorf("give the settings a new version: %w", err)
	}
	return nil
}
