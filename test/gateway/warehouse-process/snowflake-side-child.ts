/** Configures Snowflake in an installation whose Snowflake folder does not load; what it says goes to the parent. */
import { registerHooks } from 'node:module';
import { SnowflakeSide } from '../../../gateway/warehouse-process/snowflake-side.ts';
import { snowflakeForm } from '../../main/snowflake-form-example.ts';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.endsWith('/snowflake-parts.ts')) throw new Error('its folder is missing');
    return next(specifier, context);
  },
});

const side = new SnowflakeSide('');
side.configure(7, { ...snowflakeForm({ password: 'example' }), installId: '7d4fd1a4-5f7e-4f4e-9a5b-6d0f3c1d2e3f' });
side.inUse().then(
  () => process.send?.({ kind: 'used' }),
  (error: unknown) => process.send?.({ kind: 'refused', error: error instanceof Error ? error.message : '' }),
);
