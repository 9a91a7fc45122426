"""The single questions that :mod:`pellucid.evaluation.generalisation` asks of the curves.

Each function returns the answer and the sentence that gives it with its evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pellucid.evaluation.curves import LEAST_EPOCHS, trend, window

if TYPE_CHECKING:
    from pellucid.evaluation.checks import FloatArray
    from pellucid.evaluation.intervals import Estimate

Answer = Literal["yes", "no", "cannot tell"]
Epochs = Literal["help", "harm", "no change", "cannot tell"]
Fit = Literal["over", "under", "well", "cannot tell"]

# A gap of one point or less does not matter in practice; more than two misread training images in a hundred
# leave something to fit. A curve stands still if, at the pace of its end, as many epochs again as that end is
# long would change the loss by less than a tenth (or by less than 0.005).
SMALL_GAP = 0.01
ROOM_TO_FIT = 0.02
STILL_SHARE, STILL_LOSS = 0.1, 0.005


def since_when(gaps: list[Estimate]) -> tuple[int | None, str]:
    """Return the epoch from which on the gap's interval stays above zero; None where it does not.

    >>> from pellucid.evaluation.curves import gap
    >>> since_when([gap(0.90, 1000, 0.89, 1000), gap(0.95, 1000, 0.90, 1000)])
    (2, 'The gap is open since epoch 2: from there on its 95 % interval stays above zero.')
    """
    closed = [epoch for epoch, one in enumerate(gaps, start=1) if one.low <= 0]
    opened = max(closed, default=0) + 1
    if opened > len(gaps) and gaps[-1].high < 0:
        return None, (
            "Validation lies above training although both were measured alike: the validation images are "
            "easier ones, by chance or by the way they were split."
        )
    if opened > len(gaps):
        return None, f"After the last epoch the gap cannot be told from zero with {gaps[-1].n:,} images."
    if opened == 1:
        return 1, "The gap is open from the first epoch on: its 95 % interval stays above zero."
    return opened, f"The gap is open since epoch {opened}: from there on its 95 % interval stays above zero."


def best(val_loss: FloatArray, has_risen: bool | None) -> tuple[int, str]:
    """Return the epoch of lowest validation loss; ``has_risen`` is the answer of ``curves.rose``.

    >>> import numpy as np
    >>> best(np.array([0.3, 0.1, 0.2]), True)[1]
    'Validation loss was lowest after epoch 2 (0.1000) and ends at 0.2000: more than its noise from epoch to
    epoch, so stopping there would have been better.'
    """
    epoch, end = int(val_loss.argmin()) + 1, float(val_loss[-1])
    if epoch == len(val_loss):
        return epoch, f"Validation loss is at its lowest after the last epoch ({end:.4f})."
    since = {
        True: "more than its noise from epoch to epoch, so stopping there would have been better",
        False: "no more than its noise from epoch to epoch",
        None: f"whether that is noise cannot be told from fewer than {LEAST_EPOCHS} epochs",
    }[has_risen]
    lowest = float(val_loss[epoch - 1])
    return epoch, (
        f"Validation loss was lowest after epoch {epoch} ({lowest:.4f}) and ends at {end:.4f}: {since}."
    )


def more_epochs(val_loss: FloatArray) -> tuple[Epochs, str]:
    """Return what more epochs would do to the validation loss, by its trend at the end.

    >>> import numpy as np
    >>> more_epochs(np.array([0.9, 0.7, 0.6, 0.5, 0.4, 0.3]))
    ('help', 'More epochs would help: validation loss still falls by 0.1 an epoch over the last 4.')
    """
    slope, still = trend(val_loss), _still(val_loss)
    if slope is None:
        return "cannot tell", f"Whether more epochs would help cannot be told: {_too_short(val_loss)}"
    if _stands_still(slope, still):
        return "no change", "More epochs would change little: validation loss stands still."
    if slope.high < 0:
        return "help", f"More epochs would help: validation loss still falls by {_pace(slope)}."
    if slope.low > 0:
        return "harm", f"More epochs would harm: validation loss rises by {_pace(slope)}."
    return "cannot tell", (
        f"Whether more epochs would help cannot be told: validation loss changes by {_range(slope)}."
    )


def convergence(train_loss: FloatArray) -> tuple[Answer, str]:
    """Return whether the training loss stands still at the end.

    >>> import numpy as np
    >>> convergence(np.array([0.9, 0.5, 0.31, 0.3, 0.3, 0.3, 0.3]))
    ('yes', 'Training has converged: its loss stands still at 0.3000.')
    """
    slope, still = trend(train_loss), _still(train_loss)
    if slope is None:
        return "cannot tell", f"Whether training has converged cannot be told: {_too_short(train_loss)}"
    if _stands_still(slope, still):
        return "yes", f"Training has converged: its loss stands still at {train_loss[-1]:.4f}."
    if slope.high < 0:
        return "no", f"Training has not converged: its loss still falls by {_pace(slope)}."
    if slope.low > 0:
        return "no", (
            f"Training has not converged: its loss rises by {_pace(slope)}; "
            "the learning rate may be too high."
        )
    return "cannot tell", (
        f"Whether training has converged cannot be told: its loss changes by {_range(slope)}."
    )


def fit(gap: Estimate, train: Estimate, validation: Estimate, has_risen: bool | None) -> tuple[Fit, str]:
    """Return whether the network is over-, under- or well fitted.

    Errors on new images are those made on training images plus the gap. Over-fitted: the validation loss rose
    from its lowest, or more than half of the errors is gap. Under-fitted: more than half is not, and the
    training images leave room. Each only where the interval of the gap leaves no doubt.

    >>> from pellucid.evaluation.curves import gap
    >>> from pellucid.evaluation.intervals import proportion
    >>> train, validation = proportion(11136, 12000), proportion(11064, 12000)
    >>> fit(gap(train.value, 12000, validation.value, 12000), train, validation, has_risen=False)[0]
    'under'
    """
    half = max(0.0, (1 - validation.value) / 2)
    misread = f"{100 * (1 - train.value):.1f} % of the training images"
    room = 1 - train.high > ROOM_TO_FIT
    if has_risen:
        return "over", "Over-fitted: validation loss has risen from its lowest while training went on."
    if gap.high <= SMALL_GAP and not room:
        return "well", (
            f"Well fitted: the gap is small, validation loss has not risen, and {misread} are misread."
        )
    if gap.high <= half and room:
        return "under", (
            f"Under-fitted: {misread} themselves are misread, and most errors on new images are of that "
            "kind; a larger network, other layers or longer training may help."
        )
    if gap.low > half and gap.high > SMALL_GAP:
        return "over", (
            f"Over-fitted: most errors on new images come with the gap, for only {misread} are misread; "
            "more data, dropout or a smaller network may help."
        )
    return "cannot tell", (
        f"Whether the network is over- or under-fitted cannot be told: with {gap.n:,} images the gap may be "
        f"anything from {100 * gap.low:z.1f} to {100 * gap.high:z.1f} points."
    )


def _still(losses: FloatArray) -> float:
    """Return the change per epoch below which a loss stands still."""
    return max(STILL_SHARE * float(losses[-1]), STILL_LOSS) / window(len(losses))


def _stands_still(slope: Estimate, still: float) -> bool:
    return -still <= slope.low and slope.high <= still


def _pace(slope: Estimate) -> str:
    return f"{abs(slope.value):.2g} an epoch over the last {slope.n}"


def _range(slope: Estimate) -> str:
    margin = slope.high - slope.value
    return f"{slope.value:.2g} an epoch over the last {slope.n}, give or take {margin:.2g}"


def _too_short(losses: FloatArray) -> str:
    return f"{LEAST_EPOCHS} epochs are needed, and there are {len(losses)}."
