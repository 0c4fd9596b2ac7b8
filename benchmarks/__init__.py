"""What the numbers in the texts come from: python -m benchmarks.<name> measures and records."""
