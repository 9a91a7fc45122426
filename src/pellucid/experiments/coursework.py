"""The experiments of the lab, by name.

The recipes are the lab's own, even if others are better today. One thing differs: the lab validates on the
last 20 % of the training images, which it assumes to be a random 20 %; here they are random.
"""

from __future__ import annotations

from pellucid.experiments.experiment import Experiment, Reported, Split
from pellucid.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from pellucid.optimizers import Adadelta, Adam, RMSprop
from pellucid.optimizers.schedules import InverseTimeDecay

LAB = "a lab report"
KERAS = "Keras 3.15 on TensorFlow 2.21, same recipe, seed 0"

_DIGITS = Split("stratified", validation_share=0.25, test_share=0.25)

EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        name="mnist-linear",
        summary="MNIST digits with a hidden layer of linear units, which is no better than none",
        dataset="mnist",
        flat=True,
        layers=[Dense(256), Dense(10, activation="softmax")],
        optimizer=RMSprop(),
        batch_size=128,
        epochs=12,
        reported=(
            Reported(LAB, 0.920, 0.294, "training accuracy 0.83 to 0.928, validation flat at 0.92"),
            Reported("another lab report", 0.9246),
            Reported(KERAS, 0.9198, 0.2938),
        ),
    ),
    Experiment(
        name="mnist-relu",
        summary="MNIST digits with a hidden layer of rectified units",
        dataset="mnist",
        flat=True,
        layers=[Dense(256, activation="relu"), Dense(10, activation="softmax")],
        optimizer=RMSprop(),
        batch_size=128,
        epochs=12,
        reported=(
            Reported(
                LAB, note="training to about 1.00, validation 0.97 to 0.98; the gap opens after epoch 2"
            ),
            Reported(KERAS, 0.9737, 0.0933),
        ),
    ),
    Experiment(
        name="mnist-cnn",
        summary="MNIST digits with a convolutional network",
        dataset="mnist",
        layers=[
            Conv2D(32, 3, activation="relu"),
            Conv2D(64, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(128, activation="relu"),
            Dense(10, activation="softmax"),
        ],
        optimizer=Adadelta(learning_rate=1.0),
        batch_size=128,
        epochs=6,
        reported=(
            Reported(
                LAB,
                0.9896,
                0.0345,
                "epoch 6: training 0.9978, validation 0.9874; 27 s an epoch on a laptop CPU, 3 s on a GPU",
            ),
            Reported("another lab report", 0.9895, 0.0314),
            Reported(KERAS, 0.9885, 0.0396),
        ),
    ),
    Experiment(
        name="mnist-cnn-dropout",
        summary="The convolutional network with dropout after pooling and after the dense layer",
        dataset="mnist",
        layers=[
            Conv2D(32, 3, activation="relu"),
            Conv2D(64, 3, activation="relu"),
            MaxPooling2D(2),
            Dropout(0.25),
            Flatten(),
            Dense(128, activation="relu"),
            Dropout(0.5),
            Dense(10, activation="softmax"),
        ],
        optimizer=Adadelta(learning_rate=1.0),
        batch_size=128,
        epochs=6,
        reported=(
            Reported(LAB, note="epoch 6: training 0.9872, validation 0.9892 to 0.9896; 5.45 % more time"),
            Reported(KERAS, 0.9899, 0.0312),
        ),
    ),
    Experiment(
        name="cifar10-cnn",
        summary="CIFAR-10 photographs with four convolutional layers; the lab validates on the test images",
        dataset="cifar10",
        layers=[
            Conv2D(32, 3, padding="same", activation="relu"),
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Dropout(0.25),
            Conv2D(32, 3, activation="relu"),
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Dropout(0.25),
            Flatten(),
            Dense(512, activation="relu"),
            Dropout(0.5),
            Dense(10, activation="softmax"),
        ],
        optimizer=RMSprop(learning_rate=InverseTimeDecay(1e-4, decay_steps=1, decay_rate=1e-6)),
        batch_size=32,
        epochs=20,
        split=Split("test"),
        reported=(
            Reported(LAB, 0.6945, 0.872, "67 s an epoch on a CPU, 7.5 s on a 4 GB GPU"),
            Reported(KERAS, 0.6879, 0.8813),
        ),
    ),
    Experiment(
        name="digits-cnn",
        summary="scikit-learn's 8×8 digits with five small kernels, fed unscaled values 0-16",
        dataset="digits",
        scaled=False,
        layers=[Conv2D(5, 3, activation="relu"), MaxPooling2D(2), Flatten(), Dense(10, activation="softmax")],
        optimizer=Adam(),
        batch_size=128,
        epochs=100,
        split=_DIGITS,
        reported=(Reported(LAB, 0.9133, 0.290, "first loss 11.1, where guessing is ln 10 = 2.30"),),
    ),
    Experiment(
        name="digits-cnn-64",
        summary="The same with 64 kernels",
        dataset="digits",
        scaled=False,
        layers=[
            Conv2D(64, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        optimizer=Adam(),
        batch_size=128,
        epochs=100,
        split=_DIGITS,
        reported=(Reported(LAB, 0.9844, 0.0495, "training 1.00, validation 0.9885"),),
    ),
    Experiment(
        name="digits-perceptron",
        summary="The same digits with a single layer: the baseline that the convolutional networks must beat",
        dataset="digits",
        flat=True,
        scaled=False,
        layers=[Dense(10, activation="softmax")],
        optimizer=Adam(),
        batch_size=128,
        epochs=100,
        split=_DIGITS,
    ),
    Experiment(
        name="mnist-by-hand",
        summary="MNIST with a network written out function by function: 100 cycles of 600 images",
        dataset="mnist",
        program="by hand",
        epochs=100,
    ),
)
