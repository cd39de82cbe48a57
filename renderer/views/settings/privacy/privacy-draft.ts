/** The privacy settings as they are chosen. Pure. */
import type { GatewaySettings, UserIdPolicy } from '../../../../contract/app-settings.ts';

export interface PrivacyDraft {
  readonly userIds: UserIdPolicy;
  readonly streamUsage: boolean;
  readonly drainSeconds: string;
}

export const draftOf = ({ userIds, streamUsage, drainMs }: GatewaySettings): PrivacyDraft => ({
  userIds,
  streamUsage,
  drainSeconds: String(drainMs / 1000),
});

export const isSame = (a: PrivacyDraft, b: PrivacyDraft): boolean =>
  a.userIds === b.userIds && a.streamUsage === b.streamUsage && a.drainSeconds === b.drainSeconds;

/** Milliseconds; null for what is not accepted. */
export function drainMsOf({ drainSeconds }: PrivacyDraft): number | null {
  const text = drainSeconds.trim();
  if (!/^\d{1,2}(\.\d{1,3})?$/.test(text)) return null;
  const ms = Math.round(Number(text) * 1000);
  return ms <= 60_000 ? ms : null;
}

export const drainProblem = 'Accepted: 0 to 60 seconds';
