package graph

import "complero/graph/exec"

// Enum lists the values that the API has of an enumeration, by its name there;
// none of what is no enumeration.
func Enum(name string) []string {
	var values []string
	schema := exec.NewExecutableSchema(exec.Config{Resolvers: resolver{}}).Schema()
	if t := schema.Types[name]; t != nil {
		for _, v := range t.EnumValues {
			values = append(values, v.Name)
		}
	}
	return values
}
