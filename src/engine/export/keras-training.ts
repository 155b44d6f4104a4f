/**
 * The part of a Keras 3 script that trains on as `convscope train` does, behind `trainingInPython`: loss, optimizer, `fit`, on any of
 * Keras's backends (docs/training.md).
 */
export const KERAS_TRAINING = `

class Batches(keras.utils.PyDataset):
    """Batches for fit: what the network takes, and a row for each picture: class, second class, share of the first, weights of both."""

    def __init__(self, pictures, weights, varies):
        super().__init__()
        self.pictures, self.weights, self.varies, self.epoch = pictures, weights, varies, 0
        self.on_epoch_begin()

    def on_epoch_begin(self):
        self.draws = np.random.default_rng([SETTINGS["seed"], self.epoch])
        self.order = self.draws.permutation(len(self.pictures)) if self.varies else np.arange(len(self.pictures))
        self.epoch += 1

    def __len__(self):
        whole, rest = divmod(len(self.pictures), SETTINGS["batch"])
        # Batch norm has no variance of a single picture.
        return whole + (rest > (1 if self.varies and whole else 0))

    def __getitem__(self, index):
        chosen = self.order[index * SETTINGS["batch"] : (index + 1) * SETTINGS["batch"]]
        pixels, labels = zip(*(self.pictures[int(i)] for i in chosen))
        x, targets = np.stack(pixels), np.array(labels)
        others, share = targets, np.ones(len(targets), np.float32)
        if self.varies:
            x, others, share = varied(x, targets, self.draws)
        return normalized(x), rows_of(targets, others, share, self.weights)


def rows_of(targets, others=None, share=None, weights=None):
    others = targets if others is None else others
    share = np.ones(len(targets)) if share is None else share
    weights = np.ones(len(LABELS)) if weights is None else weights
    return np.stack([targets, others, share, weights[targets], weights[others]], axis=1).astype(np.float32)


def losses(rows, logits):
    """Of each picture; \`rows\` as rows_of makes them."""
    kind, classes = SETTINGS["loss"], len(LABELS)
    logits = ops.reshape(logits, (-1, classes))
    log_p = ops.log_softmax(logits, axis=-1)

    def of(labels):
        right = ops.one_hot(ops.cast(labels, "int32"), classes, dtype=logits.dtype)
        if kind == "cross-entropy":
            q = (1 - SETTINGS["smoothing"]) * right + SETTINGS["smoothing"] / classes
            return -ops.sum(q * log_p, axis=-1)
        ln = ops.sum(right * log_p, axis=-1)
        if kind == "focal":
            return -((1 - ops.exp(ln)) ** SETTINGS["gamma"]) * ln
        if kind == "mse":
            return 0.5 * ops.sum(ops.square(ops.exp(log_p) - right), axis=-1)
        # hinge; the right class itself counts as 1
        margins = 1 + logits - ops.sum(right * logits, axis=-1, keepdims=True)
        return ops.sum(ops.maximum(margins, 0), axis=-1) - 1

    share = rows[:, 2]
    return share * rows[:, 3] * of(rows[:, 0]) + (1 - share) * rows[:, 4] * of(rows[:, 1])


def accuracy(rows, logits):
    said = ops.argmax(ops.reshape(logits, (-1, len(LABELS))), axis=-1)
    return ops.cast(ops.equal(said, ops.cast(rows[:, 0], said.dtype)), "float32")


class Rate(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps):
        self.rates = np.array([rate_of(update, steps) for update in range(max(1, SETTINGS["epochs"] * steps))], np.float32)

    def __call__(self, step):
        last = len(self.rates) - 1
        return ops.take(ops.convert_to_tensor(self.rates), ops.minimum(ops.cast(step, "int32"), last))

    def get_config(self):
        return {}


def optimizer_of(model, steps):
    o = SETTINGS["optimizer"]
    kind, rate, epsilon = o["kind"], Rate(steps), o["epsilon"]
    momentum = 0.0 if kind == "sgd" else o["momentum"]
    base, options = {
        # Keras adds epsilon inside the root where Convscope adds it to the root.
        "adam": (keras.optimizers.Adam, dict(beta_1=o["beta1"], beta_2=o["beta2"], epsilon=epsilon)),
        "adamw": (keras.optimizers.AdamW, dict(beta_1=o["beta1"], beta_2=o["beta2"], epsilon=epsilon, weight_decay=o["weightDecay"])),
        "rmsprop": (keras.optimizers.RMSprop, dict(rho=o["rho"], epsilon=epsilon**2)),
        "adagrad": (keras.optimizers.Adagrad, dict(initial_accumulator_value=0.0, epsilon=epsilon**2)),
    }.get(kind, (keras.optimizers.SGD, dict(momentum=momentum, nesterov=kind == "nesterov")))
    decaying = [variable for name in DECAYS for variable in [variable_of(model, name)] if variable.trainable]
    ids = {id(variable) for variable in decaying}

    class Clipped(base):
        """Clips by the global norm, then adds the decay to the gradient: Convscope's order."""

        def apply(self, grads, trainable_variables=None):
            variables = self._trainable_variables if trainable_variables is None else trainable_variables
            grads = list(grads)
            if o["clipNorm"] > 0:
                norm = ops.sqrt(sum(ops.sum(ops.square(g)) for g in grads))
                factor = ops.minimum(1.0, o["clipNorm"] / ops.maximum(norm, 1e-30))
                grads = [g * factor for g in grads]
            if o["weightDecay"] > 0 and kind != "adamw":
                grads = [g + o["weightDecay"] * ops.convert_to_tensor(v) if id(v) in ids else g for g, v in zip(grads, variables)]
            return super().apply(grads, trainable_variables)

    optimizer = Clipped(learning_rate=rate, **options)
    if kind == "adamw":
        optimizer.exclude_from_weight_decay(var_list=[v for v in model.trainable_variables if id(v) not in ids])
    return optimizer


def trainer(network, steps):
    """The network up to what the loss takes, compiled."""
    model = logits_of(network)
    model.compile(optimizer=optimizer_of(model, steps), loss=losses, metrics=[accuracy])
    return model


def train(folder, validation=None, out="trained.safetensors"):
    """Trains on from the weights beside this file; the best epoch's weights go to \`out\`, by Convscope's names."""
    keras.utils.set_random_seed(SETTINGS["seed"])
    pictures = Pictures(folder, SETTINGS["expand"])
    batches = Batches(pictures, pictures.weights(), True)
    held_out = None if validation is None else Batches(Pictures(validation), pictures.weights(), False)
    network = load()
    model = trainer(network, len(batches))
    monitor = "loss" if held_out is None else "val_loss"

    class Best(keras.callbacks.Callback):
        best = math.inf

        def on_epoch_end(self, epoch, logs):
            if logs[monitor] < self.best:
                self.best = logs[monitor]
                save(network, out)

    callbacks = [Best()]
    if SETTINGS["patience"]:
        callbacks.append(keras.callbacks.EarlyStopping(monitor, patience=SETTINGS["patience"]))
    model.fit(batches, epochs=SETTINGS["epochs"], validation_data=held_out, callbacks=callbacks, shuffle=False, verbose=2)


def save(network, file):
    """The weights by Convscope's names and layout, as load() reads them."""
    tensors = {}
    for name, (_, _, order, shape) in WEIGHTS.items():
        value = ops.convert_to_numpy(variable_of(network, name))
        tensors[name] = np.ascontiguousarray(value.transpose(np.argsort(order)) if order else value).reshape(shape)
    save_file(tensors, str(file))
`;
