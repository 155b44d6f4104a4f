import { totalParameters } from '../../core/model/build';
import { headOfGraph, type Graph } from '../../core/model/graph';
import type { WrittenSpec } from '../../core/model/blocks';
import { denseTwin, plainDense } from '../../core/model/twin';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { build, type Architecture } from './architecture';

/**
 * The architecture for a number of classes: its last dense layer gets as many units, and a softmax ends it where it has
 * none. If a dense variant is asked for, that one.
 * @returns also what was changed.
 * @throws FailureError where the output cannot follow the classes.
 */
export function fitToClasses(
  { name, spec, variant = 'itself' }: Pick<Architecture, 'name' | 'spec' | 'variant'>,
  classes: number,
): { graph: Graph; changes: Message[] } {
  if (variant === 'dense-128-64')
    return { graph: build(name, plainDense(build(name, spec).spec.input, classes)), changes: [] };
  const fitted = fitItself(name, spec, classes);
  if (variant === 'itself') return fitted;
  const graph = build(name, denseTwin(fitted.graph));
  const units = graph.layers.flatMap(({ traits, outputShape }) => (traits.weights === 'matrix' ? outputShape : []));
  const change = say('train.fit.twin', {
    units,
    parameters: grouped(totalParameters(graph)),
    others: grouped(totalParameters(fitted.graph)),
  });
  return { graph, changes: [change] };
}

/** As the tables beside it write numbers. */
const grouped = (count: number): string => count.toLocaleString('en-US');

function fitItself(name: string, spec: WrittenSpec, classes: number): { graph: Graph; changes: Message[] } {
  const changes: Message[] = [];
  const built = build(name, spec);
  const layers = built.spec.layers.map((layer) => ({ ...layer }));
  const dense = layers.findLast((_, index) => built.layers[index].traits.weights === 'matrix');
  if (dense && dense.units !== classes) {
    changes.push(say('train.fit.units', { layer: dense.name!, units: classes, before: String(dense.units) }));
    dense.units = classes;
  }
  const whole = build(name, { input: spec.input, layers });
  const { kind } = headOfGraph(whole);
  const ends = kind === 'share' || kind === 'log share';
  if (!ends) changes.push(say('train.fit.softmax'));
  const graph = ends ? whole : build(name, { input: spec.input, layers: [...layers, { kind: 'softmax' }] });
  const { outputShape } = graph.layers[graph.layers.length - 1];
  if (outputShape.length !== 1 || outputShape[0] !== classes) {
    const reason = say(dense ? 'train.fit.output' : 'train.fit.noDense', { output: outputShape.join(', '), classes });
    throw new FailureError('model.invalid', { file: name, reason });
  }
  return { graph, changes };
}
