import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { skewWords, testWords } from './step-list.ts';
import { StepsList } from './steps-list.tsx';
import type { ConnectionTest } from './use-connection-test.ts';

/** The steps of a connection test: what will be checked, how far it is, and what came out. Comes into view when a test begins. */
export function TestPanel({ test, idle }: { test: ConnectionTest; idle: string }) {
  const box = useRef<HTMLElement>(null);
  const running = test.phase === 'running';
  useEffect(() => {
    if (running) box.current?.scrollIntoView({ block: 'nearest' });
  }, [running]);
  return (
    <section className="panel test-panel" aria-label="Connection test" aria-busy={running} ref={box}>
      <header className="panel-head">
        <h2>Connection test</h2>
      </header>
      {running ? <div className="progress" role="presentation" /> : null}
      <TestResult test={test} idle={idle} />
      {test.phase === 'failed' ? null : <StepsList steps={test.steps} />}
    </section>
  );
}

function TestResult({ test, idle }: { test: ConnectionTest; idle: string }) {
  const skew = skewWords(test.clockSkewMs);
  const { text, tone } = resultOf(test, idle);
  return (
    <>
      <output className={`test-result ${tone}`} aria-live="polite">
        {text}
      </output>
      {skew === null ? null : (
        <p className="callout warn">
          <TriangleAlert size={14} aria-hidden />
          <span>{skew}</span>
        </p>
      )}
    </>
  );
}

function resultOf({ phase, steps, error }: ConnectionTest, idle: string): { text: string; tone: string } {
  if (phase === 'running') return { text: 'Testing…', tone: 'neutral' };
  if (phase === 'failed') return { text: error?.message ?? 'The test could not be done', tone: 'bad' };
  return phase === 'done' ? testWords(steps) : { text: idle, tone: 'neutral' };
}
