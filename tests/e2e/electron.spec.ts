import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, root, test } from './app';

/** What the window says now: a page whose process died is none of Playwright's any more. */
const inWindow = <T>(electron: ElectronApplication, script: string): Promise<T> =>
  electron.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(code) as Promise<T>,
    script,
  );

/** Ends the window's process, as the system does where memory is short. */
const killWindow = (electron: ElectronApplication): Promise<void> =>
  electron.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    const gone = new Promise<void>((resolve) => webContents.once('render-process-gone', () => resolve()));
    process.kill(webContents.getOSProcessId(), 'SIGKILL');
    return gone;
  });

test('Electron: the window comes back with what was open when its process dies, and says so', async ({ launch }) => {
  const { page, electron, errors } = await launch();
  await expect(page.getByRole('button', { name: /^Image:/ })).toBeVisible();
  // A run, which is not the window's; a network and a picture that nobody named at the start; another layer, one depth deeper.
  const run = await page.evaluate(async () => {
    const options = { epochs: 1000, batch: 8, validation: 0.5 };
    const network = { source: { kind: 'bundled' as const, id: 'shapes-cnn' }, variant: 'itself' as const };
    const data = 'builtin:shapes';
    return (await window.convscope!.call('startRun', { title: 'Meanwhile', data, network, options })).id;
  });
  for (const [name, path, shown] of [
    ['mine.onnx', ['models', 'fashion-cnn.onnx'], 'CNN for clothes'],
    ['mine.png', ['samples', 'landscape.png'], 'mine.png'],
  ] as const) {
    const bytes = readFileSync(join(root, 'resources', ...path)).toString('base64');
    await page.evaluate(
      ({ name, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], name));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
      },
      { name, bytes },
    );
    await expect(page.getByRole('banner').getByText(shown)).toBeVisible();
  }
  await page.locator('main').press('ArrowRight');
  await page.locator('main').press('Enter');
  const shown = `[document.title, location.hash, ...[...document.querySelectorAll('header, nav')].map((part) => part.innerText)].join()`;
  await expect.poll(() => page.evaluate<string>(shown)).toMatch(/CNN for clothes.*depth=layer.*mine\.png.*relu1/s);
  const before = await page.evaluate<string>(shown);

  const says = (text: string): Promise<void> =>
    expect.poll(() => inWindow(electron!, 'document.body.innerText').catch(String)).toContain(text);
  const press = (button: string): Promise<void> =>
    inWindow(
      electron!,
      `[...document.querySelectorAll('button')].find((each) => [each.innerText, each.ariaLabel].includes('${button}')).click()`,
    );
  const again = 'Network and image are open again: the window had stopped (it was ended from outside';
  for (let i = 0; i < 3; i++) {
    await killWindow(electron!);
    await says(again);
    await press('Dismiss');
    await expect.poll(() => inWindow(electron!, shown)).toBe(before);
  }
  // Once more within a minute, and it is left to people.
  await killWindow(electron!);
  await says('The window stopped several times within a minute');
  await press('Try again');
  await says(again);
  await press('Dismiss');
  await expect.poll(() => inWindow(electron!, shown)).toBe(before);
  await killWindow(electron!);
  await says('The window stopped several times within a minute');
  expect(await inWindow(electron!, `fetch('https://example.com').then(() => 'sent', () => 'refused')`)).toBe('refused');
  await press('Start without it');
  await says('LeNet-5');
  // The address follows what is shown a moment later; nothing asks for the files that were open.
  await expect.poll(() => inWindow<string>(electron!, shown)).not.toContain('mine.png');
  expect(await inWindow(electron!, 'document.body.innerText')).not.toContain('mine.');

  const state = `window.convscope.call('runs', {}).then((runs) => runs.find(({ id }) => id === '${run}').state)`;
  await expect.poll(() => inWindow(electron!, state)).toBe('training');
  errors.length = 0; // what was refused above says so on the console
});

