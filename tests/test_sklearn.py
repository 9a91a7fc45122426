"""The classifier for scikit-learn: its own checks, its tools around it, and images of any form."""

from __future__ import annotations

import multiprocessing
import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn", minversion="1.6")
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from pellucid import Sequential, callbacks, layers, optimizers
from pellucid.errors import ArgumentError, DataError, NonFiniteLossError, PellucidNote, ShapeError
from pellucid.sklearn import ImageClassifier

DIGITS = load_digits()
IMAGES, ROWS, LABELS = DIGITS.images[:300], DIGITS.data[:300], DIGITS.target[:300]
WORDS = np.array(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])


def quick(layers_given=None, **settings):
    return ImageClassifier(layers_given, **{"epochs": 2, "random_state": 0, "threads": 1, **settings})


def convolution():
    return [layers.Rescaling(1 / 16), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D()]


def same_network(one, other):
    pairs = zip(one.network_.get_weights(), other.network_.get_weights(), strict=True)
    return all(np.array_equal(*pair) for pair in pairs)


# scikit-learn's own checks

EXPECTED_FAILURES = {
    "check_sample_weight_equivalence_on_dense_data": (
        "images are taken in batches, in an order that depends on how many there are, and a batch's loss is "
        "the mean over its images, not over their weights, as in Keras: so an image of weight 2 is not quite "
        "the same as the image twice, nor one of weight 0 the same as none"
    ),
}


@parametrize_with_checks(
    [
        ImageClassifier(threads=1),
        ImageClassifier(
            [layers.Dense(32, activation="relu"), layers.Dropout(0.1)],
            optimizer=optimizers.Adam(0.01),
            threads=1,
        ),
    ],
    expected_failed_checks=lambda _: EXPECTED_FAILURES,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


# Its tools


def test_it_learns_digits_in_a_pipeline():
    X, X_test, y, y_test = train_test_split(DIGITS.data, DIGITS.target, random_state=0)
    hidden = [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D()]
    classifier = quick(hidden, image_shape=(8, 8, 1), optimizer=optimizers.Adam(0.005), epochs=8)
    pipeline = make_pipeline(MinMaxScaler(), classifier).fit(X, y)
    assert pipeline.score(X_test, y_test) > 0.93
    assert pipeline[-1].image_shape_ == (8, 8, 1)


def test_the_default_network_learns_images_and_rows_as_they_come():
    """Values 0-16, not scaled by the user."""
    for X in (DIGITS.images, DIGITS.data):
        X_train, X_test, y, y_test = train_test_split(X, DIGITS.target, random_state=0)
        assert quick(epochs=12).fit(X_train, y).score(X_test, y_test) > 0.93


def test_grid_search_tries_networks_and_settings_in_two_processes():
    grid = {
        "layers": [[layers.Dense(4)], [layers.Dense(32, activation="relu")]],
        "optimizer": ["sgd", optimizers.Adam(0.01)],
    }
    classifier = ImageClassifier(epochs=3, random_state=0)
    apart = GridSearchCV(classifier, grid, cv=2, n_jobs=2).fit(ROWS / 16, LABELS)
    alone = GridSearchCV(classifier, grid, cv=2, n_jobs=1).fit(ROWS / 16, LABELS)
    np.testing.assert_array_equal(apart.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"])
    assert apart.best_params_["layers"][0].units == 32
    assert type(apart.best_params_["optimizer"]) is optimizers.Adam
    assert same_network(apart.best_estimator_, alone.best_estimator_)


def test_cross_validation_in_threads_side_by_side():
    from joblib import parallel_backend

    with parallel_backend("threading", n_jobs=2):
        found = cross_val_score(quick(), ROWS, LABELS, cv=2)
    np.testing.assert_array_equal(found, cross_val_score(quick(), ROWS, LABELS, cv=2))


def test_one_thread_in_a_worker_process_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("PELLUCID_THREADS", raising=False)
    assert ImageClassifier()._threads() is None
    monkeypatch.setattr(multiprocessing, "parent_process", object)
    assert ImageClassifier()._threads() == 1
    assert ImageClassifier(threads=3)._threads() == 3
    monkeypatch.setenv("PELLUCID_THREADS", "2")
    assert ImageClassifier()._threads() is None


def test_a_clone_is_as_before_fitting_and_fits_the_same():
    given = convolution()
    classifier = quick(given, optimizer=optimizers.Adam(0.01)).fit(IMAGES, LABELS)
    twin = clone(classifier)
    assert not hasattr(twin, "network_")
    assert twin.layers[1] is not given[1]
    assert same_network(twin.fit(IMAGES, LABELS), classifier)


def test_what_it_was_given_is_left_alone():
    given, optimizer, early = convolution(), optimizers.Adam(), callbacks.EarlyStopping("loss")
    classifier = quick(given, optimizer=optimizer, callbacks=[early]).fit(IMAGES, LABELS)
    assert not any(layer.built for layer in given)
    assert (optimizer.iterations, optimizer.state) == (0, {})
    assert early.model is None
    parameters = classifier.get_params()
    assert parameters["layers"] is given
    assert parameters["optimizer"] is optimizer
    again = quick(given, optimizer=optimizer).fit(IMAGES, LABELS)
    assert same_network(again, classifier)


def test_parameters_are_set_and_shown():
    classifier = ImageClassifier().set_params(epochs=3, optimizer="sgd")
    assert (classifier.epochs, classifier.optimizer) == (3, "sgd")
    assert repr(classifier) == "ImageClassifier(epochs=3, optimizer='sgd')"
    with pytest.raises(ValueError, match="Invalid parameter 'epoch'"):
        classifier.set_params(epoch=3)


def test_it_can_be_pickled_and_trained_again():
    classifier = quick(convolution()).fit(IMAGES, LABELS)
    again = pickle.loads(pickle.dumps(classifier))  # noqa: S301 - our own
    np.testing.assert_array_equal(again.predict_proba(IMAGES), classifier.predict_proba(IMAGES))
    assert again.network_.optimizer.iterations == classifier.network_.optimizer.iterations
    assert same_network(again.fit(IMAGES, LABELS), classifier)


# Images


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1), [8, 8]])
def test_rows_grey_images_and_images_with_channels_are_the_same_images(shape):
    rows = quick(convolution(), image_shape=shape).fit(ROWS, LABELS)
    assert rows.image_shape_ == (8, 8, 1)
    assert rows.n_features_in_ == 64
    for X in (IMAGES, IMAGES[..., np.newaxis]):
        images = quick(convolution()).fit(X, LABELS)
        assert images.image_shape_ == (8, 8, 1)
        assert same_network(images, rows)
        np.testing.assert_array_equal(images.predict_proba(ROWS), rows.predict_proba(X))


