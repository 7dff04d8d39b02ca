package profile

import (
	"encoding/json"
	"strconv"
	"time"
)

// ReadJSON reads a Profile from the document it is stored as.
func (p *Profile) ReadJSON(data []byte) error {
	*p = Profile{}
	return readDocument(data, func(r *reader, key []byte) error {
		switch string(key) {
		case "emails":
			return r.list(func() error {
				p.Emails = append(p.Emails, Email{})
				return r.object(p.Emails[len(p.Emails)-1].read(r))
			})
		case "phones":
			return r.list(func() error {
				p.Phones = append(p.Phones, Phone{})
				return r.object(p.Phones[len(p.Phones)-1].read(r))
			})
		case "addresses":
			return r.list(func() error {
				p.Addresses = append(p.Addresses, Address{})
				return r.object(p.Addresses[len(p.Addresses)-1].read(r))
			})
		case customName:
			return p.readCustom(r)
		}
		for i := range scalars {
			if scalars[i].name == string(key) {
				return r.stored(p.scalar(scalars[i].field))
			}
		}
		return r.skip()
	})
}

func (p *Profile) readCustom(r *reader) error {
	p.CustomFields = map[string]any{}
	return r.object(func(key []byte) error {
		name := string(key)
		value, err := r.value()
		if n, is := value.(json.Number); is {
			value, err = n.Float64()
		}
		p.CustomFields[name] = value
		return err
	})
}

func (m *Email) read(r *reader) func([]byte) error {
	return func(key []byte) error {
		switch string(key) {
		case "id":
			return r.stored(&m.ID)
		case "address":
			return r.stored(&m.Address)
		case "use":
			return r.stored((*string)(&m.Use))
		case "health":
			return r.stored((*string)(&m.Health))
		}
		return r.skip()
	}
}

func (n *Phone) read(r *reader) func([]byte) error {
	return func(key []byte) error {
		switch string(key) {
		case "id":
			return r.stored(&n.ID)
		case "number":
			return r.stored(&n.Number)
		case "kind":
			return r.stored((*string)(&n.Kind))
		case "use":
			return r.stored((*string)(&n.Use))
		case "health":
			return r.stored((*string)(&n.Health))
		}
		return r.skip()
	}
}

func (a *Address) read(r *reader) func([]byte) error {
	return func(key []byte) error {
		switch string(key) {
		case "id":
			return r.stored(&a.ID)
		case "street":
			return r.stored(&a.Street)
		case "houseNumber":
			return r.stored(&a.HouseNumber)
		case "addition":
			return r.stored(&a.Addition)
		case "postalCode":
			return r.stored(&a.PostalCode)
		case "city":
			return r.stored(&a.City)
		case "region":
			return r.stored(&a.Region)
		case "countryCode":
			return r.stored(&a.CountryCode)
		case "use":
			return r.stored((*string)(&a.Use))
		case "health":
			return r.stored((*string)(&a.Health))
		}
		return r.skip()
	}
}

// ReadJSON reads a Provenance from the document it is stored as.
func (p *Provenance) ReadJSON(data []byte) error {
	*p = Provenance{}
	return readDocument(data, func(r *reader, key []byte) error {
		switch string(key) {
		case "base":
			return r.word(&p.Base)
		case "fields":
			p.Fields = map[string]Word{}
			return r.object(func(key []byte) error {
				name := string(key)
				var w Word
				err := r.word(&w)
				p.Fields[name] = w
				return err
			})
		case "entries":
			return r.words(&p.Entries)
		case "lists":
			return r.words(&p.Lists)
		case "gone":
			return r.list(func() error {
				p.Gone = append(p.Gone, Tombstone{})
				return r.object(p.Gone[len(p.Gone)-1].read(r))
			})
		}
		return r.skip()
	})
}

func (t *Tombstone) read(r *reader) func([]byte) error {
	return func(key []byte) error {
		switch string(key) {
		case "list":
			return r.stored(&t.List)
		case "key":
			return r.stored(&t.Key)
		case "entry":
			return r.stored(&t.Entry)
		case "at":
			return r.moment(&t.At)
		case "by":
			return r.list(func() error {
				t.By = append(t.By, "")
				return r.stored((*string)(&t.By[len(t.By)-1]))
			})
		}
		return r.skip()
	}
}

// ReadTexts reads an object of texts.
func ReadTexts(data []byte) (map[string]string, error) {
	texts := map[string]string{}
	err := readDocument(data, func(r *reader, key []byte) error {
		name := string(key)
		var text string
		err := r.stored(&text)
		texts[name] = text
		return err
	})
	return texts, err
}

// readDocument reads one object that we have written.
func readDocument(data []byte, field func(r *reader, key []byte) error) error {
	r := reader{data: data}
	if r.null() {
		return r.end()
	}
	if err := r.object(func(key []byte) error { return field(&r, key) }); err != nil {
		return err
	}
	return r.end()
}

func (r *reader) words(into *map[string][]Word) error {
	*into = map[string][]Word{}
	return r.object(func(key []byte) error {
		name := string(key)
		var words []Word
		err := r.list(func() error {
			words = append(words, Word{})
			return r.word(&words[len(words)-1])
		})
		(*into)[name] = words
		return err
	})
}

// word reads a Word, or the number of one before it. Older documents repeat
// each instead.
func (r *reader) word(w *Word) error {
	if c := r.next(); c >= '0' && c <= '9' {
		var n int
		if err := r.whole(&n); err != nil {
			return err
		}
		if n < 0 || n >= len(r.spelled) {
			return errBroken
		}
		*w = r.spelled[n]
		return nil
	}
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "by":
			return r.stored((*string)(&w.By))
		case "rank":
			return r.whole(&w.Rank)
		case "at":
			return r.moment(&w.At)
		case "observed":
			return r.moment(&w.Observed)
		case "confirmed":
			return r.moment(&w.Confirmed)
		}
		return r.skip()
	})
	r.spelled = append(r.spelled, *w)
	return err
}

// list calls each for every part of a list, with the reader before it.
func (r *reader) list(each func() error) error {
	if r.null() {
		return nil
	}
	if r.next() != '[' {
		return errBroken
	}
	r.at++
	if r.next() == ']' {
		r.at++
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		more, err := r.more(']')
		if err != nil || !more {
			return err
		}
	}
}

// stored reads a text.
func (r *reader) stored(into *string) error {
	if r.next() != '"' {
		return errBroken
	}
	s, err := r.str()
	if err == nil {
		*into = word(s)
	}
	return err
}

// word is the text of some bytes, which for the words that every Profile is
// full of need not be made anew.
func word(s []byte) string {
	switch string(s) {
	case string(UsePrivate):
		return string(UsePrivate)
	case string(UseBusiness):
		return string(UseBusiness)
	case "source:crm":
		return "source:crm"
	case string(Contact):
		return string(Contact)
	case "DE":
		return "DE"
	}
	return string(s)
}

func (r *reader) moment(into *time.Time) error {
	if r.next() != '"' {
		return errBroken
	}
	s, err := r.str()
	if err == nil {
		err = into.UnmarshalText(s)
	}
	return err
}

func (r *reader) whole(into *int) error {
	value, err := r.value()
	if err != nil {
		return err
	}
	n, is := value.(json.Number)
	if !is {
		return errBroken
	}
	*into, err = strconv.Atoi(string(n))
	return err
}

// skip passes a value that a later version may have written.
func (r *reader) skip() error {
	_, err := r.value()
	return err
}
