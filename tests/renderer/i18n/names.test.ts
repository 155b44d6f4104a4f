import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { decodeModel } from '../../../src/core/onnx/decode';
import { isOurs, readModel } from '../../../src/core/onnx/read';
import { colorLabels, shapeLabels } from '../../../src/core/data/generated';
import { asError, FailureError, type FailureCode } from '../../../src/shared/failures';
import { messageOf, reasonOf, say, type Message, type Values } from '../../../src/words';
import type { SampleInfo } from '../../../src/shared/protocol';
import { failureText, isKey, language, noticeText } from '../../../src/renderer/src/i18n/index.svelte';
import { className, dataName, networkName, resizeName, sampleName } from '../../../src/renderer/src/i18n/names';

// The language asks the window what the system speaks.
vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

const resources = join(__dirname, '..', '..', '..', 'resources');
const models = readdirSync(join(resources, 'models'))
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => ({ file, bytes: readFileSync(join(resources, 'models', file)) }))
  // A network of others keeps its own labels.
  .filter(({ bytes }) => isOurs(decodeModel(bytes)))
  .map(({ file, bytes }) => ({ id: file.replace('.onnx', ''), bundled: true, model: readModel(bytes) }));
const samples = JSON.parse(readFileSync(join(resources, 'samples', 'samples.json'), 'utf8')) as SampleInfo[];
const chinese = /\p{Script=Han}/u;

describe('what is bundled', () => {
  it('has a Chinese name for every network, class, data set and way to resize', () => {
    language.choose('zh');
    for (const { id, bundled, model } of models) {
      const { metadata } = model;
      expect(networkName({ id, bundled, title: 'no name' }), id).toMatch(chinese);
      for (const label of metadata.labels)
        if (!/^\d$/.test(label)) expect(className({ bundled }, label), `${id}: ${label}`).toMatch(chinese);
      expect(dataName(metadata.training!.data), id).toMatch(chinese);
      expect(resizeName(metadata.preprocessing.resize), id).toMatch(chinese);
    }
  });
  it('has a name in both languages for every network, those of others too', () => {
    for (const file of readdirSync(join(resources, 'models')).filter((name) => name.endsWith('.onnx'))) {
      expect(isKey(`network.${file.replace('.onnx', '')}`), file).toBe(true);
    }
  });
  it('has a Chinese name for every sample', () => {
    language.choose('zh');
    for (const sample of samples) expect(sampleName(sample), sample.id).toMatch(chinese);
    expect(sampleName({ id: 'digit-3', name: 'Digit 3' })).toBe('数字 3');
  });
  it('says in English what the files say', () => {
    language.choose('en');
    for (const { id, bundled, model } of models) {
      const title = model.metadata.title ?? id;
      expect(isKey(`network.${id}`), id).toBe(true);
      // The files' own titles are older than the American spelling.
      expect(networkName({ id, bundled, title })).toBe(title.replace('colours', 'colors'));
      for (const label of model.metadata.labels) expect(className({ bundled }, label)).toBe(label);
    }
    for (const sample of samples) expect(sampleName(sample)).toBe(sample.name);
  });
  it('lends its names to networks that one has trained on generated data', () => {
    language.choose('zh');
    for (const [data, labels] of [
      ['builtin:colors', colorLabels],
      ['builtin:shapes', shapeLabels],
    ] as const) {
      expect(dataName(data)).toMatch(chinese);
      for (const label of labels)
        expect(className({ bundled: false, training: { data } }, label), label).toMatch(chinese);
    }
  });
  it('leaves the names of others alone', () => {
    language.choose('zh');
    expect(networkName({ id: 'lenet5-mnist', bundled: false, title: 'mine' })).toBe('mine');
    expect(networkName({ id: 'unknown', bundled: true, title: 'mine' })).toBe('mine');
    expect(className({ bundled: false, training: null }, 'red')).toBe('red');
    expect(className({ bundled: false, training: { data: 'red things' } }, 'red')).toBe('red');
    expect(dataName('red things')).toBe('red things');
    expect(sampleName({ id: 'unknown', name: 'mine' })).toBe('mine');
  });
});

describe('failures in Chinese', () => {
  const said = (code: FailureCode, values: Values, chosen: 'en' | 'zh' = 'zh'): string => {
    language.choose(chosen);
    return failureText(asError({ code, values }).toJSON());
  };
  it('translates what our reader of ONNX files says, with its places and numbers', () => {
    language.choose('zh');
    const whole = readFileSync(join(resources, 'models', 'lenet5-mnist.onnx'));
    for (const bytes of [whole.subarray(0, 20000), Buffer.from('hello'), new Uint8Array()]) {
      const reason = ((): Message | null => {
        try {
          readModel(bytes);
          return null;
        } catch (error) {
          return reasonOf(error);
        }
      })()!;
      expect(said('model.format', { file: 'a.onnx', reason })).toMatch(/ONNX 模型（.*\p{Script=Han}/u);
      expect(said('model.format', { file: 'a.onnx', reason })).not.toContain('原文');
    }
  });
  it('keeps the English line in English', () => {
    language.choose('en');
    const failure = new FailureError('file.unreadable', { file: 'a', reason: messageOf('permission denied') });
    expect(failureText(failure.toJSON())).toBe(`${failure.message}.`);
  });
  it('are sentences, in both languages', () => {
    for (const code of ['cancelled', 'file.empty', 'file.unreadable', 'image.too-slow', 'internal'] as FailureCode[]) {
      for (const [chosen, end] of [
        ['en', /^[^a-z].*[.!?…]$/s],
        ['zh', /[。！？…]$/],
      ] as const) {
        const values = { reason: say('system.memory'), file: 'a.png', seconds: 5 };
        expect(said(code, values, chosen)).toMatch(end);
      }
    }
  });
  it('translates the reason of a notice, too', () => {
    language.choose('zh');
    const reason = say('engine.stopped', { reason: say('engine.no-reason') });
    const text = noticeText({ tone: 'warn', key: 'status.restarted', params: { reason } });
    expect(text).toContain('引擎停止运行（原因不明）');
  });
});
