import { afterAll } from 'vitest';

/** Variables of the environment that a test file sets are gone for the next one, which may share its process. */
const before = { ...process.env };
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});
