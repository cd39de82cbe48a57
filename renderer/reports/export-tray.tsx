import { CircleCheck, FolderOpen, LoaderCircle, TriangleAlert, X } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/button.tsx';
import { useServices } from '../shell/services.tsx';
import type { ExportJob } from './export-store.ts';
import { amount, headline } from './export-words.ts';

/** One line a file: how far it is and how to stop it, then where it is. It stays until it is dismissed, since it has things to do. */
export function ExportTray() {
  const jobs = useStore(useServices().exports.store);
  const shown = jobs.filter(({ phase }) => phase !== 'choosing');
  return (
    <>
      {shown.length === 0 ? null : (
        <section className="export-tray" aria-label="Exports">
          {shown.map((job) => (
            <ExportLine key={job.id} job={job} />
          ))}
        </section>
      )}
      <output className="visually-hidden" aria-live="polite">
        {shown.map(headline).join('. ')}
      </output>
    </>
  );
}

function ExportLine({ job }: { job: ExportJob }) {
  const counted = amount(job);
  return (
    <div className={`export-line ${job.phase}`} data-export={job.phase}>
      <PhaseIcon phase={job.phase} />
      <p className="export-words" title={job.path ?? undefined}>
        <span className="export-headline">{headline(job)}</span>
        {counted === '' ? null : <span className="fine num">{counted}</span>}
      </p>
      <LineActions job={job} />
    </div>
  );
}

function PhaseIcon({ phase }: { phase: ExportJob['phase'] }) {
  if (phase === 'saved') return <CircleCheck size={16} aria-hidden />;
  if (phase === 'failed') return <TriangleAlert size={16} aria-hidden />;
  return <LoaderCircle size={16} className="turning" aria-hidden />;
}

function LineActions({ job: { id, phase, path } }: { job: ExportJob }) {
  const { exports } = useServices();
  if (phase === 'writing')
    return (
      <Button size="small" onPress={() => exports.cancel(id)}>
        Cancel
      </Button>
    );
  return (
    <>
      {phase === 'saved' && path !== null ? (
        <Button size="small" onPress={() => void exports.reveal(path)}>
          <FolderOpen size={13} aria-hidden />
          Show in folder
        </Button>
      ) : null}
      <IconButton label="Dismiss" onPress={() => exports.dismiss(id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </>
  );
}