def test_colour_images_in_bytes():
    colour = np.stack([IMAGES * 15, IMAGES * 0, 255 - IMAGES * 15], axis=-1).astype(np.uint8)
    classifier = quick(epochs=8).fit(colour, LABELS)
    assert classifier.image_shape_ == (8, 8, 3)
    assert classifier.score(colour, LABELS) > 0.8


def test_an_input_among_the_layers_says_the_shape_of_rows():
    classifier = quick([layers.Input((8, 8, 1)), *convolution()]).fit(ROWS, LABELS)
    assert classifier.image_shape_ == (8, 8, 1)
    assert same_network(classifier, quick(convolution()).fit(IMAGES, LABELS))


def test_a_sequential_is_a_pattern_too():
    pattern = Sequential(convolution(), seed=9)
    classifier = quick(pattern).fit(IMAGES, LABELS)
    assert same_network(classifier, quick(convolution()).fit(IMAGES, LABELS))
    assert not pattern.built


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: quick(image_shape=(8, 9)).fit(ROWS, LABELS),
            "Images of shape (8, 9, 1) are asked for. Received: X with rows of 64 values",
        ),
        (
            lambda: quick(image_shape=(4, 16)).fit(IMAGES, LABELS),
            "Images of shape (4, 16, 1) are asked for. Received: X with images of (8, 8, 1)",
        ),
        (
            lambda: quick([layers.Input((8, 9, 1))]).fit(ROWS, LABELS),
            "Images of shape (8, 9, 1) are asked for. Received: X with rows of 64 values",
        ),
        (
            lambda: quick().fit(IMAGES, LABELS).predict(IMAGES.reshape(-1, 4, 16)),
            "This ImageClassifier was fitted to images of shape (8, 8, 1). "
            "Received: images of shape (4, 16, 1)",
        ),
        (
            lambda: quick([layers.Dense(5, activation="softmax")]).fit(ROWS, LABELS),
            "The layers end in a softmax over (5,) outputs, and y has 10 classes. "
            "Leave the last layer out: one that fits is added.",
        ),
    ],
)
def test_shapes_that_do_not_fit(make, message):
    with pytest.raises(ShapeError) as error:
        make()
    assert str(error.value) == message


