"""What editors of the definitions do: drafts, checks and proofs, previews, releases."""
