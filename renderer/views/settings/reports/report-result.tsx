import { FileText, TriangleAlert } from 'lucide-react';
import type { ReportState } from '../../../../contract/reports.ts';
import { Button } from '../../../components/button.tsx';
import { useNow } from '../../../components/use-now.ts';
import { fileNameOf } from '../../../reports/export-words.ts';
import { useServices, useZone } from '../../../shell/services.tsx';
import { Fact, SettingsGroup } from '../setting.tsx';
import { lastWords, nextWords } from './schedule-words.ts';
import type { Reports } from './use-reports.ts';

/** When the next report comes, what came of the last one, and a way to have it now. */
export function ReportResult({ state, reports }: { state: ReportState; reports: Reports }) {
  const tz = useZone();
  const nowMs = useNow(10_000);
  const hasFolder = state.schedule.folder !== null;
  return (
    <SettingsGroup title="Reports made">
      <Fact name="Next">{nextWords(state, nowMs, tz)}</Fact>
      <Fact name="Last">{lastWords(state, tz)}</Fact>
      {state.lastError === null ? null : (
        <p className="callout warn" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span>The report was not made: {state.lastError} It is tried again every hour.</span>
        </p>
      )}
      <Files paths={state.lastFiles} />
      <div className="row">
        <Button isDisabled={!hasFolder || reports.running} onPress={() => reports.runNow()}>
          <FileText size={14} aria-hidden />
          {reports.running ? 'Making…' : 'Make the last report now'}
        </Button>
        {hasFolder ? null : <span className="fine">Choose a folder and save first.</span>}
      </div>
    </SettingsGroup>
  );
}

function Files({ paths }: { paths: readonly string[] }) {
  const { exports } = useServices();
  if (paths.length === 0) return null;
  return (
    <ul className="report-files" aria-label="Files of the last report">
      {paths.map((path) => (
        <li key={path}>
          <span className="mono ellipsis" title={path}>
            {fileNameOf(path)}
          </span>
          <Button
            size="small"
            look="quiet"
            aria-label={`Show ${fileNameOf(path)} in its folder`}
            onPress={() => void exports.reveal(path)}
          >
            Show in folder
          </Button>
        </li>
      ))}
    </ul>
  );
}
