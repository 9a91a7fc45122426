"""Set pellucid up and run an experiment: ``python3 scripts/run.py [NAME] [OPTIONS]``.

Without a name it trains the lab's convolutional network on MNIST. Options are those of ``pellucid run``.
"""

from __future__ import annotations

import sys

from environment import python_with, run

if __name__ == "__main__":
    python = python_with("fast")
    run(python, "-m", "pellucid", "run", *(sys.argv[1:] or ["mnist-cnn"]))
