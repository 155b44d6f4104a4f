import { nodeLabel, type GraphNode, type NetworkGraph, type OnnxNetwork } from '../../core/onnx-graph/network';
import { say, type Message } from '../../words';

/** What onnxruntime says of a network, as a message with the node's name. What is not known is quoted. */
export function runtimeReason(text: string, network: OnnxNetwork): Message {
  const line = text.split('\n')[0];
  const custom = /Fatal error: (.*):([^:(]+)\(-?\d+\) is not a registered function\/op/.exec(line);
  if (custom) {
    const [, domain, opType] = custom;
    const node = find(network.graph, (each) => each.opType === opType && sameDomain(each.domain, domain));
    return say(known(domain) ? 'foreign.operator-unknown' : 'foreign.operator-custom', {
      node: node ? nodeLabel(node) : `${domain}:${opType}`,
    });
  }
  const invalid = /In Node, \("(.*?)", (\w+), "(.*?)".* Error (.*)$/.exec(line);
  if (invalid) {
    const [, name, opType, domain, reason] = invalid;
    const node = find(network.graph, (each) => each.opType === opType && (name === '' || each.name === name));
    const label = nodeLabel(node ?? { name, opType, domain });
    if (/^No opset import/.test(reason) && !known(domain)) return say('foreign.operator-custom', { node: label });
    if (/^No Op registered/.test(reason)) return say('foreign.operator-unknown', { node: label });
    return say('foreign.node-invalid', { node: label, text: plain(reason) });
  }
  const lacking = /Could not find an implementation for (\w+)\(\d+\) node with name '(.*?)'/.exec(line);
  if (lacking) {
    const [, opType, name] = lacking;
    const node = find(network.graph, (each) => each.opType === opType && (name === '' || each.name === name));
    return say('foreign.operator-type', { node: node ? nodeLabel(node) : opType });
  }
  const failed = /while running (\w+) node\. Name:'(.*?)' Status Message: (.*)/.exec(line);
  if (failed) {
    const [, opType, name, status] = failed;
    const node = find(network.graph, (each) => each.opType === opType && (name === '' || each.name === name));
    const label = node ? nodeLabel(node) : nodeLabel({ name, opType, domain: '' });
    if (MEMORY.test(status)) return say('foreign.node-memory', { node: label });
    return say('foreign.node-failed', { node: label, text: plain(status) });
  }
  if (MEMORY.test(line)) return say('foreign.memory-refused');
  return say('foreign.refused', { text: plain(line) });
}

/** How onnxruntime says that there is not enough. */
const MEMORY = /bad_alloc|Failed to allocate memory/;

/** Without the places in onnxruntime's own source, which say nothing to who reads it. */
const plain = (text: string): string =>
  text
    .replace(/\/onnxruntime_src\/\S+?:\d+ [^(]*\([^)]*\)( const)?\s*/g, '')
    .replace(/\w+\.cc:\d+ \w+ /g, '')
    .slice(0, 400)
    .trim();

const sameDomain = (one: string, other: string): boolean => one === other || (one === '' && other === 'ai.onnx');

/** Domains whose operators onnxruntime and ONNX define: an operator that is missing there belongs to another version and is not custom. */
const known = (domain: string): boolean => /^(ai\.onnx(\..*)?|com\.microsoft(\.nchwc)?|)$/.test(domain);

/** The first node, also of bodies, for which `is` holds. */
function find(graph: NetworkGraph, is: (node: GraphNode) => boolean): GraphNode | null {
  for (const node of graph.nodes) {
    if (is(node)) return node;
    for (const { graph: body } of node.bodies) {
      const found = find(body, is);
      if (found) return found;
    }
  }
  return null;
}
