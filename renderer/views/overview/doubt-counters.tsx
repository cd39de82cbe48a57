import { useState } from 'react';
import { Button } from 'react-aria-components';
import { formatCount } from '../../format/numbers.ts';
import { DoubtSheet } from './doubt-sheet.tsx';
import { doubtCounts, doubts, type Doubt } from './doubtful.ts';
import type { OverviewAnswers } from './use-overview.ts';

/** Three counters, each a way to its calls. They stay when all are 0: that every number is sound is news too. */
export function DoubtCounters({ metrics, unmetered }: Pick<OverviewAnswers, 'metrics' | 'unmetered'>) {
  const [open, setOpen] = useState<Doubt | null>(null);
  if (metrics.data === undefined) return null;
  const counts = doubtCounts(metrics.data.totals, unmetered.data?.unmetered ?? []);
  return (
    <section className="doubts" aria-label="Numbers that are missing or doubtful">
      {doubts.map(({ reason, label }) => (
        <Button key={reason} className={counts[reason] > 0 ? 'doubt some' : 'doubt'} onPress={() => setOpen(reason)}>
          <span>{label}</span> <span className="num">{formatCount(counts[reason])}</span>
        </Button>
      ))}
      {open === null ? null : (
        <DoubtSheet query={unmetered} reason={open} counts={counts} onReason={setOpen} onClose={() => setOpen(null)} />
      )}
    </section>
  );
}
