import { beforeEach, expect, it, vi } from 'vitest';
import { course } from '../../../src/renderer/src/learn/course.svelte';
import { OWN } from '../../../src/renderer/src/learn/model/samples';
import { isSceneFile, openSceneFile, takePicture } from '../../../src/renderer/src/learn/open-file';
import { sceneEntries } from '../../../src/renderer/src/learn/scenes';
import { toFile } from '../../../src/renderer/src/learn/state/link';
import { WHOLE } from '../../../src/renderer/src/learn/state/lesson';
import { draw } from './draw';
import { readLink } from '../../../src/shared/link/link';

// The window's parts ask it what it prefers.
vi.hoisted(() => {
  const query = { matches: false, addEventListener: () => {} };
  Object.assign(globalThis, {
    document: { documentElement: { lang: '', dataset: {} }, addEventListener: () => {} },
    window: globalThis,
    matchMedia: () => query,
    location: { hash: '', protocol: 'http:' },
    addEventListener: () => {},
    devicePixelRatio: 1,
  });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

beforeEach(() => {
  course.follow('');
  course.teaching = WHOLE;
});

it('opens the file of every scene as it was saved, whatever its state', () => {
  for (const { model } of sceneEntries) {
    const [state] = draw(model, 1, 3);
    const at = model.steps(state) - 1;
    expect(openSceneFile('x', toFile(model, { state, at }))).toBe(model.id);
    course.follow(model.id);
    expect(course.problem).toBeNull();
    expect(course.scene!.kept).toEqual({ state, at });
  }
});

it('knows a scene’s file by its name, and refuses what is none', () => {
  for (const name of ['flip.scene.json', 'flip.scene (2).json']) expect(isSceneFile({ name })).toBe(true);
  for (const name of ['flip.json', 'scene.json', 'flip.scene.json.png']) expect(isSceneFile({ name })).toBe(false);
  for (const content of ['{', '3', '{}', '{"convscope":"lesson"}'])
    expect(() => openSceneFile('x', content), content).toThrow();
  expect(openSceneFile('x', '{"convscope":"scene","scene":"none","state":{},"at":0}')).toBeNull();
  expect(course.problem).toMatchObject({ field: 'scene', found: 'none' });
  const [{ model }] = sceneEntries;
  const bad = JSON.stringify({ convscope: 'scene', scene: model.id, state: { ...model.examples[0].state, stride: 99 }, at: 0 }); // prettier-ignore
  expect(openSceneFile('x', bad)).toBe(model.id);
  expect(course.problem).toMatchObject({ field: 'stride', found: '99' });
});

it('carries what a teacher leaves out in the address, and back', () => {
  course.follow('flip?hide=text,questions&only=flip,dice');
  expect(course.teaching).toEqual({ hides: ['text', 'questions'], only: ['flip', 'dice'] });
  expect(course.problem).toBeNull();
  expect(course.entries.map(({ model }) => model.id)).toEqual(['flip', 'dice']);
  expect([course.beside(-1), course.beside(1)?.model.id]).toEqual([undefined, 'dice']);
  const address = course.address();
  expect(readLink(`convscope://learn/${address}`)).toMatchObject({ screen: 'learn', state: { scene: 'flip' } });
  const { teaching } = course;
  course.teaching = WHOLE;
  course.follow(address);
  expect(course.teaching).toEqual(teaching);
  // From scene to scene it stays.
  course.follow('dice');
  expect(course.address()).toContain('&hide=text,questions&only=flip,dice');
});

it('names what a lesson’s link has wrong, and then leaves nothing out', () => {
  course.follow('flip?hide=everything');
  expect(course.problem).toMatchObject({ field: 'hide', found: 'everything' });
  expect(course.teaching).toEqual(WHOLE);
  course.follow('flip?only=flip,none');
  expect(course.problem).toMatchObject({ field: 'only', found: 'none' });
  expect(course.entries).toHaveLength(sceneEntries.length);
});

it('shows a dropped picture in a scene that takes one, and in no other', () => {
  course.follow('flip');
  expect(takePicture('a.png', new Uint8Array(1))).toBe(false);
  course.follow('kernels');
  expect(takePicture('a.png', new Uint8Array(1))).toBe(true);
  expect(course.scene!.state.picture).toBe(OWN);
});

it('leads to Inspect by links that hold', () => {
  const links = sceneEntries.flatMap(({ model }) => model.trained ?? []);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(readLink(link).screen).toBe('inspect');
});