def test_rows_of_another_length_are_refused_in_scikit_learns_words():
    classifier = quick().fit(ROWS, LABELS)
    with pytest.raises(ValueError, match="X has 63 features, but ImageClassifier is expecting 64"):
        classifier.predict(ROWS[:, 1:])


# The network's end


def kinds(classifier):
    return [type(layer).__name__ for layer in classifier.network_.layers]


def test_an_end_with_an_output_for_each_class_is_added():
    assert kinds(quick([]).fit(ROWS, LABELS)) == ["Dense"]
    assert kinds(quick([]).fit(IMAGES, LABELS)) == ["Flatten", "Dense"]
    assert kinds(quick(convolution()).fit(IMAGES, LABELS))[-2:] == ["Flatten", "Dense"]
    assert kinds(quick([layers.Flatten()]).fit(IMAGES, LABELS)) == ["Flatten", "Dense"]


@pytest.mark.parametrize(
    "end", [[layers.Dense(10, activation="softmax")], [layers.Dense(10), layers.Softmax()]]
)
def test_a_network_that_ends_in_softmax_is_taken_as_it_is(end):
    assert kinds(quick(end).fit(ROWS, LABELS)) == [type(layer).__name__ for layer in end]


def test_an_end_is_added_in_the_layers_dtype():
    classifier = quick([layers.Dense(4, dtype="float64")]).fit(ROWS / 16, LABELS)
    assert classifier.predict_proba(ROWS / 16).dtype == np.float64


# Labels


@pytest.mark.parametrize(
    "labels",
    [WORDS[LABELS], WORDS[LABELS].astype(object), LABELS - 5, LABELS.astype(float), LABELS.astype(str)],
)
def test_labels_of_any_kind_come_back_as_they_were(labels):
    classifier = quick(epochs=6).fit(ROWS, labels)
    np.testing.assert_array_equal(classifier.classes_, np.unique(labels))
    found = classifier.predict(ROWS)
    assert found.dtype == classifier.classes_.dtype
    assert (found == labels).mean() > 0.8
    probabilities = classifier.predict_proba(ROWS)
    assert probabilities.shape == (300, 10)
    np.testing.assert_array_equal(classifier.classes_[probabilities.argmax(axis=1)], found)


@pytest.mark.parametrize("labels", [LABELS > 4, np.where(LABELS > 4, "high", "low")])
def test_two_classes(labels):
    classifier = quick(epochs=10).fit(ROWS, labels)
    assert classifier.predict_proba(ROWS).shape == (300, 2)
    assert classifier.score(ROWS, labels) > 0.8


def test_one_class_is_none():
    with pytest.raises(DataError) as error:
        quick().fit(ROWS[:3], ["cat"] * 3)
    assert str(error.value) == (
        "ImageClassifier tells two classes or more apart. Received: y with one class, 'cat'"
    )


# Chance


def test_an_int_makes_each_fit_the_same_and_a_random_state_each_another():
    assert same_network(quick().fit(ROWS, LABELS), quick().fit(ROWS, LABELS))
    assert not same_network(quick().fit(ROWS, LABELS), quick(random_state=1).fit(ROWS, LABELS))
    assert quick(random_state=7).fit(ROWS, LABELS).network_.seed == 7
    classifier = quick(random_state=np.random.RandomState(3))
    seeds = [classifier.fit(ROWS, LABELS).network_.seed for _ in range(2)]
    assert seeds[0] != seeds[1]
    assert quick(random_state=np.random.RandomState(3)).fit(ROWS, LABELS).network_.seed == seeds[0]
    fresh = [quick(random_state=None).fit(ROWS, LABELS).network_.seed for _ in range(2)]
    assert fresh[0] != fresh[1]


def test_the_same_network_on_any_number_of_threads():
    found = [quick(convolution(), threads=threads).fit(IMAGES, LABELS) for threads in (1, 3)]
    assert same_network(*found)


# Training


