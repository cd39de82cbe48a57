import { CirclePause } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { pausedWords, usePausedRecording, useRecordingSwitch } from './recording.ts';
import { useZone } from './services.tsx';

/** On every screen while nothing is recorded: numbers that stand still would else look like quiet traffic. */
export function RecordingBanner() {
  const recording = usePausedRecording();
  const setRecording = useRecordingSwitch();
  const tz = useZone();
  if (recording === null) return null;
  return (
    <aside className="recording-banner" aria-label="Recording paused">
      <CirclePause size={16} aria-hidden />
      <span className="num">{pausedWords(recording, tz)}</span>
      <span className="spacer" />
      <Button size="small" onPress={() => setRecording(false)}>
        Resume
      </Button>
    </aside>
  );
}
