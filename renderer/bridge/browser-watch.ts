/** Recording, budgets, alerts and limits over REST. They live in the gateway, so a page in a browser may do all that the app may. */
import type { Answer } from '../../contract/errors.ts';
import { RecordingState } from '../../contract/gateway-api.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import { AlertsState, ThresholdsState } from '../../contract/thresholds.ts';
import { requestJson } from './rest.ts';

type WatchAsk = 'recordingState' | 'setRecording' | 'thresholds' | 'saveThresholds' | 'alerts' | 'snoozeAlerts';
type WatchHandlers = { readonly [K in WatchAsk & AskName]: (input: AskInput<K>) => Promise<Answer<AskOutput<K>>> };

export function watchHandlers(fetcher: typeof fetch): WatchHandlers {
  const recording = { path: '/api/recording', schema: RecordingState } as const;
  const thresholds = { path: '/api/thresholds', schema: ThresholdsState } as const;
  return {
    recordingState: () => requestJson(fetcher, recording),
    setRecording: (post) => requestJson(fetcher, { ...recording, method: 'PUT', post }),
    thresholds: () => requestJson(fetcher, thresholds),
    saveThresholds: (post) => requestJson(fetcher, { ...thresholds, method: 'PUT', post }),
    alerts: () => requestJson(fetcher, { path: '/api/alerts', schema: AlertsState }),
    snoozeAlerts: (post) => requestJson(fetcher, { path: '/api/alerts/snooze', schema: AlertsState, post }),
  };
}
