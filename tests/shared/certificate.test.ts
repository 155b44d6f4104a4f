import { expect, it } from 'vitest';
import { certificateJson, certificatePage } from '../../src/shared/certificate';
import type { VerifyReport } from '../../src/shared/protocol';
import { say } from '../../src/words';

const report: VerifyReport = {
  ok: false,
  altered: [{ name: 'conv1.weight', how: 'changed' }],
  notFinite: [],
  findings: [say('verify.altered', { parts: [say('verify.part-changed', { name: 'conv1.weight' })] })],
  images: 100,
  top1Agreement: 0.99999,
  layers: [
    { name: 'conv<1>', maxAbs: 1e-7, maxRel: 1e-8 },
    { name: 'dense1', maxAbs: 0.5, maxRel: 0.25 },
  ],
  preprocessing: null,
  file: { name: '<script>.onnx', bytes: 7, sha256: 'ab', opset: 17, inputShape: [1, 28, 28], classes: 10 },
  convscope: '1.2.3',
  onnxruntime: '1.30.0',
};

it('the certificate names what failed, in both languages, and lets no name into its markup', () => {
  const json = JSON.parse(certificateJson(report, '2026-01-02T03:04:05.000Z')) as Record<string, unknown>;
  expect(json).toMatchObject({ certificate: 1, ok: false, altered: report.altered, file: report.file });
  expect(json.verdict).toEqual([
    'Failed: do not rely on this file before you know why.',
    'On 100 pictures 1 layer differs by more than 0.0001 of the largest value; the first is dense1.',
    'The top class is the same for 99.99 % of the pictures.',
    'Altered since it was written: conv1.weight.',
    'Preprocessing was not compared: there was no picture to compare it on.',
  ]);
  const [en, zh] = (['en', 'zh'] as const).map((each) => certificatePage(report, '2026-01-02', each));
  for (const page of [en, zh]) {
    expect(page).not.toContain('<script>');
    expect(page).not.toMatch(/src=|href=|url\(/);
    expect(page).toContain('conv&lt;1&gt;');
    expect(page.match(/<tr class="apart"><td>dense1/g)).toHaveLength(1);
  }
  expect(en).toContain('<li>Altered since it was written: conv1.weight.</li>');
  expect(zh).toContain('<html lang="zh-CN">');
  expect(zh).toContain('写出后被改动：conv1.weight');
});
