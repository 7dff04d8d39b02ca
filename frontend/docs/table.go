package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"complero/db"
	"complero/theme"
)

// directive is a line of a guide in whose place a table comes.
var directive = regexp.MustCompile(`(?m)^\[\[([a-z-]+)(?: (\w+))?\]\]$`)

// fill puts the tables into a guide that are made of what the program knows.
func (p *printer) fill(source string) (string, error) {
	var failed error
	filled := directive.ReplaceAllStringFunc(source, func(line string) string {
		found := directive.FindStringSubmatch(line)
		switch found[1] {
		case "settings":
			return settingsTable(p.facts.Settings)
		case "commands":
			return p.commands()
		case "roles":
			return p.roles()
		case "rights":
			return rights()
		case "text-fields":
			return textTable("field", "holds", db.TextFields())
		case "text-filters":
			return textTable("filter, behind |", "does", db.TextFilters())
		case "fonts":
			return fonts()
		case "enum":
			return p.values(found[2])
		}
		failed = fmt.Errorf("%s: there is no such table", line)
		return ""
	})
	return filled, failed
}

// rows is a table in Markdown.
type rows struct{ strings.Builder }

func newRows(titles ...string) *rows {
	r := &rows{}
	r.row(titles...)
	r.WriteString("|" + strings.Repeat("---|", len(titles)) + "\n")
	return r
}

func (r *rows) row(cells ...string) {
	for _, cell := range cells {
		r.WriteString("| " + strings.ReplaceAll(strings.Join(strings.Fields(cell), " "), "|", `\|`) + " ")
	}
	r.WriteString("|\n")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func settingsTable(settings []Setting) string {
	r := newRows("flag, environment", "meaning")
	for _, s := range settings {
		r.row(code(s.Flag)+" "+code(s.Environment), prose(s.Help))
	}
	return r.String()
}

// prose is plain text as Markdown.
func prose(s string) string {
	return strings.NewReplacer("<", `\<`, "*", `\*`, "_", `\_`, "`", "\\`").Replace(s)
}

// commands are explained one after the other; only the first line is a table's.
func (p *printer) commands() string {
	var b strings.Builder
	for _, c := range p.facts.Commands {
		fmt.Fprintf(&b, "### %s\n\n%s\n\n", c.Name, prose(c.Help))
		if len(c.Settings) == 0 {
			continue
		}
		r := newRows("flag", "meaning")
		for _, s := range c.Settings {
			r.row(code(s.Flag), prose(s.Help))
		}
		b.WriteString(r.String() + "\n")
	}
	return b.String()
}

func (p *printer) roles() string {
	r := newRows("role", "holds in", "what for")
	for _, role := range db.Roles() {
		where := "one Company"
		if role.Everywhere() {
			where = "all of the Customer's Companies"
		}
		about := ""
		if v := p.facts.Schema.Types["Role"].EnumValues.ForName(string(role)); v != nil {
			about = v.Description
		}
		r.row(code(string(role)), where, about)
	}
	return r.String()
}

// rights is the one table of rights, of which each role is a column.
func rights() string {
	titles := []string{"right"}
	for _, role := range db.Roles() {
		// Long names may break after an underscore.
		titles = append(titles, strings.ReplaceAll(string(role), "_", "_\u200b"))
	}
	r := newRows(titles...)
	for _, right := range db.AllScopes() {
		cells := []string{code(string(right))}
		for _, role := range db.Roles() {
			if slices.Contains(role.Rights(), right) {
				cells = append(cells, "yes")
			} else {
				cells = append(cells, "–")
			}
		}
		r.row(cells...)
	}
	return r.String()
}

func textTable(name, holds string, fields []db.TextField) string {
	r := newRows(name, holds)
	for _, f := range fields {
		r.row(code(f.Name), prose(f.Holds))
	}
	return r.String()
}

func fonts() string {
	var names []string
	for _, f := range theme.Fonts() {
		names = append(names, code(f.Name))
	}
	return strings.Join(names, ", ") + "."
}

// values are those of an enum of the API.
func (p *printer) values(enum string) string {
	r := newRows("value", "meaning")
	if def := p.facts.Schema.Types[enum]; def != nil {
		for _, v := range def.EnumValues {
			r.row(code(v.Name), v.Description)
		}
	}
	return r.String()
}
