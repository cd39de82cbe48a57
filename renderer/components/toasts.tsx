import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useShell } from '../shell/services.tsx';

/** Short confirmations. The list is a status region, so each message is read out once without moving the focus. */
export function Toasts() {
  const toasts = useShell((state) => state.toasts);
  return (
    <output className="toasts" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          {toast.tone === 'good' ? <CircleCheck size={16} aria-hidden /> : <TriangleAlert size={16} aria-hidden />}
          {toast.text}
        </div>
      ))}
    </output>
  );
}
