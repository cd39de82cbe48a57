/** How the forecast is made, in words. Pure. */
import { formatCost } from '../../format/cost.ts';
import { fewestDays, type Forecast } from './forecast.ts';

/** Under the value: the method with its numbers. */
export function forecastDetail(forecast: Forecast): string {
  if (forecast.kind === 'not-enough') return 'not enough data';
  return `so far + ${formatCost(forecast.perDayUsd)} a day`;
}

/** The line below: how many days it rests on. */
export function forecastBasis({ kind, days }: Forecast): string {
  if (kind === 'not-enough') return `needs ${fewestDays} full days, ${days === 0 ? 'none' : days} seen`;
  return `mean of the last ${days} full days`;
}

/** On hover, in full. */
export function forecastMethod(forecast: Forecast, unpricedCalls: number): string {
  if (forecast.kind === 'not-enough')
    return `A forecast needs ${fewestDays} full days since the first call; ${forecast.days} of the last 30 days count.`;
  const { days } = forecast;
  const atLeast = unpricedCalls > 0 ? ' At least, because some calls have no price.' : '';
  return `Linear: the cost of this month so far, plus the mean of the last ${days} full days for each day that is left.${atLeast}`;
}
