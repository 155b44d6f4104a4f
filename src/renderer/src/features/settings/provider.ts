import type { ComputedBy } from '../../../../shared/inspect';
import { PROVIDER_TITLES } from '../../../../shared/settings';

/** Who computed, by the name that its makers gave it. */
export const providerText = (provider: ComputedBy['provider']): string =>
  provider === 'core' ? 'Convscope' : PROVIDER_TITLES[provider];