test('Electron: what was chosen and typed for a training is there again when the window’s process dies', async ({
  launch,
}) => {
  const { page, electron } = await launch();
  await page.evaluate(() => (location.hash = 'train'));
  const setup = page.getByTestId('setup');
  await setup.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('75');
  await setup.getByRole('textbox', { name: 'Name of the run' }).fill('An evening’s work');
  const typed = `[...document.querySelectorAll('[data-testid=setup] input')].map(({ type, value, checked }) => [type, value, checked].join()).join(' ')`;
  await expect(setup.getByText(/pictures × 75 epochs/)).toBeVisible();
  const before = await page.evaluate<string>(typed);
  expect(before).toMatch(/75.*An evening’s work/);
  await killWindow(electron!);
  await expect.poll(() => inWindow(electron!, typed).catch(String)).toBe(before);
});

test('Electron: a menu in both languages whose entries do what the keys do; the size of everything is kept', async ({
  launch,
}) => {
  const first = await launch();
  const choose = (app: typeof first, menu: string, entry: string): Promise<void> =>
    app.electron!.evaluate(
      ({ Menu }, [menu, entry]) => {
        const items = Menu.getApplicationMenu()!.items.find(({ label }) => label === menu)!.submenu!.items;
        items.find(({ label }) => label === entry)!.click();
      },
      [menu, entry] as const,
    );
  const width = (app: typeof first): Promise<number> => app.page.evaluate(() => innerWidth);
  const { page, electron } = first;
  await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  const wide = await width(first);
  await choose(first, 'View', 'Larger');
  await expect.poll(() => width(first)).toBeCloseTo(wide / 1.1, -1);
  await page.keyboard.press('Control+=');
  await expect.poll(() => width(first)).toBeCloseTo(wide / 1.25, -1);
  await choose(first, 'Help', 'Keyboard Shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  // One presents without rail, menu and status bar, the answer large; Esc leaves.
  const full = (): Promise<boolean[]> =>
    electron!.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return [window.isFullScreen(), window.isMenuBarVisible()];
    });
  await choose(first, 'View', 'Present');
  await expect(page.getByTestId('presented-answer')).toHaveText(/^5\s+>\s?99\.9/);
  await expect.poll(full).toEqual([true, false]);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
  await expect(page.getByText('Engine idle')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect.poll(full).toEqual([false, true]);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await page.getByRole('radio', { name: '中文' }).click();
  await expect
    .poll(() => electron!.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map(({ label }) => label)))
    .toEqual(expect.arrayContaining(['文件', '编辑', '视图', '窗口', '帮助']));
  const chosen = await electron!.evaluate(
    ({ dialog }, filePaths) => {
      Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths }) });
    },
    [join(root, 'resources', 'samples', 'digit-2.png')],
  );
  expect(chosen).toBeUndefined();
  await choose(first, '文件', '打开…');
  await expect(page.getByRole('banner').getByText('digit-2.png')).toBeVisible();
  await first.close();
  const next = await launch();
  await expect.poll(() => next.page.evaluate(() => devicePixelRatio)).toBeCloseTo(1.25, 5);
});

