"""Contamination metrics: does the synthetic table hold what others are to be tested on?"""
