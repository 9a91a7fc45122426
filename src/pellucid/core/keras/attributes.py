"""Methods and attributes of Keras's objects: what to write instead of those that pellucid lacks."""

from __future__ import annotations

from pellucid.core.keras.table import attributes_of

_ARCHITECTURE = "write save(file), with the weights, or json.dumps(get_config()), the architecture alone"

NETWORK = {  # of Keras's networks, and of PyTorch's
    "train_on_batch": "write fit(x, y, batch_size=len(x), shuffle=False, verbose=0) for one batch",
    "test_on_batch": "write evaluate(x, y)",
    "predict_on_batch": "write predict(x)",
    "predict_proba": "write predict(x): after a softmax its outputs are probabilities",
    "fit_generator": "write fit(x, y) with arrays; np.load(file, mmap_mode='r') gives one larger than memory",
    "evaluate_generator": "write evaluate(x, y) with arrays",
    "predict_generator": "write predict(x) with an array",
    "to_json": _ARCHITECTURE,
    "to_yaml": _ARCHITECTURE,
    "weights": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "variables": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "trainable_weights": "write get_layer(name).parameters, a dict of arrays",
    "trainable_variables": "write get_layer(name).parameters, a dict of arrays",
    "non_trainable_weights": "write get_layer(name).state, a dict of arrays",
    "non_trainable_variables": "write get_layer(name).state, a dict of arrays",
    "input": "write input_shape; for the values inside a network see get_layer(name) and layer(x)",
    "inputs": "write input_shape; for the values inside a network see get_layer(name) and layer(x)",
    "output": "write output_shape; for the values inside a network see get_layer(name) and layer(x)",
    "outputs": "write output_shape; for the values inside a network see get_layer(name) and layer(x)",
    "metrics_names": "write ['loss', *(metric.name for metric in network.metrics)]",
    "compute_output_shape": "build(shape), and then output_shape",
    "export": "write save(file)",
    "reset_metrics": "leave it out: each fit and evaluate measures anew",
    "reset_states": "leave it out: no layer keeps a state between batches",
    "train_step": "write fit(x, y); a layer of your own brings its gradient in backward",
    "test_step": "write evaluate(x, y)",
    "call": "write network(x)",
    "add_loss": "write a subclass of losses.Loss",
    "add_metric": "write compile(…, metrics=[…])",
    "parameters": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "state_dict": "write save(file), or get_weights()",
    "load_state_dict": "write load_weights(file), or set_weights(arrays)",
    "eval": "leave it out: predict and evaluate are always in inference mode",
    "train": "write fit(x, y), or network(x, training=True) for one pass",
    "forward": "write network(x)",
    "backward": "fit(x, y) goes forward and backward; pellucid.functions has each step's backward",
    "zero_grad": "leave it out: each step computes its gradient anew",
    "to": "leave it out: networks run on the CPU; compile(engine=…) says how",
    "cuda": "leave it out: networks run on the CPU; compile(engine=…) says how",
    "cpu": "leave it out: networks run on the CPU",
}

_PARAMETERS = "write parameters, a dict of arrays, or get_weights()"
_STATE = "write state, a dict of arrays"

LAYER = {
    **dict.fromkeys(("weights", "variables", "trainable_weights", "trainable_variables"), _PARAMETERS),
    **dict.fromkeys(("kernel", "bias", "gamma", "beta"), "write parameters['{name}'], after it is built"),
    **dict.fromkeys(("non_trainable_weights", "non_trainable_variables"), _STATE),
    **dict.fromkeys(("moving_mean", "moving_variance"), "write state['{name}'], after it is built"),
    "count_params": "write parameter_count",
    "compute_output_shape": "write output_shape_for(shape), without the batch axis",
    "call": "write layer(x); a layer of your own defines forward(inputs, context)",
    "add_weight": "name the parameters and their shapes in parameter_shapes",
    "add_variable": "name the parameters and their shapes in parameter_shapes",
    "add_loss": "write a subclass of losses.Loss",
    "add_metric": "write compile(…, metrics=[…])",
    "input": "write input_shape; layer(x) computes outputs",
    "output": "write output_shape; layer(x) computes outputs",
    "get_input_at": "write input_shape",
    "get_output_at": "write output_shape",
    "losses": "a layer adds nothing to the loss here",
    "build_from_config": "write build(input_shape)",
    "compute_dtype": "write dtype",
    "variable_dtype": "write dtype",
    "dtype_policy": "write dtype",
}
OPTIMIZER = {
    **dict.fromkeys(
        (
            "apply_gradients",
            "apply",
            "minimize",
            "get_updates",
            "get_gradients",
            "update_step",
            "stateless_apply",
        ),
        "fit takes the steps; a rule of your own is a subclass of optimizers.Optimizer with update",
    ),
    **dict.fromkeys(("variables", "weights", "get_weights"), "write state, a dict of arrays"),
    "set_weights": "models.load_model(file) reads a network with its optimizer",
    "add_variable": "name the arrays in state_names",
}
METRIC = {
    **dict.fromkeys(
        (
            "update_state",
            "result",
            "reset_state",
            "reset_states",
            "stateless_update_state",
            "stateless_result",
        ),
        "write values(labels, outputs), a value for each image, or metric(labels, outputs), their mean",
    ),
    "add_weight": "a metric keeps no state: values(labels, outputs) gives a value for each image",
    "add_variable": "a metric keeps no state: values(labels, outputs) gives a value for each image",
}
LOSS = {"call": "write loss(labels, outputs); a loss of your own defines values and gradient"}
_KINDS = {"Model": NETWORK, "Layer": LAYER, "Optimizer": OPTIMIZER, "Metric": METRIC, "Loss": LOSS}


def no_attribute(kind: str, name: str, of: str) -> str | None:
    """Return the sentence that answers an attribute of Keras's objects of a kind; None for any other.

    Examples
    --------
    >>> no_attribute("Layer", "count_params", "Dense")
    'Dense has no count_params: write parameter_count.'
    """
    advice = _KINDS.get(kind, {}).get(name)
    if advice is None and name not in attributes_of(kind):
        return None
    return f"{of} has no {name}: {(advice or 'it is in Keras, but not in pellucid').format(name=name)}."
