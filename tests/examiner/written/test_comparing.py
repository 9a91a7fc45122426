"""What differs from a recipe is named in plain words, with its line; what is written otherwise agrees."""

import ast

import pytest

from pellucid.examiner.written.comparing import compare, distance
from pellucid.examiner.written.networks import find_networks
from pellucid.experiments import find

START = """
from tensorflow import keras
from tensorflow.keras import layers
(x_train, y_train), (x_test, y_test) = keras.datasets.{data}.load_data()
x_train = x_train.reshape({shape}).astype('float32') / 255
x_test = x_test.reshape({shape}).astype('float32') / 255
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)
"""
MLP = (
    START.format(data="mnist", shape="-1, 784")
    + """
model = keras.Sequential([layers.Dense(256, activation='linear'), layers.Dense(10, activation='softmax')])
model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.RMSprop(), metrics=['accuracy'])
history = model.fit(x_train, y_train, batch_size=128, epochs=12, validation_split=0.2)
"""
)
CNN = (
    START.format(data="mnist", shape="-1, 28, 28, 1")
    + """
model = keras.Sequential([
    layers.Conv2D(32, (3, 3), activation='relu'),
    layers.Conv2D(64, (3, 3), activation='relu'),
    layers.MaxPooling2D((2, 2)),
    layers.Flatten(),
    layers.Dense(128, activation='relu'),
    layers.Dense(10, activation='softmax'),
])
model.compile(
    loss='categorical_crossentropy', optimizer=keras.optimizers.Adadelta(learning_rate=1.0),
    metrics=['accuracy'],
)
model.fit(x_train, y_train, batch_size=128, epochs=6, validation_split=0.2)
"""
)
CIFAR = (
    START.format(data="cifar10", shape="-1, 32, 32, 3")
    + """
conv = lambda **more: layers.Conv2D(32, 3, activation='relu', **more)
model = keras.Sequential([
    conv(padding='same'), conv(), layers.MaxPooling2D(2), layers.Dropout(0.25),
    conv(), conv(), layers.MaxPooling2D(2), layers.Dropout(0.25),
    layers.Flatten(), layers.Dense(512, activation='relu'), layers.Dropout(0.5),
    layers.Dense(10, activation='softmax'),
])
model.compile(
    loss='categorical_crossentropy', optimizer=keras.optimizers.RMSprop(learning_rate=1e-4, decay=1e-6),
    metrics=['accuracy'],
)
model.fit(x_train, y_train, batch_size=32, epochs=20, validation_data=(x_test, y_test), shuffle=True)
"""
)


def differences(source, name):
    (network,) = find_networks(ast.parse(source)).networks
    return [finding.text for finding in compare(network, find(name)) if finding.agrees is False]


@pytest.mark.parametrize(
    ("source", "name"), [(MLP, "mnist-linear"), (CNN, "mnist-cnn"), (CIFAR, "cifar10-cnn")]
)
def test_a_recipe_as_asked_has_no_differences(source, name):
    assert differences(source, name) == []


