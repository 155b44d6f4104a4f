import { describe, expect, it } from 'vitest';
import { messagesIn, say, sentence, words } from '../../src/words';
import { fillWith } from '../../src/words/message';
import { terms, type Term } from '../../src/words/terms';
import { settings, type Setting } from '../../src/words/settings';
import { told } from '../../src/cli/switches';
import { en } from '../../src/renderer/src/i18n/en';
import { zh } from '../../src/renderer/src/i18n/zh';

/** Every text for people, the window's labels and the messages, as [key, text]; the `{values}` that are filled in are left out. */
const texts = (language: 'en' | 'zh'): [key: string, text: string][] =>
  [
    ...Object.entries(language === 'en' ? en : zh),
    ...Object.entries<Term>(terms).map(([id, { term, sentence }]): [string, string] => [
      `terms.${id}`,
      `${term[language]} ${sentence[language]}`,
    ]),
    ...Object.entries(words).map(([code, entry]): [string, string] => [code, entry[language]]),
    ...Object.entries<Setting>(settings).flatMap(([name, { label, help, ...rest }]): [string, string][] => [
      [`settings.${name}`, label[language]],
      [`settings.${name}.help`, help[language]],
      ...('choices' in rest ? Object.entries(rest.choices) : []).map(([choice, entry]): [string, string] => [
        `settings.${name}.${choice}`,
        entry[language],
      ]),
    ]),
  ].map(([key, text]) => [key, text.replaceAll(/\{(\w+)\}/g, '{}')]);

const offences = (language: 'en' | 'zh', rule: RegExp, allowed: readonly string[] = []): string[] =>
  texts(language)
    .filter(([key, text]) => rule.test(text) && !allowed.includes(key))
    .map(([key, text]) => `${key}: ${text}`);

describe('English', () => {
  it.each<[why: string, rule: RegExp, allowed?: string[]]>([
    [
      'is spelled the American way',
      /colour|grey|\w(is|ys)(e|ed|er|ing|ation)\b(?<=(normal|optim|initial|regular|quant|serial|organ|recogn|visual|anal)\w+)|neighbour|centre|labelled|catalogue|licence|honour|behaviour/i,
    ],
    ['says predicted', /\bsaid\b|\bsays\b/i],
    ['says split, not part', /\b(training|validation|test|its|own) parts?\b/i],
    ['says standard deviation', /(?<!standard )\bdeviation/i],
    ['says type, not kind', /\bkinds?\b/i, ['spec.layer']],
    ['says dense twin', /DNN twin/],
    ['says resume, start and remove', /\b(go|goes) on with\b|\bbegun\b|\bforget\b/i],
    ['says kernels, not filters', /\bfilters?\b/i, ['spec.divisor-filters', 'terms.kernel']],
    ['says is not a, not is no', /(?<!there )\bis no (?!longer)/i],
    ['names no switch of the command line', /--[a-z]/, ['host.port']],
    [
      'fits nouns to their number',
      /\{\} (files|pictures|images|classes|epochs|labels|networks|runs|values|maps|cells|terms|units)\b/,
      // Limits and numbers that are always above 1, and a format's name.
      [
        'drop.many',
        'setup.data.dropUpload',
        'setup.survey.more',
        'data.npz.two-files',
        'run.foreign.members',
        'train.fit.noDense',
        'train.fit.output',
        'folders.left.kind',
        'data.names.many',
        'image.refused.range',
        'image.refused.nan',
        'onnx.feature-maps',
        'onnx.tensor-size',
        'upload.files',
        'upload.files.more',
      ],
    ],
  ])('%s', (_, rule, allowed) => {
    expect(offences('en', rule, allowed)).toEqual([]);
  });
});

describe('Chinese', () => {
  it.each<[why: string, rule: RegExp, allowed?: string[]]>([
    ['calls a dilation 膨胀率', /空洞/],
    ['calls a kernel 卷积核', /滤波器/],
    ['calls normalization 标准化', /(?<!未)归一/],
    ['calls epochs 轮次', /轮数/],
    ['calls the share of zeros 零值占比', /零的比例|零占比/],
    ['calls letterboxing 加边', /留边/],
    ['says 预测为', /判为|判对|认作/],
    ['calls a recipe 预设实验', /实验方案/],
    ['says 删除', /移除/],
    ['calls the cosine schedule 余弦退火', /余弦(?!退火)/],
    ['calls the actual class 实际', /真实类别|真实为/],
    ['calls the units of a dense layer 神经元', /单元 \{\}，\{\}$|\d+ 个单元|单元数/, ['pixel.self']],
    ['says 图像', /图片/],
    ['has full-width punctuation', /\p{Script=Han}[,:;!?()]|[,:;!?(]\p{Script=Han}/u],
    ['has full-width quotation marks', /\p{Script=Han}["']|["']\p{Script=Han}/u],
    ['names no switch of the command line', /--[a-z]/, ['host.port']],
  ])('%s', (_, rule, allowed) => {
    expect(offences('zh', rule, allowed)).toEqual([]);
  });
});

describe('a text with a number', () => {
  const filled = (text: string, values: Record<string, string | number>): string => fillWith(text, values, String);

  it.each([
    ['setup.leftOut', '0 files were left out', '1 file was left out', '2 files were left out'],
    ['setup.survey.splits', undefined, undefined, undefined],
    ['picker.classes', '0 classes', '1 class', '2 classes'],
    ['run.rate', '0 pictures/s', '1 picture/s', '2 pictures/s'],
    ['compare.leftOut', '0 files were left out: they could not be read', '1 file was left out: it could not be read'],
  ] as const)('%s fits 0, 1 and 2', (key, ...expected) => {
    expected.forEach((text, count) => {
      if (text !== undefined) expect(filled(en[key], { count })).toBe(text);
    });
  });
  it('has a word for each number wherever one is chosen', () => {
    for (const [key, text] of texts('en'))
      for (const [whole, one, many] of text.matchAll(/\{\w+\|([^|}]*)\|([^|}]*)\}/g))
        expect(one, `${key}: ${whole}`).not.toBe(many);
  });
});

describe('what to do about a message', () => {
  it('is said by the command line as what to type, wherever in a message it is', () => {
    const scale = say('data.scale.dark', { names: 'x', high: 15 });
    const failure = say('data.invalid', { file: 'set.npz', reason: scale });
    expect(messagesIn(failure)).toEqual([failure, scale]);
    expect(told(failure)).toBe(`${sentence(failure)} (--range 0:15)`);
    expect(told(say('run.exists'))).toContain('(--resume or --overwrite)');
    expect(told(say('run.nothing', { missing: [say('run.asked.data'), say('run.asked.model')] }))).toMatch(
      /give data, model \(--data, --model\)$/,
    );
  });
});
