import { TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../components/button.tsx';
import { useAsk } from '../query/use-question.ts';

/** What this start had to do without: a damaged file that was set aside, by its new name. */
export function StartNotes() {
  const { data } = useAsk('startNotes', undefined);
  const [read, setRead] = useState(false);
  if (data === undefined || data.length === 0 || read) return null;
  return (
    <aside className="failure-banner" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span>{data.join(' ')}</span>
      <span className="spacer" />
      <IconButton label="Dismiss" onPress={() => setRead(true)}>
        <X size={15} aria-hidden />
      </IconButton>
    </aside>
  );
}
