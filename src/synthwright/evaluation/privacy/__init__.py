"""Do synthetic records give away the real ones they were learnt from?"""
