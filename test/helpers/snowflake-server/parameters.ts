/** Session parameters: Snowflake's defaults, and the ones that every answer carries for the driver's formatting. */
export type ParameterValue = string | number | boolean;

export const defaultParameters: Readonly<Record<string, ParameterValue>> = {
  ABORT_DETACHED_QUERY: false,
  AUTOCOMMIT: true,
  BINARY_INPUT_FORMAT: 'HEX',
  BINARY_OUTPUT_FORMAT: 'HEX',
  CLIENT_REQUEST_MFA_TOKEN: false,
  CLIENT_SESSION_KEEP_ALIVE: false,
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: 3600,
  CLIENT_STAGE_ARRAY_BINDING_THRESHOLD: 65_280,
  CLIENT_STORE_TEMPORARY_CREDENTIAL: false,
  CLIENT_TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_LTZ',
  CLIENT_VALIDATE_DEFAULT_PARAMETERS: false,
  DATE_INPUT_FORMAT: 'AUTO',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  ERROR_ON_NONDETERMINISTIC_MERGE: true,
  ERROR_ON_NONDETERMINISTIC_UPDATE: false,
  GCS_USE_DOWNSCOPED_CREDENTIAL: true,
  JSON_INDENT: 2,
  JS_TREAT_INTEGER_AS_BIGINT: false,
  LOCK_TIMEOUT: 43_200,
  MULTI_STATEMENT_COUNT: 1,
  QUERY_CONTEXT_CACHE_SIZE: 5,
  QUERY_TAG: '',
  QUOTED_IDENTIFIERS_IGNORE_CASE: false,
  ROWS_PER_RESULTSET: 0,
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: 0,
  STATEMENT_TIMEOUT_IN_SECONDS: 172_800,
  STRICT_JSON_OUTPUT: false,
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: '',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ',
  TIMESTAMP_TZ_OUTPUT_FORMAT: '',
  TIMEZONE: 'America/Los_Angeles',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS',
  TRANSACTION_ABORT_ON_ERROR: false,
  TRANSACTION_DEFAULT_ISOLATION_LEVEL: 'READ COMMITTED',
  USE_CACHED_RESULT: true,
  WEEK_START: 0,
};

const isKnown = (name: string): boolean => Object.hasOwn(defaultParameters, name);

/** Parameters of a session, and for one statement the ones sent with it on top. */
export class Parameters {
  readonly #values = new Map<string, ParameterValue>();
  readonly #beneath: Parameters | null;

  constructor(beneath: Parameters | null = null) {
    this.#beneath = beneath;
  }

  /** False when there is no such parameter. */
  set(name: string, value: ParameterValue): boolean {
    const known = name.toUpperCase();
    if (!isKnown(known)) return false;
    this.#values.set(known, alike(defaultParameters[known], value));
    return true;
  }

  get(name: string): ParameterValue {
    return this.#values.get(name) ?? this.#beneath?.get(name) ?? defaultParameters[name] ?? '';
  }
  number(name: string): number {
    return Number(this.get(name));
  }
  flag(name: string): boolean {
    return this.get(name) === true;
  }
  text(name: string): string {
    return String(this.get(name));
  }

  /** As answers carry them. */
  list(): readonly { readonly name: string; readonly value: ParameterValue }[] {
    return Object.keys(defaultParameters).map((name) => ({ name, value: this.get(name) }));
  }
}

/** In the type of the default: `'TRUE'` for a flag is true. */
function alike(standard: ParameterValue | undefined, value: ParameterValue): ParameterValue {
  if (typeof standard === 'boolean') return value === true || /^(true|on|1)$/i.test(String(value));
  return typeof standard === 'number' ? Number(value) : String(value);
}
