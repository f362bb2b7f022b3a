"""Does synthetic data help? Models on real rows, synthetic rows and blends of both, tested on unseen real rows."""
