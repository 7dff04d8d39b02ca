package db

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"complero/theme"
)

// What a process has read and knows again by a mark that the database tells
// with every read: it never decides by itself how fresh that is, so processes
// need not tell one another. What is known is shared and must not be changed.

// knownThemes are Brands' decoded documents by version, which never changes.
type knownThemes struct{ versions sync.Map }

type brandVersion struct {
	company int64
	version int
}

func (k *knownThemes) read(company int64, version int, document []byte) (theme.Brand, error) {
	key := brandVersion{company, version}
	if known, found := k.versions.Load(key); found {
		return known.(theme.Brand), nil
	}
	var b theme.Brand
	if err := json.Unmarshal(document, &b); err != nil {
		return b, fmt.Errorf("read Brand %d of Company %d: %w", version, company, err)
	}
	k.versions.Store(key, b)
	return b, nil
}

// knownDefinitions are the ConsentDefinitions of Companies, as of a change.
type knownDefinitions struct{ companies sync.Map }

type definitionsAsOf struct {
	changed  string
	settings time.Time // the Company's, whose language is part of them
	list     []*ConsentDefinition
}

// read returns a Company's definitions as of a change, by load if others or
// none are known.
func (k *knownDefinitions) read(c *Company, changed string, load func() ([]*ConsentDefinition, error)) ([]*ConsentDefinition, error) {
	if known, found := k.companies.Load(c.Key); found {
		as := known.(*definitionsAsOf)
		if as.changed == changed && as.settings.Equal(c.UpdatedAt) {
			return as.list, nil
		}
	}
	list, err := load()
	if err == nil {
		k.companies.Store(c.Key, &definitionsAsOf{changed: changed, settings: c.UpdatedAt, list: list})
	}
	return list, err
}
