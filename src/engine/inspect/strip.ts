import type { Inspection, Picture } from '../../shared/protocol';

type Pictures = Pick<Inspection['strip'], 'original' | 'oriented' | 'fitted'>;

/**
 * Pictures of the strip that are alike (a file that needed no turning, one that already fitted) share their pixels, which
 * then cross to the window once.
 */
export function shareAlike({ original, oriented, fitted }: Pictures): Pictures {
  const turned = sharing(oriented, original);
  return { original, oriented: turned, fitted: sharing(fitted, turned) };
}

const sharing = (picture: Picture, like: Picture): Picture =>
  picture.width === like.width && picture.height === like.height && bytes(picture).equals(bytes(like))
    ? { ...picture, rgba: like.rgba }
    : picture;

const bytes = ({ rgba }: Picture): Buffer => Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength);
