"""What follows what, and what means the like.

In reading order: `bigrams` (English word pairs), `sentence_encoder` (sentences as vectors), `chat`
(a language model behind an endpoint).
"""
