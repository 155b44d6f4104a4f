/** The setup half of the Train screen: data, network, settings, start. */
export const setupEn = {
  'setup.title': 'A new run',
} as const;
