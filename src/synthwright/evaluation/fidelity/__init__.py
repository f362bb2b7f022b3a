"""Do synthetic records look like real ones?"""
