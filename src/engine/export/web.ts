import { readFileSync } from 'node:fs';
import { headOfGraph } from '../../core/model/graph';
import type { Head } from '../../core/model/head';
import type { Model, Preprocessing } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import { writeModel } from '../../core/onnx/write';
import { MessageError, say } from '../../words';
import { resource } from '../system/root';
import { textFile, type ExportFile } from './file';

/** The package that the page computes with, and the version that it was tried with. */
const RUNTIME = { name: 'onnxruntime-web', version: '1.30.0' };
const PAGES = ['index.html', 'app.js', 'preprocess.js', 'serve.mjs'];

/** A network for a page: any ONNX file that takes a picture `[1, C, H, W]` and gives one value for each label. */
export interface WebNetwork {
  file: Uint8Array;
  title: string;
  labels: readonly string[];
  preprocessing: Preprocessing;
  input: string;
  output: string;
  /** What the output means. */
  probability: Head['kind'];
}

/** @param instead of a title that the model lacks. @throws MessageError for a network that takes no pictures. */
export function webNetwork(model: Model, instead: string): WebNetwork {
  const { graph, metadata } = model;
  if (graph.inputShape.length !== 3) throw new MessageError(say('export.no-pictures'));
  const { labels, preprocessing, title = instead } = metadata;
  const output = graph.layers[graph.layers.length - 1].name;
  const probability = headOfGraph(graph).kind;
  return { file: writeModel(model), title, labels, preprocessing, input: INPUT, output, probability };
}

/** A folder: the network, a page with a drop zone, and a server for trying it. @param version of Convscope. */
export function webFiles({ file, ...network }: WebNetwork, version: string): ExportFile[] {
  const { preprocessing } = network;
  const head = `A network exported from Convscope ${version}, as a web page.

Made by: convscope export MODEL --format web --out FOLDER
Needs:   npm install, in this folder: it fetches ${RUNTIME.name}. No picture leaves the browser.
Run:     npm start, and open http://127.0.0.1:8080. Any web server that is given this folder does too.

model.onnx is the network, network.json says its classes and how pictures go in, preprocess.js does that.`;
  const json = (name: string, content: unknown): ExportFile => textFile(name, `${JSON.stringify(content, null, 2)}\n`);
  const pages = PAGES.map((name) => {
    const content = readFileSync(resource('web', name), 'utf8');
    if (name === 'index.html') return textFile(name, content.replace('{HEAD}', head));
    return textFile(name, `/*\n${head}\n*/\n\n${content}`);
  });
  return [
    ...pages,
    json('network.json', { ...network, preprocessing }),
    json('package.json', {
      name: 'convscope-network',
      private: true,
      type: 'module',
      description: `A network exported from Convscope ${version}`,
      scripts: { start: 'node serve.mjs' },
      dependencies: { [RUNTIME.name]: RUNTIME.version },
    }),
    { name: 'model.onnx', bytes: file },
  ];
}
