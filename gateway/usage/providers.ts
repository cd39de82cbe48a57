/** The provider adapters. Whoever adds a provider adds its line here; the compiler asks for it once the contract knows the name. */
import type { Provider } from '../../contract/usage-record.ts';
import type { ProviderAdapter } from './adapter.ts';
import { anthropicAdapter } from './anthropic/anthropic-adapter.ts';
import { googleAdapter } from './google/google-adapter.ts';
import { openaiAdapter } from './openai/openai-adapter.ts';
import { otherAdapter } from './other/other-adapter.ts';

export const adapters: Readonly<Record<Provider, ProviderAdapter>> = {
  google: googleAdapter,
  openai: openaiAdapter,
  anthropic: anthropicAdapter,
  other: otherAdapter,
};
