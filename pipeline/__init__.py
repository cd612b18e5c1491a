"""cuecast: word-timed captions and captioned clips from recordings and their text."""

__version__ = "0.1.0"
