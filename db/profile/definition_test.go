package profile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// defined prepares a Definition from JSON, with a label if it has none.
func defined(t testing.TB, document string) *Definition {
	t.Helper()
	d := &Definition{Key: "k", Labels: []Label{{"de", "Feld"}}}
	if err := json.Unmarshal([]byte(document), d); err != nil {
		t.Fatal(err)
	}
	if problems := d.Prepare(); len(problems) > 0 {
		t.Fatalf("%s: %v", document, problems)
	}
	return d
}

const tariffs = `{"type":"CHOICE","choices":[
	{"value":"basic","labels":[{"locale":"de","label":"Grundtarif"},{"locale":"en","label":"Basic"}]},
	{"value":"green","labels":[{"locale":"de","label":"Öko  Tarif"},{"locale":"en","label":"Gift"}]},
	{"value":"old","labels":[{"locale":"de","label":"Gift"}]}]}`

func TestValuesOfDefinedFieldsAreNormalisedByType(t *testing.T) {
	tests := []struct {
		definition string
		in         any
		want       string // the value as JSON, or the code
	}{
		{`{"type":"TEXT"}`, " a  b ", `"a  b"`},
		{`{"type":"TEXT"}`, json.Number("0815.50"), `"0815.50"`},
		{`{"type":"TEXT"}`, 7.5, `"7.5"`},
		{`{"type":"TEXT"}`, true, "INVALID"},
		{`{"type":"TEXT"}`, " ", "null"},
		{`{"type":"TEXT","maxLength":3}`, "äöü", `"äöü"`},
		{`{"type":"TEXT","maxLength":3}`, "äöüß", "TOO_LONG"},
		{`{"type":"TEXT","pattern":"[A-Z]{1,3}-[A-Z]{1,2} [0-9]{1,4}|neu"}`, "MZ-AB 123", `"MZ-AB 123"`},
		{`{"type":"TEXT","pattern":"[A-Z]{1,3}-[A-Z]{1,2} [0-9]{1,4}|neu"}`, "xMZ-AB 123", "INVALID"},
		{`{"type":"TEXT","pattern":"neu|alt"}`, "neues", "INVALID"},
		{`{"type":"NUMBER"}`, json.Number("12.5"), "12.5"},
		{`{"type":"NUMBER"}`, " 12,5 ", "12.5"},
		{`{"type":"NUMBER"}`, "-1.234,50", "-1234.5"},
		{`{"type":"NUMBER"}`, "1,234,567.5", "1234567.5"},
		{`{"type":"NUMBER"}`, "1.234.567", "1234567"},
		{`{"type":"NUMBER"}`, "12\u00a0345,6", "12345.6"},
		{`{"type":"NUMBER"}`, "1’234", "1234"},
		{`{"type":"NUMBER"}`, "+0,125", "0.125"},
		{`{"type":"NUMBER"}`, "1.2340", "1.234"},
		{`{"type":"NUMBER"}`, "−3", "-3"},
		{`{"type":"NUMBER"}`, "1.234", "INVALID"},
		{`{"type":"NUMBER"}`, "1,234", "INVALID"},
		{`{"type":"NUMBER"}`, "1.23,45.6", "INVALID"},
		{`{"type":"NUMBER"}`, "12 34", "INVALID"},
		{`{"type":"NUMBER"}`, "1e3", "INVALID"},
		{`{"type":"NUMBER"}`, "drei", "INVALID"},
		{`{"type":"NUMBER"}`, ".", "INVALID"},
		{`{"type":"NUMBER"}`, "99999999999999999999", "INVALID"},
		{`{"type":"NUMBER"}`, false, "INVALID"},
		{`{"type":"NUMBER","minimum":1,"maximum":3}`, "3", "3"},
		{`{"type":"NUMBER","minimum":1,"maximum":3}`, json.Number("0"), "INVALID"},
		{`{"type":"NUMBER","minimum":1,"maximum":3}`, 3.5, "INVALID"},
		{`{"type":"DATE"}`, "2027-01-31", `"2027-01-31"`},
		{`{"type":"DATE"}`, "31.1.2027", `"2027-01-31"`},
		{`{"type":"DATE"}`, "2027/01/31", `"2027-01-31"`},
		{`{"type":"DATE"}`, "2027-01-31T23:30:00+01:00", `"2027-01-31"`},
		{`{"type":"DATE"}`, "01/31/2027", "INVALID_DATE"},
		{`{"type":"DATE"}`, "31.02.2027", "INVALID_DATE"},
		{`{"type":"DATE"}`, "1.1.27", "INVALID_DATE"},
		{`{"type":"DATE"}`, json.Number("44000"), "INVALID_DATE"},
		{`{"type":"DATE","earliest":"2020-01-01","latest":"31.12.2029"}`, "2029-12-31", `"2029-12-31"`},
		{`{"type":"DATE","earliest":"2020-01-01","latest":"31.12.2029"}`, "2030-01-01", "INVALID_DATE"},
		{`{"type":"DATE","earliest":"2020-01-01"}`, "2019-12-31", "INVALID_DATE"},
		{`{"type":"BOOLEAN"}`, true, "true"},
		{`{"type":"BOOLEAN"}`, " JA ", "true"},
		{`{"type":"BOOLEAN"}`, "Sí", "true"},
		{`{"type":"BOOLEAN"}`, json.Number("0"), "false"},
		{`{"type":"BOOLEAN"}`, "nein", "false"},
		{`{"type":"BOOLEAN"}`, "vielleicht", "INVALID"},
		{`{"type":"BOOLEAN"}`, 2, "INVALID"},
		{tariffs, "basic", `"basic"`},
		{tariffs, "GRUNDTARIF", `"basic"`},
		{tariffs, " öko tarif ", `"green"`},
		{tariffs, "Gift", "INVALID"}, // means two
		{tariffs, "premium", "INVALID"},
		{`{"type":"CHOICE","choices":[{"value":"1"},{"value":"true"}]}`, json.Number("1"), `"1"`},
		{`{"type":"CHOICE","choices":[{"value":"1"},{"value":"true"}]}`, true, `"true"`},
	}
	for _, tt := range tests {
		value, problem := defined(t, tt.definition).Clean(tt.in)
		got := string(valueJSON(value))
		if problem != nil {
			got = problem.Code
			if !strings.Contains(problem.Message, ";") {
				t.Errorf("%s of %v: %q names no cure", tt.definition, tt.in, problem.Message)
			}
		}
		if got != tt.want {
			t.Errorf("%s of %v: got %s (%v), want %s", tt.definition, tt.in, got, problem, tt.want)
		}
	}
}

