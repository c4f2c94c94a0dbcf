"""One run, from what a user hands in to a folder of results.

`inputs` says what is handed in, `stages` what is done with it, each stage once; `match`,
`assign` and `dry_run` say which stages follow each other.
"""
