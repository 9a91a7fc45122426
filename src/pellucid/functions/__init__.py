"""The low-level operations that a network is made of: pure functions of arrays, forward and backward.

Each file holds one operation, its backward directly below, and nothing but NumPy. Which question of the lab's
Exercise 3 each one answers:

    20  convolution of an image with a set of kernels       convolve
    21  rectification of a feature map                      relu
    22  max pooling with a chosen extent                    max_pool (also average_pool, global_average_pool)
    23  normalisation within each feature map               normalize_maps (also batch_normalize)
    24  a fully connected layer                             fully_connected, draw_weights
    25  softmax                                             softmax
    26  backpropagation to the kernels                      convolve_backward, and every other …_backward
    27  a complete network                                  all of these, with cross_entropy as its loss
    28  learning MNIST with it                              and dropout against overfitting
        is my backward right?                               check_gradients

Images are (N, H, W, C), batch first and channels last; one image without its N is fine too. Everything runs
in float32, or in float64 when that is what comes in, and no function changes what it is given. A backward
takes ``gradient``, dLoss/dOutput, then what it needs of what its forward took or returned, and returns the
gradients of the forward's arrays.
"""

from pellucid.functions.batch_normalization import (
    batch_normalize,
    batch_normalize_backward,
    batch_normalize_inference,
    update_running_statistics,
)
from pellucid.functions.convolution import convolve, convolve_backward
from pellucid.functions.cross_entropies import (
    cross_entropy,
    cross_entropy_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from pellucid.functions.dropout_masks import dropout, dropout_backward, dropout_mask
from pellucid.functions.full_connection import draw_weights, fully_connected, fully_connected_backward
from pellucid.functions.gradients import GradientReport, check_gradients
from pellucid.functions.normalization import normalize_maps, normalize_maps_backward
from pellucid.functions.pooling import (
    average_pool,
    average_pool_backward,
    global_average_pool,
    global_average_pool_backward,
    max_pool,
    max_pool_backward,
)
from pellucid.functions.rectification import relu, relu_backward
from pellucid.functions.softmax_probabilities import softmax, softmax_backward
from pellucid.functions.translation import translate, translate_backward

__all__ = [
    "GradientReport",
    "average_pool",
    "average_pool_backward",
    "batch_normalize",
    "batch_normalize_backward",
    "batch_normalize_inference",
    "check_gradients",
    "convolve",
    "convolve_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "draw_weights",
    "dropout",
    "dropout_backward",
    "dropout_mask",
    "fully_connected",
    "fully_connected_backward",
    "global_average_pool",
    "global_average_pool_backward",
    "max_pool",
    "max_pool_backward",
    "normalize_maps",
    "normalize_maps_backward",
    "relu",
    "relu_backward",
    "softmax",
    "softmax_backward",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "translate",
    "translate_backward",
    "update_running_statistics",
]
