"""Pictures of the rules: worked out once, drawn as SVG, as Mermaid text and for the terminal."""
