"""The application as a server or `flask` finds it."""

from registry import create_app

app = create_app()
