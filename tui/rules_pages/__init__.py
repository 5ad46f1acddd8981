"""Pages to read the rules in: topic, place and day, then rule by rule, in words."""
