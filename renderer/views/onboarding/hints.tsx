import { useShell } from '../../shell/services.tsx';

/** What is most often wrong when nothing arrives, likeliest first. */
export function Hints() {
  const url = useShell((state) => state.status?.url ?? null);
  return (
    <section className="first-hints" aria-label="Nothing arrived yet">
      <h3>Nothing arrived yet. Look at these:</h3>
      <ul>
        <li>
          <strong>Base URL.</strong> It has to begin with <code>{url ?? 'the address of step 1'}</code>, and the program
          has to be started again after the change.
        </li>
        <li>
          <strong>Key.</strong> Without one some SDKs fail before they send anything: look at the program’s own output.
        </li>
        <li>
          <strong>Proxy.</strong> With <code>HTTP_PROXY</code> or <code>HTTPS_PROXY</code> set, add{' '}
          <code>NO_PROXY=127.0.0.1,localhost</code>.
        </li>
        <li>
          <strong>Another machine or container.</strong> The gateway answers only programs on this machine; inside a
          container <code>127.0.0.1</code> is the container itself.
        </li>
      </ul>
    </section>
  );
}
