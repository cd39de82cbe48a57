import { Bell, BellOff, CircleCheck } from 'lucide-react';
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import type { Alert, AlertsState } from '../../../contract/thresholds.ts';
import { Button } from '../../components/button.tsx';
import { LiveRegion } from '../../components/live-region.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { useNow } from '../../components/use-now.ts';
import { useZone } from '../../shell/services.tsx';
import { AlertList } from './alert-list.tsx';
import { announcement, countWords, holds, snoozeChoices, snoozeWords } from './alert-words.ts';
import { useAlerts, useShowCalls, useSnooze } from './use-alerts.ts';

/** How many alerts hold, and a click away which. */
export function AlertBell() {
  const { data } = useAlerts();
  const nowMs = useNow(30_000);
  const tz = useZone();
  const holding = data?.alerts.filter(holds) ?? [];
  const snoozed = data === undefined ? null : snoozeWords(data, nowMs, tz);
  const tone = holding.some(({ level }) => level === 'critical') ? 'bad' : 'warn';
  const label = `${holding.length === 0 ? 'No alerts' : `${countWords(holding.length)} now`}${snoozed === null ? '' : `. ${snoozed}`}`;
  const Icon = snoozed === null ? Bell : BellOff;
  return (
    <>
      <DialogTrigger>
        <AriaButton className="icon-button alert-bell" aria-label={label} data-alert-bell={holding.length}>
          <Icon size={16} aria-hidden />
          {holding.length === 0 ? null : <span className={`alert-count ${tone}`}>{holding.length}</span>}
        </AriaButton>
        <Popover className="popover" placement="bottom end" offset={6}>
          <Dialog className="alert-dialog">{({ close }) => <Alerts onClose={close} />}</Dialog>
        </Popover>
      </DialogTrigger>
      <LiveRegion text={data === undefined ? '' : announcement(data)} />
    </>
  );
}

function Alerts({ onClose }: { onClose: () => void }) {
  const query = useAlerts();
  const showCalls = useShowCalls();
  const open = (alert: Alert): void => {
    onClose();
    showCalls(alert);
  };
  return (
    <>
      <header className="alert-dialog-head">
        <Heading slot="title">Alerts</Heading>
      </header>
      {query.data === undefined ? (
        <Unknown error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <Listed alerts={query.data.alerts} onOpen={open} />
          <SnoozeBar state={query.data} />
        </>
      )}
    </>
  );
}

function Unknown({ error, retry }: { error: Error | null; retry: () => void }) {
  return error === null ? <Skeleton /> : <PanelError error={error} where="Alerts" retry={retry} />;
}

interface ListedProps {
  readonly alerts: readonly Alert[];
  readonly onOpen: (alert: Alert) => void;
}

function Listed({ alerts, onOpen }: ListedProps) {
  if (alerts.length > 0) return <AlertList alerts={alerts} onOpen={onOpen} />;
  return (
    <div className="panel-empty">
      <CircleCheck size={18} className="good-text" aria-hidden />
      <p>No alerts</p>
    </div>
  );
}

/** Snoozing silences the notices of the desktop; what holds is still listed here. */
function SnoozeBar({ state }: { state: AlertsState }) {
  const nowMs = useNow(30_000);
  const tz = useZone();
  const { busy, snooze } = useSnooze();
  const snoozed = snoozeWords(state, nowMs, tz);
  return (
    <footer className="alert-snooze">
      {snoozed === null ? (
        <>
          <span className="fine">Snooze notices</span>
          <span className="spacer" />
          {snoozeChoices(nowMs, tz).map(({ label, minutes }) => (
            <Button key={label} size="small" isDisabled={busy} onPress={() => snooze(minutes)}>
              {label}
            </Button>
          ))}
        </>
      ) : (
        <>
          <span className="fine num">{snoozed}</span>
          <span className="spacer" />
          <Button size="small" isDisabled={busy} onPress={() => snooze(null)}>
            Resume
          </Button>
        </>
      )}
    </footer>
  );
}
