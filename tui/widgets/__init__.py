"""The widgets: each gets plain data, draws it and posts a message; none of them decides."""
