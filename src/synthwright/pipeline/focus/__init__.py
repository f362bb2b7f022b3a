"""More synthetic rows where a model errs: found on validation rows, drawn by conditions, judged on the holdout."""
