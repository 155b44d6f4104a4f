import { BrowserWindow, dialog, Menu, type MenuItemConstructorOptions } from 'electron';
import { basename } from 'node:path';
import { readWholeFile } from '../engine/system/files';
import { toFailure } from '../shared/failures';
import type { MenuKey } from '../shared/frame';
import { FILE_MIB } from '../shared/upload-limits';
import { say, sentence, type Language, type Message } from '../words';

type Item = MenuItemConstructorOptions;
const mac = process.platform === 'darwin';
const line: Item = { type: 'separator' };

/** The application menu in a language. Its own entries do what the keys beside them do: the window gets the key. */
export function showMenu(language: Language): void {
  const label = (message: Message): string => sentence(message, language);
  const menu = (message: Message, items: (Item | Item[])[]): Item => ({ label: label(message), submenu: items.flat() });
  const role = (role: Item['role'], message: Message, accelerator?: string): Item => ({
    role,
    label: label(message),
    ...(accelerator && { accelerator }),
  });
  /** The accelerator is shown; the window's own handling of the key comes first, and letters are its alone. */
  const press = (message: Message, accelerator: string, key: MenuKey): Item => {
    const letter = !accelerator.includes('+') || accelerator.startsWith('Shift+');
    return {
      label: label(message),
      ...(!(letter && mac) && { accelerator }),
      registerAccelerator: !letter,
      click: (_item, window) => contentsOf(window)?.send('event', 'press', key),
    };
  };
  const template: Item[] = [
    ...(mac
      ? [
          {
            label: 'Convscope',
            submenu: [
              role('about', say('menu.about')),
              line,
              role('hide', say('menu.hide')),
              role('hideOthers', say('menu.hide-others')),
              line,
              role('quit', say('menu.quit')),
            ],
          },
        ]
      : []),
    menu(say('menu.file'), [
      { label: label(say('menu.open')), accelerator: 'CmdOrCtrl+O', click: (_item, window) => void openFiles(window) },
      press(say('menu.save'), 'CmdOrCtrl+S', { key: 's', ctrlKey: true }),
      line,
      press(say('menu.link'), 'Y', { key: 'y' }),
      press(say('menu.command-line'), 'Shift+Y', { key: 'Y', shiftKey: true }),
      press(say('menu.bookmarks'), 'B', { key: 'b' }),
      press(say('menu.settings'), 'CmdOrCtrl+,', { key: ',', ctrlKey: true }),
      line,
      mac ? role('close', say('menu.close')) : role('quit', say('menu.quit'), 'CmdOrCtrl+Q'),
    ]),
    menu(say('menu.edit'), [
      role('undo', say('menu.undo')),
      role('redo', say('menu.redo')),
      line,
      role('cut', say('menu.cut')),
      role('copy', say('menu.copy')),
      role('paste', say('menu.paste')),
      role('selectAll', say('menu.select-all')),
    ]),
    menu(say('menu.view'), [
      press(say('menu.back'), mac ? 'Cmd+[' : 'Alt+Left', { key: 'ArrowLeft', altKey: true }),
      press(say('menu.forward'), mac ? 'Cmd+]' : 'Alt+Right', { key: 'ArrowRight', altKey: true }),
      line,
      press(say('menu.larger'), 'CmdOrCtrl+Plus', { key: '+', ctrlKey: true }),
      press(say('menu.smaller'), 'CmdOrCtrl+-', { key: '-', ctrlKey: true }),
      press(say('menu.actual'), 'CmdOrCtrl+0', { key: '0', ctrlKey: true }),
      line,
      press(say('menu.theme'), 'T', { key: 't' }),
      press(say('menu.present'), 'F', { key: 'f' }),
      role('togglefullscreen', say('menu.full-screen')),
    ]),
    menu(say('menu.window'), [
      role('minimize', say('menu.minimize')),
      ...(mac
        ? [role('zoom', say('menu.zoom')), line, role('front', say('menu.front'))]
        : [role('close', say('menu.close'))]),
    ]),
    menu(say('menu.help'), [
      press(say('menu.keys'), '?', { key: '?' }),
      ...(mac ? [] : [line, role('about', say('menu.about'))]),
    ]),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** The kinds of window that Electron's types know differ between its versions: ours are all of one. */
const contentsOf = (window: unknown): Electron.WebContents | null =>
  (window as BrowserWindow | undefined)?.webContents ?? BrowserWindow.getAllWindows()[0]?.webContents ?? null;

/** Files that the user chooses; the window gets name and content, as of a drop. */
async function openFiles(window: unknown): Promise<void> {
  const contents = contentsOf(window);
  const parent = contents && BrowserWindow.fromWebContents(contents);
  if (!contents || !parent) return;
  const { canceled, filePaths } = await dialog.showOpenDialog(parent, { properties: ['openFile', 'multiSelections'] });
  if (canceled || filePaths.length === 0) return;
  try {
    const files = await Promise.all(
      filePaths.map(async (path) => ({ name: basename(path), bytes: await readWholeFile(path, FILE_MIB * 2 ** 20) })),
    );
    contents.send('event', 'files', { files });
  } catch (error) {
    contents.send('event', 'notice', { failure: toFailure(error) });
  }
}
