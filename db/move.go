package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MoveConfig says from where to where everything moves.
type MoveConfig struct {
	// From and To are opened by URL, DataDir, LinkKey and Log; the rest does not
	// matter. DataDir of a PostgreSQL is the folder of its link key, if any.
	From, To Config
	// Progress is told every few seconds how far a table is, and when it is
	// done; nil where nobody wants to know.
	Progress func(MoveProgress)
}

// MoveProgress tells how far a table is.
type MoveProgress struct {
	// Table is the table's name, or "jobs" for River's.
	Table string
	Rows  int64
	Took  time.Duration
	// Checking is set while the target is read again and compared.
	Checking bool
	Done     bool
}

// Moved is what a move has done.
type Moved struct {
	Tables     int
	Rows, Jobs int64
	Took       time.Duration
	// LinkKeyFile is the target's file of the key that links are made with; ""
	// if the new server has to be given the key.
	LinkKeyFile string
}

// Move copies everything from one database to another, empty one, both brought
// up to date before, and compares the two table by table. It reads the source
// in one snapshot; what a server changes there meanwhile stays behind.
//
// What is ours is found in the databases' catalogues. Of River's tables only
// unfinished jobs move, as new ones that are due when the old ones were; of
// what has ended, of queues and leaders nothing does.
//
// Until all is compared the target is marked, and no Store opens it. A further
// move to a marked target empties it and starts over. It fails with a sentence
// for the operator that says which end is meant.
func Move(ctx context.Context, c MoveConfig) (moved *Moved, err error) {
	begun := time.Now()
	from, err := openSource(ctx, c.From)
	if err != nil {
		return nil, fmt.Errorf("the source, %s: %w", describeEnd(c.From), err)
	}
	defer func() { err = errors.Join(err, from.close()) }()
	to, err := openTarget(ctx, c.To)
	if err != nil {
		return nil, fmt.Errorf("the target, %s: %w", describeEnd(c.To), err)
	}
	defer func() { err = errors.Join(err, to.close()) }()
	m := &move{from: from, to: to, progress: c.Progress}
	if m.tables, err = m.sameTables(ctx); err != nil {
		return nil, err
	}
	key, err := findLinkKey(ctx, from, c)
	if err != nil {
		return nil, err
	}
	if err := to.empty(ctx, m.tables, describeEnd(c.From)); err != nil {
		return nil, fmt.Errorf("the target, %s: %w", describeEnd(c.To), err)
	}
	err = m.run(ctx)
	if err == nil {
		err = key.write()
	}
	if err == nil {
		err = to.unmark(ctx)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		return nil, fmt.Errorf("%w; the target is marked as unfinished: the same command again empties it and starts over", err)
	}
	return &Moved{Tables: len(m.tables), Rows: m.rows, Jobs: m.jobs, Took: time.Since(begun), LinkKeyFile: key.file}, nil
}

// move is one under way.
type move struct {
	from     *moveSource
	to       *moveTarget
	tables   []*moveTable
	progress func(MoveProgress)

	rows, jobs int64
}

func (m *move) run(ctx context.Context) error {
	copied := make(map[string]*tableDigest)
	for _, t := range m.tables {
		digest, err := m.copyTable(ctx, t)
		if err != nil {
			return fmt.Errorf("move table %s: %w", t.name, err)
		}
		copied[t.name] = digest
		m.rows += digest.rows
	}
	jobs, err := m.copyJobs(ctx)
	if err != nil {
		return fmt.Errorf("move unfinished jobs: %w", err)
	}
	m.jobs = jobs.rows
	if err := m.to.complete(ctx, m.tables); err != nil {
		return err
	}
	return m.check(ctx, copied, jobs)
}

// check reads the whole target again. It tells all tables that differ.
func (m *move) check(ctx context.Context, copied map[string]*tableDigest, jobs *tableDigest) error {
	var differ []string
	for _, t := range m.tables {
		there, err := m.readTable(ctx, t)
		if err != nil {
			return fmt.Errorf("check table %s: %w", t.name, err)
		}
		if why := copied[t.name].differs(there); why != "" {
			differ = append(differ, t.name+": "+why)
		}
	}
	there, err := digestJobs(ctx, m.to)
	if err != nil {
		return fmt.Errorf("check unfinished jobs: %w", err)
	}
	if why := jobs.differs(there); why != "" {
		differ = append(differ, "unfinished jobs: "+why)
	}
	if len(differ) > 0 {
		return fmt.Errorf("the target differs from the source (%s); something else has written to it, or its disk fails", strings.Join(differ, "; "))
	}
	return nil
}

// sameTables finds the tables of both ends, which have to be the same, in an
// order in which a row comes after the one that it refers to.
func (m *move) sameTables(ctx context.Context) ([]*moveTable, error) {
	source, err := m.from.tables(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the source's tables: %w", err)
	}
	target, err := m.to.tables(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the target's tables: %w", err)
	}
	const cure = "; both were brought up to date by this program, so a newer one has used one of them: move with that"
	for name, t := range source {
		if target[name] == nil {
			return nil, fmt.Errorf("the source has a table %s that the target has not%s", name, cure)
		}
		if a, b := t.shape(), target[name].shape(); a != b {
			return nil, fmt.Errorf("table %s is (%s) in the source and (%s) in the target%s", name, a, b, cure)
		}
	}
	var list []*moveTable
	for name, t := range target {
		if source[name] == nil {
			return nil, fmt.Errorf("the target has a table %s that the source has not%s", name, cure)
		}
		if len(t.key) == 0 {
			return nil, fmt.Errorf("table %s has no primary key to be read in the order of", name)
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *moveTable) int { return strings.Compare(a.name, b.name) })
	return m.to.inOrder(ctx, list)
}

// tell passes on how far a table is.
func (m *move) tell(p MoveProgress) {
	if m.progress != nil {
		m.progress(p)
	}
}
