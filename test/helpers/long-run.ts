/** Whether this is `npm run test:long`: campaigns and fuzz tests then run at their full length. */
export const isLongRun = process.env['AISM_LONG'] === '1';

/** `short` in `npm test`, `long` in `npm run test:long`. */
export const inLongRun = <T>(long: T, short: T): T => (isLongRun ? long : short);
