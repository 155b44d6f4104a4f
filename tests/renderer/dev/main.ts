/** The window on the fake engine, for looking at it: `node tests/renderer/dev/serve.mjs`. */
import { FakeClient } from '../fake-client';

window.convscope = new FakeClient(new URLSearchParams(location.search).get('net') ?? 'lenet');
await import('../../../src/renderer/src/main');
