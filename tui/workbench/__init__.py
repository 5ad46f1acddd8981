"""The author's workbench: what a folder of rulesets is like after each save, in words."""