func TestOneBadCustomFieldIsItsItemsProblem(t *testing.T) {
	d := Defaults{Now: now, Custom: Definitions{"km": defined(t, `{"type":"NUMBER","maximum":10}`)}}
	s, problems := input(t, `{"externalId":"1","customFields":{"km":" 7,5","other":"x","gone":null}}`).Normalize(d)
	if len(problems) > 0 || s.custom["km"] != 7.5 || s.custom["other"] != "x" {
		t.Errorf("got %v, %v", s.custom, problems)
	}
	_, problems = input(t, `{"externalId":"1","customFields":{"km":"11"}}`).Normalize(d)
	if len(problems) != 1 || strings.Join(problems[0].Path, ".") != "customFields.km" ||
		problems[0].Message != `customFields.km "11" is more than 10, the most that the field takes; correct it` {
		t.Errorf("got %v", problems)
	}
	if _, problems = input(t, `{"customFields":{"km":null}}`).NormalizeAnswer(d); len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
}

func TestDefinitionsTellAllThatIsWrongWithThem(t *testing.T) {
	tests := []struct{ document, want string }{
		{`{"key":"a b","labels":[],"type":"TEXT"}`, "INVALID key, REQUIRED labels"},
		{`{"type":"FLOAT"}`, "INVALID type"},
		{
			`{"type":"TEXT","labels":[{"locale":"de","label":"A"},{"locale":"DE","label":""},{"locale":"!","label":"x"},{"label":"y"}]}`,
			"INVALID labels.1.locale, REQUIRED labels.1.label, INVALID_LOCALE labels.2.locale, REQUIRED labels.3.locale",
		},
		{`{"type":"TEXT","labels":[{"locale":"de","label":"` + strings.Repeat("ü", 101) + `"}]}`, "TOO_LONG labels.0.label"},
		{`{"type":"NUMBER","maxLength":3,"pattern":"a","choices":[{"value":"a"}]}`, "INVALID maxLength, INVALID pattern, INVALID choices"},
		{`{"type":"DATE","minimum":3,"maximum":4}`, "INVALID minimum, INVALID maximum"},
		{`{"type":"TEXT","earliest":"2020-01-01","latest":"2020-01-01","maxLength":0}`, "INVALID earliest, INVALID latest, INVALID maxLength"},
		{`{"type":"NUMBER","minimum":3,"maximum":2}`, "INVALID maximum"},
		{`{"type":"NUMBER","minimum":1e300}`, "INVALID minimum"},
		{`{"type":"DATE","earliest":"2020-13-01"}`, "INVALID_DATE earliest"},
		{`{"type":"DATE","earliest":"2020-02-01","latest":"2020-01-01"}`, "INVALID latest"},
		{`{"type":"TEXT","pattern":"(a"}`, "INVALID pattern"},
		{`{"type":"TEXT","pattern":"a)|(b"}`, "INVALID pattern"},
		{`{"type":"TEXT","pattern":"(?=a)"}`, "INVALID pattern"},
		{`{"type":"TEXT","pattern":"\\pL{900}\\pN{900}"}`, "INVALID pattern"},
		{`{"type":"TEXT","pattern":"` + strings.Repeat("a", 201) + `"}`, "TOO_LONG pattern"},
		{`{"type":"CHOICE"}`, "REQUIRED choices"},
		{
			`{"type":"CHOICE","choices":[{"value":"A"},{"value":" a"},{"value":""},{"value":"b","labels":[{"locale":"de"}]}]}`,
			"INVALID choices.1.value, REQUIRED choices.2.value, REQUIRED choices.3.labels.0.label",
		},
	}
	for _, tt := range tests {
		d := &Definition{Key: "k", Labels: []Label{{"de", "Feld"}}}
		if err := json.Unmarshal([]byte(tt.document), d); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range d.Prepare() {
			got = append(got, p.Code+" "+strings.Join(p.Path, "."))
		}
		want(t, tt.document, strings.Join(got, ", "), tt.want)
	}
}

