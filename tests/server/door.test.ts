import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { admits, cookieFor, type Door } from '../../src/server/door';

const door: Door = { token: 'correct-token', port: 4711 };
const request = (url: string, headers: Record<string, string>): IncomingMessage =>
  ({ url, headers }) as unknown as IncomingMessage;
const host = '127.0.0.1:4711';

describe('the browser host lets in', () => {
  test('the address that it printed, and a reload by cookie', () => {
    expect(admits(request('/?token=correct-token', { host }), door)).toBe('yes');
    expect(admits(request('/assets/index.js', { host, cookie: `a=b; ${cookieFor(door).split(';')[0]}` }), door)).toBe(
      'yes',
    );
  });
  test('its own page on the socket', () => {
    const headers = { host, origin: `http://${host}` };
    expect(admits(request('/socket?token=correct-token', headers), door, { socket: true })).toBe('yes');
  });
});

describe('the browser host refuses', () => {
  test.each([
    ['no token', '/', { host }],
    ['a wrong token', '/?token=wrong', { host }],
    ['a token that starts right', '/?token=correct', { host }],
    ["another port's cookie", '/', { host, cookie: 'convscope-4712=correct-token' }],
  ])('%s', (_title, url, headers) =>
    expect(admits(request(url, headers as Record<string, string>), door)).toBe('wrong token'),
  );

  test.each([['evil.example:4711'], ['127.0.0.1:80'], ['127.0.0.1']])('host %s', (wrong) =>
    expect(admits(request('/?token=correct-token', { host: wrong }), door)).toBe('wrong host'),
  );
  test('no Host at all', () => expect(admits(request('/?token=correct-token', {}), door)).toBe('wrong host'));

  test.each([['http://evil.example'], ['null'], ['https://127.0.0.1:4711']])('origin %s', (origin) => {
    expect(admits(request('/?token=correct-token', { host, origin }), door)).toBe('wrong origin');
    expect(admits(request('/socket?token=correct-token', { host, origin }), door, { socket: true })).toBe(
      'wrong origin',
    );
  });
  test('a socket without Origin', () =>
    expect(admits(request('/socket?token=correct-token', { host }), door, { socket: true })).toBe('wrong origin'));
});
