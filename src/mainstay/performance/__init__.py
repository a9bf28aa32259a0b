"""4R management: plan, responsibility, review, reward (rows A1 to A17)."""
