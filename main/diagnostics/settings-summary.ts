/** The settings as facts about them: what is set and how, never whose. Pure. */
import type { Settings } from '../settings.ts';

const setOrNot = (value: string | null): string | null => (value === null || value === '' ? null : '[set]');

export function settingsSummary({ ui, snowflake, gateway, report, toldAlerts, ...plain }: Settings): object {
  const { savedFilters, ...look } = ui;
  return {
    ...plain,
    gateway,
    ui: { ...look, savedFilters: savedFilters.length },
    report: { ...report.schedule, folder: setOrNot(report.schedule.folder) },
    toldAlerts: toldAlerts.length,
    snowflake: snowflake === null ? null : snowflakeSummary(snowflake),
  };
}

/** Which account it is says who the customer is. */
function snowflakeSummary({ profile, delivery }: NonNullable<Settings['snowflake']>): object {
  const { authenticator, disableOcspChecks, user, role, accessUrl, oauth } = profile;
  return {
    authenticator,
    disableOcspChecks,
    account: '[set]',
    user: setOrNot(user),
    role: setOrNot(role),
    accessUrl: setOrNot(accessUrl),
    oauth: oauth === null ? null : '[set]',
    delivery,
  };
}
