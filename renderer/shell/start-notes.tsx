import { TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../components/button.tsx';
import { zoneIsMissing } from '../format/time.ts';
import { useAsk } from '../query/use-question.ts';
import { useShell } from './services.tsx';

const noZone =
  'The time zone of this computer is unknown, so times are shown in UTC. Set one in the system settings and start the app again.';

/** What this start had to do without: a damaged file that was set aside, by its new name, or a time zone. */
export function StartNotes() {
  const { data = [] } = useAsk('startNotes', undefined);
  const utc = useShell((state) => state.settings.utc);
  const [read, setRead] = useState(false);
  const notes = zoneIsMissing(utc) ? [...data, noZone] : data;
  if (notes.length === 0 || read) return null;
  return (
    <aside className="failure-banner" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span>{notes.join(' ')}</span>
      <span className="spacer" />
      <IconButton label="Dismiss" onPress={() => setRead(true)}>
        <X size={15} aria-hidden />
      </IconButton>
    </aside>
  );
}
