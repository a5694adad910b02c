"""How long things take: counts in which nobody can be found."""
