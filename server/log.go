package main

import (
	"context"
	"io"
	"log/slog"
)

// logger writes log lines as the settings say.
func (s Settings) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if s.LogLevel != nil {
		// The command line takes no words but levels' names.
		_ = level.UnmarshalText([]byte(*s.LogLevel))
	}
	options := &slog.HandlerOptions{Level: level}
	if s.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// warnings lets only warnings and worse pass, for libraries that tell a lot
// about themselves.
type warnings struct{ slog.Handler }

func onlyWarnings(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

// Enabled reports whether a level is logged.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the limit on a logger with attributes.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the limit on a logger with a group.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
