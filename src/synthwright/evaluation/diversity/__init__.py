"""Do synthetic records cover what real ones cover?"""
