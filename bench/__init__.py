"""Speed and size, measured in one run against a bare one-view application."""
