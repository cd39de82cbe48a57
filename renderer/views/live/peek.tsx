import { X } from 'lucide-react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { IconButton } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { formatClockMs, formatDay } from '../../format/time.ts';
import { modelOf } from '../../live/live-filter.ts';
import type { TailRow } from '../../live/tail.ts';
import { useActions, useShell, useZone } from '../../shell/services.tsx';
import { AttributionTab, RecordTab, SummaryTab } from './peek-tabs.tsx';
import { TimingTab } from './timing-tab.tsx';
import { usePeekedCall } from './use-peeked-call.ts';
import { rowElement } from '../../shell/row-shortcuts.ts';

/** The details of one call beside the list. Closing gives the focus back to its row. */
export function Peek({ rows }: { rows: readonly TailRow[] }) {
  const callId = useShell((state) => state.selectedCallId);
  const found = usePeekedCall(rows, callId);
  return (
    <aside className="panel peek" aria-label="Call details">
      {found.kind === 'row' ? <PeekHead row={found.row} /> : <CloseButton />}
      {found.kind === 'asking' ? <Skeleton /> : null}
      {found.kind === 'failed' ? <PanelError error={found.error} where="Call details" retry={found.retry} /> : null}
      {found.kind === 'missing' ? <p className="panel-empty">This call is not stored any more.</p> : null}
      {found.kind === 'row' && found.row.kind === 'ended' ? <PeekTabs record={found.row.call} /> : null}
      {found.kind === 'row' && found.row.kind === 'running' ? <StillRunning /> : null}
    </aside>
  );
}

function CloseButton() {
  const { peek } = useActions();
  const callId = useShell((state) => state.selectedCallId);
  const close = (): void => {
    peek(null);
    if (callId !== null) rowElement(callId)?.focus();
  };
  return (
    <IconButton label="Close details" shortcut="Esc" onPress={close}>
      <X size={16} aria-hidden />
    </IconButton>
  );
}

function PeekHead({ row }: { row: TailRow }) {
  const tz = useZone();
  const { call } = row;
  return (
    <header className="peek-head">
      <div className="row">
        <h2 className="ellipsis">{modelOf(row) ?? call.endpoint}</h2>
        <span className="spacer" />
        <CopyButton text={call.callId} what="Call id" />
        <CloseButton />
      </div>
      <div className="row muted">
        {row.kind === 'ended' ? (
          <OutcomeBadge outcome={row.call.outcome} statusCode={row.call.statusCode} />
        ) : (
          <OutcomeBadge outcome="running" />
        )}
        <span className="num">
          {formatDay(call.startedAt, tz)} {formatClockMs(call.startedAt, tz)}
        </span>
        <span>{call.upstream}</span>
      </div>
    </header>
  );
}

function StillRunning() {
  return <p className="panel-empty">This call is still running. Tokens, cost and timing appear when it ends.</p>;
}

function PeekTabs({ record }: { record: UsageRecord }) {
  return (
    <Tabs className="tabs">
      <TabList aria-label="Details">
        <Tab id="summary">Summary</Tab>
        <Tab id="timing">Timing</Tab>
        <Tab id="attribution">Attribution</Tab>
        <Tab id="record">Record</Tab>
      </TabList>
      <TabPanel id="summary">
        <SummaryTab record={record} />
      </TabPanel>
      <TabPanel id="timing">
        <TimingTab record={record} />
      </TabPanel>
      <TabPanel id="attribution">
        <AttributionTab record={record} />
      </TabPanel>
      <TabPanel id="record">
        <RecordTab record={record} />
      </TabPanel>
    </Tabs>
  );
}
