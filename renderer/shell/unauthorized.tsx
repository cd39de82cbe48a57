import { KeyRound } from 'lucide-react';

/** A browser without a session: only the gateway's own link opens one, so there is nothing to type here. */
export function Unauthorized() {
  return (
    <main className="empty-screen unauthorized">
      <KeyRound size={28} aria-hidden />
      <h2>Open the dashboard link again</h2>
      <p>
        This page has no session, or its session has ended. The gateway prints a one-time dashboard link when it starts;
        open that link in this browser and the dashboard appears.
      </p>
    </main>
  );
}
