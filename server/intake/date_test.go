package intake

import "testing"

func TestDatesAreReadByTheirColumnsOrder(t *testing.T) {
	today := day{2026, 11, 21}
	tests := []struct {
		cell  string
		order DateOrder
		want  string // "none", "no year", "bad"
	}{
		{"31.12.1970", DMY, "1970-12-31"},
		{"1.4.61", DMY, "1961-04-01"},
		{"31/12/70", DMY, "1970-12-31"},
		{"31/12/1970", MDY, "bad"},
		{"12/31/1970", MDY, "1970-12-31"},
		{"12/31/1970", DMY, "bad"},
		{"05/06/1970", DMY, "1970-06-05"},
		{"05/06/1970", MDY, "1970-05-06"},
		{"1970-12-31", DMY, "1970-12-31"},
		{"1970/12/31", MDY, "1970-12-31"},
		{"70-12-31", YMD, "1970-12-31"},
		{"1970-12-31T00:00:00Z", DMY, "1970-12-31"},
		{"1970-12-31T00:00:00.000+0000", DMY, "1970-12-31"},
		{"1970-12-31 00:00:00", DMY, "1970-12-31"},
		{"31.12.1970 00:00", DMY, "1970-12-31"},
		{"31.12.1970, 12:00 Uhr", DMY, "1970-12-31"},
		{"12/31/1970 12:00:00 AM", MDY, "1970-12-31"},
		{"31-Dez-1970", DMY, "1970-12-31"},
		{"31. Dezember 1970", MDY, "1970-12-31"},
		{"31 décembre 1970", DMY, "1970-12-31"},
		{"1er janvier 1970", DMY, "1970-01-01"},
		{"31 de diciembre de 1970", DMY, "1970-12-31"},
		{"31 grudnia 1970 r.", DMY, "1970-12-31"},
		{"31 mrt 1970", DMY, "1970-03-31"},
		{"31 agosto 1970", DMY, "1970-08-31"},
		{"December 31, 1970", DMY, "1970-12-31"},
		{"Thursday, December 31st, 1970", DMY, "1970-12-31"},
		{"Jänner 5, 1970", DMY, "1970-01-05"},
		{"19701231", DMY, "1970-12-31"},
		{"31121970", DMY, "1970-12-31"},
		{"12311970", MDY, "1970-12-31"},
		{"311270", DMY, "1970-12-31"},
		{"00000000", DMY, "none"},
		{"00.00.0000", DMY, "none"},
		{"0000-00-00", DMY, "none"},
		{"0.0.00", DMY, "none"},
		{"0", DMY, "none"},
		{"01.01.1900", DMY, "none"},
		{"1/1/4501", MDY, "none"},
		{"31.12.9999", DMY, "none"},
		{"99991231", DMY, "none"},
		{"0001-01-01T00:00:00", DMY, "none"},
		{"25933", Serial, "1970-12-31"},
		{"25933.5", Serial, "1970-12-31"},
		{"25933,75", DMY, "1970-12-31"},
		{"24471", Serial1904, "1970-12-31"},
		{"60", Serial, "bad"},
		{"59", Serial, "bad"},
		{"367", Serial, "1901-01-01"},
		{"1970", DMY, "bad"},
		{"12.1970", DMY, "bad"},
		{"04/23", MDY, "no year"},
		{"--05-17", YMD, "no year"},
		{"17. Mai", DMY, "no year"},
		{"31.02.1970", DMY, "bad"},
		{"29.02.1900", DMY, "bad"},
		{"29.02.2000", DMY, "2000-02-29"},
		{"32.01.1970", DMY, "bad"},
		{"01.13.1970", DMY, "bad"},
		{"1.1.26", DMY, "2026-01-01"},
		{"1.1.27", DMY, "1927-01-01"},
		{"22.11.26", DMY, "1926-11-22"},
		{"06 12 34 56 78", DMY, "bad"},
		{"nie", DMY, "bad"},
		{"", DMY, "bad"},
	}
	for _, test := range tests {
		got := "bad"
		if parts, ok := scanDate(test.cell); ok {
			d, state := parts.read(test.order, today, true)
			switch state {
			case dateRead:
				got = d.String()
			case dateNone:
				got = "none"
			case dateNoYear:
				got = "no year"
			}
		}
		if got != test.want {
			t.Errorf("%q %s: got %s, want %s", test.cell, test.order, got, test.want)
		}
	}
}

func TestOrderOfDatesIsDecidedOverTheWholeColumn(t *testing.T) {
	tests := []struct {
		name    string
		country string
		cells   []string
		others  []string // another column of dates
		want    DateOrder
		finding string
	}{
		{"dots", "US", []string{"01.02.1970", "03.04.1980"}, nil, DMY, ""},
		{"a late day above 12", "US", []string{"01/02/1970", "03/04/1980", "05/06/1990", "31/12/1960"}, nil, DMY, ""},
		{"a late month", "DE", []string{"01/02/1970", "03/04/1980", "12/31/1960"}, nil, MDY, ""},
		{"ambiguous, Germany", "DE", []string{"01/02/1970", "03/04/1980"}, nil, DMY, AmbiguousDates},
		{"ambiguous, United States", "US", []string{"01/02/1970", "03/04/1980"}, nil, MDY, AmbiguousDates},
		{"another column tells", "US", []string{"01/02/1970", "03/04/1980"}, []string{"31/12/2020", "01/02/2021"}, DMY, ""},
		{"both", "DE", []string{"13/02/1970", "14/03/1980", "03/25/1980"}, nil, DMY, MixedDates},
		{"ISO", "US", []string{"1970-02-01", "1980-04-03"}, nil, YMD, ""},
		{"compact", "US", []string{"19700201", "19800403", "00000000"}, nil, YMD, ""},
		{"year first, two digits", "DE", []string{"70-02-01", "80-04-03", "99-12-24"}, nil, YMD, ""},
		{"serials", "DE", []string{"25933", "30123", "18000"}, nil, Serial, SerialDates},
		{"serials of 1904", "DE", []string{"24471", "28661", "-12"}, nil, Serial1904, SerialDates},
		{"day and month equal", "US", []string{"01/01/1970", "02/02/1980"}, nil, MDY, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			columns := []string{"Kundennr", "Geburtsdatum", "seit"}
			var rows [][]string
			for i, cell := range test.cells {
				row := []string{string(rune('A' + i)), cell, ""}
				if i < len(test.others) {
					row[2] = test.others[i]
				}
				rows = append(rows, row)
			}
			m, findings := survey(columns, rows, test.country, "de")
			for _, c := range m.Columns {
				if c.Field == "birthDate" && c.DateOrder != test.want {
					t.Errorf("got %s, want %s", c.DateOrder, test.want)
				}
			}
			got := ""
			for _, f := range findings {
				if f.Field == "birthDate" {
					got = f.Code
				}
			}
			if got != test.finding {
				t.Errorf("got finding %q, want %q: %v", got, test.finding, findings)
			}
		})
	}
}

// TestOrderOfDatesMayComeFromTheLastRow: the sample does not bound it.
func TestOrderOfDatesMayComeFromTheLastRow(t *testing.T) {
	s := NewSurvey([]string{"id", "born"}, "US", "en")
	row := []string{"x", "01/02/1970"}
	for i := range sampleRows + 5 {
		s.Add(i+1, row)
	}
	s.Add(sampleRows+1, []string{"y", "31/12/1970"})
	m, _ := s.Mapping(nil)
	for _, c := range m.Columns {
		if c.Field == "birthDate" && c.DateOrder != DMY {
			t.Errorf("got %s", c.DateOrder)
		}
	}
}
