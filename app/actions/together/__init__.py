"""How people work on one project: the team, what is passed on, what each organisation adds, comments."""