test('Electron: a link that a second start is given opens in the window that is there', async ({ launch }) => {
  const { page, electron } = await launch();
  await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  await electron!.evaluate(({ app }) => {
    const link = 'convscope://inspect/fashion-cnn?picture=bag&depth=layer&layer=conv1&map=2';
    app.emit('second-instance', {}, [], '', { link });
    app.emit('second-instance', {}, [], '', { link: 'file:///etc/passwd' });
  });
  await expect(page.getByRole('banner')).toContainText('CNN for clothes');
  await expect(page.getByRole('navigation', { name: 'Depth' })).toContainText('conv1');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('Electron: nothing clashes with its GLib while pictures are decoded', async ({ launch }) => {
  const app = await launch({ args: [join(root, 'resources', 'samples', 'digit-3.png')] });
  await expect(app.page.getByRole('button', { name: /^Image: .*digit-3/ })).toBeVisible();
  expect(app.stderr()).not.toContain('G_IS_OBJECT');
});

test('Electron: the window has no Node, opens no other page and no other window', async ({ launch }) => {
  const { page, electron, errors } = await launch();
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([]);
  expect(await page.evaluate(() => Object.keys((window as unknown as { convscope: object }).convscope).sort())).toEqual(
    ['call', 'folders', 'frame', 'on', 'save'],
  );
  const preferences = await electron!.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  await page.evaluate(() => {
    window.open('https://example.com');
    location.href = 'https://example.com';
  });
  await page.waitForTimeout(500);
  expect(electron!.windows()).toHaveLength(1);
  expect(page.url()).toMatch(/^convscope:\/\/app\//);
  const answer = await page.evaluate(async () => {
    const { convscope } = window as unknown as {
      convscope: { call(method: string, params: unknown): Promise<unknown> };
    };
    return convscope.call('constructor', {}).then(
      () => 'answered',
      (failure: { message: string }) => failure.message,
    );
  });
  expect(answer).toContain("no method 'constructor'");
  const outside = await page.evaluate(() =>
    fetch('convscope://app/../../package.json').then(
      ({ status }) => status,
      () => 0,
    ),
  );
  expect(outside).not.toBe(200);
  errors.length = 0; // what was refused above says so on the console
});

test('Electron: a folder becomes a data set by the dialog or a drop, and by nothing that the page makes up', async ({
  launch,
}) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'convscope-drop-')), '宠物 🐾');
  for (const name of ['猫', '🐶']) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'a.png'), 'x');
  }
  const { page, electron } = await launch();

  const answerWith = (filePaths: string[]): Promise<void> =>
    electron!.evaluate(({ dialog }, paths) => {
      const answer = (): Promise<unknown> => Promise.resolve({ canceled: paths.length === 0, filePaths: paths });
      Object.assign(dialog, { showOpenDialog: answer });
    }, filePaths);
  await answerWith([]);
  expect(await page.evaluate(() => window.convscope!.folders!.choose())).toBeNull();
  await answerWith([folder]);
  const expected = { name: '宠物 🐾', kind: 'folder', path: folder, present: true };
  const chosen = await page.evaluate(() => window.convscope!.folders!.choose());
  expect(chosen).toMatchObject(expected);

  // A real drop, as the system hands it to the page.
  await page.evaluate(() => {
    document.addEventListener('dragover', (event) => event.preventDefault(), { capture: true });
    document.addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        const file = event.dataTransfer!.files[0];
        Object.assign(window, { dropped: window.convscope!.folders!.dropped(file).catch((error: Error) => error) });
      },
      { capture: true },
    );
  });
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await expect.poll(() => page.evaluate(() => 'dropped' in window)).toBe(true);
  const dropped = await page.evaluate(() => (window as unknown as { dropped: unknown }).dropped);
  expect(dropped).toEqual(chosen);

  const refusals = await page.evaluate(async (path) => {
    const { folders, call } = window.convscope!;
    const lying = new File(['x'], 'a.npz');
    Object.defineProperty(lying, 'path', { value: path });
    const attempts = [
      folders!.dropped(new File(['x'], '/etc/passwd')),
      folders!.dropped(lying),
      folders!.dropped({ path } as unknown as File),
      call('addData' as 'cancel', { path } as unknown as { job: string }),
    ];
    return Promise.all(
      attempts.map((attempt) => attempt.then(JSON.stringify, (error: { message: string }) => error.message)),
    );
  }, folder);
  expect(refusals).toEqual([
    ...new Array<unknown>(3).fill(expect.stringContaining('not in any folder')),
    "there is no method 'addData'",
  ]);
  rmSync(join(folder, '..'), { recursive: true });
});
