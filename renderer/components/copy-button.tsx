import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useActions } from '../shell/services.tsx';
import { Button, IconButton } from './button.tsx';

const confirmedMs = 1600;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the confirmation: "Base URL". */
  readonly what: string;
  readonly withLabel?: boolean;
}

/** Copies and confirms: the icon turns into a check and the message is announced. */
export function CopyButton({ text, what, withLabel = false }: CopyButtonProps) {
  const { copy } = useActions();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const press = (): void => {
    void copy(text, what);
    setCopied(true);
  };
  const icon = copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />;
  if (!withLabel) {
    return (
      <IconButton label={`Copy ${what}`} onPress={press}>
        {icon}
      </IconButton>
    );
  }
  return (
    <Button size="small" onPress={press}>
      {icon}
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}
