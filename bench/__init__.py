"""One script for each figure of the README: each prints a ratio measured in one run, beside the machine's own floor."""
