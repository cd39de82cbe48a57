import { createPriceBook, type PriceInput } from '../../gateway/pricing/price-book.ts';
import { usageRecord } from '../helpers/usage-records.ts';
import type { BenchContext } from './index.ts';
import { median, table } from './statistics.ts';

const cases: readonly (readonly [string, Partial<Parameters<typeof usageRecord>[0]>])[] = [
  ['plain', {}],
  ['cached, thoughts, long prompt', { inputTokens: 250_000, cachedInputTokens: 100_000, reasoningTokens: 5 }],
  [
    'by modality, with a search',
    {
      modalities: { input: { TEXT: 6, AUDIO: 4 } },
      units: { webSearches: 1 },
    },
  ],
  ['unknown model', { model: 'nobody-knows-1', modelRequested: 'nobody-knows-1' }],
];

/** Microseconds of CPU to price one call, the lists already read. */
export async function benchPricing(context: BenchContext): Promise<void> {
  context.print('\nPricing a call (budget: ≤ 25 µs, cached)');
  const book = createPriceBook({ log: { info() {}, warn() {} } });
  const rows = cases.map(([name, fields]) => {
    const facts = usageRecord(fields);
    const input: PriceInput = { provider: facts.provider, startedAt: new Date(), facts, isFinal: true };
    return [name, microsPerCall(() => book.price(input), context.quick ? 5 : 15).toFixed(2)];
  });
  book.stop();
  context.print(table(['call', 'µs'], rows));
}

function microsPerCall(price: () => unknown, rounds: number): number {
  const calls = 5_000;
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) price();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) times.push((user + system) / calls); // round 0 warms up
  }
  return median(times);
}
