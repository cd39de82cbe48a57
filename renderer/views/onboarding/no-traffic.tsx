import { Activity, CalendarRange, FlaskConical } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useAsk, useQuestion } from '../../query/use-question.ts';
import { useActions, useShell, useZone } from '../../shell/services.tsx';
import { languages, sdkBaseUrl, sdks, snippet, type Language, type Sdk } from './snippets.ts';
import { useSample } from './use-sample.ts';

/** The period holds no calls: either there never were any (how to begin), or others do (how to find them) and the screen stays. */
export function NoTraffic({ children }: { children: ReactNode }) {
  const ever = useQuestion('tiles', 'metrics', { range: '90d', tz: useZone() });
  if (ever.data === undefined) return <div className="empty-screen" aria-busy="true" />;
  return ever.data.totals.calls === 0 ? <FirstSteps /> : children;
}

/** Beside panels that are all empty: where the calls are. */
export function QuietNote() {
  return <EmptyPeriod>No calls in this period; there are some in the last 90 days.</EmptyPeriod>;
}

/** The same about the fleet. Whether there are older calls is not asked: the question would cost. */
export function QuietFleetNote() {
  return <EmptyPeriod>No gateway has delivered a call of this period to Snowflake.</EmptyPeriod>;
}

function EmptyPeriod({ children }: { children: string }) {
  const { choosePeriod } = useActions();
  return (
    <aside className="sample-note">
      <CalendarRange size={14} aria-hidden />
      <span>{children}</span>
      <span className="spacer" />
      <Button size="small" onPress={() => choosePeriod({ kind: 'preset', preset: '90d' })}>
        Show the last 90 days
      </Button>
    </aside>
  );
}

export function FirstSteps() {
  const sample = useSample();
  const running = sample.state?.running === true;
  return (
    <div className="empty-screen first-steps">
      <Activity size={28} aria-hidden />
      <h2>Waiting for the first request</h2>
      <p>
        Point an SDK at the gateway: the base URL is the only thing that changes. Your key and your data pass straight
        through.
      </p>
      <SnippetChooser />
      <div className="or">or look around first</div>
      <Button isDisabled={sample.busy || running} onPress={() => sample.act('start')}>
        <FlaskConical size={14} aria-hidden />
        {running ? 'Sample traffic is on its way…' : 'Start sample traffic'}
      </Button>
      <p className="fine">
        Sample rows are labelled and can be removed with one click. No key is needed and nothing leaves this machine.
      </p>
    </div>
  );
}

function SnippetChooser() {
  const [sdk, setSdk] = useState<Sdk>('gemini');
  const [language, setLanguage] = useState<Language>('js');
  const about = useAsk('about', undefined);
  const statusUrl = useShell((state) => state.status?.url ?? null);
  const gatewayUrl = about.data?.url ?? statusUrl;
  if (gatewayUrl === null) return <p className="muted">The gateway is starting; its address will be shown here.</p>;
  const baseUrl = sdkBaseUrl(sdk, gatewayUrl, about.data?.upstreams ?? []);
  const { code } = snippet(sdk, language, baseUrl);
  return (
    <div className="snippet-chooser">
      <div className="row">
        <Segmented label="SDK" value={sdk} options={sdks} onChange={setSdk} />
        <span className="spacer" />
        <Segmented label="Language" value={language} options={languages} onChange={setLanguage} />
      </div>
      <CodeSnippet code={code} what="Snippet" highlight={baseUrl} />
    </div>
  );
}
