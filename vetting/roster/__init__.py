"""Who works with children here and has shown a certificate: seen, when, for whom, and nothing else."""
