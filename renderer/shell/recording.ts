/** Whether calls are recorded, as the shell shows and changes it. The words are pure. */
import type { RecordingState } from '../../contract/gateway-api.ts';
import { formatExact } from '../format/numbers.ts';
import { formatMinute } from '../format/time.ts';
import { withRecording } from '../live/live-state.ts';
import { useLive, useServices, useShell, type Services } from './services.tsx';

/** The pause that is on; null while calls are recorded, and while no gateway runs that could tell. */
export function usePausedRecording(): RecordingState | null {
  const recording = useLive((state) => state.health?.recording ?? null);
  const phase = useShell((state) => state.status?.phase);
  const told = phase === 'running' || phase === 'degraded';
  return told && recording?.paused === true ? recording : null;
}

export function useRecordingSwitch(): (paused: boolean) => void {
  const services = useServices();
  return (paused) => void setRecording(services, paused);
}

/** 'Recording paused since 14:02 · 37 calls passed unrecorded' */
export function pausedWords({ since, passedCalls }: RecordingState, tz: string): string {
  const begun = since === null ? '' : ` since ${formatMinute(since, tz)}`;
  return `Recording paused${begun} · ${formatExact(passedCalls)} ${passedCalls === 1 ? 'call' : 'calls'} passed unrecorded`;
}

type Parts = Pick<Services, 'bridge' | 'live' | 'actions'>;

/** The answer is shown at once; the gateway's next health frame says the same. */
export async function setRecording({ bridge, live, actions }: Parts, paused: boolean): Promise<void> {
  const answer = await bridge.ask('setRecording', { paused });
  if (!answer.ok) {
    actions.notify('bad', `Recording was not ${paused ? 'paused' : 'resumed'}: ${answer.message}`);
    return;
  }
  live.setState((state) => withRecording(state, answer.value));
  actions.notify('good', paused ? 'Recording paused; calls go on passing' : 'Recording resumed');
}

export function toggleRecording(parts: Parts): Promise<void> {
  return setRecording(parts, parts.live.getState().health?.recording.paused !== true);
}
