import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLink, readFragment, readLink, writeLink, type Link } from '../../src/shared/link/link';

const id = fc.stringMatching(/^[\w.-]{1,12}$/);
const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const digest = fc.stringMatching(/^[0-9a-f]{16}$/);
const file = fc.record({ kind: fc.constant('file' as const), name: words, digest });
const named = fc.oneof(
  fc.record({ kind: fc.constant('bundled' as const), id }),
  fc.record({ kind: fc.constant('run' as const), id }),
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // −0 is written as 0
const moments = (channels: number): fc.Arbitrary<{ mean: number[]; deviation: number[] }> =>
  fc.record({
    mean: fc.array(finite, { minLength: channels, maxLength: channels }),
    deviation: fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: channels, maxLength: channels }),
  });
const prepare = fc.constantFrom('gray' as const, 'rgb' as const, 'bgr' as const).chain((color) =>
  fc
    .tuple(
      fc.record({
        height: fc.integer({ min: 1, max: 4096 }),
        width: fc.integer({ min: 1, max: 4096 }),
        layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
        scale: finite,
      }),
      moments(color === 'gray' ? 1 : 3),
    )
    .map(([rest, both]) => ({ ...rest, ...both, color })),
);
const whole = fc.nat();
const inspect = fc.record(
  {
    network: fc.oneof(named, file),
    picture: fc.oneof(fc.record({ kind: fc.constant('sample' as const), id }), file),
    fit: fc.constantFrom('stretch' as const, 'crop' as const, 'letterbox' as const),
    invert: fc.constantFrom('auto' as const, 'on' as const, 'off' as const),
    background: fc.stringMatching(/^#[0-9a-f]{6}$/),
    prepare,
    depth: fc.constantFrom('overview' as const, 'layer' as const, 'pixel' as const),
    layer: words,
    map: whole,
    y: whole,
    x: whole,
    window: whole,
    scale: fc.constantFrom('unit' as const, 'layer' as const, 'network' as const),
  },
  { requiredKeys: [] },
);
const link: fc.Arbitrary<Link> = fc.oneof(
  inspect.map((state): Link => ({ screen: 'inspect', state })),
  fc
    .record({ run: words, recipe: words, data: words }, { requiredKeys: [] })
    .map((state): Link => ({ screen: 'train', state })),
  fc
    .record(
      {
        networks: fc.array(named, { minLength: 1, maxLength: 6 }),
        data: words,
        view: fc.constantFrom('figures' as const, 'values' as const),
      },
      { requiredKeys: [] },
    )
    .map((state): Link => ({ screen: 'compare', state })),
  fc
    .record({ scene: words, state: fc.constantFrom('stride=1&kernel=1,0;0,1&at=3', 'of=a%20b') }, { requiredKeys: [] })
    .map((state): Link => ({ screen: 'learn', state })),
);

test('state → link → state', () => {
  fc.assert(
    fc.property(link, (state) => {
      const text = writeLink(state);
      expect(isLink(text)).toBe(true);
      expect(text).toMatch(/^convscope:\/\/[\x21-\x7e]+$/); // survives mail and chat
      expect(readLink(text)).toEqual(state);
      expect(readLink(text.replace('convscope://', 'http://127.0.0.1:4711/#'))).toEqual(state);
      // As a system hands it over, with a slash behind the screen's name.
      expect(readLink(text.replace(/^(convscope:\/\/\w+)(\?|$)/, '$1/$2'))).toEqual(state);
    }),
    { numRuns: 100 },
  );
});

test('a link can be read by people', () => {
  const state: Link = {
    screen: 'inspect',
    state: {
      network: { kind: 'bundled', id: 'lenet5-mnist' },
      picture: { kind: 'sample', id: 'digit-5' },
      depth: 'layer',
      layer: 'conv2',
      map: 3,
    },
  };
  expect(writeLink(state)).toBe('convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=conv2&map=3');
});

test.each([
  ['inspect?map=two', /field 'map': found 'two', expected a whole number from 0/],
  ['inspect?map=-1', /field 'map': found '-1'/],
  ['inspect?map=1&map=2', /field 'map': it stands there twice/],
  ['inspect?colour=red', /field 'colour': there is no such field; known are network, picture/],
  ['inspect?depth=deep', /field 'depth': found 'deep', expected one of overview, layer, pixel/],
  ['inspect/..%2Fetc%2Fpasswd', /field 'network': found '..\/etc\/passwd', expected the ID of a network/],
  ['inspect/file:12:a.onnx', /field 'network'/],
  ['inspect?picture=/home/me/a.png', /field 'picture'/],
  ['inspect?picture=file:../a.png', /field 'picture'/],
  ['inspect?layer=%E0%A4%A', /field 'layer': '%E0%A4%A' is not percent-encoded/],
  ['inspect?prepare=224x224,NCHW,rgb,1,0,1', /field 'prepare': .*mean/],
  ['inspect?prepare=0x224,NCHW,gray,1,0,1', /field 'prepare': height/],
  ['inspect?prepare=1,2', /field 'prepare'/],
  ['inspect?layer=', /field 'layer'/],
  ['compare?networks=a,file:0123456789abcdef:x.onnx', /field 'networks'/],
  ['compare/x', /field 'x': there is no such field/],
  ['paint', /names the screen 'paint', expected one of inspect, train, compare, learn/],
  ['learn/flip?at=<b>', /field 'state'/],
  ['constructor', /names the screen/],
  [`inspect?layer=${'a'.repeat(9000)}`, /characters, the limit is/],
])('%s is refused by the name of what is wrong', (text, reason) => {
  expect(() => readFragment(text)).toThrow(reason);
});

test('only a link is one: no address of the app itself, of another site, no path', () => {
  for (const text of ['convscope://app/index.html', 'https://example.com/#inspect', '/etc/passwd', 'inspect'])
    expect(isLink(text), text).toBe(false);
  expect(() => readLink('file:///etc/passwd')).toThrow(/expected a link that starts with convscope:/);
});
