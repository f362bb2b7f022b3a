"""Do models trained on synthetic records work on real ones?"""
