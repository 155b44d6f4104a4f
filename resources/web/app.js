import * as ort from 'onnxruntime-web';
import { prepare } from './preprocess.js';

const texts = {
  en: {
    drop: 'Drop a picture here, or choose one',
    choose: 'Choose a picture',
    loading: 'Loading the network …',
    inverted: 'The picture was inverted: it is drawn on the other ground than those that the network learned from.',
    failed: (reason) => `This did not work: ${reason}`,
  },
  zh: {
    drop: '将图像拖放到这里，或选择一幅图像',
    choose: '选择图像',
    loading: '正在加载网络……',
    inverted: '图像已反相：其背景与网络训练时所用图像的背景相反。',
    failed: (reason) => `未能完成：${reason}`,
  },
};
const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const t = texts[language];
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

const part = (id) => document.getElementById(id);
const say = (text) => (part('message').textContent = text);

/** RGB bytes of a picture file, upright, transparency on white. */
async function decode(file) {
  const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width, height, data };
}

// One thread: more need headers that a plain server does not send.
ort.env.wasm.numThreads = 1;
const network = await (await fetch('./network.json')).json();
part('title').textContent = document.title = network.title;
part('drop').querySelector('span').textContent = t.drop;
part('file').setAttribute('aria-label', t.choose);
say(t.loading);
const isProbability = network.probability !== 'value';
const session = await ort.InferenceSession.create('./model.onnx');
say('');

/** What the network says of a picture: every class with its value, the largest first. */
export async function predict(file) {
  const { input, dims, inverted } = prepare(await decode(file), network.preprocessing);
  const feeds = { [network.input]: new ort.Tensor('float32', input, dims) };
  const values = Array.from((await session.run(feeds))[network.output].data);
  const scores = network.probability === 'log share' ? values.map(Math.exp) : values;
  const answers = scores.map((value, i) => ({ label: network.labels[i], value }));
  return { answers: answers.sort((a, b) => b.value - a.value), inverted };
}
globalThis.predict = predict;

let shown = '';
async function show(file) {
  try {
    const { answers, inverted } = await predict(file);
    URL.revokeObjectURL(shown);
    part('picture').src = shown = URL.createObjectURL(file);
    part('picture').alt = file.name;
    part('picture').hidden = false;
    say(inverted ? t.inverted : '');
    part('answers').replaceChildren(
      ...answers.slice(0, 5).map(({ label, value }) => {
        const row = document.createElement('li');
        const text = isProbability ? `${(100 * value).toFixed(1)} %` : value.toPrecision(4);
        row.append(`${label} `, Object.assign(document.createElement('b'), { textContent: text }));
        if (isProbability) row.style.setProperty('--share', String(value));
        return row;
      }),
    );
  } catch (error) {
    say(t.failed(error instanceof Error ? error.message : String(error)));
  }
}

part('file').addEventListener('change', ({ target }) => target.files[0] && show(target.files[0]));
for (const name of ['dragover', 'drop'])
  document.addEventListener(name, (event) => {
    event.preventDefault();
    if (name === 'drop' && event.dataTransfer.files[0]) void show(event.dataTransfer.files[0]);
  });
document.addEventListener('paste', ({ clipboardData }) => clipboardData.files[0] && show(clipboardData.files[0]));
part('drop').dataset.ready = 'true';
