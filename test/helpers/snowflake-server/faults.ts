/** Faults that a test can put into a request, and a seeded policy that makes them at random. */
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';

export type Fault =
  /** The connection breaks before anything happens. */
  | { readonly kind: 'dropBefore' }
  /** Everything happens, then the connection breaks instead of the answer. */
  | { readonly kind: 'dropAfter' }
  /** An HTTP status without Snowflake's JSON, from a proxy in front, say; `executed` = after everything happened. */
  | { readonly kind: 'status'; readonly status: number; readonly executed?: boolean; readonly body?: string }
  /** The connection stays open and nothing is ever said on it; nothing happens. */
  | { readonly kind: 'blackHole' }
  /** A statement takes so much longer (it can be cancelled meanwhile); any other answer comes so much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The session token has expired: 390112, and the master token renews it. */
  | { readonly kind: 'expireSession' }
  /** Both tokens have expired: 390112, then 390114. */
  | { readonly kind: 'expireMaster' }
  /** The session is gone, its open transaction rolled back: 390111. */
  | { readonly kind: 'loseSession' }
  /** A session error out of nowhere; 401 as status is what some gateways of Snowflake send. */
  | {
      readonly kind: 'sessionError';
      readonly code: '390104' | '390111' | '390112' | '390114';
      readonly status?: 200 | 401;
    }
  /** A refused statement, without running it. */
  | { readonly kind: 'refuse'; readonly code: string; readonly sqlState: string; readonly message: string }
  /** 200, says JSON, is a web page. */
  | { readonly kind: 'wrongJson'; readonly contentType?: string };

export const requestKinds = [
  'login',
  'renew',
  'query',
  'result',
  'chunk',
  'abort',
  'monitoring',
  'heartbeat',
  'logout',
  'telemetry',
  'oauth',
  'sso',
] as const;
export type RequestKind = (typeof requestKinds)[number];

export interface FaultRequest {
  readonly kind: RequestKind;
  /** First word of the statement in upper case: CALL, BEGIN, INSERT …; null for other requests. */
  readonly statement: string | null;
  readonly sqlText: string | null;
  /** How often this request id has come, from 1. */
  readonly attempt: number;
  readonly requestId: string | null;
  readonly sessionId: number | null;
}

export type FaultPolicy = (request: FaultRequest) => Fault | null;

export interface FaultRates {
  readonly dropBefore?: number;
  readonly dropAfter?: number;
  readonly unavailable?: number;
  readonly throttled?: number;
  readonly loseSession?: number;
  readonly expireSession?: number;
  readonly wrongJson?: number;
  readonly delay?: number;
  readonly delayMs?: number;
}

/** Rates of the delivery experiment in our notes: 7 % lost requests, 10 % lost answers, 5 % refusals, and sessions that go. */
export const usualRates: FaultRates = {
  dropBefore: 0.07,
  dropAfter: 0.1,
  unavailable: 0.05,
  loseSession: 0.02,
  expireSession: 0.02,
};

/** The same seed and the same requests give the same faults. Only the kinds named in `kinds` are touched. */
export function randomFaults(
  seed: number,
  rates: FaultRates = usualRates,
  kinds: readonly RequestKind[] = ['query', 'result', 'logout', 'login', 'renew'],
): FaultPolicy {
  const random = seededRandom(seed);
  const table: readonly (readonly [number, Fault])[] = [
    [rates.dropBefore ?? 0, { kind: 'dropBefore' }],
    [rates.dropAfter ?? 0, { kind: 'dropAfter' }],
    [rates.unavailable ?? 0, { kind: 'status', status: 503 }],
    [rates.throttled ?? 0, { kind: 'status', status: 429 }],
    [rates.loseSession ?? 0, { kind: 'loseSession' }],
    [rates.expireSession ?? 0, { kind: 'expireSession' }],
    [rates.wrongJson ?? 0, { kind: 'wrongJson' }],
    [rates.delay ?? 0, { kind: 'delay', ms: rates.delayMs ?? 200 }],
  ];
  return (request) => {
    if (!kinds.includes(request.kind)) return null;
    let left = random();
    for (const [rate, fault] of table) {
      if (left < rate) return fault;
      left -= rate;
    }
    return null;
  };
}
