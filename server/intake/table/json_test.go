package table

import (
	"fmt"
	"strings"
	"testing"
)

func TestJSONIsFlattened(t *testing.T) {
	check(t, []example{
		{"one a line", `{"id":1,"name":"Eva"}` + "\n" + `{"id":2,"name":"Max"}`, "id|name\n1 1|Eva\n2 2|Max"},
		{"a list", `[{"id":1},{"id":2}]`, "id\n1 1\n1 2"},
		{"a list over lines", "[\n {\"id\": 1},\n {\"id\": 2}\n]\n", "id\n2 1\n3 2"},
		{"written wide", "{\n  \"id\": 1,\n  \"a\": [\n    {\"b\": 2}\n  ]\n}\n{\n  \"id\": 3\n}\n", "id|a[0].b\n1 1|2\n7 3|∅"},
		{"nested", `{"id":1,"a":{"b":{"c":"x"}},"emails":[{"adr":"m"},{"adr":"n"}],"tags":["s","t"]}`, "id|a.b.c|emails[0].adr|emails[1].adr|tags[0]|tags[1]\n1 1|x|m|n|s|t"},
		{"types", `{"a":1.50,"b":-2e3,"c":true,"d":false,"e":null,"f":{},"g":[]}`, "a|b|c|d|e|f|g\n1 1.50|-2e3|true|false|||"},
		{"escapes", `{"a":"x\"\\\/\b\f\n\r\ty\u00fc\ud83d\ude00\ud83d"}`, "a\n1 x\"\\/\b\f¶␍\tyü😀\uFFFD"},
		{"absent and empty", `{"a":"","b":"x"}` + "\n" + `{"b":"","c":"y"}`, "a|b|c\n1 |x|∅\n2 ∅||y"},
		{"commas at line ends", "{\"id\":1},\n{\"id\":2},\n", "id\n1 1\n2 2"},
		{"within an object", `{"total": 2, "data": {"contacts": [{"id":1},{"id":2}], "next": null}}`, "id\n1 1\n1 2"},
		{"keys in another order", `{"a":1,"b":2}` + "\n" + `{"b":3,"a":4}`, "a|b\n1 1|2\n2 4|3"},
		{"a key twice", `{"a":1,"a":2}`, "a\n1 2"},
		{"a mark", "\uFEFF{\"a\":1}\n", "a\n1 1"},
		{"empty lines", "\n{\"a\":1}\n\n\n{\"a\":2}\n", "a\n2 1\n5 2"},
	}, Options{})
}

