import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useActions } from '../shell/services.tsx';
import { Button } from './button.tsx';
import { GuardedPanel } from './fault.tsx';
import { errorDetails, panelFace, snowflakeFix, type PanelFace, type PanelQuery } from './panel-state.ts';

export interface PanelProps<T> {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly query: PanelQuery<T> & { readonly refetch: () => unknown };
  readonly isEmpty: (data: T) => boolean;
  readonly empty: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A titled box around one answer, with the four faces every panel has: loading, failed, empty, data. */
export function Panel<T>({ title, note, actions, className = '', query, isEmpty, empty, children }: PanelProps<T>) {
  const face = panelFace(query, isEmpty);
  const outdated = face.kind === 'data' && face.note === 'outdated';
  return (
    <section className={`panel ${className}`} aria-label={title} data-face={face.kind}>
      <header className="panel-head">
        <h2>{title}</h2>
        {note === undefined ? null : <span className="panel-note">{note}</span>}
        {outdated ? <span className="panel-outdated">could not refresh</span> : null}
        <span className="spacer" />
        {actions}
      </header>
      {face.kind === 'data' && face.note === 'reloading' ? <div className="progress" role="presentation" /> : null}
      <div className={outdated ? 'panel-body dimmed' : 'panel-body'}>
        <GuardedPanel resetKey={query.data}>
          <PanelContent face={face} title={title} empty={empty} retry={() => void query.refetch()} show={children} />
        </GuardedPanel>
      </div>
    </section>
  );
}

interface PanelContentProps<T> {
  readonly face: PanelFace<T>;
  readonly title: string;
  readonly empty: ReactNode;
  readonly retry: () => void;
  readonly show: (data: T) => ReactNode;
}

function PanelContent<T>({ face, title, empty, retry, show }: PanelContentProps<T>) {
  if (face.kind === 'data') return show(face.data);
  if (face.kind === 'loading') return <Skeleton />;
  if (face.kind === 'failed') return <PanelError error={face.error} where={title} retry={retry} />;
  return <div className="panel-empty">{empty}</div>;
}

/** Bars that appear only after 150 ms (in the style sheet), so a quick first answer never flashes them. */
export function Skeleton() {
  return (
    <div className="skeleton" aria-busy="true">
      <span />
      <span />
      <span />
      <p className="visually-hidden">Loading</p>
    </div>
  );
}

export function PanelError({ error, where, retry }: { error: Error; where: string; retry: () => void }) {
  const { copy, go } = useActions();
  const fix = snowflakeFix(error);
  return (
    <div className="panel-error" role="alert">
      <TriangleAlert size={18} aria-hidden />
      <p>{error.message}</p>
      {fix === null ? null : <p className="fine">{fix}</p>}
      <div className="row">
        {fix === null ? null : (
          <Button size="small" onPress={() => go('settings', 'snowflake')}>
            Snowflake settings
          </Button>
        )}
        <Button size="small" onPress={retry}>
          <RotateCw size={13} aria-hidden />
          Retry
        </Button>
        <Button size="small" look="quiet" onPress={() => void copy(errorDetails(error, where), 'Details')}>
          Copy details
        </Button>
      </div>
    </div>
  );
}
