import type { Provider } from '../../contract/usage-record.ts';

/** What a call without a price needs one for: the price form opens with it filled in. */
export interface NewPrice {
  readonly provider: Provider;
  readonly model: string | null;
}
