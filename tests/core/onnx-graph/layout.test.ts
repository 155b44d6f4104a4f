import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/core/random';
import { blocksOf, repetitionsOf } from '../../../src/core/onnx-graph/blocks';
import { foldGraph, type FoldedGraph } from '../../../src/core/onnx-graph/fold';
import { groupsOf, type BoxGroup } from '../../../src/core/onnx-graph/groups';
import { layOut, type Placed, type Size } from '../../../src/core/onnx-graph/layout';
import { readNetwork, type NetworkGraph } from '../../../src/core/onnx-graph/network';
import { file, floats, typed, type MadeNode } from '../../../src/fuzz/make-onnx';
import { describeWithData, sharedData } from '../../shared-data';

const graphOf = (nodes: MadeNode[]): NetworkGraph =>
  readNetwork(
    file({
      nodes,
      inputs: [typed('x', 1, [1])],
      outputs: [typed('y', 1, [1])],
      weights: ['w', 'b'].map((name) => floats(name, [1], [1])),
    }),
  ).graph;

const drawn = ({ boxes, edges }: FoldedGraph): { boxes: string[]; edges: string[] } => ({
  boxes: boxes.map(({ operators, name }) => operators.join('+') || name),
  edges: edges.map(({ from, to }) => `${from}>${to}`),
});

describe('folding', () => {
  it('leaves constants out, whatever computes them, and takes in what follows an operator alone', () => {
    const graph = graphOf([
      { op: 'Shape', in: ['w'], out: ['s'] },
      { op: 'Gather', in: ['s', 'b'], out: ['g'] },
      { op: 'Reshape', in: ['w', 'g'], out: ['w2'] },
      { op: 'Conv', in: ['x', 'w2'], out: ['c'] },
      { op: 'BatchNormalization', in: ['c', 'w', 'b', 'w', 'b'], out: ['n'] },
      { op: 'Relu', in: ['n'], out: ['r'] },
      { op: 'MatMul', in: ['r', 'w'], out: ['m'] },
      { op: 'Add', in: ['m', 'b'], out: ['y'] },
    ]);
    expect(drawn(foldGraph(graph))).toEqual({
      boxes: ['x', 'Conv+BatchNormalization+Relu', 'MatMul+Add'],
      edges: ['0>1', '1>2'],
    });
  });

  it('keeps apart what somebody else reads too, sums of two branches, and outputs', () => {
    const graph = graphOf([
      { op: 'Conv', in: ['x', 'w'], out: ['c'] },
      { op: 'Relu', in: ['c'], out: ['r'] },
      { op: 'Add', in: ['c', 'r'], out: ['y'] },
      { op: 'Relu', in: ['y'], out: ['z'] },
    ]);
    expect(drawn(foldGraph(graph))).toEqual({
      boxes: ['x', 'Conv', 'Relu', 'Add', 'Relu'],
      edges: ['0>1', '1>2', '1>3', '2>3', '3>4'],
    });
  });

  it('finds blocks and their repetitions, and names them by their modules', () => {
    const nodes: MadeNode[] = [{ op: 'MaxPool', in: ['x'], out: ['v0'] }];
    for (let i = 0; i < 4; i++)
      nodes.push(
        { op: 'Conv', in: [`v${i}`, 'w'], out: [`a${i}`], name: `/layer1/${i}/conv1/Conv` },
        { op: 'Conv', in: [`a${i}`, 'w'], out: [`b${i}`], name: `/layer1/${i}/conv2/Conv` },
        { op: 'Add', in: [`b${i}`, `v${i}`], out: [i === 3 ? 'y' : `v${i + 1}`], name: `/layer1/${i}/Add` },
      );
    const graph = graphOf(nodes);
    const blocks = blocksOf(graph, foldGraph(graph));
    expect(blocks.map(({ name, boxes }) => [name, boxes.length])).toEqual([
      ['x', 1],
      ['v0', 1],
      ...[0, 1, 2, 3].map((i) => [`layer1.${i}`, 3]),
    ]);
    expect(repetitionsOf(blocks)).toEqual([{ first: 2, period: 1, count: 4 }]);
  });
});

function expectReadable(sizes: readonly Size[], edges: readonly { from: number; to: number }[], found: Placed): void {
  const { boxes, width, height } = found;
  boxes.forEach((box, i) => {
    expect(box.x).toBeGreaterThanOrEqual(-1e-6);
    expect(box.x + sizes[i].width).toBeLessThanOrEqual(width + 1e-6);
    expect(box.y + sizes[i].height).toBeLessThanOrEqual(height + 1e-6);
  });
  const sorted = boxes.map((_, i) => i).sort((a, b) => boxes[a].y - boxes[b].y);
  for (let i = 0; i < sorted.length; i++)
    for (let j = i + 1; j < sorted.length; j++) {
      const [a, b] = [sorted[i], sorted[j]];
      if (boxes[b].y >= boxes[a].y + sizes[a].height) break;
      const apart =
        boxes[a].x + sizes[a].width <= boxes[b].x + 1e-6 || boxes[b].x + sizes[b].width <= boxes[a].x + 1e-6;
      if (!apart) expect.fail(`boxes ${a} and ${b} lie on each other`);
    }
  edges.forEach(({ from, to }, i) => {
    const line = found.edges[i];
    expect(line[0].y).toBeCloseTo(boxes[from].y + sizes[from].height);
    expect(line[line.length - 1].y).toBeCloseTo(boxes[to].y);
    for (let at = 1; at < line.length; at++) expect(line[at].y).toBeGreaterThanOrEqual(line[at - 1].y);
  });
}

