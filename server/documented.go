package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"complero/frontend/docs"
	"complero/graph"
)

// newParser reads command lines into c.
func newParser(c *commandLine, stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(c, kong.Name("complero"), kong.DefaultEnvars("COMPLERO"), kong.Writers(stdout, stderr),
		kong.Exit(exit), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Description("Complero asks a Company's Contacts to check their data, in the Company's brand, and tells what they answered as events."+
			" Every flag is also an environment variable: --base-url is COMPLERO_BASE_URL."))
}

// documented is what the docs tell of the program: what --help tells, and the API.
func documented() (docs.Facts, error) {
	parser, err := newParser(new(commandLine), io.Discard, io.Discard, func(int) {})
	if err != nil {
		return docs.Facts{}, fmt.Errorf("read the settings for the docs: %w", err)
	}
	facts := docs.Facts{Schema: graph.Schema(), Settings: settingsOf(parser.Model.Flags)}
	for _, command := range parser.Model.Children {
		facts.Commands = append(facts.Commands, docs.Command{
			Name: command.Path(), Help: command.Help, Settings: settingsOf(command.Flags),
		})
	}
	return facts, nil
}

func settingsOf(flags []*kong.Flag) []docs.Setting {
	var settings []docs.Setting
	for _, f := range flags {
		if f.Hidden || f.Name == "help" {
			continue
		}
		written := "--" + f.Name
		if !f.IsBool() {
			written += " " + f.FormatPlaceHolder()
		}
		settings = append(settings, docs.Setting{Flag: written, Environment: strings.Join(f.Envs, ", "), Help: f.Help})
	}
	return settings
}
