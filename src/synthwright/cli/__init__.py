"""The verbs of the command line: standard output is data, standard error is talk."""
