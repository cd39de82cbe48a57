import { Confirm } from '../components/confirm.tsx';
import { useActions, useShell } from './services.tsx';

/** Going elsewhere would lose what was typed: the person decides. */
export function LeaveDialog() {
  const { leaveUnsaved } = useActions();
  const leaving = useShell((state) => state.leavingTo !== null);
  const unsaved = useShell((state) => state.unsaved);
  if (!leaving) return null;
  return (
    <Confirm
      title="Leave without saving?"
      confirm="Leave without saving"
      cancel="Stay here"
      onConfirm={() => leaveUnsaved(true)}
      onCancel={() => leaveUnsaved(false)}
    >
      <p>Not saved yet: {unsaved.join(', ')}. Leaving this page forgets what was changed.</p>
    </Confirm>
  );
}
