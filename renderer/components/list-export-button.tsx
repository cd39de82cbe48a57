import { Download } from 'lucide-react';
import type { ListQuestion } from '../../contract/reports.ts';
import { useExport } from '../reports/use-export.ts';
import { IconButton } from './button.tsx';

export interface ListExportButtonProps {
  readonly question: ListQuestion;
  /** What is saved, for the name of the button: "the models". */
  readonly what: string;
  /** Period, source and filters as they are on screen when it is pressed. */
  readonly query: () => Readonly<Record<string, unknown>>;
}

/** Saves what a panel lists as CSV: whole, and exactly as it is filtered. */
export function ListExportButton({ question, what, query }: ListExportButtonProps) {
  const { exportList } = useExport();
  return (
    <IconButton label={`Export ${what} as CSV`} onPress={() => void exportList(question, query())}>
      <Download size={15} aria-hidden />
    </IconButton>
  );
}
