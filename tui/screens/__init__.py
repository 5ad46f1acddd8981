"""The screens: each shows one view model and posts what the person wants."""
