/** Keeps a fault of one part of the window to that part. What was thrown is reported by the root (page-errors.ts), not here. */
import { Component, type ComponentType, type ReactNode } from 'react';

export interface Fault {
  readonly error: Error;
  readonly retry: () => void;
}

export interface ErrorBoundaryProps {
  readonly fallback: ComponentType<Fault>;
  /** Another value, such as a newer answer, is a reason to try again. */
  readonly resetKey?: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

/** A class because React offers no other way to catch what rendering throws. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidUpdate(before: ErrorBoundaryProps): void {
    if (this.state.error !== null && before.resetKey !== this.props.resetKey) this.#retry();
  }

  readonly #retry = (): void => this.setState({ error: null });

  override render(): ReactNode {
    const { error } = this.state;
    const { children, fallback: Fallback } = this.props;
    return error === null ? children : <Fallback error={error} retry={this.#retry} />;
  }
}
