"""What the curves over the epochs tell: since when there is a gap, whether more epochs help, the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pellucid.evaluation.curves import trend, window

if TYPE_CHECKING:
    from pellucid.evaluation.checked_arrays import FloatArray
    from pellucid.evaluation.intervals import Estimate

MoreEpochs = Literal["help", "harm", "no change", "cannot tell"]
Convergence = Literal["yes", "no", "cannot tell"]
Fit = Literal["over", "under", "well", "cannot tell"]

# A gap of one point or less does not matter in practice; more than two misread training images in a hundred
# leave something to fit. A curve stands still if, at the pace of its end, as many epochs again as that end is
# long would change the loss by less than a tenth (or by less than 0.005).
SMALL_GAP = 0.01
ROOM_TO_FIT = 0.02
STILL_SHARE, STILL_LOSS = 0.1, 0.005


def gap_open_since(gaps: list[Estimate]) -> int | None:
    """Return the epoch from which on the gap's interval stays above zero; None where it does not.

    Examples
    --------
    >>> from pellucid.evaluation.curves import gap
    >>> gap_open_since([gap(0.90, 1000, 0.89, 1000), gap(0.95, 1000, 0.90, 1000)])
    2
    """
    closed = [epoch for epoch, one in enumerate(gaps, start=1) if one.low <= 0]
    opened = max(closed, default=0) + 1
    return opened if opened <= len(gaps) else None


def more_epochs(val_loss: FloatArray) -> MoreEpochs:
    """Return what more epochs would do to the validation loss, by its trend at the end.

    Examples
    --------
    >>> import numpy as np
    >>> more_epochs(np.array([0.9, 0.7, 0.6, 0.5, 0.4, 0.3]))
    'help'
    """
    slope = trend(val_loss)
    if slope is None:
        return "cannot tell"
    if _stands_still(slope, val_loss):
        return "no change"
    if slope.high < 0:
        return "help"
    return "harm" if slope.low > 0 else "cannot tell"


def convergence(train_loss: FloatArray) -> Convergence:
    """Return whether the training loss stands still at the end.

    Examples
    --------
    >>> import numpy as np
    >>> convergence(np.array([0.9, 0.5, 0.31, 0.3, 0.3, 0.3, 0.3]))
    'yes'
    """
    slope = trend(train_loss)
    if slope is None:
        return "cannot tell"
    if _stands_still(slope, train_loss):
        return "yes"
    return "no" if slope.high < 0 or slope.low > 0 else "cannot tell"


def fit(gap: Estimate, train: Estimate, validation: Estimate, has_risen: bool | None) -> Fit:
    """Return whether the network is over-, under- or well fitted.

    Errors on new images are those made on training images plus the gap. Over-fitted: the validation loss rose
    from its lowest, or more than half of the errors is gap. Under-fitted: more than half is not, and the
    training images leave room. Each only where the interval of the gap leaves no doubt.

    Examples
    --------
    >>> from pellucid.evaluation.curves import gap
    >>> from pellucid.evaluation.intervals import proportion
    >>> train, validation = proportion(11136, 12000), proportion(11064, 12000)
    >>> fit(gap(train.value, 12000, validation.value, 12000), train, validation, has_risen=False)
    'under'
    """
    half = max(0.0, (1 - validation.value) / 2)
    room = 1 - train.high > ROOM_TO_FIT
    if has_risen:
        return "over"
    if gap.high <= SMALL_GAP and not room:
        return "well"
    if gap.high <= half and room:
        return "under"
    if gap.low > max(half, SMALL_GAP):
        return "over"
    return "cannot tell"


def _stands_still(slope: Estimate, losses: FloatArray) -> bool:
    still = max(STILL_SHARE * float(losses[-1]), STILL_LOSS) / window(len(losses))
    return -still <= slope.low and slope.high <= still
