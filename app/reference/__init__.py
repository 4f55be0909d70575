"""The rules, the gateways and the questions as pages that a data protection officer can read through."""
