"""How answers are scored: gold, metrics, calibration, and one run against another."""
