/**
 * What stands where a part of the window could not be drawn. Plain elements only: whatever broke the part must not break its replacement.
 */
import type { ReactNode } from 'react';
import { ErrorBoundary, type Fault } from './error-boundary.tsx';

export interface GuardedProps {
  readonly children: ReactNode;
  readonly resetKey?: unknown;
}

/** A whole screen, or a page of the settings. */
export const GuardedScreen = ({ children }: GuardedProps) => (
  <ErrorBoundary fallback={ScreenFault}>{children}</ErrorBoundary>
);

/** One panel of a screen; a newer answer is tried by itself. */
export const GuardedPanel = ({ children, resetKey }: GuardedProps) => (
  <ErrorBoundary fallback={PanelFault} resetKey={resetKey}>
    {children}
  </ErrorBoundary>
);

/** A bar or a dialog, without which the rest of the window still makes sense. */
export const GuardedPart = ({ children, resetKey }: GuardedProps) => (
  <ErrorBoundary fallback={PartFault} resetKey={resetKey}>
    {children}
  </ErrorBoundary>
);

/** The last boundary, around everything. */
export const GuardedWindow = ({ children }: GuardedProps) => (
  <ErrorBoundary fallback={WindowFault}>{children}</ErrorBoundary>
);

const ScreenFault = (fault: Fault) => <FaultPage {...fault} title="This screen could not be shown" />;
const WindowFault = (fault: Fault) => <FaultPage {...fault} title="The window ran into an error" />;
const PartFault = () => <p className="part-fault">This part could not be shown.</p>;

function FaultPage({ error, retry, title }: Fault & { readonly title: string }) {
  return (
    <section className="empty-screen fault" role="alert">
      <h2>{title}</h2>
      <p>Your calls are still recorded: the gateway runs on its own. Try again or reload the window.</p>
      <FaultActions retry={retry} />
      <details>
        <summary>Details</summary>
        <pre>{detailsOf(error)}</pre>
      </details>
    </section>
  );
}

function PanelFault({ error, retry }: Fault) {
  return (
    <div className="panel-error" role="alert">
      <p>This panel could not be shown.</p>
      <p className="fine">{error.message}</p>
      <FaultActions retry={retry} />
    </div>
  );
}

function FaultActions({ retry }: Pick<Fault, 'retry'>) {
  return (
    <div className="row">
      <button type="button" className="button plain small" onClick={retry}>
        Try again
      </button>
      <button type="button" className="button quiet small" onClick={() => window.location.reload()}>
        Reload window
      </button>
    </div>
  );
}

const detailsOf = (error: Error): string => error.stack ?? `${error.name}: ${error.message}`;
