/** What needs an operating system around it: a browser has downloads and a print dialog, and refuses the rest in plain words. */
import type { appSettingAsks } from '../../contract/app-settings.ts';
import type { Answer, Failure } from '../../contract/errors.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import { toSearchParams } from '../../contract/query-string.ts';
import type { reportAsks } from '../../contract/reports.ts';
import { summaryHash } from '../../contract/summary-address.ts';

type DesktopAsk = keyof typeof appSettingAsks | keyof typeof reportAsks;
type DesktopHandlers = { readonly [K in DesktopAsk & AskName]: (input: AskInput<K>) => Promise<Answer<AskOutput<K>>> };

export interface DownloadHost {
  readonly download: (path: string) => void;
  /** Opens the page of that address, which prints itself when it is drawn. */
  readonly openPage: (hash: string) => void;
}

export function desktopHandlers({ download, openPage }: DownloadHost): DesktopHandlers {
  return {
    exportCsv: ({ question, query }) => {
      download(`/api/analytics/${question}?${toSearchParams({ ...query, format: 'csv', bom: true })}`);
      return Promise.resolve({ ok: true, value: { saved: 'download', path: null, rows: null } });
    },
    saveSummary: ({ query }) => {
      openPage(summaryHash(query, true));
      return Promise.resolve({ ok: true, value: { saved: 'printed', path: null, rows: null } });
    },
    cancelExport: () => notHere('The browser shows its downloads and cancels them'),
    revealFile: () => notHere('The browser shows its downloads'),
    reportState: () => notHere(inTheApp('Scheduled reports')),
    saveReport: () => notHere(inTheApp('Scheduled reports')),
    runReport: () => notHere(inTheApp('Scheduled reports')),
    chooseFolder: () => notHere(inTheApp('Folders')),
    gatewaySettings: () => notHere(atTheGateway),
    saveGatewaySettings: () => notHere(atTheGateway),
    freePort: () => notHere(atTheGateway),
    openDashboard: () => notHere('This is the dashboard'),
    openDataFolder: () => notHere(inTheApp('Folders')),
    startNotes: () => Promise.resolve({ ok: true, value: [] }),
    reportPageError: () => Promise.resolve({ ok: true, value: undefined }), // its console has it
    testUpstream: () => notHere(atTheGateway),
    updateState: () => notHere(inTheApp('Updates')),
    saveUpdateMode: () => notHere(inTheApp('Updates')),
    checkForUpdate: () => notHere(inTheApp('Updates')),
    installUpdate: () => notHere(inTheApp('Updates')),
    loginItem: () => notHere(inTheApp('Starting at login')),
    saveLoginItem: () => notHere(inTheApp('Starting at login')),
    diagnostics: () => notHere(inTheApp('Diagnostics')),
    saveDiagnostics: () => notHere(inTheApp('Diagnostics')),
  };
}

const inTheApp = (what: string): string => `${what}: only in the desktop app`;
const atTheGateway = 'Set where this gateway is started: its flags and AISM_* variables (npm run gateway -- --help)';

function notHere(message: string): Promise<Failure> {
  return Promise.resolve({ ok: false, code: 'not_supported_here', message });
}
