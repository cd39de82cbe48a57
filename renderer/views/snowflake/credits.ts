/**
 * What delivering costs. A warehouse is billed by the second with a minimum of 60 s each time it wakes, and an X-Small takes one credit an
 * hour (https://docs.snowflake.com/user-guide/warehouses-overview). With AUTO_SUSPEND = 60 a delivery keeps it awake for its own work and
 * a minute more. Pure.
 */

const hoursADay = 24;
const minutesADay = hoursADay * 60;
/** The batch itself and the minute until the warehouse sleeps again. */
const awakeSecondsPerDelivery = 67.5;

/** Credits a day when something waits at every interval; never more than a warehouse that does not sleep. */
export function creditsPerDay(intervalMinutes: number): number {
  const deliveries = minutesADay / intervalMinutes;
  return Math.min(hoursADay, (deliveries * awakeSecondsPerDelivery) / 3600);
}

/** "about 1.8 credits a day": two digits, because it is an estimate. */
export function creditsWords(credits: number): string {
  return `about ${credits >= 10 ? Math.round(credits) : Number(credits.toPrecision(2))} credits a day`;
}

export const creditsFootnote =
  'For an X-Small warehouse of its own with AUTO_SUSPEND = 60, when calls wait at every interval. A warehouse that runs anyway costs nothing more.';
