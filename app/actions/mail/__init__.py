"""What is told by e-mail, how it leaves, and who is reminded of what."""
