"""A trained model as source code that needs nothing: Python, C, JavaScript."""
