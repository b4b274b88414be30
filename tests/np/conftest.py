"""The programs are run by their test: to import one is to run it."""

collect_ignore = ["programs"]