describe('layout', () => {
  const random = (seed: number, count: number): { sizes: Size[]; edges: { from: number; to: number }[] } => {
    const draws = new Generator(seed, 1);
    const sizes = Array.from({ length: count }, () => ({
      width: 20 + draws.integer(100),
      height: 10 + draws.integer(30),
    }));
    const edges = Array.from({ length: count * 2 }, () => {
      const to = 1 + draws.integer(count - 1);
      return { from: draws.integer(to), to };
    });
    return { sizes, edges: [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()] };
  };

  it.each([2, 5, 20, 60, 150])('of random graphs: %i boxes apart, edges downward, the same every time', (count) => {
    for (let seed = 0; seed < 10; seed++) {
      const { sizes, edges } = random(seed, count);
      const found = layOut(sizes, edges)!;
      expectReadable(sizes, edges, found);
      expect(layOut(sizes, edges)).toEqual(found);
    }
  });

  it('draws a chain as a straight line, and what branches in the middle', () => {
    const sizes = Array.from({ length: 4 }, () => ({ width: 50, height: 10 }));
    const chain = layOut(
      sizes,
      [0, 1, 2].map((from) => ({ from, to: from + 1 })),
    )!;
    expect(new Set(chain.boxes.map(({ x }) => x)).size).toBe(1);
    const fork = layOut(sizes, [
      { from: 0, to: 1 },
      { from: 0, to: 2 },
      { from: 1, to: 3 },
      { from: 2, to: 3 },
    ])!;
    expect(fork.boxes[0].x).toBeCloseTo((fork.boxes[1].x + fork.boxes[2].x) / 2);
    expect(fork.boxes[3].x).toBeCloseTo(fork.boxes[0].x);
  });

  it('stops when it is told to, and takes graphs without any box or edge', () => {
    const { sizes, edges } = random(1, 50);
    expect(layOut(sizes, edges, () => true)).toBeNull();
    expect(layOut([], [])).toEqual({ boxes: [], edges: [], width: 0, height: 0 });
    expect(layOut(sizes, [])!.boxes).toHaveLength(50);
  });
});

describeWithData('classic architectures, folded', ['onnx-light'], () => {
  const read = (name: string): NetworkGraph =>
    readNetwork(readFileSync(sharedData('onnx-light', `light_${name}.onnx`))).graph;

  it.each([
    // 16 residual blocks: 3, 4, 6 and 3, each with a first one that changes the size.
    ['resnet50', 80, [[2], [3], [5], [2]]],
    ['densenet121', 260, [[6], [12], [24], [16]]],
    ['squeezenet', 45, []],
    ['vgg19', 40, []],
  ])('%s', (name, most, repeats) => {
    const graph = read(name);
    const folded = foldGraph(graph);
    expect(folded.boxes.length).toBeLessThan(most);
    const blocks = blocksOf(graph, folded);
    const found = repetitionsOf(blocks).filter(({ first }) => blocks[first].boxes.length > 1);
    expect(found.map(({ count }) => [count])).toEqual(repeats);
    const sizes = folded.boxes.map(() => ({ width: 100, height: 30 }));
    expectReadable(sizes, folded.edges, layOut(sizes, folded.edges)!);
  });

  it.each(['resnet50', 'densenet121', 'inception_v1', 'shufflenet'])(
    '%s: groups hold whole blocks, one in another',
    (name) => {
      const graph = read(name);
      const folded = foldGraph(graph);
      const groups = groupsOf(graph, folded);
      const check = (own: readonly BoxGroup[], first: number, last: number): void => {
        let next = first;
        for (const group of own) {
          expect(group.first).toBeGreaterThanOrEqual(next);
          expect(group.last).toBeGreaterThan(group.first);
          next = group.last + 1;
          check(group.groups, group.first, group.last);
          // Equal blocks stand side by side, and are all there is.
          if (group.repeats > 1) {
            const sizes = new Set(group.groups.map(({ first: from, last: to }) => to - from));
            if (group.groups.length === group.repeats) expect(sizes.size).toBe(1);
          }
        }
        expect(next - 1).toBeLessThanOrEqual(last);
      };
      check(groups, 0, folded.boxes.length - 1);
      const top = folded.boxes.length - groups.reduce((sum, { first, last }) => sum + last - first, 0);
      expect(top).toBeLessThanOrEqual(24);
    },
  );
});
