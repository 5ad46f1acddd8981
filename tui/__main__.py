"""Makes `python -m tui` the same as `tongbao`."""

from tui.cli import main

if __name__ == "__main__":
    main()
