/** Where the host keeps secrets, in words. Pure. */
import type { SnowflakeState } from '../../../../contract/snowflake.ts';

export function keptWords({ secretsKept, keptNote, configuredBy }: SnowflakeState): string {
  if (secretsKept === 'keychain') return 'stored in the keychain';
  if (secretsKept === 'memory') return `kept in memory only${keptNote === null ? '' : `: ${keptNote}`}`;
  return configuredBy === 'environment' ? 'known from the environment of the gateway' : 'known';
}
