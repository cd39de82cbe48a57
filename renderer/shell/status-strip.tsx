import { CircleAlert, CircleCheck, CirclePause, CircleX, LoaderCircle, RotateCw, Unplug } from 'lucide-react';
import type { Realtime } from '../../contract/gateway-api.ts';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { IconButton } from '../components/button.tsx';
import { useNow } from '../components/use-now.ts';
import { formatCost } from '../format/cost.ts';
import { attentionOf } from '../format/health.ts';
import { formatExact, formatRate } from '../format/numbers.ts';
import { useGatewayControl } from './gateway-control.ts';
import { usePausedRecording } from './recording.ts';
import { useActions, useLive, useShell, useZone } from './services.tsx';
import { notRecordedWords, phaseWords, staleWords, todayLabel, todayNote, type StatusTone } from './status-words.ts';

const icons = { good: CircleCheck, warn: CircleAlert, bad: CircleX, busy: LoaderCircle } as const satisfies Record<
  StatusTone,
  unknown
>;

/** The instrument's foot: is it running, where, and how much passes through right now. */
export function StatusStrip() {
  const status = useShell((state) => state.status);
  if (status === null) return <footer className="strip" />;
  return (
    <footer className="strip" aria-label="Gateway status">
      <Phase status={status} />
      <PhaseDetail status={status} />
      {status.url === null ? null : (
        <span className="strip-item strip-url">
          <span className="mono" data-base-url>
            {status.url}
          </span>
          <CopyButton text={status.url} what="Base URL" />
        </span>
      )}
      <StaleNote status={status} />
      <span className="spacer" />
      <LiveFigures />
      <RestartButton />
    </footer>
  );
}

const notRecording = { label: 'Recording paused', tone: 'warn' } as const;

function Phase({ status }: { status: GatewayStatus }) {
  const paused = usePausedRecording() !== null;
  const { label, tone } = paused ? notRecording : phaseWords(status.phase);
  const Icon = paused ? CirclePause : icons[tone];
  return (
    <output className={`strip-item phase ${tone}`} title={status.detail} data-phase={status.phase}>
      <Icon size={13} strokeWidth={2.4} aria-hidden />
      <span>{label}</span>
    </output>
  );
}

/** Where a part of a running gateway needs attention, that part and its words; else the words about the gateway. */
function PhaseDetail({ status }: { status: GatewayStatus }) {
  const { go } = useActions();
  const health = useLive((state) => state.health);
  const attention = health === null || status.live !== 'connected' ? null : attentionOf(health);
  if (attention === null) {
    return phaseWords(status.phase).tone === 'good' ? null : (
      <span className="strip-item phase-detail">{status.detail}</span>
    );
  }
  const { part, detail, stored } = attention;
  const words = (
    <>
      {detail.startsWith(part) ? null : <strong>{part}</strong>} {detail}
    </>
  );
  if (!stored) return <span className="strip-item phase-detail">{words}</span>;
  return (
    <button type="button" className="strip-item phase-detail strip-link" title={detail} onClick={() => go('storage')}>
      {words}
    </button>
  );
}

function StaleNote({ status }: { status: GatewayStatus }) {
  const nowMs = useNow(status.live === 'connected' ? null : 500);
  const statusAtMs = useShell((state) => state.statusAtMs);
  const words = staleWords(status, statusAtMs, Math.max(nowMs, statusAtMs), useZone());
  if (words === null) return null;
  return (
    <span className="strip-item stale num">
      <Unplug size={13} aria-hidden />
      {words}
    </span>
  );
}

function LiveFigures() {
  const inFlight = useLive((state) => state.inFlight);
  const rate = useLive((state) => state.callsPerSecond);
  const today = useLive((state) => state.today);
  const zone = useZone();
  return (
    <>
      {today === null ? null : (
        <span className="strip-item strip-today" title={todayNote(today, zone) ?? undefined}>
          {todayLabel(today, zone)} <span className="num">{formatExact(today.calls)}</span> calls
          <NotRecorded today={today} />
          <span className="num" hidden={today.calls === 0}>
            {today.unpricedCalls > 0 && today.costUsd !== null ? 'at least ' : ''}
            {formatCost(today.costUsd)}
          </span>
        </span>
      )}
      <span className="strip-item">
        In flight <span className="num figure">{formatExact(inFlight)}</span>
      </span>
      <span className="strip-item">
        <span className="num figure">{formatRate(rate)}</span> calls/s
      </span>
    </>
  );
}

function NotRecorded({ today }: { readonly today: Pick<Realtime['today'], 'notRecorded'> }) {
  const words = notRecordedWords(today);
  return words === null ? null : <strong data-not-recorded>{words}</strong>;
}

function RestartButton() {
  const { canRestart, restart, busy } = useGatewayControl();
  if (!canRestart) return null;
  return (
    <IconButton label="Restart gateway" isDisabled={busy} onPress={() => restart()}>
      <RotateCw size={13} aria-hidden />
    </IconButton>
  );
}
