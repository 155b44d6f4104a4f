import { tuple } from '../../core/layers/pytorch';
import { logitsOf, paramKey, type GraphLayer } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import type { TrainSettings } from '../../core/train/settings';
import { MessageError, say } from '../../words';
import { KERAS_TRAINING } from './keras-training';
import { literal, picturesInPython, pythonNames } from './python';
import { settingsFor } from './settings';
import { trainingInPython } from './training-in-python';
import { weightsOf, type Weight } from './weights';

/** A layer's parameters in the order of Keras's variables. */
const PLACES: Record<string, number> = { weight: 0, bias: 1, slope: 0, scale: 0, shift: 1, mean: 2, variance: 3 };

/** The axes of a parameter in our files, in Keras's order: kernels `[KH, KW, I, O]`, dense `[I, O]`. Empty for vectors. */
function orderOf({ traits }: GraphLayer, { shape }: Weight): number[] {
  if (traits.weights === 'matrix' && shape.length === 2) return [1, 0];
  if (traits.weights !== 'kernel' || shape.length < 3) return [];
  return [...shape.slice(2).map((_, axis) => axis + 2), 1, 0];
}

/**
 * A Keras 3 script that rebuilds a network, channels last, loads its weights from a safetensors or an `.npz` file beside it, prepares pictures and trains on.
 * @param files their names. @param kept settings of the run. @throws MessageError, naming the layer, for a kind that it does not know.
 */
export function kerasScript(
  model: Model,
  files: { script: string; weights: string },
  version: string,
  kept: TrainSettings | null = null,
): string {
  const { script, weights } = files;
  const { layers, inputShape } = model.graph;
  const { labels, preprocessing } = model.metadata;
  const names = pythonNames(layers);
  const value = (index: number): string => (index < 0 ? 'x' : names[index]);
  const lines = layers.map((layer, i) => {
    const part = layer.toKeras();
    if (!part)
      throw new MessageError(say('export.script', { layer: layer.name, layerType: layer.kind, format: 'Keras' }));
    const own = part.layer ? `${part.layer}, name=${literal(names[i])})` : '';
    return `    ${names[i]} = ${part.call(own, layer.inputs.map(value))}`;
  });
  const shapes = new Map(weightsOf(model).map((weight) => [weight.name, weight]));
  const keys = layers.flatMap((layer, i) =>
    layer.params.map(({ name }) => {
      const key = paramKey(layer.name, name);
      const weight = shapes.get(key)!;
      const order = orderOf(layer, weight);
      return `    ${literal(key)}: (${literal(names[i])}, ${PLACES[name]}, ${tuple(order)}, ${tuple(weight.shape)}),`;
    }),
  );
  const decays = layers.flatMap((layer) =>
    layer.params.filter(({ decay }) => decay).map(({ name }) => paramKey(layer.name, name)),
  );
  const logits = names[logitsOf(model.graph)];
  const last = names[names.length - 1];
  const takesPictures = inputShape.length === 3;
  const training = takesPictures ? trainingInPython(model, settingsFor(model, kept), decays) + KERAS_TRAINING : '';
  return `"""A network exported from Convscope ${version}, in Keras 3 (channels last).

Made by: convscope export MODEL --format keras --out ${script}
Needs:   pip install keras safetensors numpy pillow, one of tensorflow, torch and jax, and ${weights} beside this file.
Run:     KERAS_BACKEND=torch python ${script} PICTURE ...
${takesPictures ? `Train:   python ${script} --train FOLDER [--validate FOLDER] [--out FILE.safetensors], with FOLDER/CLASS/PICTURE\n` : ''}Use:     from ${script.replace(/\.py$/, '')} import load, prepare

The input is float32 [${['N', ...inputShape].join(', ')}], as prepare() makes it; the output that of layer ${literal(layers[layers.length - 1].name)}.
"""

import math
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from PIL import Image, ImageOps
from safetensors.numpy import load_file, save_file

LABELS = ${literal(labels)}

# Names in ${weights}: the layer here, which of its variables, the order of the axes, the shape in the file.
WEIGHTS = {
${keys.join('\n')}
}


def network_of():
    """The network with new weights."""
    x = keras.Input((${inputShape.join(', ')}${inputShape.length === 1 ? ',' : ''}))
    inputs = x
${lines.join('\n')}
    network = keras.Model(inputs, ${last})
    network.logits = keras.Model(inputs, ${logits})
    return network


def logits_of(network):
    """The same network up to what a loss takes."""
    return network.logits


def variable_of(network, name):
    layer, place, _, _ = WEIGHTS[name]
    return network.get_layer(layer).weights[place]


def load(file=Path(__file__).with_name(${literal(weights)})):
    """The network with its weights; a .npz file of them is read too."""
    network = network_of()
    tensors = dict(np.load(file)) if str(file).endswith(".npz") else load_file(str(file))
    if set(tensors) != set(WEIGHTS):
        raise ValueError(f"weights: missing {set(WEIGHTS) - set(tensors)}, unexpected {set(tensors) - set(WEIGHTS)}")
    for name, (_, _, order, _) in WEIGHTS.items():
        variable, value = variable_of(network, name), tensors[name]
        variable.assign((value.transpose(order) if order else value).reshape(variable.shape))
    return network


${picturesInPython(preprocessing)}


def prepare(picture):
    """A picture (a path or a PIL image) as the network takes it, float32 [1, H, W, C]."""
    return normalized(pixels_of(picture))[None]

${training}

if __name__ == "__main__":
${
  takesPictures
    ? `    if "--train" in sys.argv:
        options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        train(options["--train"], options.get("--validate"), options.get("--out", "trained.safetensors"))
        sys.exit()
`
    : ''
}    network = load()
    for path in sys.argv[1:]:
        scores = ops.convert_to_numpy(network(prepare(path))).flatten()
        best = np.argsort(-scores)[:3]
        print(path, *(f"{LABELS[i]} {scores[i]:.4f}" for i in best), sep="  ")
`;
}