func TestLabelsAreInTheReadersLanguageOrTheNext(t *testing.T) {
	labels := []Label{{"fr", "Véhicule"}, {"de-AT", "Kfz"}, {"de", "Fahrzeug"}, {"en-US", "Car"}}
	for wanted, label := range map[string]string{"de": "Fahrzeug", "de-CH": "Fahrzeug", "de-AT": "Kfz", "en": "Car", "pl,de": "Fahrzeug", "pl": "Véhicule", "": "Véhicule"} {
		want(t, wanted, LabelIn(labels, strings.Split(wanted, ",")...), label)
	}
	d := Definition{Key: "km"}
	want(t, "without any", d.Name("de"), "km")
}

func TestMetadataPassesThroughAsItIs(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"b": [1.50, "x<y>"],
			"a": null}`, `{"b":[1.50,"x<y>"],"a":null}`},
		{`{}`, `{}`},
		{`null`, `null`},
		{`"x"`, "INVALID"},
		{`[1]`, "INVALID"},
		{`{"a":"` + strings.Repeat("x", 8184) + `"}`, `{"a":"` + strings.Repeat("x", 8184) + `"}`},
		{`{"a":"` + strings.Repeat("x", 8185) + `"}`, "TOO_LONG"},
		{`{"a":"` + strings.Repeat("x", 200_000) + `"}`, "TOO_LONG"},
		{`{"a":` + strings.Repeat("[", 31) + `"[[[\"[["` + strings.Repeat("]", 31) + `}`, `{"a":` + strings.Repeat("[", 31) + `"[[[\"[["` + strings.Repeat("]", 31) + `}`},
		{`{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, "INVALID"},
	}
	for _, tt := range tests {
		s, problems := input(t, `{"externalId":"1","metadata":`+tt.in+`}`).Normalize(defaults)
		got := string(s.Metadata)
		if len(problems) > 0 {
			got = problems[0].Code
		}
		want(t, fmt.Sprintf("%.60s", tt.in), got, tt.want)
	}
	if s, _ := input(t, `{"externalId":"1"}`).Normalize(defaults); s.Metadata != nil {
		t.Error("absent says something")
	}
	broken := &Input{ExternalID: Say("1"), Metadata: json.RawMessage("{\"a\":\"\xff\"}")}
	if _, problems := broken.Normalize(defaults); len(problems) != 1 {
		t.Errorf("bytes that are no UTF-8: %v", problems)
	}
}

// What is cleaned cleans to itself, and a number is read from its text.
func FuzzDefinedValue(f *testing.F) {
	for _, s := range []string{"1.234,5", "1'234", "31.1.2027", "2027-01-31T00:00:00Z", "ja", "Grundtarif", "−0", ",5", "00", "1\u202f000", "x"} {
		f.Add(s)
	}
	definitions := []*Definition{
		defined(f, `{"type":"TEXT","pattern":"(?s).*"}`), defined(f, `{"type":"NUMBER","minimum":-1e9}`),
		defined(f, `{"type":"DATE","earliest":"1900-01-01"}`), defined(f, `{"type":"BOOLEAN"}`), defined(f, tariffs),
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range definitions {
			value, problem := d.Clean(s)
			if problem != nil || value == nil {
				continue
			}
			again, problem := d.Clean(value)
			if problem != nil || again != value {
				t.Fatalf("%s of %q: %v, then %v (%v)", d.Type, s, value, again, problem)
			}
			if n, isNumber := value.(float64); isNumber {
				if back, problem := d.Clean(NumberText(n)); problem != nil || back != value {
					t.Fatalf("%v is written %s, which is %v (%v)", n, NumberText(n), back, problem)
				}
			}
			if day, isText := value.(string); isText && d.Type == TypeDate {
				if _, err := time.Parse(time.DateOnly, day); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
