/** What the window asks of the frame around it, Electron's window and menu; a browser has its own. */
import { boolean, numberFrom, object, oneOf, optional, type Infer } from '../core/schema';

/** How far everything can be made smaller and larger. */
export const SIZES = { least: 0.5, most: 3 } as const;

export const frameWishes = object({
  /** Of the menu. */
  language: optional(oneOf('en', 'zh')),
  /** The size of everything; 1 is as it is. A presentation is half as large again as the largest. */
  zoom: optional(numberFrom(SIZES.least, SIZES.most * 1.5)),
  /** Full screen and no menu; afterwards as it was before. */
  presenting: optional(boolean),
});
export type FrameWishes = Infer<typeof frameWishes>;

/** A key that an entry of the menu stands for: the window does what that key does. */
export interface MenuKey {
  key: string;
  ctrlKey?: boolean;
  altKey?: boolean;
  shiftKey?: boolean;
}
