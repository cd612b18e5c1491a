"""Models of text: bigrams, sentence embeddings, large language models.

In reading order: `bigrams` (PMI of English word pairs), `sentence_encoder` (sentences as vectors),
`chat` (a large language model behind an HTTP endpoint).
"""
