"""`python -m pipeline`: the same command line as the console script `cuecast`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
