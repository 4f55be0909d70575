"""What people do: one function each, and each takes the Actor who does it."""
