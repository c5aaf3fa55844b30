"""Side by side with peers: `python -m benchmarks`. Installs nothing; what is missing is left out."""
