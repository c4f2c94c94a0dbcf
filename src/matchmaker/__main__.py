"""``python -m matchmaker`` is the ``matchmaker`` command."""

from matchmaker_cli.app import main

if __name__ == "__main__":
    main()
