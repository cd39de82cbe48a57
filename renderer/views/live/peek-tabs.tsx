import type { UsageRecord } from '../../../contract/usage-record.ts';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { dash, formatBytes } from '../../format/numbers.ts';
import { formatDuration } from '../../format/duration.ts';
import { tokenFacts, usageSourceWords, type Fact } from './call-facts.ts';
import { CostSection } from './cost-section.tsx';
import { useShell } from '../../shell/services.tsx';
import { attemptFacts, unitFacts } from './cost-words.ts';
import { curlCommand } from './curl-command.ts';
import { FactLine } from './fact-line.tsx';

export function SummaryTab({ record }: { record: UsageRecord }) {
  const units = unitFacts(record);
  return (
    <>
      <CostSection record={record} />
      <section className="facts">
        <h3>Tokens</h3>
        <Facts facts={tokenFacts(record)} />
        <p className={record.usageMismatch ? 'fine warn-text' : 'fine'}>Source: {usageSourceWords(record)}</p>
      </section>
      {units.length === 0 ? null : (
        <section className="facts">
          <h3>Besides tokens</h3>
          <Facts facts={units} />
        </section>
      )}
      <section className="facts">
        <h3>Call</h3>
        <FactLine name="Duration">{formatDuration(record.durationMs)}</FactLine>
        <FactLine name="First token">{formatDuration(record.ttftMs)}</FactLine>
        <FactLine name="Finish reason">{record.finishReason ?? dash}</FactLine>
        <Facts facts={attemptFacts(record)} />
        {record.errorCode === null ? null : <FactLine name="Provider’s error">{record.errorCode}</FactLine>}
        <FactLine name="Sent / received">
          {formatBytes(record.requestBytes)} / {formatBytes(record.responseBytes)}
        </FactLine>
      </section>
      <NotCaptured />
    </>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }) {
  return facts.map(({ name, value, part }) => (
    <FactLine key={name} name={name} part={part === true}>
      {value}
    </FactLine>
  ));
}

/** Where a person would look for prompts and answers: they are nowhere, and that is said. */
function NotCaptured() {
  return (
    <p className="not-captured">
      Prompts and answers are not captured. Only numbers and names of a call are kept, so nothing private is stored.
    </p>
  );
}

export function AttributionTab({ record }: { record: UsageRecord }) {
  const tags = Object.entries(record.tags);
  return (
    <section className="facts">
      <FactLine name="User">{record.userId ?? dash}</FactLine>
      <FactLine name="Session">{record.sessionId ?? dash}</FactLine>
      <FactLine name="Key">{record.keyId ?? dash}</FactLine>
      <FactLine name="Client">{record.client ?? dash}</FactLine>
      <FactLine name="Upstream">{record.upstream}</FactLine>
      <FactLine name="Endpoint">
        {record.method} {record.endpoint}
      </FactLine>
      <FactLine name="Model asked for">{record.modelRequested ?? dash}</FactLine>
      <FactLine name="Model served">{record.model ?? dash}</FactLine>
      <FactLine name="Service tier">{record.serviceTier ?? dash}</FactLine>
      {tags.map(([name, value]) => (
        <FactLine key={name} name={`Tag ${name}`}>
          {value}
        </FactLine>
      ))}
      <p className="fine">
        Set user, session and tags with the headers x-aism-user, x-aism-session and x-aism-tag-NAME.
      </p>
    </section>
  );
}

export function RecordTab({ record }: { record: UsageRecord }) {
  const json = JSON.stringify(record, null, 2);
  return (
    <>
      <AsCurl record={record} />
      <div className="snippet">
        <pre {...scrollable}>
          <code>{json}</code>
        </pre>
        <div className="snippet-copy">
          <CopyButton text={json} what="Record" withLabel />
        </div>
      </div>
    </>
  );
}

/** To make the call again: its body is not kept, so a person has to have it. */
function AsCurl({ record }: { record: UsageRecord }) {
  const url = useShell((state) => state.status?.url ?? null);
  if (url === null) return null;
  return (
    <section className="facts">
      <h3>Make it again</h3>
      <CodeSnippet code={curlCommand(record, url)} what="curl command" />
      <p className="fine">The body is not kept: put it into request.json.</p>
    </section>
  );
}
