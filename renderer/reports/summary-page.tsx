/**
 * The page of the summary alone, without rail and header. It says on the root element how far it is: `data-summary` is `drawing`, then `ready`
 * or `failed`; the app prints when it is ready (main/reports/summary-window.ts).
 */
import { Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Bridge } from '../../contract/ipc.ts';
import { readSummaryHash } from '../../contract/summary-address.ts';
import { documentChartTheme } from '../charts/chart-theme.ts';
import { Button } from '../components/button.tsx';
import { drawSummaryCharts } from './summary-charts.ts';
import { loadSummary } from './summary-data.ts';
import { Summary, type SummaryProps } from './summary.tsx';
import { periodTitle } from './summary-words.ts';

export function isSummaryAddress(hash: string): boolean {
  return hash.startsWith('#/summary');
}

type Drawn = { readonly kind: 'ready'; readonly summary: SummaryProps } | { readonly kind: 'failed'; problem: string };

export function SummaryPage({ bridge, hash }: { bridge: Bridge; hash: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    draw(bridge, hash)
      .then((summary) => setDrawn({ kind: 'ready', summary }))
      .catch((error: unknown) => setDrawn({ kind: 'failed', problem: problemOf(error) }));
  }, [bridge, hash]);
  useEffect(() => void sayWhenDone(drawn, hash), [drawn, hash]);
  if (drawn === null) return <p className="paper paper-wait">Making the summary…</p>;
  if (drawn.kind === 'failed') return <p className="paper paper-wait">The summary was not made: {drawn.problem}</p>;
  return (
    <>
      <div className="paper-bar">
        <Button look="primary" onPress={() => window.print()}>
          <Printer size={14} aria-hidden />
          Print or save as PDF
        </Button>
      </div>
      <Summary {...drawn.summary} />
    </>
  );
}

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function draw(bridge: Bridge, hash: string): Promise<SummaryProps> {
  const root = document.documentElement;
  root.dataset['summary'] = 'drawing';
  root.dataset['theme'] = 'light'; // paper is white, whatever the screen is
  const address = readSummaryHash(hash);
  if (address === null) throw new Error('The address names no period.');
  // A canvas takes whatever font is there when it draws.
  const [data] = await Promise.all([
    loadSummary(bridge, address.query),
    document.fonts.load('12px "Inter Variable"'),
    document.fonts.load('600 12px "Inter Variable"'),
  ]);
  document.title = `AI usage summary, ${periodTitle(data.metrics.range)}`;
  return { data, charts: drawSummaryCharts(data, documentChartTheme()) };
}

async function sayWhenDone(drawn: Drawn | null, hash: string): Promise<void> {
  const { dataset } = document.documentElement;
  if (drawn === null) return;
  if (drawn.kind === 'failed') {
    dataset['summaryProblem'] = drawn.problem;
    dataset['summary'] = 'failed';
    return;
  }
  await Promise.all([...document.images].map((image) => image.decode()));
  await document.fonts.ready;
  dataset['summary'] = 'ready';
  if (readSummaryHash(hash)?.print === true) window.print();
}
