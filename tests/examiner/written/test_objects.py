"""Networks that are kept in classes, dictionaries and attributes are found too."""

import ast

import pytest

from pellucid.examiner.written.layer_lists import found
from pellucid.examiner.written.networks import find_networks

START = "from tensorflow import keras\nfrom tensorflow.keras.layers import *\n"
NETWORK = "keras.Sequential([Dense(256), Dense(10, activation='softmax')])"


@pytest.mark.parametrize(
    "source",
    [
        f"nets = {{}}\nnets['a'] = {NETWORK}\nnets['a'].compile('adam', 'mse')\nnets['a'].fit(1, 2)",
        f"""
class Lab:
    def build(self):
        self.net = {NETWORK}
        self.net.compile('adam', 'mse')
    def train(self, x=1):
        return self.net.fit(x, 2)
class Mine(Lab):
    pass
lab = Mine()
lab.build()
lab.train(x=3)
""",
        """
class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = Dense(units)
        self.out = Dense(10, activation='softmax')
    def call(self, x):
        return self.out(self.hidden(x))
net = Net(256)
net.compile('adam', 'mse')
net.fit(1, 2)
""",
        f"""
def main():
    net = {NETWORK}
    net.compile('adam', 'mse')
    net.fit(1, 2)
if __name__ == '__main__':
    main()
""",
        f"class B: pass\nb = B()\nb.net = {NETWORK}\nb.net.compile('adam', 'mse')\nb.net.fit(1, 2)",
    ],
)
def test_networks_in_objects(source):
    (network,) = find_networks(ast.parse(START + source)).networks
    assert [str(layer) for layer in found(network)] == ["Dense(256, linear)", "Dense(10, softmax)"]
    assert network.compilation is not None
    assert len(network.fits) == 1


def test_a_class_that_makes_itself_is_followed_only_so_far():
    source = "class A:\n    def __init__(self):\n        self.a = A()\n        self.b = A()\nA()"
    assert find_networks(ast.parse(source)).networks == []
