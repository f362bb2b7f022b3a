"""Are sensitive groups as many, as fortunate and as well served in synthetic rows as in real ones?"""
