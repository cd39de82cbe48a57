/** What delivering costs, in words; the estimate itself is {@link creditsPerDay} of the contract. Pure. */

/** "about 1.8 credits a day": two digits, because it is an estimate. */
export function creditsWords(credits: number): string {
  return `about ${credits >= 10 ? Math.round(credits) : Number(credits.toPrecision(2))} credits a day`;
}

export const creditsFootnote =
  'For an X-Small warehouse of its own with AUTO_SUSPEND = 60, when calls wait at every interval. A warehouse that runs anyway costs nothing more.';
