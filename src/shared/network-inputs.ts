/** The name by which the network for photos is asked for (`photoNetwork` in the core). */
export const PHOTO_NETWORK = 'photo-cnn';
/** The pretrained network that comes along as a body for heads on photos. */
export const PHOTO_BODY = 'efficientnet-lite0';

/** The sides, in pixels, at which any network can be asked for. */
export const SIDES = [28, 32, 64, 96, 128, 224] as const;
export type Side = (typeof SIDES)[number];
