"""Documents: the same blocks as a Word file and as HTML."""
