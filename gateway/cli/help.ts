/** `--help`. */
import { exitCodes } from '../../contract/gateway-api.ts';
import type { Command } from './context.ts';

const options = `Options of serve
  --host ADDRESS          Address to listen on (127.0.0.1 and ::1); others need --tls-cert and --tls-key
  --port N                Port (8787); 0 takes any free one
  --allow-host NAME       A further name clients may use in the Host header; may be repeated. NAME:PORT behind a
                          reverse proxy or a forwarded port, for example aism.example:443
  --data-dir DIR          Where everything is kept
  --upstream NAME=URL     Add or replace an upstream, NAME:PROVIDER=URL to say its format; may be repeated
  --config FILE           Settings file (JSON)
  --log-level LEVEL       trace, debug, info, warn, error, silent
  --tls-cert FILE         Certificate (PEM)
  --tls-key FILE          Its private key (PEM)
  --journal-sync MODE     FULL (survives power loss) or NORMAL
  --journal-cap-mb N      Size the journal may reach
  --keep-days N           Days of rows kept to rebuild the database from
  --local-days N          Remove calls older than this from this machine; without it they stay
  --snowflake-days N      Remove calls older than this from Snowflake; without it they stay
  --snowflake-interval-minutes N  How long calls wait at most before they go to Snowflake (15; 1 to 60)
  --no-stream-usage       Do not ask OpenAI for the usage of streamed answers
  --drain-ms N            Read an answer on for N ms after its client left, to learn its usage (0 = off; up to 60000)
  --user-ids POLICY       How user names of calls are kept: plain, hashed (keyed by this installation) or none
  --ui-dir DIR            Built dashboard files
  --demo                  Start sample traffic at once
  --parent-pipe           Stop when stdin closes; its lines configure Snowflake (used by the desktop app)

Options of export
  --out FILE.csv          Where to write; "-" is stdout
  --from TIME --to TIME   ISO 8601 times or dates (a date is its midnight in UTC)
  --range RANGE           Instead of from and to: 15m, 1h, 6h, 24h, 7d, 30d, 90d, today, month
  --question NAME         calls (default), usage, models, endpoints, users, sessions, keys, errors, unmetered,
                          limits
  --filter NAME=VALUE     Like model=gpt-5 or tag.team=search; may be repeated
  --tz ZONE               Zone of the times written (UTC)
  --bom                   Begin with a byte order mark, for Excel

Options of reprice
  --from TIME --to TIME   ISO 8601 times or dates (a date is its midnight in UTC); without --to, until now
  --engine ENGINE         duckdb (this machine; the default), snowflake (calls of this installation) or both
  --dry-run               Change nothing; say how many calls would change and what they would cost
  --json                  A JSON array, one object an engine, instead of a table

Options of setup api_usage
  --dry-run               Print the statements and change nothing

Options of doctor
  --json                  One JSON object instead of a table

Snowflake is used when SNOWFLAKE_ACCOUNT is set, with _USER, _WAREHOUSE, _DATABASE, _SCHEMA, optionally _ROLE, and one of
_PRIVATE_KEY_PATH (with _PRIVATE_KEY_PASSPHRASE), _TOKEN, _OAUTH_CLIENT_ID with _OAUTH_CLIENT_SECRET and _OAUTH_TOKEN_URL, _PASSWORD.`;

export function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`).join('\n');
  return `AI Studio Monitor gateway: a local proxy that meters calls to AI APIs.

Usage: npm run gateway -- [COMMAND] [OPTIONS]

Commands
${list}

${options}

Every option can be an environment variable (AISM_PORT, AISM_DATA_DIR, AISM_UPSTREAM_NAME, …), a line in .env or a
field of the settings file; stronger first: command line, environment, .env, settings file.

Exit codes: ${exitCodes.ok} done, ${exitCodes.failed} failed, ${exitCodes.badUsage} bad option or value, ${exitCodes.heldOrUnusable} port or data directory taken or unusable.`;
}
