import { Sheet } from '../components/sheet.tsx';
import { useAsk } from '../query/use-question.ts';
import { screens } from './screens.ts';
import { useActions, useShell } from './services.tsx';
import { commandCap, keyCap, type Shortcut } from './shortcuts.ts';

/** Exactly the shortcuts that work on the screen behind the sheet. */
export function ShortcutSheet({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  const { openSheet } = useActions();
  const screen = useShell((state) => state.screen);
  const label = screens.find(({ id }) => id === screen)?.label ?? '';
  return (
    <Sheet title="Keyboard shortcuts" side="centre" onClose={() => openSheet(null)}>
      <ShortcutList title="Everywhere" shortcuts={shortcuts.filter(({ scope }) => scope === 'everywhere')} />
      <ShortcutList title={label} shortcuts={shortcuts.filter(({ scope }) => scope === screen)} />
      <p className="fine">Single keys rest while you type in a field.</p>
    </Sheet>
  );
}

function ShortcutList({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  const host = useAsk('hostInfo', undefined);
  if (shortcuts.length === 0) return null;
  return (
    <section className="shortcut-list">
      <h3>{title}</h3>
      <dl>
        {shortcuts.map(({ keys, label, command }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {command === true ? (
                <>
                  <kbd>{commandCap(host.data?.platform)}</kbd> +{' '}
                </>
              ) : null}
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 ? <span className="fine"> then </span> : null}
                  <kbd>{keyCap(key)}</kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
