"""Texts as word processors and browsers keep them, read as plain text.

In reading order: `paragraphs` (the text that all of them make), `html`, `markdown`, `rtf`, `docx`,
`reading` (which of them a file is, and what is refused). Paragraphs stay apart by an empty line, so
that turn marks and labels at their beginnings are found.
"""
