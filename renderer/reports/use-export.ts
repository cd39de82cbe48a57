/** Exporting what a screen shows, with its progress told in one place whatever screen is open. */
import { useMemo } from 'react';
import type { ListQuestion } from '../../contract/reports.ts';
import { useServices } from '../shell/services.tsx';
import { frozenQuery, type Query } from './frozen-query.ts';

export interface Export {
  /** A list exactly as the query filters it, whole: limit and cursor are left out, the period is the one of this moment. */
  exportList(question: ListQuestion, query: Query): Promise<void>;
  /** The printable summary of the query's period, source and filters. */
  saveSummary(query: Query): Promise<void>;
}

export function useExport(): Export {
  const { exports, live } = useServices();
  return useMemo(() => {
    // What is paused stands still on screen, so it is exported as it stands.
    const frozen = (query: Query): Query => frozenQuery(query, live.getState().pause?.atMs ?? Date.now());
    return {
      exportList: (question, { limit: _page, cursor: _place, ...query }) => exports.exportList(question, frozen(query)),
      saveSummary: (query) => exports.saveSummary(frozen(query)),
    };
  }, [exports, live]);
}