def test_history_by_epoch():
    assert list(quick().fit(ROWS, LABELS).history_) == ["loss", "accuracy"]
    assert len(quick(epochs=3).fit(ROWS, LABELS).history_["loss"]) == 3
    assert quick(epochs=0).fit(ROWS, LABELS).history_ == {}


def test_validation_is_drawn_class_by_class(monkeypatch):
    seen = {}
    fit = Sequential.fit

    def spy(self, x, y, **settings):
        seen.update(x=x, y=y, **settings)
        return fit(self, x, y, **settings)

    monkeypatch.setattr(Sequential, "fit", spy)
    X, y = ROWS[:200] + 0.0, np.repeat(np.arange(4), 50)
    X[:, 0] = np.arange(200)  # to know the images again
    classifier = quick(validation_fraction=0.2).fit(X, y, sample_weight=np.arange(200.0))
    assert list(classifier.history_) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    val_x, val_y, val_weights = seen["validation_data"]
    np.testing.assert_array_equal(np.bincount(val_y), [10, 10, 10, 10])
    assert sorted([*seen["x"][:, 0], *val_x[:, 0]]) == list(range(200))
    np.testing.assert_array_equal(y[val_x[:, 0].astype(int)], val_y)
    np.testing.assert_array_equal(val_weights, val_x[:, 0])
    np.testing.assert_array_equal(seen["sample_weight"], seen["x"][:, 0])


def test_callbacks_can_end_the_training():
    early = callbacks.EarlyStopping("val_loss", min_delta=10.0, patience=1)
    classifier = quick(epochs=9, validation_fraction=0.2, callbacks=early).fit(ROWS, LABELS)
    assert len(classifier.history_["loss"]) == 2


def test_weights_of_images():
    weights = np.where(LABELS == 3, 1.0, 0.0)
    classifier = quick(epochs=5).fit(ROWS, LABELS, sample_weight=weights)
    assert (classifier.predict(ROWS) == 3).all()
    with pytest.raises(DataError) as error:
        quick().fit(ROWS, LABELS, sample_weight=np.zeros(300))
    assert str(error.value) == "sample_weight leaves nothing to learn from. Received: zeros only"


def test_before_fit():
    for method in ("predict", "predict_proba", "score"):
        arguments = (ROWS, LABELS) if method == "score" else (ROWS,)
        with pytest.raises(NotFittedError, match="This ImageClassifier instance is not fitted yet"):
            getattr(ImageClassifier(), method)(*arguments)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": -1}, "epochs is a whole number of at least 0. Received: epochs=-1"),
        ({"batch_size": 0}, "batch_size is a whole number of at least 1. Received: batch_size=0"),
        ({"optimizer": "adem"}, "There is no optimizer 'adem': did you mean 'adam'?"),
        ({"layers": 3}, "Sequential takes a list of layers. Received: layers=3"),
        ({"layers": ["dense"]}, "Sequential is made of layers. Received: 'dense'"),
        ({"threads": 0}, "threads is a whole number of at least 1. Received: threads=0"),
        ({"random_state": -1}, "seed is a whole number from 0 to 4294967295. Received: seed=-1"),
        (
            {"validation_fraction": 1.0},
            "ImageClassifier takes validation_fraction as a number in [0, 1). "
            "Received: validation_fraction=1.0",
        ),
        (
            {"image_shape": (0, 8)},
            "Input takes the shape of one image, without the batch axis, such as shape=(28, 28, 1). "
            "Received: shape=(0, 8)",
        ),
    ],
)
def test_settings_that_cannot_be(settings, message):
    classifier = ImageClassifier(**settings)  # says nothing yet: scikit-learn wants it so
    with pytest.raises(ArgumentError) as error:
        classifier.fit(ROWS, LABELS)
    assert str(error.value) == message
    assert not hasattr(classifier, "network_")


def test_a_training_that_comes_to_nothing_leaves_no_network():
    classifier = quick([layers.Dense(4)], optimizer=optimizers.SGD(1e30))
    with pytest.raises(NonFiniteLossError):
        classifier.fit(ROWS, LABELS)
    assert not hasattr(classifier, "network_")


def test_old_spellings_are_said_here_too():
    with pytest.warns(PellucidNote, match="input_shape= is the old spelling"):
        quick([layers.Dense(4, input_shape=(64,))]).fit(ROWS, LABELS)
