package db

// An Edge is one row of a page with its cursor.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// Edges are the page's rows, each with its cursor.
func (c *Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.Nodes))
	for i, n := range c.Nodes {
		edges[i] = Edge[T]{c.Cursors[i], n}
	}
	return edges
}

// The pages and edges of the nouns, by the names that the API gives them.
type (
	ContactEdge             = Edge[*Contact]
	ContactConnection       = Connection[*Contact]
	EmployeeEdge            = Edge[*Employee]
	EmployeeConnection      = Connection[*Employee]
	OperationEdge           = Edge[*Operation]
	OperationConnection     = Connection[*Operation]
	OperationItemEdge       = Edge[*OperationItem]
	OperationItemConnection = Connection[*OperationItem]
	RequestEdge             = Edge[*Request]
	RequestConnection       = Connection[*Request]
	EventEdge               = Edge[*Event]
	EventConnection         = Connection[*Event]
	ConsentEdge             = Edge[*Consent]

	AuditEdge                 = Edge[*AuditEntry]
	AuditConnection           = Connection[*AuditEntry]
	MergeSuggestionEdge       = Edge[*MergeSuggestion]
	MergeSuggestionConnection = Connection[*MergeSuggestion]

	ConsentConnection = Connection[*Consent]
)
