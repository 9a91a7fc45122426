"""Networks are found however they are written; nothing of the code is run."""

import ast

import pytest

from pellucid.examiner.written.layer_lists import found
from pellucid.examiner.written.networks import find_networks
from pellucid.examiner.written.values import Data, Unknown

TWO = ["Dense(256, linear)", "Dense(10, softmax)"]


def read(source):
    return find_networks(ast.parse(source))


def layers(source):
    (network,) = read(source).networks
    return [str(layer) for layer in found(network)]


@pytest.mark.parametrize(
    "source",
    [
        """
from tensorflow import keras
from tensorflow.keras import layers
model = keras.Sequential()
model.add(layers.Dense(256, activation='linear', input_shape=(784,)))
model.add(layers.Dense(10, activation='softmax'))
""",
        """
from keras.models import Sequential
from keras.layers import Dense, InputLayer
hidden = 256
num_classes = 10
model = Sequential([InputLayer((784,)), Dense(hidden), Dense(num_classes, 'softmax')])
""",
        """
import tensorflow as tf
model = tf.keras.models.Sequential(layers=[
    tf.keras.Input((784,)),
    tf.keras.layers.Dense(units=2 ** 4 * 16, activation=None),
    tf.keras.layers.Dense(10, activation=tf.nn.softmax),
])
""",
        """
import pellucid as keras
inputs = keras.Input((784,))
x = keras.layers.Dense(256)(inputs)
outputs = keras.layers.Dense(10, activation=keras.activations.softmax)(x)
model = keras.Model(inputs=inputs, outputs=outputs)
""",
        """
from tensorflow.keras import layers as L, Model, Input
i = Input(shape=(784,))
model = Model(i, L.Activation('softmax')(L.Dense(10)(L.Dense(256, activation='linear')(i))))
""",
        """
from keras import Sequential, layers
def build(units, act='linear', classes=10):
    model = Sequential()
    model.add(layers.Dense(units, activation=act))
    model.add(layers.Dense(classes))
    model.add(layers.Activation('softmax'))
    return model
model = build(256)
""",
        """
import keras
stack = [keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(256)]
stack.append(keras.layers.Dense(10, activation='softmax'))
model = keras.Sequential(stack)
""",
        """
from keras import Sequential, layers
options = dict(activation='softmax')
settings = {'units': 256, 'activation': 'linear'}
model = Sequential()
for layer in (layers.Dense(**settings), layers.Dense(10, activation='softmax')):
    model.add(layer)
""",
        """
from keras import Sequential, layers
K = 10
if K == 10:
    model = Sequential([layers.Dense(256), layers.Dense(K, activation='softmax')])
else:
    model = None
""",
    ],
)
def test_a_network_is_found_however_it_is_written(source):
    assert layers(source) == TWO


def test_convolutions_with_defaults_and_aliases():
    source = """
from tensorflow.keras.layers import *
from tensorflow.keras import layers, Sequential
m = Sequential([
    layers.Convolution2D(32, kernel_size=(3, 3), activation='relu'),
    layers.Conv2D(64, [3, 3], (1, 1), 'same', activation=layers.ReLU()),
    layers.MaxPool2D(),
    layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2)),
    layers.Dropout(rate=0.25),
    layers.Flatten(),
])
"""
    assert layers(source) == [
        "Conv2D(32, 3×3, relu)",
        "Conv2D(64, 3×3, same, relu)",
        "MaxPooling2D(2×2)",
        "MaxPooling2D(2×2)",
        "Dropout(0.25)",
        "Flatten",
    ]


def test_networks_in_a_loop_are_networks_of_their_own():
    source = """
from keras import Sequential, layers
for act in ['linear', 'relu']:
    model = Sequential([layers.Dense(256, activation=act)])
    model.compile('rmsprop', 'categorical_crossentropy')
    history = model.fit(1, 2, 128, 12)
"""
    networks = read(source).networks
    assert [found(one)[0].settings["activation"] for one in networks] == ["linear", "relu"]
    assert [one.fits[0].arguments["epochs"] for one in networks] == [12, 12]


