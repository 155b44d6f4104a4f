import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/core/train/settings';
import { FailureError } from '../../src/shared/failures';
import { isMessage, MessageError, reasonOf, say, sentence, valueText } from '../../src/words';
import { coreWords } from '../../src/words/core';
import { dataWords } from '../../src/words/data';
import { engineWords } from '../../src/words/engine';
import { failureWords } from '../../src/words/failures';
import { foldersWords } from '../../src/words/folders';
import { imageWords } from '../../src/words/image';
import { fillWith } from '../../src/words/message';
import { modelWords } from '../../src/words/model';
import { recipeWords } from '../../src/words/recipes';
import { runWords } from '../../src/words/run';
import { systemWords } from '../../src/words/system';
import { trainWords } from '../../src/words/train';
import { uploadWords } from '../../src/words/uploads';

describe('a message', () => {
  it('is put into words in either language, messages within it too', () => {
    const full = say('file.unwritable', { file: 'a.onnx', reason: say('system.ENOSPC') });
    expect(sentence(full)).toBe("'a.onnx' cannot be written: no space left on device");
    expect(sentence(full, 'zh')).toBe('无法写入“a.onnx”：磁盘空间不足');
  });
  it('survives JSON', () => {
    const full = say('file.unwritable', { file: 'a.onnx', reason: say('system.ENOSPC') });
    const back: unknown = JSON.parse(JSON.stringify(full));
    expect(isMessage(back) && sentence(back, 'zh')).toBe(sentence(full, 'zh'));
  });
  it('takes the word that fits a number', () => {
    const text = '{count} {count|file was|files were} left out';
    expect(fillWith(text, { count: 1 }, String)).toBe('1 file was left out');
    expect(fillWith(text, { count: 2 }, String)).toBe('2 files were left out');
  });
  it('joins lists as the language does', () => {
    const list = ['a', say('system.EIO')];
    expect([valueText(list, 'en'), valueText(list, 'zh')]).toEqual(['a, i/o error', 'a、读写错误']);
  });
  it('puts no space beside Chinese that is filled in, but keeps it beside a Latin word or a number', () => {
    const fill = (template: string, what: string | string[]): string =>
      fillWith(template, { what }, (value) => valueText(value, 'zh'));
    expect(fill('由 {what} 写出', 'PyTorch')).toBe('由 PyTorch 写出');
    expect(fill('由 {what} 写出', '一个未署名的程序')).toBe('由一个未署名的程序写出');
    expect(fill('合并了 {what}。', ['“cat”', '“dog”'])).toBe('合并了“cat”、“dog”。');
    expect(fill('实际为{what}，', 'HTML 网页')).toBe('实际为 HTML 网页，');
    expect(fillWith('read by {what} here', { what: '中' }, String)).toBe('read by 中 here');
    const list = [say('data.expects.npz'), say('data.expects.npz')];
    expect(valueText(list, 'zh')).toBe('NumPy 数组（.npz、.npy）、NumPy 数组（.npz、.npy）');
  });
  it('shows what is no text or number as JSON', () => {
    const told = (found: unknown): string => {
      try {
        resolveSettings({ epochs: found as number });
      } catch (error) {
        return sentence(reasonOf(error), 'zh');
      }
      return '';
    };
    expect(told({ a: [1] })).toBe('轮次（epoch）：实际为 {"a":[1]}，应为 1 到 100,000 的整数');
    expect(told([])).toBe('轮次（epoch）：实际为 []，应为 1 到 100,000 的整数');
  });
  it('shows a gap where a value is missing, and never takes one from a prototype', () => {
    expect(fillWith('{constructor} {x}', {}, String)).toBe('{constructor} {x}');
  });
});

it('is not taken for one where its code is unknown or a value is no value', () => {
  expect(isMessage({ code: 'toString', values: {} })).toBe(false);
  expect(isMessage({ code: 'cancelled', values: { a: true } })).toBe(false);
  expect(isMessage({ code: 'cancelled', values: { a: [{ code: 'no.such', values: {} }] } })).toBe(false);
});

it('is made of whatever was thrown', () => {
  expect(sentence(reasonOf(new MessageError(say('system.EIO'))), 'zh')).toBe('读写错误');
  const full = Object.assign(new Error("ENOSPC: no space left on device, write '/x'"), { code: 'ENOSPC' });
  expect(sentence(reasonOf(full), 'zh')).toBe('磁盘空间不足');
  const odd = Object.assign(new Error("EXDEV: cross-device link not permitted, rename '/x'"), { code: 'EXDEV' });
  expect(sentence(reasonOf(odd))).toBe('cross-device link not permitted');
  expect(sentence(reasonOf('plain'), 'zh')).toBe('原文“plain”');
});

it('has each code in one room only', () => {
  const rooms = [coreWords, dataWords, engineWords, failureWords, foldersWords, imageWords, modelWords];
  const codes = [...rooms, recipeWords, runWords, systemWords, trainWords, uploadWords].flatMap((room) =>
    Object.keys(room),
  );
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

it('takes no text for a reason: an English one would reach a Chinese window', () => {
  // @ts-expect-error -- it must not compile
  const failure = new FailureError('file.unreadable', { file: 'a', reason: 'the moon is full' });
  // @ts-expect-error -- nor in any other message
  const message = say('upload.no-path', { reason: 'the moon is full' });
  expect([failure.message, sentence(message)]).toEqual([
    "'a' cannot be read: the moon is full",
    'cannot be the path of an upload: the moon is full',
  ]);
});
