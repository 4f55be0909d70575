"""Who is here and what they may do: accounts, roles, and the one policy."""
