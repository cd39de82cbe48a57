import { Table2 } from 'lucide-react';
import { Button } from '../../../components/button.tsx';

/** @param ready the settings are saved as they stand: tables are set up with the saved ones. */
export function TablesPanel({ ready, onSetup }: { ready: boolean; onSetup: () => void }) {
  return (
    <section className="panel aside-panel" aria-label="Tables">
      <h2>Tables</h2>
      <p className="fine">
        {ready
          ? 'Shows the SQL for the tables and the load procedure first, and the rights they need. Nothing runs before you say so.'
          : 'Save first: tables are set up with the saved settings.'}
      </p>
      <Button isDisabled={!ready} onPress={onSetup}>
        <Table2 size={14} aria-hidden />
        Set up tables…
      </Button>
    </section>
  );
}
