/** Port, address and certificate as they are typed, and what is wrong with them. Pure. */
import { GatewaySettings } from '../../../../contract/app-settings.ts';
import { isLoopback } from '../../../../contract/upstreams.ts';

export interface GatewayDraft {
  readonly port: string;
  readonly host: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
}
export type GatewayField = keyof GatewayDraft;

export const draftOf = ({ port, host, tlsCert, tlsKey }: GatewaySettings): GatewayDraft => ({
  port: String(port),
  host,
  tlsCert: tlsCert ?? '',
  tlsKey: tlsKey ?? '',
});

export interface CheckedGateway {
  /** What may be saved; null while something is wrong. */
  readonly settings: GatewaySettings | null;
  readonly problems: ReadonlyMap<GatewayField, string>;
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** @param before what the form does not show, as it is */
export function checkDraft(draft: GatewayDraft, before: GatewaySettings): CheckedGateway {
  const host = draft.host.trim();
  const [tlsCert, tlsKey] = [orNull(draft.tlsCert), orNull(draft.tlsKey)];
  const problems = new Map<GatewayField, string>();
  const port = /^\d{1,5}$/.test(draft.port.trim()) ? Number(draft.port) : 0;
  if (port < 1 || port > 65_535) problems.set('port', 'Accepted: a whole number from 1 to 65535');
  if (host === '' || /\s/.test(host)) problems.set('host', 'Accepted: an IP address or a host name of this computer');
  if (host !== '' && !isLoopback(host) && tlsCert === null) {
    problems.set('tlsCert', 'Other computers can reach this address: name the certificate to use');
  }
  if (tlsCert !== null && tlsKey === null) problems.set('tlsKey', 'Name the key of this certificate');
  if (tlsCert === null && tlsKey !== null) problems.set('tlsCert', 'Name the certificate of this key');
  const parsed = GatewaySettings.safeParse({ ...before, port, host, tlsCert, tlsKey });
  return { settings: parsed.success && problems.size === 0 ? parsed.data : null, problems };
}

export const isSame = (a: GatewayDraft, b: GatewayDraft): boolean =>
  a.port === b.port && a.host === b.host && a.tlsCert === b.tlsCert && a.tlsKey === b.tlsKey;
