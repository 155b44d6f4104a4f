import { logitsOf, paramKey } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { channelsFirst } from '../../core/tensor';
import type { TrainSettings } from '../../core/train/settings';
import { MessageError, say } from '../../words';
import { literal, picturesInPython, pythonNames } from './python';
import { PYTORCH_TRAINING } from './pytorch-training';
import { settingsFor } from './settings';
import { trainingInPython } from './training-in-python';

/** A layer's parameters by PyTorch's names. */
const STATE: Record<string, string> = {
  weight: 'weight',
  bias: 'bias',
  scale: 'weight',
  shift: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
  slope: 'weight',
  kernels: 'weight',
};

/**
 * A PyTorch script that rebuilds a network, loads its weights from a safetensors file beside it and prepares pictures as the network wants them.
 * @param script and @param weights the names of the two files. @throws MessageError, naming the layer, for a kind that it does not know.
 */
export function pytorchScript(
  model: Model,
  script: string,
  weights: string,
  version: string,
  kept: TrainSettings | null = null,
): string {
  const { layers, inputShape } = model.graph;
  const { labels, preprocessing } = model.metadata;
  const names = pythonNames(layers);
  const parts = layers.map((layer) => {
    const part = layer.toPyTorch();
    if (!part)
      throw new MessageError(say('export.script', { layer: layer.name, layerType: layer.kind, format: 'PyTorch' }));
    return part;
  });
  const helpers = [...new Set(parts.flatMap(({ helper }) => helper ?? []))].map((text) => `${text}\n\n\n`);
  const value = (index: number): string => (index < 0 ? 'x' : names[index]);
  const modules = parts.flatMap(({ module }, i) => (module ? [`        self.${names[i]} = ${module}`] : []));
  const lines = layers.map(
    ({ inputs }, i) => `        ${names[i]} = ${parts[i].call(`self.${names[i]}`, inputs.map(value))}`,
  );
  const keys = layers.flatMap(({ name, params }, i) =>
    params.map(
      (param) => `    ${literal(paramKey(name, param.name))}: ${literal(`${names[i]}.${STATE[param.name]}`)},`,
    ),
  );
  const logits = logitsOf(model.graph);
  const decays = layers.flatMap(({ params }, i) =>
    params.filter(({ decay }) => decay).map((param) => `${names[i]}.${STATE[param.name]}`),
  );
  // A signal or a volume is no picture of a folder.
  const takesPictures = inputShape.length === 3;
  const training = takesPictures ? trainingInPython(model, settingsFor(model, kept), decays) + PYTORCH_TRAINING : '';
  const shape = ['N', ...channelsFirst(inputShape)].join(', ');
  return `"""A network exported from Convscope ${version}, in PyTorch.

Made by: convscope export MODEL --format pytorch --out ${script}
Needs:   pip install torch safetensors numpy pillow, and ${weights} beside this file.
Run:     python ${script} PICTURE ...
${
  training === ''
    ? ''
    : `Train:   python ${script} --train FOLDER [--validate FOLDER] [--out FILE.safetensors], with FOLDER/CLASS/PICTURE
         torchrun --nproc_per_node 4 ${script} --train FOLDER
         torchrun --nnodes 2 --nproc_per_node 4 --rdzv_backend c10d --rdzv_endpoint HOST:29500 ${script} --train FOLDER, on each machine
`
}Use:     from ${script.replace(/\.py$/, '')} import load, prepare

The input is float32 [${shape}], as prepare() makes it; the output that of layer ${literal(layers[layers.length - 1].name)}.
"""

import math
import os
import sys
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from PIL import Image, ImageOps
from safetensors.torch import load_file, save_file
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.data.distributed import DistributedSampler

LABELS = ${literal(labels)}

# Names in ${weights}, and here.
WEIGHTS = {
${keys.join('\n')}
}


${helpers.join('')}class Network(nn.Module):
    def __init__(self):
        super().__init__()
${modules.join('\n') || '        pass'}

    def logits(self, x):
        """What a loss takes."""
${lines.slice(0, logits + 1).join('\n')}
        return ${names[logits]}

    def forward(self, x):
        ${names[logits]} = self.logits(x)
${lines
  .slice(logits + 1)
  .map((line) => `${line}\n`)
  .join('')}        return ${names[names.length - 1]}


def load(file=Path(__file__).with_name(${literal(weights)})):
    """The network with its weights, for inference; .train() to train on."""
    network = Network()
    tensors = load_file(str(file))
    state = {WEIGHTS[name]: tensor for name, tensor in tensors.items()}
    missing, unexpected = network.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"weights: missing {missing}, unexpected {unexpected}")
    return network.eval()


${picturesInPython(preprocessing)}


def prepare(picture):
    """A picture (a path or a PIL image) as the network takes it, float32 [1, C, H, W]."""
    return torch.from_numpy(normalized(pixels_of(picture)).transpose(2, 0, 1)[None].copy())

${training}

if __name__ == "__main__":
    network = load()
${
  training === ''
    ? ''
    : `    if "--train" in sys.argv:
        options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        train(options["--train"], options.get("--validate"), options.get("--out", "trained.safetensors"))
        sys.exit()
`
}    for path in sys.argv[1:]:
        with torch.no_grad():
            scores = network(prepare(path)).flatten()
        best = scores.topk(min(3, len(LABELS)))
        print(path, *(f"{LABELS[i]} {score:.4f}" for score, i in zip(best.values.tolist(), best.indices.tolist())), sep="  ")
`;
}
