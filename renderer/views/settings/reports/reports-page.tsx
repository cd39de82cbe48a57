import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { SettingsGroup } from '../setting.tsx';
import { ReportResult } from './report-result.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { useReports } from './use-reports.ts';

export function ReportsPage() {
  const { data: host } = useAsk('hostInfo', undefined);
  if (host === undefined) return <Skeleton />;
  return host.kind === 'browser' ? <OnlyInTheApp /> : <ReportsHere />;
}

function OnlyInTheApp() {
  return (
    <SettingsGroup title="Scheduled report">
      <p>
        Scheduled reports need the desktop app: a browser cannot write files by itself. Every table can be saved as CSV
        here, and the Overview as a summary to print.
      </p>
    </SettingsGroup>
  );
}

function ReportsHere() {
  const reports = useReports();
  const { query } = reports;
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where="Reports" retry={() => void query.refetch()} />
    );
  }
  return (
    <div className="form-body">
      <ScheduleForm key={JSON.stringify(query.data.schedule)} saved={query.data.schedule} reports={reports} />
      <ReportResult state={query.data} reports={reports} />
    </div>
  );
}
