import { useEffect, useRef, useState } from 'react';

const quietMs = 10_000;

/** Reads changing text to screen readers, at most every ten seconds: a live dashboard must not talk all the time. */
export function LiveRegion({ text }: { text: string }) {
  const [spoken, setSpoken] = useState('');
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), quietMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <output className="visually-hidden" aria-live="polite">
      {spoken}
    </output>
  );
}
