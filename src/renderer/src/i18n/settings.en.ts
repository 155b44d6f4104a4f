/** The settings of the app. */
export const settingsEn = {
  'settings.title': 'Settings',
  'settings.foreign': 'Networks that onnxruntime computes',
  'settings.provider': 'Computed by',
  'settings.library': '{provider} (needs its library)',
  'settings.provider.help':
    'What another provider computes is compared with the CPU, node by node, before it is shown. Where it differs, or is not there, the CPU computes.',
  'settings.computed': 'The network that is open was computed by: {provider}.',
  'settings.memory': 'Memory for a network',
  'settings.memory.help': 'A network that takes more is stopped. Empty: half of the memory here, at most 4,096 MiB.',
  'settings.memory.range': 'A number from {least} to {most}, or nothing.',
  'settings.memory.forced': 'The environment variable CONVSCOPE_MEMORY sets {size} MiB.',
  'settings.set': 'Set',
} as const;
