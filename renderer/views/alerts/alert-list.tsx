import type { Alert } from '../../../contract/thresholds.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatDateTime } from '../../format/time.ts';
import { useZone } from '../../shell/services.tsx';
import { alertLook, holds, sinceWords } from './alert-words.ts';

export interface AlertListProps {
  readonly alerts: readonly Alert[];
  readonly onOpen: (alert: Alert) => void;
}

/** Newest first, as the gateway orders them. Each opens the calls it speaks of. */
export function AlertList({ alerts, onOpen }: AlertListProps) {
  const nowMs = useNow(10_000);
  return (
    <ul className="alert-list" aria-label="Alerts, newest first">
      {alerts.map((alert) => (
        <AlertItem key={alert.id} alert={alert} nowMs={nowMs} onOpen={onOpen} />
      ))}
    </ul>
  );
}

interface AlertItemProps {
  readonly alert: Alert;
  readonly nowMs: number;
  readonly onOpen: (alert: Alert) => void;
}

function AlertItem({ alert, nowMs, onOpen }: AlertItemProps) {
  const tz = useZone();
  return (
    <li data-alert={alert.id} data-holds={holds(alert)}>
      <button type="button" onClick={() => onOpen(alert)} title="Show these calls in Requests">
        <span className="alert-head">
          <StateBadge look={alertLook(alert)} />
          <time className="fine num" dateTime={alert.at} title={formatDateTime(alert.at, tz)}>
            {sinceWords(alert, nowMs)}
          </time>
        </span>
        <strong>{alert.title}</strong>
        <span className="muted num">{alert.text}</span>
      </button>
    </li>
  );
}
