/** sharp as this project uses it: the right build, only the formats that are opened, nothing kept between pictures. */
import { loadSharp } from '../runtime/sharp-in-electron';

const sharp = loadSharp();

// libvips can read far more (PDF, JPEG 2000, its own .v, ImageMagick's …), through code that is not needed here.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadSvgBuffer',
  ],
});
sharp.cache(false);

export default sharp;
