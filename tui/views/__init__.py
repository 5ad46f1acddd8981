"""View models: plain, localized, safe strings that screens and plain mode show alike."""
