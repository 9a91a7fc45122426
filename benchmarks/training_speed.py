"""Training speed of the lab's networks: images per second, and the share of the matrix-product ceiling.

    python benchmarks/training_speed.py [NAME …] [--threads N] [--rounds N] [--images N]

Runs in a process of its own without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which hold NumPy's products to
older kernels where they are set; ``--keep-environment`` leaves them. Images are random, already in memory, in
the lab's shapes and batch sizes. A figure is the median over the rounds, the first, which carries what is
done once, left out. Use an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from statistics import median

CRIPPLING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
IMAGES = {  # in an epoch: a second or two
    "mnist-linear": 40_000,
    "mnist-relu": 40_000,
    "mnist-cnn": 4_096,
    "mnist-cnn-dropout": 4_096,
    "cifar10-cnn": 4_096,
    "digits-cnn": 40_000,
    "digits-cnn-64": 20_000,
}
SHAPES = {"mnist": (28, 28, 1), "cifar10": (32, 32, 3), "digits": (8, 8, 1)}


def main() -> None:
    options = _options()
    if not options.keep_environment and any(name in os.environ for name in CRIPPLING):
        environment = {name: value for name, value in os.environ.items() if name not in CRIPPLING}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)

    from pellucid.training.workers import Workers, blas_info

    with Workers(options.threads) as workers:
        threads = workers.threads
    for blas in blas_info():
        print(f"BLAS {blas['internal_api']} {blas['version']}, core type {blas['architecture']}")
    ceiling = products_per_second(threads)
    print(f"{threads} threads; ceiling of NumPy's matrix product {ceiling / 1e9:,.0f} GFLOP/s\n")
    print(f"{'network':<20}{'batch':>6}{'images/s':>12}{'slowest':>12}{'fastest':>12}{'of ceiling':>12}")
    for name in options.names or IMAGES:
        rates, batch, operations = training_rates(name, threads, options)
        middle = median(rates)
        print(
            f"{name:<20}{batch:>6}{middle:>12,.0f}{min(rates):>12,.0f}{max(rates):>12,.0f}"
            f"{middle * operations / ceiling:>12.0%}"
        )


def training_rates(name: str, threads: int, options: argparse.Namespace) -> tuple[list[float], int, float]:
    """Return images per second in each round, the batch size, and the operations of one image's training."""
    import numpy as np

    from pellucid import Sequential, layers
    from pellucid.experiments import find

    experiment = find(name).with_recipe()
    shape = SHAPES[experiment.dataset]
    if experiment.flat:
        shape = (int(np.prod(shape)),)
    network = Sequential([layers.Input(shape), *experiment.fresh_layers()], seed=0)
    network.compile(experiment.optimizer, experiment.loss, ["accuracy"])
    generator = np.random.default_rng(0)
    count = options.images or IMAGES[name]
    x = generator.random((count, *shape), dtype=np.float32)
    y = np.eye(10, dtype=np.float32)[generator.integers(0, 10, count)]
    seconds = []
    for _ in range(options.rounds + 1):
        began = time.perf_counter()
        network.fit(x, y, batch_size=experiment.batch_size, epochs=1, verbose=0, threads=threads)
        seconds.append(time.perf_counter() - began)
    return [count / one for one in seconds[1:]], experiment.batch_size, operations_per_image(network)


def operations_per_image(network: object) -> float:
    """Return the multiplications and additions of direct arithmetic: forward, and twice that back.

    The first layer needs no gradient for the images, so it goes back once only.
    """
    from pellucid.layers import Conv2D, Dense

    total, first = 0.0, True
    for layer in network.layers:  # type: ignore[attr-defined]
        if isinstance(layer, Conv2D):
            places = layer.output_shape[0] * layer.output_shape[1]
        elif isinstance(layer, Dense):
            places = 1
        else:
            continue
        forward = 2.0 * places * layer.parameters["kernel"].size
        total += forward * (2 if first else 3)
        first = False
    return total


def products_per_second(threads: int) -> float:
    """Return the operations per second of a large matrix product on ``threads`` BLAS threads."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    matrix = np.random.default_rng(0).random((2048, 2048), dtype=np.float32)
    with threadpool_limits(threads, user_api="blas"):
        matrix @ matrix
        best = min(_seconds(lambda: matrix @ matrix) for _ in range(7))
    return 2 * 2048**3 / best


def _seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments; the lab's when missing")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=None, help="images an epoch")
    parser.add_argument(
        "--keep-environment", action="store_true", help="leave the OPENBLAS variables as they are"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
