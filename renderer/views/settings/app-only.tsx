import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { useAsk } from '../../query/use-question.ts';

/** A plain word beside a form: a reason, a consequence. */
export function Note({ warn = false, children }: { readonly warn?: boolean; readonly children: ReactNode }) {
  return (
    <p className={warn ? 'callout warn' : 'callout'}>
      <Info size={14} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

export interface AppOnlyProps {
  readonly where: string; // for the details of an error
  /** What a browser reads instead. */
  readonly note: string;
  readonly children: ReactNode;
}

/** What only the desktop app can set; a browser is told where it is set. */
export function AppOnly({ where, note, children }: AppOnlyProps) {
  const host = useAsk('hostInfo', undefined);
  if (host.data !== undefined) return host.data.kind === 'electron' ? children : <Note>{note}</Note>;
  return host.error === null ? (
    <Skeleton />
  ) : (
    <PanelError error={host.error} where={where} retry={() => void host.refetch()} />
  );
}
