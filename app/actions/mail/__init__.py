"""What is told by email, how it leaves, and who is reminded of what."""
