"""The law of the product: pure functions over definitions and answers."""
