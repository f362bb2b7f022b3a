"""From a recipe to a run folder: plan, run, resume, verify."""
