package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// commandLine is what can be typed after the program's name.
type commandLine struct {
	Settings

	Serve  struct{}      `cmd:"" default:"1" help:"Serve the API and the pages, and do the follow-up (default)."`
	Setup  setupCommand  `cmd:"" help:"Make an account: a Company of a Customer, with its API keys, printed as JSON."`
	Key    keyCommand    `cmd:"" help:"Make an API key of a Company, printed as JSON; with --source, one that an agency sees and uploads only its own with."`
	Import importCommand `cmd:"" help:"Import a file of Contacts. Where a server runs on the same data, it works the rows off; else this command does."`
	Export exportCommand `cmd:"" help:"Export Contacts, in the form that import takes back, events or Consents, as CSV, NDJSON or XLSX."`
	Move   moveCommand   `cmd:"" help:"Move everything from one database to another, empty one, SQLite or PostgreSQL either way, and compare the two. Stop the server before."`
	Demo   struct{}      `cmd:"" help:"Serve a demo with two Companies, and print what to open. It keeps to a folder of its own, and sends nothing: messages go to the outbox."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Once the stop has begun, a second signal ends the process as it would any other.
	context.AfterFunc(ctx, stop)
	tuneMemory()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "complero: %s\n", err)
		os.Exit(1)
	}
}

// run does what the command line says. Its errors are sentences for whoever
// typed it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var c commandLine
	helped := false
	parser, err := newParser(&c, stdout, stderr, func(int) { helped = true })
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w; --help explains the commands and flags", err)
	}
	log := c.logger(stderr)
	switch command.Command() {
	case "setup":
		return c.Setup.run(ctx, c.Settings, log, stdout)
	case "import <file>":
		return c.Import.run(ctx, c.Settings, log, stdout, stderr)
	case "export <what>":
		return c.Export.run(ctx, c.Settings, log, stdout)
	case "key":
		return c.Key.run(ctx, c.Settings, log, stdout)
	case "move":
		return c.Move.run(ctx, c.Settings, log, stderr)
	case "demo":
		return runDemo(ctx, c.Settings, stdout, stderr)
	default:
		m, err := New(ctx, c.Settings, false, log)
		if err != nil {
			return err
		}
		return m.Run(ctx)
	}
}
