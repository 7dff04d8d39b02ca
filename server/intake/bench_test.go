package intake

import "testing"

func benchTable(b *testing.B) (columns []string, rows [][]string) {
	return readTable(b, readFile(b, "crm-export-de.csv"))
}

// BenchmarkItem makes items of the rows of the German CRM's export, 16 cells each.
func BenchmarkItem(b *testing.B) {
	columns, rows := benchTable(b)
	m, _ := survey(columns, rows, "DE", "de")
	r, err := NewReader(m, columns, "DE")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Item(rows[i%len(rows)])
	}
}

// BenchmarkSurveyAdd surveys files of 100,000 rows; an operation is one row.
func BenchmarkSurveyAdd(b *testing.B) {
	columns, rows := benchTable(b)
	b.ReportAllocs()
	const file = 100_000
	var s *Survey
	for i := 0; b.Loop(); i++ {
		if i%file == 0 {
			s = NewSurvey(columns, "DE", "de")
		}
		s.Add(i+1, rows[i%len(rows)])
	}
}

// BenchmarkSurveySample surveys only the sample of each file.
func BenchmarkSurveySample(b *testing.B) {
	columns, rows := benchTable(b)
	b.ReportAllocs()
	var s *Survey
	for i := 0; b.Loop(); i++ {
		if i%(sampleRows-1) == 0 {
			s = NewSurvey(columns, "DE", "de")
		}
		s.Add(i+1, rows[i%len(rows)])
	}
}
