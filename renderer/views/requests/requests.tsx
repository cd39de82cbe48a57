import { GuardedPart } from '../../components/fault.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { useShell } from '../../shell/services.tsx';
import { Peek } from '../live/peek.tsx';
import { SampleNote } from '../onboarding/sample-note.tsx';
import { NoRequests } from './no-requests.tsx';
import { RequestBar } from './request-bar.tsx';
import { RequestTable } from './request-table.tsx';
import { useRequests, type RequestList } from './use-requests.ts';

/** The history of calls: search, filters, columns; one call's details beside the list. */
export function Requests() {
  const list = useRequests();
  const peeking = useShell((state) => state.peeking);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  return (
    <div className="live requests" data-stale={stale} data-peeking={peeking}>
      <SampleNote />
      <RequestBar list={list} />
      <div className="live-body" data-peeking={peeking}>
        <Body list={list} />
        <GuardedPart resetKey={peeking}>{peeking ? <Peek rows={list.rows} /> : null}</GuardedPart>
      </div>
    </div>
  );
}

function Body({ list }: { list: RequestList }) {
  // Another list begins at its beginning.
  if (list.face === 'rows') return <RequestTable key={list.rows[0]?.call.callId} list={list} />;
  if (list.face === 'empty') return <NoRequests />;
  return (
    <section className="panel tail" aria-label="Requests" data-face={list.face}>
      {list.face === 'failed' && list.error !== null ? (
        <PanelError error={list.error} where="Requests" retry={list.refresh} />
      ) : (
        <Skeleton />
      )}
    </section>
  );
}
