// Package reader turns a document into a plan: title, sections, items, measures,
// units and deadlines, each with the place it was read from and how sure we are.
// It is pure: no database, no network, no clock.
//
// The way through: set.go joins the lines of a printed page, run.go puts lost line breaks back; grid.go finds prose and
// tables in the blocks of a document, also tables flattened to lines (flat.go, pipe.go),
// drawn with characters (box.go), run together (glued.go) or
// torn into the lines of their cells (torn.go); table.go, align.go and
// rows.go give every cell its column and row; prose.go reads numbered text and the notes behind it (note.go,
// label.go); names.go, split.go and due.go read units and deadlines; front.go tells title and
// letter from the plan; finish.go settles what only the end tells; fill.go asks about what is doubtful.
//
// Nothing here knows the name of a place or of a unit: units are recognised by
// the form of their names, columns and notes by the words used all over China.
package reader