func TestOneBrokenObjectHurtsItself(t *testing.T) {
	check(t, []example{
		{"a line", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", "a\n1 1\n2! BAD_JSON\n3 3"},
		{"no object", "{\"a\":1}\n[2]\n3\n{\"a\":4}\n", "a\n1 1\n2! BAD_JSON\n3! BAD_JSON\n4 4"},
		{"cut off", "{\"a\":1}\n{\"a\":2", "a\n1 1\n2! BAD_JSON"},
		{"a bracket missing", "[{\"a\":1,\"b\":{\"c\":2}},\n{\"a\":2,\"b\":{\"c\":2},\n{\"a\":3,\"b\":{\"c\":2}}]", "a|b.c\n1 1|2\n2! BAD_JSON\n3 3|2"},
		{"a quote missing", "[{\"a\":\"1\",\"b\":{\"c\":2}},\n{\"a\":\"2,\"b\":{\"c\":2}},\n{\"a\":\"3\",\"b\":{\"c\":2}}]", "a|b.c\n1 1|2\n2! BAD_JSON\n3 3|2"},
		{"a list cut off", "[{\"a\":1},{\"a\":2},", "a\n1 1\n1 2\n1! CUT_OFF"},
		{"a list cut off in an object", "[{\"a\":1},{\"a\":", "a\n1 1\n1! BAD_JSON\n1! CUT_OFF"},
		{"something else in a list", "[{\"a\":1}, 17, \"x\", {\"a\":2}]", "a\n1 1\n1! BAD_JSON\n1 2"},
		{"NUL", "{\"a\":\"x\\u0000\"}\n{\"a\":2}\n", "a\n1! NUL_BYTE\n2 2"},
		{"a long text", "{\"a\":\"" + strings.Repeat("x", 70<<10) + "\"}\n{\"a\":2}\n", "a\n1! CELL_TOO_LONG\n2 2"},
		{"a long line", "{\"b\":1}\n{\"a\":\"" + strings.Repeat("x", 3<<20) + "\"}\n{\"a\":2}\n", "b|a\n1 1|∅\n2! ROW_TOO_LONG\n3 ∅|2"},
		{"a long object", "[{\"b\":1},{\"a\":\"" + strings.Repeat("x", 3<<20) + "\"}\n,{\"a\":2}]\n", "b|a\n1 1|∅\n1! ROW_TOO_LONG\n2 ∅|2"},
		{"too deep", strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100) + "\n{\"b\":1}\n", "b\n1! BAD_JSON\n2 1"},
		{"broken letters", "{\"a\":\"\xff\",\"c\":\"äöü\"}\n{\"b\":1}\n", "b\n1! BAD_ENCODING\n2 1"},
		{"too many fields", "{" + fields(0, 1200) + "}\n{\"b\":1}\n", "b\n1! TOO_MANY_CELLS\n2 1"},
		{"too many different fields", "{" + fields(0, 900) + "}\n{" + fields(900, 900) + "}\n", "! TOO_WIDE"},
		{"nothing good", "{\"a\":\n{\"a\":\n", "! BROKEN"},
		{"an empty list", "[]", "! NO_ROWS"},
		{"empty objects", "{}\n{}\n", "! NO_ROWS"},
	}, Options{})
}

func fields(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"f%d":1`, from+i)
	}
	return strings.Join(list, ",")
}

func TestObjectsOfTheAPIsFormStayDocuments(t *testing.T) {
	check(t, []example{
		{
			"its own", `{"externalId":"1","emails":[{"address":"a@b.de","use":"PRIVATE"}],"customFields":{"x":1.5},"metadata":{"y":[true]}}` + "\n" + `{"phones":null,"addresses":[]}`,
			`1 {"externalId":"1","emails":[{"address":"a@b.de","use":"PRIVATE"}],"customFields":{"x":1.5},"metadata":{"y":[true]}}` + "\n" + `2 {"phones":null,"addresses":[]}`,
		},
		{"one broken", `{"externalId":"1"}` + "\n" + `{"externalId":"2"`, `1 {"externalId":"1"}` + "\n2! BAD_JSON"},
		{"another field", `{"externalId":"1"}` + "\n" + `{"externalId":"2","mail":"x"}`, "externalId|mail\n1 1|∅\n2 2|x"},
		{"another field within", `{"externalId":"1","emails":[{"mail":"x"}]}`, "externalId|emails[0].mail\n1 1|x"},
		{"a text for a list", `{"externalId":"1","emails":["x"]}`, "externalId|emails[0]\n1 1|x"},
		{
			"many custom fields", `{"customFields":{` + fields(0, 900) + `}}` + "\n" + `{"customFields":{` + fields(900, 900) + `}}`,
			`1 {"customFields":{` + fields(0, 900) + `}}` + "\n" + `2 {"customFields":{` + fields(900, 900) + `}}`,
		},
	}, Options{})
}

func TestOneObjectAloneIsTakenWhole(t *testing.T) {
	for _, data := range []string{
		`{"externalId": "K-1", "metadata": {"list": [{"a": 1}, {"a": 2}]}}`, `{"externalId": "K-1", "emails": [{"address": "a@b.de"}], "error": "why"}`,
	} {
		table := openString(t, data, Options{})
		if row, err := table.Next(); err != nil || !table.Documents || string(row.Document) != data {
			t.Errorf("%s is read as %s %q, %v", data, row.Document, row.Cells, err)
		}
	}
}
