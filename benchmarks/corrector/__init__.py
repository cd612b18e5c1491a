"""How the corrector of edges was trained; see README.md."""
