"""Statistics over arrays: numbers in, numbers out.

Nothing here knows a request, a table or a language, and nothing formats or rounds.
The modules are imported by name (`from registry.stats import survival`), so that a page
without a curve never loads what only a curve needs.
"""