def test_what_the_text_does_not_tell_is_left_open():
    source = """
from keras import Sequential, layers
import sys
model = Sequential([layers.Dense(int(sys.argv[1])), make_layer(3)])
"""
    (network,) = read(source).networks
    assert isinstance(network.layers[0].settings["units"], Unknown)
    assert network.layers[1].kind == "?"


def test_compilation_training_evaluation_and_drawing_are_kept():
    source = """
import matplotlib.pyplot as plt
from keras import Sequential, layers, optimizers
from keras.datasets import mnist
(x, y), (x_test, y_test) = mnist.load_data()
x = x.reshape(x.shape[0], 784).astype('float32')
x /= 255
net = Sequential([layers.Dense(10)])
net.compile(optimizer=optimizers.rmsprop(lr=0.01), loss='mse', metrics=['acc'])
h = net.fit(x, y, epochs=3, validation_split=0.2)
plt.plot(h.history['acc'], label='training')
plt.plot(h.history['val_acc'])
net.evaluate(x_test, y_test)
"""
    (network,) = read(source).networks
    assert network.name == "net"
    assert network.compilation["optimizer"].kind == "RMSprop"
    assert network.fits[0].arguments["x"] == Data("mnist", "train", "images", (60000, 784), 255.0)
    assert network.fits[0].drawn == {"accuracy": 11, "val_accuracy": 12}
    assert network.evaluations[0].images.part == "test"


@pytest.mark.parametrize(
    "drawing",
    [
        "pd.DataFrame(h.history).plot()",
        "for key in ['accuracy', 'val_accuracy']:\n    ax.plot(h.history[key])",
        "hist = h.history\nplt.plot(range(12), hist['accuracy'])\nplt.plot(hist['val_accuracy'], 'r')",
        "def show(history):\n    plt.plot(history.history['accuracy'])\n"
        "    plt.plot(history.history['val_accuracy'])\nshow(h)",
    ],
)
def test_drawn_histories(drawing):
    source = "import pandas as pd\nimport matplotlib.pyplot as plt\nfrom keras import Sequential\n"
    source += f"m = Sequential([])\nh = m.fit(1, 2)\n{drawing}"
    (network,) = read(source).networks
    assert {"accuracy", "val_accuracy"} <= set(network.fits[0].drawn)


def test_a_call_inside_an_expression_counts_once():
    source = "from keras import Sequential\nm = Sequential([])\nacc = m.fit(1, 2).history['accuracy'][-1]"
    assert len(read(source).networks[0].fits) == 1


@pytest.mark.parametrize(
    "source",
    [
        "a = [1]\n" + "a = [a, a]\n" * 100,
        "x = 'a' * 10**9\ny = [0] * 10**9\nz = 9 ** 9 ** 9\nw = '%1000000000d' % 3",
        "f = lambda n: f(n) + f(n)\nf(1)",
        "def f(n):\n    return f(n) + f(n)\nf(1)",
        "for i in range(10**12):\n for j in range(10**12):\n  for k in range(10**12):\n   x = 1",
        "while True:\n    while True:\n        x = 1",
        "from keras import Sequential, layers\nm = Sequential([layers.Flatten()])\n" + "m.add(m)\n" * 100,
        "a = [1]\n" + "a.extend(a)\n" * 100,
        "a = b = []\na.append(a)\nc = a + a",
    ],
)
def test_code_that_would_never_end_is_followed_only_so_far(source):
    read(source)


def test_nothing_of_the_code_is_run(tmp_path):
    read(f"open({str(tmp_path / 'x')!r}, 'w')\nraise SystemExit\nimport nothing_of_this_name")
    assert list(tmp_path.iterdir()) == []