SAME = [
    ("activation='linear'", "activation=None"),
    ("keras.optimizers.RMSprop()", "'rmsprop'"),
    ("keras.optimizers.RMSprop()", "keras.optimizers.RMSprop(learning_rate=0.001)"),
    ("batch_size=128, epochs=12", "128, 12"),
    ("loss='categorical_crossentropy'", "loss=keras.losses.CategoricalCrossentropy()"),
    ("loss='categorical_crossentropy'", "loss=keras.losses.categorical_crossentropy"),
    ("keras.Sequential([", "keras.Sequential([keras.Input((784,)), "),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_written_otherwise_agrees(old, new):
    assert old in MLP
    assert differences(MLP.replace(old, new), "mnist-linear") == []


def test_class_numbers_go_with_the_sparse_loss():
    source = MLP.replace("y_train = keras", "unused = keras").replace("'categorical", "'sparse_categorical")
    assert differences(source, "mnist-linear") == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Dense(256", "Dense(128", "Dense has 128 units, where 256 are asked for."),
        ("'linear'", "'relu'", "Dense has the activation relu, where linear is asked for."),
        ("activation='softmax'", "", "Dense has the activation linear, where softmax is asked for."),
        (
            "keras.optimizers.RMSprop()",
            "'adam'",
            "The optimizer is Adam, where RMSprop with a",
        ),
        ("RMSprop()", "RMSprop(0.01)", "RMSprop has a learning rate of 0.01, where 0.001 is asked for."),
        (
            "'categorical_crossentropy'",
            "'mse'",
            "The loss is mse, where categorical cross-entropy is asked",
        ),
        (
            "'categorical_crossentropy'",
            "'sparse_categorical_crossentropy'",
            "The labels are one-hot, which does not go with sparse_categorical_crossentropy.",
        ),
        (
            "'categorical_crossentropy'",
            "keras.losses.CategoricalCrossentropy(from_logits=True)",
            "from_logits=True goes with a last layer without softmax; this network has one.",
        ),
        (", metrics=['accuracy']", "", "Accuracy is not among the metrics of compile."),
        ("batch_size=128, ", "", "The batch size is 32 (none is given), where 128 is asked for."),
        ("epochs=12", "epochs=5", "It learns for 5 epochs, where 12 are asked for."),
        ("epochs=12, ", "", "It learns for 1 epoch (none is given), where 12 are asked for."),
        ("split=0.2", "split=0.1", "10 % of the images are held out, where 20 % are asked for."),
        (", validation_split=0.2", "", "No images are held out for validation"),
        (
            "validation_split=0.2",
            "validation_data=(x_test, y_test)",
            "The test images serve as validation images",
        ),
        (
            "validation_split=0.2",
            "validation_data=(x_train, y_train)",
            "The training images themselves serve as validation images",
        ),
        ("epochs=12", "epochs=12, shuffle=False", "shuffle=False shows the images in the same order"),
        ("fit(x_train", "fit(x_test", "The network is trained on the test images."),
        (
            " / 255",
            "",
            "The pixels go in as 0 to 255: divide them by 255. Unscaled, the loss starts",
        ),
    ],
)
def test_each_difference_is_named(old, new, words):
    assert old in MLP
    (text,) = differences(MLP.replace(old, new), "mnist-linear")
    assert text.startswith(words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("learning_rate=1.0", "", "Adadelta without a learning rate means 0.001 in Keras since TensorFlow 2"),
        ("Conv2D(64, (3, 3)", "Conv2D(64, (5, 5)", "Conv2D has the kernel size 5×5, where 3×3 is asked for."),
        ("Conv2D(64", "Conv2D(32", "Conv2D has 32 filters, where 64 are asked for."),
        (
            "(64, (3, 3)",
            "(64, (3, 3), padding='same'",
            "Conv2D has the padding same, where valid is",
        ),
        ("MaxPooling2D((2, 2))", "MaxPooling2D(3)", "MaxPooling2D has the pool size 3×3, where 2×2 is asked"),
        ("    layers.Flatten(),\n", "", "Flatten after MaxPooling2D(2×2) is missing."),
        (
            "layers.Flatten(),",
            "layers.Flatten(), layers.Dropout(0.3),",
            "Dropout(0.3) is not in the",
        ),
        ("-1, 28, 28, 1", "-1, 28, 28", "The images have no axis for channels: reshape them to"),
    ],
)
def test_each_difference_of_a_convolutional_network_is_named(old, new, words):
    assert old in CNN
    assert any(text.startswith(words) for text in differences(CNN.replace(old, new), "mnist-cnn"))


def test_the_default_of_adadelta_is_pointed_out_for_its_name_as_text():
    source = CNN.replace("keras.optimizers.Adadelta(learning_rate=1.0)", "'adadelta'")
    assert differences(source, "mnist-cnn")[0].startswith("Adadelta without a learning rate means 0.001")


def test_the_dropout_that_is_missing_is_told_with_its_place():
    assert differences(CNN, "mnist-cnn-dropout") == [
        "Dropout(0.25) after MaxPooling2D(2×2) is missing.",
        "Dropout(0.5) after Dense(128, relu) is missing.",
    ]


def test_the_lab_itself_validates_cifar_on_test_images_which_is_noted():
    (network,) = find_networks(ast.parse(CIFAR)).networks
    notes = [one.text for one in compare(network, find("cifar10-cnn")) if one.agrees is None]
    assert any(text.startswith("The test images serve as validation images") for text in notes)


def test_pixels_may_be_divided_inside_the_network():
    source = MLP.replace(" / 255", "").replace("Sequential([", "Sequential([layers.Rescaling(1 / 255), ")
    assert differences(source, "mnist-linear") == []


def test_a_network_that_is_never_compiled_or_trained():
    source = "from keras import Sequential, layers\nm = Sequential([layers.Dense(256)])\n"
    assert "The network is never compiled." in differences(source, "mnist-linear")
    source += "m.compile('rmsprop', 'categorical_crossentropy', ['accuracy'])"
    assert "The network is never trained (no fit)." in differences(source, "mnist-linear")


def test_what_cannot_be_read_is_no_difference():
    source = MLP.replace("Dense(256", "Dense(int(input())").replace("epochs=12", "epochs=int(input())")
    assert differences(source, "mnist-linear") == []


def test_the_distance_tells_recipes_apart():
    (network,) = find_networks(ast.parse(CNN)).networks
    off = {name: distance(network, find(name)) for name in ("mnist-cnn", "mnist-cnn-dropout", "mnist-linear")}
    assert off["mnist-cnn"] == 0 < off["mnist-cnn-dropout"] < off["mnist-linear"]
