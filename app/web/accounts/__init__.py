"""The screens of accounts: signing in, proving it again, one's own account, and an organisation's people."""
